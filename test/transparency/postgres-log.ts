import type { Fence } from '../../src/ledger/postgres/lease';
import { Postgres, type PostgresSettings } from '../../src/ledger/postgres/postgres';

/** The lease of a schema, taken from whoever has it: as `Lease` does, without its waiting. */
export async function takeLease(settings: PostgresSettings, name = 'work'): Promise<Fence> {
  const postgres = await Postgres.open({ ...settings, maxConnections: 1 });
  try {
    await postgres.query(
      'CREATE TABLE IF NOT EXISTS lease (name text PRIMARY KEY, epoch bigint NOT NULL, holder text NOT NULL)',
    );
    const [{ epoch }] = await postgres.query<{ epoch: number }>(
      `INSERT INTO lease VALUES ($1, 1, 'a node of a test')
       ON CONFLICT (name) DO UPDATE SET epoch = lease.epoch + 1 RETURNING epoch`,
      [name],
    );
    return { lease: name, epoch };
  } finally {
    await postgres.close();
  }
}
