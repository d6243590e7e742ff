import { systemClock } from '../../src/kernel/time';
import { openReadModel } from '../../src/ledger/projecting/open-read-model';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { silent, stepEvent, toyProjection, type Step } from '../contract/projection-ledger';
import { WAIT_MS } from '../until';

/** Appends, follows and rebuilds without end, until it is killed; prints a line when its rows have what it appended. */
async function run(directory: string): Promise<void> {
  const store = SqliteEventStore.open({ directory });
  const projections = [toyProjection(), toyProjection({ name: 'second' })];
  const { readModel, runner } = await openReadModel({
    directory,
    store,
    projections,
    clock: systemClock,
    logger: silent,
  });
  void rebuildAgainAndAgain();
  for (let n = await store.head(); ; n++) {
    const kinds = ['opened', 'noted', 'moved', 'closed', 'removed'] as const;
    const steps = Array.from({ length: 40 }, (_, i): Step => ({
      kind: kinds[(n + i) % 5],
      id: `t${(n * i) % 300}`,
      text: `第${n}次`,
    }));
    const { position } = await store.append(`toy-${n}-${process.pid}`, 'no_stream', steps.map(stepEvent));
    await readModel.waitFor('toy', position, WAIT_MS);
    process.stdout.write(`${position}\n`);
  }

  async function rebuildAgainAndAgain(): Promise<never> {
    for (;;) {
      await runner.settled();
      await runner.rebuild('toy');
    }
  }
}

void run(process.argv[2]);
