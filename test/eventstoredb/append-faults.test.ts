import { MAX_APPEND_EVENTS, WrongExpectedRevision, type ExpectedRevision } from '../../src/ledger/event-store';
import { sampleEvent, sampleEvents } from '../contract/sample-events';
import { connected, everything, idsOnServer, PATIENT, PREFIX, scripted, until } from './opened-stores';
import { tombstone, type AppendFault } from './scripted-server';

const faults: readonly AppendFault[] = [
  'stall',
  'commit_then_stall',
  'commit_later',
  'disconnect',
  'commit_then_disconnect',
  'abort_then_commit',
  'not_leader',
  'unavailable',
];
const modes: ReadonlyArray<[expected: ExpectedRevision, before: number]> = [
  ['no_stream', 0],
  [1, 2],
  ['stream_exists', 2],
];

describe('an append whose answer does not come', () => {
  const cases = faults.flatMap((fault) => modes.map(([expected, before]) => [fault, expected, before] as const));
  it.each(cases)('%s, expecting %s: it is recorded once, and says so', async (fault, expected, before) => {
    const server = await scripted();
    const store = await connected(server);
    const events = [...sampleEvents(before), ...sampleEvents(3, before)];
    if (before > 0) await store.append('case-1', 'no_stream', events.slice(0, before));
    server.appendFaults.push(fault);
    expect(await store.append('case-1', expected, events.slice(before))).toEqual({
      revision: before + 2,
      position: before + 3,
      repeated: false,
    });
    await server.lateCommits();
    await store.append('case-2', 'no_stream', sampleEvents(1));
    expect(idsOnServer(server).slice(0, before + 3)).toEqual(events.map(({ id }) => id));
    expect(await store.head()).toBe(before + 4);
    expect(server.calls).toMatchObject({ any: 0, batchAppend: 0 });
  });

  it('for good: it is refused with a time to come again, and the same append later is answered with the first result', async () => {
    const server = await scripted();
    const store = await connected(server, { totalTimeoutMs: 700 });
    const events = sampleEvents(2);
    server.appendFaults.push('commit_later', ...Array<AppendFault>(20).fill('stall'));
    server.readFaults.push(...Array<'stall'>(20).fill('stall'));
    await expect(store.append('case-1', 'no_stream', events)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'ledger.store_unavailable',
      detail: { retryAfterS: expect.any(Number) as number },
    });
    server.appendFaults.length = server.readFaults.length = 0;
    const repeated = await store.append('case-1', 'no_stream', events);
    expect(repeated).toMatchObject({ revision: 1, position: 2 });
    expect(idsOnServer(server)).toEqual(events.map(({ id }) => id));
  });

  it('while another writer takes its place: the conflict is told, and nothing of it is recorded', async () => {
    const server = await scripted();
    const [store, other] = [await connected(server), await connected(server)];
    server.appendFaults.push('stall');
    const slow = store.append('case-1', 'no_stream', sampleEvents(2));
    await until(() => server.calls.append > 0);
    const [winner] = sampleEvents(1);
    await other.append('case-1', 'no_stream', [winner]);
    await expect(slow).rejects.toThrow(WrongExpectedRevision);
    await expect(slow).rejects.toMatchObject({ expected: 'no_stream', actual: 0 });
    expect(idsOnServer(server)).toEqual([winner.id]);
  });
});

describe('a server that goes away', () => {
  it('refuses writes with a time to come again, and takes them when it is back', async () => {
    const server = await scripted();
    const store = await connected(server, { totalTimeoutMs: 600 });
    await store.append('case-1', 'no_stream', sampleEvents(1));
    await server.stop();
    const event = sampleEvent(1);
    await expect(store.append('case-1', 0, [event])).rejects.toMatchObject({ code: 'ledger.store_unavailable' });
    expect(await store.readAll({ direction: 'forwards', limit: 10 })).toHaveLength(1); // what is remembered is still read
    await server.start();
    for (;;) {
      const appended = await store.append('case-1', 0, [event]).catch(() => undefined);
      if (appended) break;
    }
    expect(idsOnServer(server)).toHaveLength(2);
  });

  it('does not disturb what is written to another', async () => {
    const [dying, healthy] = [await scripted(), await scripted()];
    const [lost, kept] = [await connected(dying, { totalTimeoutMs: 400 }), await connected(healthy)];
    const asked = Array.from({ length: 40 }, (_, n) => kept.append(`case-${n}`, 'no_stream', [sampleEvent(n)]));
    dying.appendFaults.push('stall', 'stall');
    const refused = lost.append('case-1', 'no_stream', sampleEvents(1));
    await dying.stop();
    await expect(refused).rejects.toMatchObject({ code: 'ledger.store_unavailable' });
    expect((await Promise.all(asked)).map(({ position }) => position).sort((a, b) => a - b)).toEqual(
      asked.map((_, i) => i + 1),
    );
    expect(healthy.calls.batchAppend + dying.calls.batchAppend).toBe(0);
  });
});

describe('two nodes', () => {
  it('count the same, whoever writes, and lose nothing when they race', async () => {
    const server = await scripted();
    const nodes = [await connected(server), await connected(server)];
    await nodes[0].append('case-0', 'no_stream', sampleEvents(1));
    const appended = await Promise.all(
      Array.from({ length: 60 }, (_, n) => nodes[n % 2].append('case-0', 'stream_exists', [sampleEvent(n)])),
    );
    expect(new Set(appended.map(({ revision }) => revision)).size).toBe(60);
    await nodes[0].append('case-1', 'no_stream', sampleEvents(1));
    await until(async () => (await nodes[1].head()) === 62);
    expect(await everything(nodes[1])).toEqual(await everything(nodes[0]));
    for (const { revision, position } of appended) expect(position).toBe(revision + 1);
  });

  it('that send the same events at once record them once', async () => {
    const server = await scripted();
    const nodes = [await connected(server), await connected(server)];
    for (let n = 0; n < 10; n++) {
      const events = sampleEvents(3);
      const [a, b] = await Promise.all(nodes.map((node) => node.append(`case-${n}`, 'no_stream', events)));
      expect(a.position).toBe(b.position);
    }
    expect(idsOnServer(server)).toHaveLength(30);
  });

  it('that send the same events before the first are in the index: the server drops the second, and says so late', async () => {
    const server = await scripted();
    const nodes = [await connected(server, PATIENT), await connected(server, PATIENT)];
    server.log.latencyMs = 30;
    const events = sampleEvents(3);
    const [a, b] = await Promise.all(nodes.map((node) => node.append('case-1', 'no_stream', events)));
    expect([a.position, b.position]).toEqual([3, 3]);
    expect(server.calls).toMatchObject({ append: 2, dropped: 1 });
    expect(idsOnServer(server)).toHaveLength(3);
  });

  it('that both come to the end of a record write it once, and go on', async () => {
    const server = await scripted();
    const nodes = [await connected(server, PATIENT), await connected(server, PATIENT)];
    server.log.latencyMs = 30;
    await nodes[0].append('case-1', 'no_stream', sampleEvents(1000));
    await nodes[1].append('case-1', 999, sampleEvents(100, 1000));
    await until(async () => (await nodes[0].head()) === 1100);
    const appended = nodes.map((node, n) => node.append(`case-${n + 2}`, 'no_stream', [sampleEvent(n)]));
    await Promise.all(appended);
    expect(server.log.stream(`${PREFIX}$order`)).toHaveLength(1);
    for (const node of nodes) expect(node.following().trouble).toBeUndefined();
  });

  it('that write to one stream: the one that comes second is told an end that it can read', async () => {
    const server = await scripted();
    const nodes = [await connected(server, PATIENT), await connected(server, PATIENT)];
    server.log.latencyMs = 50;
    for (let n = 0; n < 5; n++) {
      const expected = n === 0 ? 'no_stream' : n - 1;
      const [one, other] = await Promise.allSettled(
        nodes.map((node) => node.append('case-1', expected, [sampleEvent(n)])),
      );
      const lost = [one, other].filter(({ status }) => status === 'rejected');
      expect(lost).toEqual([
        { status: 'rejected', reason: expect.objectContaining({ expected, actual: n }) as object },
      ]);
    }
  });

  it('read a stream with positions that the other has only just given', async () => {
    const server = await scripted();
    const [writer, reader] = [await connected(server), await connected(server)];
    for (let n = 0; n < 30; n++) {
      await writer.append('case-1', n === 0 ? 'no_stream' : n - 1, [sampleEvent(n)]);
      const [last] = await reader.readStream('case-1', { direction: 'backwards', limit: 1 });
      expect(last).toMatchObject({ revision: n, position: n + 1 });
    }
  });
});

describe('appends to many streams', () => {
  it('go side by side, each stream in the order in which it was asked', async () => {
    const server = await scripted();
    const store = await connected(server);
    const asked = Array.from({ length: 200 }, (_, n) =>
      store.append(`case-${n % 10}`, n < 10 ? 'no_stream' : Math.floor(n / 10) - 1, [sampleEvent(n)]),
    );
    expect((await Promise.all(asked)).map(({ revision }) => revision)).toEqual(asked.map((_, n) => Math.floor(n / 10)));
    expect((await everything(store)).map(({ position }) => position)).toEqual(asked.map((_, n) => n + 1));
  });

  it('are refused beyond the bound, to be repeated later', async () => {
    const server = await scripted();
    const store = await connected(server);
    server.appendFaults.push('commit_then_stall');
    const asked = Array.from({ length: 4200 }, (_, n) => store.append('case-1', 'no_stream', [sampleEvent(n)]));
    const answers = await Promise.allSettled(asked);
    const busy = answers.filter(
      (answer) => answer.status === 'rejected' && (answer.reason as { code?: string }).code === 'ledger.busy',
    );
    expect(busy).toHaveLength(104);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('that were asked before closing are recorded', async () => {
    const server = await scripted();
    const store = await connected(server);
    const asked = [1, 2, 3].map((n) => store.append(`case-${n}`, 'no_stream', [sampleEvent(n)]));
    await store.close();
    expect((await Promise.all(asked)).map(({ position }) => position).sort()).toEqual([1, 2, 3]);
  });
});

describe('what the server refuses', () => {
  it('an append beyond its own bound is refused by name, and the next one is taken', async () => {
    const server = await scripted();
    const store = await connected(server);
    server.maxAppendBytes = 100_000;
    await expect(store.append('case-1', 'no_stream', sampleEvents(MAX_APPEND_EVENTS))).rejects.toMatchObject({
      kind: 'invalid',
      code: 'ledger.append_too_large_for_store',
    });
    expect(await store.append('case-1', 'no_stream', sampleEvents(1))).toMatchObject({ position: 1 });
  });

  it('an event beyond the bound of one event, at once', async () => {
    const server = await scripted();
    const store = await connected(server, PATIENT);
    server.maxEventBytes = 500;
    await expect(store.append('case-1', 'no_stream', sampleEvents(1))).rejects.toMatchObject({
      kind: 'invalid',
      code: 'ledger.append_too_large_for_store',
    });
    expect(server.calls.append).toBe(1);
  });

  it('to write to or read from a stream that was deleted', async () => {
    const server = await scripted();
    const store = await connected(server);
    await store.append('case-1', 'no_stream', sampleEvents(2));
    server.subscriptionFaults.push(...Array<'stall'>(100).fill('stall'));
    server.endSubscriptions(); // the node does not see it come by
    server.log.write(`${PREFIX}case-1`, [tombstone()]);
    const refusal = { code: 'ledger.events_hidden' };
    await expect(store.append('case-1', 1, sampleEvents(1))).rejects.toMatchObject(refusal);
    await expect(store.readStream('case-1', { direction: 'forwards', limit: 5 })).rejects.toMatchObject(refusal);
  });

  it('an append of which the first event stands there, as a conflict', async () => {
    const server = await scripted();
    const store = await connected(server);
    const events = sampleEvents(3);
    await store.append('case-1', 'no_stream', events.slice(0, 1));
    const other = await connected(server);
    await expect(other.append('case-1', 'no_stream', events)).rejects.toThrow(WrongExpectedRevision);
    expect(idsOnServer(server)).toEqual([events[0].id]);
  });

  it('names that belong to the server', async () => {
    const server = await scripted();
    const store = await connected(server);
    const refusal = { kind: 'invalid', code: 'ledger.reserved_name' };
    await expect(store.append('$order', 'no_stream', sampleEvents(1))).rejects.toMatchObject(refusal);
    await expect(store.append('case-1', 'no_stream', [sampleEvent(1, { type: '$>' })])).rejects.toMatchObject(refusal);
    expect(server.log.stream(`${PREFIX}$order`)).toHaveLength(0);
  });
});
