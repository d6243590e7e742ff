import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { concatBytes, equalBytes, toBase64 } from '../../src/verification/bytes';
import {
  leafHash,
  nodeHash,
  rootFromInclusion,
  verifyConsistency,
  verifyInclusion,
} from '../../src/verification/merkle-proof';
import { naiveConsistency, naiveLeaf, naivePath, naiveRoot, sidesOf } from './naive-tree';

const refusal = { code: 'log.proof_invalid' };
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

describe('known answers', () => {
  /** The eight leaves of Certificate Transparency's reference tests, and the roots of their first n. */
  const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const ROOTS = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];

  it('has the roots of the reference tree, from proofs of each of its leaves', async () => {
    const entries = LEAVES.map(hex);
    for (const [at, root] of ROOTS.entries()) {
      const tree = entries.slice(0, at + 1);
      for (const [index, entry] of tree.entries()) {
        const proof = naivePath(index, tree);
        const claim = { leafHash: await leafHash(entry), index: BigInt(index), size: BigInt(tree.length), proof };
        expect(Buffer.from(await rootFromInclusion(claim)).toString('hex')).toBe(root);
      }
    }
  });

  it('hashes the empty tree, a leaf and a node apart', async () => {
    expect(toBase64(naiveRoot([]))).toBe('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
    const [left, right] = [await leafHash(hex('00')), await leafHash(hex('10'))];
    expect(equalBytes(await nodeHash(left, right), naiveRoot([hex('00'), hex('10')]))).toBe(true);
    expect(equalBytes(await leafHash(concatBytes(left, right)), await nodeHash(left, right))).toBe(false);
  });
});

interface InclusionVector {
  leafIdx: string;
  treeSize: string;
  root: string;
  leafHash: string;
  proof: string[] | null;
  desc: string;
  wantErr: boolean;
}

interface ConsistencyVector {
  size1: string;
  size2: string;
  root1: string;
  root2: string;
  proof: string[] | null;
  desc: string;
  wantErr: boolean;
}

const vectors = join(process.env.MINGJING_SHARED ?? resolve(__dirname, '../../../shared'), 'vectors');
const published = existsSync(vectors) ? describe : describe.skip;
const title = existsSync(vectors)
  ? 'the published proof cases'
  : 'the proof cases: skipped, ../shared/vectors is missing';

published(title, () => {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(vectors, name), 'utf8'));
  const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
  const outcome = (verified: Promise<void>): Promise<string> =>
    verified.then(
      () => 'accepted',
      (error: { code?: string }) => error.code ?? String(error),
    );

  it('inclusion: 98 of them', async () => {
    const cases = read('rfc6962-inclusion.json') as InclusionVector[];
    expect(cases).toHaveLength(98);
    for (const { leafIdx, treeSize, root, leafHash: leaf, proof, desc, wantErr } of cases) {
      const claim = { leafHash: bytes(leaf), index: BigInt(leafIdx), size: BigInt(treeSize), root: bytes(root) };
      const got = await outcome(verifyInclusion({ ...claim, proof: (proof ?? []).map(bytes) }));
      expect([desc, leafIdx, treeSize, got]).toEqual([desc, leafIdx, treeSize, wantErr ? refusal.code : 'accepted']);
    }
  });

  it('consistency: 98 of them', async () => {
    const cases = read('rfc6962-consistency.json') as ConsistencyVector[];
    expect(cases).toHaveLength(98);
    for (const { size1, size2, root1, root2, proof, desc, wantErr } of cases) {
      const sizes = { oldSize: BigInt(size1), newSize: BigInt(size2) };
      const claim = { ...sizes, oldRoot: bytes(root1), newRoot: bytes(root2), proof: (proof ?? []).map(bytes) };
      const got = await outcome(verifyConsistency(claim));
      expect([desc, size1, size2, got]).toEqual([desc, size1, size2, wantErr ? refusal.code : 'accepted']);
    }
  });
});

const entriesOf = (size: number): Uint8Array[] => Array.from({ length: size }, (_, at) => Uint8Array.of(at, at >> 8));
const size_ = fc.integer({ min: 1, max: 80 });
const leafInTree = size_.chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));
const twoTrees = size_.chain((size) => fc.tuple(fc.integer({ min: 1, max: size }), fc.constant(size)));
const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 31 }), bit: fc.integer({ min: 0, max: 7 }) });

/** The same hashes with one bit turned over. */
function flipped(hashes: readonly Uint8Array[], { at, byte, bit }: { at: number; byte: number; bit: number }) {
  const copies = hashes.map((hash) => Uint8Array.from(hash));
  copies[at % copies.length][byte] ^= 1 << bit;
  return copies;
}

describe('inclusion, against a tree built as the RFC defines it', () => {
  const claimOf = (size: number, index: number) => {
    const entries = entriesOf(size);
    const proof: Uint8Array[] = naivePath(index, entries);
    return {
      leafHash: naiveLeaf(entries[index]),
      index: BigInt(index),
      size: BigInt(size),
      proof,
      root: naiveRoot(entries),
    };
  };

  it('accepts every proof', async () => {
    for (let size = 1; size <= 40; size++) {
      for (let index = 0; index < size; index++) await verifyInclusion(claimOf(size, index));
    }
  });

  it('refuses a changed leaf, root or hash, and a hash too many or too few', async () => {
    await fc.assert(
      fc.asyncProperty(leafInTree, change, fc.nat(), async ([size, index], bit, where) => {
        const claim = claimOf(size, index);
        const [leaf, root, ...proof] = flipped([claim.leafHash, claim.root, ...claim.proof], bit);
        await expect(verifyInclusion({ ...claim, leafHash: leaf, root, proof })).rejects.toMatchObject(refusal);
        const added = claim.proof.toSpliced(where % (claim.proof.length + 1), 0, claim.leafHash);
        await expect(verifyInclusion({ ...claim, proof: added })).rejects.toMatchObject(refusal);
        if (claim.proof.length === 0) return;
        const dropped = claim.proof.toSpliced(where % claim.proof.length, 1);
        await expect(verifyInclusion({ ...claim, proof: dropped })).rejects.toMatchObject(refusal);
        const short = claim.proof.with(where % claim.proof.length, claim.root.subarray(1));
        await expect(verifyInclusion({ ...claim, proof: short })).rejects.toMatchObject(refusal);
      }),
    );
  });

  it('refuses another index; another size unless it asks for the very same path, as the size is signed beside the root', async () => {
    await fc.assert(
      fc.asyncProperty(leafInTree, fc.bigInt({ min: -2n, max: 200n }), async ([size, index], other) => {
        const claim = claimOf(size, index);
        if (other !== claim.index) {
          await expect(verifyInclusion({ ...claim, index: other })).rejects.toMatchObject(refusal);
        }
        const same = other > claim.index && sidesOf(index, Number(other)) === sidesOf(index, size);
        const verified = verifyInclusion({ ...claim, size: other });
        await (same ? expect(verified).resolves.toBeUndefined() : expect(verified).rejects.toMatchObject(refusal));
      }),
    );
  });
});

describe('consistency, against a tree built as the RFC defines it', () => {
  const claimOf = (oldSize: number, newSize: number) => {
    const entries = entriesOf(newSize);
    const proof: Uint8Array[] = naiveConsistency(oldSize, entries);
    const [oldRoot, newRoot] = [naiveRoot(entries.slice(0, oldSize)), naiveRoot(entries)];
    return { oldSize: BigInt(oldSize), oldRoot, newSize: BigInt(newSize), newRoot, proof };
  };

  it('accepts every proof', async () => {
    for (let newSize = 1; newSize <= 40; newSize++) {
      for (let oldSize = 1; oldSize <= newSize; oldSize++) await verifyConsistency(claimOf(oldSize, newSize));
    }
  });

  it('refuses a changed root or hash, and a hash too many or too few', async () => {
    await fc.assert(
      fc.asyncProperty(twoTrees, change, fc.nat(), async ([oldSize, newSize], bit, where) => {
        const claim = claimOf(oldSize, newSize);
        const [oldRoot, newRoot, ...proof] = flipped([claim.oldRoot, claim.newRoot, ...claim.proof], bit);
        await expect(verifyConsistency({ ...claim, oldRoot, newRoot, proof })).rejects.toMatchObject(refusal);
        const added = claim.proof.toSpliced(where % (claim.proof.length + 1), 0, claim.newRoot);
        await expect(verifyConsistency({ ...claim, proof: added })).rejects.toMatchObject(refusal);
        if (claim.proof.length === 0) return;
        const dropped = claim.proof.toSpliced(where % claim.proof.length, 1);
        await expect(verifyConsistency({ ...claim, proof: dropped })).rejects.toMatchObject(refusal);
      }),
    );
  });

  it('refuses sizes the other way round, another older size, and the empty tree', async () => {
    await fc.assert(
      fc.asyncProperty(twoTrees, fc.bigInt({ min: -2n, max: 200n }), async ([oldSize, newSize], other) => {
        const claim = claimOf(oldSize, newSize);
        const swapped = { ...claim, oldSize: claim.newSize + 1n };
        await expect(verifyConsistency(swapped)).rejects.toMatchObject(refusal);
        if (other === claim.oldSize) return;
        await expect(verifyConsistency({ ...claim, oldSize: other })).rejects.toMatchObject(refusal);
      }),
    );
    await expect(verifyConsistency({ ...claimOf(1, 1), oldSize: 0n })).rejects.toMatchObject(refusal);
  });

  it('refuses two roots of one size', async () => {
    const claim = { ...claimOf(7, 7), newRoot: naiveRoot(entriesOf(6)) };
    await expect(verifyConsistency(claim)).rejects.toMatchObject(refusal);
  });
});
