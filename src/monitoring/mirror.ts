import { LogDirectory } from '../ledger/transparency/log-directory';
import { LogCorrupt, type LogObject } from '../ledger/transparency/log-storage';
import { partialsPath, pathOf, TILE_WIDTH, type TileAddress } from '../ledger/transparency/tile-path';
import { widthOf } from '../ledger/transparency/tile-reader';
import { hashesOn, VerifiedTree, type TileSource } from './verified-tree';

/** Tiles fetched at the same time. */
const PARALLEL = 8;

/** How many tiles of leaves are in the mirror, of how many. */
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
   */
  async copy(tree: VerifiedTree, since: number, onTiles: OnTiles): Promise<void> {
    const addresses = tilesBeyond(since, tree.size);
    for (let at = 0; at < addresses.length; at += PARALLEL) {
      const batch = addresses.slice(at, at + PARALLEL);
      const objects = await Promise.all(batch.map((address) => this.missing(tree, address)));
      await this.write(objects.flatMap((object) => object ?? []));
      onTiles(Math.min(at + PARALLEL, addresses.length), addresses.length);
    }
  }

  /** The mirror is whole up to this checkpoint; partial tiles that have become full go. */
  async publish(note: string, since: number, size: number): Promise<void> {
    await this.storage.publish(note);
    const full = tilesBeyond(since, size).filter(({ level, n }) => hasPartial(level, n, since, size));
    await this.storage.remove(full.map(partialsPath));
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

/** Every tile of a tree that is not a full tile of the smaller one: leaves first. */
function tilesBeyond(since: number, size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; hashesOn(level, size) > 0; level++) {
    for (let n = Math.floor(hashesOn(level, since) / TILE_WIDTH); widthOf(level, n, size) > 0; n++) {
      tiles.push({ level, n, width: widthOf(level, n, size) });
    }
  }
  return tiles;
}

const hasPartial = (level: number, n: number, since: number, size: number): boolean =>
  widthOf(level, n, since) > 0 && widthOf(level, n, size) === TILE_WIDTH;
