import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Projection } from '../../projections/projection';
import { systemClock } from '../../src/kernel/time';
import { openLedger } from '../../src/ledger/commitment/open-ledger';
import type { EventStore } from '../../src/ledger/event-store';
import { rebuildOffline } from '../../src/ledger/projecting/open-read-model';
import { CATCH_UP_PAGE_EVENTS } from '../../src/ledger/projecting/projection-runner';
import type { Measured } from './measured';

const ROUNDS = 3;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Events per second of building all the projections together from the ledger's beginning, indexes and switch included, against
 * reading and parsing the same ledger and nothing else.
 */
export async function rebuildSpeed(projections: readonly Projection[], ledgerDirectory: string): Promise<Measured> {
  const { store, stored } = await openLedger({ ledger: ledgerDirectory, vault: ledgerDirectory });
  try {
    const events = await store.head();
    const took = { reading: [] as number[], rebuilding: [] as number[] };
    for (let round = 0; round <= ROUNDS; round++) {
      const reading = await timed(() => readAll(stored));
      const rebuilding = await rebuild(store, projections);
      if (round === 0) continue; // warms up
      took.reading.push(reading);
      took.rebuilding.push(rebuilding);
    }
    const value = Math.round((events * 1000) / median(took.rebuilding));
    const limit = Math.round((events * 1000) / median(took.reading));
    const name = `rebuild of ${projections.length} projections from ${events} events`;
    return { name, unit: 'events/s', value, limit, ratio: value / limit, target: 0.3, pass: value / limit >= 0.3 };
  } finally {
    await store.close();
  }
}

async function readAll(store: EventStore): Promise<void> {
  for (let from = 1; ; from += CATCH_UP_PAGE_EVENTS) {
    const page = await store.readAll({ direction: 'forwards', from, limit: CATCH_UP_PAGE_EVENTS });
    if (page.length < CATCH_UP_PAGE_EVENTS) return;
  }
}

async function rebuild(store: EventStore, projections: readonly Projection[]): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-bench-'));
  try {
    return await timed(() => rebuildOffline({ directory, store, projections, clock: systemClock, logger: silent }));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];
