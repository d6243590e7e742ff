import fc from 'fast-check';
import { EMPTY_ROOT } from '../../src/ledger/transparency/merkle';
import { firstDifference, TileFault, VerifiedTree, type TileSource } from '../../src/monitoring/verified-tree';
import { treeFiles } from './served-log';

function sourceOf(files: ReadonlyMap<string, Buffer>): TileSource & { readonly paths: string[] } {
  const paths: string[] = [];
  return { whose: 'log', paths, read: async (path) => (paths.push(path), files.get(path)) };
}

async function treeOf(size: number, divergesAt?: number): Promise<VerifiedTree> {
  const { files, root } = treeFiles(size, divergesAt);
  return VerifiedTree.open(sourceOf(files), size, root);
}

const sizes = fc.oneof(fc.nat(20), fc.constantFrom(255, 256, 257, 511, 512, 513), fc.nat(1500));

describe('the tree of a signed checkpoint', () => {
  it('knows the root that it had at every earlier size', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (a, b) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)];
        expect(await (await treeOf(large)).rootAt(small)).toEqual(treeFiles(small).root);
      }),
      { numRuns: 40 },
    );
    expect(await (await treeOf(10)).rootAt(0)).toEqual(EMPTY_ROOT);
  });

  it('tells the first leaf in which it differs from another, or that it is the beginning of it', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.nat(1500), async (a, b, divergesAt) => {
        const found = await firstDifference(await treeOf(a), await treeOf(b, divergesAt));
        expect(found).toBe(divergesAt < Math.min(a, b) ? divergesAt : undefined);
      }),
      { numRuns: 60 },
    );
  });

  it('takes a few tiles to tell, in a large tree too', async () => {
    const [one, other] = [treeFiles(70_000), treeFiles(66_000, 4711)];
    const [source, against] = [sourceOf(one.files), sourceOf(other.files)];
    const trees = [
      await VerifiedTree.open(source, 70_000, one.root),
      await VerifiedTree.open(against, 66_000, other.root),
    ] as const;
    expect(await firstDifference(...trees)).toBe(4711);
    expect(source.paths.length + against.paths.length).toBeLessThan(14);
  });

  it('takes no bit of any tile that the root does not vouch for', async () => {
    const { files, root } = treeFiles(1100);
    await fc.assert(
      fc.asyncProperty(fc.nat(3), fc.nat(8191), fc.nat(7), async (n, at, bit) => {
        const path = `tile/0/00${n}`;
        const bytes = Buffer.from(files.get(path)!);
        bytes[at] ^= 1 << bit;
        const changed = new Map([...files, [path, bytes]]);
        const tree = await VerifiedTree.open(sourceOf(changed), 1100, root);
        await expect(tree.tile(0, n)).rejects.toEqual(new TileFault('log', path, 'disagrees'));
      }),
      { numRuns: 40 },
    );
    const edge = Buffer.from(files.get('tile/0/004.p/76')!);
    edge[5] ^= 4;
    const changed = new Map([...files, ['tile/0/004.p/76', edge]]);
    await expect(VerifiedTree.open(sourceOf(changed), 1100, root)).rejects.toThrow(TileFault);
  });

  it('reads a partial tile from the full one that has taken its place', async () => {
    const { root } = treeFiles(200);
    const { files } = treeFiles(1000);
    await expect(VerifiedTree.open(sourceOf(files), 200, root)).resolves.toMatchObject({ size: 200 });
  });
});
