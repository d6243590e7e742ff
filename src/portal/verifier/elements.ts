type Child = Node | string | undefined | false;

/** An element with attributes and children; attributes without a value are left out. Texts stay texts. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child): child is Node | string => child !== undefined && child !== false));
  return made;
}

/** Labels and values, as the page shows its own. */
export function fields(rows: ReadonlyArray<readonly [label: string, value: Node | string]>): HTMLElement {
  const list = element('dl', { class: 'fields wide' });
  for (const [label, value] of rows) {
    list.append(element('div', {}, element('dt', {}, label), element('dd', {}, value)));
  }
  return list;
}

/** A table that folds on a narrow screen, as the page's own do. */
export function table(
  caption: string,
  titles: readonly string[],
  rows: ReadonlyArray<ReadonlyArray<Node | string>>,
): HTMLElement {
  const head = element('tr', { role: 'row' });
  for (const title of titles) head.append(element('th', { role: 'columnheader', scope: 'col' }, title));
  const body = element('tbody', { role: 'rowgroup' });
  for (const row of rows) {
    const cells = row.map((cell, i) => element('td', { role: 'cell', 'data-label': titles[i] }, cell));
    body.append(element('tr', { role: 'row' }, ...cells));
  }
  return element(
    'table',
    { role: 'table', class: 'rows folding' },
    element('caption', { class: 'unseen' }, caption),
    element('thead', { role: 'rowgroup' }, head),
    body,
  );
}

/** A part that is opened by a click. */
export function folded(title: string, ...children: readonly Child[]): HTMLElement {
  return element('details', {}, element('summary', {}, title), ...children);
}
