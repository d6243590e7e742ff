import Database from 'better-sqlite3';
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewEvent } from '../../src/kernel/event';
import { eventIds } from '../../src/ledger/event-id';
import type { EventStore } from '../../src/ledger/event-store';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { bound, MIB, type Measured } from './measured';

const ROUNDS = 7;
const WRITERS = 64;
const PAGE_EVENTS = 1024;
const EVENTS_PER_CASE = 20;

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
export function appendSpeed(eventsPerAppend = 1, appendsPerStep = 10, steps = 15): Promise<Measured> {
  return inDirectory(async (directory) => {
    const store = SqliteEventStore.open({ directory });
    const bare = new BareTable(directory);
    const clerks = Array.from({ length: WRITERS }, (_, n) => new Clerk(store, n));
    const name = `durable appends, ${WRITERS} writers, ${eventsPerAppend} a time`;
    const events = WRITERS * eventsPerAppend * appendsPerStep;
    const measured = await alternate({ name, target: 0.5, events, steps }, () => {
      // Turn by turn, so that ids ascend in the order of the appends, as they do when each is made for its append.
      const turns = Array.from({ length: appendsPerStep }, () =>
        clerks.map(() => Array.from({ length: eventsPerAppend }, (_, n) => benchEvent(n))),
      );
      const batches = turns.map((turn) =>
        turn.flat().map((event) => JSON.stringify({ stream: 'case-17-42', ...event })),
      );
      return {
        bare: () => batches.forEach((batch) => bare.append(batch)),
        ledger: () => Promise.all(clerks.map((clerk, n) => clerk.record(turns.map((turn) => turn[n])))),
      };
    });
    bare.close();
    await store.close();
    return measured;
  });
}

/** Records case after case, each with as many events as a case file has. */
class Clerk {
  private cases = 0;
  private revision = -1;

  constructor(
    private readonly store: EventStore,
    private readonly number: number,
  ) {}

  async record(appends: readonly NewEvent[][]): Promise<void> {
    for (const events of appends) {
      const expected = this.revision < 0 ? 'no_stream' : this.revision;
      ({ revision: this.revision } = await this.store.append(`case-${this.number}-${this.cases}`, expected, events));
      if (this.revision + 1 < EVENTS_PER_CASE) continue;
      this.cases += 1;
      this.revision = -1;
    }
  }
}

/** Events read in order, verified and parsed, per second, against reading a bare table a page at a time with `JSON.parse`. */
export function readSpeed(pages = 40): Promise<Measured> {
  return inDirectory(async (directory) => {
    const store = SqliteEventStore.open({ directory });
    const bare = new BareTable(directory);
    for (let page = 0; page < pages; page++) {
      const events = Array.from({ length: PAGE_EVENTS }, (_, n) => benchEvent(n));
      await store.append(`case-${page}`, 'no_stream', events);
      bare.append(events.map((event) => JSON.stringify({ stream: `case-${page}`, ...event })));
    }
    const options = { name: 'read all and parse', target: 0.8, events: PAGE_EVENTS, steps: pages };
    const measured = await alternate(options, (page) => {
      const from = 1 + page * PAGE_EVENTS;
      return {
        bare: () => bare.read(from),
        ledger: () => store.readAll({ direction: 'forwards', from, limit: PAGE_EVENTS }),
      };
    });
    bare.close();
    await store.close();
    return measured;
  });
}

/** The least that could keep events: position and bytes, with the ledger's durability. */
class BareTable {
  private readonly db: Database.Database;
  private readonly insert: Database.Statement<[number, string]>;
  private readonly page: Database.Statement<[number, number], [number, string]>;
  private position = 0;

  constructor(directory: string) {
    this.db = new Database(join(directory, 'bare.db'));
    this.db.pragma('journal_mode = WAL');
    this.db.pragma('synchronous = FULL');
    this.db.exec('CREATE TABLE bare (pos INTEGER PRIMARY KEY, data TEXT NOT NULL)');
    this.insert = this.db.prepare('INSERT INTO bare (pos, data) VALUES (?, ?)');
    this.page = this.db
      .prepare<[number, number], [number, string]>('SELECT pos, data FROM bare WHERE pos >= ? ORDER BY pos LIMIT ?')
      .raw();
  }

  append(batch: readonly string[]): void {
    this.db.transaction(() => batch.forEach((data) => this.insert.run(++this.position, data)))();
  }

  read(from: number): object[] {
    return this.page
      .all(from, PAGE_EVENTS)
      .map(([position, data]) => ({ position, event: JSON.parse(data) as Record<string, unknown> }));
  }

  close(): void {
    this.db.close();
  }
}

interface Sides {
  readonly bare: () => unknown;
  readonly ledger: () => unknown;
}

/**
 * Takes the two sides in turn, step by step, so that whatever else the machine does meets both; the figure is the median of
 * several rounds, each the sum of its steps.
 */
async function alternate(
  { name, target, events, steps }: { name: string; target: number; events: number; steps: number },
  prepare: (step: number) => Sides,
): Promise<Measured> {
  const rounds: Array<{ bare: number; ledger: number }> = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const took = { bare: 0, ledger: 0 };
    for (let step = 0; step < steps; step++) {
      const sides = prepare(step);
      for (const side of step % 2 ? (['bare', 'ledger'] as const) : (['ledger', 'bare'] as const)) {
        const started = performance.now();
        await sides[side]();
        took[side] += performance.now() - started;
      }
    }
    if (round > 0) rounds.push(took); // the first one warms up
  }
  const perSecond = (ms: number): number => Math.round((events * steps * 1000) / ms);
  const ratio = median(rounds.map((took) => took.bare / took.ledger));
  return {
    name,
    unit: 'events/s',
    value: perSecond(median(rounds.map((took) => took.ledger))),
    limit: perSecond(median(rounds.map((took) => took.bare))),
    ratio,
    target,
    pass: ratio >= target,
  };
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-bench-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Memory while reading a ledger of a million events and appending to it, and the time to open it, in a process of its own. */
export function sizeOfAMillion(events = 1_000_000): Promise<Measured[]> {
  return inDirectory(async (directory) => {
    await inChild('fill', directory, events);
    const { openMs, peakRssBytes } = await inChild('use', directory, events);
    return [
      bound(`memory with ${events} events`, 'MiB', peakRssBytes / MIB, 300),
      bound(`opening with ${events} events`, 'ms', openMs, 3000),
    ];
  });
}

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
