import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { Failure } from '../kernel/errors';
import type { LocalDate } from '../kernel/time';
import { addCalendarDays, isDate, useCalendar, type AnnouncedYear } from './calendar';

/**
 * Legal parameters: every figure of the law, with its article and the dates it is in force. The figures stand in
 * `parameters/*.yaml`, where a lawyer can read and correct them; code asks for them by id and date.
 */

export const UNITS = ['day', 'hour', 'month', 'year', 'yuan', 'percent', 'fraction', 'count'] as const;
export type Unit = (typeof UNITS)[number];
export type DayKind = 'working' | 'calendar';
export const MOVED_FROM = ['day_off', 'statutory_holiday'] as const;
export type MovedFrom = (typeof MOVED_FROM)[number];

/**
 * How sure the figure is. `V`: read in the text of the law; `S`: read in a published account of it; `K`: known, text not
 * consulted.
 */
export type SourceMark = 'V' | 'S' | 'K';

export interface LegalParameter {
  /** `<field>.<what>` such as `penalty.decision`. */
  readonly id: string;
  readonly value: number;
  readonly unit: Unit;
  /** Only, and always, with the unit `day`. */
  readonly dayKind?: DayKind;
  /** The instrument's short name and the article: `行政处罚法第60条`. */
  readonly basis: string;
  readonly validFrom: LocalDate;
  /** The last day in force; none while it still is. */
  readonly validTo?: LocalDate;
  readonly mark: SourceMark;
  /** The article under which a period that ends on a day off runs to a later day; none where it does not. */
  readonly holidayRule?: string;
  /**
   * Which days off that article means: any 法定休假日, weekends among them (民事诉讼法 85, 民法典 203), which is what is meant
   * where nothing is said; or only a statutory holiday 法定节假日 as announced (市场监管程序规定 80), so that an ordinary
   * weekend moves nothing.
   */
  readonly movedFrom?: MovedFrom;
  /** A province or another department may lawfully set its own value. */
  readonly local?: boolean;
  readonly zh: string;
  readonly en: string;
}

/** What an operator's own file may hold: figures, and holiday announcements newer than the program. */
interface ParameterFile {
  readonly parameters?: unknown;
  readonly calendar?: unknown;
}

const idPattern = /^[a-z]+\.[a-z0-9_]+$/;

function bad(where: string, what: string): Failure {
  return new Failure('invalid', 'law.bad_parameter', {
    zh: `法定参数文件有误：${where}：${what}`,
    en: `bad legal parameter file: ${where}: ${what}`,
  });
}

/** `2/3` is exact where 0.67 is not, so a fraction may be written as one. */
function valueOf(raw: unknown): number {
  const ratio = typeof raw === 'string' ? /^(\d+)\/([1-9]\d*)$/.exec(raw) : null;
  return ratio ? Number(ratio[1]) / Number(ratio[2]) : typeof raw === 'number' ? raw : NaN;
}

const isText = (v: unknown): v is string => typeof v === 'string' && v.trim() !== '';
const isDay = (v: unknown): v is LocalDate => typeof v === 'string' && isDate(v);
const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);

const fields = new Set(
  'id value unit dayKind basis validFrom validTo mark holidayRule movedFrom local zh en'.split(' '),
);

function readRow(raw: unknown, file: string): LegalParameter {
  if (!isRecord(raw)) throw bad(file, 'a row is not a mapping');
  const { id, unit, dayKind, basis, validFrom, validTo, mark, holidayRule, movedFrom, local, zh, en } = raw;
  const where = `${file}, ${String(id)}`;
  const unknown = Object.keys(raw).find((key) => !fields.has(key));
  if (unknown) throw bad(where, `unknown field ${unknown}`);
  if (!isText(id) || !idPattern.test(id)) throw bad(where, 'id must be <field>.<what>');
  const value = valueOf(raw.value);
  if (!Number.isFinite(value) || value < 0) throw bad(where, 'value must be a number of zero or more');
  const knownUnit = UNITS.find((u) => u === unit);
  if (!knownUnit) throw bad(where, `unit must be one of ${UNITS.join(', ')}`);
  const knownKind = (['working', 'calendar'] as const).find((k) => k === dayKind);
  if ((knownUnit === 'day') !== (knownKind !== undefined)) throw bad(where, 'dayKind goes with the unit day');
  const knownMark = (['V', 'S', 'K'] as const).find((m) => m === mark);
  if (!knownMark) throw bad(where, 'mark must be V, S or K');
  if (!isText(basis)) throw bad(where, 'basis is missing');
  if (!isText(zh) || !isText(en)) throw bad(where, 'zh and en are required');
  if (!isDay(validFrom)) throw bad(where, 'validFrom must be a date');
  if (validTo !== undefined && (!isDay(validTo) || validTo < validFrom))
    throw bad(where, 'validTo must be a later date');
  if (holidayRule !== undefined && !isText(holidayRule)) throw bad(where, 'holidayRule must cite an article');
  const knownMove = MOVED_FROM.find((m) => m === movedFrom);
  if (movedFrom !== undefined && (!knownMove || holidayRule === undefined)) {
    throw bad(where, `movedFrom goes with holidayRule and must be one of ${MOVED_FROM.join(', ')}`);
  }
  if (local !== undefined && typeof local !== 'boolean') throw bad(where, 'local must be true or false');
  return {
    id,
    value,
    unit: knownUnit,
    ...(knownKind && { dayKind: knownKind }),
    basis,
    validFrom,
    ...(validTo && { validTo }),
    mark: knownMark,
    ...(holidayRule && { holidayRule }),
    ...(knownMove && { movedFrom: knownMove }),
    ...(local && { local }),
    zh,
    en,
  };
}

function readYear(raw: unknown, file: string): AnnouncedYear {
  const dates = (v: unknown): v is LocalDate[] => Array.isArray(v) && v.length <= 366 && v.every(isDay);
  if (!isRecord(raw)) throw bad(file, 'a calendar year is not a mapping');
  const { year, basis, holidays, workdays } = raw;
  const where = `${file}, calendar ${String(year)}`;
  if (typeof year !== 'number' || !Number.isInteger(year)) throw bad(where, 'year must be a number');
  if (!isText(basis)) throw bad(where, 'basis is missing');
  if (!dates(holidays) || !dates(workdays)) throw bad(where, 'holidays and workdays must be lists of dates');
  if ([...holidays, ...workdays].some((date) => !date.startsWith(`${year}-`)))
    throw bad(where, 'a date of another year');
  return { year, basis, holidays, workdays };
}

function list<T>(raw: unknown, file: string, read: (row: unknown, file: string) => T): T[] {
  if (raw === undefined) return [];
  if (!Array.isArray(raw)) throw bad(file, 'not a list');
  return raw.map((row) => read(row, file));
}

function readFile(path: string, file: string): { rows: LegalParameter[]; years: AnnouncedYear[] } {
  const content = parse(readFileSync(path, 'utf8'), { uniqueKeys: true, maxAliasCount: 0 }) as ParameterFile;
  if (!isRecord(content)) throw bad(file, 'the file is empty');
  return { rows: list(content.parameters, file, readRow), years: list(content.calendar, file, readYear) };
}

/** The law's data folder, from the sources and from the compiled program alike: under the nearest package root. */
export function dataFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'src', 'law');
    if (dirname(folder) === folder) throw new Error('no package.json above the program');
  }
}

const END = '9999-12-31';
const lastDay = (row: LegalParameter): LocalDate => row.validTo ?? END;

function indexed(rows: readonly LegalParameter[]): Map<string, LegalParameter[]> {
  const index = new Map<string, LegalParameter[]>();
  for (const row of [...rows].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1))) {
    const versions = index.get(row.id) ?? [];
    const previous = versions.at(-1);
    if (previous && lastDay(previous) >= row.validFrom) throw bad(row.id, 'two values are in force on one day');
    index.set(row.id, [...versions, row]);
  }
  return index;
}

function shipped(): LegalParameter[] {
  const folder = join(dataFolder(), 'parameters');
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return files.sort().flatMap((name) => readFile(join(folder, name), name).rows);
}

const own = shipped();
let index = indexed(own);

/** What remains of a row once another takes over part of its time. */
function outside(row: LegalParameter, taken: LegalParameter): LegalParameter[] {
  if (lastDay(taken) < row.validFrom || taken.validFrom > lastDay(row)) return [row];
  const parts: LegalParameter[] = [];
  if (row.validFrom < taken.validFrom) parts.push({ ...row, validTo: addCalendarDays(taken.validFrom, -1) });
  if (lastDay(taken) < lastDay(row)) parts.push({ ...row, validFrom: addCalendarDays(lastDay(taken), 1) });
  return parts;
}

/**
 * Adds an operator's own figures, provincial ones for instance, and newly announced calendar years from a YAML file
 * (`parameters:` and `calendar:` lists). They take the place of figures marked S or K or `local` for the days they are in
 * force; a figure that the text of the law fixes may not be replaced. Called once at start-up; called again it replaces what
 * the last call added, and without a file it takes everything back.
 */
export function useParameters(file?: string): void {
  const extra = file ? readFile(file, file) : { rows: [], years: [] };
  const fixed = extra.rows.find((row) =>
    own.some((o) => o.id === row.id && o.mark === 'V' && !o.local && outside(o, row)[0] !== o),
  );
  if (fixed) throw bad(fixed.id, 'the law fixes this figure; it may not be replaced');
  let rows = own;
  for (const row of extra.rows) rows = rows.flatMap((o) => (o.id === row.id ? outside(o, row) : [o]));
  const next = indexed([...rows, ...extra.rows]);
  useCalendar(extra.years);
  index = next;
}

/**
 * The figure in force on a date.
 * Fails with `law.no_parameter` when there is none: an unknown id, or a date before the law.
 */
export function parameter(id: string, on: LocalDate): LegalParameter {
  const found = index.get(id)?.find((row) => row.validFrom <= on && on <= lastDay(row));
  if (!found) {
    throw new Failure('invalid', 'law.no_parameter', {
      zh: `${on} 没有生效的法定参数 ${id}`,
      en: `no legal parameter ${id} is in force on ${on}`,
    });
  }
  return found;
}

/** Every version of one figure, oldest first; empty for an unknown id. */
export function parameterVersions(id: string): readonly LegalParameter[] {
  return index.get(id) ?? [];
}

/** Every figure in every version, by id, then by date. */
export function allParameters(): LegalParameter[] {
  return [...index.keys()].sort().flatMap((id) => index.get(id) ?? []);
}
