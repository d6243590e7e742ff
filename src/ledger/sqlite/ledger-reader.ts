import type { Statement } from 'better-sqlite3';
import { Failure } from '../../kernel/errors';
import type { RecordedEvent } from '../../kernel/event';
import { LedgerCorrupt, MAX_PAGE_EVENTS, type PageRequest } from '../event-store';
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

/** The page's first place, how many places it has, and where the next one lies, within `lowest` to `highest`. */
function bounds(page: PageRequest, lowest: number, highest: number): { first: number; count: number; step: 1 | -1 } {
  const { direction, from, limit } = page;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_EVENTS) {
    throw badPage('limit', `每页须为 1 至 ${MAX_PAGE_EVENTS} 条。`, `A page has 1 to ${MAX_PAGE_EVENTS} events.`);
  }
  if (from !== undefined && (!Number.isSafeInteger(from) || from < 0)) {
    throw badPage('from', '起始位置须为非负整数。', 'A page starts at a whole number that is not negative.');
  }
  if (direction === 'forwards') {
    const first = Math.max(from ?? lowest, lowest);
    return { first, count: Math.max(0, Math.min(limit, highest - first + 1)), step: 1 };
  }
  const first = Math.min(from ?? highest, highest);
  return { first, count: Math.max(0, Math.min(limit, first - lowest + 1)), step: -1 };
}

const badPage = (field: string, zh: string, en: string): Failure =>
  new Failure('invalid', 'ledger.bad_page', { zh, en, field });

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
