import { Failure } from '../kernel/errors';
import type { DrawLists, DrawnParty, SeedRule } from './draw';

export const DRAW_NOTICE_FORMAT = 'mingjing-draw-notice/v1';
/** Characters of a notice: lists of the largest draw, its proof, and the results. */
export const MAX_DRAW_NOTICE_LENGTH = 8 << 20;

const MAX_LISTED = 10_000;

/** The notice of a draw, as far as it takes to repeat it; whatever else stands in it is not looked at. */
export interface DrawNotice extends DrawLists, SeedRule {
  readonly format: string;
  readonly id: string;
  readonly status: string;
  /** Where the announcement stands in the ledger, from 1. */
  readonly position: number;
  readonly algorithm: string;
  /** Undefined until the draw is held. */
  readonly held?: {
    /** The announcement's entry in the log, 32 bytes in base64. */
    readonly entry: string;
    /** The signed note that the seed was taken from, verbatim. */
    readonly checkpoint: string;
    /** Hexadecimal. */
    readonly seed: string;
    readonly passedOver: readonly number[];
  };
  readonly drawn: readonly DrawnParty[];
  readonly voided?: { readonly afterHeld: boolean };
  /** A `.tlog-proof` of the announcement against that same checkpoint. */
  readonly proof?: string;
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value.length <= MAX_DRAW_NOTICE_LENGTH;
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const flag: Check = (value) => typeof value === 'boolean';
const list =
  (of: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= MAX_LISTED && value.every(of);
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const FIELDS: Readonly<Record<keyof DrawNotice, Check>> = {
  format: (value) => value === DRAW_NOTICE_FORMAT,
  id: text,
  status: text,
  position: whole,
  algorithm: text,
  logOrigin: text,
  witnesses: list(text),
  officers: list(record({ id: text, name: text, credential: text })),
  parties: list(record({ id: text, name: text, stratum: text })),
  exclusions: list(record({ officer: text, party: text })),
  quotas: list(record({ stratum: text, name: text, ratioPercent: number, listed: whole, draw: whole })),
  officersPerParty: whole,
  held: optional(record({ entry: text, checkpoint: text, seed: text, passedOver: list(whole) })),
  drawn: list(record({ party: text, stratum: text, officers: list(text) })),
  voided: optional(record({ afterHeld: flag })),
  proof: optional(text),
};

/**
 * Reads the notice of a draw: JSON, each field that is used of its type. Whether it is true is not asked here.
 * @throws Failure `draw_notice.malformed`, `field` the one that is not as it should be
 */
export function parseDrawNotice(source: string): DrawNotice {
  if (source.length > MAX_DRAW_NOTICE_LENGTH) throw malformed('format');
  let read: unknown;
  try {
    read = JSON.parse(source);
  } catch {
    throw malformed('format');
  }
  const wrong = Object.entries(FIELDS).find(([name, check]) => !record({ [name]: check })(read));
  if (wrong) throw malformed(wrong[0]);
  return read as DrawNotice;
}

const malformed = (field: string): Failure =>
  new Failure('invalid', 'draw_notice.malformed', {
    zh: `这不是抽查公告（JSON），或者其中的 ${field} 格式不对。`,
    en: `This is not the notice of a draw (JSON), or its ${field} is malformed.`,
    field,
  });
