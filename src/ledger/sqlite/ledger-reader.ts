import type { Statement } from 'better-sqlite3';
import type { RecordedEvent } from '../../kernel/event';
import { LedgerCorrupt, type PageRequest } from '../event-store';
import { bounds } from '../page-bounds';
import { decode, ROW, type EventRow } from './event-row';
import type { Sqlite } from './schema';
import { sqliteCode } from './sqlite-code';
import { StreamHeads } from './stream-heads';

type Direction = PageRequest['direction'];

/** Reads verified pages: every row's checksum, and that no row of the page is missing. */
export class LedgerReader {
  readonly heads: StreamHeads;
  private readonly maxPosition: Statement<[], number>;
  private readonly all: Record<Direction, Statement<[number, number], EventRow>>;
  private readonly stream: Record<Direction, Statement<[number, number, number], EventRow>>;

  constructor(db: Sqlite, options: { cacheHeads: boolean }) {
    this.heads = new StreamHeads(db, options.cacheHeads);
    this.maxPosition = db.prepare<[], number>('SELECT coalesce(max(position), 0) FROM event').pluck();
    const page = (where: string, order: string): Statement<number[], EventRow> =>
      db.prepare<number[], EventRow>(`SELECT ${ROW} FROM event WHERE ${where} ORDER BY ${order} LIMIT ?`).raw();
    this.all = {
      forwards: page('position >= ?', 'position'),
      backwards: page('position <= ?', 'position DESC'),
    };
    this.stream = {
      forwards: page('stream = ? AND revision >= ?', 'revision'),
      backwards: page('stream = ? AND revision <= ?', 'revision DESC'),
    };
  }

  /** The last position in the file; 0 when it is empty. */
  lastPosition(): number {
    return orCorrupt(0, () => this.maxPosition.get() ?? 0);
  }

  /** @throws LedgerCorrupt; Failure `ledger.bad_page` */
  readAll(page: PageRequest, last: number): RecordedEvent[] {
    const { first, count, step } = bounds(page, 1, last);
    if (count === 0) return [];
    return orCorrupt(first, () => {
      const events = this.all[page.direction].all(first, count).map(decode);
      for (let i = 0; i < count; i++) {
        const position = first + i * step;
        if (events[i]?.position !== position) throw new LedgerCorrupt(position, 'the event is missing');
      }
      return events;
    });
  }

  /** @throws LedgerCorrupt; Failure `ledger.bad_page` */
  readStream(name: string, page: PageRequest): RecordedEvent[] {
    return orCorrupt(0, () => {
      const head = this.heads.get(name);
      const { first, count, step } = bounds(page, 0, head ? head.revision : -1);
      if (!head || count === 0) return [];
      const events = this.stream[page.direction].all(head.id, first, count).map(decode);
      for (let i = 0; i < count; i++) {
        const revision = first + i * step;
        if (events[i]?.revision !== revision || events[i].stream !== name) {
          throw new LedgerCorrupt(events[i]?.position ?? 0, `revision ${revision} of stream ${name} is missing`);
        }
      }
      return events;
    });
  }
}

/** SQLite's own word for damage, in the ledger's. `position` is the nearest that is known. */
export function orCorrupt<T>(position: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const code = sqliteCode(error);
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) throw new LedgerCorrupt(position, code);
    throw error;
  }
}
