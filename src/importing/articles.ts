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
// 勞動基準法第59條第1項第1款, 勞基法第80-1條, 第80條之1, 勞動基準法30條第1項 (第 forgotten), 第2項 (of the article before).
const CITATION = new RegExp(
  '(?<name>[^\\d;；、,，。.\\s第]*)' +
    '(?:第?(?<article>\\d{1,4}(?:-\\d{1,3})?)[條条](?:之(?<added>\\d{1,3}))?' +
    '(?:第?(?<paragraph>\\d{1,3})[項项])?(?:第?(?<subparagraph>\\d{1,3})款)?' +
    '|第?(?<loneParagraph>\\d{1,3})[項项](?:第?(?<loneSubparagraph>\\d{1,3})款)?)',
  'gu',
);

/** The citations of a cell, and what of it is none: the caller refuses a row of which something stays unread. */
export interface Citations {
  readonly articles: CitedArticle[];
  readonly unread: string;
}

/** Reads every citation of a cell, whatever stands between them. A lone 第2項 belongs to the article before it. */
export function readCitations(cell: string, rules: CitationRules): Citations {
  const articles: CitedArticle[] = [];
  let text = cell;
  for (const word of rules.ignore) text = text.replaceAll(word, ' ');
  let unread = '';
  let end = 0;
  let instrument = rules.instrument;
  for (const found of text.matchAll(CITATION)) {
    const { name, article, added, paragraph, subparagraph, loneParagraph, loneSubparagraph } = found.groups ?? {};
    unread += text.slice(end, found.index);
    end = found.index + found[0].length;
    const named = name ? (rules.instruments[name] ?? name) : instrument;
    const number = article ? article + (added ? `-${added}` : '') : articles.at(-1)?.article;
    if (!number || (named !== rules.instrument && !INSTRUMENT.test(named))) {
      unread += found[0];
      continue;
    }
    instrument = named;
    articles.push(cited(instrument, number, paragraph ?? loneParagraph, subparagraph ?? loneSubparagraph));
  }
  unread += text.slice(end);
  for (const name of [rules.instrument, ...Object.keys(rules.instruments)]) unread = unread.replaceAll(name, '');
  return { articles, unread: unread.replace(SEPARATORS, '') };
}

function cited(instrument: string, article: string, paragraph?: string, subparagraph?: string): CitedArticle {
  const [main, added] = article.split('-');
  const text =
    `${instrument}第${main}條${added ? `之${added}` : ''}` +
    (paragraph ? `第${Number(paragraph)}項` : '') +
    (subparagraph ? `第${Number(subparagraph)}款` : '');
  return Object.assign(new CitedArticle(), {
    instrument,
    article,
    ...(paragraph && { paragraph: Number(paragraph) }),
    ...(subparagraph && { subparagraph: Number(subparagraph) }),
    text,
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
