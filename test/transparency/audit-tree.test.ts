import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { ForkedTree, GrowingTree, type FullTile } from '../../src/ledger/auditing/growing-tree';
import { leafHash } from '../../src/ledger/transparency/merkle';
import { TreeEdge } from '../../src/ledger/transparency/tree-edge';
import { tilePath } from '../../src/ledger/transparency/tile-path';

const entry = (index: number, history = 0): Buffer => createHash('sha256').update(`${index} ${history}`).digest();

it('a growing tree has the roots and the tiles that the sealer’s has, at every size', () => {
  const edge = TreeEdge.empty();
  const tree = new GrowingTree();
  expect(tree.root).toEqual(edge.root());
  for (let index = 0; index < 70_000; index++) {
    const full = tree.append(leafHash(entry(index)));
    const wanted = edge.append(entry(index)).filter(({ path }) => !path.includes('entries'));
    if (full.length > 0 || wanted.length > 0) expect(full.map(object)).toEqual(wanted);
    if (index < 600 || index % 997 === 0 || index > 69_900) expect(tree.root).toEqual(edge.root());
  }
  const partials = edge.partials().filter(({ path }) => !path.includes('entries'));
  for (const { path, bytes } of partials) expect(tree.partial(Number(path.split('/')[1]))).toEqual(bytes);
});

const object = ({ level, n, bytes }: FullTile): object => ({ path: tilePath(level, n), bytes });

it('is taken up from its state, and a fork leaves the main tree as it is', () => {
  fc.assert(
    fc.property(fc.nat(700), fc.nat(700), fc.nat(700), (a, b, c) => {
      const [cut, divergesAt, size] = [a, b, c].sort((x, y) => x - y);
      const straight = new GrowingTree();
      let resumed = new GrowingTree();
      const other = new GrowingTree();
      const fork = new ForkedTree(straight);
      for (let index = 0; index < size; index++) {
        if (index === cut) resumed = GrowingTree.from(JSON.parse(JSON.stringify(resumed.state())) as never);
        const [leaf, otherLeaf] = [leafHash(entry(index)), leafHash(entry(index, index < divergesAt ? 0 : 1))];
        fork.append(otherLeaf, leaf);
        other.append(otherLeaf);
        straight.append(leaf);
        resumed.append(leaf);
      }
      expect(resumed.state()).toEqual(straight.state());
      expect(fork.root).toEqual(other.root);
      expect(fork.isOwn).toBe(divergesAt < size);
    }),
    { numRuns: 25 },
  );
});
