import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Failure } from '../kernel/errors';
import type { Clock } from '../kernel/time';
import {
  formatAddCheckpoint,
  formatSize,
  parseAddCheckpoint,
  SIZE_TYPE,
  type AddCheckpoint,
} from '../ledger/transparency/add-checkpoint';
import { keepEvidence } from '../ledger/transparency/evidence';
import { EMPTY_ROOT } from '../ledger/transparency/merkle';
import { equalBytes } from '../verification/bytes';
import { parseCheckpoint, type Checkpoint } from '../verification/checkpoint';
import { verifyConsistency } from '../verification/merkle-proof';
import { formatNote, parseNote, type Note } from '../verification/note';
import { verifyNote, type VerifierKey } from '../verification/verifier-key';
import type { Logger } from '../ledger/projecting/logger';
import type { TrustedLogs } from './trusted-logs';
import type { WitnessKey } from './witness-key';
import type { Cosigned, WitnessStore } from './witness-store';

/** What a witness answers with, and to. */
export interface Witness {
  readonly key: WitnessKey;
  readonly logs: TrustedLogs;
  readonly store: Pick<WitnessStore, 'latest' | 'at' | 'advance' | 'history'>;
  /** Where notes that contradict each other are kept, a folder for each kind. */
  readonly evidence: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Answer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422 | 503;
  readonly type: string;
  readonly body: string;
}

/** A request whose checkpoint is signed by its log. */
interface Submitted extends AddCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly body: string;
}

/**
 * Answers `add-checkpoint` (c2sp.org/tlog-witness), in the order of the specification: 400 malformed, 404 unknown origin, 403
 * no trusted signature, 400 old above the checkpoint's size, 409 old is not what is stored, 422 not the same history, 200
 * with the cosignature, stored before; 503 when the clock cannot be right. Whatever contradicts something cosigned before is kept as evidence, whichever the answer.
 */
export async function addCheckpoint(request: Uint8Array, witness: Witness): Promise<Answer> {
  const submitted = read(request);
  if (!submitted) return answer(400, 'malformed request');
  const { checkpoint, old } = submitted;
  const keys = witness.logs.get(checkpoint.origin);
  if (!keys) return answer(404, 'unknown log');
  const signed = await signedBy(keys, submitted);
  if (!signed) return answer(403, 'no signature of a trusted key');

  const { origin, size } = checkpoint;
  const seen = witness.store.at(origin, size);
  if (seen && !equalBytes(seen.root, checkpoint.root)) await keepContradiction('two-roots', witness, signed, seen);
  if (old > size) return answer(400, 'the old size is above the size of the checkpoint');
  const latest = witness.store.latest(origin);
  if (old !== (latest?.size ?? 0)) return conflict(latest?.size ?? 0);
  if (!(await follows(latest, signed))) {
    if (!seen) await keepContradiction('bad-proof', witness, signed, latest);
    return answer(422, 'not the history that was cosigned before');
  }

  // Another request may have come first while the proof was verified: the store compares again as it swaps.
  const now = Math.floor(Date.parse(witness.clock.now()) / 1000);
  const cosign = (time: number): string => witness.key.cosign(signed.body, time);
  const advanced = witness.store.advance(origin, old, { size, root: checkpoint.root, note: signed.note, cosign }, now);
  if ('stored' in advanced) return conflict(advanced.stored);
  if ('ahead' in advanced) {
    witness.logger.error({ origin, signed: instant(advanced.ahead), now: instant(now) }, CLOCK_ALARM);
    return answer(503, 'the clock of this witness is wrong');
  }
  // A crash from here on leaves the checkpoint stored and unanswered: the log is told 409, and asks again for the same.
  return { status: 200, type: TEXT, body: advanced.line };
}

const TEXT = 'text/plain; charset=utf-8';

const CLOCK_ALARM = 'THE CLOCK IS FAR BEHIND A TIME SIGNED BEFORE: nothing is cosigned until that is cleared up';

const answer = (status: Answer['status'], body: string): Answer => ({ status, type: TEXT, body: `${body}\n` });
const conflict = (size: number): Answer => ({ status: 409, type: SIZE_TYPE, body: formatSize(size) });

/** The request read as far as it goes without keys; undefined when it is malformed. */
function read(request: Uint8Array): (Submitted & { signatures: Note }) | undefined {
  if (!isUtf8(request)) return undefined;
  try {
    const parsed = parseAddCheckpoint(Buffer.from(request).toString('utf8'));
    const note = parseNote(parsed.note);
    return { ...parsed, checkpoint: parseCheckpoint(note.text), body: note.text, signatures: note };
  } catch (error) {
    if (isInvalid(error)) return undefined;
    throw error;
  }
}

/** The same with the note reduced to the signatures of the log; undefined when none verifies, or one does not. */
async function signedBy(
  keys: readonly VerifierKey[],
  submitted: Submitted & { signatures: Note },
): Promise<Submitted | undefined> {
  const { signatures, ...rest } = submitted;
  try {
    const verified = await verifyNote(signatures, keys);
    const own = verified.map(({ key }) =>
      signatures.signatures.find((s) => s.name === key.name && s.keyId === key.keyId)!,
    );
    return own.length > 0 ? { ...rest, note: formatNote({ text: rest.body, signatures: own }) } : undefined;
  } catch (error) {
    if (isInvalid(error)) return undefined;
    throw error;
  }
}

/** Whether the checkpoint is what is stored with leaves added. The first of a log is believed. */
async function follows(latest: Cosigned | undefined, { checkpoint, proof }: Submitted): Promise<boolean> {
  const { size, root } = checkpoint;
  if (size === 0) return proof.length === 0 && equalBytes(root, EMPTY_ROOT);
  if (!latest || latest.size === 0) return proof.length === 0;
  try {
    const [oldSize, newSize] = [BigInt(latest.size), BigInt(size)];
    await verifyConsistency({ oldSize, oldRoot: latest.root, newSize, newRoot: root, proof });
    return true;
  } catch (error) {
    if (isInvalid(error)) return false;
    throw error;
  }
}

/** Why two notes are kept. Each kind has a folder and a bound of its own, so that many of one cannot crowd out the other. */
const CONTRADICTIONS = {
  'two-roots': {
    most: 1000,
    alarm: 'TWO ROOTS FOR ONE SIZE: this log has signed two histories',
    zh: '同一日志对同一条目数签署了两个不同的根。只有持有日志密钥者才能做到：历史被改写，或向不同的人出示不同的历史。',
    en: 'One log has signed two roots for one size. Only the holder of its key can: its history was rewritten, or different people are shown different ones.',
  },
  'bad-proof': {
    most: 200,
    alarm: 'A CONSISTENCY PROOF DOES NOT HOLD: this log may have another history now',
    zh: '新检查点的一致性证明不成立。证明本身没有签名，任何人都能附上错误的证明；请用 mingjing monitor 向日志索取两棵树加以比较。',
    en: 'The consistency proof of a newer checkpoint does not hold. Proofs are not signed, anybody can send a wrong one: compare the two trees with mingjing monitor.',
  },
} as const;

export const CONTRADICTION_KINDS = Object.keys(CONTRADICTIONS) as (keyof typeof CONTRADICTIONS)[];

/** Keeps both notes and the proof, and says so loudly, once. */
async function keepContradiction(
  kind: keyof typeof CONTRADICTIONS,
  witness: Witness,
  received: Submitted,
  kept: Cosigned | undefined,
): Promise<void> {
  const { origin, size } = received.checkpoint;
  const { most, alarm, zh, en } = CONTRADICTIONS[kind];
  const name = `${short(origin)}-${kept?.size ?? 0}-${size}-${short(received.body)}`;
  const keptSince = kept && instant(kept.time);
  const report = { kind, zh, en, origin, keptSize: kept?.size, keptSince, size, receivedAt: witness.clock.now() };
  const files = {
    ...(kept && { 'kept.checkpoint': kept.note }),
    'received.checkpoint': received.note,
    'request.txt': formatAddCheckpoint(received),
    'report.json': `${JSON.stringify(report, undefined, 2)}\n`,
  };
  const found = await keepEvidence(join(witness.evidence, kind), name, files, most);
  if (found?.isNew) witness.logger.error({ origin, keptSize: kept?.size, size, evidence: found.folder }, alarm);
}

const instant = (time: number): string => new Date(time * 1000).toISOString();

const isInvalid = (error: unknown): boolean => error instanceof Failure && error.kind === 'invalid';

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
