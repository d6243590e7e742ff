import 'reflect-metadata';
import { projections } from '../../projections/all';
import { readConfig } from '../../src/config';
import { systemClock } from '../../src/kernel/time';
import { openLedger } from '../../src/ledger/commitment/open-ledger';
import { rebuildOffline } from '../../src/ledger/projecting/open-read-model';
import { startServer } from '../../src/server';
import { sealed } from './check';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const READS = 500;

/** Builds the rows of a ledger, seals it, or starts the server on it and reads through it; reports how long and how much memory. */
async function run(task: string, dataDirectory: string): Promise<void> {
  let startMs = 0;
  if (task === 'rebuild') {
    const { store } = await openLedger({ ledger: dataDirectory, vault: dataDirectory });
    await rebuildOffline({ directory: dataDirectory, projections, store, clock: systemClock, logger: silent });
    await store.close();
  } else if (task === 'seal') {
    await sealed(dataDirectory);
  } else {
    const config = { ...readConfig({}), dataDirectory, port: 0, logLevel: 'silent', requestsPerMinute: 1_000_000 };
    const mingjing = await startServer(config);
    const url = await mingjing.app.getUrl();
    const ready = await fetch(`${url}/readyz`);
    if (ready.status !== 200) throw new Error(`not ready: ${ready.status}`);
    startMs = performance.now(); // counted from the beginning of the process: loading the program is part of starting
    for (let i = 0; i < READS; i++) {
      await (await fetch(`${url}/api/public-notices?limit=50&decidedTo=2026-0${1 + (i % 9)}-28`)).text();
      await (await fetch(`${url}/notices/2026-${i * 13}`)).text();
    }
    await mingjing.close();
  }
  process.send?.({ startMs: Math.round(startMs), peakRssBytes: process.resourceUsage().maxRSS * 1024 });
}

void run(process.argv[2], process.argv[3]);
