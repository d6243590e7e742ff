import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { Client, Pool, types, type ClientConfig, type PoolClient, type QueryConfig } from 'pg';
import { Failure } from '../../kernel/errors';

/** Where rows, keys, accounts and log are kept, and by whom. */
export interface PostgresSettings {
  /** `postgres://user:password@host:5432/database?sslmode=verify-full…`. Never logged. */
  readonly url: string;
  /** Everything of this ledger is in one schema; made when it is missing. */
  readonly schema: string;
  /** As the server lists its connections: which node, and what for. */
  readonly applicationName?: string;
  readonly maxConnections?: number;
}

/** Values that a statement takes: text, numbers, bytes, null, and arrays of them. */
export type Parameter = string | number | boolean | Buffer | null | readonly Parameter[];

/** Something that runs statements: the pool, each on any connection, or one session. */
export interface Session {
  query<R extends object>(sql: string, parameters?: readonly Parameter[]): Promise<R[]>;
}

const MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5000;
/** Longest wait for an answer: a server that stalls must not hold requests for ever. Long work runs in a session without it. */
const QUERY_TIMEOUT_MS = 30_000;
/** Whoever asks how the database is has no longer. */
const TROUBLE_MS = 1500;
const KEEP_ALIVE_AFTER_MS = 5000;
/** A server that stands still does not take leave either. */
const GOODBYE_MS = 1000;
/** What a role or a database may have set otherwise: acknowledged is durable, long work is not cut off, nobody who stands still keeps its locks. */
const SERVER_SETTINGS = {
  client_min_messages: 'warning',
  synchronous_commit: 'on',
  default_transaction_isolation: 'read\\ committed',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '60s',
};
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,40}$/;
const INT8 = 20;

/** Positions stay below 2^53, so whole numbers of eight bytes come as numbers. */
const numbers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : (types.getTypeParser(oid, format as 'text') as (value: string) => unknown),
} as ClientConfig['types'];

/** One PostgreSQL database as every room of the ledger uses it: statements, transactions, notifications, migrations. */
export class Postgres {
  /** Connections of the pool, until they have ended. */
  private readonly clients = new Set<PoolClient>();
  /** When a statement was answered last, by the monotonic clock in ms. */
  private answeredAt = -Infinity;
  private asking: Promise<unknown> | undefined;
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly pool: Pool,
    private readonly config: ClientConfig,
    readonly schema: string,
  ) {
    pool.on('connect', (client) => {
      this.clients.add(client);
      // Handed from one to the next, it has no listener for a moment; the server's goodbye in that moment would end the process.
      client.on('error', () => undefined);
    });
    pool.on('remove', (client) => this.clients.delete(client));
  }

  /** @throws Failure `postgres.unavailable`, `postgres.bad_schema`, `postgres.bad_url` */
  static async open(settings: PostgresSettings): Promise<Postgres> {
    const { url, schema, applicationName = 'mingjing', maxConnections = MAX_CONNECTIONS } = settings;
    if (!SCHEMA_NAME.test(schema)) throw badSchema();
    if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) throw badUrl();
    const { own, options } = withoutOptions(url);
    const config: ClientConfig = {
      connectionString: own,
      application_name: applicationName.slice(0, 63),
      options: [
        options,
        ...Object.entries({ search_path: schema, ...SERVER_SETTINGS }).map((each) => `-c ${each.join('=')}`),
      ].join(' '),
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
      types: numbers,
    };
    const pool = new Pool({ ...config, max: maxConnections });
    pool.on('error', () => undefined); // an idle connection that breaks is replaced by the next use
    const postgres = new Postgres(pool, config, schema);
    try {
      // Asked first: to make one, be it there or not, takes the right to make schemas.
      const [{ there }] = await postgres.query<{ there: boolean }>('SELECT to_regnamespace($1) IS NOT NULL AS there', [
        schema,
      ]);
      if (!there) await postgres.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
      return postgres;
    } catch (error) {
      if (code(error) === UNIQUE_VIOLATION) return postgres; // two nodes that start together
      await pool.end();
      throw error;
    }
  }

  /** One statement on any connection, committed by itself. @throws Failure `postgres.unavailable`, and what the statement is to blame for as it is */
  async query<R extends object>(sql: string, parameters: readonly Parameter[] = []): Promise<R[]> {
    try {
      return this.answered(await this.pool.query<R>(sql, parameters as unknown[])).rows;
    } catch (error) {
      throw told(error);
    }
  }

  /**
   * Why the database does not answer; undefined while it does. It is asked now, and given 1.5 s. A pool of which every connection is busy is none
   * that is away: an answer to anybody counts.
   */
  async trouble(): Promise<Failure | undefined> {
    const asked = performance.now();
    const question = { text: 'SELECT 1', query_timeout: TROUBLE_MS } as QueryConfig;
    this.asking ??= this.pool
      .query(question)
      .then((result) => void this.answered(result), told)
      .finally(() => (this.asking = undefined));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<unknown>((resolve) => (timer = setTimeout(() => resolve(noAnswer()), TROUBLE_MS)));
    const failure = await Promise.race([this.asking, late]).finally(() => clearTimeout(timer));
    if (!failure || this.answeredAt > asked) return undefined;
    return failure instanceof Failure ? failure : unavailable(code(failure), failure);
  }

  private answered<T>(result: T): T {
    this.answeredAt = performance.now();
    return result;
  }

  /** Statements of one transaction: all or none. When its commit is not answered, it is not known which: `postgres.unavailable`. */
  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.session(async (session) => {
      await session.query('BEGIN');
      try {
        const result = await work(session);
        await session.query('COMMIT');
        return result;
      } catch (error) {
        // A connection that failed is thrown away, and the transaction with it.
        if (!isUnavailable(error)) await session.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /** Statements of one connection. After a failure of the connection it is thrown away. `longWork`: no bound on the wait for an answer. */
  async session<T>(
    work: (session: Session) => Promise<T>,
    { longWork = false }: { readonly longWork?: boolean } = {},
  ): Promise<T> {
    const { client, failed, release } = await this.taken();
    try {
      return await work(this.sessionOn(client, longWork));
    } catch (error) {
      failed(error);
      throw error;
    } finally {
      release();
    }
  }

  /** The pool as kysely's `PostgresDialect` takes one. Ending it leaves the connections to `close`. */
  kyselyPool(): PostgresPool {
    const connect = async (): Promise<PostgresPoolClient> => {
      const { client, failed, release } = await this.taken();
      const query = async (sql: string, parameters: readonly unknown[]): Promise<unknown> => {
        try {
          return this.answered(await client.query(sql, parameters as unknown[]));
        } catch (cause) {
          const error = told(cause);
          failed(error);
          throw error;
        }
      };
      return { query: query as PostgresPoolClient['query'], release };
    };
    return { connect, end: async () => undefined };
  }

  /** A connection of the pool. `failed` tells of an error: after one of the connection, `release` throws it away. */
  private async taken(): Promise<{ client: PoolClient; failed(error: unknown): void; release(): void }> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw told(error);
    });
    let broken = false;
    const breaks = (): void => void (broken = true);
    client.on('error', breaks); // without a listener the end of the server would be the end of the process
    return {
      client,
      failed: (error) => void (broken ||= isUnavailable(error)),
      release: () => {
        client.off('error', breaks);
        client.release(broken);
      },
    };
  }

  /** A connection of its own, outside the pool, for what lives as long as a connection: locks and notifications. `hangUp` ends it. */
  async connection(applicationName: string): Promise<Client> {
    const client = new Client({ ...this.config, application_name: applicationName.slice(0, 63) });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      throw told(error);
    }
  }

  /**
   * Brings a room's tables from the version that the database has to the newest; `migrations[v]` leads from v to v + 1 and is never edited
   * once released. Nodes that start together take turns.
   */
  async migrate(room: string, migrations: readonly string[]): Promise<void> {
    await this.transaction(async (session) => {
      await session.query(`SELECT pg_advisory_xact_lock(hashtext($1))`, [`${this.schema} migrations`]);
      await session.query('CREATE TABLE IF NOT EXISTS room_version (room text PRIMARY KEY, version integer NOT NULL)');
      const [found] = await session.query<{ version: number }>('SELECT version FROM room_version WHERE room = $1', [
        room,
      ]);
      const version = found?.version ?? 0;
      if (version > migrations.length) throw newer(room);
      for (const migration of migrations.slice(version)) await session.query(migration);
      await session.query(
        'INSERT INTO room_version VALUES ($1, $2) ON CONFLICT (room) DO UPDATE SET version = excluded.version',
        [room, migrations.length],
      );
    });
  }

  private sessionOn(client: PoolClient, longWork: boolean): Session {
    const query = async <R extends object>(text: string, values: readonly Parameter[] = []): Promise<R[]> => {
      const asked = { text, values: values as unknown[], ...(longWork && { query_timeout: 0 }) } as QueryConfig;
      try {
        return this.answered(await client.query<R>(asked)).rows;
      } catch (error) {
        throw told(error);
      }
    };
    return { query };
  }

  /** Connections of the pool, and requests that wait for one. */
  usage(): { readonly idle: number; readonly busy: number; readonly waiting: number } {
    const { idleCount: idle, totalCount, waitingCount: waiting } = this.pool;
    return { idle, busy: totalCount - idle, waiting };
  }

  /** Closing again is the same closing, as with a file. */
  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private async end(): Promise<void> {
    await this.pool.end();
    // The pool does not wait for the goodbye; what is left of it would keep the process alive.
    setTimeout(() => this.clients.forEach(cut), GOODBYE_MS).unref();
  }
}

/** Ends a connection of its own; one whose server does not take leave is cut off. */
export async function hangUp(connection: Client): Promise<void> {
  const late = setTimeout(() => cut(connection), GOODBYE_MS);
  await connection.end().catch(() => undefined);
  clearTimeout(late);
}

const cut = (client: Client): void => void client.connection.stream.destroy();

/** The driver lets what stands in the address take the place of ours, and with it the schema. */
function withoutOptions(url: string): { readonly own: string; readonly options: string } {
  const address = new URL(url);
  const options = address.searchParams.get('options');
  if (options === null) return { own: url, options: '' };
  address.searchParams.delete('options');
  return { own: address.href, options };
}

const UNIQUE_VIOLATION = '23505';
/**
 * SQLSTATE classes of a server that cannot serve now: connection, a standby that takes no writes, deadlock and the like, resources, shutting
 * down or cancelled, I/O; and a session that was ended. The transaction has done nothing.
 */
const AWAY = /^(08|25006|40|53|57|58)/;
/** No such user, password, database or right to connect. */
const REFUSED = /^(28|3D)/;
const NETWORK = /^(E[A-Z]+)$/;

/** The SQLSTATE or the name of the system's error; '' for another error. */
export const code = (error: unknown): string => {
  const found = (error as { code?: unknown } | undefined)?.code;
  return typeof found === 'string' ? found : '';
};

/** Whether it is the server or the way to it that failed, not the statement: to be tried again. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof Failure && error.code === 'postgres.unavailable';

/** What the driver throws: trouble with the server as a `Failure`, everything else as it is. */
export function told(error: unknown): unknown {
  if (error instanceof Failure) return error;
  const reason = code(error);
  const away =
    AWAY.test(reason) ||
    NETWORK.test(reason) ||
    (error instanceof Error && /^(Connection terminated|Query read timeout|timeout e|Client )/i.test(error.message));
  if (away) return unavailable(reason, error);
  return REFUSED.test(reason) ? refused(reason, error) : error;
}

function unavailable(reason: string, cause: unknown): Failure {
  const failure = new Failure('unavailable', 'postgres.unavailable', {
    zh: `数据库 PostgreSQL 暂不可用${reason && `（${reason}）`}，请稍后重试。`,
    en: `The database (PostgreSQL) is not available${reason && ` (${reason})`}; try again shortly.`,
    retryAfterS: 2,
  });
  failure.cause = cause;
  return failure;
}

const noAnswer = (): Failure => unavailable('ETIMEDOUT', undefined);

const badSchema = (): Failure =>
  new Failure('invalid', 'postgres.bad_schema', {
    zh: '数据库模式名称只能含小写字母、数字和下划线，以字母或下划线开头，最长 41 个字符。',
    en: 'The schema’s name has lower-case letters, digits and underscores, begins with no digit, and is at most 41 characters long.',
    field: 'MINGJING_POSTGRES_SCHEMA',
  });

function refused(reason: string, cause: unknown): Failure {
  const failure = new Failure('invalid', 'postgres.refused', {
    zh: `PostgreSQL 拒绝连接（${reason}）：请核对 MINGJING_POSTGRES 中的用户、密码和数据库。`,
    en: `PostgreSQL refuses the connection (${reason}): look at user, password and database in MINGJING_POSTGRES.`,
    field: 'MINGJING_POSTGRES',
  });
  failure.cause = cause;
  return failure;
}

const badUrl = (): Failure =>
  new Failure('invalid', 'postgres.bad_url', {
    zh: 'MINGJING_POSTGRES 应为 postgres://用户:密码@主机:端口/数据库。',
    en: 'MINGJING_POSTGRES is a postgres://user:password@host:port/database.',
    field: 'MINGJING_POSTGRES',
  });

const newer = (room: string): Failure =>
  new Failure('unavailable', 'postgres.newer_schema', {
    zh: `数据库中“${room}”的表由更新版本的程序建立；请升级本节点。`,
    en: `The tables of “${room}” were made by a newer version of the program; upgrade this node.`,
  });
