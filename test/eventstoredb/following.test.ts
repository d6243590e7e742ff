import { connect, createServer, type AddressInfo } from 'node:net';
import { sampleEvent, sampleEvents } from '../contract/sample-events';
import { connected, everything, idsFrom, idsOnServer, PATIENT, PREFIX, scripted, until } from './opened-stores';
import { othersWrite, systemEvent, type ReadFault, type ScriptedServer } from './scripted-server';

/** Others' events in the same database, and what stands under the prefix without being the ledger's. */
function strangersWrite(server: ScriptedServer, times = 1): void {
  for (let n = 0; n < times; n++) {
    othersWrite(server.log);
    server.log.write(`${PREFIX}case-links`, [systemEvent('$>', { link: `0@${PREFIX}case-1` })]);
    server.log.write(`$$${PREFIX}case-1`, [systemEvent('$metadata', { $acl: { $d: '$admins' } })]);
    server.log.write('$ce-case', [systemEvent('$>', { link: `0@${PREFIX}case-1` })]);
  }
}

const faults: readonly ReadFault[] = [
  'stall',
  'unavailable',
  'not_leader',
  'truncate',
  'duplicate',
  'end',
  'disconnect',
];

describe('a subscription to the store', () => {
  it.each(faults)('that meets %s is resumed: every event once, in order', async (fault) => {
    const server = await scripted();
    server.log.transactions = true;
    const writer = await connected(server, { silenceMs: 60_000 });
    const events = sampleEvents(5);
    await writer.append('case-1', 'no_stream', events); // of one commit: only the prepare position tells them apart
    server.subscriptionFaults.push(fault, fault);
    const reader = await connected(server);
    const more = sampleEvents(5, 5);
    const reading = idsFrom(reader, 0, 10);
    await writer.append('case-1', 4, more);
    expect(await reading).toEqual([...events, ...more].map(({ id }) => id));
    expect(await everything(reader)).toEqual(await everything(writer));
  });

  const ends: ReadonlyArray<[string, (server: ScriptedServer) => Promise<void> | void]> = [
    ['the connection breaks', (server) => server.cut()],
    ['the server ends it', (server) => server.endSubscriptions()],
    [
      'the server restarts in good order',
      async (server) => {
        await server.stop({ graceful: true });
        await server.start();
      },
    ],
    [
      'the server is killed and comes back',
      async (server) => {
        await server.stop();
        await server.start();
      },
    ],
  ];
  it.each(ends)('goes on after %s, again and again', async (_what, end) => {
    const server = await scripted();
    const store = await connected(server);
    const reading = idsFrom(store, 0, 40);
    for (let n = 0; n < 40; n++) {
      await store.append(`case-${n % 3}`, n < 3 ? 'no_stream' : Math.floor(n / 3) - 1, [sampleEvent(n)]);
      if (n % 10 === 5) await end(server);
    }
    expect(await reading).toEqual(idsOnServer(server));
    expect((await everything(store)).map(({ position }) => position)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
  });

  it.each([
    ['dropped by the server, and resumed', false],
    ['let catch up', true],
  ])('that falls behind is %s: one append may bring more than is held for a reader', async (_what, catchesUp) => {
    const server = await scripted();
    server.catchesUp = catchesUp;
    const patient = { attemptTimeoutMs: 5000 };
    const [writer, reader] = [await connected(server, patient), await connected(server, patient)];
    const reading = idsFrom(reader, 0, 1500);
    await writer.append('case-1', 'no_stream', sampleEvents(1000));
    await writer.append('case-1', 999, sampleEvents(500, 1000));
    expect(await reading).toEqual(idsOnServer(server));
    expect(await reader.present()).toBe(1500);
    expect(server.calls.tooSlow).toBeGreaterThan(1);
  });

  it('that is stalled is opened anew as soon as something is known to be missing', async () => {
    const server = await scripted();
    const store = await connected(server, { silenceMs: 60_000, attemptTimeoutMs: 5000, totalTimeoutMs: 15_000 });
    server.subscriptionFaults.push('stall');
    server.endSubscriptions();
    await until(() => server.subscriptionFaults.length === 0);
    expect(await store.append('case-1', 'no_stream', sampleEvents(2))).toMatchObject({ position: 2 });
  });

  it('has streams whose names go on with an accent', async () => {
    const server = await scripted();
    const store = await connected(server, { streamPrefix: 'a.b-' });
    await (await connected(server, { streamPrefix: 'axb-' })).append('case-1', 'no_stream', sampleEvents(1));
    expect(await store.append('\u0301案', 'no_stream', sampleEvents(2))).toMatchObject({ position: 2 });
    server.log.write('$$a.b-\u0301案', [systemEvent('$metadata', { $maxCount: 1 })]);
    await until(() =>
      store.head().then(
        () => false,
        () => true,
      ),
    );
  });

  it('says what is wrong while the store is away, and when it was last heard of', async () => {
    const server = await scripted();
    const store = await connected(server);
    await store.append('case-1', 'no_stream', sampleEvents(1));
    await until(() => store.following().trouble === undefined);
    expect(store.following()).toEqual({ position: 1, heardAt: expect.any(Number) as number });
    await server.stop();
    await until(() => store.following().trouble !== undefined);
    expect(await store.head()).toBe(1);
    await server.start();
    await until(() => store.following().trouble === undefined);
  });

  it('finds out how far the ledger goes now, be its own following behind', async () => {
    const server = await scripted();
    const behind = await connected(server, { silenceMs: 4000 });
    await behind.append('case-1', 'no_stream', sampleEvents(1));
    server.subscriptionFaults.push('stall');
    server.endSubscriptions();
    await until(() => server.subscriptionFaults.length === 0);
    strangersWrite(server);
    const writer = await connected(server);
    await writer.append('case-2', 'no_stream', sampleEvents(3, 1));
    expect(await behind.head()).toBe(1);
    expect(await behind.present()).toBe(4);
    expect(await behind.head()).toBe(4);
    expect(await writer.present()).toBe(4);
    await server.stop();
    await expect(behind.present()).rejects.toMatchObject({ code: 'ledger.store_unavailable' });
  });

  it('counts the events of this ledger only', async () => {
    const server = await scripted();
    strangersWrite(server, 300);
    const store = await connected(server);
    strangersWrite(server);
    await store.append('case-1', 'no_stream', sampleEvents(2));
    strangersWrite(server, 300);
    expect(await store.append('case-2', 'no_stream', sampleEvents(1))).toMatchObject({ position: 3 });
    strangersWrite(server);
    const again = await connected(server);
    expect((await everything(again)).map(({ position, stream }) => [position, stream])).toEqual([
      [1, 'case-1'],
      [2, 'case-1'],
      [3, 'case-2'],
    ]);
  });

  it('leaves other ledgers of the same database alone', async () => {
    const server = await scripted();
    const one = await connected(server, { streamPrefix: 'one-' });
    const two = await connected(server, { streamPrefix: 'two-' });
    const event = sampleEvent(1);
    await one.append('case-1', 'no_stream', [event]);
    expect(await two.append('case-1', 'no_stream', [event])).toEqual({ revision: 0, position: 1, repeated: false });
    expect(await two.readStream('case-1', { direction: 'forwards', limit: 10 })).toHaveLength(1);
    expect(await one.head()).toBe(1);
  });
});

describe('a page of a stream', () => {
  const readFaults: readonly ReadFault[] = ['stall', 'unavailable', 'not_leader', 'truncate'];
  it.each(readFaults)('is whole or not given, when the read meets %s', async (fault) => {
    const server = await scripted();
    const store = await connected(server);
    await store.append('case-1', 'no_stream', sampleEvents(9));
    for (const page of [
      { direction: 'forwards', limit: 100 },
      { direction: 'forwards', from: 3, limit: 4 },
      { direction: 'backwards', limit: 100 },
      { direction: 'backwards', from: 5, limit: 3 },
      { direction: 'backwards', limit: 1 },
    ] as const) {
      const whole = await store.readStream('case-1', page);
      server.readFaults.push(fault, fault);
      expect(await store.readStream('case-1', page)).toEqual(whole);
    }
  });

  it('that cannot be read is refused with a time to come again', async () => {
    const server = await scripted();
    const store = await connected(server, { totalTimeoutMs: 300 });
    server.readFaults.push(...Array<ReadFault>(20).fill('truncate'));
    await store.append('case-1', 'no_stream', sampleEvents(4));
    await expect(store.readStream('case-1', { direction: 'forwards', limit: 10 })).rejects.toMatchObject({
      code: 'ledger.store_unavailable',
    });
  });
});

describe('the leader', () => {
  it('is found from a follower, for writing and for reading', async () => {
    const leader = await scripted();
    const follower = await scripted(leader.log);
    follower.leader = leader;
    const store = await connected(follower, PATIENT);
    const reading = idsFrom(store, 0, 3);
    await store.append('case-1', 'no_stream', sampleEvents(3));
    expect(await reading).toEqual(idsOnServer(leader));
    expect(await store.readStream('case-1', { direction: 'forwards', limit: 10 })).toHaveLength(3);
    expect(leader.calls.append).toBe(1);
  });

  it('is found by gossip, and another after it has gone', async () => {
    const first = await scripted();
    const second = await scripted(first.log); // replicated
    second.leader = first;
    let up = first;
    // One name for both, as a cluster's DNS entry is.
    const door = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.pipe(connect(up.port, '127.0.0.1').on('error', () => socket.destroy())).pipe(socket);
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const { port } = door.address() as AddressInfo;
    const connectionString = `esdb+discover://127.0.0.1:${port}?tls=false&discoveryInterval=20&maxDiscoverAttempts=5`;
    const store = await connected(first, { ...PATIENT, connectionString });
    await store.append('case-1', 'no_stream', sampleEvents(2));
    second.leader = undefined;
    up = second;
    await first.stop();
    expect(await store.append('case-1', 1, sampleEvents(1))).toMatchObject({ revision: 2, position: 3 });
    expect([first.calls.append, second.calls.append]).toEqual([1, 1]);
    door.close();
  });

  it('is missing: nothing is lost but time, and the process lives', async () => {
    const server = await scripted();
    const door = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.pipe(connect(server.port, '127.0.0.1').on('error', () => socket.destroy())).pipe(socket);
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const { port } = door.address() as AddressInfo;
    const connectionString = `esdb+discover://127.0.0.1:${port}?tls=false&discoveryInterval=100&maxDiscoverAttempts=4`;
    const store = await connected(server, { connectionString, attemptTimeoutMs: 5000, totalTimeoutMs: 1500 });
    const unhandled: unknown[] = [];
    const note = (error: unknown): unknown => unhandled.push(error);
    process.on('unhandledRejection', note);

    server.appendFaults.push('stall', 'unavailable');
    const asked = [1, 2].map((n) => store.append(`case-${n}`, 'no_stream', [sampleEvent(n)]));
    await until(() => server.appendFaults.length === 0);
    door.close(); // the second append looks for another leader in vain; meanwhile the first one's connection breaks
    await new Promise((resolve) => setTimeout(resolve, 150));
    await server.stop();
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'ledger.store_unavailable' } });
    }
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
