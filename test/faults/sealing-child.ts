import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/kernel/time';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { startSealing } from '../../src/ledger/transparency/sealing';
import { silent } from '../contract/projection-ledger';
import { sampleEvents } from '../contract/sample-events';
import { COMMITMENT_KEY, fixedKeys } from '../transparency/fixed-ledger';

/** Appends and seals until it is killed; prints the size and root of each checkpoint that it has published. */
async function run(directory: string): Promise<void> {
  const store = SqliteEventStore.open({ directory });
  const sealing = startSealing({
    store,
    ledger: { directory },
    log: { directory: `${directory}/log` },
    keys: await fixedKeys(),
    commitmentKey: COMMITMENT_KEY,
    intervalMs: 10,
    clock: systemClock,
    logger: silent,
  });
  let last = -1;
  for (let n = 0; ; n++) {
    await store.append(`case-${process.pid}-${n}`, 'no_stream', sampleEvents(1 + (n % 40)));
    await sleep(2);
    const { checkpoint, trouble } = sealing.status();
    if (trouble) process.stdout.write(`trouble ${trouble.code}\n`);
    if (!checkpoint || checkpoint.size === last) continue;
    last = checkpoint.size;
    process.stdout.write(`published ${checkpoint.size} ${checkpoint.root}\n`);
  }
}

void run(process.argv[2]);
