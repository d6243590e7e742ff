import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Projection } from '../../projections/projection';
import { digest, dump } from '../../src/ledger/projecting/dump';
import type { OpenReadModel } from '../../src/ledger/projecting/open-read-model';
import type { ProjectionStatus, ReadModel } from '../../src/ledger/projecting/read-model';
import { KINDS, silent, toyProjection, WatchedStore, Workplace, type Step, type ToyRow } from './projection-ledger';
import { until, WAIT_MS } from '../until';

const linesOf = async (readModel: ReadModel, projection = toyProjection()): Promise<string[]> => {
  const lines: string[] = [];
  for await (const line of dump(readModel, projection)) lines.push(line);
  return lines;
};

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('opened', 'noted', 'moved', 'closed', 'removed'),
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  text: fc.option(fc.constantFrom('东区', '西区', '明镜市', '张三'), { nil: undefined }),
  amount: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
});

const opened = (count: number): Step[] =>
  Array.from({ length: count }, (_, i) => ({ kind: i % 3 ? 'noted' : 'opened', id: `t${i % 50}`, text: `第${i}次` }));

const statusOf = async ({ readModel }: OpenReadModel, name = 'toy'): Promise<ProjectionStatus> => {
  const found = (await readModel.status()).find((each) => each.name === name);
  if (!found) throw new Error(`no status of ${name}`);
  return found;
};

describe.each(KINDS)('running projections in %s', (kind) => {
  let place: Workplace;

  beforeEach(() => void (place = new Workplace(kind)));
  afterEach(() => place.dispose());

  test('the same events give the same rows: event by event, in one go, rebuilt beside, rebuilt offline, and after every restart', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 }),
        async (batches) => {
          const own = new Workplace(kind);
          try {
            for (const batch of batches) {
              const live = await own.open(); // each batch after a restart, so that no row is in memory
              for (const each of batch) await live.readModel.waitFor('toy', await own.append(each), WAIT_MS);
              await own.closeReadModels();
            }
            const small = await own.open();
            await small.runner.settled();
            const expected = await linesOf(small.readModel);
            await small.runner.rebuild('toy');
            await small.runner.settled();
            expect(await linesOf(small.readModel)).toEqual(expected);
            await own.closeReadModels();

            await own.rebuildOffline();
            const offline = await own.open();
            expect(await linesOf(offline.readModel)).toEqual(expected);
            await own.closeReadModels();

            await own.loseRows();
            const again = await own.open();
            await again.runner.settled();
            expect(await linesOf(again.readModel)).toEqual(expected);
          } finally {
            await own.dispose();
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  test('a fold that throws stalls its projection before that event; the others go on; a retry takes it up', async () => {
    const alarms: string[] = [];
    let forgiving = false;
    const { apply } = toyProjection();
    const fragile = toyProjection({
      name: 'fragile',
      apply: (event, rows) => (forgiving && event.type === 'Toy_poison' ? undefined : apply(event, rows)),
    });
    const sturdy = toyProjection({
      name: 'sturdy',
      apply: (event, rows) => (event.type === 'Toy_poison' ? undefined : apply(event, rows)),
    });
    const logger = {
      ...silent,
      error: (fields: object, message: string) => alarms.push(JSON.stringify([fields, message])),
    };
    const running = await place.open({ projections: [fragile, sturdy], logger });
    const { readModel, runner } = running;
    await runner.settled();
    const last = await place.append(
      { kind: 'opened', id: 'a' },
      { kind: 'poison', id: 'a', text: '身份证号110101199003070011' },
      { kind: 'noted', id: 'a', text: '之后' },
    );
    await readModel.waitFor('sturdy', last, WAIT_MS);
    await until(async () => (await statusOf(running, 'fragile')).state === 'stalled');
    expect(await readModel.get('sturdy', 'thing', 'a')).toMatchObject({ notes: ['之后'] });
    expect(await readModel.get('fragile', 'thing', 'a')).toMatchObject({ status: 'open', notes: [] });
    expect(await statusOf(running, 'fragile')).toMatchObject({
      state: 'stalled',
      position: 1,
      lagEvents: 2,
      error: { position: 2, reason: expect.stringContaining('Toy_poison') as string },
    });
    expect(await statusOf(running, 'sturdy')).toMatchObject({ state: 'live', lagEvents: 0 });
    expect(alarms).toHaveLength(1);
    expect(alarms[0]).not.toContain('110101199003070011');

    forgiving = true;
    runner.retry('fragile');
    await readModel.waitFor('fragile', last, WAIT_MS);
    expect(await readModel.get('fragile', 'thing', 'a')).toMatchObject({ notes: ['之后'] });
    expect(await statusOf(running, 'fragile')).toMatchObject({ state: 'live', lagEvents: 0 });
    await readModel.waitFor('fragile', await place.append({ kind: 'closed', id: 'a' }), WAIT_MS);
  });

  test('a projection that stalls in a rebuild leaves the rows from before answering', async () => {
    let strict = false;
    const { apply } = toyProjection();
    const projection = toyProjection({
      apply: (event, rows) => {
        if (strict && event.position === 40) throw new Error('no');
        apply(event, rows);
      },
    });
    const running = await place.open({ projections: [projection] });
    const last = await place.append(...opened(90));
    await running.readModel.waitFor('toy', last, WAIT_MS);
    const before = await linesOf(running.readModel);
    strict = true;
    await running.runner.rebuild('toy');
    await running.runner.settled();
    expect(await statusOf(running)).toMatchObject({
      state: 'stalled',
      generation: 1,
      position: last,
      error: { position: 40 },
    });
    expect(await linesOf(running.readModel)).toEqual(before);
    await running.readModel.waitFor('toy', await place.append(...opened(3)), WAIT_MS);
    strict = false;
    running.runner.retry();
    await running.runner.settled();
    expect(await statusOf(running)).toMatchObject({ state: 'live', generation: 2 });
  });

  test('a column that cannot be computed stalls its projection alone and writes nothing of the batch', async () => {
    const broken = toyProjection({
      name: 'broken',
      tables: {
        ...toyProjection().tables,
        log: { columns: { length: (row: { text: string }) => row.text.length }, numbers: ['length'] },
      },
    });
    const running = await place.open({ projections: [toyProjection(), broken] });
    await running.runner.settled();
    const last = await place.append({ kind: 'noted', id: 'a', text: '有' }, { kind: 'opened', id: 'b' });
    await running.readModel.waitFor('toy', last, WAIT_MS);
    expect(await statusOf(running, 'broken')).toMatchObject({ state: 'stalled', position: 0, error: { position: 1 } });
    expect(await running.readModel.count('broken', 'thing')).toBe(0);
  });

  test('a column that gives a number where texts are declared, or too long a text, stalls in every store', async () => {
    const columns = (value: unknown): Projection['tables'] => ({ log: { columns: { odd: () => value as string } } });
    const toy = toyProjection();
    const apply: Projection['apply'] = (event, rows) => rows.put('log', `${event.position}`, {});
    const odd = [7, 'x'.repeat(561), 'fits', null].map((value, i) => {
      return toyProjection({ name: `odd${i}`, tables: columns(value), apply });
    });
    const running = await place.open({ projections: [toy, ...odd] });
    await running.runner.settled();
    const last = await place.append({ kind: 'opened', id: 'a' });
    for (const name of ['toy', 'odd2', 'odd3']) await running.readModel.waitFor(name, last, WAIT_MS);
    const states = await Promise.all(odd.map(async ({ name }) => (await statusOf(running, name)).state));
    expect(states).toEqual(['stalled', 'stalled', 'live', 'live']);
    expect((await statusOf(running, 'odd0')).error?.reason).toContain('log.odd has a number, not a string');
  });

  test('a fold that catches whatever is thrown sees every row all the same', async () => {
    const first = await place.open();
    await first.readModel.waitFor('toy', await place.append(...opened(300)), WAIT_MS);
    await place.closeReadModels(); // no row is in memory
    const { apply } = toyProjection();
    const careless = toyProjection({
      apply: (event, rows) => {
        try {
          apply(event, rows);
        } catch {
          rows.put('log', `${event.position}`, { swallowed: true });
        }
      },
    });
    const second = await place.open({ projections: [careless] });
    await second.readModel.waitFor('toy', await place.append(...opened(300)), WAIT_MS);
    expect(await second.readModel.get('toy', 'total', 'all')).toEqual({ kinds: { opened: 200, noted: 400 } });
    for await (const line of dump(second.readModel, careless)) expect(line).not.toContain('swallowed');
  });

  test('a new version is built beside the old one, which answers until then; an open scan ends on the rows it began with', async () => {
    await place.append(...opened(700));
    const old = await place.open();
    await old.runner.settled();
    await place.closeReadModels();

    const store = new WatchedStore(place.store);
    store.hold();
    const total = {
      columns: { opened: (row: { kinds: Record<string, number> }) => row.kinds.opened },
      numbers: ['opened'],
    };
    const projection = toyProjection({ version: 2, tables: { ...toyProjection().tables, total } });
    const running = await place.open({ projections: [projection], store });
    const scan = running.readModel.scan<ToyRow>('toy', 'log')[Symbol.asyncIterator]();
    expect((await scan.next()).value).toMatchObject({ key: '1' });
    expect(await statusOf(running)).toMatchObject({ version: 2, generation: 1, position: 700, state: 'building' });
    const query = { where: { opened: 234 } };
    await expect(running.readModel.count('toy', 'total', query)).rejects.toMatchObject({ code: 'read_model.building' });

    store.release();
    await running.runner.settled();
    expect(await statusOf(running)).toMatchObject({ version: 2, generation: 2, position: 700, state: 'live' });
    expect(await running.readModel.count('toy', 'total', query)).toBe(1);
    let rows = 1;
    while (!(await scan.next()).done) rows += 1;
    expect(rows).toBe(700);
    while ((await place.tables()).some((name) => name.startsWith('g1_'))) await nextTurn(); // they are removed in short turns
  });

  test('while one is rebuilt, the one that answers goes on following', async () => {
    const store = new WatchedStore(place.store);
    const running = await place.open({ store });
    await running.readModel.waitFor('toy', await place.append(...opened(20)), WAIT_MS);
    store.hold();
    await running.runner.rebuild('toy');
    const last = await place.append({ kind: 'opened', id: 'new' });
    await running.readModel.waitFor('toy', last, WAIT_MS);
    expect(await running.readModel.get('toy', 'thing', 'new')).toMatchObject({ id: 'new' });
    expect(await statusOf(running)).toMatchObject({
      state: 'live',
      generation: 1,
      building: { generation: 2, position: 0 },
    });
    store.release();
    await running.runner.settled();
    expect(await statusOf(running)).toMatchObject({ state: 'live', generation: 2, position: last, lagEvents: 0 });
  });

  test('events that keep coming do not keep a rebuild from ending, and none is lost or doubled', async () => {
    const running = await place.open();
    await running.readModel.waitFor('toy', await place.append(...opened(3000)), WAIT_MS);
    await running.runner.rebuild('toy');
    const ended = running.runner.settled();
    let done = false;
    void ended.then(() => (done = true));
    let last = 0;
    for (let i = 0; i < 2000 && !done; i++) last = await place.append({ kind: 'noted', id: `n${i}`, text: `${i}` });
    await ended;
    await running.readModel.waitFor('toy', last, WAIT_MS);
    const { kinds } = (await running.readModel.get<{ kinds: Record<string, number> }>('toy', 'total', 'all')) ?? {
      kinds: {},
    };
    expect(Object.values(kinds).reduce((sum, n) => sum + n, 0)).toBe(last);
    expect(await statusOf(running)).toMatchObject({ generation: 2, state: 'live' });
  });

  test('several projections are rebuilt with one reading of the ledger', async () => {
    await place.append(...opened(5000));
    const store = new WatchedStore(place.store);
    const names = ['one', 'two', 'three', 'four'];
    const running = await place.open({ store, projections: names.map((name) => toyProjection({ name })) });
    await running.runner.settled();
    expect(store.read).toBe(5000);
    const [first, ...others] = await Promise.all(
      names.map((name) => digest(running.readModel, toyProjection({ name }))),
    );
    for (const other of others) expect(other).toEqual(first);
  });

  test('a build that was interrupted goes on where it stopped', async () => {
    await place.append(...opened(9000));
    const store = new WatchedStore(place.store);
    const many = toyProjection({ tables: { ...toyProjection().tables, log: {} } });
    const { apply } = many;
    const seen = new Set<number>();
    const first = await place.open({
      store,
      projections: [{ ...many, apply: (event, rows) => (event.position > 5000 ? fail() : apply(event, rows)) }],
    });
    await first.runner.settled();
    await place.closeReadModels();
    const second = await place.open({
      projections: [{ ...many, apply: (event, rows) => (seen.add(event.position), apply(event, rows)) }],
    });
    await second.runner.settled();
    expect([seen.size, Math.min(...seen)]).toEqual([4000, 5001]);
    expect(await second.readModel.count('toy', 'log')).toBe(9000);
  });

  test('rows of another ledger, such as before a backup was restored, are dropped and built again', async () => {
    const running = await place.open();
    await running.readModel.waitFor('toy', await place.append(...opened(30)), WAIT_MS);
    await place.closeReadModels();
    const other = new Workplace(kind);
    await other.append(...opened(12));
    const restored = await other.open({}, place);
    await restored.runner.settled();
    expect(await restored.readModel.count('toy', 'log')).toBe(12);
    await other.closeReadModels();
    await other.append({ kind: 'removed', id: 't0' }, ...opened(40));
    const longer = await place.open({ store: other.store });
    await longer.runner.settled();
    expect(await longer.readModel.count('toy', 'log')).toBe(53);
    await place.closeReadModels();
    await other.dispose();
  });

  test('rebuilding offline tells how far it is, and says when a projection stops', async () => {
    await place.append(...opened(5000));
    const told: (readonly [number, number])[] = [];
    await place.rebuildOffline({ onCatchUp: (...at) => told.push(at) });
    expect(told[0]).toEqual([1024, 5000]);
    expect(told.at(-1)).toEqual([5000, 5000]);
    const failing = toyProjection({ apply: fail });
    await expect(place.rebuildOffline({ projections: [failing] })).rejects.toThrow('toy stopped at position 1');
    const running = await place.open();
    await running.runner.settled();
    expect(await running.readModel.count('toy', 'log')).toBe(5000);
  });
});

describe('running projections on one file', () => {
  let place: Workplace;
  beforeEach(() => void (place = new Workplace()));
  afterEach(() => place.dispose());

  test('a file of another format, or no database at all, is built again', async () => {
    const first = await place.open();
    await first.readModel.waitFor('toy', await place.append(...opened(30)), WAIT_MS);
    const expected = await linesOf(first.readModel);
    await place.closeReadModels();
    const db = new Database(join(place.directory, 'read-model.db'));
    db.pragma('user_version = 999');
    db.close();
    const second = await place.open();
    await second.runner.settled();
    expect(await linesOf(second.readModel)).toEqual(expected);
    await place.closeReadModels();
    await place.loseRows();
    writeFileSync(
      join(place.directory, 'read-model.db'),
      'not a database, but long enough to be taken for one'.repeat(200),
    );
    const third = await place.open();
    await third.runner.settled();
    expect(await linesOf(third.readModel)).toEqual(expected);
  });

  test('two programs on one file: no event is applied twice', async () => {
    const one = await place.open();
    await one.runner.settled();
    const two = await place.open();
    const last = await place.append(...opened(40));
    await until(async () => {
      const both = await Promise.all([one, two].map((each) => statusOf(each)));
      return both.some(({ state }) => state === 'stalled') && both.some(({ position }) => position === last);
    });
    const states = await Promise.all([one, two].map(async (each) => (await statusOf(each)).state));
    expect(states.sort()).toEqual(['live', 'stalled']);
    expect(await one.readModel.get('toy', 'total', 'all')).toEqual({ kinds: { opened: 14, noted: 26 } });
  });
});

function fail(): never {
  throw new Error('no');
}
