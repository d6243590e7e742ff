import { mkdirSync } from 'node:fs';
import { openLogStorage, openPublished, type LogLocation } from '../../src/ledger/location';
import { assertHolds, LeaseLost } from '../../src/ledger/postgres/lease';
import { Postgres, type PostgresSettings } from '../../src/ledger/postgres/postgres';
import { writeDurably } from '../../src/ledger/transparency/postgres-log-storage';
import { logStorageContract, publishedCheckpointsContract } from '../contract/log-storage.contract';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { takeLease } from './postgres-log';
import { temporaryDirectory } from './temporary-directory';

describe('files', () => {
  const directory = temporaryDirectory();
  const location = (): LogLocation => ({ directory: directory.join('log') });
  logStorageContract('a directory', {
    open: () => openLogStorage(location()),
    readOnly: () => openLogStorage(location(), { readOnly: true }),
  });
  publishedCheckpointsContract('a directory', {
    open: () => (mkdirSync(directory.join('log'), { recursive: true }), openPublished(location())),
    read: () => openPublished(location(), { readOnly: true }),
  });
});

describe('PostgreSQL', () => {
  let postgres: PostgresSettings;
  const location = (): LogLocation => ({ postgres });
  beforeEach(() => {
    postgres = freshSchema();
  });
  afterEach(() => dropSchema(postgres));

  logStorageContract('PostgreSQL', {
    open: () => openLogStorage(location()),
    readOnly: () => openLogStorage(location(), { readOnly: true }),
  });
  logStorageContract('PostgreSQL, under a lease', {
    open: async () => openLogStorage(location(), { fence: await takeLease(postgres) }),
    readOnly: () => openLogStorage(location(), { readOnly: true }),
  });
  publishedCheckpointsContract('PostgreSQL', {
    open: async () => openPublished(location(), { fence: await takeLease(postgres) }),
    read: () => openPublished(location(), { readOnly: true }),
  });

  it('is written by the holder of the lease alone: who has lost it changes nothing, whatever it does', async () => {
    const fence = await takeLease(postgres);
    const [storage, published] = [
      await openLogStorage(location(), { fence }),
      await openPublished(location(), { fence }),
    ];
    const tile = { path: 'tile/0/000', bytes: Buffer.alloc(8192, 1) };
    await storage.write([tile]);
    await storage.fence(undefined, 'first');
    await storage.publish('first');
    await takeLease(postgres);
    const note = `a\n5\n${Buffer.alloc(32).toString('base64')}\n\n— a AAAAAAA=\n`;
    for (const write of [
      () => storage.write([{ ...tile, path: 'tile/0/001' }]),
      () => storage.write([tile]),
      () => storage.remove(['tile/0/000']),
      () => storage.fence('first', 'second'),
      () => storage.publish('second'),
      () => storage.publish('second', 'vkey'),
      () => published.keep(note),
    ]) {
      await expect(write()).rejects.toThrow(LeaseLost);
    }
    expect([await storage.signed(), String(await storage.read('checkpoint'))]).toEqual(['first', 'first']);
    expect(await storage.read('tile/0/001')).toBeUndefined();
    expect(await storage.read('vkey')).toBeUndefined();
    expect(await storage.read('tile/0/000')).toEqual(tile.bytes);
    expect(await published.covering(0, 0, 1)).toEqual([]);
    await storage.close();
    await published.close();
  });

  it('is durable when it says so, whatever the database does by default', async () => {
    const connected = await Postgres.open({ ...postgres, maxConnections: 1 });
    await connected.query('SET synchronous_commit = off');
    const shown = await writeDurably(connected, undefined, (session) =>
      session.query<{ synchronous_commit: string }>('SHOW synchronous_commit'),
    );
    expect(shown).toEqual([{ synchronous_commit: 'on' }]);
    await connected.close();
  });

  it('keeps who takes the lease waiting while a batch is on its way, and no longer', async () => {
    const fence = await takeLease(postgres);
    const connected = await Postgres.open(postgres);
    const order: string[] = [];
    let taking: Promise<unknown> = Promise.resolve();
    await connected.transaction(async (session) => {
      await assertHolds(session, fence);
      taking = takeLease(postgres).then(() => order.push('taken'));
      await session.query('SELECT pg_sleep(0.2)');
      order.push('written');
    });
    await taking;
    expect(order).toEqual(['written', 'taken']);
    await connected.close();
  });
});
