import { definitionOf, type Actor, type RecordedEvent } from '../../src/kernel/event';
import type { EventStore } from '../../src/ledger/event-store';
import type { Projection, Rows } from '../../projections/projection';

const OFFICER: Actor = {
  kind: 'person',
  account: 'account-1',
  officer: 'officer-1',
  body: 'body-1',
  roles: ['officer'],
};

/** The program itself, as it raises clues. */
export const PROGRAM: Actor = { kind: 'system', account: 'accountability-clues', roles: ['system'] };

/** A ledger in memory: events get position, revision and times as they would on the way into the real one. */
export class Story {
  readonly events: RecordedEvent[] = [];

  /** `at` is when it happened and was recorded; `recordedAt` when it was recorded later than it happened. */
  add(stream: string, at: string, event: object, more: { recordedAt?: string; actor?: Actor } = {}): RecordedEvent {
    const definition = definitionOf(event.constructor as new () => object);
    const position = this.events.length + 1;
    const recorded: RecordedEvent = {
      id: `00000000-0000-7000-8000-${String(position).padStart(12, '0')}`,
      stream,
      revision: this.events.filter((e) => e.stream === stream).length,
      position,
      type: definition.name,
      schemaVersion: definition.version,
      data: JSON.parse(JSON.stringify(event)) as Record<string, unknown>,
      metadata: {
        occurredAt: at,
        recordedAt: more.recordedAt ?? at,
        actor: more.actor ?? OFFICER,
        command: 'Told',
        commandId: `command-${position}`,
        commandDigest: '',
        correlationId: 'story',
      },
    };
    this.events.push(recorded);
    return recorded;
  }

  /** The rows of a projection after every event so far, or after those up to a position. */
  fold(projection: Projection, upTo = this.events.length): MemoryRows {
    const rows = new MemoryRows();
    for (const event of this.events.slice(0, upTo)) projection.apply(event, rows);
    return rows;
  }

  /** The same events in a real ledger, which gives them the same positions. */
  async appendTo(store: EventStore): Promise<void> {
    for (const { stream, revision, position: _, ...event } of this.events) {
      await store.append(stream, revision === 0 ? 'no_stream' : revision - 1, [event]);
    }
  }
}

/** Rows that fail when a fold changes one in place instead of putting a new one. */
export class MemoryRows implements Rows {
  private readonly tables = new Map<string, Map<string, object>>();

  get<T>(table: string, key: string): Readonly<T> | undefined {
    return this.tables.get(table)?.get(key) as T | undefined;
  }

  put<T extends object>(table: string, key: string, row: T): void {
    const rows = this.tables.get(table) ?? new Map<string, object>();
    rows.set(key, deepFreeze(JSON.parse(JSON.stringify(row)) as object));
    this.tables.set(table, rows);
  }

  delete(table: string, key: string): void {
    this.tables.get(table)?.delete(key);
  }

  all<T>(table: string): T[] {
    return [...(this.tables.get(table)?.values() ?? [])] as T[];
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (member && typeof member === 'object') deepFreeze(member as object);
  return Object.freeze(value);
}
