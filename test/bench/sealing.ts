import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/kernel/time';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { LogDirectory } from '../../src/ledger/transparency/log-directory';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import type { LogObject } from '../../src/ledger/transparency/log-storage';
import { LogProver } from '../../src/ledger/transparency/prover';
import { Sealer } from '../../src/ledger/transparency/sealer';
import { startSealing, type Sealing } from '../../src/ledger/transparency/sealing';
import { TreeEdge } from '../../src/ledger/transparency/tree-edge';
import { benchEvent } from './ledger';
import { atLeast, bound, type Measured } from './measured';

const ORIGIN = 'bench.example/log';
const COMMITMENT_KEY = Buffer.alloc(32, 7);
const APPEND_EVENTS = 512;

/**
 * Entries that one core seals a second, from a filled ledger: reading, committing, hashing, writing and syncing tiles,
 * fencing and publishing. All CPU time of the process counts, that of its thread pool as well.
 */
export function sealSpeed(events = 60_000): Promise<Measured> {
  return inDirectory(async (directory) => {
    await filled(directory, events);
    const store = SqliteEventStore.open({ directory, readOnly: true });
    const storage = await LogDirectory.open(join(directory, 'log'));
    const sealer = await Sealer.open({
      store,
      storage,
      keys: await LogKeys.open({ file: join(directory, 'log.key'), origin: ORIGIN }),
      commitmentKey: COMMITMENT_KEY,
      clock: systemClock,
      intervalMs: 1000,
    });
    const cpu = process.cpuUsage();
    await sealer.sealOnce();
    const { user, system } = process.cpuUsage(cpu);
    await storage.close();
    await store.close();
    return atLeast('sealing, on one core', 'entries/s', (events * 1e6) / (user + system), 20_000);
  });
}

const WRITERS = 64;
const APPENDS_A_WRITER = 150;
const ROUNDS = 9;

/**
 * Durable appends a second from 64 concurrent writers while a thread seals them, against the same appends to a ledger that
 * nobody seals, turn by turn in the same run. Each turn begins when all before it is sealed.
 */
export function sealBeside(): Promise<Measured> {
  return inDirectory(async (directory) => {
    const [sealed, bare] = ['sealed', 'bare'].map((name) => join(directory, name));
    const [store, other] = [sealed, bare].map((path) => SqliteEventStore.open({ directory: path }));
    const sealing = await started(store, sealed);
    const took = { sealed: [] as number[], bare: [] as number[] };
    for (let round = 0; round <= ROUNDS; round++) {
      const bareMs = await appendAll(other, round);
      const sealedMs = await appendAll(store, round);
      await sealing.sealed(await store.head(), PATIENCE_MS);
      if (round === 0) continue; // warms up
      took.bare.push(bareMs);
      took.sealed.push(sealedMs);
    }
    await sealing.close();
    for (const each of [store, other]) await each.close();
    const perSecond = (ms: number): number => Math.round((WRITERS * APPENDS_A_WRITER * 1000) / ms);
    const [value, limit] = [perSecond(median(took.sealed)), perSecond(median(took.bare))];
    const ratio = value / limit;
    return { name: 'appends while sealed', unit: 'events/s', value, limit, ratio, target: 0.85, pass: ratio >= 0.85 };
  });
}

/** Milliseconds. */
async function appendAll(store: SqliteEventStore, round: number): Promise<number> {
  const writers = Array.from({ length: WRITERS }, (_, w) =>
    Array.from({ length: APPENDS_A_WRITER }, () => benchEvent(w)),
  );
  const started = performance.now();
  await Promise.all(
    writers.map(async (events, w) => {
      for (let n = 0; n < events.length; n++) {
        await store.append(`case-${round}-${w}`, n === 0 ? 'no_stream' : n - 1, [events[n]]);
      }
    }),
  );
  return performance.now() - started;
}

const AGE_EVENTS_PER_SECOND = 1000;
const TICK_MS = 10;

/** How old events get before a published checkpoint covers them, at 1,000 events a second: the 99th percentile. */
export function checkpointAge(seconds = 20): Promise<Measured> {
  return inDirectory(async (directory) => {
    const store = SqliteEventStore.open({ directory });
    const sealing = await started(store, directory);
    const waiting: Array<{ position: number; since: number }> = [];
    const ages: number[] = [];
    const note = (): void => {
      const size = sealing.status().checkpoint?.size ?? 0;
      while (waiting.length > 0 && waiting[0].position <= size) ages.push(performance.now() - waiting.shift()!.since);
    };
    const stop = sealing.onPublished(note);
    const begun = performance.now();
    for (let n = 0; n < seconds * AGE_EVENTS_PER_SECOND;) {
      const due = Math.floor(((performance.now() - begun) * AGE_EVENTS_PER_SECOND) / 1000) - n;
      const since = performance.now();
      const appends = Array.from({ length: due }, (_, i) =>
        store.append(`case-${n + i}`, 'no_stream', [benchEvent(n + i)]),
      );
      for (const { position } of await Promise.all(appends)) waiting.push({ position, since });
      n += due;
      await sleep(TICK_MS);
    }
    await sealing.sealed(await store.head(), PATIENCE_MS);
    note();
    stop();
    await sealing.close();
    await store.close();
    const p99 = ages.sort((a, b) => a - b)[Math.floor(ages.length * 0.99)];
    return bound(`age of an event when published, p99 at ${AGE_EVENTS_PER_SECOND} events/s`, 'ms', p99, 1500);
  });
}

const PROOFS = 3000;

/** CPU time of an inclusion proof in a tree of ten million leaves, each proof for a leaf at random: most tiles come from the disk. */
export function proofSpeed(leaves = 10_000_000): Promise<Measured> {
  return inDirectory(async (directory) => {
    const root = join(directory, 'log');
    const edge = TreeEdge.empty();
    const entry = Buffer.alloc(32);
    for (let n = 0; n < leaves; n++) {
      entry.writeDoubleBE(n);
      store(root, edge.append(entry));
    }
    store(root, edge.partials());
    const prover = new LogProver(await LogDirectory.open(root, { readOnly: true }));
    const cpu = process.cpuUsage();
    for (let n = 0; n < PROOFS; n++) await prover.inclusionProof(Math.floor(Math.random() * leaves), leaves);
    const { user, system } = process.cpuUsage(cpu);
    return bound(`inclusion proof among ${leaves} leaves, CPU`, 'µs', (user + system) / PROOFS, 1000);
  });
}

/** Tiles as the log directory has them; without entries, which no proof reads, and without syncs. */
function store(root: string, objects: readonly LogObject[]): void {
  for (const { path, bytes } of objects) {
    if (path.startsWith('tile/entries/')) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
}

const PATIENCE_MS = 120_000;

async function started(store: SqliteEventStore, directory: string): Promise<Sealing> {
  const sealing = startSealing({
    store,
    ledger: { directory },
    log: { directory: join(directory, 'log') },
    keys: await LogKeys.open({ file: join(directory, 'log.key'), origin: ORIGIN }),
    commitmentKey: COMMITMENT_KEY,
    intervalMs: 1000,
    clock: systemClock,
    logger: { info: () => {}, warn: () => {}, error: (fields, message) => console.error(message, fields) },
  });
  await sealing.sealed(0, PATIENCE_MS);
  return sealing;
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

async function filled(directory: string, events: number): Promise<void> {
  const store = SqliteEventStore.open({ directory });
  for (let n = 0; n < events; n += APPEND_EVENTS) {
    const count = Math.min(APPEND_EVENTS, events - n);
    await store.append(
      `case-${n}`,
      'no_stream',
      Array.from({ length: count }, (_, i) => benchEvent(n + i)),
    );
  }
  await store.close();
}

async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-bench-log-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
