import type { Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import { LedgerCorrupt } from '../event-store';
import { decode, ROW, type EventRow } from './event-row';
import type { Sqlite } from './schema';

/** Where a stream ends. */
export interface StreamHead {
  readonly id: number;
  readonly revision: number;
}

const MAX_CACHED_HEADS = 50_000;

/** The ends of the streams: the recently used ones in memory, the others from the file. */
export class StreamHeads {
  private readonly cache = new LRUCache<string, StreamHead>({ max: MAX_CACHED_HEADS });
  private readonly streamId: Statement<[string], number>;
  private readonly lastRow: Statement<[number], EventRow>;

  constructor(
    db: Sqlite,
    /** False for a reader, beside which another process may append. */
    private readonly caching: boolean,
  ) {
    this.streamId = db.prepare<[string], number>('SELECT id FROM stream WHERE name = ?').pluck();
    this.lastRow = db
      .prepare<[number], EventRow>(`SELECT ${ROW} FROM event WHERE stream = ? ORDER BY revision DESC LIMIT 1`)
      .raw();
  }

  /** Undefined when there is no such stream. @throws LedgerCorrupt */
  get(name: string): StreamHead | undefined {
    return (this.caching ? this.cache.get(name) : undefined) ?? this.load(name);
  }

  /** Only what is durable may be put here. */
  put(name: string, head: StreamHead): void {
    this.cache.set(name, head);
  }

  private load(name: string): StreamHead | undefined {
    const id = this.streamId.get(name);
    if (id === undefined) return undefined;
    const row = this.lastRow.get(id);
    if (!row) throw new LedgerCorrupt(0, `stream ${name} has no events`);
    const last = decode(row);
    if (last.stream !== name)
      throw new LedgerCorrupt(last.position, `stands in stream ${name}, belongs to ${last.stream}`);
    const head = { id, revision: last.revision };
    if (this.caching) this.cache.set(name, head);
    return head;
  }
}
