import type { Statement } from 'better-sqlite3';
import type { RecordedEvent } from '../../kernel/event';
import { LedgerCorrupt } from '../event-store';
import { bodyOf } from '../append-request';
import { idBytes } from '../event-id';
import { decode, ROW, type EventRow } from './event-row';
import { orCorrupt } from './ledger-reader';
import type { Sqlite } from './schema';

/** What stands at a position: its event, or why it cannot be what was written there. */
export type CheckedRow = RecordedEvent | LedgerCorrupt;

type WholeRow = [...EventRow, id: Buffer, stream: string | null];

const WHOLE_ROW = `SELECT ${ROW}, event.id, stream.name FROM event LEFT JOIN stream ON stream.id = event.stream`;

/**
 * Reads rows of which no byte is taken on trust: checksum, id column, name of the stream, and JSON in the very form in which it
 * is written, so that no two bodies stand for one event. A damaged row does not hide the others.
 */
export class CheckedRows {
  private readonly page: Statement<[number, number], WholeRow>;
  private readonly one: Statement<[number], WholeRow>;

  constructor(db: Sqlite) {
    const rows = <B extends unknown[]>(where: string): Statement<B, WholeRow> =>
      db.prepare<B, WholeRow>(`${WHOLE_ROW} WHERE ${where}`).raw();
    this.page = rows('position BETWEEN ? AND ? ORDER BY position');
    this.one = rows('position = ?');
  }

  /** What stands at `count` positions from `first` on, one for each. */
  read(first: number, count: number): CheckedRow[] {
    const page = this.wholePage(first, count);
    if (!page) return Array.from({ length: count }, (_, i) => this.at(first + i));
    let next = 0;
    return Array.from({ length: count }, (_, i) =>
      checked(first + i, page[next]?.[0] === first + i ? page[next++] : undefined),
    );
  }

  /** What stands at a position. */
  at(position: number): CheckedRow {
    try {
      return checked(
        position,
        orCorrupt(position, () => this.one.get(position)),
      );
    } catch (error) {
      if (error instanceof LedgerCorrupt) return error;
      throw error;
    }
  }

  /** The rows there are, in order; undefined when SQLite cannot read one of them. */
  private wholePage(first: number, count: number): WholeRow[] | undefined {
    try {
      return orCorrupt(first, () => this.page.all(first, first + count - 1));
    } catch (error) {
      if (error instanceof LedgerCorrupt) return undefined;
      throw error;
    }
  }
}

function checked(position: number, row: WholeRow | undefined): CheckedRow {
  if (row === undefined) return new LedgerCorrupt(position, 'the event is missing');
  const [, stream, revision, crc, body, id, name] = row;
  try {
    const event = decode([position, stream, revision, crc, body]);
    if (!isObject(event.data) || !isObject(event.metadata)) throw new LedgerCorrupt(position, 'the body is no event');
    if (!idBytes(event.id).equals(id)) throw new LedgerCorrupt(position, 'the id column is not the id of the event');
    if (event.stream !== name)
      throw new LedgerCorrupt(position, `the stream is ${name}, the event says ${event.stream}`);
    if (bodyOf(event.stream, event) === body) return event;
    throw new LedgerCorrupt(position, 'the JSON is not in the form in which events are written');
  } catch (error) {
    return error instanceof LedgerCorrupt ? error : new LedgerCorrupt(position, 'the body is no event');
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
