import { Postgres } from '../../src/ledger/postgres/postgres';
import { digest } from '../../src/ledger/projecting/dump';
import type { SharedReadModel } from '../../src/ledger/projecting/open-read-model';
import type { ReadModel } from '../../src/ledger/projecting/read-model';
import { freshSchema } from '../postgres/fresh-schema';
import { PostgresServer } from '../postgres/server';
import { LosingProxy } from './losing-proxy';
import { LateStore, nextFence, toyProjection, WatchedStore, Workplace, type Step } from './projection-ledger';
import { until, WAIT_MS } from '../until';

const steps = (count: number, kind: Step['kind'] = 'noted'): Step[] =>
  Array.from({ length: count }, (_, i) => ({ kind, id: `t${i % 40}`, text: `第${i}次` }));

/** How many events the rows have seen: one row counts them, and one table has a row of each. */
async function counted(readModel: ReadModel): Promise<number[]> {
  const total = await readModel.get<{ kinds: Record<string, number> }>('toy', 'total', 'all');
  const sum = Object.values(total?.kinds ?? {}).reduce((all, each) => all + each, 0);
  return [sum, await readModel.count('toy', 'log')];
}

type Node = SharedReadModel & { readonly postgres: Postgres };

describe('nodes over one PostgreSQL', () => {
  let place: Workplace;
  let nodes: Node[];
  const node = async (options: Parameters<Workplace['openNode']>[0] = {}): Promise<Node> => {
    const opened = await place.openNode(options);
    nodes.push(opened);
    return opened;
  };
  beforeEach(() => {
    place = new Workplace('postgres');
    nodes = [];
  });
  afterEach(async () => {
    for (const each of nodes) {
      await each.close();
      await each.postgres.close();
    }
    await place.dispose();
  });

  test('every node answers what the leading one has written, once it is waited for', async () => {
    const [leading, other] = [await node(), await node()];
    await expect(other.readModel.count('toy', 'log')).rejects.toMatchObject({ code: 'read_model.building' });
    await leading.lead(await nextFence(leading.postgres));
    const position = await place.append(...steps(50), { kind: 'moved', id: 'a', text: '东区' });
    await other.readModel.waitFor('toy', position, WAIT_MS);
    expect(await counted(other.readModel)).toEqual([51, 51]);
    expect(await other.readModel.get('toy', 'thing', 'a')).toMatchObject({ place: '东区' });
    expect((await other.readModel.status())[0]).toMatchObject({ state: 'live', generation: 1, position, lagEvents: 0 });
    await expect(other.readModel.waitFor('toy', position + 1, 50)).rejects.toMatchObject({ code: 'read_model.behind' });
    await expect(other.runner.rebuild('toy')).rejects.toMatchObject({ code: 'read_model.not_leading' });

    await place.append(...steps(30));
    await other.runner.settled();
    expect(await counted(other.readModel)).toEqual([81, 81]);
  });

  test('what stalls on the leading node is told on every node, and no longer when it goes on', async () => {
    let forgiving = false;
    const { apply } = toyProjection();
    const projections = [toyProjection({ apply: (event, rows) => (forgiving ? undefined : apply(event, rows)) })];
    const [leading, other] = [await node({ projections }), await node({ projections })];
    const duties = { name: 'duties', react: () => Promise.reject(new Error('张三')) };
    const acting = await node({ processManagers: [duties] });
    const watching = await node({ processManagers: [duties] });
    await leading.lead(await nextFence(leading.postgres));
    await leading.runner.settled();
    const last = await place.append({ kind: 'opened', id: 'a' }, { kind: 'poison', id: 'a', text: '张三' });
    await other.runner.settled();
    expect((await other.readModel.status())[0]).toMatchObject({
      state: 'stalled',
      position: 1,
      error: { position: 2, reason: expect.stringContaining('Toy_poison') as string },
    });
    forgiving = true;
    leading.runner.retry('toy');
    await other.readModel.waitFor('toy', last, WAIT_MS);
    const [status] = await other.readModel.status();
    expect([status.state, status.error]).toEqual(['live', undefined]);
    await leading.standDown();

    await acting.lead(await nextFence(acting.postgres));
    await until(async () => (await watching.processes.status())[0].state === 'stalled');
    expect((await watching.processes.status())[0]).toMatchObject({
      name: 'duties',
      position: 0,
      error: { position: 1 },
    });
    expect(JSON.stringify(await watching.processes.status())).not.toContain('张三');
  });

  test('a former leader writes nothing any more and stops; it answers on, and may lead again', async () => {
    const lost: string[] = [];
    const former = await node({ onLost: () => lost.push('former') });
    const next = await node({ onLost: () => lost.push('next') });
    await former.lead(await nextFence(former.postgres));
    const first = await place.append(...steps(500));
    await former.readModel.waitFor('toy', first, WAIT_MS);

    const fence = await nextFence(next.postgres); // from here on the former one is too late, whatever it has in hand
    const last = await place.append(...steps(500, 'opened'));
    await until(() => lost.length > 0);
    expect(await counted(former.readModel)).toEqual([500, 500]);
    await next.lead(fence);
    await former.readModel.waitFor('toy', last, WAIT_MS);
    expect(await counted(former.readModel)).toEqual([1000, 1000]);
    expect(lost).toEqual(['former']);

    await next.standDown();
    await former.lead(await nextFence(former.postgres));
    await next.readModel.waitFor('toy', await place.append(...steps(10)), WAIT_MS);
    expect(await counted(next.readModel)).toEqual([1010, 1010]);
    expect(lost).toEqual(['former']);
  });

  test('a node that has not counted the newest events yet takes the rows up when it leads, and drops none', async () => {
    const former = await node();
    await former.lead(await nextFence(former.postgres));
    const last = await place.append(...steps(200));
    await former.readModel.waitFor('toy', last, WAIT_MS);
    await former.standDown();
    const next = await node({ store: new LateStore(place.store, last - 50) });
    await next.lead(await nextFence(next.postgres));
    expect((await next.readModel.status())[0]).toMatchObject({ state: 'live', generation: 1, position: last });
    expect(await counted(next.readModel)).toEqual([200, 200]);
  });

  test('a scan on another node ends on the rows it began with, though they have been replaced', async () => {
    const [leading, other] = [await node(), await node()];
    await leading.lead(await nextFence(leading.postgres));
    const position = await place.append(...steps(1200));
    await other.readModel.waitFor('toy', position, WAIT_MS);
    const scan = other.readModel.scan<object>('toy', 'log')[Symbol.asyncIterator]();
    await scan.next();
    await leading.runner.rebuild('toy');
    await leading.runner.settled();
    await other.readModel.waitFor('toy', await place.append(...steps(5)), WAIT_MS);
    expect(await other.readModel.count('toy', 'log')).toBe(1205);
    let rows = 1;
    while (!(await scan.next()).done) rows += 1;
    expect(rows).toBe(1200);
    await until(async () => !(await place.tables()).some((name) => name.startsWith('g1_')));
  });

  test('connections that are ended again and again lose and double nothing', async () => {
    const leading = await node();
    const other = await node();
    await leading.lead(await nextFence(leading.postgres));
    const killer = await Postgres.open(place.schema);
    let last = 0;
    for (let i = 0; i < 40; i++) {
      last = await place.append(...steps(25));
      const ended = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE $1`;
      await killer.query(ended, [i % 2 === 0 ? `%${place.schema.schema}%` : '%generation%']);
    }
    await killer.close();
    await other.readModel.waitFor('toy', last, WAIT_MS);
    expect(await counted(other.readModel)).toEqual([last, last]);
    expect((await other.readModel.status())[0]).toMatchObject({ state: 'live', lagEvents: 0 });
  });

  test.each(['answer', 'question'] as const)('a commit whose %s is lost is applied once', async (lost) => {
    const proxy = await LosingProxy.start(place.schema.url, lost);
    const postgres = await Postgres.open({ ...place.schema, url: proxy.url });
    const leading = await place.openNode({}, postgres);
    const other = await node();
    await leading.lead(await nextFence(postgres));
    let last = 0;
    for (let i = 0; i < 12; i++) {
      proxy.loseNext();
      last = await place.append(...steps(20));
      await other.readModel.waitFor('toy', last, WAIT_MS);
    }
    expect(proxy.lost).toBeGreaterThanOrEqual(12);
    expect(await counted(other.readModel)).toEqual([last, last]);
    const beside = await node({ projections: [toyProjection()] });
    expect(await digest(beside.readModel, toyProjection())).toEqual(await digest(other.readModel, toyProjection()));
    await leading.close();
    await postgres.close();
    await proxy.close();
  });
});

test('with PostgreSQL stopped, queries say that it is away; when it is back, everything goes on', async () => {
  const server = await PostgresServer.start({ durable: true });
  const place = new Workplace('postgres', { ...freshSchema(), url: server.url });
  const leading = await place.openNode();
  const other = await place.openNode();
  try {
    await leading.lead(await nextFence(leading.postgres));
    await other.readModel.waitFor('toy', await place.append(...steps(100)), WAIT_MS);
    await server.stop('immediate');
    const away = { kind: 'unavailable', code: 'postgres.unavailable' };
    for (const { readModel } of [leading, other]) {
      await expect(readModel.count('toy', 'log')).rejects.toMatchObject(away);
      await expect(
        readModel.list('toy', 'log', { orderBy: { column: 'thing', direction: 'desc' }, limit: 5 }),
      ).rejects.toMatchObject(away);
      await until(async () => (await readModel.status())[0].state === 'waiting');
      expect((await readModel.status())[0]).toMatchObject({
        state: 'waiting',
        error: { reason: expect.stringContaining('postgres.unavailable') as string },
      });
    }
    const last = await place.append(...steps(100));
    await expect(other.readModel.waitFor('toy', last, 100)).rejects.toMatchObject({ code: 'read_model.behind' });
    await server.resume();
    await other.readModel.waitFor('toy', last, WAIT_MS);
    expect(await counted(other.readModel)).toEqual([200, 200]);
    await until(async () => (await leading.readModel.status())[0].lagEvents === 0);
    expect((await leading.readModel.status())[0]).toMatchObject({ state: 'live', lagEvents: 0 });
  } finally {
    await server.resume(); // or what is closed below would fail, and hide why the test did
    for (const each of [leading, other]) {
      await each.close();
      await each.postgres.close();
    }
    await place.dispose();
    await server.remove();
  }
});

// The server waits for it in the background, where an error would be the end of the process.
test('a wait for rows that are being built ends without an error when PostgreSQL goes away', async () => {
  const server = await PostgresServer.start();
  const place = new Workplace('postgres', { ...freshSchema(), url: server.url });
  await place.append(...steps(10));
  const store = new WatchedStore(place.store);
  store.hold();
  const leading = await place.openNode({ store });
  try {
    await leading.lead(await nextFence(leading.postgres));
    const settled = leading.runner.settled();
    await server.stop('immediate');
    store.release();
    await leading.standDown();
    await settled;
  } finally {
    await leading.close();
    await leading.postgres.close();
    await server.resume();
    await place.dispose();
    await server.remove();
  }
});
