import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lease } from '../../src/ledger/postgres/lease';
import { Listener } from '../../src/ledger/postgres/listener';
import { Postgres, type PostgresSettings } from '../../src/ledger/postgres/postgres';
import { dropSchema, freshSchema } from './fresh-schema';
import { until } from '../until';

const logger = { info: () => undefined, warn: () => undefined };

describe('a server that stands still', () => {
  let settings: PostgresSettings;
  let way: Server;
  let stalled: boolean;
  const clients = new Set<Socket>();
  const others: Socket[] = [];
  beforeEach(async () => {
    settings = freshSchema();
    stalled = false;
    const folder = new URL(settings.url).searchParams.get('host') ?? '';
    way = createServer({ allowHalfOpen: true }, (client) => {
      const upstream = connect(join(folder, '.s.PGSQL.5432'));
      clients.add(client);
      others.push(upstream);
      for (const socket of [client, upstream]) socket.on('error', () => undefined);
      client.on('close', () => clients.delete(client)).on('data', (data) => stalled || upstream.write(data));
      upstream.on('data', (data) => stalled || client.write(data));
    });
    way.listen(0, '127.0.0.1');
    await once(way, 'listening');
  });
  afterEach(async () => {
    for (const socket of [...others.splice(0), ...clients]) socket.destroy();
    way.close();
    await dropSchema(settings);
  });

  it('keeps nobody from ending: no connection is left', async () => {
    const { port } = way.address() as AddressInfo;
    const leading = await Postgres.open(settings);
    const first = await Lease.open({ postgres: leading, node: 'first', logger });
    const leads = new Promise<void>((resolve) => {
      first.campaign(async (_, lost) => {
        resolve();
        await once(lost, 'abort');
      });
    });
    await leads;
    const postgres = await Postgres.open({ ...settings, url: `postgres://mingjing@127.0.0.1:${port}/postgres` });
    const waiting = await Lease.open({ postgres, node: 'waiting', logger });
    waiting.campaign(() => Promise.reject(new Error('another one leads')));
    let resumed = (): void => undefined;
    const listening = new Promise<void>((resolve) => (resumed = resolve));
    const heard = (): void => undefined;
    const listener = Listener.start({ postgres, channel: 'nothing', applicationName: 'listening', heard, resumed });
    await listening;
    stalled = true;
    await Promise.all([waiting.close(), listener.close()]);
    await postgres.close();
    // Whoever has left altogether answers with a reset, whoever only waits for the goodbye does not.
    while (clients.size > 0) {
      for (const client of clients) client.write('\0');
      await sleep(50);
    }
    await first.close();
    await leading.close();
  });

  it('is away: whoever asks is told so in a bounded time, and of the return at once', async () => {
    const { port } = way.address() as AddressInfo;
    const postgres = await Postgres.open({ ...settings, url: `postgres://mingjing@127.0.0.1:${port}/postgres` });
    expect(await postgres.trouble()).toBeUndefined();
    stalled = true;
    const waiting = postgres.query('SELECT 1').catch(() => undefined); // for half a minute: nobody waits for it here
    const troubles = await Promise.all([postgres.trouble(), postgres.trouble()]);
    for (const trouble of troubles)
      expect(trouble).toMatchObject({ kind: 'unavailable', code: 'postgres.unavailable' });
    stalled = false;
    await until(async () => (await postgres.trouble()) === undefined);
    for (const socket of clients) socket.destroy();
    await waiting;
    await postgres.close();
  });
});
