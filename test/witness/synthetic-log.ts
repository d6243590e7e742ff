import { createHash } from 'node:crypto';
import { formatVerifierKey } from '../../src/verification/verifier-key';
import { naiveConsistency, naiveRoot } from '../verification/naive-tree';
import { signedCheckpoint, signerOf, type Signer } from '../verification/signing';

/** A log that signs what it is told to, honest or not; its tree is the naive one. */
export interface SyntheticLog {
  readonly origin: string;
  readonly vkey: string;
  readonly signer: Signer;
  readonly entries: readonly Buffer[];
  root(size: number): Buffer;
  proof(old: number, size: number): Buffer[];
  note(size: number, cosigners?: readonly (readonly [Signer, time: number])[]): string;
  /** The same log with another entry at this index: history rewritten under the same key. */
  rewritten(index: number): SyntheticLog;
}

export const ORIGIN = 'jc.example.gov.cn/mingjing/log';

export async function syntheticLog(size = 40, origin = ORIGIN, seed = 1): Promise<SyntheticLog> {
  const entries = Array.from({ length: size }, (_, i) => createHash('sha256').update(`entry ${i}`).digest());
  return logOf(await signerOf(origin, seed), entries);
}

function logOf(signer: Signer, entries: readonly Buffer[]): SyntheticLog {
  const { name: origin } = signer.key;
  const root = (size: number): Buffer => naiveRoot(entries.slice(0, size));
  return {
    origin,
    signer,
    entries,
    root,
    vkey: formatVerifierKey(signer.key),
    proof: (old, size) => (old === 0 ? [] : naiveConsistency(old, entries.slice(0, size))),
    note: (size, cosigners) => signedCheckpoint({ origin, size, root: root(size) }, signer, cosigners),
    rewritten: (index) => logOf(signer, entries.with(index, Buffer.from('what should have been there instead'))),
  };
}
