import type { Statement } from 'better-sqlite3';
import type { AppendRequest } from '../append-request';
import { DuplicateEventId, LedgerCorrupt, MAX_EVENT_BYTES, WrongExpectedRevision, type Appended } from '../event-store';
import { checksum } from './event-row';
import type { Sqlite } from './schema';
import { sqliteCode } from './sqlite-code';
import type { StreamHead, StreamHeads } from './stream-heads';

/** What became of one request of a batch. An error concerns that request alone. */
export type Outcome = Appended | WrongExpectedRevision | DuplicateEventId | LedgerCorrupt;

type RowValue = number | Buffer;
const ROW_VALUES = 6;
const ROWS_AT_ONCE = 16;

type Place = [position: number, stream: number, revision: number];

/**
 * Writes a batch of appends in one transaction. A request whose expectation fails, or whose ids are known, is answered with
 * its error and the others are written. When the transaction itself fails nothing of the batch is in the file.
 */
export class BatchWriter {
  private readonly insertStream: Statement<[string]>;
  private readonly insertEvent: Statement<[RowValue[]]>;
  private readonly insertEvents: Statement<[RowValue[]]>;
  private readonly placeOfId: Statement<[Buffer], Place>;
  private readonly idsAt: Statement<[number, number, number], [id: Buffer, position: number]>;
  private readonly inTransaction: (batch: readonly AppendRequest[], lookUpIds: boolean) => Outcome[];
  /** Ends of the streams that the running transaction has moved. */
  private readonly moved = new Map<string, StreamHead>();
  /** The bodies being written: bytes that are there once serve the checksum and the driver faster than a string does. */
  private readonly bytes = Buffer.allocUnsafe(2 * MAX_EVENT_BYTES);
  private filled = 0;
  /** Values of rows that the running transaction has still to insert: many rows a statement cost less than one each. */
  private readonly unwritten: RowValue[] = [];
  private next = 0;

  constructor(
    db: Sqlite,
    private readonly heads: StreamHeads,
    /** Last position in the file. */
    private position: number,
  ) {
    this.insertStream = db.prepare('INSERT OR ROLLBACK INTO stream (name) VALUES (?)');
    const insert = (rows: number): Statement<[RowValue[]]> =>
      db.prepare<[RowValue[]]>(
        `INSERT OR ROLLBACK INTO event (position, stream, revision, id, crc, body) VALUES ${Array(rows).fill('(?, ?, ?, ?, ?, CAST(? AS TEXT))').join(', ')}`,
      );
    this.insertEvent = insert(1);
    this.insertEvents = insert(ROWS_AT_ONCE);
    this.placeOfId = db.prepare<[Buffer], Place>('SELECT position, stream, revision FROM event WHERE id = ?').raw();
    this.idsAt = db
      .prepare<[number, number, number], [Buffer, number]>(
        'SELECT id, position FROM event WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?',
      )
      .raw();
    this.inTransaction = db.transaction((batch: readonly AppendRequest[], lookUpIds: boolean) => {
      this.moved.clear();
      this.next = this.position + 1;
      this.unwritten.length = 0;
      this.filled = 0;
      const outcomes = batch.map((request) => this.answer(request, lookUpIds));
      this.writeRows();
      return outcomes;
    }).immediate;
  }

  get head(): number {
    return this.position;
  }

  /** One outcome a request, in order, once they are durable. @throws SqliteError, and then nothing was written */
  write(batch: readonly AppendRequest[]): Outcome[] {
    const outcomes = this.attempt(batch);
    // Durable from here on; until here the memory still said what the file says.
    for (const [name, head] of this.moved) this.heads.put(name, head);
    this.position = this.next - 1;
    return outcomes;
  }

  /** A known id is rare, so ids are looked up one by one only after the unique index has refused the batch. */
  private attempt(batch: readonly AppendRequest[]): Outcome[] {
    try {
      return this.inTransaction(batch, false);
    } catch (error) {
      if (sqliteCode(error).startsWith('SQLITE_CONSTRAINT')) return this.inTransaction(batch, true);
      throw error;
    }
  }

  private answer(request: AppendRequest, lookUpIds: boolean): Outcome {
    try {
      return this.judge(request, this.moved.get(request.stream) ?? this.heads.get(request.stream), lookUpIds);
    } catch (error) {
      if (error instanceof LedgerCorrupt) return error; // this stream's end is damaged; the others' are not
      throw error;
    }
  }

  private judge(request: AppendRequest, head: StreamHead | undefined, lookUpIds: boolean): Outcome {
    const { stream, expected } = request;
    const actual = head ? head.revision : -1;
    const fits = expected === 'no_stream' ? !head : expected === 'stream_exists' ? head : head && expected === actual;
    if (!fits || lookUpIds) this.writeRows(); // so that the batch's own ids are found as well
    if (!fits) return this.alreadyThere(request, head) ?? new WrongExpectedRevision(stream, expected, actual);
    const known = lookUpIds ? this.knownId(request) : undefined;
    if (known !== undefined) return this.alreadyThere(request, head) ?? new DuplicateEventId(known);
    return this.insert(request, head);
  }

  private insert({ stream, events }: AppendRequest, head: StreamHead | undefined): Appended {
    const id = head ? head.id : Number(this.insertStream.run(stream).lastInsertRowid);
    let revision = head ? head.revision : -1;
    for (const event of events) {
      revision += 1;
      const position = this.next++;
      if (this.bytes.length - this.filled < event.bytes) this.writeRows();
      const from = this.filled;
      this.filled += this.bytes.write(event.body, from);
      const body = this.bytes.subarray(from, this.filled);
      this.unwritten.push(position, id, revision, event.id, checksum(position, id, revision, body), body);
    }
    this.moved.set(stream, { id, revision });
    return { revision, position: this.next - 1, repeated: false };
  }

  private writeRows(): void {
    const values = this.unwritten;
    const many = ROWS_AT_ONCE * ROW_VALUES;
    let at = 0;
    for (; values.length - at >= many; at += many) this.insertEvents.run(values.slice(at, at + many));
    for (; at < values.length; at += ROW_VALUES) this.insertEvent.run(values.slice(at, at + ROW_VALUES));
    values.length = 0;
    this.filled = 0;
  }

  /** The first result of these very events, when they stand in the stream where this append would have put them. */
  private alreadyThere({ expected, events }: AppendRequest, head: StreamHead | undefined): Appended | undefined {
    const place = head && this.placeOfId.get(events[0].id);
    if (!place) return undefined;
    const [, stream, first] = place;
    const wanted = expected === 'no_stream' ? 0 : expected === 'stream_exists' ? first : expected + 1;
    if (stream !== head.id || first !== wanted) return undefined;
    const there = this.idsAt.all(stream, first, events.length);
    if (there.length < events.length || there.some(([id], i) => !id.equals(events[i].id))) return undefined;
    return { revision: first + events.length - 1, position: there[there.length - 1][1], repeated: true };
  }

  /** The first id that is in the ledger, or twice in the request. */
  private knownId({ events }: AppendRequest): string | undefined {
    const seen = new Set<string>();
    for (const { id, body } of events) {
      const hex = id.toString('hex');
      if (seen.has(hex) || this.placeOfId.get(id)) return (JSON.parse(body) as { id: string }).id;
      seen.add(hex);
    }
    return undefined;
  }
}
