import Database from 'better-sqlite3';
import { join } from 'node:path';
import { Failure, refused } from '../../src/kernel/errors';
import type { RecordedEvent } from '../../src/kernel/event';
import type { OpenReadModel } from '../../src/ledger/projecting/open-read-model';
import type { ProcessManager } from '../../src/ledger/projecting/process-manager';
import { KINDS, silent, Workplace, type Step } from './projection-ledger';
import { until } from '../until';

const steps = (count: number): Step[] => Array.from({ length: count }, (_, i) => ({ kind: 'opened', id: `t${i}` }));
const away = (): Failure => new Failure('unavailable', 'ledger.write_failed', { zh: '稍后再试', en: 'later' });

describe.each(KINDS)('process managers, on record in %s', (kind) => {
  let place: Workplace;
  let seen: number[];
  let before: (event: RecordedEvent) => void;
  const manager: ProcessManager = {
    name: 'duties',
    react: async (event) => {
      before(event);
      seen.push(event.position);
    },
  };
  const open = (logger = silent): Promise<OpenReadModel> => place.open({ processManagers: [manager], logger });
  const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

  const spoilFormat = (): void => {
    const db = new Database(join(place.directory, 'read-model.db'));
    db.pragma('user_version = 999');
    db.close();
  };

  beforeEach(() => {
    place = new Workplace(kind);
    seen = [];
    before = () => undefined;
  });
  afterEach(() => place.dispose());

  test('see every event in order, and go on after a restart where they were', async () => {
    await place.append(...steps(300));
    await open();
    await until(() => seen.length === 300);
    await place.closeReadModels();
    await place.append(...steps(3));
    await open();
    await until(() => seen.length === 303);
    expect(seen).toEqual(upTo(303));
  });

  test('try again what is unavailable, and lose nothing', async () => {
    let refusals = 2;
    before = ({ position }) => {
      if (position === 2 && refusals-- > 0) throw away();
    };
    const { processes } = await open();
    await place.append(...steps(3));
    await until(async () => (await processes.status())[0].state === 'waiting');
    await until(() => seen.length === 3);
    expect(seen).toEqual(upTo(3));
    expect((await processes.status())[0]).toMatchObject({ state: 'running', position: 3, lagEvents: 0 });
  });

  test('stall visibly at any other error, without quoting it, and go on from there when told to', async () => {
    const alarms: string[] = [];
    let broken = true;
    before = ({ position }) => {
      if (position === 2 && broken) throw new Error('张三 13800000000');
    };
    const { processes } = await open({ ...silent, error: (fields) => alarms.push(JSON.stringify(fields)) });
    await place.append(...steps(3));
    await until(async () => (await processes.status())[0].state === 'stalled');
    expect((await processes.status())[0]).toMatchObject({ position: 1, lagEvents: 2, error: { position: 2 } });
    expect(alarms).toHaveLength(1);
    expect(alarms[0]).not.toContain('张三');
    broken = false;
    processes.retry();
    await until(() => seen.length === 3);
    expect(seen).toEqual(upTo(3));
  });

  test('go on after a refusal, which stays on record with its code and without its text', async () => {
    const alarms: string[] = [];
    const refusal = (): Failure => refused('duty.refused', { zh: '张三', en: '张三', basis: 'L01' });
    before = ({ position }) => {
      if (position === 2) throw refusal();
      if (position === 3) throw new Failure('invalid', 'command.invalid', { zh: '张三', en: '张三' });
    };
    const { processes } = await open({ ...silent, error: (fields) => alarms.push(JSON.stringify(fields)) });
    await place.append(...steps(4));
    await until(() => seen.length === 2);
    expect(seen).toEqual([1, 4]);
    await until(async () => (await processes.status())[0].lagEvents === 0);
    expect((await processes.status())[0]).toMatchObject({ state: 'running', position: 4, refusals: 2 });
    const [second] = await place.store.readAll({ direction: 'forwards', from: 2, limit: 1 });
    const onRecord = [
      { process: 'duties', position: 3, code: 'command.invalid' },
      { process: 'duties', position: 2, code: 'duty.refused', eventId: second.id },
    ];
    expect(await processes.refusals()).toMatchObject(onRecord);
    expect(alarms).toHaveLength(2);
    expect(alarms.join('')).not.toContain('张三');

    await place.closeReadModels();
    expect(await (await open()).processes.refusals()).toMatchObject(onRecord);
    await place.closeReadModels();
    if (kind === 'sqlite') spoilFormat();
    expect(await (await open()).processes.refusals()).toMatchObject(onRecord);
    expect(seen).toEqual([1, 4]);
  });

  test('do not act again when rows are rebuilt, nor when the file is of another format', async () => {
    const { runner } = await open();
    await place.append(...steps(20));
    await until(() => seen.length === 20);
    await runner.rebuild('toy');
    await runner.settled();
    await place.append(...steps(1));
    await until(() => seen.length === 21);
    await place.closeReadModels();
    if (kind === 'sqlite') spoilFormat();
    await open();
    await place.append(...steps(1));
    await until(() => seen.length === 22);
    expect(seen).toEqual(upTo(22));
  });

  test('act again, at most, when the file is lost: ids of their commands make that harmless', async () => {
    await open();
    await place.append(...steps(5));
    await until(() => seen.length === 5);
    await place.closeReadModels();
    await place.loseRows();
    await open();
    await until(() => seen.length === 10);
    expect(seen).toEqual([...upTo(5), ...upTo(5)]);
  });
});
