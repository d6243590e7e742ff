import fc from 'fast-check';
import { verifyConsistency, verifyInclusion } from '../../src/verification/merkle-proof';
import { leafHash } from '../../src/ledger/transparency/merkle';
import { LogProver } from '../../src/ledger/transparency/prover';
import { naiveConsistency, naivePath, naiveRoot } from '../verification/naive-tree';
import { grownTree, numbered } from './memory-storage';

const SMALL = 600;
const entries = Array.from({ length: SMALL }, (_, index) => numbered(index));
/** Partial tiles of all these sizes are kept, so each can be asked for; some are removed below. */
const everySize = new Set(Array.from({ length: SMALL }, (_, i) => i + 1));

describe('a proof from tiles', () => {
  const { tiles } = grownTree(SMALL, numbered, everySize);
  const prover = new LogProver(tiles);

  it('of inclusion is that of RFC 6962, word for word, at every size', async () => {
    for (let size = 1; size <= SMALL; size += size < 20 ? 1 : 31) {
      const part = entries.slice(0, size);
      for (const index of new Set([0, 1, size >> 1, size - 2, size - 1].filter((i) => i >= 0 && i < size))) {
        expect([index, size, await prover.inclusionProof(index, size)]).toEqual([index, size, naivePath(index, part)]);
      }
    }
  });

  it('of consistency too, between any two sizes', async () => {
    for (let newSize = 1; newSize <= SMALL; newSize += newSize < 20 ? 1 : 58) {
      const part = entries.slice(0, newSize);
      for (let oldSize = 1; oldSize <= newSize; oldSize += newSize < 20 ? 1 : 37) {
        const proof = await prover.consistencyProof(oldSize, newSize);
        expect([oldSize, newSize, proof]).toEqual([oldSize, newSize, naiveConsistency(oldSize, part)]);
      }
    }
    expect(await prover.consistencyProof(0, SMALL)).toEqual([]);
  });

  it('holds for every leaf of every size, as the independent verifier sees it', async () => {
    for (const size of [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 600]) {
      const root = naiveRoot(entries.slice(0, size));
      for (let index = 0; index < size; index += size < 20 ? 1 : 43) {
        expect(await prover.entry(index, size)).toEqual(entries[index]);
        const proof = await prover.inclusionProof(index, size);
        await verifyInclusion({
          leafHash: leafHash(entries[index]),
          index: BigInt(index),
          size: BigInt(size),
          proof,
          root,
        });
      }
    }
  });

  it('can be had of sizes whose partial tiles are gone, from the full ones', async () => {
    const { tiles } = grownTree(SMALL, numbered); // only those of the last size are there
    const later = new LogProver(tiles);
    for (const size of [1, 100, 255, 256, 300, 511]) {
      expect(await later.inclusionProof(size >> 1, size)).toEqual(await prover.inclusionProof(size >> 1, size));
      expect(await later.consistencyProof(size >> 1, size)).toEqual(await prover.consistencyProof(size >> 1, size));
    }
  });

  it('is refused beyond the size, and where a tile is missing it is said which', async () => {
    await expect(prover.inclusionProof(5, 5)).rejects.toMatchObject({ code: 'log.beyond_size' });
    await expect(prover.inclusionProof(-1, 5)).rejects.toMatchObject({ code: 'log.beyond_size' });
    await expect(prover.consistencyProof(6, 5)).rejects.toMatchObject({ code: 'log.beyond_size' });
    const { tiles } = grownTree(SMALL, numbered);
    tiles.objects.delete('tile/0/001');
    const missing = { code: 'log.corrupt', path: 'tile/0/001' };
    await expect(new LogProver(tiles).inclusionProof(300, SMALL)).rejects.toMatchObject(missing);
  });

  it('of random leaves and sizes of a large tree holds, and reads few tiles', async () => {
    const published = [1000, 65_535, 65_536, 65_537, 100_000, 131_072, 131_330];
    const { tiles, roots } = grownTree(131_330, numbered, new Set(published));
    let reads = 0;
    const large = new LogProver({ read: (path) => ((reads += 1), tiles.read(path)) });
    const among = fc.constantFrom(...published);
    await fc.assert(
      fc.asyncProperty(among, among, fc.double({ min: 0, max: 1, noNaN: true }), async (a, b, where) => {
        const [oldSize, newSize] = [Math.min(a, b), Math.max(a, b)];
        const index = Math.floor(where * (newSize - 1));
        reads = 0;
        const proof = await large.inclusionProof(index, newSize);
        expect(reads).toBeLessThanOrEqual(2 * 3 * 2); // levels, paths there and on the right edge, partial tiles twice
        const root = roots.get(newSize)!;
        const leaf = leafHash(numbered(index));
        await verifyInclusion({ leafHash: leaf, index: BigInt(index), size: BigInt(newSize), proof, root });
        const consistency = await large.consistencyProof(oldSize, newSize);
        const sizes = { oldSize: BigInt(oldSize), newSize: BigInt(newSize) };
        await verifyConsistency({ ...sizes, oldRoot: roots.get(oldSize)!, newRoot: root, proof: consistency });
      }),
      { numRuns: 40 },
    );
  });

  it('of the vectors of the tree in RFC 6962 2.1.3 is what the RFC says', async () => {
    const seven = entries.slice(0, 7);
    const root = (from: number, to: number): Buffer => naiveRoot(seven.slice(from, to));
    expect(await prover.inclusionProof(0, 7)).toEqual([root(1, 2), root(2, 4), root(4, 7)]); // [b, h, l]
    expect(await prover.inclusionProof(3, 7)).toEqual([root(2, 3), root(0, 2), root(4, 7)]); // [c, g, l]
    expect(await prover.inclusionProof(4, 7)).toEqual([root(5, 6), root(6, 7), root(0, 4)]); // [f, j, k]
    expect(await prover.inclusionProof(6, 7)).toEqual([root(4, 6), root(0, 4)]); // [i, k]
    expect(await prover.consistencyProof(3, 7)).toEqual([root(2, 3), root(3, 4), root(0, 2), root(4, 7)]); // [c, d, g, l]
    expect(await prover.consistencyProof(4, 7)).toEqual([root(4, 7)]); // [l]
    expect(await prover.consistencyProof(6, 7)).toEqual([root(4, 6), root(6, 7), root(0, 4)]); // [i, j, k]
  });
});
