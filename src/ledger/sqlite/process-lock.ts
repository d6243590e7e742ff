import Database from 'better-sqlite3';
import { join } from 'node:path';
import { LedgerLocked } from '../event-store';
import { sqliteCode } from './sqlite-code';

/** Held while a process writes the ledger. */
export interface ProcessLock {
  release(): void;
}

/**
 * Takes the directory's lock: an exclusive transaction on a small SQLite file of its own. The operating system drops it when
 * the process dies, so a crash leaves nothing to clean up, and readers of `ledger.db` are not in its way.
 * @throws LedgerLocked at once when another process, or this one, has it
 */
export function lockDirectory(directory: string): ProcessLock {
  const db = new Database(join(directory, 'ledger.lock'), { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) throw new LedgerLocked(directory);
    throw error;
  }
  return { release: () => void db.close() };
}
