import { commitmentOf } from '../../src/ledger/commitment/commitment';
import type { EventStore } from '../../src/ledger/event-store';
import { LogDirectory } from '../../src/ledger/transparency/log-directory';
import { LogProver } from '../../src/ledger/transparency/prover';
import { Sealer } from '../../src/ledger/transparency/sealer';
import { parseCheckpoint } from '../../src/verification/checkpoint';
import { verifyInclusion } from '../../src/verification/merkle-proof';
import { parseNote } from '../../src/verification/note';
import { sampleEvent, sampleEvents } from '../contract/sample-events';
import { COMMITMENT_KEY, sealing } from '../transparency/fixed-ledger';
import { temporaryDirectory } from '../transparency/temporary-directory';
import { naiveLeaf, naiveRoot } from '../verification/naive-tree';
import { everything, until } from './opened-stores';

/** The transparency log over a store that several nodes write: `nodes` are connected to one empty ledger. */
export function sealingSuite(name: string, nodes: () => Promise<readonly EventStore[]>): void {
  describe(`the log of ${name}`, () => {
    const directory = temporaryDirectory();

    it('has each event at its position as a leaf, whichever node wrote it, and whichever seals', async () => {
      const [one, other] = await nodes();
      await one.append('case-0', 'no_stream', sampleEvents(300));
      const storage = await LogDirectory.open(directory.join('log'));
      expect(await (await Sealer.open(await sealing(one, storage))).sealOnce()).toMatchObject({ size: 300 });
      const asked = Array.from({ length: 100 }, (_, n) =>
        [one, other][n % 2].append(`case-${n + 1}`, 'no_stream', [sampleEvent(n)]),
      );
      const last = Math.max(...(await Promise.all(asked)).map(({ position }) => position));
      expect(last).toBe(400);
      for (const node of [one, other]) await until(async () => (await node.head()) === last); // a moment after the other's

      const sealer = await Sealer.open(await sealing(other, storage));
      expect(await sealer.sealOnce()).toMatchObject({ size: 400 });
      const entries = (await everything(one)).map((event) => commitmentOf(event, COMMITMENT_KEY).entry);
      const checkpoint = parseCheckpoint(parseNote((await storage.read('checkpoint'))!.toString()).text);
      expect(checkpoint.size).toBe(400);
      expect(Buffer.from(checkpoint.root)).toEqual(naiveRoot(entries));

      const prover = new LogProver(storage);
      for (const index of [0, 299, 300, 399]) {
        const proof = await prover.inclusionProof(index, 400);
        const leafHash = naiveLeaf(entries[index]);
        await verifyInclusion({ leafHash, index: BigInt(index), size: 400n, proof, root: checkpoint.root });
      }
      await storage.close();
    });
  });
}
