import Database from 'better-sqlite3';
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { ProcessRefusal } from './process-records';
import { BEGINNING, CheckpointMoved, type Checkpoint, type GenerationRecord } from './row-store';
import { sqliteCode } from './sqlite-code';
import { SqliteProcessRecords } from './sqlite-process-records';
import { dropTables, dropTablesInSteps, type Sqlite } from './sqlite-table';

/** Of the file's own tables; another number means: build the file again. */
const FORMAT = 2;
/** Large, because while building the same pages are written again and again: in the log they are merged. */
const WAL_PAGES = 8192;
const PAGE_BYTES = 8192;
const CACHE_KIB = 16 * 1024;
const START_TOLERANCE_MINUTES = 2;

/**
 * `read-model.db`: which generations there are, how far each has read, and the checkpoints and refusals of process managers. The rows can be
 * built again from the ledger at any time, so a file of another format is deleted, not migrated; only what is of process managers is kept.
 */
export class ReadModelFile {
  private readonly moveStatement;

  private constructor(
    readonly path: string,
    readonly db: Sqlite,
    private readonly alone: boolean,
  ) {
    this.moveStatement = db.prepare<[number, string | null, number, number]>(
      'UPDATE generation SET position = ?, event_id = ? WHERE id = ? AND position = ?',
    );
  }

  /**
   * `alone`: nobody queries meanwhile, so that nothing is written twice, and what is written is synced at the end only. Until then
   * the file says since which start of the machine it is unsynced: killing the program loses nothing, and after a power cut the
   * file is built again.
   */
  static open(directory: string, { alone = false } = {}): ReadModelFile {
    mkdirSync(directory, { recursive: true });
    const path = join(directory, 'read-model.db');
    const usable = openUsable(path, alone);
    if (usable) return new ReadModelFile(path, usable, alone);
    const { processes, refusals } = processesOf(path);
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    const made = openUsable(path, alone);
    if (!made) throw new Error(`${path} cannot be opened`);
    const records = new SqliteProcessRecords(made);
    for (const { name, ...checkpoint } of processes) records.put(name, checkpoint);
    for (const refusal of refusals) records.putRefusal(refusal);
    return new ReadModelFile(path, made, alone);
  }

  /** A connection for queries: it sees what is committed and nothing else. */
  openReader(): Sqlite {
    const reader = new Database(this.path, { readonly: true });
    reader.pragma(`cache_size = -${CACHE_KIB}`);
    return reader;
  }

  generations(): GenerationRecord[] {
    return this.db
      .prepare<[], Omit<GenerationRecord, 'indexed'> & { indexed: 0 | 1 }>(
        'SELECT id, projection, shape, state, indexed, position, event_id AS eventId FROM generation ORDER BY id',
      )
      .all()
      .map((record) => ({ ...record, indexed: record.indexed === 1 }));
  }

  createGeneration(projection: string, shape: string): GenerationRecord {
    const { lastInsertRowid } = this.db
      .prepare<[string, string]>("INSERT INTO generation (projection, shape, state) VALUES (?, ?, 'building')")
      .run(projection, shape);
    return { id: Number(lastInsertRowid), projection, shape, state: 'building', indexed: false, ...BEGINNING };
  }

  /**
   * Moves a generation's checkpoint, in the transaction of its rows.
   * @throws Error when it is not where this process left it: another process writes the file, and no event may be applied twice
   */
  moveCheckpoint(generation: number, from: number, { position, eventId }: Checkpoint): void {
    if (this.moveStatement.run(position, eventId, generation, from).changes === 1) return;
    throw new CheckpointMoved(generation);
  }

  markIndexed(generation: number): void {
    this.db.prepare<[number]>('UPDATE generation SET indexed = 1 WHERE id = ?').run(generation);
  }

  /** From here on this generation answers, and the one before it is only waiting to be dropped. */
  switchIn(projection: string, generation: number): void {
    this.db.transaction(() => {
      this.db
        .prepare<[string]>("UPDATE generation SET state = 'retired' WHERE projection = ? AND state = 'live'")
        .run(projection);
      this.db.prepare<[number]>("UPDATE generation SET state = 'live' WHERE id = ?").run(generation);
    })();
  }

  retire(generation: number): void {
    this.db.prepare<[number]>("UPDATE generation SET state = 'retired' WHERE id = ?").run(generation);
  }

  /**
   * Drops a generation that nothing reads any more and its rows, in steps; the caller commits and gives way between them. What a crash
   * leaves of it is still retired.
   */
  *removal(generation: number): Generator<void> {
    yield* dropTablesInSteps(this.db, generation);
    this.db.transaction(() => {
      dropTables(this.db, generation);
      this.db.prepare<[number]>('DELETE FROM generation WHERE id = ?').run(generation);
    })();
  }

  /** Carries the write-ahead log over into the file and cuts it to nothing; false when another process is reading it. */
  emptyLog(): boolean {
    const [{ busy }] = this.db.pragma('wal_checkpoint(TRUNCATE)') as Array<{ busy: number }>;
    return busy === 0;
  }

  close(): void {
    this.db.close();
    if (!this.alone) return;
    const file = openSync(this.path, 'r+');
    fsyncSync(file);
    closeSync(file);
    const db = new Database(this.path);
    db.pragma(`user_version = ${FORMAT}`);
    db.close();
  }
}

/** The opened file; undefined when it is of another format or no database at all. */
function openUsable(path: string, alone: boolean): Sqlite | undefined {
  const db = new Database(path);
  try {
    const format = db.pragma('user_version', { simple: true }) as number;
    const empty = db.prepare('SELECT count(*) FROM sqlite_master').pluck().get() === 0;
    if (!empty && format !== FORMAT && Math.abs(format - startOfMachine()) > START_TOLERANCE_MINUTES) {
      db.close();
      return undefined;
    }
    db.pragma(`page_size = ${PAGE_BYTES}`);
    db.pragma(`journal_mode = ${alone ? 'TRUNCATE' : 'WAL'}`);
    if (alone) db.pragma('locking_mode = EXCLUSIVE');
    // A power cut may take back the last transactions, checkpoint and rows together: they are read from the ledger again.
    db.pragma('synchronous = NORMAL');
    db.pragma('secure_delete = ON'); // an earlier version of a row may hold what was erased since
    db.pragma(`wal_autocheckpoint = ${WAL_PAGES}`);
    db.pragma(`cache_size = -${CACHE_KIB}`);
    db.pragma(`user_version = ${alone ? startOfMachine() : FORMAT}`);
    if (alone) db.pragma('synchronous = OFF');
    else db.pragma('wal_checkpoint(TRUNCATE)'); // a crash after an erasure may have left the rows in the write-ahead log
    db.exec(SCHEMA);
    return db;
  } catch (error) {
    db.close();
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** Minutes since 1970; by the clock and the time the machine has been up, so it wavers a little. */
const startOfMachine = (): number => Math.round((Date.now() / 1000 - uptime()) / 60);

interface OfProcesses {
  readonly processes: readonly (Checkpoint & { name: string })[];
  readonly refusals: readonly ProcessRefusal[];
}

/** What can be saved of process managers: without their checkpoints every one begins again. */
function processesOf(path: string): OfProcesses {
  const db = new Database(path);
  try {
    const records = new SqliteProcessRecords(db);
    return { processes: records.checkpoints(), refusals: records.allRefusals() };
  } catch {
    return { processes: [], refusals: [] };
  } finally {
    db.close();
  }
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS generation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    projection TEXT NOT NULL,
    shape TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('building', 'live', 'retired')),
    indexed INTEGER NOT NULL DEFAULT 0,
    position INTEGER NOT NULL DEFAULT 0,
    event_id TEXT
  );
  CREATE UNIQUE INDEX IF NOT EXISTS one_live_generation ON generation (projection) WHERE state = 'live';
`;
