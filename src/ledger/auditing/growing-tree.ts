import { foldRight, HASH_BYTES, nodeHash } from '../transparency/merkle';
import { TILE_WIDTH } from '../transparency/tile-path';

const TILE_HEIGHT = 8;

/** A tile of hashes whose last one has come. */
export interface FullTile {
  readonly level: number;
  readonly n: number;
  readonly bytes: Buffer;
}

/** What a tree is taken up from again. Hashes in base64. */
export interface TreeState {
  readonly size: number;
  readonly subtrees: readonly string[];
  readonly tiles: readonly string[];
}

const NONE: readonly FullTile[] = [];

/**
 * A Merkle tree (RFC 6962 §2.1) that grows by one leaf hash at a time and knows its root after each: the roots of its perfect
 * subtrees, like the digits of a binary counter, and of every level the tile that is being filled. Two hashes a leaf.
 */
export class GrowingTree {
  private leaves = 0;
  /** The largest first. */
  private readonly subtrees: Buffer[] = [];
  /** By level: room for a whole tile, of which the beginning is filled. */
  private readonly tiles: Buffer[] = [];

  static from({ size, subtrees, tiles }: TreeState): GrowingTree {
    const tree = new GrowingTree();
    tree.leaves = size;
    tree.subtrees.push(...subtrees.map((hash) => Buffer.from(hash, 'base64')));
    tiles.forEach((bytes, level) => tree.room(level).set(Buffer.from(bytes, 'base64')));
    return tree;
  }

  get size(): number {
    return this.leaves;
  }

  get root(): Buffer {
    return foldRight(this.subtrees);
  }

  /** Adds a leaf by its hash; gives the tiles that it fills, from level 0 upwards. */
  append(leafHash: Buffer): readonly FullTile[] {
    let node = leafHash;
    let full = this.put(0, node);
    let height = 0;
    for (let rest = this.leaves; rest % 2 === 1; rest = (rest - 1) / 2) {
      node = nodeHash(this.subtrees.pop()!, node);
      if (++height % TILE_HEIGHT === 0) full = [...full, ...this.put(height / TILE_HEIGHT, node)];
    }
    this.subtrees.push(node);
    this.leaves += 1;
    return full;
  }

  /** The hashes of the tile that is being filled on a level; empty where there are none. */
  partial(level: number): Buffer {
    const width = Math.floor(this.leaves / TILE_WIDTH ** level) % TILE_WIDTH;
    return this.room(level).subarray(0, width * HASH_BYTES);
  }

  get levels(): number {
    return this.tiles.length;
  }

  copy(): GrowingTree {
    return GrowingTree.from(this.state());
  }

  state(): TreeState {
    return {
      size: this.leaves,
      subtrees: this.subtrees.map((hash) => hash.toString('base64')),
      tiles: this.tiles.map((_, level) => this.partial(level).toString('base64')),
    };
  }

  /** Puts the hash that the leaf being added completes on a level into its tile. */
  private put(level: number, hash: Buffer): readonly FullTile[] {
    const index = Math.floor(this.leaves / TILE_WIDTH ** level);
    const room = this.room(level);
    room.set(hash, (index % TILE_WIDTH) * HASH_BYTES);
    if (index % TILE_WIDTH < TILE_WIDTH - 1) return NONE;
    return [{ level, n: Math.floor(index / TILE_WIDTH), bytes: Buffer.from(room) }];
  }

  private room(level: number): Buffer {
    return (this.tiles[level] ??= Buffer.alloc(TILE_WIDTH * HASH_BYTES));
  }
}

/** Another history: the same tree up to the first leaf that is another, and its own from there on. */
export class ForkedTree {
  private own: GrowingTree | undefined;
  constructor(private readonly main: GrowingTree) {}

  get root(): Buffer {
    return (this.own ?? this.main).root;
  }

  get isOwn(): boolean {
    return this.own !== undefined;
  }

  /** Adds a leaf, before the main tree gets its own. */
  append(leafHash: Buffer, main: Buffer): readonly FullTile[] {
    if (!this.own && leafHash !== main && !leafHash.equals(main)) this.own = this.main.copy();
    return this.own?.append(leafHash) ?? NONE;
  }

  partial(level: number): Buffer {
    return (this.own ?? this.main).partial(level);
  }
}
