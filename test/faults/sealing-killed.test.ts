import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyConsistency } from '../../src/verification/merkle-proof';
import { commitmentOf } from '../../src/ledger/commitment/commitment';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { LogDirectory } from '../../src/ledger/transparency/log-directory';
import { LogProver } from '../../src/ledger/transparency/prover';
import { Sealer } from '../../src/ledger/transparency/sealer';
import { COMMITMENT_KEY, sealing } from '../transparency/fixed-ledger';
import { naiveRoot } from '../verification/naive-tree';
import { until } from '../until';
import { everything, temporaryDirectory } from './ledger-directory';

const KILLS = 8;
const CHILD = ['-r', join(__dirname, 'run-ts.cjs'), join(__dirname, 'sealing-child.ts')];

/** Runs the child until it has published twice and a while more; its lines. */
async function killed(directory: string, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [...CHILD, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => lines.push(line));
  await until(() => lines.length >= 2);
  await sleep(afterMs);
  child.kill('SIGKILL');
  await once(output, 'close');
  return lines;
}

describe('a process that seals', () => {
  const directory = temporaryDirectory();

  it('killed again and again, never goes backwards, never has two roots for a size, and its history is one', async () => {
    const published: Array<{ size: number; root: string }> = [];
    for (let kill = 0; kill < KILLS; kill++) {
      for (const line of await killed(directory.path, 120 + kill * 57)) {
        const [word, size, root] = line.split(' ');
        expect(word).toBe('published');
        expect(Number(size)).toBeGreaterThanOrEqual(published.at(-1)?.size ?? 0);
        published.push({ size: Number(size), root });
      }
    }
    expect(published.length).toBeGreaterThan(KILLS);

    const store = SqliteEventStore.open({ directory: directory.path });
    const storage = await LogDirectory.open(join(directory.path, 'log'));
    const last = (await (await Sealer.open(await sealing(store, storage))).sealOnce())!;
    const events = await everything(store);
    const entries = events.map((event) => commitmentOf(event, COMMITMENT_KEY).entry);
    expect(last.size).toBe(events.length);
    expect(last.root).toBe(naiveRoot(entries).toString('base64'));
    const prover = new LogProver(storage);
    const newRoot = Buffer.from(last.root, 'base64');
    for (const { size, root } of published) {
      expect([size, naiveRoot(entries.slice(0, size)).toString('base64')]).toEqual([size, root]);
      if (size === 0) continue;
      const proof = await prover.consistencyProof(size, last.size);
      const oldRoot = Buffer.from(root, 'base64');
      await verifyConsistency({ oldSize: BigInt(size), oldRoot, newSize: BigInt(last.size), newRoot, proof });
    }
    await storage.close();
    await store.close();
  });
});
