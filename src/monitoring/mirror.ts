import { LogDirectory } from '../ledger/transparency/log-directory';
import { LogCorrupt, type LogObject } from '../ledger/transparency/log-storage';
import { partialsPath, pathOf, TILE_WIDTH, type TileAddress } from '../ledger/transparency/tile-path';
import { widthOf } from '../ledger/transparency/tile-reader';
import { hashesOn, VerifiedTree, type TileSource } from './verified-tree';

/** Tiles fetched at the same time. */
const PARALLEL = 8;
/** Tiles copied at most in one go, half a gigabyte: a log may sign any size it likes. */
const MAX_TILES = 65_536;

/** How many tiles are in the mirror, of how many. */
export type OnTiles = (done: number, total: number) => void;

/**
 * A copy of a log's hash tiles, in the log's own layout: `tile/<level>/…` and `checkpoint`. Entries are not copied; the log gives
 * nothing of them away but their hashes. Nothing gets in that does not belong to a root the log has signed.
 */
export class Mirror {
  private constructor(private readonly storage: LogDirectory) {}

  /** @throws LogLocked when another process writes it */
  static async open(directory: string): Promise<Mirror> {
    return new Mirror(await LogDirectory.open(directory));
  }

  /** Its own tree, held against the checkpoint that it is of. @throws TileFault when it is damaged */
  tree({ size, root }: { readonly size: number; readonly root: Uint8Array }): Promise<VerifiedTree> {
    return VerifiedTree.open(this.source, size, root);
  }

  readonly source: TileSource = { whose: 'mirror', read: (path) => this.storage.read(path) };

  /**
   * Copies what a tree has beyond its first `since` leaves, which are in the mirror. What an interrupted copy has left is
   * checked instead of fetched.
   * @param most tiles that are copied; the next call goes on
   * @returns whether all of it is there now
   * @throws TileFault at the first tile that is missing or wrong: nothing after it is asked for
   */
  async copy(tree: VerifiedTree, since: number, onTiles: OnTiles, most = MAX_TILES): Promise<boolean> {
    const total = countBeyond(since, tree.size);
    let [done, copied] = [0, 0];
    for (const batch of batchesOf(tilesBeyond(since, tree.size), PARALLEL)) {
      if (copied >= most) return false;
      const objects = (await Promise.all(batch.map((address) => this.missing(tree, address)))).flatMap((o) => o ?? []);
      await this.write(objects);
      copied += objects.length;
      onTiles((done += batch.length), total);
    }
    return true;
  }

  /** The mirror is whole up to this checkpoint; partial tiles that have become full go. */
  async publish(note: string, since: number, size: number): Promise<void> {
    await this.storage.publish(note);
    await this.storage.remove(grownFull(since, size).map(partialsPath));
  }

  close(): Promise<void> {
    return this.storage.close();
  }

  private async missing(tree: VerifiedTree, address: Tile): Promise<LogObject | undefined> {
    const path = pathOf(address);
    const { level, n, width } = address;
    const there = width === TILE_WIDTH ? await this.storage.read(path) : undefined;
    if (there && (await tree.holds(level, n, there))) return undefined;
    return { path, bytes: await tree.tile(level, n) };
  }

  private async write(objects: readonly LogObject[]): Promise<void> {
    try {
      await this.storage.write(objects);
    } catch (error) {
      if (!(error instanceof LogCorrupt)) throw error;
      // Left by an interrupted copy of a checkpoint that no longer is the log's: its note is kept and will not fit the mirror.
      await this.storage.remove([error.path]);
      await this.write(objects);
    }
  }
}

type Tile = TileAddress & { readonly level: number };

/** Every tile of a tree that is not a full tile of the smaller one: leaves first. Never all in memory: there may be 2^45. */
function* tilesBeyond(since: number, size: number): Generator<Tile> {
  for (let level = 0; hashesOn(level, size) > 0; level++) {
    for (let n = fullTiles(level, since); widthOf(level, n, size) > 0; n++) {
      yield { level, n, width: widthOf(level, n, size) };
    }
  }
}

function countBeyond(since: number, size: number): number {
  let count = 0;
  for (let level = 0; hashesOn(level, size) > 0; level++) {
    count += Math.ceil(hashesOn(level, size) / TILE_WIDTH) - fullTiles(level, since);
  }
  return count;
}

/** The tiles, one a level at most, that were partial and have become full. */
function grownFull(since: number, size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; hashesOn(level, since) > 0; level++) {
    const n = fullTiles(level, since);
    const isFull = widthOf(level, n, size) === TILE_WIDTH;
    if (widthOf(level, n, since) > 0 && isFull) tiles.push({ level, n, width: TILE_WIDTH });
  }
  return tiles;
}

const fullTiles = (level: number, size: number): number => Math.floor(hashesOn(level, size) / TILE_WIDTH);

function* batchesOf<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    if (batch.push(item) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
