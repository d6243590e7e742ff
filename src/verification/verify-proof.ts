import { Failure, type Bilingual } from '../kernel/errors';
import { toBase64 } from './bytes';
import { parseCheckpoint, type Checkpoint } from './checkpoint';
import { decodeDisclosed, decodeDisclosure, disclosureDigest, entryOf, type Disclosed } from './disclosure';
import { leafHash, verifyInclusion } from './merkle-proof';
import { parseNote } from './note';
import { NO_QUORUM, quorumMet, type Policy } from './policy';
import { parseProofFile, type ProofFile } from './proof-file';
import { formatVerifierKey, verifyNote, type VerifiedSignature, type VerifierKey } from './verifier-key';

/** A witness of the policy that has cosigned, and when (Unix seconds). */
export interface Cosigner {
  /** Its name in the policy. */
  readonly name: string;
  readonly key: VerifierKey;
  readonly time: number;
}

/** A checkpoint that a log of the policy has signed. `met`: the witnesses who cosigned are the policy's quorum. */
export interface VerifiedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly log: VerifierKey;
  readonly cosigners: readonly Cosigner[];
  readonly met: boolean;
}

export type VerificationStep = 'disclosures' | 'entry' | 'inclusion' | 'signature' | 'cosignatures';
export type VerificationWarning = 'no_witnesses' | 'nothing_disclosed' | 'cosigned_in_future' | 'cosigned_far_apart';

/** How far two clocks may differ before a reader should know, in seconds. */
const CLOCK_TOLERANCE_S = 300;
/** Witnesses cosign a checkpoint within seconds of each other; one that was away may come hours later. */
const FAR_APART_S = 86_400;

/** What was verified of a proof, as JSON holds it. */
export interface VerificationReport {
  /** What was done, in order and in plain words. */
  readonly steps: readonly ({ readonly step: VerificationStep } & Bilingual)[];
  /** What a reader should know although everything holds. */
  readonly warnings: readonly ({ readonly warning: VerificationWarning } & Bilingual)[];
  /** The event's number in the ledger, from 1: the entry's index in the log and one. */
  readonly position: number;
  /** Path → value. */
  readonly disclosed: Readonly<Record<string, unknown>>;
  /** Items that the entry commits to and this proof keeps back; a personal field is two, its plaintext and what is stored. */
  readonly withheld: number;
  /** `root` in base64. */
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
  /** The key that signed the checkpoint, as a verifier key. */
  readonly log: string;
  /** `time` in Unix seconds. */
  readonly cosigners: readonly { readonly name: string; readonly key: string; readonly time: number }[];
}

/**
 * Verifies a proof file against a policy, offline: each disclosed field is one of the entry's digests, the entry is the leaf
 * it says, the leaf is in the tree of the checkpoint, and the checkpoint is signed by a log and enough witnesses of the policy.
 * @param now Unix seconds, by the reader's clock; without it no warning is given of cosignatures in the future
 * @throws Failure with the code of what does not hold: `proof.malformed`, `proof.entry_missing`, `proof.disclosure_forged`,
 * `proof.position_mismatch`, `proof.inclusion_failed`, `proof.signature_invalid`, `proof.checkpoint_unsigned`,
 * `proof.origin_mismatch`, `proof.quorum_not_met`; `verification.…` where this platform cannot tell
 */
export async function verifyProof(proofText: string, policy: Policy, now?: number): Promise<VerificationReport> {
  const { file, position, disclosed, withheld } = await openProof(proofText);
  const verified = await verifyCheckpoint(file.checkpoint, policy);
  if (!verified.met) throw quorumNotMet(verified, policy);
  const told = report(position, disclosed, withheld, verified, policy);
  return { ...told, warnings: [...told.warnings, ...warningsOfTimes(verified.cosigners, now)] };
}

/** A proof file that agrees with itself. Who has signed its checkpoint is not asked here. */
export interface OpenedProof {
  readonly file: ProofFile;
  readonly entry: Uint8Array;
  readonly position: number;
  /** Path → value. */
  readonly disclosed: ReadonlyMap<string, unknown>;
  readonly withheld: number;
}

/**
 * Opens a proof file: each disclosed field is one of the entry's digests, and the entry is in the tree of the checkpoint.
 * @throws Failure as `verifyProof`, but for signatures
 */
export async function openProof(proofText: string): Promise<OpenedProof> {
  const file = parseProofFile(proofText);
  const extra = disclosedOf(file);
  const disclosed = await openDisclosures(extra);
  const position = positionOf(file, disclosed);
  const entry = await entryOf(extra._sd);
  await checkInclusion(file, entry);
  return { file, entry, position, disclosed, withheld: extra._sd.length - disclosed.size };
}

/**
 * Verifies a signed checkpoint: by a log of the policy, under its own name; and which witnesses of the policy have cosigned.
 * Whether they are enough is for the caller to act on: `met`.
 * @throws Failure `note.malformed`, `checkpoint.malformed`, `proof.checkpoint_unsigned`, `proof.origin_mismatch`,
 * `proof.signature_invalid`; `verification.…` where this platform cannot tell
 */
export async function verifyCheckpoint(noteText: string, policy: Policy): Promise<VerifiedCheckpoint> {
  const note = parseNote(noteText);
  const checkpoint = parseCheckpoint(note.text);
  const logs = policy.logs.map(({ key }) => key);
  const signatures = await verifyNote(note, [...logs, ...policy.witnesses.map(({ key }) => key)]);
  const byLogs = signatures.map(({ key }) => key).filter((key) => logs.includes(key));
  if (byLogs.length === 0) throw unsigned(checkpoint);
  const log = byLogs.find(({ name }) => name === checkpoint.origin);
  if (!log) throw originMismatch(checkpoint, byLogs[0]);
  const cosigners = cosignersOf(signatures, policy);
  return { checkpoint, log, cosigners, met: quorumMet(policy, new Set(cosigners.map(({ name }) => name))) };
}

function cosignersOf(signatures: readonly VerifiedSignature[], policy: Policy): Cosigner[] {
  return policy.witnesses.flatMap(({ name, key }) => {
    const time = signatures.find((signature) => signature.key === key)?.time;
    return time === undefined ? [] : [{ name, key, time }];
  });
}

function disclosedOf({ extra }: ProofFile): Disclosed {
  if (extra) return decodeDisclosed(extra);
  throw new Failure('invalid', 'proof.entry_missing', {
    zh: '证明文件没有 extra 行，无从得知它证明的是哪条记录。',
    en: 'The proof file has no extra line, so there is no telling which record it proves.',
  });
}

/** Path → value of the disclosures, each of which must be one of the digests, and no path twice. */
async function openDisclosures({ _sd, disclosures }: Disclosed): Promise<ReadonlyMap<string, unknown>> {
  const digests = new Set(_sd);
  const opened = new Map<string, unknown>();
  for (const encoded of disclosures) {
    const { path, value } = decodeDisclosure(encoded);
    if (!digests.has(await disclosureDigest(encoded)) || opened.has(path)) {
      throw new Failure('invalid', 'proof.disclosure_forged', {
        zh: `字段“${path}”不属于该记录：内容被改动、伪造或重复。`,
        en: `The field “${path}” is not of this record: it was changed, forged or given twice.`,
        field: path,
      });
    }
    opened.set(path, value);
  }
  return opened;
}

function positionOf({ index }: ProofFile, disclosed: ReadonlyMap<string, unknown>): number {
  const position = index + 1;
  if (!disclosed.has('position') || disclosed.get('position') === position) return position;
  throw new Failure('invalid', 'proof.position_mismatch', {
    zh: '记录自称的序号与它在日志中的位置不符。',
    en: 'The record says another position than the one it has in the log.',
    field: 'position',
  });
}

async function checkInclusion({ index, hashes, checkpoint }: ProofFile, entry: Uint8Array): Promise<void> {
  const { size, root } = parseCheckpoint(parseNote(checkpoint).text);
  const claim = { leafHash: await leafHash(entry), index: BigInt(index), size: BigInt(size), proof: hashes, root };
  try {
    await verifyInclusion(claim);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'invalid') throw error;
    throw new Failure('invalid', 'proof.inclusion_failed', {
      zh: '该记录不在检查点所载的日志之中：记录、路径或检查点被改动。',
      en: 'The record is not in the log of this checkpoint: record, path or checkpoint was changed.',
    });
  }
}

function unsigned({ origin }: Checkpoint): Failure {
  return new Failure('invalid', 'proof.checkpoint_unsigned', {
    zh: `检查点（${origin}）没有信任策略所列日志的签名。`,
    en: `The checkpoint (${origin}) is not signed by a log of the trust policy.`,
  });
}

function originMismatch({ origin }: Checkpoint, { name }: VerifierKey): Failure {
  return new Failure('invalid', 'proof.origin_mismatch', {
    zh: `检查点自称属于日志“${origin}”，签名的却是“${name}”。`,
    en: `The checkpoint says that it is of the log “${origin}”, but “${name}” has signed it.`,
  });
}

function quorumNotMet({ cosigners }: VerifiedCheckpoint, { quorum, witnesses }: Policy): Failure {
  const names = cosigners.map(({ name }) => name).join('、');
  return new Failure('invalid', 'proof.quorum_not_met', {
    zh: `见证不足：信任策略要求“${quorum}”，${witnesses.length} 个见证人中有 ${cosigners.length} 个见证${names && `（${names}）`}。`,
    en: `Not enough witnesses: the trust policy requires “${quorum}”, ${cosigners.length} of ${witnesses.length} witnesses have cosigned${names && ` (${names})`}.`,
  });
}

function report(
  position: number,
  disclosed: ReadonlyMap<string, unknown>,
  withheld: number,
  { checkpoint, log, cosigners }: VerifiedCheckpoint,
  policy: Policy,
): VerificationReport {
  const { origin, size } = checkpoint;
  const root = toBase64(checkpoint.root);
  return {
    steps: [
      {
        step: 'disclosures',
        zh: `公开的 ${disclosed.size} 个字段逐一重新计算了摘要，都属于该记录；另有 ${withheld} 项只见摘要，未公开内容。`,
        en: `The digests of the ${disclosed.size} disclosed fields were computed again, and all belong to the record; ${withheld} further items are committed to but not disclosed.`,
      },
      {
        step: 'entry',
        zh: `由全部摘要重新计算了日志条目，即台账第 ${position} 条事件。`,
        en: `The log entry, event ${position} of the ledger, was computed again from all digests.`,
      },
      {
        step: 'inclusion',
        zh: `条目沿证明路径计算到根 ${root}，与检查点所载一致：它在日志“${origin}”的 ${size} 条之中。`,
        en: `The path from the entry leads to the root ${root} of the checkpoint: it is one of the ${size} entries of the log “${origin}”.`,
      },
      {
        step: 'signature',
        zh: `检查点由日志“${log.name}”签名，签名成立。`,
        en: `The checkpoint is signed by the log “${log.name}”, and the signature holds.`,
      },
      ...cosigners.map(({ name, time }) => ({
        step: 'cosignatures' as const,
        zh: `见证人“${name}”于 ${instant(time)} 见证了同一检查点，签名成立。`,
        en: `The witness “${name}” cosigned the same checkpoint at ${instant(time)}, and the signature holds.`,
      })),
    ],
    warnings: warningsOf(disclosed, policy),
    position,
    disclosed: Object.fromEntries(disclosed),
    withheld,
    checkpoint: { origin, size, root },
    log: formatVerifierKey(log),
    cosigners: cosigners.map(({ name, key, time }) => ({ name, key: formatVerifierKey(key), time })),
  };
}

function warningsOf(disclosed: ReadonlyMap<string, unknown>, { quorum }: Policy): VerificationReport['warnings'] {
  return [
    ...(quorum === NO_QUORUM
      ? [
          {
            warning: 'no_witnesses' as const,
            zh: '信任策略不要求见证人：只能证明日志这样签过名，不能排除它给别人看的是另一本账。',
            en: 'The trust policy asks for no witness: this shows what the log has signed, not that it shows everyone the same.',
          },
        ]
      : []),
    ...(disclosed.size === 0
      ? [
          {
            warning: 'nothing_disclosed' as const,
            zh: '证明没有公开任何字段：只知道日志有这一条，不知道内容。',
            en: 'The proof discloses no field: there is such an entry, but not what it says.',
          },
        ]
      : []),
  ];
}

/** What does not fit in the times that the witnesses give. A proof whose other signatures hold is not refused for a clock. */
function warningsOfTimes(cosigners: readonly Cosigner[], now = Infinity): VerificationReport['warnings'] {
  const early = cosigners.filter(({ time }) => time > now + CLOCK_TOLERANCE_S).map(({ name }) => name);
  const times = cosigners.map(({ time }) => time);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  return [
    ...(early.length > 0
      ? [
          {
            warning: 'cosigned_in_future' as const,
            zh: `见证时间晚于本机时钟（${early.join('、')}）：见证人或本机的时钟不准，其见证时间不能作为依据。`,
            en: `Cosigned later than it is by this computer’s clock (${early.join(', ')}): its clock or the witness’s is wrong, and the time of that cosignature shows nothing.`,
          },
        ]
      : []),
    ...(last - first > FAR_APART_S
      ? [
          {
            warning: 'cosigned_far_apart' as const,
            zh: `各见证人的见证时间相差一天以上（${instant(first)} 至 ${instant(last)}）：有的时钟不准，或有的见证很晚才作出。`,
            en: `The witnesses’ times are over a day apart (${instant(first)} to ${instant(last)}): a clock is wrong, or one cosigned late.`,
          },
        ]
      : []),
  ];
}

/** Unix seconds as ISO 8601. */
function instant(time: number): string {
  return new Date(time * 1000).toISOString().replace('.000', '');
}
