import { hash } from 'node:crypto';

/** Length of SHA-256. */
export const HASH_BYTES = 32;

/** Root of the tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
export const EMPTY_ROOT: Buffer = hash('sha256', Buffer.alloc(0), 'buffer');

/** Hash of a leaf, `SHA-256(0x00 ‖ entry)` (RFC 6962 §2.1). */
export function leafHash(entry: Uint8Array): Buffer {
  const preimage = Buffer.allocUnsafe(1 + entry.length);
  preimage[0] = 0;
  preimage.set(entry, 1);
  return hash('sha256', preimage, 'buffer');
}

/** What `nodeHash` hashes; nothing else runs between filling and hashing it. */
const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** Hash of an inner node, `SHA-256(0x01 ‖ left ‖ right)` (RFC 6962 §2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return hash('sha256', node, 'buffer');
}

/** Root over `hashes` (32 bytes each, concatenated), whose number must be a power of two: a perfect subtree. */
export function perfectRoot(hashes: Uint8Array): Buffer {
  let level: Uint8Array = hashes;
  while (level.length > HASH_BYTES) {
    const above = Buffer.allocUnsafe(level.length / 2);
    for (let at = 0; at < above.length; at += HASH_BYTES) {
      const left = level.subarray(2 * at, 2 * at + HASH_BYTES);
      const right = level.subarray(2 * at + HASH_BYTES, 2 * at + 2 * HASH_BYTES);
      above.set(nodeHash(left, right), at);
    }
    level = above;
  }
  return Buffer.from(level);
}

/**
 * Root over a run of subtrees, the largest first, as the right edge of a tree has them: each hashed with what stands to its
 * right (RFC 6962 §2.1). `EMPTY_ROOT` of none.
 */
export function foldRight(subtrees: readonly Uint8Array[]): Buffer {
  if (subtrees.length === 0) return EMPTY_ROOT;
  return Buffer.from(subtrees.reduceRight((right, left) => nodeHash(left, right)));
}
