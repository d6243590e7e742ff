import { toBase64 } from './bytes';
import { parseCheckpoint } from './checkpoint';
import { formatSignatureLine, parseNote, type Note, type NoteSignature } from './note';

/**
 * The verifiable random draw (双随机), version 1: what it draws from, and how. The same functions draw on the server, verify on a
 * reader's computer and may verify in a browser; the hashing is the caller's. `docs/draws.md` does it by hand.
 */
export const DRAW_ALGORITHM = 'mingjing-draw/v1';

/** Somebody who may be drawn to inspect. */
export interface ListedOfficer {
  /** The officer's id in the public register. */
  readonly id: string;
  readonly name: string;
  /** Number of the credential held when the list was recorded. */
  readonly credential: string;
}

/** Somebody who may be drawn to be inspected. */
export interface ListedParty {
  /** Unified social credit code. */
  readonly id: string;
  readonly name: string;
  /** Code of the risk class it is drawn in. */
  readonly stratum: string;
}

/** 回避: this officer must not inspect this party. */
export interface Exclusion {
  readonly officer: string;
  readonly party: string;
}

/** How many of a risk class are drawn. */
export interface Quota {
  readonly stratum: string;
  readonly name: string;
  /** With at most two decimals. */
  readonly ratioPercent: number;
  readonly listed: number;
  readonly draw: number;
}

/** What is announced before the seed exists, and never changes after. */
export interface DrawLists {
  readonly officers: readonly ListedOfficer[];
  readonly parties: readonly ListedParty[];
  readonly exclusions: readonly Exclusion[];
  readonly quotas: readonly Quota[];
  readonly officersPerParty: number;
}

/** Whose checkpoint becomes the seed: the log's, cosigned by every one of these witnesses (verifier keys). */
export interface SeedRule {
  readonly logOrigin: string;
  readonly witnesses: readonly string[];
}

/** A party drawn, and who inspects it, in the order of the draw. */
export interface DrawnParty {
  readonly party: string;
  readonly stratum: string;
  readonly officers: readonly string[];
}

/** So many of `listed`: the ratio's part, rounded up. Reckoned in hundredths of a percent, so that no rounding error adds one. */
export function quotaOf(listed: number, ratioPercent: number): number {
  return Math.ceil((listed * Math.round(ratioPercent * 100)) / 10_000);
}

/**
 * The text whose SHA-256 in hexadecimal is the seed: the announcement's entry in the log, the checkpoint, and the cosignature
 * lines of the announced witnesses, sorted. Not the log's own signature, of which its owner could make as many as he likes.
 * @throws Failure `note.malformed`
 */
export function seedText(entry: Uint8Array, checkpoint: string, { witnesses }: SeedRule): string {
  const note = parseNote(checkpoint);
  const lines = witnesses.flatMap((key) => cosignaturesBy(key, note)).map(formatSignatureLine);
  return [`${DRAW_ALGORITHM}\n`, `${toBase64(entry)}\n`, note.text, ...lines.sort()].join('');
}

/** Why a checkpoint cannot be the seed. */
export type Ineligible = 'other_log' | 'too_early' | 'cosignature_missing';

/**
 * Whether a checkpoint may be the seed of a draw announced as event `position` (from 1); undefined when it may. Whether the
 * signatures hold is not asked here, nor whether another came first.
 * @throws Failure `note.malformed`, `checkpoint.malformed`
 */
export function ineligible(checkpoint: string, position: number, rule: SeedRule): Ineligible | undefined {
  const note = parseNote(checkpoint);
  const { origin, size } = parseCheckpoint(note.text);
  if (origin !== rule.logOrigin) return 'other_log';
  if (size < position) return 'too_early';
  // Exactly one: of two by one witness, somebody would have to choose.
  if (rule.witnesses.some((key) => cosignaturesBy(key, note).length !== 1)) return 'cosignature_missing';
  return undefined;
}

/** The texts whose SHA-256 in hexadecimal are the ranks: one for each party, then one for each officer, in the order of the lists. */
export function ticketsOf(seed: string, { parties, officers }: Pick<DrawLists, 'parties' | 'officers'>): string[] {
  const ticket = (kind: string, id: string): string => `${DRAW_ALGORITHM}\n${seed}\n${kind}\n${id}\n`;
  return [...parties.map(({ id }) => ticket('party', id)), ...officers.map(({ id }) => ticket('officer', id))];
}

/**
 * The draw: in each risk class the parties of the lowest ranks; then, party by party from the lowest rank up, the officers are
 * dealt like cards from a pack sorted by rank. Whoever must not inspect this party stays on top for the next; whoever was dealt
 * goes to the bottom. `ranks` are those of the tickets. The order of the lists does not matter.
 */
export function dealt(lists: DrawLists, ranks: readonly string[]): DrawnParty[] {
  const { parties, officers, quotas, officersPerParty } = lists;
  const ranked = parties.map((party, i) => ({ ...party, rank: ranks[i] })).sort(byRank);
  const drawn = quotas.flatMap(({ stratum, draw }) => ranked.filter((p) => p.stratum === stratum).slice(0, draw));
  const barred = barredFrom(lists);
  let pack = officers.map(({ id }, i) => ({ id, rank: ranks[parties.length + i] })).sort(byRank);
  return drawn.sort(byRank).map(({ id, stratum }) => {
    const team = pack.filter((officer) => !barred(officer.id, id)).slice(0, officersPerParty);
    pack = [...pack.filter((officer) => !team.includes(officer)), ...team];
    return { party: id, stratum, officers: team.map((officer) => officer.id) };
  });
}

/**
 * The officers who inspect a party when some of those drawn cannot: in their places the next of the pack, sorted by rank as at
 * the beginning, who may inspect it. Fewer than were drawn when the list is used up.
 */
export function teamWithout(
  absent: readonly string[],
  { party, officers: drawn }: DrawnParty,
  lists: DrawLists,
  ranks: readonly string[],
): string[] {
  const barred = barredFrom(lists);
  const pack = lists.officers.map(({ id }, i) => ({ id, rank: ranks[lists.parties.length + i] })).sort(byRank);
  const staying = drawn.filter((id) => !absent.includes(id));
  const standIns = pack
    .map(({ id }) => id)
    .filter((id) => !drawn.includes(id) && !absent.includes(id) && !barred(id, party));
  return [...staying, ...standIns.slice(0, drawn.length - staying.length)];
}

/** Whether an officer must not inspect a party. */
export function barredFrom({ exclusions }: Pick<DrawLists, 'exclusions'>): (officer: string, party: string) => boolean {
  const pairs = new Set(exclusions.map(({ officer, party }) => `${officer}\n${party}`));
  return (officer, party) => pairs.has(`${officer}\n${party}`);
}

/** Ranks are of one length, so their order as text is that of the numbers. No two are the same: it would take a collision of SHA-256. */
const byRank = (a: { readonly rank: string }, b: { readonly rank: string }): number => (a.rank < b.rank ? -1 : 1);

/** The signature lines of a verifier key `name+hex key id+…`. */
function cosignaturesBy(key: string, { signatures }: Note): NoteSignature[] {
  const [name, id] = key.split('+', 2);
  return signatures.filter((s) => s.name === name && s.keyId.toString(16).padStart(8, '0') === id);
}
