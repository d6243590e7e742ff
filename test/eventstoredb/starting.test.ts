import { ServerCredentials } from '@grpc/grpc-js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerCorrupt } from '../../src/ledger/event-store';
import { EventStoreDbStore } from '../../src/ledger/eventstoredb/eventstoredb-event-store';
import { sampleEvent, sampleEvents } from '../contract/sample-events';
import { MemoryLog } from './memory-log';
import { connected, PREFIX, scripted, until } from './opened-stores';
import { ScriptedServer, systemEvent, tombstone } from './scripted-server';

/** Writes a stream's metadata, as an administrator may. */
const setMetadata = (server: ScriptedServer, stream: string, metadata: object): unknown =>
  server.log.write(`$$${PREFIX}${stream}`, [systemEvent('$metadata', metadata)]);

const refuses = (store: EventStoreDbStore): Promise<boolean> =>
  store.head().then(
    () => false,
    () => true,
  );

const hidden = { kind: 'unavailable', code: 'ledger.events_hidden' };

describe('events that the store would hide', () => {
  it.each([{ $tb: 1 }, { $maxAge: 3600 }, { $maxCount: 1 }, { $tb: 9223372036854775807 }])(
    '%j: the ledger is not opened, and the ACL to set is told',
    async (metadata) => {
      const server = await scripted();
      const store = await connected(server);
      await store.append('case-1', 'no_stream', sampleEvents(3));
      await store.close();
      setMetadata(server, 'case-1', metadata);
      const refused = connected(server);
      await expect(refused).rejects.toMatchObject(hidden);
      await expect(refused).rejects.toThrow(
        new RegExp(`${PREFIX}case-1: \\${Object.keys(metadata)[0]}.*\\$settings.*"\\$mw"`),
      );
    },
  );

  it('also in the stream of the order, and a deleted stream', async () => {
    const server = await scripted();
    setMetadata(server, '$order', { $maxCount: 10 });
    await expect(connected(server)).rejects.toMatchObject(hidden);
    const other = await scripted();
    await (await connected(other)).append('case-1', 'no_stream', sampleEvents(1));
    other.log.write(`${PREFIX}case-1`, [tombstone()]);
    await expect(connected(other)).rejects.toMatchObject(hidden);
  });

  it('while it runs: from then on it answers nothing, until the metadata are gone', async () => {
    const server = await scripted();
    const store = await connected(server);
    await store.append('case-1', 'no_stream', sampleEvents(3));
    setMetadata(server, 'case-1', { $tb: 2 });
    await until(() => refuses(store));
    await expect(store.readStream('case-1', { direction: 'backwards', limit: 1 })).rejects.toMatchObject(hidden);
    await expect(store.append('case-2', 'no_stream', sampleEvents(1))).rejects.toMatchObject(hidden);
    await expect(store.head()).rejects.toMatchObject(hidden);
    setMetadata(server, 'case-1', { $acl: { $mw: '$admins' } });
    await until(async () => !(await refuses(store)));
    expect(await store.readStream('case-1', { direction: 'forwards', limit: 10 })).toHaveLength(3);
  });

  it('are never answered as a shorter stream, nor written over, before the metadata are seen', async () => {
    const server = await scripted();
    const store = await connected(server, { silenceMs: 60_000, totalTimeoutMs: 500 });
    await store.append('case-1', 'no_stream', sampleEvents(3));
    server.subscriptionFaults.push(...Array<'stall'>(100).fill('stall'));
    server.endSubscriptions(); // from here on the node sees nothing
    setMetadata(server, 'case-1', { $tb: 2 });
    await expect(store.readStream('case-1', { direction: 'forwards', limit: 10 })).rejects.toThrow(LedgerCorrupt);
    setMetadata(server, 'case-1', { $tb: 9223372036854775807 });
    const reader = connected(server, { startTimeoutMs: 200 });
    await expect(reader).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(store.append('case-1', 2, sampleEvents(1))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('in others’ streams are their affair', async () => {
    const server = await scripted();
    server.log.write('$$orders-1', [systemEvent('$metadata', { $maxCount: 1 })]);
    const store = await connected(server);
    expect(await store.head()).toBe(0);
  });
});

describe('events that are not the ledger’s own', () => {
  it('an event of another form under the prefix is corruption, not an event and not a gap', async () => {
    const server = await scripted();
    const store = await connected(server);
    await store.append('case-1', 'no_stream', sampleEvents(1));
    server.log.write(`${PREFIX}case-2`, [systemEvent('Strange', { a: 1 })]);
    await until(() => store.following().trouble !== undefined);
    await expect(store.head()).rejects.toThrow(`${PREFIX}case-2@0 is not an event of the ledger`);
    await expect(connected(server)).rejects.toThrow(LedgerCorrupt);
  });

  it('an event missing in the middle of a stream is noticed', async () => {
    const server = await scripted();
    const store = await connected(server);
    await store.append('case-1', 'no_stream', sampleEvents(3));
    server.log.events.splice(1, 1);
    await expect(connected(server)).rejects.toThrow('revision 1 of stream case-1 is missing');
  });
});

describe('a ledger longer than a node’s memory', () => {
  const RECORDS = 10;
  const LAST = RECORDS * 1024 + 300;
  const log = new MemoryLog();
  let server: ScriptedServer;
  let store: EventStoreDbStore;
  const events = sampleEvents(LAST);

  beforeAll(async () => {
    server = await new ScriptedServer(log).start();
    for (let n = 0; n < LAST; n++) {
      const { id, type, schemaVersion, data, metadata } = events[n];
      const stored = { ...metadata, $schemaVersion: schemaVersion, $after: Math.max(0, n - 40) };
      log.write(`${PREFIX}case-${n % 100}`, [
        {
          id,
          type,
          contentType: 'application/json',
          data: Buffer.from(JSON.stringify(data)),
          metadata: Buffer.from(JSON.stringify(stored)),
        },
      ]);
    }
    const options = { connectionString: server.connectionString, streamPrefix: PREFIX };
    await (await EventStoreDbStore.connect(options)).close(); // counts from the start, and records what it has counted
    store = await EventStoreDbStore.connect(options);
  });
  afterAll(async () => {
    await store.close();
    await server.stop();
  });

  it('is recorded, and a later start begins near its end', async () => {
    expect(log.stream(`${PREFIX}$order`)).toHaveLength(RECORDS);
    expect(await store.head()).toBe(LAST);
  });

  it('is read by position anywhere, forwards and backwards', async () => {
    for (const from of [1, 1000, 1024, 1025, 2000, LAST - 2500, LAST - 2]) {
      const page = await store.readAll({ direction: 'forwards', from, limit: 700 });
      const wanted = events.slice(from - 1, from + 699);
      expect(page.map(({ id, position }) => [id, position])).toEqual(wanted.map(({ id }, i) => [id, from + i]));
    }
    const back = await store.readAll({ direction: 'backwards', from: 3000, limit: 3 });
    expect(back.map(({ id }) => id)).toEqual([2999, 2998, 2997].map((n) => events[n].id));
  });

  it('gives each event of a stream its position', async () => {
    const page = await store.readStream('case-7', { direction: 'forwards', limit: 4096 });
    expect(page).toHaveLength(Math.ceil((LAST - 7) / 100));
    expect(page.map(({ position }) => position)).toEqual(page.map((_, i) => i * 100 + 8));
  });

  it('recognises a repeated append however old it is', async () => {
    const first = { revision: 0, position: 4, repeated: true };
    expect(await store.append('case-3', 'no_stream', [events[3]])).toEqual(first);
    expect(await store.append('case-3', 'stream_exists', [events[3]])).toEqual(first);
    expect(await store.append('case-3', 1, [events[203]])).toEqual({ revision: 2, position: 204, repeated: true });
  });

  it('is subscribed to from its beginning, each event once', async () => {
    let next = 0;
    for await (const page of store.subscribe({ after: 0, limit: 1000 })) {
      for (const { id, position } of page) {
        expect([id, position]).toEqual([events[next].id, next + 1]);
        next += 1;
      }
      if (next >= LAST) break;
    }
    expect(next).toBe(LAST);
  });

  it('from which an event was removed is not opened: the count is not the one recorded', async () => {
    const scavenged = new MemoryLog();
    for (const event of log.events) if (event !== log.events[9000]) scavenged.write(event.stream, [event]);
    await expect(connected(await scripted(scavenged))).rejects.toThrow(LedgerCorrupt);
  });
});

describe('a connection', () => {
  it('waits for a server that is only starting', async () => {
    const server = await scripted();
    server.subscriptionFaults.push('unavailable', 'unavailable', 'stall');
    server.readFaults.push('unavailable', 'stall');
    expect(await (await connected(server)).head()).toBe(0);
  });

  it('to nothing is refused in time, and names no password', async () => {
    const refused = EventStoreDbStore.connect({
      connectionString: 'esdb://clerk:s3cret@127.0.0.1:1?tls=false',
      startTimeoutMs: 300,
      attemptTimeoutMs: 100,
    });
    await expect(refused).rejects.toMatchObject({ kind: 'unavailable', code: 'ledger.store_unavailable' });
    await expect(refused).rejects.not.toThrow(/s3cret/);
  });

  it('without the right to read $all is refused at once', async () => {
    const server = await scripted();
    server.subscriptionFaults.push('denied');
    await expect(connected(server)).rejects.toMatchObject({ code: 'ledger.store_access_denied' });
  });

  it.each([
    'postgres://clerk:s3cret@localhost',
    'esdb://clerk:s3cret@localhost:port',
    'esdb://clerk:s3cret@localhost:2113?throwOnAppendFailure=false',
    'esdb://clerk:s3cret@localhost:2113?tsl=false',
  ])('by %s is refused, without the password', async (connectionString) => {
    const said = [jest.spyOn(console, 'warn'), jest.spyOn(process.stderr, 'write')].map((spy) =>
      spy.mockReturnValue(true as never),
    );
    const refused = EventStoreDbStore.connect({ connectionString });
    await expect(refused).rejects.toMatchObject({ code: 'ledger.bad_connection_string' });
    await expect(refused).rejects.not.toThrow(/s3cret/);
    const calls = said.flatMap((spy) => spy.mock.calls as unknown[][]);
    expect(calls.join()).not.toContain('s3cret');
    jest.restoreAllMocks();
  });

  it.each(['', '$mine-', '$$x', 'a b', 'x'.repeat(65)])('with the prefix "%s" is refused', async (streamPrefix) => {
    const options = { connectionString: 'esdb://localhost', streamPrefix };
    await expect(EventStoreDbStore.connect(options)).rejects.toMatchObject({ code: 'ledger.bad_stream_prefix' });
  });

  it('sends the account over TLS, and none without', async () => {
    const file = (name: string): string => join(__dirname, 'tls', name);
    const [cert, key] = [readFileSync(file('cert.pem')), readFileSync(file('key.pem'))];
    const credentials = ServerCredentials.createSsl(null, [{ cert_chain: cert, private_key: key }]);
    const server = await scripted(new MemoryLog(), credentials);
    const withUser = (tls: boolean, port: number): string =>
      `esdb://clerk:pass%20word@127.0.0.1:${port}?tls=${tls}&tlsCAFile=${encodeURIComponent(file('cert.pem'))}`;
    const store = await connected(server, { connectionString: withUser(true, server.port) });
    await store.append('case-1', 'no_stream', [sampleEvent(1)]);
    const basic = `Basic ${Buffer.from('clerk:pass word').toString('base64')}`;
    expect([...server.calls.authorization]).toEqual([basic]);
    expect(server.calls.batchAppend).toBe(0);

    const open = await scripted();
    await connected(open, { connectionString: withUser(false, open.port) });
    expect(open.calls.authorization.size).toBe(0);
  });
});
