import { randomBytes } from 'node:crypto';
import { Postgres, type PostgresSettings } from '../../src/ledger/postgres/postgres';

/** A schema that nobody else has, in the PostgreSQL of this run. */
export function freshSchema(): PostgresSettings {
  const url = process.env.MINGJING_TEST_POSTGRES;
  if (!url) throw new Error('no PostgreSQL was started for this run: is PostgreSQL 15 installed?');
  return { url, schema: `t_${randomBytes(8).toString('hex')}`, maxConnections: 5 };
}

export async function dropSchema(settings: PostgresSettings): Promise<void> {
  const postgres = await Postgres.open({ ...settings, maxConnections: 1 });
  await postgres.query(`DROP SCHEMA ${settings.schema} CASCADE`);
  await postgres.close();
}

/** Settings of a server under test: PostgreSQL for everything but events when the whole suite runs on it. */
export function storesUnderTest(): { postgresUrl?: string; postgresSchema?: string } {
  if (process.env.MINGJING_TEST_STORES !== 'postgres') return {};
  const { url, schema } = freshSchema();
  return { postgresUrl: url, postgresSchema: schema };
}
