import { spawn, spawnSync, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { LedgerLocked } from '../../src/ledger/event-store';
import { checkLedger } from '../../src/ledger/sqlite/check-ledger';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { sampleEvents } from '../contract/sample-events';
import { BOUNDED } from '../child';
import { everything, temporaryDirectory } from './ledger-directory';

const NODE = [process.execPath, '-r', join(__dirname, 'run-ts.cjs'), join(__dirname, 'ledger-child.ts')];

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

interface AppendingChild {
  readonly process: ChildProcessByStdio<null, Readable, null>;
  readonly acknowledged: string[];
  readonly rejected: string[];
  /** Resolves when the condition holds after a line of the child. */
  until(condition: () => boolean): Promise<void>;
  kill(): Promise<void>;
}

/** A child that appends until it is killed. `wrapper` is a command line that starts it, such as a limit. */
function appendingChild(directory: string, wrapper: readonly string[] = []): AppendingChild {
  const [command, ...args] = [...wrapper, ...NODE, 'append', directory];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const acknowledged: string[] = [];
  const rejected: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const [word, id, ...rest] = line.split(' ');
    if (word === 'acknowledged') acknowledged.push(id);
    if (word === 'rejected') rejected.push(rest.join(' '));
  });
  return {
    process: child,
    acknowledged,
    rejected,
    until: (condition) =>
      new Promise((resolve, reject) => {
        lines.on('line', () => condition() && resolve());
        lines.on('close', () => reject(new Error('the child ended')));
      }),
    kill: () =>
      new Promise((resolve) => {
        lines.once('close', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

async function idsIn(directory: string): Promise<Set<string>> {
  const store = SqliteEventStore.open({ directory });
  const ids = new Set((await everything(store)).map((e) => e.id));
  await store.close();
  return ids;
}

describe('a process with the ledger', () => {
  const directory = temporaryDirectory();

  it('killed again and again while it appends, loses nothing that it acknowledged', async () => {
    const acknowledged: string[] = [];
    for (const after of [40, 400, 1500]) {
      const child = appendingChild(directory.path);
      await child.until(() => child.acknowledged.length >= after);
      await child.kill();
      acknowledged.push(...child.acknowledged);
      const ids = await idsIn(directory.path);
      expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    }
    await expect(checkLedger(directory.path)).resolves.toMatchObject({ streams: expect.any(Number) as number });
  });

  it('keeps a second one out, at once and saying why, lets readers in, and a crash leaves no lock behind', async () => {
    const child = appendingChild(directory.path);
    await child.until(() => child.acknowledged.length > 0);
    expect(() => SqliteEventStore.open({ directory: directory.path })).toThrow(LedgerLocked);
    const [command, ...args] = [...NODE, 'open', directory.path];
    expect(spawnSync(command, args, { ...BOUNDED, encoding: 'utf8' }).stdout).toBe(
      `locked: another process is using the ledger in ${directory.path}\n`,
    );
    const reader = SqliteEventStore.open({ directory: directory.path, readOnly: true });
    const first = await reader.head();
    for await (const page of reader.subscribe({ after: first })) {
      expect(page[0].position).toBe(first + 1);
      break;
    }
    await expect(reader.append('case-1', 'no_stream', sampleEvents(1))).rejects.toMatchObject({ kind: 'unavailable' });
    await reader.close();
    await child.kill();
    expect(spawnSync(command, args, { ...BOUNDED, encoding: 'utf8' }).stdout).toBe('opened\n');
  });

  it('is kept out by another store of its own process too', async () => {
    const store = SqliteEventStore.open({ directory: directory.path });
    expect(() => SqliteEventStore.open({ directory: directory.path })).toThrow(LedgerLocked);
    await store.append('case-1', 'no_stream', sampleEvents(1));
    await store.close();
    await SqliteEventStore.open({ directory: directory.path }).close();
  });

  it('out of room rejects whole batches, loses nothing, and goes on when there is room again', async () => {
    const fileLimit = ['bash', '-c', 'ulimit -S -f 1500 && exec "$@"', 'bash']; // KiB a file may grow to
    const child = appendingChild(directory.path, fileLimit);
    await child.until(() => child.rejected.length >= 40);
    expect(new Set(child.rejected.map((error) => (JSON.parse(error) as { code: string }).code))).toEqual(
      new Set(['ledger.write_failed']),
    );
    const before = child.acknowledged.length;
    expect(before).toBeGreaterThan(100);
    const lifted = spawnSync('prlimit', ['--pid', String(child.process.pid), '--fsize=unlimited:unlimited'], BOUNDED);
    expect(lifted.status).toBe(0);
    await child.until(() => child.acknowledged.length > before + 200);
    await child.kill();
    const ids = await idsIn(directory.path);
    expect(child.acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    await expect(checkLedger(directory.path)).resolves.toBeDefined();
  });
});
