import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, QueryConfig } from 'pg';
import { Failure } from '../../kernel/errors';
import { code, hangUp, told, Postgres, type Session, type PostgresSettings } from './postgres';

/**
 * The right to write what only one node may write (rows, public log), with a number that grows with every holder (栅栏号). Plain data, so
 * that a thread can be given it.
 */
export interface Fence {
  readonly lease: string;
  readonly epoch: number;
}

/** Another node holds the lease now: this one has written nothing and must stop. */
export class LeaseLost extends Failure {
  constructor() {
    super('unavailable', 'lease.lost', {
      zh: '本节点已不再持有写入租约。',
      en: 'Another node holds the lease now; this one has stopped writing.',
    });
    this.name = 'LeaseLost';
  }
}

/** What is held by whatever runs under a lease, for the next holder to find: nobody ever waits for it. */
const WORK_LOCK = `'lease'::regclass::oid::integer, hashtext($1)`;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * To be asked in the transaction of every batch: whether the lease is still this holder's. Until that transaction ends nobody else can take it,
 * so a batch of a former holder is either before the next holder or not at all. The next one ends its connection.
 * @throws LeaseLost
 */
export async function assertHolds(session: Session, { lease, epoch }: Fence): Promise<void> {
  const held = await session.query(
    `SELECT pg_advisory_xact_lock_shared(${WORK_LOCK}) FROM lease WHERE name = $1 AND epoch = $2 FOR SHARE`,
    [lease, epoch],
  );
  if (held.length === 0) throw new LeaseLost();
}

/**
 * A statement that takes long, changes nothing that anybody can see and is no part of a transaction, such as VACUUM. It keeps nobody from taking
 * the lease; the next holder ends its connection.
 * @throws LeaseLost
 */
export async function whileHeld(session: Session, { lease, epoch }: Fence, statement: string): Promise<void> {
  await session.query(`SELECT pg_advisory_lock_shared(${WORK_LOCK})`, [lease]);
  try {
    // Asked after the lock is held: whoever has raised the epoch since looks for the lock.
    const held = await session.query('SELECT 1 FROM lease WHERE name = $1 AND epoch = $2', [lease, epoch]);
    if (held.length === 0) throw new LeaseLost();
    await session.query(statement);
  } finally {
    // Where this fails, the lock has ended with its connection.
    await session.query(`SELECT pg_advisory_unlock_shared(${WORK_LOCK})`, [lease]).catch(() => undefined);
  }
}

const MIGRATIONS = [
  `
  CREATE TABLE lease (name text PRIMARY KEY, epoch bigint NOT NULL, holder text NOT NULL);
  -- apart from the epoch, which every batch locks for as long as it takes
  CREATE TABLE lease_beat (name text PRIMARY KEY, epoch bigint NOT NULL, backend integer NOT NULL, at timestamptz NOT NULL);
  `,
];

export interface LeaseOptions {
  readonly postgres: Postgres;
  /** Name of this node, as others are told. */
  readonly node: string;
  readonly name?: string;
  readonly logger: { info(fields: object, text: string): void; warn(fields: object, text: string): void };
  /** Between two signs of life of the holder, and between two looks of the others. In ms. */
  readonly beatMs?: number;
  /** A holder that has given no sign of life for so long has its connection ended. In ms, by the database's clock. */
  readonly staleMs?: number;
}

/** Work that is done while the lease is held: it begins, waits for the signal (whose reason is a `LeaseLost` when it was lost), ends what it began, and resolves. */
export type Leading = (fence: Fence, lost: AbortSignal) => Promise<void>;

const BEAT_MS = 500;
const STALE_MS = 4000;
/** Longest wait for a batch that has begun while those before it were ended. */
const BATCH_MS = 1000;
/** A node that has just got the lock is taken for gone so much later. */
const TAKING_MS = 4000;
const RETRY_MS = 1000;

/**
 * One node among several does the work that only one may do (租约). Who holds it has an advisory lock of PostgreSQL, which ends with its connection:
 * a node that is killed or restarted is followed at once. One that hangs or is cut off keeps its connection but gives no sign of
 * life; the others end that connection, and the statements that it left behind. Neither makes anything safe by itself: the fence does (`assertHolds`), in every transaction.
 */
export class Lease {
  private held: Fence | undefined;
  private readonly closing = new AbortController();
  private campaigning: Promise<void> = Promise.resolve();
  private readonly name: string;
  private readonly beatMs: number;
  private readonly staleMs: number;

  private constructor(private readonly options: LeaseOptions) {
    this.name = options.name ?? 'work';
    this.beatMs = options.beatMs ?? BEAT_MS;
    this.staleMs = options.staleMs ?? STALE_MS;
  }

  static async open(options: LeaseOptions): Promise<Lease> {
    await options.postgres.migrate('lease', MIGRATIONS);
    return new Lease(options);
  }

  /** Takes the lease whenever it is free, and does the work while it lasts; until it is closed. To be called once. */
  campaign(work: Leading): void {
    this.campaigning = this.run(work);
  }

  /**
   * Holds the lease for one piece of work, of a command that runs while no node does, and closes.
   * @throws Failure `lease.held` when a node has it, and what the work throws
   */
  async once<T>(work: (fence: Fence, lost: AbortSignal) => Promise<T>): Promise<T> {
    let begun = false;
    const done = new Promise<T>((resolve, reject) => {
      this.campaign(async (fence, lost) => {
        begun = true;
        await work(fence, lost).then(resolve, reject);
        this.closing.abort();
      });
      const giveUp = (): void => {
        if (begun) return;
        this.closing.abort(); // or the work would still be done when the lease comes late
        reject(held());
      };
      setTimeout(giveUp, this.staleMs * 2).unref();
    });
    try {
      return await done;
    } finally {
      await this.close();
    }
  }

  /** The fence while this node leads. */
  get fence(): Fence | undefined {
    return this.held;
  }

  /** Which node held the lease last, and its epoch; undefined before the first. */
  async holder(): Promise<{ readonly node: string; readonly epoch: number } | undefined> {
    const [found] = await this.options.postgres.query<{ node: string; epoch: number }>(
      'SELECT holder AS node, epoch FROM lease WHERE name = $1',
      [this.name],
    );
    return found;
  }

  /** Ends the work and lets the next node in. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.campaigning;
  }

  private async run(work: Leading): Promise<void> {
    const { logger, node } = this.options;
    const { signal } = this.closing;
    let said = '';
    while (!signal.aborted) {
      let connection: Client | undefined;
      try {
        connection = await this.options.postgres.connection(`${node} lease`);
        const fence = await this.take(connection);
        if (!fence || signal.aborted) return;
        this.held = fence;
        said = '';
        logger.info({ epoch: fence.epoch }, 'this node leads');
        await this.lead(connection, fence, work);
      } catch (error) {
        const reason = error instanceof Failure ? error.code : (error as Error).name;
        if (reason !== said) logger.warn({ reason }, 'the lease was not held'); // not every second of an outage
        said = reason;
      } finally {
        this.held = undefined;
        if (connection) await hangUp(connection);
      }
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Waits until the lease is free; undefined when this node closes meanwhile. */
  private async take(connection: Client): Promise<Fence | undefined> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      // One statement: a node that stands still from here on has given a sign of life, which grows old.
      const locked = await ask(
        connection,
        `INSERT INTO lease_beat (name, epoch, backend, at)
         SELECT $1, 0, pg_backend_pid(), clock_timestamp() + $3 * interval '1 millisecond'
         WHERE pg_try_advisory_lock(hashtext($2))
         ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, backend = excluded.backend, at = excluded.at RETURNING name`,
        [this.name, this.lockName, TAKING_MS],
      );
      if (locked.length > 0) return this.begin(connection);
      if (await this.endStale(connection)) continue;
      await sleep(this.beatMs, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }

  /** Raises the epoch, and ends what the holder before has left running; undefined when this node closes meanwhile. */
  private async begin(connection: Client): Promise<Fence | undefined> {
    await ask(connection, `SELECT set_config('lock_timeout', $1, false)`, [String(BATCH_MS)]);
    while (!this.closing.signal.aborted) {
      await this.endWork(connection);
      const epoch = await this.raise(connection);
      if (epoch === undefined) continue;
      await this.endWork(connection); // what began in between, and asked for the epoch that was
      return { lease: this.name, epoch };
    }
    return undefined;
  }

  /** The new epoch; undefined when a batch of the holder before kept it for too long. */
  private async raise(connection: Client): Promise<number | undefined> {
    try {
      const [{ epoch }] = await ask<{ epoch: number }>(
        connection,
        `WITH taken AS (
           INSERT INTO lease (name, epoch, holder) VALUES ($1, 1, $2)
           ON CONFLICT (name) DO UPDATE SET epoch = lease.epoch + 1, holder = excluded.holder RETURNING epoch)
         UPDATE lease_beat SET epoch = taken.epoch, at = clock_timestamp() FROM taken WHERE name = $1 RETURNING taken.epoch`,
        [this.name, this.options.node],
      );
      return epoch;
    } catch (error) {
      if (code(error) === LOCK_NOT_AVAILABLE) return undefined;
      throw error;
    }
  }

  /**
   * Ends the connections on which anything runs under the lease: of holders before, for this one has not begun. What was not committed is not
   * there. One that has committed and waits for a standby is left alone: its commit stands, and ours would wait as well.
   */
  private async endWork(connection: Client): Promise<void> {
    const ended = await ask(
      connection,
      `SELECT pg_terminate_backend(pid)
       FROM pg_locks JOIN pg_stat_activity USING (pid)
       WHERE datname = current_database() AND usename = current_user
         AND locktype = 'advisory' AND classid = 'lease'::regclass AND objid = hashtext($1)::oid AND objsubid = 2
         AND wait_event IS DISTINCT FROM 'SyncRep'`,
      [this.name],
    );
    if (ended.length > 0) {
      this.options.logger.warn({ connections: ended.length }, 'work of the node that led before was ended');
    }
  }

  /** Gives signs of life until one is not answered in time, another holds the lease, the work ends or this node closes. */
  private async lead(connection: Client, fence: Fence, work: Leading): Promise<void> {
    const lost = new AbortController();
    const lose = (): void => lost.abort(new LeaseLost());
    const giveUp = (): void => lost.abort();
    connection.once('end', lose);
    this.closing.signal.addEventListener('abort', giveUp, { once: true });
    if (this.closing.signal.aborted) giveUp();
    const done = new AbortController();
    const working = work(fence, lost.signal).finally(() => done.abort());
    working.catch(() => undefined); // it is awaited below
    try {
      // Also while the work ends in good order: until then nobody else is to begin.
      while (!done.signal.aborted && !(lost.signal.reason instanceof LeaseLost)) {
        await sleep(this.beatMs, undefined, { signal: done.signal }).catch(() => undefined);
        if (done.signal.aborted) break;
        const beaten = await ask(
          connection,
          'UPDATE lease_beat SET at = clock_timestamp() WHERE name = $1 AND epoch = $2 RETURNING epoch',
          [fence.lease, fence.epoch],
          this.staleMs / 2,
        );
        if (beaten.length === 0) throw new LeaseLost();
      }
    } finally {
      lose(); // a sign of life was not answered, or another holds it; when the work is done it changes nothing
      this.closing.signal.removeEventListener('abort', giveUp);
      this.held = undefined;
      await working;
    }
  }

  /** Whether the lease of a holder that gives no sign of life was ended. */
  private async endStale(connection: Client): Promise<boolean> {
    const ended = await ask(
      connection,
      `SELECT pg_terminate_backend(backend, $4) FROM lease_beat
       WHERE name = $1 AND at < clock_timestamp() - $2 * interval '1 millisecond'
         AND EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database
           WHERE datname = current_database() AND locktype = 'advisory' AND objsubid = 1
             AND objid::bigint = hashtext($3)::bigint & 4294967295 AND pid = backend AND granted)`,
      [this.name, this.staleMs, this.lockName, this.beatMs],
    );
    if (ended.length === 0) return false;
    this.options.logger.warn({}, 'the node that leads gives no sign of life: its lease was ended');
    return true;
  }

  private get lockName(): string {
    return `${this.options.postgres.schema} lease ${this.name}`;
  }
}

const SILENT = { info: () => undefined, warn: () => undefined };

/**
 * Work of a command that no node may do meanwhile, on connections of its own, under the lease.
 * @param command as others are told who has the lease, such as `mingjing rebuild`
 * @throws Failure `lease.held` when a node has it, and what the work throws
 */
export async function whileNobodyLeads<T>(
  settings: PostgresSettings,
  command: string,
  work: (fence: Fence, postgres: Postgres) => Promise<T>,
): Promise<T> {
  const postgres = await Postgres.open({ ...settings, applicationName: command });
  try {
    const lease = await Lease.open({ postgres, node: command, logger: SILENT });
    return await lease.once((fence) => work(fence, postgres));
  } finally {
    await postgres.close();
  }
}

const held = (): Failure =>
  new Failure('conflict', 'lease.held', {
    zh: '有节点正在运行并持有写入租约；请先停止全部节点。',
    en: 'A node is running and holds the lease; stop all nodes first.',
  });

async function ask<R extends object>(
  connection: Client,
  text: string,
  values: readonly unknown[],
  timeoutMs = STALE_MS,
): Promise<R[]> {
  try {
    return (await connection.query<R>({ text, values: [...values], query_timeout: timeoutMs } as QueryConfig)).rows;
  } catch (error) {
    throw told(error);
  }
}
