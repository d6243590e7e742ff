import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccountsDb } from '../../src/access/accounts-db';
import { JsonLogger } from '../../src/api/logger';
import { readConfig } from '../../src/config';
import { hostOf } from '../../src/awaited-store';
import { startServer } from '../../src/server';
import { ScriptedProcess } from '../eventstoredb/scripted-process';
import { freePort } from '../free-port';
import { PostgresServer } from '../postgres/server';
import { until } from '../until';
import { storesUnderTest } from '../postgres/fresh-schema';

const directory = mkdtempSync(join(tmpdir(), 'mingjing-start-'));
afterAll(() => rmSync(directory, { recursive: true }));

it('an occupied port is told, and leaves the ledger free for the next start', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const options = { logger: new JsonLogger('silent') };
  const config = { ...readConfig({}), dataDirectory: directory, ...storesUnderTest() };
  await expect(startServer({ ...config, port }, options)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  other.close();
  await (await startServer({ ...config, port: 0 }, options)).close();
});

it('accounts can be made before there is a data directory', async () => {
  const db = await openAccountsDb(join(directory, 'not/yet/there', 'accounts.db'));
  expect(await db.selectFrom('accounts').selectAll().execute()).toEqual([]);
  await db.destroy();
});

it('a store that is not there yet is told early, by its host and never by its password, and the start goes on when it is', async () => {
  const [databasePort, eventsPort] = [await freePort(), await freePort()];
  const listen = { address: '127.0.0.1', port: databasePort };
  const postgres = await PostgresServer.start({ listen });
  await postgres.stop();
  const lines: string[] = [];
  const logger = new JsonLogger('info', { write: (line: string) => void lines.push(line) });
  const told = (store: string, msg: string) =>
    lines.map((line) => JSON.parse(line) as Record<string, unknown>).find((l) => l.store === store && l.msg === msg);
  const config = {
    ...{ ...readConfig({}), dataDirectory: join(directory, 'awaited'), port: 0 },
    postgresUrl: `postgres://mingjing:database-secret@127.0.0.1:${databasePort}/postgres`,
    eventStoreUrl: `esdb://ops:events-secret@127.0.0.1:${eventsPort}?tls=false&maxDiscoverAttempts=1`,
  };
  const starting = startServer(config, { logger });
  starting.catch(() => undefined); // awaited below
  const WAITS = 'the store does not answer yet';

  const database = await until(() => told('PostgreSQL', WAITS));
  expect(database).toMatchObject({ host: `127.0.0.1:${databasePort}`, reason: 'ECONNREFUSED' });
  expect([database.attempts, database.seconds]).toEqual([expect.any(Number), expect.any(Number)]);
  await postgres.resume();

  const events = await until(() => told('EventStoreDB', WAITS));
  expect(told('PostgreSQL', 'the store answers')).toBeDefined();
  expect(events).toMatchObject({ host: `127.0.0.1:${eventsPort}` });
  const store = await ScriptedProcess.start({ port: eventsPort });

  await (await starting).close();
  expect(told('EventStoreDB', 'the store answers')).toBeDefined();
  expect(lines.join('')).not.toMatch(/database-secret|events-secret/);
  await store.stop();
  await postgres.remove();
}, 150_000);

it.each([
  ['postgres://u:p@db.example:5432/mingjing?sslmode=verify-full', 'db.example:5432'],
  ['postgres://u@localhost/postgres?host=%2Frun%2Fpg', '/run/pg'],
  ['postgres:/secret', ''],
  ['esdb://u:p@a.example:2113,b.example:2113?tls=true', 'a.example:2113,b.example:2113'],
  ['esdb+discover://c.example', 'c.example'],
  ['esdb://u:se@cr/et?@a.example:2113', 'a.example:2113'],
  ['esdb://[::1]:2113', '[::1]:2113'],
  ['esdb://u:secret', ''],
])('of %s the log says %j', (address, host) => expect(hostOf(address)).toBe(host));
