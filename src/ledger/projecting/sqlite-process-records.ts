import { MAX_LISTED_REFUSALS, type ProcessRecord, type ProcessRecords, type ProcessRefusal } from './process-records';
import { BEGINNING, type Checkpoint } from './row-store';
import type { Sqlite } from './sqlite-table';

const SELECT = 'SELECT process, position, event_id AS eventId, code, at FROM process_refusals';

/** In `read-model.db`, which one process alone reads: what troubles it now is in its memory. */
export class SqliteProcessRecords implements ProcessRecords {
  constructor(private readonly db: Sqlite) {
    db.exec(`
      CREATE TABLE IF NOT EXISTS process (
        name TEXT PRIMARY KEY,
        position INTEGER NOT NULL,
        event_id TEXT
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS process_refusals (
        process TEXT NOT NULL,
        position INTEGER NOT NULL,
        event_id TEXT NOT NULL,
        code TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (process, position)
      ) WITHOUT ROWID`);
  }

  async checkpoint(name: string): Promise<Checkpoint> {
    const found = this.db
      .prepare<[string], Checkpoint>('SELECT position, event_id AS eventId FROM process WHERE name = ?')
      .get(name);
    return found ?? BEGINNING;
  }

  async save(name: string, checkpoint: Checkpoint): Promise<void> {
    this.put(name, checkpoint);
  }

  async addRefusal(refusal: ProcessRefusal): Promise<void> {
    this.putRefusal(refusal);
  }

  async forgetRefusals(process: string): Promise<void> {
    this.db.prepare<[string]>('DELETE FROM process_refusals WHERE process = ?').run(process);
  }

  async noteTrouble(): Promise<void> {
    // nobody looks from elsewhere
  }

  async all(): Promise<ProcessRecord[]> {
    return this.db
      .prepare<[], ProcessRecord>(
        `SELECT name, coalesce(position, 0) AS position, (SELECT count(*) FROM process_refusals WHERE process = name) AS refusals
         FROM (SELECT name FROM process UNION SELECT process FROM process_refusals) LEFT JOIN process USING (name)`,
      )
      .all();
  }

  async refusals(): Promise<ProcessRefusal[]> {
    return this.db
      .prepare<[number], ProcessRefusal>(`${SELECT} ORDER BY position DESC, process LIMIT ?`)
      .all(MAX_LISTED_REFUSALS);
  }

  put(name: string, { position, eventId }: Checkpoint): void {
    this.db
      .prepare<[string, number, string | null]>(
        `INSERT INTO process (name, position, event_id) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET position = excluded.position, event_id = excluded.event_id`,
      )
      .run(name, position, eventId);
  }

  putRefusal({ process, position, eventId, code, at }: ProcessRefusal): void {
    this.db
      .prepare<[string, number, string, string, string]>(
        'INSERT OR REPLACE INTO process_refusals (process, position, event_id, code, at) VALUES (?, ?, ?, ?, ?)',
      )
      .run(process, position, eventId, code, at);
  }

  /** Every checkpoint, to be kept when the file is built again. */
  checkpoints(): (Checkpoint & { readonly name: string })[] {
    return this.db
      .prepare<[], Checkpoint & { name: string }>('SELECT name, position, event_id AS eventId FROM process')
      .all();
  }

  /** Every refusal, to be kept when the file is built again. */
  allRefusals(): ProcessRefusal[] {
    return this.db.prepare<[], ProcessRefusal>(SELECT).all();
  }
}
