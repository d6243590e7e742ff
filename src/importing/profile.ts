import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import iconv from 'iconv-lite';
import {
  historicalPenaltyKinds,
  reconsiderationOutcomes,
  type HistoricalPenaltyKind,
  type ReconsiderationOutcome,
} from '../enforcement/historical/historical-events';
import { partyKinds, type PartyKind } from '../enforcement/penalty-types';
import { dataFolder } from '../law/parameters';
import type { CitationRules } from './articles';
import { DATE_FORMS, isDateFormName, type DateFormName } from './dates';
import { readProfileText, type Place } from './profile-reader';

/** What a column can be. `ignored` is read by nobody, such as a running number. */
export const FIELDS = [
  'documentNumber',
  'decidedOn',
  'publishedOn',
  'bodyName',
  'partyName',
  'representative',
  'articles',
  'violation',
  'kind',
  'amount',
  'remarks',
  'ignored',
] as const;
export type Field = (typeof FIELDS)[number];

/** A kind of party, told by a pattern over the name. Groups: `name`, `person` (to be masked), `representative`. */
export interface PartyRule {
  readonly match: RegExp;
  readonly kind: PartyKind;
}

/** A remark that tells how a reconsideration ended. Groups: `authority`, `date`, `number`. */
export interface OutcomeRule {
  readonly match: RegExp;
  readonly outcome: ReconsiderationOutcome;
}

/**
 * How the rows of one publisher's files become historical acts. Written by hand in YAML; every key is explained in
 * docs/import-profiles.md.
 */
export interface Profile {
  /** Part of every act's identity: profiles of one publisher's files in several encodings share it. */
  readonly family: string;
  readonly name: string;
  readonly sha256: string;
  readonly encoding: string;
  /** The narrowest encoding the publisher uses: characters outside it are no part of a row's identity. */
  readonly survives?: string;
  readonly delimiter: string;
  readonly jurisdiction: string;
  readonly body: string;
  readonly columns: ReadonlyMap<string, Field>;
  readonly dates: readonly DateFormName[];
  readonly documentNumber?: RegExp;
  /** Columns whose cells stand in each other's place in some rows. */
  readonly exchanged: ReadonlyArray<readonly [Field, Field]>;
  readonly citations: CitationRules;
  readonly violationMarks: readonly string[];
  readonly party: readonly PartyRule[];
  readonly outcomes: readonly OutcomeRule[];
  readonly aggravation: ReadonlyArray<{ readonly match: RegExp; readonly ground: string }>;
  readonly campaign?: RegExp;
  readonly kinds: ReadonlyMap<string, HistoricalPenaltyKind>;
  readonly currency?: string;
}

const KEYS = [
  'family',
  'name',
  'encoding',
  'survives',
  'delimiter',
  'jurisdiction',
  'body',
  'columns',
  'dates',
  'documentNumber',
  'exchanged',
  'articles',
  'violations',
  'party',
  'remarks',
  'kinds',
  'currency',
] as const;

const REQUIRED_FIELDS: readonly Field[] = ['documentNumber', 'decidedOn', 'partyName', 'articles'];

/** The profiles that come with the program: beside these sources, also for the compiled program. */
const BUNDLED = join(dirname(dataFolder()), 'importing', 'profiles');

/**
 * A profile by the path of its file, or by the name of one that comes with the program, such as `taipei-labour.utf8`.
 * @throws Failure `profile.invalid` naming file, line and key
 */
export function loadProfile(pathOrName: string): Profile {
  const bundled = join(BUNDLED, `${pathOrName}.yaml`);
  const path = !/[\\/]/.test(pathOrName) && existsSync(bundled) ? bundled : pathOrName;
  const { top, entries, sha256 } = readProfileText(path, KEYS);
  const optional = (key: (typeof KEYS)[number]): Place | undefined => entries.get(key);
  const required = (key: (typeof KEYS)[number]): Place => {
    const place = entries.get(key);
    if (!place) throw top.wrong(`缺少 ${key}`, `${key} is missing`);
    return place;
  };
  const remarks = optional('remarks')?.only(['outcomes', 'aggravation', 'campaign']);
  return {
    family: required('family').text(),
    name: required('name').text(),
    sha256,
    encoding: encodingOf(required('encoding')),
    ...(optional('survives') && { survives: encodingOf(required('survives')) }),
    delimiter: delimiterOf(optional('delimiter')),
    jurisdiction: required('jurisdiction').text(),
    body: optional('body')?.text() ?? '',
    columns: columnsOf(required('columns')),
    dates: required('dates').items().map(dateFormOf),
    documentNumber: optional('documentNumber')?.pattern(),
    exchanged: (optional('exchanged')?.items() ?? []).map(pairOf),
    citations: citationsOf(required('articles')),
    violationMarks: optional('violations')?.texts() ?? [';；'],
    party: required('party').items().map(partyRuleOf),
    outcomes: (remarks?.get('outcomes')?.items() ?? []).map((place) => {
      const rule = fields(place, ['match', 'outcome']);
      return { match: rule.match.pattern(), outcome: rule.outcome.oneOf(reconsiderationOutcomes) };
    }),
    aggravation: (remarks?.get('aggravation')?.items() ?? []).map((place) => {
      const rule = fields(place, ['match', 'ground']);
      return { match: rule.match.pattern(), ground: rule.ground.text() };
    }),
    campaign: remarks?.get('campaign')?.pattern(),
    kinds: new Map(
      optional('kinds')
        ?.entries()
        .map(([word, place]) => [word, place.oneOf(historicalPenaltyKinds)]),
    ),
    ...(optional('currency') && { currency: required('currency').text() }),
  };
}

/** The entries of a map that must have these keys and no others. */
function fields<K extends string>(place: Place, keys: readonly K[]): Record<K, Place> {
  const found = place.only(keys);
  const entries = keys.map((key): [K, Place] => {
    const entry = found.get(key);
    if (!entry) throw place.wrong(`缺少 ${key}`, `${key} is missing`);
    return [key, entry];
  });
  return Object.fromEntries(entries) as Record<K, Place>;
}

function encodingOf(place: Place): string {
  const name = place.text();
  if (!iconv.encodingExists(name)) throw place.wrong('不认识的字符编码', 'unknown character encoding');
  return name;
}

function delimiterOf(place: Place | undefined): string {
  if (!place) return ',';
  const text = place.text();
  if ([...text].length !== 1 || text === '"') throw place.wrong('应为一个字符', 'should be one character');
  return text;
}

function dateFormOf(place: Place): DateFormName {
  const name = place.text();
  if (isDateFormName(name)) return name;
  const known = Object.keys(DATE_FORMS);
  throw place.wrong(`应为 ${known.join('、')} 之一`, `should be one of ${known.join(', ')}`);
}

function columnsOf(place: Place): Map<string, Field> {
  const columns = new Map<string, Field>();
  for (const [header, cell] of place.entries()) {
    const field = cell.oneOf(FIELDS);
    if (field !== 'ignored' && [...columns.values()].includes(field)) {
      throw cell.wrong(`有两列同为 ${field}`, `two columns are ${field}`);
    }
    columns.set(header, field);
  }
  for (const field of REQUIRED_FIELDS) {
    if (![...columns.values()].includes(field)) throw place.wrong(`没有 ${field} 列`, `no column is ${field}`);
  }
  return columns;
}

function pairOf(place: Place): readonly [Field, Field] {
  const [first, second, ...more] = place.items().map((item) => item.oneOf(FIELDS));
  if (!first || !second || more.length > 0) throw place.wrong('应为两列', 'should be two fields');
  return [first, second];
}

function citationsOf(place: Place): CitationRules {
  const found = place.only(['instrument', 'instruments', 'ignore']);
  const instrument = found.get('instrument');
  if (!instrument) throw place.wrong('缺少 instrument', 'instrument is missing');
  const names = found.get('instruments')?.entries() ?? [];
  return {
    instrument: instrument.text(),
    instruments: Object.fromEntries(names.map(([short, full]) => [short, full.text()])),
    ignore: found.get('ignore')?.texts() ?? [],
  };
}

function partyRuleOf(place: Place): PartyRule {
  const rule = fields(place, ['match', 'kind']);
  return { match: rule.match.pattern(), kind: rule.kind.oneOf(partyKinds) };
}
