import { CitedArticle } from '../enforcement/historical/historical-commands';

/** How a profile says citations are to be read. */
export interface CitationRules {
  /** The instrument of a citation that names none, such as 第30條第1項. */
  readonly instrument: string;
  /** Short names and what they stand for: 勞基法 → 勞動基準法. */
  readonly instruments: Readonly<Record<string, string>>;
  /** Words that stand between or after citations and mean nothing, such as 規定 and 及. */
  readonly ignore: readonly string[];
}

const SEPARATORS = /[\s;；、,，。.]+/g;
const INSTRUMENT = /(?:法|條例|条例|規則|规则|辦法|办法|規程|规程|規定|规定|細則|细则|標準|标准|準則|准则)$/;
const NUMBER = '(?:\\d{1,4}|[一二三四五六七八九十百千零〇]{1,7})';
const STEP = `第?${NUMBER}[項项款目]`;
// 勞動基準法第59條第1項第1款, 勞基法第80-1條, 第80條之1, 第三十二条第一款, 勞動基準法30條 (第 forgotten), 第2項 (of the article before).
const CITATION = new RegExp(
  '(?<name>[^\\d;；、,，。.\\s第]*)' +
    `(?:(?:第|(?=\\d))(?<article>${NUMBER}(?:-\\d{1,3})?)(?<unit>[條条])(?:之(?<added>${NUMBER}))?(?<steps>(?:${STEP})*)` +
    `|(?<loneSteps>(?:${STEP})+))`,
  'gu',
);
const STEPS = new RegExp(`第?(${NUMBER})([項项款目])`, 'gu');
/** From the article down: 條、項、款、目 in Taiwan, 条、款、项、目 in the mainland. */
const LEVELS: Readonly<Record<string, readonly string[]>> = { 條: ['項', '款', '目'], 条: ['款', '项', '目'] };

/** The citations of a cell, and what of it is none: the caller refuses a row of which something stays unread. */
export interface Citations {
  readonly articles: CitedArticle[];
  readonly unread: string;
}

/** An article as it is cited, before it is split by the paragraphs that follow it. */
interface Cited {
  readonly instrument: string;
  readonly article: string;
  readonly unit: string;
}

/** The numbers of its steps from the article down; undefined for one that is left out, as in 第9條第9款. */
type Levels = ReadonlyArray<number | undefined>;

/** Reads every citation of a cell, whatever stands between them. A lone 第2項 belongs to the article before it. */
export function readCitations(cell: string, rules: CitationRules): Citations {
  const articles: CitedArticle[] = [];
  let text = cell;
  for (const word of rules.ignore) text = text.replaceAll(word, ' ');
  let unread = '';
  let end = 0;
  let instrument = rules.instrument;
  let last: { cited: Cited; levels: Levels } | undefined;
  for (const found of text.matchAll(CITATION)) {
    const { name, article, unit, added, steps = '', loneSteps } = found.groups ?? {};
    unread += text.slice(end, found.index);
    end = found.index + found[0].length;
    const named = name ? (rules.instruments[name] ?? name) : instrument;
    if (named === rules.instrument || INSTRUMENT.test(named)) instrument = named;
    const number = article && numbered(article) + (added ? `-${numbered(added)}` : '');
    const from = number ? { cited: { instrument, article: number, unit }, levels: [] } : last;
    const down = from && instrument === named ? stepsDown(from.cited, from.levels, loneSteps ?? steps) : [];
    if (!from || down.length === 0) {
      unread += found[0];
      continue;
    }
    articles.push(...down.map((levels) => cited(from.cited, levels)));
    last = { cited: from.cited, levels: down[down.length - 1] };
  }
  unread += text.slice(end);
  for (const name of [rules.instrument, ...Object.keys(rules.instruments)]) unread = unread.replaceAll(name, '');
  return { articles, unread: unread.replace(SEPARATORS, '') };
}

/**
 * The citations of an article's steps, going on from those of the citation before: 第1項第1款第2款 → [1, 1] and [1, 2].
 * A step that does not lead down begins another citation. None when it names a step that the article cannot have.
 */
function stepsDown({ unit }: Cited, from: Levels, text: string): Levels[] {
  const citations: Levels[] = text === '' ? [[]] : [];
  let levels = from;
  for (const [, number, kind] of text.matchAll(STEPS)) {
    const level = LEVELS[unit].indexOf(kind === '项' && unit === '條' ? '項' : kind);
    if (level < 0) return [];
    const above = Array.from({ length: level }, (_, i) => levels[i]);
    const deeper = levels.length <= level && citations.length > 0;
    levels = [...above, Number(numbered(number))];
    if (deeper) citations[citations.length - 1] = levels;
    else citations.push(levels);
  }
  return citations;
}

const DIGITS = '零一二三四五六七八九';
const POWERS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 };

/** Arabic digits of a number in either script: 三十二 → 32, 一百〇五 → 105. What is Arabic stays. */
function numbered(text: string): string {
  if (/\d/.test(text)) return text;
  let sum = 0;
  let digit = 0;
  for (const character of text) {
    const power = POWERS[character];
    if (power) {
      sum += (digit || 1) * power;
      digit = 0;
    } else digit = Math.max(0, DIGITS.indexOf(character));
  }
  return String(sum + digit);
}

function cited({ instrument, article, unit }: Cited, levels: Levels): CitedArticle {
  const [main, added] = article.split('-');
  const [paragraph, subparagraph] = levels;
  const steps = LEVELS[unit].map((name, i) => (levels[i] === undefined ? '' : `第${levels[i]}${name}`)).join('');
  return Object.assign(new CitedArticle(), {
    instrument,
    article,
    ...(paragraph !== undefined && { paragraph }),
    ...(subparagraph !== undefined && { subparagraph }),
    text: `${instrument}第${main}${unit}${added ? `之${added}` : ''}${steps}`,
  });
}

/**
 * Gives each article its violation where the cell lists as many violations as articles, divided by one of the sets of marks
 * (tried in order); otherwise nothing is matched, because a wrong match would accuse of what was never found.
 */
export function matchViolations(articles: readonly CitedArticle[], cell: string, marks: readonly string[]): void {
  for (const set of marks) {
    const parts = splitAt(cell, set);
    if (parts.length !== articles.length) continue;
    articles.forEach((article, i) => (article.violation = parts[i]));
    return;
  }
}

function splitAt(cell: string, marks: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (const character of cell) {
    if (marks.includes(character)) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part].map((p) => p.trim().replace(/。$/, '')).filter((p) => p !== '');
}
