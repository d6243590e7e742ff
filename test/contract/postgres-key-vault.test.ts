import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresKeyVault } from '../../src/ledger/commitment/postgres-key-vault';
import { WrappingKeys } from '../../src/ledger/commitment/wrapping-keys';
import { Postgres } from '../../src/ledger/postgres/postgres';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { keyVaultContract } from './key-vault.contract';

keyVaultContract('PostgreSQL', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-vault-'));
  const settings = freshSchema();
  const postgres = await Postgres.open(settings);
  const open = (readOnly = false): Promise<PostgresKeyVault> =>
    PostgresKeyVault.open({
      postgres,
      wrappingKeys: WrappingKeys.open({ file: join(directory, 'vault.key') }),
      readOnly,
    });
  let vault = await open();
  const readers: PostgresKeyVault[] = [];
  return {
    vault,
    reopen: async () => {
      await vault.close();
      return (vault = await open());
    },
    forReading: async () => {
      readers.push(await open(true));
      return readers[0];
    },
    close: async () => {
      for (const each of [...readers, vault]) await each.close();
      await postgres.close();
      await dropSchema(settings);
      rmSync(directory, { recursive: true });
    },
  };
});
