import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteKeyVault } from '../../src/ledger/commitment/sqlite-key-vault';
import { keyVaultContract } from './key-vault.contract';

keyVaultContract('vault.db', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-vault-'));
  const open = (): SqliteKeyVault => SqliteKeyVault.open({ directory });
  let vault = open();
  const readers: SqliteKeyVault[] = [];
  return {
    vault,
    reopen: async () => {
      await vault.close();
      return (vault = open());
    },
    forReading: async () => {
      readers.push(SqliteKeyVault.open({ directory, readOnly: true }));
      return readers[0];
    },
    close: async () => {
      for (const each of [...readers, vault]) await each.close();
      rmSync(directory, { recursive: true });
    },
  };
});
