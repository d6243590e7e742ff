/** Edits (insert, delete, replace a character) from one word to another. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

/** Up to three of the names that a mistyped one may have meant, nearest first. */
export function nearestNames(typed: string, names: readonly string[]): string[] {
  const word = typed.slice(0, 64);
  return [...new Set(names)]
    .map((name) => ({ name, edits: distance(word, name) }))
    .filter(({ name, edits }) => edits <= Math.max(2, Math.ceil(name.length / 2)))
    .sort((x, y) => x.edits - y.edits)
    .slice(0, 3)
    .map(({ name }) => name);
}
