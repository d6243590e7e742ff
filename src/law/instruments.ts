import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Failure } from '../kernel/errors';
import type { LocalDate } from '../kernel/time';
import { isDate } from './calendar';
import { dataFolder, type SourceMark } from './parameters';

/** The legal-basis dictionary 执法依据 (B11): instruments by rank and validity, and the reading of a citation. */

export const RANKS = [
  'law',
  'administrative_regulation',
  'local_regulation',
  'ministry_rule',
  'local_rule',
  'normative_document',
] as const;
export type Rank = (typeof RANKS)[number];

export interface Instrument {
  /** The short name by which it is cited: `行政处罚法`. */
  readonly id: string;
  readonly title: string;
  readonly en: string;
  readonly rank: Rank;
  /** The number it was issued under: `国办发〔2018〕118号`. */
  readonly issued?: string;
  readonly validFrom: LocalDate;
  /** The last day in force. */
  readonly validTo?: LocalDate;
  readonly mark: SourceMark;
  readonly aliases: readonly string[];
}

/** One article that a citation names. Numbers count from 1; `inserted` is the n of an article 第N条之n. */
export interface ArticleReference {
  /** The instrument's id when the dictionary has it, else the name as written. */
  readonly instrument: string;
  readonly known: boolean;
  readonly article: number;
  readonly inserted?: number;
  readonly paragraph?: number;
  readonly item?: number;
}

function bad(where: string, what: string): Failure {
  return new Failure('invalid', 'law.bad_instrument', {
    zh: `执法依据文件有误：${where}：${what}`,
    en: `bad legal-basis file: ${where}: ${what}`,
  });
}

const isText = (v: unknown): v is string => typeof v === 'string' && v.trim() !== '';

function readRow(raw: unknown): Instrument {
  if (typeof raw !== 'object' || raw === null) throw bad('?', 'a row is not a mapping');
  const { id, title, en, rank, issued, validFrom, validTo, mark, aliases } = raw as Record<string, unknown>;
  if (!isText(id) || !isText(title) || !isText(en)) throw bad(String(id), 'id, title and en are required');
  const knownRank = RANKS.find((r) => r === rank);
  if (!knownRank) throw bad(id, `rank must be one of ${RANKS.join(', ')}`);
  const knownMark = (['V', 'S', 'K'] as const).find((m) => m === mark);
  if (!knownMark) throw bad(id, 'mark must be V, S or K');
  if (issued !== undefined && !isText(issued)) throw bad(id, 'issued must be text');
  if (!isText(validFrom) || !isDate(validFrom)) throw bad(id, 'validFrom must be a date');
  if (validTo !== undefined && (!isText(validTo) || !isDate(validTo) || validTo < validFrom)) {
    throw bad(id, 'validTo must be a later date');
  }
  const names: unknown = aliases ?? [];
  if (!Array.isArray(names) || !names.every(isText)) throw bad(id, 'aliases must be a list of names');
  return {
    id,
    title,
    en,
    rank: knownRank,
    ...(issued && { issued }),
    validFrom,
    ...(validTo && { validTo }),
    mark: knownMark,
    aliases: names,
  };
}

function readFile(path: string): Instrument[] {
  const content = parse(readFileSync(path, 'utf8'), { maxAliasCount: 0 }) as { instruments?: unknown } | null;
  const rows = content?.instruments ?? [];
  if (!Array.isArray(rows)) throw bad(path, 'instruments is not a list');
  return rows.map(readRow);
}

/** Names without book-title marks, spaces and the country's name, so that one law written two ways is one law. */
const plain = (name: string): string => name.replace(/[《》\s]/g, '').replace(/^中华人民共和国/, '');

function indexed(rows: readonly Instrument[]): Map<string, Instrument> {
  const names = new Map<string, Instrument>();
  for (const row of rows) {
    for (const name of new Set([row.id, row.title, ...row.aliases].map(plain))) {
      if (names.has(name)) throw bad(name, 'two instruments have this name');
      names.set(name, row);
    }
  }
  return names;
}

const shipped = readFile(join(dataFolder(), 'instruments.yaml'));
let all: readonly Instrument[] = shipped;
let byName = indexed(all);

/** Adds an operator's own instruments, local regulations for instance, from the `instruments:` list of a YAML file. */
export function useInstruments(file?: string): void {
  const next = [...shipped, ...(file ? readFile(file) : [])];
  byName = indexed(next);
  all = next;
}

export function allInstruments(): readonly Instrument[] {
  return all;
}

/** The instrument of a name: short, full, with or without book-title marks; undefined when the dictionary lacks it. */
export function instrument(name: string): Instrument | undefined {
  return byName.get(plain(name));
}

export function isInForce({ validFrom, validTo }: Pick<Instrument, 'validFrom' | 'validTo'>, on: LocalDate): boolean {
  return validFrom <= on && (validTo === undefined || on <= validTo);
}

/** Whether a penalty may rest on an instrument of this rank: laws, regulations and rules, not other documents (G01). */
export function isPenaltyBasis(rank: Rank): boolean {
  return rank !== 'normative_document';
}

const DIGITS = '零一二三四五六七八九';

/** A number as articles are numbered, Arabic or Chinese, up to 1999: `57`, `五十七`, `一百零三`. NaN for anything else. */
function articleNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  let total = 0;
  let digit = 0;
  for (const character of text) {
    const unit = { 十: 10, 百: 100, 千: 1000 }[character];
    if (unit) {
      total += (digit || 1) * unit;
      digit = 0;
    } else {
      digit = DIGITS.indexOf(character);
      if (digit < 0) return NaN;
    }
  }
  return total + digit;
}

const N = '([\\d零一二三四五六七八九十百千]{1,8})';
const FULL = new RegExp(`^(.+?)第${N}条(?:之${N})?(?:第${N}款)?(?:第[（(]?${N}[）)]?项)?$`);
const SHORT = /^(.+?\D)\s*(\d{1,4})(?:[（(](\d{1,2})[）)])?$/;

/**
 * The article a citation names: `行政处罚法第57条第1款`, `《中华人民共和国行政处罚法》第五十七条第一款第（三）项`, `行政处罚法 57(1)`.
 * Undefined when it names none.
 */
export function parseArticle(text: string): ArticleReference | undefined {
  const citation = text.trim();
  const full = FULL.exec(citation);
  const short = full ? null : SHORT.exec(citation);
  const [, name, article, inserted, paragraph, item] =
    full ?? (short ? [short[0], short[1], short[2], , short[3]] : []);
  if (name === undefined || article === undefined) return undefined;
  const found = instrument(name);
  const optional = { inserted, paragraph, item };
  const numbers = Object.fromEntries(
    Object.entries(optional).flatMap(([key, value]) => (value === undefined ? [] : [[key, articleNumber(value)]])),
  );
  const reference = {
    instrument: found?.id ?? plain(name),
    known: found !== undefined,
    article: articleNumber(article),
  };
  return [reference.article, ...Object.values(numbers)].every((n) => n > 0) ? { ...reference, ...numbers } : undefined;
}
