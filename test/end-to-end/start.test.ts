import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccountsDb } from '../../src/access/accounts-db';
import { JsonLogger } from '../../src/api/logger';
import { readConfig } from '../../src/config';
import { startServer } from '../../src/server';
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
