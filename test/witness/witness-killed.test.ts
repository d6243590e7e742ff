import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { formatAddCheckpoint } from '../../src/ledger/transparency/add-checkpoint';
import { atEnd, newDirectory, runningWitness } from './running-witness';
import { syntheticLog, type SyntheticLog } from './synthetic-log';

const CHILD = ['-r', join(__dirname, '../faults/run-ts.cjs'), join(__dirname, 'witness-child.ts')];

/** Starts a witness in a process of its own; gives the first line it prints. */
async function child(directory: string, log: SyntheticLog, size: number, when: 'before' | 'after') {
  const started = spawn(process.execPath, [...CHILD, directory, log.vkey, String(size), when], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(started, 'exit');
  atEnd(async () => {
    started.kill('SIGKILL');
    await exited;
  });
  const [line] = (await once(createInterface({ input: started.stdout }), 'line')) as [string];
  return { line, exited };
}

const post = (url: string, log: SyntheticLog, old: number, size: number): Promise<Response> => {
  const body = formatAddCheckpoint({ old, proof: log.proof(old, size), note: log.note(size) });
  return fetch(`${url}/add-checkpoint`, { method: 'POST', body });
};

describe('a witness killed between storing and answering', () => {
  it.each(['before', 'after'] as const)('never cosigns two roots for a size: killed %s it has stored', async (when) => {
    const log = await syntheticLog(20);
    const forked = log.rewritten(6);
    const directory = newDirectory();
    const { line: url, exited } = await child(directory, log, 8, when);
    expect((await post(url, log, 0, 5)).status).toBe(200);
    await expect(post(url, log, 5, 8)).rejects.toThrow();
    expect(await exited).toEqual([null, 'SIGKILL']);

    const witness = await runningWitness(log, { directory, name: undefined });
    const stored = when === 'after' ? 8 : 5;
    expect(await witness.submit(log, 0, 20)).toMatchObject({ status: 409, body: `${stored}\n` });
    // What was stored unanswered is cosigned when it is asked for again, and nothing else of its size.
    expect((await witness.submit(forked, stored, 8)).status).toBe(when === 'after' ? 422 : 200);
    expect((await witness.submit(log, 8, 8)).status).toBe(when === 'after' ? 200 : 422);
  });

  it('has its directory locked against a second process', async () => {
    const log = await syntheticLog(5);
    const directory = newDirectory();
    await runningWitness(log, { directory });
    expect((await child(directory, log, 0, 'before')).line).toBe('witness.locked');
  });
});
