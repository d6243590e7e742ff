import Database from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../kernel/errors';
import type { Instant } from '../kernel/time';

/** A checkpoint that the log has shown. */
export interface SeenCheckpoint {
  readonly id: number;
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
  readonly seenAt: Instant;
}

/** Older ones that fit the mirror are let go: it can tell their roots. */
const MAX_CHECKPOINTS = 100_000;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS checkpoint (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  size INTEGER NOT NULL,
  root BLOB NOT NULL CHECK (length(root) = 32),
  note TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'unchecked' CHECK (state IN ('unchecked', 'fits', 'contradicts')),
  UNIQUE (size, root)
) STRICT;
CREATE TABLE IF NOT EXISTS monitor (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  origin TEXT NOT NULL,
  mirrored INTEGER REFERENCES checkpoint (id)
) STRICT;
`;
const COLUMNS = 'id, size, root, note, seen_at AS seenAt';

/** What a monitor has seen, in `monitor.db`: every checkpoint, and which of them the mirror holds. One process at a time. */
export class MonitorStore {
  private constructor(private readonly db: Database.Database) {}

  /** @throws Failure `monitor.locked` at once when another process has the directory */
  static open(directory: string): MonitorStore {
    mkdirSync(directory, { recursive: true });
    const db = new Database(join(directory, 'monitor.db'), { timeout: 0 });
    try {
      db.pragma('locking_mode = EXCLUSIVE');
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.transaction(() => db.exec(SCHEMA)).exclusive();
      return new MonitorStore(db);
    } catch (error) {
      db.close();
      throw (error as { code?: string }).code?.startsWith('SQLITE_BUSY') ? locked(directory) : error;
    }
  }

  /** The log this directory is about: the first that was seen. */
  origin(first: string): string {
    this.db.prepare('INSERT INTO monitor (only, origin) VALUES (1, ?) ON CONFLICT DO NOTHING').run(first);
    return this.db.prepare<[], { origin: string }>('SELECT origin FROM monitor').get()!.origin;
  }

  /** Keeps a checkpoint; one of the same size and root is kept once, as it was first. Durable when it returns. */
  add({ size, root, note, seenAt }: Omit<SeenCheckpoint, 'id'>): SeenCheckpoint {
    const insert = 'INSERT INTO checkpoint (size, root, note, seen_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING';
    const { changes } = this.db.prepare(insert).run(size, root, note, seenAt);
    if (changes > 0) this.forgetOld();
    return this.one('size = ? AND root = ?', size, root)!;
  }

  /** The largest that was seen, but for those that contradict the mirror. */
  largest(): SeenCheckpoint | undefined {
    return this.one(`state <> 'contradicts' ORDER BY size DESC, id`);
  }

  /** One of the same size with another root. */
  ofOtherRoot({ size, root }: Pick<SeenCheckpoint, 'size' | 'root'>): SeenCheckpoint | undefined {
    return this.one('size = ? AND root <> ? ORDER BY id', size, root);
  }

  /** The one that the mirror holds whole. */
  mirrored(): SeenCheckpoint | undefined {
    return this.one('id = (SELECT mirrored FROM monitor)');
  }

  /** Those up to a size of which it is not known yet whether they fit the mirror. */
  unchecked(size: number): SeenCheckpoint[] {
    const query = `SELECT ${COLUMNS} FROM checkpoint WHERE state = 'unchecked' AND size <= ? ORDER BY size`;
    return this.db.prepare<[number], SeenCheckpoint>(query).all(size);
  }

  mark({ id }: SeenCheckpoint, state: 'fits' | 'contradicts'): void {
    this.db.prepare('UPDATE checkpoint SET state = ? WHERE id = ?').run(state, id);
  }

  setMirrored({ id }: SeenCheckpoint): void {
    this.db.prepare('UPDATE monitor SET mirrored = ?').run(id);
  }

  close(): void {
    this.db.close();
  }

  private one(where: string, ...values: unknown[]): SeenCheckpoint | undefined {
    const query = `SELECT ${COLUMNS} FROM checkpoint WHERE ${where} LIMIT 1`;
    return this.db.prepare<unknown[], SeenCheckpoint>(query).get(...values);
  }

  private forgetOld(): void {
    const old = `DELETE FROM checkpoint WHERE state = 'fits' AND id <= (SELECT max(id) FROM checkpoint) - ${MAX_CHECKPOINTS}
      AND id <> coalesce((SELECT mirrored FROM monitor), 0)`;
    this.db.prepare(old).run();
  }
}

const locked = (directory: string): Failure =>
  new Failure('unavailable', 'monitor.locked', {
    zh: `另一个进程正在使用监督目录 ${directory}。`,
    en: `Another process is using the monitor's directory ${directory}.`,
  });
