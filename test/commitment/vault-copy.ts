import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/config';
import { Postgres } from '../../src/ledger/postgres/postgres';

/** The keys of subjects of a ledger that is shut, as they are now. The function puts them back, as a restored backup would. */
export async function vaultCopy(directory: string, stores: Partial<Config>): Promise<() => Promise<void>> {
  const { postgresUrl: url, postgresSchema: schema = '' } = stores;
  if (!url) {
    const [vault, copy] = [join(directory, 'vault.db'), `${directory}-vault.db`];
    copyFileSync(vault, copy);
    return async () => copyFileSync(copy, vault);
  }
  const sql = async (text: string): Promise<void> => {
    const postgres = await Postgres.open({ url, schema, maxConnections: 1 });
    await postgres.query(text).finally(() => postgres.close());
  };
  await sql('CREATE TABLE subject_key_copy AS TABLE subject_key');
  return async () => {
    await sql('TRUNCATE subject_key');
    await sql('INSERT INTO subject_key TABLE subject_key_copy');
  };
}
