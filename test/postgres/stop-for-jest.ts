import type { PostgresServer } from './server';

export default async function stop(): Promise<void> {
  await (globalThis as { postgresServer?: PostgresServer }).postgresServer?.remove();
}
