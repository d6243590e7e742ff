import { Failure } from '../kernel/errors';
import { concatBytes, equalBytes, sha256 } from './bytes';

/** Hashes of a proof: a tree of 2^64 leaves needs no more. */
export const MAX_PROOF_HASHES = 64;
export const HASH_BYTES = 32;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of a leaf: SHA-256(0x00 ‖ entry) (RFC 6962 §2.1). */
export function leafHash(entry: Uint8Array): Promise<Uint8Array> {
  return sha256(concatBytes(LEAF, entry));
}

/** The hash of an inner node: SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return sha256(concatBytes(NODE, left, right));
}

/** Where a leaf is claimed to be: index from 0, in a tree of `size` leaves; hashes from the leaf's sibling upwards. */
export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: bigint;
  readonly size: bigint;
  readonly proof: readonly Uint8Array[];
}

/**
 * The root that a leaf and its path add up to (RFC 9162 §2.1.3.2, the same tree as RFC 6962). The size is not authenticated by
 * the path alone, only together with the root: take both from one signed checkpoint.
 * @throws Failure `log.proof_invalid` when the path does not have the shape of this index and size
 */
export async function rootFromInclusion({ leafHash, index, size, proof }: InclusionClaim): Promise<Uint8Array> {
  if (index < 0n || index >= size || !areHashes(proof, leafHash)) throw invalid();
  let node = index;
  let last = size - 1n; // the last node on the level of `node`
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0n) throw invalid();
    if (isRight(node) || node === last) {
      hash = await nodeHash(sibling, hash);
      [node, last] = upTo(isRight, node, last); // a last node without a sibling is its own parent
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  if (last !== 0n) throw invalid();
  return hash;
}

/**
 * Verifies that a leaf is in the tree with this root.
 * @throws Failure `log.proof_invalid`
 */
export async function verifyInclusion(claim: InclusionClaim & { readonly root: Uint8Array }): Promise<void> {
  if (!equalBytes(await rootFromInclusion(claim), claim.root)) throw invalid();
}

/** Two trees of one log, and the hashes that show the newer to hold the older unchanged. */
export interface ConsistencyClaim {
  readonly oldSize: bigint;
  readonly oldRoot: Uint8Array;
  readonly newSize: bigint;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Verifies that the newer tree is the older one with leaves added (RFC 9162 §2.1.4.2). From the empty tree nothing can be
 * proved, so size 0 is refused: whoever accepts any first tree must say so itself.
 * @throws Failure `log.proof_invalid`
 */
export async function verifyConsistency({
  oldSize,
  oldRoot,
  newSize,
  newRoot,
  proof,
}: ConsistencyClaim): Promise<void> {
  if (oldSize <= 0n || oldSize > newSize) throw invalid();
  if (oldSize === newSize) {
    if (proof.length > 0 || !equalBytes(oldRoot, newRoot)) throw invalid();
    return;
  }
  if (!areHashes(proof, oldRoot, newRoot)) throw invalid();
  // The path starts at the largest whole subtree that ends the older tree; where that is the older tree, it is left out.
  let [node, last] = upTo((n) => !isRight(n), oldSize - 1n, newSize - 1n);
  const [start, ...path] = node === 0n ? [oldRoot, ...proof] : proof;
  let [older, newer] = [start, start];
  for (const hash of path) {
    if (last === 0n) throw invalid();
    if (isRight(node) || node === last) {
      older = await nodeHash(hash, older);
      newer = await nodeHash(hash, newer);
      [node, last] = upTo(isRight, node, last);
    } else {
      newer = await nodeHash(newer, hash);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  const holds = last === 0n && start !== undefined && equalBytes(older, oldRoot) && equalBytes(newer, newRoot);
  if (!holds) throw invalid();
}

const isRight = (node: bigint): boolean => (node & 1n) === 1n;

/** Climbs until the node is as wanted or the first of its level. */
function upTo(wanted: (node: bigint) => boolean, node: bigint, last: bigint): [node: bigint, last: bigint] {
  while (node !== 0n && !wanted(node)) [node, last] = [node >> 1n, last >> 1n];
  return [node, last];
}

function areHashes(proof: readonly Uint8Array[], ...others: readonly Uint8Array[]): boolean {
  return proof.length <= MAX_PROOF_HASHES && [...proof, ...others].every((hash) => hash.length === HASH_BYTES);
}

function invalid(): Failure {
  return new Failure('invalid', 'log.proof_invalid', {
    zh: '日志证明不成立。',
    en: 'The proof does not hold in the log.',
  });
}
