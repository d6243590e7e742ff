import type { Bilingual } from '../../kernel/errors';
import type { NoticeContent, ShownField } from './shown-fields';

/** One item in which a page and the record are not the same. Undefined: one of them does not have it. */
export interface Difference {
  readonly label: string;
  readonly shown?: string;
  readonly recorded?: string;
}

/** How a page stands against the record. */
export interface Comparison {
  /** Items of the record that the page shows as they were entered. */
  readonly same: number;
  readonly differences: readonly Difference[];
  /** What else the page says of the notice, by its labels: nothing of the record to compare it with. */
  readonly uncovered: readonly string[];
}

/**
 * Compares what a notice's page shows with what its proven events say: every marked text, by its name, in the page's
 * language; and whether the page leaves anything out. What is shown twice must be the same twice and counts once.
 */
export function comparePage(
  article: Element,
  fields: ReadonlyMap<string, ShownField>,
  notice: NoticeContent,
  lang: keyof Bilingual,
): Comparison {
  const differences: Difference[] = [];
  const same = new Set<string>();
  const seen = new Set<string>();
  for (const element of article.querySelectorAll('[data-proves]')) {
    const mark = element.getAttribute('data-proves') ?? '';
    const field = fields.get(mark);
    const [shown, recorded] = [inLines(element.textContent), field && inLines(field.text[lang])];
    seen.add(mark);
    if (shown === recorded) same.add(mark);
    else differences.push({ label: field?.label[lang] ?? labelBeside(element) ?? mark, shown, recorded });
  }
  for (const [mark, { label, text }] of fields) {
    if (!seen.has(mark)) differences.push({ label: label[lang], recorded: text[lang] });
  }
  for (const link of article.querySelectorAll('[data-proves-link="bodyId"]')) {
    const shown = idIn(link.getAttribute('href'));
    if (notice.bodyId === undefined) continue; // an imported act names its body, not by a number
    if (shown === notice.bodyId) same.add('bodyId');
    else differences.push({ label: labelBeside(link) ?? 'bodyId', shown, recorded: notice.bodyId });
  }
  return { same: same.size, differences, uncovered: uncoveredBy(article) };
}

/** Labels of what the page shows without a mark inside; a body's name is its register's, only its number is the record's. */
function uncoveredBy(article: Element): string[] {
  return [...article.querySelectorAll('.fields dd')]
    .filter((value) => !value.querySelector('[data-proves]'))
    .flatMap((value) => labelBeside(value) ?? []);
}

function labelBeside(element: Element): string | undefined {
  const label = element.closest('dd')?.parentElement?.querySelector('dt')?.textContent;
  return label ?? element.closest('td')?.getAttribute('data-label') ?? undefined;
}

/** `/bodies/<id>` of an address, whole or relative. */
function idIn(address: string | null): string | undefined {
  const [, id] = /\/bodies\/([^/?#]+)/.exec(address ?? '') ?? [];
  try {
    return id && decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** HTML has one way to end a line. */
const inLines = (text: string | null): string => (text ?? '').replace(/\r\n?/g, '\n');
