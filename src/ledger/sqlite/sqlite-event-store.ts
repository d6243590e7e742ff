import { mkdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Failure } from '../../kernel/errors';
import type { NewEvent, RecordedEvent } from '../../kernel/event';
import { appendRequest, type AppendRequest } from '../append-request';
import {
  EventStore,
  LedgerCorrupt,
  type Appended,
  type ExpectedRevision,
  type LedgerIdentity,
  type PageRequest,
} from '../event-store';
import { BatchWriter, type Outcome } from './batch-writer';
import { GroupCommit } from './group-commit';
import { HeadMark } from './head-mark';
import { LedgerReader, orCorrupt } from './ledger-reader';
import { lockDirectory, type ProcessLock } from './process-lock';
import { identityIn, ledgerFile, openForReading, openForWriting, type Sqlite } from './schema';
import { leftFileAsItWas, sqliteCode } from './sqlite-code';
import { WakeUp } from '../wake-up';

export interface SqliteLedgerOptions {
  /** Holds `ledger.db`, `ledger.lock` and `ledger.head`; made when it is missing, unless `readOnly`. */
  readonly directory: string;
  /** Reads beside a running writer, for exports: takes no lock, refuses `append`, polls for live events. */
  readonly readOnly?: boolean;
}

/** Events at the ledger's end that are verified when it is opened. */
const TAIL_CHECK_EVENTS = 256;
const READER_POLL_MS = 200;
const SUBSCRIPTION_PAGE_EVENTS = 512;

/** What only the writing process has. */
interface WriteSide {
  readonly writer: BatchWriter;
  readonly lock: ProcessLock;
  readonly mark: HeadMark;
}

/** The embedded event store: one SQLite file, one writing process. How it works and how it fails: README.md in this folder. */
export class SqliteEventStore extends EventStore {
  private readonly queue = new GroupCommit((batch) => this.write(batch));
  private readonly wakeUp = new WakeUp();
  private closed = false;
  /** Set when a failed write left it unknown what is in the file; opening it again tells. */
  private refusing = false;

  private constructor(
    private readonly db: Sqlite,
    private readonly reader: LedgerReader,
    private readonly writing: WriteSide | undefined,
  ) {
    super();
  }

  /**
   * Opens the ledger and verifies its end; unless `readOnly` it takes the directory for this process.
   * @throws LedgerLocked when another process writes it
   * @throws LedgerCorrupt when its end is damaged or acknowledged events are missing
   */
  static open({ directory, readOnly = false }: SqliteLedgerOptions): SqliteEventStore {
    if (readOnly) {
      const db = orCorrupt(0, () => openForReading(ledgerFile(directory)));
      return new SqliteEventStore(db, new LedgerReader(db, { cacheHeads: false }), undefined);
    }
    mkdirSync(directory, { recursive: true });
    const lock = lockDirectory(directory);
    let db: Sqlite | undefined;
    try {
      const opened = (db = orCorrupt(0, () => openForWriting(ledgerFile(directory))));
      const reader = new LedgerReader(opened, { cacheHeads: true });
      const last = reader.lastPosition();
      assertNothingLost(HeadMark.read(directory), last);
      reader.readAll({ direction: 'backwards', limit: TAIL_CHECK_EVENTS }, last);
      const writer = new BatchWriter(opened, reader.heads, last);
      return new SqliteEventStore(opened, reader, { writer, lock, mark: HeadMark.open(directory) });
    } catch (error) {
      db?.close();
      lock.release();
      throw error;
    }
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    this.assertOpen();
    if (!this.writing || this.refusing) throw notWritable();
    return this.queue.add(appendRequest(stream, expected, events));
  }

  async readStream(stream: string, page: PageRequest): Promise<RecordedEvent[]> {
    this.assertOpen();
    return this.reader.readStream(stream, page);
  }

  async readAll(page: PageRequest): Promise<RecordedEvent[]> {
    this.assertOpen();
    return this.reader.readAll(page, this.last());
  }

  async head(): Promise<number> {
    this.assertOpen();
    return this.last();
  }

  async *subscribe(options: {
    after: number;
    limit?: number;
    signal?: AbortSignal;
  }): AsyncGenerator<RecordedEvent[], void, void> {
    const { after, limit = SUBSCRIPTION_PAGE_EVENTS, signal } = options;
    const ended = (): boolean => this.closed || signal?.aborted === true;
    let from = after + 1;
    while (!ended()) {
      const page = this.reader.readAll({ direction: 'forwards', from, limit }, this.last());
      if (page.length > 0) {
        from += page.length;
        yield page;
        await nextTurn(); // a long catch-up leaves turns to appends and requests
      } else {
        await this.wakeUp.wait(signal, this.writing ? undefined : READER_POLL_MS);
      }
    }
  }

  /** Of its vault nothing is kept: one process has the ledger, and its keys beside it. */
  override async identity(): Promise<LedgerIdentity | undefined> {
    this.assertOpen();
    return identityIn(this.db);
  }

  /** Writes what waits, ends the subscriptions, and lets the next process in. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.queue.flush();
    this.closed = true;
    this.wakeUp.all();
    this.db.close();
    this.writing?.mark.close();
    this.writing?.lock.release();
  }

  private last(): number {
    return this.writing ? this.writing.writer.head : this.reader.lastPosition();
  }

  private write(batch: readonly AppendRequest[]): Outcome[] {
    if (!this.writing || this.refusing) throw notWritable();
    try {
      const outcomes = this.writing.writer.write(batch);
      this.writing.mark.write(this.writing.writer.head);
      this.wakeUp.all();
      return outcomes;
    } catch (error) {
      this.refusing = !leftFileAsItWas(error);
      throw writeFailed(error);
    }
  }

  private assertOpen(): void {
    if (this.closed) {
      throw new Failure('unavailable', 'ledger.closed', { zh: '台账已关闭。', en: 'The ledger is closed.' });
    }
  }
}

function assertNothingLost(acknowledged: number, last: number): void {
  if (last >= acknowledged) return;
  throw new LedgerCorrupt(last + 1, `events up to ${acknowledged} were acknowledged, the file ends at ${last}`);
}

function writeFailed(error: unknown): Failure {
  const code = sqliteCode(error) || 'unknown';
  const failure = new Failure('unavailable', 'ledger.write_failed', {
    zh: `台账写入失败（${code}），请稍后以同一编号重试。`,
    en: `The ledger could not be written (${code}); repeat the request later with the same key.`,
  });
  failure.cause = error;
  return failure;
}

const notWritable = (): Failure =>
  new Failure('unavailable', 'ledger.not_writable', {
    zh: '台账目前只读。',
    en: 'The ledger is read-only now: opened for reading, or a write failed and the file has to be opened again.',
  });
