import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parseCheckpoint } from '../../verification/checkpoint';
import { parseNote } from '../../verification/note';
import type { LogStorage, Published } from './log-storage';

/** A note that the log has published, or was about to. */
export interface KeptCheckpoint {
  /** Grows with every note. */
  readonly id: number;
  readonly size: number;
  readonly note: string;
}

/** Notes kept: more than a day of one a second. */
const MAX_KEPT = 100_000;
const BUSY_TIMEOUT_MS = 5000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS published (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    size INTEGER NOT NULL,  -- never below the one before
    note TEXT NOT NULL      -- verbatim
  ) STRICT;
  CREATE INDEX IF NOT EXISTS published_size ON published (size)`;

/**
 * The notes that the log has published, in their order: whoever needs the first checkpoint after an event, such as a random
 * draw, must not depend on having looked in time. One SQLite file beside the tiles; the newest `MAX_KEPT` notes.
 *
 * A note is kept, durably, before it is published, so none that anybody has seen is missing. One that was kept and then not
 * published, because of a crash between the two, was signed and cosigned all the same.
 */
export class PublishedCheckpoints {
  private constructor(
    private readonly file: string,
    private db?: Database.Database,
  ) {}

  /** To write, in the process that seals. */
  static open(logDirectory: string): PublishedCheckpoints {
    const file = fileIn(logDirectory);
    const db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.exec(SCHEMA);
      return new PublishedCheckpoints(file, db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** To read beside the process that seals; there is nothing in it until something is published. */
  static read(logDirectory: string): PublishedCheckpoints {
    return new PublishedCheckpoints(fileIn(logDirectory));
  }

  /** Keeps a note, durable when it returns. The same note again is not kept twice in a row. */
  keep(note: string): void {
    const { size } = parseCheckpoint(parseNote(note).text);
    const db = this.opened();
    db?.transaction(() => {
      const last = db.prepare<[], KeptCheckpoint>('SELECT * FROM published ORDER BY id DESC LIMIT 1').get();
      if (last?.note === note) return;
      const { lastInsertRowid: id } = db.prepare('INSERT INTO published (size, note) VALUES (?, ?)').run(size, note);
      db.prepare('DELETE FROM published WHERE id <= ?').run(Number(id) - MAX_KEPT);
    })();
  }

  /** Notes of trees of `size` leaves or more, oldest first, from the one after `after` (an id; 0 is the beginning). */
  covering(size: number, after: number, limit: number): KeptCheckpoint[] {
    const sql = 'SELECT id, size, note FROM published WHERE size >= ? AND id > ? ORDER BY id LIMIT ?';
    return this.opened()?.prepare<[number, number, number], KeptCheckpoint>(sql).all(size, after, limit) ?? [];
  }

  close(): void {
    this.db?.close();
  }

  private opened(): Database.Database | undefined {
    if (!this.db && existsSync(this.file)) {
      this.db = new Database(this.file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
    }
    return this.db;
  }
}

/** The same storage; a checkpoint is kept before it is published. */
export function keepingPublished(storage: LogStorage, kept: Pick<PublishedCheckpoints, 'keep'>): LogStorage {
  const publish = async (text: string, as: Published = 'checkpoint'): Promise<void> => {
    if (as === 'checkpoint') kept.keep(text);
    await storage.publish(text, as);
  };
  return Object.assign(Object.create(storage) as LogStorage, { publish });
}

const fileIn = (logDirectory: string): string => join(logDirectory, 'published.db');
