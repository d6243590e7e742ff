import fc from 'fast-check';
import { EMPTY_ROOT, leafHash } from '../../src/ledger/transparency/merkle';
import { entriesPath, parseTilePath, pathOf, tilePath } from '../../src/ledger/transparency/tile-path';
import { entriesOf, readTile } from '../../src/ledger/transparency/tile-reader';
import { TreeEdge } from '../../src/ledger/transparency/tree-edge';
import { naiveRoot } from '../verification/naive-tree';
import { grownTree, MemoryTiles, numbered } from './memory-storage';

describe('the path of a tile', () => {
  it.each([
    [tilePath(0, 0), 'tile/0/000'],
    [tilePath(3, 1234067), 'tile/3/x001/x234/067'],
    [tilePath(0, 273, 112), 'tile/0/273.p/112'],
    [tilePath(0, 5000, 1), 'tile/0/x005/000.p/1'],
    [entriesPath(1000), 'tile/entries/x001/000'],
    [entriesPath(67, 255), 'tile/entries/067.p/255'],
  ])('is %s as the specification writes it', (path, expected) => expect(path).toBe(expected));

  it('is read back to what it was made of', () => {
    const address = fc.record({
      level: fc.oneof(fc.constant('entries' as const), fc.nat(63)),
      n: fc.nat({ max: 10 ** 12 }),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(fc.property(address, (a) => expect(parseTilePath(pathOf(a))).toEqual(a)));
  });

  it.each([
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/001/234',
    'tile/0/x1234/567',
    'tile/0/000/',
    'tile/0/../../../ledger.db',
    'tile/data/000',
    '/tile/0/000',
    'tile/0/000\n',
  ])('is never %j', (path) => expect(parseTilePath(path)).toBeUndefined());
});

describe('the tiles of a tree', () => {
  it('of 70,000 leaves are those that the specification counts', () => {
    const { edge, tiles } = grownTree(70_000, numbered);
    const widths = (level: number): number[] =>
      [...tiles.objects].filter(([path]) => path.startsWith(`tile/${level}/`)).map(([, bytes]) => bytes.length / 32);
    expect(widths(0)).toEqual([...Array<number>(273).fill(256), 112]);
    expect(widths(1)).toEqual([256, 17]);
    expect(widths(2)).toEqual([1]);
    expect([...tiles.objects.keys()].filter((path) => path.includes('.p/')).sort()).toEqual([
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
      'tile/entries/273.p/112',
    ]);
    expect([...tiles.objects.keys()].filter((path) => path.startsWith('tile/entries/'))).toHaveLength(274);
    expect(edge.root()).toEqual(naiveRoot(Array.from({ length: 70_000 }, (_, index) => numbered(index))));
  });

  it('of exactly a full tile are that tile and its one hash on the next level, no empty one', () => {
    const { tiles } = grownTree(256, numbered);
    expect([...tiles.objects.keys()].sort()).toEqual(['tile/0/000', 'tile/1/000.p/1', 'tile/entries/000']);
    expect(tiles.objects.get('tile/1/000.p/1')).toEqual(
      naiveRoot(Array.from({ length: 256 }, (_, index) => numbered(index))),
    );
  });

  it('give the root at every size', () => {
    const entries = Array.from({ length: 600 }, (_, index) => numbered(index));
    const edge = TreeEdge.empty();
    expect(edge.root()).toEqual(EMPTY_ROOT);
    for (let size = 1; size <= entries.length; size++) {
      edge.append(entries[size - 1]);
      if (size < 20 || size % 7 === 0 || size % 256 < 2) expect(edge.root()).toEqual(naiveRoot(entries.slice(0, size)));
    }
  });

  it('hold each entry with its length before it, of any length that fits', async () => {
    const entries = [Buffer.alloc(0), Buffer.from('x'), Buffer.alloc(300, 7), Buffer.alloc(65_535, 1)];
    const { tiles } = grownTree(entries.length, (index) => entries[index]);
    const bundle = await readTile(tiles, { level: 'entries', n: 0, width: 4 });
    expect(entriesOf(bundle!, 'tile/entries/000.p/4')).toEqual(entries);
    expect(tiles.objects.get('tile/0/000.p/4')!.subarray(0, 32)).toEqual(leafHash(Buffer.alloc(0)));
    expect(() => TreeEdge.empty().append(Buffer.alloc(65_536))).toThrow(RangeError);
  });

  it('that were partial are read from the full one once they are gone, and a file of a wrong length never', async () => {
    const { tiles } = grownTree(300, numbered, new Set([100]));
    const partial = { level: 0, n: 0, width: 100 } as const;
    const bundle = { level: 'entries', n: 0, width: 100 } as const;
    const before = [await readTile(tiles, partial), await readTile(tiles, bundle)];
    tiles.objects.delete(pathOf(partial));
    tiles.objects.delete(pathOf(bundle));
    expect([await readTile(tiles, partial), await readTile(tiles, bundle)]).toEqual(before);
    expect(await readTile(tiles, { level: 0, n: 2, width: 1 })).toBeUndefined();
    const damaged = new MemoryTiles();
    damaged.put([
      { path: 'tile/0/000', bytes: Buffer.alloc(8191) },
      { path: 'tile/entries/000.p/2', bytes: Buffer.from('0020ff', 'hex') },
    ]);
    await expect(readTile(damaged, { level: 0, n: 0, width: 256 })).rejects.toMatchObject({ code: 'log.corrupt' });
    await expect(readTile(damaged, { level: 0, n: 0, width: 3 })).rejects.toMatchObject({ code: 'log.corrupt' });
    await expect(readTile(damaged, { level: 'entries', n: 0, width: 2 })).rejects.toMatchObject({
      code: 'log.corrupt',
    });
  });
});
