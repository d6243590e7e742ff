import type { LogObject, LogStorage } from '../../src/ledger/transparency/log-storage';
import { TreeEdge } from '../../src/ledger/transparency/tree-edge';

/** Tiles in memory, as a prover reads them. */
export class MemoryTiles implements Pick<LogStorage, 'read'> {
  readonly objects = new Map<string, Buffer>();

  put(objects: readonly LogObject[]): void {
    for (const { path, bytes } of objects) this.objects.set(path, Buffer.from(bytes));
  }

  async read(path: string): Promise<Buffer | undefined> {
    return this.objects.get(path);
  }
}

/** A tree of `size` entries, through the same writer as the sealer's; its partial tiles and root at each size of `published`. */
export function grownTree(
  size: number,
  entry: (index: number) => Uint8Array,
  published: ReadonlySet<number> = new Set(),
): { edge: TreeEdge; tiles: MemoryTiles; roots: Map<number, Buffer> } {
  const edge = TreeEdge.empty();
  const tiles = new MemoryTiles();
  const roots = new Map<number, Buffer>();
  for (let index = 0; index < size; index++) {
    tiles.put(edge.append(entry(index)));
    if (!published.has(index + 1)) continue;
    tiles.put(edge.partials());
    roots.set(index + 1, edge.root());
  }
  tiles.put(edge.partials());
  return { edge, tiles, roots };
}

/** 32 bytes that tell leaves apart. */
export function numbered(index: number): Buffer {
  const entry = Buffer.alloc(32);
  entry.writeDoubleBE(index);
  return entry;
}
