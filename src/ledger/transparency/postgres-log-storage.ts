import { assertHolds, type Fence } from '../postgres/lease';
import { Postgres, type PostgresSettings, type Session } from '../postgres/postgres';
import { Fenced, keptTiles, LogCorrupt, logReadOnly, LogStorage, type LogObject, type Published } from './log-storage';
import { parseTilePath, TILE_WIDTH } from './tile-path';

export interface PostgresLogOptions {
  /** Reads beside the writer: refuses to write. */
  readonly readOnly?: boolean;
  /** Asked in every transaction that writes; without one somebody else sees to it that there is one writer. */
  readonly fence?: Fence;
}

/** One statement at a time, and readers beside it. */
const MAX_CONNECTIONS = 2;

/** Tables of the log. Paths and notes are compared by their bytes. Hashes do not compress, so nobody tries. */
const MIGRATIONS = [
  `
  CREATE TABLE log_object (path text COLLATE "C" PRIMARY KEY, bytes bytea NOT NULL);
  ALTER TABLE log_object ALTER COLUMN bytes SET STORAGE EXTERNAL;
  -- signed, checkpoint, vkey
  CREATE TABLE log_text (name text COLLATE "C" PRIMARY KEY, content text COLLATE "C" NOT NULL);
  CREATE TABLE log_published (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    size bigint NOT NULL, -- never below the one before
    note text COLLATE "C" NOT NULL
  );
  CREATE INDEX log_published_size ON log_published (size, id);
  `,
];

/**
 * The log as objects in PostgreSQL, for several application nodes: any of them reads, the one that leads writes.
 *
 * Each method that writes is one transaction, committed durably whatever the database's default, and begins by asking whether the
 * lease is still held. A commit that was not answered has happened or not: the sealer is started again and finds out, as after a crash.
 */
export class PostgresLogStorage extends LogStorage {
  private readonly fullTiles = keptTiles();

  private constructor(
    private readonly postgres: Postgres,
    private readonly options: PostgresLogOptions,
    private readonly ownsConnections: boolean,
  ) {
    super();
  }

  /** On connections of its own. @throws Failure `postgres.unavailable` */
  static async open(settings: PostgresSettings, options: PostgresLogOptions = {}): Promise<PostgresLogStorage> {
    const postgres = await openLogDatabase(settings);
    return new PostgresLogStorage(postgres, options, true);
  }

  /** On connections that others use too, and close. @throws Failure `postgres.unavailable` */
  static async on(postgres: Postgres, options: PostgresLogOptions = {}): Promise<PostgresLogStorage> {
    await postgres.migrate('log', MIGRATIONS);
    return new PostgresLogStorage(postgres, options, false);
  }

  async read(path: string): Promise<Buffer | undefined> {
    if (path === 'checkpoint' || path === 'vkey') {
      const text = await this.text(path);
      return text === undefined ? undefined : Buffer.from(text);
    }
    const address = parseTilePath(path);
    if (!address) return undefined;
    const cached = this.fullTiles.get(path);
    if (cached) return cached;
    const [found] = await this.postgres.query<{ bytes: Buffer }>('SELECT bytes FROM log_object WHERE path = $1', [
      path,
    ]);
    // The writer reads what it compares with, and must not compare with its memory.
    if (found && this.options.readOnly && address.width === TILE_WIDTH) this.fullTiles.set(path, found.bytes);
    return found?.bytes;
  }

  async list(folder: string): Promise<string[]> {
    const found = await this.postgres.query<{ path: string }>(
      `SELECT path FROM log_object WHERE ${IN_FOLDER('$1::text')}`,
      [folder],
    );
    return found.map(({ path }) => path.slice(folder.length + 1)).filter((name) => !name.includes('/'));
  }

  async write(objects: readonly LogObject[]): Promise<void> {
    if (objects.length === 0) return;
    const given = [objects.map(({ path }) => path), objects.map(({ bytes }) => Buffer.from(bytes))];
    await this.writing(async (session) => {
      await session.query(
        'INSERT INTO log_object SELECT * FROM unnest($1::text[], $2::bytea[]) ON CONFLICT (path) DO NOTHING',
        given,
      );
      const [other] = await session.query<{ path: string }>(
        `SELECT path FROM log_object JOIN unnest($1::text[], $2::bytea[]) AS given (path, bytes) USING (path)
         WHERE log_object.bytes <> given.bytes ORDER BY path COLLATE "C" LIMIT 1`,
        given,
      );
      if (other) throw new LogCorrupt(other.path, 'other bytes are stored than the events give');
    });
  }

  async remove(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    await this.writing((session) =>
      session.query(
        `DELETE FROM log_object USING unnest($1::text[]) AS gone WHERE path = gone OR (${IN_FOLDER('gone')})`,
        [paths],
      ),
    );
  }

  signed(): Promise<string | undefined> {
    return this.text('signed');
  }

  async fence(before: string | undefined, next: string): Promise<void> {
    const replaced = await this.writing((session) =>
      before === undefined
        ? session.query(`INSERT INTO log_text VALUES ('signed', $1) ON CONFLICT (name) DO NOTHING RETURNING name`, [
            next,
          ])
        : session.query(`UPDATE log_text SET content = $2 WHERE name = 'signed' AND content = $1 RETURNING name`, [
            before,
            next,
          ]),
    );
    if (replaced.length === 0) throw new Fenced();
  }

  async publish(text: string, as: Published = 'checkpoint'): Promise<void> {
    await this.writing((session) =>
      session.query(
        'INSERT INTO log_text VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET content = excluded.content',
        [as, text],
      ),
    );
  }

  async close(): Promise<void> {
    if (this.ownsConnections) await this.postgres.close();
  }

  private async text(name: string): Promise<string | undefined> {
    const [found] = await this.postgres.query<{ content: string }>('SELECT content FROM log_text WHERE name = $1', [
      name,
    ]);
    return found?.content;
  }

  private async writing<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { readOnly, fence } = this.options;
    if (readOnly) throw logReadOnly();
    return writeDurably(this.postgres, fence, work);
  }
}

/** Paths of what is in a folder: by the range that an index knows. `0` follows `/`. */
const IN_FOLDER = (folder: string): string => `path >= ${folder} || '/' AND path < ${folder} || '0'`;

/** The database with the log's tables. @throws Failure `postgres.unavailable` */
export async function openLogDatabase(settings: PostgresSettings): Promise<Postgres> {
  const postgres = await Postgres.open({ maxConnections: MAX_CONNECTIONS, ...settings });
  try {
    await postgres.migrate('log', MIGRATIONS);
    return postgres;
  } catch (error) {
    await postgres.close();
    throw error;
  }
}

/**
 * One transaction that is durable when it resolves, if the lease is still held. Statements go one by one on purpose: a server that comes to one
 * of them late, when nobody waits any more, never gets the COMMIT.
 * @throws LeaseLost
 */
export function writeDurably<T>(
  postgres: Postgres,
  fence: Fence | undefined,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return postgres.transaction(async (session) => {
    await session.query(`SET LOCAL synchronous_commit = 'on'`);
    if (fence) await assertHolds(session, fence);
    return work(session);
  });
}
