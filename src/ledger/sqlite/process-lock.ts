import Database from 'better-sqlite3';
import { join } from 'node:path';
import { LedgerLocked } from '../event-store';
import { sqliteCode } from './sqlite-code';

/** Held while a process writes. */
export interface ProcessLock {
  release(): void;
}

/**
 * Takes the directory's lock, `ledger.lock`.
 * @throws LedgerLocked at once when another process, or this one, has it
 */
export function lockDirectory(directory: string): ProcessLock {
  return lockFile(join(directory, 'ledger.lock'), directory);
}

/**
 * Takes a lock: an exclusive transaction on a small SQLite file of its own. The operating system drops it when the process
 * dies, so a crash leaves nothing to clean up, and readers of what it guards are not in its way.
 * @throws LedgerLocked at once when another process, or this one, has it
 */
export function lockFile(file: string, directory: string): ProcessLock {
  const db = new Database(file, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) throw new LedgerLocked(directory);
    throw error;
  }
  return { release: () => void db.close() };
}
