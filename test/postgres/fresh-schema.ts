import { createHash, randomBytes } from 'node:crypto';
import type { Config } from '../../src/config';
import { Postgres, type PostgresSettings } from '../../src/ledger/postgres/postgres';
import { connectionString, RUN } from '../eventstoredb/run';

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

/** Settings of a test that looks into the files themselves: SQLite, whatever the suite runs on. */
export const IN_FILES = { postgresUrl: '', eventStoreUrl: '' } as const;

/**
 * Settings of a server under test, when a whole suite is run on other stores: PostgreSQL for everything but events, or the EventStoreDB
 * that `EVENTSTORE_URL` names for events, under a prefix of its own (`npm run test:eventstoredb` deletes its streams). `of`: what has
 * the same stores each time, in a child process too, such as a data directory; left out, nobody else has them.
 */
export function storesUnderTest(of: string = randomBytes(8).toString('hex')): Partial<Config> {
  const name = createHash('sha256').update(of).digest('hex').slice(0, 16);
  if (process.env.MINGJING_TEST_EVENTSTORE_RUN) {
    return { eventStoreUrl: connectionString, eventStorePrefix: `${RUN}${name}-` };
  }
  return process.env.MINGJING_TEST_STORES === 'postgres' ? { ...inPostgres(), postgresSchema: `t_${name}` } : {};
}

/** Settings of a test that runs on PostgreSQL, whatever the suite runs on: everything but events, in a schema of its own. */
export function inPostgres(): Pick<Config, 'postgresUrl' | 'postgresSchema'> {
  const { url, schema } = freshSchema();
  return { postgresUrl: url, postgresSchema: schema };
}
