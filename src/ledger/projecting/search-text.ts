/**
 * Substring search for text without spaces between words (Chinese). The index holds every pair of neighbouring characters, so a
 * word's pairs narrow the rows down and the stored text decides. Letters and digits count; marks and spaces are left out of the pairs.
 */

/** The form in which text is stored and compared: full-width and other compatibility forms unified, lower case. */
export const normalised = (text: string): string => text.normalize('NFKC').toLowerCase();

/** The words of a query in normal form. */
export const wordsOf = (query: string): string[] => normalised(query).split(/\s+/u).filter(Boolean);

const NOT_INDEXED = /[^\p{L}\p{N}]+/gu;

function pairsOf(text: string): string[] {
  const characters = Array.from(text.replace(NOT_INDEXED, ''));
  return characters.map((character, i) => character + (characters[i + 1] ?? ''));
}

/** What the index holds of a normalised text: its pairs, and the last character alone so that every character begins an entry. */
export const indexEntries = (text: string): string => [...new Set(pairsOf(text))].join(' ');

/** FTS5 expression that every text with this word fulfils; undefined when the word has nothing that is indexed. */
export function matchExpression(word: string): string | undefined {
  const pairs = pairsOf(word);
  if (pairs.length === 0) return undefined;
  if (pairs.length === 1) return `"${pairs[0]}"*`;
  return [...new Set(pairs.slice(0, -1))].map((pair) => `"${pair}"`).join(' ');
}
