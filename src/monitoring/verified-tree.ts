import { LRUCache } from 'lru-cache';
import { LogCorrupt, type LogStorage } from '../ledger/transparency/log-storage';
import { HASH_BYTES, perfectRoot } from '../ledger/transparency/merkle';
import { pathOf, TILE_WIDTH } from '../ledger/transparency/tile-path';
import { readTile, widthOf } from '../ledger/transparency/tile-reader';
import { TreeEdge } from '../ledger/transparency/tree-edge';

const MAX_CACHED_TILES = 512; // 4 MiB

/** Where tiles come from: the log itself, or what was copied of it. */
export interface TileSource extends Pick<LogStorage, 'read'> {
  readonly whose: 'log' | 'mirror';
}

/** A tile is not there, or does not add up to the root that was signed. */
export class TileFault extends Error {
  override readonly name = 'TileFault';
  constructor(
    readonly whose: TileSource['whose'],
    readonly path: string,
    readonly what: 'missing' | 'disagrees',
  ) {
    super(`${path} of the ${whose} ${what}`);
  }
}

/**
 * The tree of a signed checkpoint, read from tiles nobody needs to trust: each is held against the root before it is used. The
 * partial tiles on the right edge give the root together; every full tile is a hash of a tile above it.
 */
export class VerifiedTree {
  private readonly tiles = new LRUCache<string, Promise<Buffer>>({ max: MAX_CACHED_TILES });

  private constructor(
    private readonly source: TileSource,
    readonly size: number,
    /** The partial tile of each level, from level 0; empty where there is none. */
    private readonly edge: readonly Buffer[],
  ) {}

  /** @throws TileFault */
  static async open(source: TileSource, size: number, root: Uint8Array): Promise<VerifiedTree> {
    const edge: Buffer[] = [];
    for (let level = 0; hashesOn(level, size) > 0; level++) {
      const n = Math.floor(hashesOn(level, size) / TILE_WIDTH);
      edge.push(widthOf(level, n, size) === 0 ? Buffer.alloc(0) : await read(source, level, n, size));
    }
    if (!TreeEdge.of(size, edge, []).root().equals(root)) throw new TileFault(source.whose, 'tile', 'disagrees');
    return new VerifiedTree(source, size, edge);
  }

  /** The hashes of a tile that this tree has, concatenated. @throws TileFault */
  tile(level: number, n: number): Promise<Buffer> {
    if (widthOf(level, n, this.size) < TILE_WIDTH) return Promise.resolve(this.edge[level]);
    const path = pathOf({ level, n, width: TILE_WIDTH });
    const known = this.tiles.get(path);
    if (known) return known;
    const loading = this.load(level, n, path);
    this.tiles.set(path, loading);
    loading.catch(() => this.tiles.delete(path));
    return loading;
  }

  /** Whether these are the bytes of a full tile. */
  async holds(level: number, n: number, bytes: Buffer): Promise<boolean> {
    const above = await this.tile(level + 1, Math.floor(n / TILE_WIDTH));
    return bytes.length === TILE_WIDTH * HASH_BYTES && perfectRoot(bytes).equals(hashAt(above, n % TILE_WIDTH));
  }

  /** The root that this tree had when it had `size` leaves. */
  async rootAt(size: number): Promise<Buffer> {
    const edge: Buffer[] = [];
    for (let level = 0; hashesOn(level, size) > 0; level++) {
      const n = Math.floor(hashesOn(level, size) / TILE_WIDTH);
      const width = widthOf(level, n, size);
      edge.push(width === 0 ? Buffer.alloc(0) : (await this.tile(level, n)).subarray(0, width * HASH_BYTES));
    }
    return TreeEdge.of(size, edge, []).root();
  }

  private async load(level: number, n: number, path: string): Promise<Buffer> {
    const bytes = await read(this.source, level, n, this.size);
    if (!(await this.holds(level, n, bytes))) throw new TileFault(this.source.whose, path, 'disagrees');
    return bytes;
  }
}

/**
 * The index of the first leaf in which two trees differ, as far as both go; undefined when the smaller is the beginning of the
 * larger. Goes down from the top along the edge of the smaller one: a few tiles of each, however large they are.
 */
export async function firstDifference(a: VerifiedTree, b: VerifiedTree): Promise<number | undefined> {
  const size = Math.min(a.size, b.size);
  let level = 0;
  while (hashesOn(level + 1, size) > 0) level++;
  for (let [from, end] = [0, hashesOn(level, size)]; ; level--) {
    const differing = await firstDifferingHash(a, b, level, from, end);
    if (level === 0) return differing;
    from = (differing ?? end) * TILE_WIDTH; // below the hash that differs, or on along the edge
    end = differing === undefined ? hashesOn(level - 1, size) : from + TILE_WIDTH;
  }
}

/** Of the hashes on a level in `[from, end)`, all in one tile. */
async function firstDifferingHash(a: VerifiedTree, b: VerifiedTree, level: number, from: number, end: number) {
  if (from === end) return undefined;
  const n = Math.floor(from / TILE_WIDTH);
  const [tileA, tileB] = [await a.tile(level, n), await b.tile(level, n)];
  for (let at = from; at < end; at++) {
    if (!hashAt(tileA, at - n * TILE_WIDTH).equals(hashAt(tileB, at - n * TILE_WIDTH))) return at;
  }
  return undefined;
}

/** The hashes a tree of `size` leaves has on a level of tiles. */
export const hashesOn = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

export const hashAt = (tile: Buffer, i: number): Buffer => tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);

async function read(source: TileSource, level: number, n: number, size: number): Promise<Buffer> {
  const address = { level, n, width: widthOf(level, n, size) };
  try {
    const bytes = await readTile(source, address);
    if (bytes) return bytes;
  } catch (error) {
    if (error instanceof LogCorrupt) throw new TileFault(source.whose, error.path, 'disagrees'); // of another length
    throw error;
  }
  throw new TileFault(source.whose, pathOf(address), 'missing');
}
