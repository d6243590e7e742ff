import type { Instant } from '../../kernel/time';
import type { Sqlite } from './row-table';

/** An event that a process manager could not act on, because a rule refused the command that it calls for. */
export interface ProcessRefusal {
  readonly process: string;
  readonly position: number;
  readonly eventId: string;
  /** Of the failure, such as `officer.not_registered`; its text could quote the event. */
  readonly code: string;
  readonly at: Instant;
}

const MAX_LISTED = 200;
const SELECT = 'SELECT process, position, event_id AS eventId, code, at FROM process_refusals';

/** The refusals that processes met, beside their checkpoints in `read-model.db`: for people to look into. */
export class ProcessRefusals {
  constructor(private readonly db: Sqlite) {
    db.exec(`
      CREATE TABLE IF NOT EXISTS process_refusals (
        process TEXT NOT NULL,
        position INTEGER NOT NULL,
        event_id TEXT NOT NULL,
        code TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (process, position)
      ) WITHOUT ROWID`);
  }

  /** An event that is seen again keeps one row. */
  add({ process, position, eventId, code, at }: ProcessRefusal): void {
    this.db
      .prepare<[string, number, string, string, string]>(
        'INSERT OR REPLACE INTO process_refusals (process, position, event_id, code, at) VALUES (?, ?, ?, ?, ?)',
      )
      .run(process, position, eventId, code, at);
  }

  countOf(process: string): number {
    return this.db
      .prepare<[string], number>('SELECT count(*) FROM process_refusals WHERE process = ?')
      .pluck()
      .get(process)!;
  }

  /** The latest ones of all processes, at most 200. */
  latest(): ProcessRefusal[] {
    return this.db
      .prepare<[number], ProcessRefusal>(`${SELECT} ORDER BY position DESC, process LIMIT ?`)
      .all(MAX_LISTED);
  }

  all(): ProcessRefusal[] {
    return this.db.prepare<[], ProcessRefusal>(SELECT).all();
  }

  /** A process begins again: what it is refused this time is what counts. */
  forget(process: string): void {
    this.db.prepare<[string]>('DELETE FROM process_refusals WHERE process = ?').run(process);
  }
}
