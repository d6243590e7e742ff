import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LogDirectory } from '../transparency/log-directory';
import { LogCorrupt, type LogStorage } from '../transparency/log-storage';
import { HASH_BYTES } from '../transparency/merkle';
import { pathOf, TILE_WIDTH } from '../transparency/tile-path';
import { readTile, widthOf } from '../transparency/tile-reader';

/** A copy of the log's tiles that somebody else kept, as `mingjing monitor` makes one, or an older copy of the log itself. */
export class MirrorLeaves {
  /** What is wrong with it: the path of a file. */
  fault: string | undefined;

  private constructor(
    readonly source: string,
    /** The checkpoint that it is of. */
    readonly note: string,
    private readonly storage: Pick<LogStorage, 'read'>,
  ) {}

  /** From a monitor's directory, or one with `checkpoint` and `tile/`; undefined when it is neither. */
  static async open(directory: string): Promise<MirrorLeaves | undefined> {
    const inside = join(directory, 'mirror');
    const mirror = existsSync(join(inside, 'checkpoint')) ? inside : directory;
    const storage = await LogDirectory.open(mirror, { readOnly: true });
    const note = (await storage.read('checkpoint'))?.toString('utf8');
    return note === undefined ? undefined : new MirrorLeaves(directory, note, storage);
  }

  /** The leaf hashes of tile `n` in the tree of `size` leaves, concatenated; none where it is damaged. */
  async leaves(n: number, size: number): Promise<Buffer> {
    const address = { level: 0, n, width: widthOf(0, n, size) };
    if (n * TILE_WIDTH >= size) return NONE;
    try {
      const tile = await readTile(this.storage, address);
      if (tile) return tile;
      this.fault ??= pathOf(address);
    } catch (error) {
      if (!(error instanceof LogCorrupt)) throw error;
      this.fault ??= error.path;
    }
    return NONE;
  }

  /** The leaf hash of a position in the tree of `size` leaves. */
  async leafAt(position: number, size: number): Promise<Buffer | undefined> {
    const i = (position - 1) % TILE_WIDTH;
    if (position > size) return undefined;
    const tile = await this.leaves(Math.floor((position - 1) / TILE_WIDTH), size);
    return tile.length > i * HASH_BYTES ? tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES) : undefined;
  }
}

const NONE = Buffer.alloc(0);
