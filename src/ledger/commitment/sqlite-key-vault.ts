import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import { Failure } from '../../kernel/errors';
import { systemClock, type Clock, type Instant } from '../../kernel/time';
import {
  COMMITMENT_KEY_BYTES,
  KeyVault,
  keyMissing,
  SUBJECT_KEY_BYTES,
  subjectErased,
  vaultBusy,
  vaultClosed,
  vaultNotEmpty,
  vaultWriteFailed,
  type RestoredVault,
  type SealedMark,
  type SubjectId,
  type SubjectKeys,
  type VaultEntry,
} from './key-vault';
import { leftFileAsItWas, sqliteCode } from '../sqlite/sqlite-code';
import { BUSY_TIMEOUT_MS, openVault, openVaultForReading, vaultFile } from './vault-schema';

export interface SqliteVaultOptions {
  /** Holds `vault.db`, made when it is missing, unless `readOnly`. */
  readonly directory: string;
  /** Reads beside the process that writes, for exports. */
  readonly readOnly?: boolean;
  readonly clock?: Clock;
}

const MAX_CACHED_SUBJECTS = 20_000;
const MAX_WAITING_REQUESTS = 8192;
const CLEARING_ATTEMPTS = 20;
const CLEARING_INTERVAL_MS = 100;
const COMMITMENT = 'commitment';

/** A key, or that it has been destroyed. */
type Known = Buffer | 'destroyed';
type Row = [subject: SubjectId, key: Buffer | null, destroyedAt: string | null];

interface Waiting {
  readonly subjects: readonly SubjectId[];
  resolve(keys: SubjectKeys): void;
  reject(error: unknown): void;
}

/** The keys in one SQLite file. How it works, what it promises and how it fails: README.md in this folder. */
export class SqliteKeyVault extends KeyVault {
  private readonly cache = new LRUCache<SubjectId, Known>({ max: MAX_CACHED_SUBJECTS });
  /** Changes when another process has committed to the file. */
  private readonly dataVersion: Statement<[], number>;
  private readonly stored: Statement<[string], Row>;
  private readonly insertKey: Statement<[SubjectId, Buffer, Instant]>;
  private seenVersion: number;
  private waiting: Waiting[] = [];
  /** Set when a failed write left it unknown what is in the file; opening it again tells. */
  private refusing = false;
  private closed = false;

  private constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    super();
    this.dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
    this.stored = db
      .prepare<[string], Row>(
        `SELECT wanted.value, subject_key.key, destroyed.at FROM json_each(?) AS wanted
         LEFT JOIN subject_key ON subject_key.subject = wanted.value
         LEFT JOIN destroyed ON destroyed.subject = wanted.value`,
      )
      .raw();
    this.insertKey = db.prepare('INSERT INTO subject_key (subject, key, made_at) VALUES (?, ?, ?)');
    this.seenVersion = this.dataVersion.get()!;
  }

  static open({ directory, readOnly = false, clock = systemClock }: SqliteVaultOptions): SqliteKeyVault {
    const file = vaultFile(directory);
    if (readOnly) return new SqliteKeyVault(openVaultForReading(file), clock);
    const vault = new SqliteKeyVault(openVault(file), clock);
    vault.emptyLog(); // a crash after a destruction may have left the key in the write-ahead log
    return vault;
  }

  async keysForWriting(subjects: Iterable<SubjectId>): Promise<SubjectKeys> {
    this.assertOpen();
    const wanted = [...subjects];
    this.forgetIfChanged();
    const cached = new Map(wanted.map((subject) => [subject, this.cache.get(subject)]));
    if (![...cached.values()].includes(undefined)) return usable(cached);
    if (this.waiting.length >= MAX_WAITING_REQUESTS) throw vaultBusy();
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ subjects: wanted, resolve, reject }) === 1) setImmediate(() => this.makeKeys());
    });
  }

  async keysForReading(subjects: Iterable<SubjectId>): Promise<SubjectKeys> {
    this.assertOpen();
    const keys = new Map<SubjectId, Buffer>();
    for (const [subject, known] of this.look([...subjects])) {
      if (known === undefined) throw keyMissing(subject);
      if (known !== 'destroyed') keys.set(subject, known);
    }
    return keys;
  }

  async destroy(subject: SubjectId, at: Instant): Promise<boolean> {
    this.assertOpen();
    // A crash before the commit leaves the key; after it, the key may be in the write-ahead log until the vault is opened again.
    const first = this.written(() => {
      this.db.prepare('UPDATE subject_key SET key = ? WHERE subject = ?').run(Buffer.alloc(SUBJECT_KEY_BYTES), subject);
      return (
        this.db.prepare('INSERT INTO destroyed (subject, at) VALUES (?, ?) ON CONFLICT DO NOTHING').run(subject, at)
          .changes > 0
      );
    });
    this.cache.set(subject, 'destroyed');
    this.tellDestroyed();
    await this.leaveNoTrace();
    return first;
  }

  async commitmentKey(): Promise<Buffer> {
    this.assertOpen();
    const stored = this.db.prepare<[string], Buffer>('SELECT key FROM ledger_key WHERE name = ?').pluck();
    return (
      stored.get(COMMITMENT) ??
      this.written(() => {
        this.db
          .prepare('INSERT INTO ledger_key (name, key, made_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
          .run(COMMITMENT, randomBytes(COMMITMENT_KEY_BYTES), this.clock.now());
        return stored.get(COMMITMENT)!;
      })
    );
  }

  async sealedMark(origin: string): Promise<SealedMark | undefined> {
    this.assertOpen();
    return this.db
      .prepare<[string], SealedMark>('SELECT origin, size, root FROM sealed_mark WHERE origin = ?')
      .get(origin);
  }

  async raiseSealedMark({ origin, size, root }: SealedMark): Promise<void> {
    this.assertOpen();
    // Several times a second, on the thread that appends: written like everything else, synced with the next key or at the end.
    this.db.pragma('synchronous = NORMAL');
    try {
      this.written(() =>
        this.db
          .prepare(
            `INSERT INTO sealed_mark (origin, size, root) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET size = excluded.size, root = excluded.root WHERE excluded.size > size`,
          )
          .run(origin, size, root),
      );
    } finally {
      this.db.pragma('synchronous = FULL');
    }
  }

  async *contents(): AsyncGenerator<VaultEntry, void, void> {
    this.assertOpen();
    if (this.db.memory) return; // for reading, and there is no file
    const reader = openVaultForReading(this.db.name);
    try {
      reader.exec('BEGIN'); // one moment for all
      const rows = <R>(sql: string): Iterable<R> => reader.prepare<[], R>(sql).iterate();
      yield* rows<VaultEntry>(`SELECT 'commitment-key' AS kind, key, made_at AS at FROM ledger_key`);
      yield* rows<VaultEntry>(
        `SELECT 'subject-key' AS kind, subject, key, made_at AS at FROM subject_key
         WHERE subject NOT IN (SELECT subject FROM destroyed) ORDER BY id`,
      );
      yield* rows<VaultEntry>(`SELECT 'destroyed' AS kind, subject, at FROM destroyed`);
      yield* rows<VaultEntry>(`SELECT 'sealed-mark' AS kind, origin, size, root FROM sealed_mark`);
    } finally {
      reader.close();
    }
  }

  /** To be called alone: what is written meanwhile would be part of it. */
  async restore(entries: AsyncIterable<VaultEntry> | Iterable<VaultEntry>): Promise<RestoredVault> {
    this.assertOpen();
    const restored = { keys: 0, destroyed: 0 };
    const put = {
      'commitment-key': this.db.prepare(`INSERT INTO ledger_key VALUES ('${COMMITMENT}', @key, @at)`),
      'subject-key': this.db.prepare('INSERT INTO subject_key (subject, key, made_at) VALUES (@subject, @key, @at)'),
      destroyed: this.db.prepare('INSERT INTO destroyed VALUES (@subject, @at)'),
      'sealed-mark': this.db.prepare('INSERT INTO sealed_mark VALUES (@origin, @size, @root)'),
    };
    try {
      this.db.exec('BEGIN IMMEDIATE');
      for (const table of ['ledger_key', 'subject_key', 'destroyed', 'sealed_mark']) {
        if (this.db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get()) throw vaultNotEmpty();
      }
      for await (const entry of entries) {
        put[entry.kind].run(entry);
        if (entry.kind === 'subject-key') restored.keys++;
        if (entry.kind === 'destroyed') restored.destroyed++;
      }
      this.db.exec('COMMIT');
      return restored;
    } catch (error) {
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      throw sqliteCode(error) ? vaultWriteFailed(sqliteCode(error), error) : error;
    }
  }

  /** Makes the keys that are waited for, then lets go of the file. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.makeKeys();
    this.closed = true;
    this.db.close();
  }

  /** What the requests of one turn of the event loop wait for, in one transaction: one fsync for all of them. */
  private makeKeys(): void {
    const batch = this.waiting;
    this.waiting = [];
    if (batch.length === 0) return;
    try {
      const known = this.written(() => this.insertMissing([...new Set(batch.flatMap((each) => each.subjects))]));
      for (const [subject, key] of known) this.cache.set(subject, key);
      for (const { subjects, resolve, reject } of batch) {
        try {
          resolve(usable(new Map(subjects.map((subject) => [subject, known.get(subject)]))));
        } catch (error) {
          reject(error);
        }
      }
    } catch (error) {
      for (const each of batch) each.reject(error);
    }
  }

  private insertMissing(subjects: readonly SubjectId[]): Map<SubjectId, Known> {
    const now = this.clock.now();
    const known = new Map<SubjectId, Known>();
    for (const [subject, found] of this.look(subjects)) {
      const key = found ?? randomBytes(SUBJECT_KEY_BYTES);
      if (!found) this.insertKey.run(subject, key as Buffer, now);
      known.set(subject, key);
    }
    return known;
  }

  /** What is known of each subject: from memory, the others with one query. */
  private look(subjects: readonly SubjectId[]): Map<SubjectId, Known | undefined> {
    this.forgetIfChanged();
    const known = new Map(subjects.map((subject) => [subject, this.cache.get(subject)]));
    const unknown = subjects.filter((subject) => known.get(subject) === undefined);
    if (unknown.length === 0) return known;
    for (const [subject, key, destroyedAt] of this.stored.all(JSON.stringify(unknown))) {
      const found = destroyedAt ? 'destroyed' : (key ?? undefined);
      known.set(subject, found);
      if (found) this.cache.set(subject, found);
    }
    return known;
  }

  /** What another process has destroyed must not be answered from this one's memory. */
  private forgetIfChanged(): void {
    const version = this.dataVersion.get()!;
    if (version === this.seenVersion) return;
    this.seenVersion = version;
    this.cache.clear();
  }

  /**
   * Carries the write-ahead log over into the file and cuts it to nothing: until then it holds what the file held before.
   * False while another process reads, which is not waited for here.
   */
  private emptyLog(): boolean {
    this.db.pragma('busy_timeout = 0');
    const [{ busy }] = this.db.pragma('wal_checkpoint(TRUNCATE)') as Array<{ busy: number }>;
    this.db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    return busy === 0;
  }

  private async leaveNoTrace(): Promise<void> {
    for (let attempt = 1; !this.emptyLog(); attempt++) {
      if (attempt === CLEARING_ATTEMPTS) throw traceLeft();
      await sleep(CLEARING_INTERVAL_MS);
      this.assertOpen();
    }
  }

  private written<T>(write: () => T): T {
    if (this.refusing) throw vaultWriteFailed('unknown');
    try {
      return this.db.transaction(write).immediate();
    } catch (error) {
      if (!sqliteCode(error)) throw error;
      this.refusing = !leftFileAsItWas(error);
      throw vaultWriteFailed(sqliteCode(error), error);
    }
  }

  private assertOpen(): void {
    if (this.closed) throw vaultClosed();
  }
}

/** @throws Failure `privacy.subject_erased` */
function usable(known: ReadonlyMap<SubjectId, Known | undefined>): SubjectKeys {
  for (const key of known.values()) if (key === 'destroyed') throw subjectErased();
  return known as SubjectKeys;
}

const traceLeft = (): Failure =>
  new Failure('unavailable', 'privacy.trace_left', {
    zh: '密钥已销毁，但另一进程正在读取密钥库，其日志中可能仍有残留；请待其结束后重试。',
    en: 'The key is destroyed, but another process is reading the vault and its log may still hold the bytes; repeat when it has ended.',
  });
