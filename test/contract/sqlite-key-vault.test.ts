import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteKeyVault } from '../../src/ledger/commitment/sqlite-key-vault';
import { keyVaultContract } from './key-vault.contract';

keyVaultContract('vault.db', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-vault-'));
  let vault = SqliteKeyVault.open({ directory });
  return {
    vault,
    reopen: async () => {
      await vault.close();
      vault = SqliteKeyVault.open({ directory });
      return vault;
    },
    close: async () => {
      await vault.close();
      rmSync(directory, { recursive: true });
    },
  };
});
