import Database from 'better-sqlite3';
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewEvent } from '../../src/kernel/event';
import { eventIds } from '../../src/ledger/event-id';
import type { EventStore } from '../../src/ledger/event-store';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';

/** One measured figure. `value` and `limit` are in `unit`; `limit` is what the bare machine does, or the bound itself. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly limit: number;
  readonly ratio: number;
  /** Of the ratio: at least this for a speed, at most this for a bound. */
  readonly target: number;
  readonly pass: boolean;
}

const ROUNDS = 5;
const WRITERS = 64;
const PAGE_EVENTS = 1024;
const EVENTS_PER_CASE = 20;
const MIB = 1024 * 1024;

const nextId = eventIds();

/** An event of about 635 bytes, as a case produces it. */
export function benchEvent(n: number): NewEvent {
  return {
    id: nextId(),
    type: 'EvidenceCollected',
    schemaVersion: 1,
    data: {
      evidenceId: `ev-${n}`,
      kind: 'documentary',
      title: '现场检查笔录',
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      place: '明镜市文明路一百二十三号',
      collectedOn: '2026-03-02',
    },
    metadata: {
      occurredAt: '2026-03-02T01:02:03.004Z',
      recordedAt: '2026-03-02T01:05:00.000Z',
      actor: { kind: 'person', account: 'a-17', officer: 'o-17', body: 'b-1', roles: ['officer'] },
      command: 'CollectEvidence',
      commandId: nextId(),
      commandDigest: 'b1946ac92492d2347c6235b4d2611184',
      correlationId: `case-${n % 1000}`,
    },
  };
}

/**
 * Durable appends per second from 64 concurrent writers, each waiting for its acknowledgement before the next, against a bare
 * `(pos, data)` table that gets the same bytes in the same batches, one commit each.
 */
export async function appendSpeed(eventsPerAppend = 1, appendsPerWriter = 150): Promise<Measured> {
  const total = WRITERS * appendsPerWriter * eventsPerAppend;
  return compare(`durable appends, ${WRITERS} writers, ${eventsPerAppend} a time`, total, 0.5, async () => {
    // Round by round, so that ids ascend in the order of the appends, as they do when each is made for its append.
    const rounds = Array.from({ length: appendsPerWriter }, () =>
      Array.from({ length: WRITERS }, () => Array.from({ length: eventsPerAppend }, (_, i) => benchEvent(i))),
    );
    const bytes = rounds.flat(2).map((event, i) => JSON.stringify({ stream: `case-${i % WRITERS}`, ...event }));
    const batch = Math.min(WRITERS * eventsPerAppend, PAGE_EVENTS);
    return {
      bare: (directory) => fillBareTable(directory, bytes, batch),
      ledger: async (directory) => {
        const store = SqliteEventStore.open({ directory });
        const started = performance.now();
        await Promise.all(
          Array.from({ length: WRITERS }, (_, w) =>
            write(
              store,
              w,
              rounds.map((round) => round[w]),
            ),
          ),
        );
        const took = performance.now() - started;
        await store.close();
        return took;
      },
    };
  });
}

/** One clerk: case after case, each with as many events as a case file has. */
async function write(store: EventStore, writer: number, appends: readonly NewEvent[][]): Promise<void> {
  let cases = 0;
  let revision = -1;
  for (const events of appends) {
    const expected = revision < 0 ? 'no_stream' : revision;
    ({ revision } = await store.append(`case-${writer}-${cases}`, expected, events));
    if (revision + 1 >= EVENTS_PER_CASE) {
      cases += 1;
      revision = -1;
    }
  }
}

/** Events read in order, verified and parsed, per second, against reading a bare table a page at a time with `JSON.parse`. */
export async function readSpeed(events = 40_000): Promise<Measured> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-bench-'));
  try {
    const store = SqliteEventStore.open({ directory });
    const bytes: string[] = [];
    for (let n = 0; n < events; n += PAGE_EVENTS) {
      const page = Array.from({ length: Math.min(PAGE_EVENTS, events - n) }, (_, i) => benchEvent(n + i));
      await store.append(`case-${n}`, 'no_stream', page);
      bytes.push(...page.map((event) => JSON.stringify({ stream: `case-${n}`, ...event })));
    }
    fillBareTable(directory, bytes, PAGE_EVENTS);
    const result = await compare('read all and parse', events, 0.8, () =>
      Promise.resolve({ bare: () => readBareTable(directory), ledger: () => readLedger(store) }),
    );
    await store.close();
    return result;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function readLedger(store: EventStore): Promise<number> {
  const started = performance.now();
  for (let from = 1; ; from += PAGE_EVENTS) {
    const page = await store.readAll({ direction: 'forwards', from, limit: PAGE_EVENTS });
    if (page.length < PAGE_EVENTS) return performance.now() - started;
  }
}

/** Opens a bare table with the pragmas of the ledger. */
function openBareTable(directory: string): Database.Database {
  const db = new Database(join(directory, 'bare.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE IF NOT EXISTS bare (pos INTEGER PRIMARY KEY, data TEXT NOT NULL)');
  return db;
}

function fillBareTable(directory: string, bytes: readonly string[], batch: number): number {
  const db = openBareTable(directory);
  const insert = db.prepare('INSERT INTO bare (pos, data) VALUES (?, ?)');
  const commit = db.transaction((from: number) => {
    for (let i = from; i < Math.min(from + batch, bytes.length); i++) insert.run(i + 1, bytes[i]);
  });
  const started = performance.now();
  for (let from = 0; from < bytes.length; from += batch) commit(from);
  const took = performance.now() - started;
  db.close();
  return took;
}

function readBareTable(directory: string): number {
  const db = openBareTable(directory);
  const page = db.prepare<[number, number], [number, string]>(
    'SELECT pos, data FROM bare WHERE pos >= ? ORDER BY pos LIMIT ?',
  );
  page.raw();
  const started = performance.now();
  for (let from = 1; ; from += PAGE_EVENTS) {
    const events = page
      .all(from, PAGE_EVENTS)
      .map(([position, data]) => ({ position, event: JSON.parse(data) as object }));
    if (events.length < PAGE_EVENTS) break;
  }
  const took = performance.now() - started;
  db.close();
  return took;
}

type Run = (directory: string) => number | Promise<number>;

/** Alternates the two, each time in a fresh directory, and compares their medians. Milliseconds in, events per second out. */
async function compare(
  name: string,
  events: number,
  target: number,
  prepare: () => Promise<{ bare: Run; ledger: Run }>,
): Promise<Measured> {
  const took = { bare: [] as number[], ledger: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const runs = await prepare();
    for (const kind of round % 2 ? (['bare', 'ledger'] as const) : (['ledger', 'bare'] as const)) {
      const directory = mkdtempSync(join(tmpdir(), 'mingjing-bench-'));
      const ms = await runs[kind](directory);
      rmSync(directory, { recursive: true });
      if (round > 0) took[kind].push(ms); // the first round warms up
    }
  }
  const value = Math.round((events * 1000) / median(took.ledger));
  const limit = Math.round((events * 1000) / median(took.bare));
  return { name, unit: 'events/s', value, limit, ratio: value / limit, target, pass: value / limit >= target };
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Memory while reading a ledger of a million events and appending to it, and the time to open it, in a process of its own. */
export async function sizeOfAMillion(events = 1_000_000): Promise<Measured[]> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-bench-'));
  try {
    await inChild('fill', directory, events);
    const { openMs, peakRssBytes } = await inChild('use', directory, events);
    return [
      bound(`memory with ${events} events`, 'MiB', peakRssBytes / MIB, 300),
      bound(`opening with ${events} events`, 'ms', openMs, 3000),
    ];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const bound = (name: string, unit: string, value: number, limit: number): Measured => ({
  name,
  unit,
  value: Math.round(value),
  limit,
  ratio: value / limit,
  target: 1,
  pass: value <= limit,
});

interface ChildReport {
  readonly openMs: number;
  readonly peakRssBytes: number;
}

function inChild(task: string, directory: string, events: number): Promise<ChildReport> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'ledger-child'), [task, directory, String(events)]);
    child.once('message', (report) => resolve(report as ChildReport));
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? undefined : reject(new Error(`the child ended with ${code}`))));
  });
}
