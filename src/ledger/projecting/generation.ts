import { erasedSubject, type Projection, type Rows } from '../../../projections/projection';
import type { RecordedEvent } from '../../kernel/event';
import type { Checkpoint, GenerationRecord, Move } from './row-store';
import { reasonOf } from './reason-of';
import { RowCache, type CachedRow } from './row-cache';
import { storableKey, type RowTable } from './row-table';

/** Where and why a fold stopped. Without personal data. */
export interface Stall {
  readonly position: number;
  readonly reason: string;
}

interface Before {
  readonly cache: RowCache;
  readonly cached: CachedRow;
  readonly row: object | undefined;
  readonly dirty: boolean;
  /** The fold put it without reading it, so what is stored is not known. */
  readonly unread: boolean;
}

/** Ends a fold at an event whose rows are not in memory. Whether it gets through does not matter: that a row was missing is noted. */
const ROWS_ARE_MISSING = new Error('rows are not in memory');

/**
 * One set of a projection's rows, on its way through the ledger. `apply` changes rows in memory; `write` hands the changed ones to their
 * tables, each row once however many events changed it; `committed` follows when they and the checkpoint are stored.
 */
export class Generation {
  readonly id: number;
  /** The last event that was applied; what is stored may be behind it. */
  position: number;
  indexed: boolean;
  live: boolean;
  stalled: Stall | undefined;
  /** Rows were erased since the last `committed`. */
  erased = false;
  private eventId: string | null;
  private stored: Checkpoint;
  private readonly caches: ReadonlyMap<string, RowCache>;
  private readonly dirty: CachedRow[] = [];
  /** What the event being applied has changed so far, and how many rows were dirty before it. */
  private readonly undo: Before[] = [];
  private dirtyBefore = 0;
  /** The event being applied asked for something that is not in memory. */
  private missing = false;
  private lookingAhead = false;
  private readonly rows: Rows;

  constructor(
    readonly projection: Projection,
    record: GenerationRecord,
    /** By name, all that the projection declares. */
    readonly tables: ReadonlyMap<string, RowTable>,
  ) {
    this.id = record.id;
    this.position = record.position;
    this.eventId = record.eventId;
    this.stored = { position: record.position, eventId: record.eventId };
    this.indexed = record.indexed;
    this.live = record.state === 'live';
    this.caches = new Map([...tables].map(([name, table]) => [name, new RowCache(table)]));
    this.rows = {
      get: <T>(table: string, key: string): Readonly<T> | undefined => {
        const cache = this.cache(table);
        return (cache.find(key) ?? this.read(cache, key))?.row as Readonly<T> | undefined;
      },
      put: (table, key, row) => this.change(table, key, row),
      delete: (table, key) => this.change(table, key, undefined),
    };
  }

  get committedPosition(): number {
    return this.stored.position;
  }

  /** Estimated size in memory as JSON, in UTF-16 units. */
  get chars(): number {
    let sum = 0;
    for (const cache of this.caches.values()) sum += cache.chars;
    return sum;
  }

  /**
   * Applies the events after `position`, in their current schema version. At one that throws it stalls, with the rows as they were before
   * that event. False: it stands before an event whose rows are not in memory; its tables have been told what the rest of the events
   * ask for, and after they are loaded it goes on with the same events.
   */
  apply(events: readonly RecordedEvent[]): boolean {
    for (let i = 0; i < events.length; i++) {
      const event = events[i];
      if (event.position <= this.position) continue;
      if (this.stalled) return true;
      this.begin();
      try {
        this.fold(event);
      } catch (error) {
        if (!this.missing) {
          this.takeBack();
          this.stalled = { position: event.position, reason: `${event.type}: ${reasonOf(error)}` };
          return true;
        }
      }
      if (this.missing) {
        this.takeBack();
        this.lookAhead(events, i);
        return false;
      }
      this.position = event.position;
      this.eventId = event.id;
    }
    return true;
  }

  /** Rows that were asked for and have been read from the store. What is in memory meanwhile is newer. */
  loaded(table: string, key: string, json: string | undefined): void {
    const cache = this.cache(table);
    if (!cache.find(key)) cache.take(key, json);
  }

  /** Hands what has changed to the tables; undefined when there is nothing. Throws what a column's function throws. */
  write(): Move | undefined {
    if (this.position === this.stored.position) return undefined;
    for (const cached of this.dirty) {
      if (!cached.dirty) continue;
      if (cached.row)
        this.cache(cached.table.name).written(cached, cached.table.write(cached.key, cached.row, cached.stored));
      else cached.table.delete(cached.key);
    }
    return { from: this.stored, to: { position: this.position, eventId: this.eventId } };
  }

  /** What `write` wrote is stored. `forget`: rows that were not used lately leave memory. */
  committed({ forget }: { forget: boolean }): void {
    for (const cached of this.dirty) {
      cached.dirty = false;
      cached.stored = cached.row;
    }
    this.dirty.length = 0;
    this.undo.length = 0;
    this.erased = false;
    this.stored = { position: this.position, eventId: this.eventId };
    if (forget) for (const cache of this.caches.values()) cache.age();
  }

  /** A fault in writing: what was not committed is forgotten, and it stalls. */
  rollBack(error: unknown): void {
    this.stalled = { position: this.stored.position + 1, reason: `writing rows: ${reasonOf(error)}` };
    this.goBackTo(this.stored);
  }

  /** What is not stored is forgotten: the rows are those of the store again, which has them up to this checkpoint. */
  goBackTo(checkpoint: Checkpoint): void {
    for (const cached of this.dirty) cached.dirty = false;
    this.dirty.length = 0;
    this.undo.length = 0;
    for (const cache of this.caches.values()) cache.clear();
    this.stored = checkpoint;
    this.position = checkpoint.position;
    this.eventId = checkpoint.eventId;
  }

  private fold(event: RecordedEvent): void {
    this.projection.apply(event, this.rows);
    const subject = erasedSubject(event);
    if (subject !== undefined) this.erase(subject);
  }

  /**
   * Folds the events from `from` on as if what is missing were not there, and takes everything back: the tables have been asked then for
   * nearly all that these events need, and can load it at once. What such a fold makes of it, or throws, does not matter.
   */
  private lookAhead(events: readonly RecordedEvent[], from: number): void {
    this.begin();
    this.lookingAhead = true;
    for (let i = from; i < events.length; i++) {
      try {
        this.fold(events[i]);
      } catch {
        continue; // it did not expect a row to be missing
      }
    }
    this.lookingAhead = false;
    this.takeBack();
  }

  /** A row that is not in memory. */
  private read(cache: RowCache, key: string): CachedRow | undefined {
    const stored = storableKey(cache.table.name, key);
    const found = (stored === key ? undefined : cache.find(stored)) ?? cache.read(stored);
    return found ?? this.miss();
  }

  private miss(): undefined {
    this.missing = true;
    if (!this.lookingAhead) throw ROWS_ARE_MISSING;
  }

  /** Puts the erased row in the place of every row of a subject, of those that are not stored yet as well. */
  private erase(subject: string): void {
    for (const [name, { personal }] of Object.entries(this.projection.tables)) {
      if (!personal) continue;
      const { table } = this.cache(name);
      const stored = table.keysOf(subject) ?? this.miss() ?? [];
      const unwritten = this.dirty.filter((each) => each.table === table).map(({ key }) => key);
      for (const key of new Set([...stored, ...unwritten])) {
        const row = this.rows.get<object>(name, key);
        if (row && personal.subject(row) === subject) this.rows.put(name, key, personal.erased(row));
      }
    }
    if (!this.lookingAhead) this.erased = true;
  }

  private change(table: string, key: string, row: object | undefined): void {
    const cache = this.cache(table);
    let found = cache.find(key);
    let name = key;
    if (!found) {
      name = storableKey(table, key);
      if (name !== key) found = cache.find(name);
    }
    const cached = found ?? cache.unread(name);
    this.undo.push({ cache, cached, row: cached.row, dirty: cached.dirty, unread: !found });
    cached.row = row;
    if (cached.dirty) return;
    cached.dirty = true;
    this.dirty.push(cached);
  }

  /** From here on everything can be taken back. */
  private begin(): void {
    if (this.undo.length > 0) this.undo.length = 0;
    this.dirtyBefore = this.dirty.length;
    this.missing = false;
  }

  private takeBack(): void {
    for (const { cache, cached, row, dirty, unread } of this.undo.reverse()) {
      cached.row = row;
      cached.dirty = dirty;
      if (unread) cache.forget(cached);
    }
    this.undo.length = 0;
    this.dirty.length = this.dirtyBefore;
  }

  private cache(table: string): RowCache {
    const cache = this.caches.get(table);
    if (!cache) throw new Error(`projection ${this.projection.name} declares no table ${table}`);
    return cache;
  }
}
