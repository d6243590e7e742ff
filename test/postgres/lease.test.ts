import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  assertHolds,
  Lease,
  LeaseLost,
  whileHeld,
  type Fence,
  type LeaseOptions,
} from '../../src/ledger/postgres/lease';
import { Postgres, type PostgresSettings } from '../../src/ledger/postgres/postgres';
import { dropSchema, freshSchema } from './fresh-schema';
import { until } from '../until';

const logger = { info: () => undefined, warn: () => undefined };

type Pace = Partial<Pick<LeaseOptions, 'beatMs' | 'staleMs'>>;
/** Gives signs of life often, and takes nobody for gone who only runs on a busy machine. */
const LIVELY = { beatMs: 20, staleMs: 30_000 };
const NO_SIGN_OF_LIFE = { beatMs: 60_000 };
const SOON_IMPATIENT = { staleMs: 500 };
/** A statement that no test waits for. */
const LONG = 'SELECT pg_sleep(600)';
/** How a statement ends whose connection the server was asked to end. */
const ENDED = { code: 'postgres.unavailable', cause: { code: '57P01' } };

/** A node that notes when it begins and ends to lead. */
class Node {
  readonly led: Fence[] = [];
  private readonly waiting: (() => void)[] = [];
  lost = 0;

  private constructor(
    readonly lease: Lease,
    readonly postgres: Postgres,
  ) {}

  static async start(settings: PostgresSettings, node: string, pace: Pace): Promise<Node> {
    const postgres = await Postgres.open({ ...settings, applicationName: node });
    const started = new Node(await Lease.open({ postgres, node, logger, ...LIVELY, ...pace }), postgres);
    started.lease.campaign(async (fence, lost) => {
      started.led.push(fence);
      for (const tell of started.waiting.splice(0)) tell();
      if (!lost.aborted) await once(lost, 'abort');
      started.lost++;
    });
    return started;
  }

  async leading(times = 1): Promise<Fence> {
    while (this.led.length < times) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.led[times - 1];
  }

  async stop(): Promise<void> {
    await this.lease.close();
    await this.postgres.close();
  }
}

describe('the lease', () => {
  let settings: PostgresSettings;
  let postgres: Postgres;
  const nodes: Node[] = [];
  const opened: Postgres[] = [];
  const start = async (name: string, pace: Pace = {}): Promise<Node> => {
    const node = await Node.start(settings, name, pace);
    nodes.push(node);
    return node;
  };
  beforeEach(async () => {
    settings = freshSchema();
    postgres = await Postgres.open(settings);
  });
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()));
    await Promise.all(opened.splice(0).map((each) => each.close()));
    await postgres.close();
    await dropSchema(settings);
  });

  const holds = (fence: Fence): Promise<void> => postgres.transaction((session) => assertHolds(session, fence));

  it('is held by one node, and by the next when that one closes; every holder has a higher epoch', async () => {
    const first = await start('first');
    expect(await first.leading()).toEqual({ lease: 'work', epoch: 1 });
    const second = await start('second');
    expect(await second.lease.holder()).toEqual({ node: 'first', epoch: 1 });
    expect(second.led).toEqual([]);
    await first.stop();
    nodes.shift();
    expect((await second.leading()).epoch).toBe(2);
    expect(second.lease.fence).toEqual({ lease: 'work', epoch: 2 });
    await expect(holds({ lease: 'work', epoch: 1 })).rejects.toBeInstanceOf(LeaseLost);
    await holds({ lease: 'work', epoch: 2 });
  });

  it('is taken over when the holder’s connection ends; the former holder is told and leads again later', async () => {
    const first = await start('first');
    await first.leading();
    await postgres.query(`SELECT pg_terminate_backend(backend) FROM lease_beat`);
    await first.leading(2);
    expect(first.lost).toBe(1);
    expect(first.led.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  it('is taken from a holder that gives no sign of life, which then cannot write', async () => {
    const hanging = await start('hanging', NO_SIGN_OF_LIFE);
    const { epoch } = await hanging.leading();
    const next = await start('next', SOON_IMPATIENT);
    expect((await next.leading()).epoch).toBe(epoch + 1);
    await expect(holds({ lease: 'work', epoch })).rejects.toBeInstanceOf(LeaseLost);
  });

  it('is taken from a node that stands still as soon as it has it', async () => {
    const own = await Postgres.open(settings);
    opened.push(own);
    const stopped = Object.assign(Object.create(own) as Postgres, {
      connection: async (name: string) => {
        const connection = await own.connection(name);
        const query = connection.query.bind(connection) as (given: { text: string }) => Promise<unknown>;
        const asked = (given: { text: string }): Promise<unknown> =>
          given.text.includes('INTO lease (') ? new Promise(() => undefined) : query(given);
        return Object.assign(connection, { query: asked });
      },
    });
    const lease = await Lease.open({ postgres: stopped, node: 'stopped', logger, beatMs: 20, staleMs: 500 });
    lease.campaign(() => Promise.reject(new Error('it does not come to this')));
    const held = (): Promise<object[]> =>
      postgres.query(
        'SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = $1 AND application_name = $2',
        ['advisory', 'stopped lease'],
      );
    await until(async () => (await held()).length > 0);
    const next = await start('next', SOON_IMPATIENT);
    expect((await next.leading()).epoch).toBe(1);
  });

  it('is held once by a command, when no node runs', async () => {
    const command = (pace: Pace = { staleMs: 2000 }): Promise<Lease> =>
      Lease.open({ postgres, node: 'command', logger, ...LIVELY, ...pace });
    const work = async (fence: Fence): Promise<number> => (await holds(fence), fence.epoch);
    expect(await (await command()).once(work)).toBe(1);
    await expect((await command()).once(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    const node = await start('node');
    expect((await node.leading()).epoch).toBe(3);
    await expect((await command()).once(work)).rejects.toMatchObject({ code: 'lease.held' });
    expect(node.lost).toBe(0);
    await node.stop();
    nodes.pop();
    let worked = false;
    await postgres.transaction(async (session) => {
      await session.query('SELECT 1 FROM lease FOR UPDATE'); // a batch that goes on for longer than the command waits
      const late = (await command({ staleMs: 200 })).once(async () => (worked = true));
      const refused = expect(late).rejects.toMatchObject({ code: 'lease.held' });
      await sleep(600);
      await session.query('ROLLBACK');
      await refused;
    });
    expect(worked).toBe(false);
  });

  /** Resolves when the first node runs this statement, or has run it last. */
  const asked = async (statement: string): Promise<void> => {
    const found = 'SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND query = $2';
    await until(async () => (await postgres.query(found, ['first', statement])).length > 0);
  };

  it.each([
    ['is slow on the server', LONG],
    ['stands still', 'SELECT 1'],
  ])('is taken before a batch of the holder before ends that %s: nothing of it is written', async (_, last) => {
    await postgres.query('CREATE TABLE written (what text)');
    const first = await start('first', NO_SIGN_OF_LIFE);
    const fence = await first.leading();
    const resumed = new AbortController();
    const batch = first.postgres.transaction(async (session) => {
      await assertHolds(session, fence);
      await session.query(`INSERT INTO written VALUES ('half')`);
      await session.query(last);
      await once(resumed.signal, 'abort');
      await session.query(`INSERT INTO written VALUES ('whole')`);
    });
    const ended = expect(batch).rejects.toMatchObject({ code: 'postgres.unavailable' });
    await asked(last);
    const next = await start('next', SOON_IMPATIENT);
    expect((await next.leading()).epoch).toBe(fence.epoch + 1);
    resumed.abort();
    await ended;
    await expect(holds(fence)).rejects.toMatchObject({ code: 'lease.lost' });
    expect(await postgres.query('SELECT * FROM written')).toEqual([]);
    await holds(await next.leading());
  });

  it('ends statements that a holder before left behind, begins none for it, and lets those of others be', async () => {
    const elsewhere = freshSchema();
    const stranger = await Postgres.open(elsewhere);
    opened.push(stranger);
    const other = await Lease.open({ postgres: stranger, node: 'stranger', logger, ...LIVELY });
    const led = other.once(async (fence) => {
      await stranger.transaction(async (session) => {
        await assertHolds(session, fence);
        const first = await start('first', NO_SIGN_OF_LIFE);
        const late = await first.leading();
        const longWork = (statement: string): Promise<void> =>
          first.postgres.session((own) => whileHeld(own, late, statement), { longWork: true });
        await longWork('SELECT 1');
        const left = expect(longWork(LONG)).rejects.toMatchObject(ENDED);
        await asked(LONG);
        const next = await start('next', SOON_IMPATIENT);
        await next.leading();
        await left;
        await expect(longWork(LONG)).rejects.toBeInstanceOf(LeaseLost);
        const locks = await postgres.query(
          `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 'lease'::regclass`,
        );
        expect(locks).toEqual([]);
      });
    });
    await led;
    await dropSchema(elsewhere);
  });
});
