import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { dump } from '../../src/ledger/projecting/dump';
import { rebuildOffline, type OpenReadModel } from '../../src/ledger/projecting/open-read-model';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { systemClock } from '../../src/kernel/time';
import { silent, toyProjection, Workplace } from '../contract/projection-ledger';

const KILLS = 8;
const projections = [toyProjection(), toyProjection({ name: 'second' })];

/** A child that has come some way. */
const start = async (directory: string, batches: number): Promise<ChildProcess> => {
  const script = join(__dirname, 'projecting-child.ts');
  const child = spawn(process.execPath, ['-r', join(__dirname, 'run-ts.cjs'), script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  for (let n = 0; n < batches; n++) await once(lines, 'line');
  return child;
};

const linesOf = async ({ readModel }: OpenReadModel): Promise<string[]> => {
  const lines: string[] = [];
  for (const projection of projections) for await (const line of dump(readModel, projection)) lines.push(line);
  return lines;
};

test('killed at any moment while it follows, rebuilds and switches, the rows are those of a clean rebuild', async () => {
  const place = new Workplace();
  await place.store.close();
  const { directory } = place;
  for (let kill = 0; kill < KILLS; kill++) {
    const child = await start(directory, 2);
    await sleep(60 + kill * 45);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  place.store = SqliteEventStore.open({ directory });
  const { store } = place;
  const last = await store.head();
  expect(last).toBeGreaterThan(KILLS * 40);

  const survived = await place.open({ projections });
  await survived.runner.settled();
  const rows = await linesOf(survived);
  const { kinds } = (await survived.readModel.get<{ kinds: Record<string, number> }>('toy', 'total', 'all'))!;
  expect(Object.values(kinds).reduce((sum, n) => sum + n, 0)).toBe(last); // every event once
  await place.closeReadModels();

  await rebuildOffline({ directory, store, projections, clock: systemClock, logger: silent });
  const clean = await place.open({ projections });
  expect(await linesOf(clean)).toEqual(rows);
  await place.dispose();
});
