import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Projection } from '../../projections/projection';
import type { NewEvent, RecordedEvent } from '../../src/kernel/event';
import { systemClock } from '../../src/kernel/time';
import { EventStore, type PageRequest } from '../../src/ledger/event-store';
import { Lease, type Fence } from '../../src/ledger/postgres/lease';
import { Postgres, type PostgresSettings } from '../../src/ledger/postgres/postgres';
import {
  openReadModel,
  openSharedReadModel,
  rebuildOffline,
  type OpenReadModel,
  type ReadModelOptions,
  type SharedReadModel,
  type SharedReadModelOptions,
} from '../../src/ledger/projecting/open-read-model';
import type { RunnerOptions } from '../../src/ledger/projecting/projection-runner';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { sampleEvent } from './sample-events';

/** What the toy fold of these tests understands. */
export interface Step {
  readonly kind: 'opened' | 'noted' | 'moved' | 'closed' | 'removed' | 'poison';
  readonly id: string;
  readonly text?: string;
  readonly amount?: number;
}

export interface ToyRow {
  readonly id: string;
  readonly place?: string;
  readonly status: string;
  readonly notes: readonly string[];
  readonly amount: number | null;
  readonly byKind: Readonly<Record<string, number>>;
}

export const stepEvent = (step: Step): NewEvent =>
  sampleEvent(0, { type: `Toy_${step.kind}`, data: { ...step } as Record<string, unknown> });

const emptyRow = (id: string): ToyRow => ({
  id,
  place: undefined,
  status: 'open',
  notes: [],
  amount: null,
  byKind: {},
});

/** Rows that are read and changed, written without being read, removed and made again, and a row that everything changes. */
export function toyProjection(overrides: Partial<Projection> = {}): Projection {
  return {
    name: 'toy',
    version: 1,
    tables: {
      thing: {
        columns: {
          status: (row: ToyRow) => row.status,
          place: (row: ToyRow) => row.place ?? null,
          amount: (row: ToyRow) => row.amount,
        },
        numbers: ['amount'],
        search: (row: ToyRow) => `${row.id} ${row.notes.join(' ')}`,
      },
      log: { columns: { thing: (row: { id: string }) => row.id } },
      total: {},
    },
    apply(event, rows) {
      if (!event.type.startsWith('Toy_')) return;
      const { kind, id, text, amount } = event.data as unknown as Step;
      rows.put('log', `${event.position}`, { id, kind, text });
      const total = rows.get<{ kinds: Record<string, number> }>('total', 'all')?.kinds ?? {};
      rows.put('total', 'all', { kinds: { ...total, [kind]: (total[kind] ?? 0) + 1 } });
      const before = rows.get<ToyRow>('thing', id) ?? emptyRow(id);
      if (kind === 'poison') {
        rows.put<ToyRow>('thing', id, { ...before, status: 'half done' });
        throw new Error(`cannot be applied: ${text}`);
      }
      if (kind === 'removed') {
        rows.delete('thing', id);
        return;
      }
      rows.put<ToyRow>('thing', id, {
        ...before,
        status: kind === 'closed' ? 'closed' : before.status,
        place: kind === 'moved' ? text : before.place,
        amount: amount ?? before.amount,
        notes: text && kind === 'noted' ? [...before.notes, text] : before.notes,
        byKind: { ...before.byKind, [kind]: (before.byKind[kind] ?? 0) + 1 },
      });
    },
    ...overrides,
  };
}

export const silent: ReadModelOptions['logger'] = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Where the rows are kept that a test is about. */
export type Kind = 'sqlite' | 'postgres';
export const KINDS: readonly Kind[] = ['sqlite', 'postgres'];

type OpenOptions = Omit<ReadModelOptions, 'directory'> & Pick<SharedReadModelOptions, 'onLost'>;

/** A ledger in a directory of its own, and its read model: in the same directory, or in a PostgreSQL schema of its own. */
export class Workplace {
  readonly directory = mkdtempSync(join(tmpdir(), 'mingjing-projecting-'));
  store = SqliteEventStore.open({ directory: this.directory });
  readonly schema: PostgresSettings;
  private usesSchema = false;
  private opened: (() => Promise<void>)[] = [];
  private streams = 0;

  constructor(
    private readonly kind: Kind = 'sqlite',
    settings: PostgresSettings = freshSchema(),
  ) {
    this.schema = settings;
  }

  /** A program that runs the projections; over the rows of another place, if it is told so. */
  async open(options: Partial<OpenOptions> = {}, rowsOf: Workplace = this): Promise<OpenReadModel> {
    const all = this.options(options);
    if (this.kind === 'sqlite') {
      const opened = await openReadModel({ ...all, directory: rowsOf.directory });
      this.opened.push(() => opened.close());
      return opened;
    }
    const { postgres, ...opened } = await rowsOf.openNode(all);
    this.opened.push(async () => {
      await opened.close();
      await postgres.close();
    });
    await opened.lead(await nextFence(postgres));
    return opened;
  }

  /** A node that does not lead, over the rows in PostgreSQL. Whoever opens it closes it, and after it its connections. */
  async openNode(
    options: Partial<OpenOptions> = {},
    connections?: Postgres,
  ): Promise<SharedReadModel & { readonly postgres: Postgres }> {
    const postgres = connections ?? (await this.postgres());
    const opened = await openSharedReadModel({ ...this.options(options), postgres });
    return { ...opened, postgres };
  }

  async rebuildOffline(options: Partial<RunnerOptions> = {}): Promise<void> {
    const all = this.options(options);
    if (this.kind === 'sqlite') return rebuildOffline({ ...all, directory: this.directory });
    const postgres = await this.postgres();
    try {
      await rebuildOffline({ ...all, postgres, fence: await nextFence(postgres) });
    } finally {
      await postgres.close();
    }
  }

  /** Names of all tables that the rows' database has. */
  async tables(): Promise<string[]> {
    if (this.kind === 'sqlite') {
      const db = new Database(join(this.directory, 'read-model.db'), { readonly: true });
      try {
        return db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
      } finally {
        db.close();
      }
    }
    const found = await this.ask<{ name: string }>(
      'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()',
    );
    return found.map(({ name }) => name);
  }

  /** The rows and the checkpoints of processes are lost; no program is open. */
  async loseRows(): Promise<void> {
    if (this.kind === 'postgres') await this.ask(`DROP SCHEMA ${this.schema.schema} CASCADE`);
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(this.directory, `read-model.db${suffix}`), { force: true });
  }

  /** A statement in the schema, on a connection of its own. */
  async ask<R extends object>(sql: string): Promise<R[]> {
    const postgres = await this.postgres();
    try {
      return await postgres.query<R>(sql);
    } finally {
      await postgres.close();
    }
  }

  /** Appends to a new stream; the position of the last event. */
  async append(...steps: Step[]): Promise<number> {
    let position = 0;
    for (let from = 0; from < steps.length; from += 1000) {
      const events = steps.slice(from, from + 1000).map(stepEvent);
      ({ position } = await this.store.append(`toy-${++this.streams}`, 'no_stream', events));
    }
    return position;
  }

  async closeReadModels(): Promise<void> {
    for (const close of this.opened.splice(0)) await close();
  }

  async dispose(): Promise<void> {
    await this.closeReadModels();
    await this.store.close();
    rmSync(this.directory, { recursive: true, force: true });
    if (this.usesSchema) await dropSchema(this.schema);
  }

  private options<T extends object>(options: T): T & OpenOptions {
    const { store } = this;
    return { store, projections: [toyProjection()], clock: systemClock, logger: silent, ...options };
  }

  private postgres(): Promise<Postgres> {
    this.usesSchema = true;
    return Postgres.open(this.schema);
  }
}

/** The lease is taken from whoever held it. */
export async function nextFence(postgres: Postgres): Promise<Fence> {
  await Lease.open({ postgres, node: 'test', logger: silent });
  const [{ epoch }] = await postgres.query<{ epoch: number }>(
    `INSERT INTO lease (name, epoch, holder) VALUES ('work', 1, 'test')
     ON CONFLICT (name) DO UPDATE SET epoch = lease.epoch + 1 RETURNING epoch`,
  );
  return { lease: 'work', epoch };
}

/** A store that counts the events it gives in pages, and holds pages back while it is told to. */
export class WatchedStore extends EventStore {
  read = 0;
  private gate = Promise.resolve();
  private openGate = (): void => undefined;

  constructor(private readonly inner: EventStore) {
    super();
  }

  hold(): void {
    this.gate = new Promise((resolve) => (this.openGate = resolve));
  }

  release(): void {
    this.openGate();
  }

  async readAll(page: PageRequest): Promise<RecordedEvent[]> {
    if (page.limit > 1) await this.gate;
    const events = await this.inner.readAll(page);
    if (page.limit > 1) this.read += events.length;
    return events;
  }

  append: EventStore['append'] = (...request) => this.inner.append(...request);
  readStream: EventStore['readStream'] = (...request) => this.inner.readStream(...request);
  head = (): Promise<number> => this.inner.head();
  subscribe: EventStore['subscribe'] = (options) => this.inner.subscribe(options);
  close = (): Promise<void> => this.inner.close();
}

/** A store of a node that has counted up to a position only, until it is asked how far the ledger goes now. */
export class LateStore extends WatchedStore {
  constructor(
    private readonly whole: EventStore,
    private counted: number,
  ) {
    super(whole);
  }

  override head = (): Promise<number> => Promise.resolve(this.counted);

  override async present(): Promise<number> {
    return (this.counted = await this.whole.head());
  }

  override async readAll(page: PageRequest): Promise<RecordedEvent[]> {
    return (await super.readAll(page)).filter(({ position }) => position <= this.counted);
  }
}
