import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parseCheckpoint } from '../../verification/checkpoint';
import { parseNote } from '../../verification/note';
import { MAX_KEPT_CHECKPOINTS, PublishedCheckpoints, type KeptCheckpoint } from './published-checkpoints';

const BUSY_TIMEOUT_MS = 5000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS published (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    size INTEGER NOT NULL,  -- never below the one before
    note TEXT NOT NULL      -- verbatim
  ) STRICT;
  CREATE INDEX IF NOT EXISTS published_size ON published (size)`;

/** One file, `published.db`, in the log's directory. */
export class SqlitePublishedCheckpoints extends PublishedCheckpoints {
  private constructor(
    private readonly file: string,
    private db?: Database.Database,
  ) {
    super();
  }

  /** To write, in the process that seals. */
  static open(logDirectory: string): SqlitePublishedCheckpoints {
    const file = fileIn(logDirectory);
    const db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.exec(SCHEMA);
      return new SqlitePublishedCheckpoints(file, db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** To read beside the process that seals; there is nothing in it until something is published. */
  static read(logDirectory: string): SqlitePublishedCheckpoints {
    return new SqlitePublishedCheckpoints(fileIn(logDirectory));
  }

  async keep(note: string): Promise<void> {
    const { size } = parseCheckpoint(parseNote(note).text);
    const db = this.opened();
    db?.transaction(() => {
      const last = db.prepare<[], KeptCheckpoint>('SELECT * FROM published ORDER BY id DESC LIMIT 1').get();
      if (last?.note === note) return;
      const { lastInsertRowid: id } = db.prepare('INSERT INTO published (size, note) VALUES (?, ?)').run(size, note);
      db.prepare('DELETE FROM published WHERE id <= ?').run(Number(id) - MAX_KEPT_CHECKPOINTS);
    })();
  }

  async covering(size: number, after: number, limit: number): Promise<KeptCheckpoint[]> {
    const sql = 'SELECT id, size, note FROM published WHERE size >= ? AND id > ? ORDER BY id LIMIT ?';
    return this.opened()?.prepare<[number, number, number], KeptCheckpoint>(sql).all(size, after, limit) ?? [];
  }

  async close(): Promise<void> {
    this.db?.close();
  }

  private opened(): Database.Database | undefined {
    if (!this.db && existsSync(this.file)) {
      this.db = new Database(this.file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
    }
    return this.db;
  }
}

const fileIn = (logDirectory: string): string => join(logDirectory, 'published.db');
