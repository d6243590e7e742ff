import { erasedSubject, type Projection, type Rows } from '../../../projections/projection';
import type { RecordedEvent } from '../../kernel/event';
import type { Checkpoint, GenerationRecord, ReadModelFile } from './read-model-file';
import { reasonOf } from './reason-of';
import { RowCache, type CachedRow } from './row-cache';
import { RowTable } from './row-table';

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
  /** The fold put it without reading it, so what the file has is not known. */
  readonly unread: boolean;
}

/**
 * One set of a projection's rows, on its way through the ledger. `apply` changes rows in memory; `write` puts the changed ones and the
 * checkpoint into the file in the caller's transaction, each row once however many events changed it; `committed` follows the commit.
 */
export class Generation {
  readonly id: number;
  /** The last event that was applied; the file may be behind it. */
  position: number;
  indexed: boolean;
  live: boolean;
  stalled: Stall | undefined;
  /** Rows were erased since the last `committed`. */
  erased = false;
  private eventId: string | null;
  private inFile: Checkpoint;
  private readonly caches: ReadonlyMap<string, RowCache>;
  private readonly dirty: CachedRow[] = [];
  /** What the event being applied has changed so far. */
  private readonly undo: Before[] = [];
  private readonly rows: Rows;

  constructor(
    private readonly file: ReadModelFile,
    readonly projection: Projection,
    record: GenerationRecord,
  ) {
    this.id = record.id;
    this.position = record.position;
    this.eventId = record.eventId;
    this.inFile = { position: record.position, eventId: record.eventId };
    this.indexed = record.indexed === 1;
    this.live = record.state === 'live';
    this.caches = new Map(
      Object.entries(projection.tables).map(([name, table]) => [
        name,
        new RowCache(new RowTable(file.db, record.id, name, table, this.indexed)),
      ]),
    );
    this.rows = {
      get: <T>(table: string, key: string): Readonly<T> | undefined => {
        const cache = this.cache(table);
        return (cache.find(key) ?? cache.load(key)).row as Readonly<T> | undefined;
      },
      put: (table, key, row) => this.change(table, key, row),
      delete: (table, key) => this.change(table, key, undefined),
    };
  }

  get committedPosition(): number {
    return this.inFile.position;
  }

  /** Estimated size in memory as JSON, in UTF-16 units. */
  get chars(): number {
    let sum = 0;
    for (const cache of this.caches.values()) sum += cache.chars;
    return sum;
  }

  /** Applies the events after `position`, in their current schema version. At one that throws it stalls, with the rows as they were before that event. */
  apply(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      if (event.position <= this.position) continue;
      if (this.stalled) return;
      if (this.undo.length > 0) this.undo.length = 0;
      try {
        this.projection.apply(event, this.rows);
        const subject = erasedSubject(event);
        if (subject !== undefined) this.erase(subject);
      } catch (error) {
        this.takeBackEvent();
        this.stalled = { position: event.position, reason: `${event.type}: ${reasonOf(error)}` };
        return;
      }
      this.position = event.position;
      this.eventId = event.id;
    }
  }

  /** To be run in a transaction. Throws what a column's function throws, and CheckpointMoved. */
  write(): void {
    if (this.position === this.inFile.position) return;
    for (const cached of this.dirty) {
      if (!cached.dirty) continue;
      if (cached.row)
        this.cache(cached.table.name).written(cached, cached.table.write(cached.key, cached.row, cached.stored));
      else cached.table.delete(cached.key);
    }
    this.file.moveCheckpoint(this.id, this.inFile.position, { position: this.position, eventId: this.eventId });
  }

  /** What `write` wrote is in the file. `forget`: rows that were not used lately leave memory. */
  committed({ forget }: { forget: boolean }): void {
    for (const cached of this.dirty) {
      cached.dirty = false;
      cached.stored = cached.row;
    }
    this.dirty.length = 0;
    this.undo.length = 0;
    this.erased = false;
    this.inFile = { position: this.position, eventId: this.eventId };
    if (forget) for (const cache of this.caches.values()) cache.age();
  }

  /** What was not committed is forgotten: the rows are those of the file again. */
  rollBack(error: unknown): void {
    this.stalled = { position: this.inFile.position + 1, reason: `writing rows: ${reasonOf(error)}` };
    for (const cached of this.dirty) cached.dirty = false;
    this.dirty.length = 0;
    for (const cache of this.caches.values()) cache.clear();
    this.position = this.inFile.position;
    this.eventId = this.inFile.eventId;
  }

  /** Adds the indexes in steps; the caller gives way between them. */
  *index(): Generator<void> {
    for (const cache of this.caches.values()) yield* cache.table.index();
    this.file.markIndexed(this.id);
    this.indexed = true;
  }

  /** Puts the erased row in the place of every row of a subject, of those that are not in the file yet as well. */
  private erase(subject: string): void {
    for (const [name, { personal }] of Object.entries(this.projection.tables)) {
      if (!personal) continue;
      const { table } = this.cache(name);
      const unwritten = this.dirty.filter((each) => each.table === table).map(({ key }) => key);
      for (const key of new Set([...table.keysOf(subject), ...unwritten])) {
        const row = this.rows.get<object>(name, key);
        if (row && personal.subject(row) === subject) this.rows.put(name, key, personal.erased(row));
      }
    }
    this.erased = true;
  }

  private change(table: string, key: string, row: object | undefined): void {
    const cache = this.cache(table);
    const found = cache.find(key);
    const cached = found ?? cache.unread(key);
    this.undo.push({ cache, cached, row: cached.row, dirty: cached.dirty, unread: !found });
    cached.row = row;
    if (cached.dirty) return;
    cached.dirty = true;
    this.dirty.push(cached);
  }

  private takeBackEvent(): void {
    for (const { cache, cached, row, dirty, unread } of this.undo.reverse()) {
      cached.row = row;
      cached.dirty = dirty;
      if (unread) cache.forget(cached.key);
    }
    this.undo.length = 0;
  }

  private cache(table: string): RowCache {
    const cache = this.caches.get(table);
    if (!cache) throw new Error(`projection ${this.projection.name} declares no table ${table}`);
    return cache;
  }
}
