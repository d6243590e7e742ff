import { randomUUID } from 'node:crypto';
import { RUN_MARK } from '../end-of-run';
import { PostgresServer } from './server';

/** One PostgreSQL for a whole run of the tests; each test has a schema of its own in it (`fresh-schema.ts`). */
export default async function start(): Promise<void> {
  process.env[RUN_MARK] = randomUUID();
  if (process.env.MINGJING_TEST_POSTGRES) return;
  const server = await PostgresServer.start();
  process.env.MINGJING_TEST_POSTGRES = server.url;
  (globalThis as { postgresServer?: PostgresServer }).postgresServer = server;
}
