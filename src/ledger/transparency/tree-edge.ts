import type { LogObject } from './log-storage';
import { EMPTY_ROOT, foldRight, HASH_BYTES, leafHash, perfectRoot } from './merkle';
import { entriesPath, TILE_WIDTH, tilePath } from './tile-path';

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;
export const MAX_ENTRY_BYTES = 0xffff;

/**
 * The right edge of a growing tree: of each level the hashes that do not fill a tile yet, and the entries of the last bundle.
 * That is all that is needed to go on, and to know the root; it does not grow with the log.
 */
export class TreeEdge {
  private constructor(
    /** Leaves. */
    private leaves: number,
    /** Level by level, the hashes of its partial tile, concatenated. */
    private readonly hashes: Buffer[],
    /** The partial bundle: length-prefixed entries. */
    private entries: Buffer[],
  ) {}

  static empty(): TreeEdge {
    return new TreeEdge(0, [], []);
  }

  /**
   * The edge of a stored tree of `size` leaves. `hashes` are those of the partial tile on each level, from level 0;
   * `entries` are those of the last bundle when it is partial.
   */
  static of(size: number, hashes: readonly Uint8Array[], entries: readonly Uint8Array[]): TreeEdge {
    return new TreeEdge(size, hashes.map(Buffer.from), entries.map(lengthPrefixed));
  }

  get size(): number {
    return this.leaves;
  }

  /** Another edge at the same place: what is appended to one is not on the other. */
  copy(): TreeEdge {
    return new TreeEdge(this.leaves, [...this.hashes], [...this.entries]);
  }

  /** Adds a leaf; gives the tiles and the bundle that it makes full, if any. */
  append(entry: Uint8Array): LogObject[] {
    const index = this.leaves++;
    this.entries.push(lengthPrefixed(entry));
    const full = this.addHash(0, leafHash(entry), Math.floor(index / TILE_WIDTH));
    if (full.length === 0) return full;
    const bundle = { path: entriesPath(Math.floor(index / TILE_WIDTH)), bytes: Buffer.concat(this.entries) };
    this.entries = [];
    return [bundle, ...full];
  }

  /**
   * The partial tiles and bundle of this size. With `since`, an earlier size, only those that a tree of that size did not
   * have already.
   */
  partials(since = 0): LogObject[] {
    const bundle = Buffer.concat(this.entries);
    const objects: LogObject[] = [];
    if (bundle.length > 0 && this.leaves > since) {
      objects.push({ path: entriesPath(this.tileIndex(0), this.leaves % TILE_WIDTH), bytes: bundle });
    }
    this.hashes.forEach((bytes, level) => {
      const subtree = TILE_WIDTH ** level;
      if (bytes.length === 0 || Math.floor(this.leaves / subtree) === Math.floor(since / subtree)) return;
      objects.push({ path: tilePath(level, this.tileIndex(level), bytes.length / HASH_BYTES), bytes });
    });
    return objects;
  }

  /** The root of the tree (RFC 6962 §2.1). */
  root(): Buffer {
    if (this.leaves === 0) return EMPTY_ROOT;
    return foldRight([...this.hashes].reverse().flatMap(perfectSubtrees));
  }

  private tileIndex(level: number): number {
    return Math.floor(this.leaves / TILE_WIDTH ** (level + 1));
  }

  /** Adds a hash to the partial tile of a level; a tile that gets full becomes one hash on the level above. */
  private addHash(level: number, hash: Buffer, tile: number): LogObject[] {
    const bytes = Buffer.concat([this.hashes[level] ?? Buffer.alloc(0), hash]);
    if (bytes.length < TILE_BYTES) {
      this.hashes[level] = bytes;
      return [];
    }
    this.hashes[level] = Buffer.alloc(0);
    const above = this.addHash(level + 1, perfectRoot(bytes), Math.floor(tile / TILE_WIDTH));
    return [{ path: tilePath(level, tile), bytes }, ...above];
  }
}

/** An entry as a bundle holds it: a big-endian uint16 length and the bytes (C2SP tlog-tiles). */
function lengthPrefixed(entry: Uint8Array): Buffer {
  if (entry.length > MAX_ENTRY_BYTES) throw new RangeError(`an entry has at most ${MAX_ENTRY_BYTES} bytes`);
  const bytes = Buffer.allocUnsafe(2 + entry.length);
  bytes.writeUInt16BE(entry.length);
  bytes.set(entry, 2);
  return bytes;
}

/** The roots of the perfect subtrees that a partial tile consists of, the largest first. */
function perfectSubtrees(hashes: Buffer): Buffer[] {
  const roots: Buffer[] = [];
  const width = hashes.length / HASH_BYTES;
  let from = 0;
  for (let part = TILE_WIDTH / 2; part >= 1; part /= 2) {
    if ((width & part) === 0) continue;
    roots.push(perfectRoot(hashes.subarray(from * HASH_BYTES, (from + part) * HASH_BYTES)));
    from += part;
  }
  return roots;
}
