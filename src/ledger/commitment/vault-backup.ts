import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../kernel/errors';
import { openVaultForReading, OWNER_ONLY, vaultFile } from './vault-schema';

/** What a copy of a vault holds. */
export interface CopiedVault {
  /** Keys that can still be used. */
  readonly keys: number;
  readonly destroyed: number;
}

/**
 * Copies the vault of a directory to one file, as it is at this moment, also beside a running server. Copied after the ledger,
 * it has the keys of every event in the ledger's copy.
 * @throws Failure `privacy.no_vault`, `privacy.vault_exists`
 */
export const backupVault = (directory: string, targetFile: string): CopiedVault =>
  copyVault(vaultFile(directory), targetFile);

/**
 * Makes a backup the vault of a directory that has none: one that is there is never overwritten, for its destructions would
 * be undone. Those that the backup does not know of are in the ledger, and are carried out again when the server starts.
 * @throws Failure `privacy.no_vault`, `privacy.vault_exists`
 */
export function restoreVault(file: string, directory: string): CopiedVault {
  mkdirSync(directory, { recursive: true });
  return copyVault(file, vaultFile(directory));
}

/** A crash leaves `<target>.partial` at most. The copy has what is in the rows now, not what its pages held before. */
function copyVault(source: string, target: string): CopiedVault {
  if (!existsSync(source)) throw noVault(source);
  if (existsSync(target) || existsSync(`${target}-wal`)) throw vaultExists(target);
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  try {
    closeSync(openSync(partial, 'wx', OWNER_ONLY));
    const db = openVaultForReading(source, { copying: true });
    try {
      db.prepare('VACUUM INTO ?').run(partial);
    } finally {
      db.close();
    }
    const copied = soundCopy(partial);
    sync(partial);
    renameSync(partial, target);
    sync(dirname(target));
    return copied;
  } finally {
    rmSync(partial, { force: true });
  }
}

function soundCopy(file: string): CopiedVault {
  const db = openVaultForReading(file, { copying: true });
  try {
    const found = db.pragma('integrity_check', { simple: true });
    if (found !== 'ok') throw new Error(`${file} is damaged: ${String(found)}`);
    const count = (table: string): number => db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get()!;
    const blank = db
      .prepare<[], number>('SELECT count(*) FROM subject_key JOIN destroyed USING (subject)')
      .pluck()
      .get()!;
    return { keys: count('subject_key') - blank, destroyed: count('destroyed') };
  } finally {
    db.close();
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

const noVault = (file: string): Failure =>
  new Failure('not_found', 'privacy.no_vault', {
    zh: `${file} 不存在：没有密钥库。`,
    en: `${file} is not there: no key vault.`,
  });

const vaultExists = (file: string): Failure =>
  new Failure('refused', 'privacy.vault_exists', {
    zh: `${file} 已存在，不予覆盖。`,
    en: `${file} is there already and is not overwritten.`,
  });
