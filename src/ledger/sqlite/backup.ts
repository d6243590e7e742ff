import {
  createReadStream,
  createWriteStream,
  existsSync,
  renameSync,
  mkdirSync,
  openSync,
  fsyncSync,
  closeSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Database from 'better-sqlite3';
import { Failure } from '../../kernel/errors';
import { checkFile, type CheckedLedger, type OnProgress } from './check-ledger';
import { HeadMark } from './head-mark';
import { lockDirectory } from './process-lock';
import { ledgerFile, openForReading } from './schema';

/** Pages copied between two turns of the event loop. */
const COPY_PAGES = 1024;

/**
 * Copies the ledger of a directory to one file while it is being written, as it is at this moment, and verifies the copy
 * whole before it gets its name. A crash leaves `<targetFile>.partial` at most.
 * @throws Failure `ledger.backup_exists` when the target is there already
 * @throws LedgerCorrupt when the ledger, and so the copy, is damaged
 */
export async function backupLedger(
  source: string,
  targetFile: string,
  onProgress: OnProgress = () => {},
): Promise<CheckedLedger> {
  refuseExisting(targetFile, 'ledger.backup_exists');
  const partial = `${targetFile}.partial`;
  rmSync(partial, { force: true });
  const db = openForReading(ledgerFile(source));
  try {
    // A read transaction holds the snapshot; without it another process's commit would make the copy start again.
    db.exec('BEGIN');
    db.prepare('SELECT max(position) FROM event').get();
    await db.backup(partial, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress({ step: 'copy', done: totalPages - remainingPages, total: totalPages });
        return COPY_PAGES;
      },
    });
  } finally {
    db.close();
  }
  const copy = new Database(partial);
  copy.pragma('journal_mode = DELETE'); // one file, complete in itself
  copy.close();
  return putInPlace(partial, targetFile, 'ledger.backup_exists', onProgress);
}

/**
 * Makes a backup the ledger of a directory: copies it, verifies the copy whole, and only then gives it its name.
 * @throws Failure `ledger.exists` when there is a ledger in the directory; it is never overwritten
 * @throws LedgerCorrupt when the backup is damaged
 */
export async function restoreLedger(
  file: string,
  directory: string,
  onProgress: OnProgress = () => {},
): Promise<CheckedLedger> {
  mkdirSync(directory, { recursive: true });
  const lock = lockDirectory(directory);
  try {
    const target = ledgerFile(directory);
    refuseExisting(target, 'ledger.exists');
    refuseExisting(`${target}-wal`, 'ledger.exists');
    const partial = `${target}.partial`;
    const total = statSync(file).size;
    let done = 0;
    const counting = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        onProgress({ step: 'copy', done: (done += chunk.length), total });
        next(null, chunk);
      },
    });
    await pipeline(createReadStream(file), counting, createWriteStream(partial));
    HeadMark.forget(directory); // the mark of a lost ledger would refuse an older backup, which the operator has chosen
    return await putInPlace(partial, target, 'ledger.exists', onProgress);
  } finally {
    lock.release();
  }
}

/** Verifies the file, syncs it and gives it its name, which must be free. A damaged file is removed. */
async function putInPlace(
  partial: string,
  target: string,
  taken: string,
  onProgress: OnProgress,
): Promise<CheckedLedger> {
  try {
    const checked = await checkFile(partial, 0, onProgress);
    sync(partial);
    refuseExisting(target, taken);
    renameSync(partial, target);
    sync(dirname(target));
    return checked;
  } finally {
    rmSync(partial, { force: true });
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function refuseExisting(path: string, code: string): void {
  if (!existsSync(path)) return;
  throw new Failure('refused', code, {
    zh: `${path} 已存在，不予覆盖。`,
    en: `${path} is there already and is not overwritten.`,
  });
}
