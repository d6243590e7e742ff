import { createHash } from 'node:crypto';

/** RFC 6962 §2.1 word for word, recursive and slow: what the verifier is held against. Shares no code with it. */

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export const naiveLeaf = (entry: Uint8Array): Buffer => sha256(Uint8Array.of(0), entry);
const naiveNode = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Uint8Array.of(1), left, right);

/** The largest power of two smaller than n. */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** MTH(D[n]). */
export function naiveRoot(entries: readonly Uint8Array[]): Buffer {
  if (entries.length === 0) return sha256();
  if (entries.length === 1) return naiveLeaf(entries[0]);
  const k = splitOf(entries.length);
  return naiveNode(naiveRoot(entries.slice(0, k)), naiveRoot(entries.slice(k)));
}

/** PATH(m, D[n]). */
export function naivePath(m: number, entries: readonly Uint8Array[]): Buffer[] {
  if (entries.length === 1) return [];
  const k = splitOf(entries.length);
  return m < k
    ? [...naivePath(m, entries.slice(0, k)), naiveRoot(entries.slice(k))]
    : [...naivePath(m - k, entries.slice(k)), naiveRoot(entries.slice(0, k))];
}

/** PROOF(m, D[n]), by SUBPROOF(m, D[n], whole). */
export function naiveConsistency(m: number, entries: readonly Uint8Array[], whole = true): Buffer[] {
  if (m === entries.length) return whole ? [] : [naiveRoot(entries)];
  const k = splitOf(entries.length);
  return m <= k
    ? [...naiveConsistency(m, entries.slice(0, k), whole), naiveRoot(entries.slice(k))]
    : [...naiveConsistency(m - k, entries.slice(k), false), naiveRoot(entries.slice(0, k))];
}

/** From the leaf upwards, on which side its path's hashes are: two claims of the same sides take the same proof. */
export function sidesOf(m: number, n: number): string {
  if (n === 1) return '';
  const k = splitOf(n);
  return m < k ? `${sidesOf(m, k)}R` : `${sidesOf(m - k, n - k)}L`;
}
