import Database from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../kernel/errors';

/** A checkpoint this witness has cosigned. */
export interface Cosigned {
  readonly size: number;
  readonly root: Uint8Array;
  /** When it was first cosigned, Unix seconds. */
  readonly time: number;
  /** The checkpoint with the log's own signatures: what makes a later claim about it provable. */
  readonly note: string;
  /** The signature line given at `time`, newline included. */
  readonly cosignature: string;
}

/** What is new of a checkpoint, before it is stored. */
export interface Cosigning extends Pick<Cosigned, 'size' | 'root' | 'note'> {
  /** The signature line of a time in Unix seconds, newline included. */
  readonly cosign: (time: number) => string;
}

/**
 * What a compare-and-swap came to: the cosignature; or the size that is stored instead of the one expected; or the time signed
 * last, which this clock is too far behind to sign it again.
 */
export type Advanced = { readonly line: string } | { readonly stored: number } | { readonly ahead: number };

/** By how much a time signed before may be ahead of the clock: logs take no cosignature that is further off. */
const MAX_AHEAD_S = 300;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS cosigned (
  origin TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size >= 0),
  root BLOB NOT NULL CHECK (length(root) = 32),
  time INTEGER NOT NULL,
  note TEXT NOT NULL,
  cosignature TEXT NOT NULL,
  PRIMARY KEY (origin, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS signed_time (origin TEXT PRIMARY KEY, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS identity (only INTEGER PRIMARY KEY CHECK (only = 1), vkey TEXT NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS cosigned_never_changes BEFORE UPDATE ON cosigned
  BEGIN SELECT raise(ABORT, 'what was cosigned never changes'); END;
CREATE TRIGGER IF NOT EXISTS cosigned_never_goes BEFORE DELETE ON cosigned
  BEGIN SELECT raise(ABORT, 'what was cosigned never goes'); END;
CREATE TRIGGER IF NOT EXISTS cosigned_only_grows BEFORE INSERT ON cosigned
  WHEN EXISTS (SELECT 1 FROM cosigned WHERE origin = NEW.origin AND size >= NEW.size)
  BEGIN SELECT raise(ABORT, 'a log only grows'); END;
`;

/**
 * What a witness has cosigned, of every log, in one SQLite file, `witness.db`. Every write is synced before it is answered
 * (synchronous = FULL). The file is locked for one process as long as it is open; the operating system drops the lock with it.
 */
export class WitnessStore {
  private constructor(private readonly db: Database.Database) {}

  /** @throws Failure `witness.locked` at once when another process has the directory */
  static open(directory: string): WitnessStore {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const db = new Database(join(directory, 'witness.db'), { timeout: 0 });
    try {
      db.pragma('locking_mode = EXCLUSIVE');
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.transaction(() => db.exec(SCHEMA)).exclusive();
      return new WitnessStore(db);
    } catch (error) {
      db.close();
      throw (error as { code?: string }).code?.startsWith('SQLITE_BUSY') ? locked(directory) : error;
    }
  }

  /** Whose memory this is; undefined for one that was just made. */
  get vkey(): string | undefined {
    return this.db.prepare<[], string>('SELECT vkey FROM identity').pluck().get();
  }

  /** It is this key's from now on. */
  belongsTo(vkey: string): void {
    this.db.prepare('INSERT INTO identity (only, vkey) VALUES (1, ?)').run(vkey);
  }

  /** The newest checkpoint of a log; undefined before the first. */
  latest(origin: string): Cosigned | undefined {
    return this.db.prepare<[string], Cosigned>(`${SELECT} WHERE origin = ? ORDER BY size DESC LIMIT 1`).get(origin);
  }

  /** The checkpoint cosigned at this size. */
  at(origin: string, size: number): Cosigned | undefined {
    return this.db.prepare<[string, number], Cosigned>(`${SELECT} WHERE origin = ? AND size = ?`).get(origin, size);
  }

  /** What was cosigned above a size, smallest first. */
  history(origin: string, after: number, limit: number): Cosigned[] {
    return this.db
      .prepare<[string, number, number], Cosigned>(`${SELECT} WHERE origin = ? AND size > ? ORDER BY size LIMIT ?`)
      .all(origin, after, limit);
  }

  /**
   * Compare-and-swap: when the newest size of the log is `old` (0 for none), the checkpoint becomes the newest. The time that is
   * signed is never lower than one signed before for this log; when the clock is far behind that one, one of the two is
   * wrong, and nothing is signed. Durable when it returns; a crash before leaves the older state, one after it a checkpoint that
   * the log may ask for again. The caller has verified that the checkpoint follows from the stored one.
   * @param now Unix seconds
   */
  advance(origin: string, old: number, { size, root, note, cosign }: Cosigning, now: number): Advanced {
    return this.db
      .transaction((): Advanced => {
        const latest = this.latest(origin);
        if ((latest?.size ?? 0) !== old) return { stored: latest?.size ?? 0 };
        const before = this.db.prepare<[string], { time: number }>(TIME).get(origin)?.time ?? 0;
        if (before > now + MAX_AHEAD_S) return { ahead: before };
        const time = Math.max(now, before);
        const line = cosign(time);
        this.db.prepare(SET_TIME).run(origin, time);
        if (latest?.size === size) {
          if (Buffer.compare(latest.root, root) !== 0) throw new Error('two roots for one size'); // the caller did not verify
        } else {
          this.db.prepare(INSERT).run(origin, size, root, time, note, line);
        }
        return { line };
      })
      .immediate();
  }

  close(): void {
    this.db.close();
  }
}

const SELECT = 'SELECT size, root, time, note, cosignature FROM cosigned';
const INSERT = 'INSERT INTO cosigned (origin, size, root, time, note, cosignature) VALUES (?, ?, ?, ?, ?, ?)';
const TIME = 'SELECT time FROM signed_time WHERE origin = ?';
const SET_TIME = 'INSERT INTO signed_time (origin, time) VALUES (?, ?) ON CONFLICT DO UPDATE SET time = excluded.time';

const locked = (directory: string): Failure =>
  new Failure('unavailable', 'witness.locked', {
    zh: `另一个进程正在使用见证人目录 ${directory}。`,
    en: `Another process is using the witness's directory ${directory}.`,
  });
