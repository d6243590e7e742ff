import { LRUCache } from 'lru-cache';
import { Failure } from '../../kernel/errors';
import { parseCheckpoint } from '../../verification/checkpoint';
import { parseNote } from '../../verification/note';
import { LogCorrupt, type LogStorage } from './log-storage';
import { foldRight, HASH_BYTES, nodeHash } from './merkle';
import { pathOf, TILE_WIDTH } from './tile-path';
import { entriesOf, readTile, widthOf } from './tile-reader';

const TILE_HEIGHT = 8;
const MAX_CACHE_BYTES = 16 * 1024 * 1024;
/** A cached tile: its hashes, and as much again for the nodes above them. */
const CACHED_TILE_BYTES = 2 * TILE_WIDTH * HASH_BYTES;

/** The newest published checkpoint. */
export interface PublishedCheckpoint {
  /** The signed note, verbatim. */
  readonly note: string;
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * Proofs from the stored tiles (RFC 6962 §2.1.1, §2.1.2), for any size up to the newest published one. Reads O(log n) tiles a
 * proof; keeps the last 16 MiB of them.
 */
export class LogProver {
  private readonly tiles = new LRUCache<string, Tile>({
    maxSize: MAX_CACHE_BYTES,
    sizeCalculation: () => CACHED_TILE_BYTES,
  });

  constructor(private readonly storage: Pick<LogStorage, 'read'>) {}

  /** @throws Failure `log.not_published` before the first checkpoint */
  async checkpoint(): Promise<PublishedCheckpoint> {
    const note = (await this.storage.read('checkpoint'))?.toString('utf8');
    if (note === undefined) {
      throw new Failure('unavailable', 'log.not_published', {
        zh: '日志尚未发布检查点，请稍后再试。',
        en: 'The log has not published a checkpoint yet; try again shortly.',
        retryAfterS: 1,
      });
    }
    return { note, ...parseCheckpoint(parseNote(note).text) };
  }

  /** The path from leaf `index` to the root of the tree of `size` leaves, the leaf's sibling first. */
  async inclusionProof(index: number, size: number): Promise<Buffer[]> {
    assertWithin(index, size - 1);
    const proof: Buffer[] = [];
    for (let [low, high] = [0, size]; high - low > 1;) {
      const middle = low + leftPart(high - low);
      if (index < middle) {
        proof.push(await this.run(middle, high, size));
        high = middle;
      } else {
        proof.push(await this.run(low, middle, size));
        low = middle;
      }
    }
    return proof.reverse();
  }

  /** What shows that the tree of `newSize` leaves begins with that of `oldSize` leaves; empty from 0 and to itself. */
  async consistencyProof(oldSize: number, newSize: number): Promise<Buffer[]> {
    assertWithin(oldSize, newSize);
    if (oldSize === 0) return [];
    const proof: Buffer[] = [];
    let [low, high] = [0, newSize];
    while (high !== oldSize) {
      const middle = low + leftPart(high - low);
      if (oldSize <= middle) {
        proof.push(await this.run(middle, high, newSize));
        high = middle;
      } else {
        proof.push(await this.run(low, middle, newSize));
        low = middle;
      }
    }
    if (low > 0) proof.push(await this.run(low, high, newSize)); // the old root itself is known to who asks
    return proof.reverse();
  }

  /** The entry of leaf `index`, as the log of `size` leaves has it. */
  async entry(index: number, size: number): Promise<Buffer> {
    assertWithin(index, size - 1);
    const n = Math.floor(index / TILE_WIDTH);
    const address = { level: 'entries', n, width: widthOf('entries', n, size) } as const;
    const bundle = await readTile(this.storage, address);
    if (!bundle) throw new LogCorrupt(pathOf(address), 'it is missing');
    return entriesOf(bundle, pathOf(address))[index % TILE_WIDTH];
  }

  /** The root over the first `oldSize` leaves, from the tiles of the tree of `newSize` leaves. */
  async root(oldSize: number, newSize: number): Promise<Buffer> {
    assertWithin(oldSize, newSize);
    return this.run(0, oldSize, newSize);
  }

  /** The root over the leaves from `low` to before `high`, of which `low` starts a subtree of that size or more. */
  private async run(low: number, high: number, size: number): Promise<Buffer> {
    const subtrees: Buffer[] = [];
    for (let at = low; at < high;) {
      const height = log2(high - at);
      subtrees.push(await this.subtree(height, at / 2 ** height, size));
      at += 2 ** height;
    }
    return foldRight(subtrees);
  }

  /** The root of the `n`-th perfect subtree of a height: within a tile, the node over a power of two of its hashes. */
  private async subtree(height: number, n: number, size: number): Promise<Buffer> {
    const level = Math.floor(height / TILE_HEIGHT);
    const up = height % TILE_HEIGHT;
    const first = n * 2 ** up;
    const tile = await this.tile(level, Math.floor(first / TILE_WIDTH), size);
    return tile.node(up, (first % TILE_WIDTH) / 2 ** up);
  }

  private async tile(level: number, n: number, size: number): Promise<Tile> {
    const address = { level, n, width: widthOf(level, n, size) };
    const path = pathOf(address);
    const known = this.tiles.get(path);
    if (known) return known;
    const bytes = await readTile(this.storage, address);
    if (!bytes) throw new LogCorrupt(path, 'it is missing');
    const tile = new Tile(bytes);
    this.tiles.set(path, tile);
    return tile;
  }
}

/** A tile's hashes and the nodes over them, each computed when it is first asked for. */
class Tile {
  private readonly nodes: Array<Array<Buffer | undefined>> = Array.from({ length: TILE_HEIGHT }, () => []);

  constructor(private readonly hashes: Buffer) {}

  /** The `i`-th node, `up` steps above the hashes. */
  node(up: number, i: number): Buffer {
    if (up === 0) return this.hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);
    return (this.nodes[up][i] ??= nodeHash(this.node(up - 1, 2 * i), this.node(up - 1, 2 * i + 1)));
  }
}

/** The leaves on the left of a tree of `size` leaves: the largest power of two below it (RFC 6962 §2.1). */
function leftPart(size: number): number {
  return 2 ** log2(size - 1);
}

/** The whole part of the binary logarithm, exact for every safe integer from 1, which `Math.log2` is not. */
function log2(n: number): number {
  return n < 2 ** 32 ? 31 - Math.clz32(n) : 32 + log2(Math.floor(n / 2 ** 32));
}

function assertWithin(value: number, largest: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && value <= largest) return;
  throw new Failure('invalid', 'log.beyond_size', {
    zh: '所求证明超出日志的大小。',
    en: 'The proof asked for lies beyond the size of the log.',
  });
}
