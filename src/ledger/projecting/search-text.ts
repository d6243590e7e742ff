/**
 * Substring search for text without spaces between words (Chinese). The index holds every pair of neighbouring characters, so a
 * word's pairs narrow the rows down and the stored text decides. Letters and digits count; marks and spaces are left out of the pairs.
 */

import { storable } from './row-table';

/** The form in which text is stored and compared: full-width and other compatibility forms unified, lower case. */
export const normalised = (text: string): string => storable(text.normalize('NFKC').toLowerCase());

/** The words of a query in normal form. */
export const wordsOf = (query: string): string[] => normalised(query).split(/\s+/u).filter(Boolean);

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** The same for every character of one UTF-16 unit, so that building an index does not run the expression for each. */
const isIndexed = Uint8Array.from({ length: 0x10000 }, (_, unit) =>
  Number(LETTER_OR_DIGIT.test(String.fromCharCode(unit))),
);

/** Every indexed character with the one after it; the last one alone. */
function pairsOf(text: string): Set<string> {
  const pairs = new Set<string>();
  let before = '';
  for (let i = 0; i < text.length; i++) {
    let character = text[i];
    const code = text.codePointAt(i) ?? 0;
    if (code > 0xffff) character = text.slice(i, ++i + 1);
    if (code > 0xffff ? !LETTER_OR_DIGIT.test(character) : isIndexed[code] === 0) continue;
    if (before) pairs.add(before + character);
    before = character;
  }
  return before ? pairs.add(before) : pairs;
}

/** What the index holds of a normalised text: its pairs, and the last character alone so that every character begins an entry. */
export const indexEntries = (text: string): ReadonlySet<string> => pairsOf(text);

/** FTS5 expression that every text with this word fulfils; undefined when the word has nothing that is indexed. */
export function matchExpression(word: string): string | undefined {
  const pairs = [...pairsOf(word)];
  if (pairs.length < 2) return pairs.map((character) => `"${character}"*`)[0];
  return pairsOfWord(pairs)
    .map((pair) => `"${pair}"`)
    .join(' ');
}

/** The last entry is a character alone, which stands alone only where a text ends. */
const pairsOfWord = (entries: readonly string[]): readonly string[] => entries.slice(0, -1);

/** The same for an index of whole entries that has no beginnings: the pairs, and every character alone. */
export function wholeEntries(text: string): string[] {
  const pairs = [...pairsOf(text)];
  return [...new Set([...pairs, ...pairs.flatMap((pair) => [...pair])])];
}

/** What the whole entries of every text with this word contain; empty when the word has nothing that is indexed. */
export function wantedEntries(word: string): readonly string[] {
  const pairs = [...pairsOf(word)];
  return pairs.length < 2 ? pairs : pairsOfWord(pairs);
}
