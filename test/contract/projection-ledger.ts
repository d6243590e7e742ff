import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Projection } from '../../projections/projection';
import type { NewEvent, RecordedEvent } from '../../src/kernel/event';
import { systemClock } from '../../src/kernel/time';
import { EventStore, type PageRequest } from '../../src/ledger/event-store';
import { openReadModel, type OpenReadModel, type ReadModelOptions } from '../../src/ledger/projecting/open-read-model';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
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

/** A ledger and its read model in a directory of their own. */
export class Workplace {
  readonly directory = mkdtempSync(join(tmpdir(), 'mingjing-projecting-'));
  store = SqliteEventStore.open({ directory: this.directory });
  private opened: OpenReadModel[] = [];
  private streams = 0;

  async open(options: Partial<ReadModelOptions> = {}): Promise<OpenReadModel> {
    const { directory, store } = this;
    const opened = await openReadModel({
      directory,
      store,
      projections: [toyProjection()],
      clock: systemClock,
      logger: silent,
      ...options,
    });
    this.opened.push(opened);
    return opened;
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
    for (const each of this.opened.splice(0)) await each.close();
  }

  async dispose(): Promise<void> {
    await this.closeReadModels();
    await this.store.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
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
