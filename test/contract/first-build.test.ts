import type { Projection } from '../../projections/projection';
import { OperationsController } from '../../src/api/operations.controller';
import { FirstBuild } from '../../src/api/readiness';
import type { OpenReadModel } from '../../src/ledger/projecting/open-read-model';
import { KINDS, nextFence, toyProjection, WatchedStore, Workplace, type Step } from './projection-ledger';
import { until } from '../until';

const steps = (count: number): Step[] => Array.from({ length: count }, (_, i) => ({ kind: 'opened', id: `t${i}` }));

/** `/readyz` of a program with these rows: its status, and why. */
async function asked(operations: OperationsController): Promise<[status: number, why: string | undefined]> {
  let status = 200;
  const reply = { sent: false, status: (code: number) => ((status = code), reply), header: () => reply, send: () => 0 };
  const { cause } = await operations.readyz(reply);
  return [status, cause?.code];
}

async function operationsOf({ readModel, processes }: OpenReadModel, place: Workplace): Promise<OperationsController> {
  const operations = new OperationsController(place.store, readModel, processes);
  await operations.onApplicationBootstrap();
  return operations;
}

const BUILDING = [503, 'read_model.building'];
const READY = [200, undefined];
const named = (name: string, version = 1): Projection => toyProjection({ name, version });

describe.each(KINDS)('readiness while rows are built, in %s', (kind) => {
  let place: Workplace;
  let held: WatchedStore;
  beforeEach(async () => {
    place = new Workplace(kind);
    await place.append(...steps(50));
    held = new WatchedStore(place.store);
  });
  afterEach(async () => {
    held.release();
    await place.dispose();
  });

  test('a node whose rows were never built sends readers away, says how far it is, and is ready when all of them are there', async () => {
    held.hold();
    const running = await place.open({ store: held, projections: [named('one'), named('two')] });
    const operations = await operationsOf(running, place);
    expect(await asked(operations)).toEqual(BUILDING);
    expect(operations.healthz()).toEqual({ alive: true });
    const reply = { sent: false, status: () => reply, header: () => reply, send: () => 0 };
    expect(await operations.readyz(reply)).toMatchObject({ ready: false, building: { position: 0, head: 50 } });
    held.release();
    await running.runner.settled();
    await until(async () => (await asked(operations))[0] === 200);
    expect(await asked(operations)).toEqual(READY);
  });

  test('a raised version is built beside the rows that answer, and the node stays ready', async () => {
    const before = await place.open({ projections: [named('one')] });
    await before.runner.settled();
    await place.closeReadModels();
    held.hold();
    const after = await place.open({ store: held, projections: [named('one', 2)] });
    const operations = await operationsOf(after, place);
    expect((await after.readModel.status())[0]).toMatchObject({ state: 'building', position: 50 });
    expect(await asked(operations)).toEqual(READY);
    expect(await after.readModel.count('one', 'log')).toBe(50);
  });

  test('a projection that is new beside others does not take the others from their readers', async () => {
    const before = await place.open({ projections: [named('one')] });
    await before.runner.settled();
    await place.closeReadModels();
    held.hold();
    const after = await place.open({ store: held, projections: [named('one'), named('two')] });
    expect(await asked(await operationsOf(after, place))).toEqual(READY);
    await expect(after.readModel.count('two', 'log')).rejects.toMatchObject({ code: 'read_model.building' });
  });
});

test('two nodes are upgraded one after the other, and one of them is ready at every moment', async () => {
  const place = new Workplace('postgres');
  await place.append(...steps(50));
  const held = new WatchedStore(place.store);
  const older = await place.openNode({ projections: [named('one')] });
  // What the new version adds and raises only a node of that version can build.
  const projections = [named('one', 2), named('two')];
  const nodes = [older];
  try {
    await older.lead(await nextFence(older.postgres));
    await older.runner.settled();
    const first = await place.openNode({ projections, store: held });
    nodes.push(first);
    const operations = [await operationsOf(older, place), await operationsOf(first, place)];
    expect(await Promise.all(operations.map(asked))).toEqual([READY, READY]); // nobody waits for what nobody builds

    held.hold();
    await older.standDown();
    await first.lead(await nextFence(first.postgres));
    expect(await Promise.all(operations.map(asked))).toEqual([READY, READY]);
    expect(await first.readModel.count('one', 'log')).toBe(50);

    held.release();
    await first.runner.settled();
    await until(async () => (await first.readModel.status()).every(({ state }) => state === 'live'));
    expect(await asked(operations[1])).toEqual(READY);
    expect(await first.readModel.count('two', 'log')).toBe(50);
  } finally {
    held.release();
    for (const each of nodes) {
      await each.close();
      await each.postgres.close();
    }
    await place.dispose();
  }
});

test('the first build lasts until the last projection has rows, not the first', () => {
  const of = (name: string, generation: number | undefined, built: number) => ({
    ...{ name, version: 1, position: 0, head: 90, lagEvents: 0, lagMs: 0, state: 'building' as const, generation },
    building: { generation: 1, position: built },
  });
  const first = new FirstBuild();
  expect(first.progress([of('a', undefined, 40), of('b', undefined, 70)])).toEqual({ position: 40, head: 90 });
  expect(first.progress([of('a', undefined, 85), of('b', 2, 90)])).toEqual({ position: 85, head: 90 });
  expect(first.progress([of('a', 1, 90), of('b', 2, 90)])).toBeUndefined();
  expect(first.progress([of('a', undefined, 0), of('b', 2, 90)])).toBeUndefined();
  expect(first.progress([of('a', undefined, 0), of('b', undefined, 0)])).toBeDefined(); // rows of another ledger were dropped
});
