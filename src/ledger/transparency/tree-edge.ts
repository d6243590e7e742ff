import type { LogObject } from './log-storage';
import { foldRight, HASH_BYTES, leafHash, perfectRoot } from './merkle';
import { entriesPath, TILE_WIDTH, tilePath } from './tile-path';

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;
/** C2SP tlog-tiles: an entry’s length is a 16-bit number. */
export const MAX_ENTRY_BYTES = 0xffff;

/** The partial tile of a level: room for a full one, and how many hashes are in it. */
interface PartialTile {
  readonly bytes: Buffer;
  width: number;
}

/**
 * The right edge of a growing tree: of each level the hashes that do not fill a tile yet, and the entries of the last bundle.
 * That is all that is needed to go on, and to know the root; it does not grow with the log.
 */
export class TreeEdge {
  private constructor(
    /** Leaves. */
    private leaves: number,
    private readonly levels: PartialTile[],
    /** The partial bundle: length-prefixed entries. */
    private entries: Buffer[],
  ) {}

  static empty(): TreeEdge {
    return new TreeEdge(0, [], []);
  }

  /**
   * The edge of a stored tree of `size` leaves: the hashes of the partial tile on each level, from level 0, and the entries
   * of the last bundle when it is partial.
   */
  static of(size: number, hashes: readonly Uint8Array[], entries: readonly Uint8Array[]): TreeEdge {
    return new TreeEdge(size, hashes.map(partialTile), entries.map(lengthPrefixed));
  }

  get size(): number {
    return this.leaves;
  }

  /** Another edge at the same place: what is appended to one is not on the other. */
  copy(): TreeEdge {
    return new TreeEdge(this.leaves, this.levels.map(hashesOf).map(partialTile), [...this.entries]);
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
    const objects: LogObject[] = [];
    if (this.entries.length > 0 && this.leaves > since) {
      const bytes = Buffer.concat(this.entries);
      objects.push({ path: entriesPath(this.tileIndex(0), this.entries.length), bytes });
    }
    this.levels.forEach((tile, level) => {
      const subtree = TILE_WIDTH ** level;
      if (tile.width === 0 || Math.floor(this.leaves / subtree) === Math.floor(since / subtree)) return;
      objects.push({ path: tilePath(level, this.tileIndex(level), tile.width), bytes: Buffer.from(hashesOf(tile)) });
    });
    return objects;
  }

  /** The root of the tree (RFC 6962 §2.1). */
  root(): Buffer {
    return foldRight([...this.levels].reverse().flatMap(perfectSubtrees));
  }

  private tileIndex(level: number): number {
    return Math.floor(this.leaves / TILE_WIDTH ** (level + 1));
  }

  /** Adds a hash to the partial tile of a level; a tile that gets full becomes one hash on the level above. */
  private addHash(level: number, hash: Buffer, n: number): LogObject[] {
    const tile = (this.levels[level] ??= partialTile(Buffer.alloc(0)));
    tile.bytes.set(hash, tile.width * HASH_BYTES);
    tile.width += 1;
    if (tile.width < TILE_WIDTH) return [];
    tile.width = 0;
    const bytes = Buffer.from(tile.bytes);
    return [
      { path: tilePath(level, n), bytes },
      ...this.addHash(level + 1, perfectRoot(bytes), Math.floor(n / TILE_WIDTH)),
    ];
  }
}

function partialTile(hashes: Uint8Array): PartialTile {
  const bytes = Buffer.alloc(TILE_BYTES);
  bytes.set(hashes);
  return { bytes, width: hashes.length / HASH_BYTES };
}

const hashesOf = ({ bytes, width }: PartialTile): Buffer => bytes.subarray(0, width * HASH_BYTES);

/** An entry as a bundle holds it: a big-endian uint16 length and the bytes (C2SP tlog-tiles). */
function lengthPrefixed(entry: Uint8Array): Buffer {
  if (entry.length > MAX_ENTRY_BYTES) throw new RangeError(`an entry has at most ${MAX_ENTRY_BYTES} bytes`);
  const bytes = Buffer.allocUnsafe(2 + entry.length);
  bytes.writeUInt16BE(entry.length);
  bytes.set(entry, 2);
  return bytes;
}

/** The roots of the perfect subtrees that a partial tile consists of, the largest first. */
function perfectSubtrees({ bytes, width }: PartialTile): Buffer[] {
  const roots: Buffer[] = [];
  for (let from = 0, part = TILE_WIDTH / 2; part >= 1; part /= 2) {
    if ((width & part) === 0) continue;
    roots.push(perfectRoot(bytes.subarray(from * HASH_BYTES, (from + part) * HASH_BYTES)));
    from += part;
  }
  return roots;
}
