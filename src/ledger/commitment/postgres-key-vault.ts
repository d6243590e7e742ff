import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { Failure } from '../../kernel/errors';
import { systemClock, type Clock, type Instant } from '../../kernel/time';
import { Listener } from '../postgres/listener';
import { code, hangUp, told, type Postgres, type Session } from '../postgres/postgres';
import {
  COMMITMENT_KEY_BYTES,
  KeyVault,
  keyMissing,
  SUBJECT_KEY_BYTES,
  subjectErased,
  vaultBusy,
  vaultClosed,
  vaultNotEmpty,
  vaultWriteFailed,
  type RestoredVault,
  type SealedMark,
  type SubjectId,
  type SubjectKeys,
  type VaultEntry,
} from './key-vault';
import { POSTGRES_VAULT } from './postgres-vault-schema';
import type { WrappingKeyId, WrappingKeys } from './wrapping-keys';

export interface PostgresVaultOptions {
  readonly postgres: Postgres;
  readonly wrappingKeys: WrappingKeys;
  /** Makes nothing and changes nothing: for exports and checks. */
  readonly readOnly?: boolean;
  readonly clock?: Clock;
}

/** A change of the wrapping key that is complete. */
export interface Rotation {
  readonly id: WrappingKeyId;
  /** Keys that were wrapped anew. */
  readonly rewrapped: number;
  /** False when older keys are in the environment, where only the operator can delete them. */
  readonly oldDeleted: boolean;
}

const MAX_CACHED_SUBJECTS = 20_000;
const MAX_WAITING_REQUESTS = 8192;
const BATCH_ROWS = 500;
const COMMITMENT = 'commitment';
const FOREIGN_KEY_VIOLATION = '23503';
const UNDEFINED_TABLE = '42P01';
/** Changes of the wrapping key that may complete while one key is being made. */
const MAX_ROTATIONS_MET = 5;

/** A key, or that it has been destroyed. */
type Known = Buffer | 'destroyed';

interface Row {
  readonly subject: SubjectId;
  readonly wrapped: Buffer | null;
  readonly under: WrappingKeyId | null;
}

interface Waiting {
  readonly subjects: readonly SubjectId[];
  /** Keys that there are not are to be made. */
  readonly making: boolean;
  resolve(known: Map<SubjectId, Known | undefined>): void;
  reject(error: unknown): void;
}

/** The keys in PostgreSQL, wrapped. How it works, what it promises and how it fails: README.md in this folder. */
export class PostgresKeyVault extends KeyVault {
  private readonly cache = new LRUCache<SubjectId, Known>({ max: MAX_CACHED_SUBJECTS });
  /** Grows with every destruction that is heard of: what was asked for before must not be remembered after. */
  private age = 0;
  private readonly listener: Listener;
  private waiting: Waiting[] = [];
  private serving: Promise<void> | undefined;
  private commitment: Promise<Buffer> | undefined;
  private closed = false;

  private constructor(
    private readonly postgres: Postgres,
    private readonly wrappingKeys: WrappingKeys,
    /** Under which new keys are kept. */
    private current: WrappingKeyId,
    private readonly readOnly: boolean,
    private readonly clock: Clock,
  ) {
    super();
    const forget = (): void => this.forget();
    this.listener = Listener.start({
      postgres,
      channel: this.channel,
      applicationName: `${postgres.schema} vault`,
      heard: forget,
      resumed: forget,
    });
  }

  /** Whether a vault was ever made in this database. */
  static async exists(postgres: Postgres): Promise<boolean> {
    return (await registered(postgres).catch(noneWithoutTable)).length > 0;
  }

  /**
   * Opens the vault, making or migrating it unless it is for reading only. On the first start, while the database has no key yet, a
   * wrapping key is made where none is given; never later.
   * @throws Failure `privacy.vault_key_missing`; `privacy.no_vault_tables` for reading, when there is none
   */
  static async open(options: PostgresVaultOptions): Promise<PostgresKeyVault> {
    const { postgres, wrappingKeys, readOnly = false, clock = systemClock } = options;
    if (!readOnly) await postgres.migrate('vault', POSTGRES_VAULT);
    let ids = await registered(postgres).catch(noneWithoutTable);
    if (ids.length === 0 && readOnly) throw noVaultTables(postgres.schema);
    if (ids.length === 0) ids = await firstStart(postgres, wrappingKeys, clock);
    wrappingKeys.assertHas(ids);
    return new PostgresKeyVault(postgres, wrappingKeys, ids[0], readOnly, clock);
  }

  async keysForWriting(subjects: Iterable<SubjectId>): Promise<SubjectKeys> {
    const known = await this.look([...subjects], true);
    for (const key of known.values()) if (key === 'destroyed') throw subjectErased();
    return known as SubjectKeys;
  }

  async keysForReading(subjects: Iterable<SubjectId>): Promise<SubjectKeys> {
    const keys = new Map<SubjectId, Buffer>();
    for (const [subject, known] of await this.look([...subjects], false)) {
      if (known === undefined) throw keyMissing(subject);
      if (known !== 'destroyed') keys.set(subject, known);
    }
    return keys;
  }

  async destroy(subject: SubjectId, at: Instant): Promise<boolean> {
    this.assertWritable();
    assertStorable([subject]);
    // One statement: the other nodes hear of it when it is committed, and only then.
    const first = await this.postgres.query(
      `WITH done AS (
         INSERT INTO subject_key (subject, destroyed_at) VALUES ($1, $2)
         ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, wrapped_under = NULL, destroyed_at = excluded.destroyed_at
           WHERE subject_key.destroyed_at IS NULL
         RETURNING subject)
       SELECT pg_notify($3, '') FROM done`,
      [subject, at, this.channel],
    );
    this.forget();
    return first.length > 0;
  }

  commitmentKey(): Promise<Buffer> {
    if (this.closed) return Promise.reject(vaultClosed());
    this.commitment ??= this.readCommitmentKey();
    this.commitment.catch(() => (this.commitment = undefined));
    return this.commitment;
  }

  override async ledgerId(own?: string): Promise<string | undefined> {
    if (own !== undefined) {
      this.assertWritable();
      await this.postgres.query('INSERT INTO ledger_identity (id) VALUES ($1) ON CONFLICT (one) DO NOTHING', [own]);
    }
    const [found] = await this.postgres.query<{ id: string }>('SELECT id FROM ledger_identity');
    return found?.id;
  }

  async sealedMark(origin: string): Promise<SealedMark | undefined> {
    this.assertOpen();
    const [mark] = await this.postgres.query<SealedMark>(
      'SELECT origin, size, root FROM sealed_mark WHERE origin = $1',
      [origin],
    );
    return mark;
  }

  async raiseSealedMark({ origin, size, root }: SealedMark): Promise<void> {
    this.assertWritable();
    await this.postgres.query(
      `INSERT INTO sealed_mark (origin, size, root) VALUES ($1, $2, $3)
       ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root WHERE excluded.size > sealed_mark.size`,
      [origin, size, Buffer.from(root)],
    );
  }

  async *contents(): AsyncGenerator<VaultEntry, void, void> {
    this.assertOpen();
    const connection = await this.postgres.connection(`${this.postgres.schema} vault contents`);
    const ask = async <R extends object>(sql: string, values: unknown[] = []): Promise<R[]> => {
      try {
        return (await connection.query<R>(sql, values)).rows;
      } catch (error) {
        throw told(error);
      }
    };
    try {
      await ask('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'); // one moment for all
      const own = await ask<{ wrapped: Buffer; under: WrappingKeyId; at: Instant }>(
        'SELECT wrapped, wrapped_under AS under, made_at AS at FROM ledger_key WHERE name = $1',
        [COMMITMENT],
      );
      for (const { wrapped, under, at } of own) {
        yield { kind: 'commitment-key', key: this.wrappingKeys.unwrap(under, ledgerKey(COMMITMENT), wrapped), at };
      }
      for (let after = ''; ;) {
        const rows = await ask<Row & { made_at: Instant; destroyed_at: Instant }>(
          `SELECT subject, wrapped, wrapped_under AS under, made_at, destroyed_at FROM subject_key
           WHERE subject > $1 ORDER BY subject LIMIT ${BATCH_ROWS}`,
          [after],
        );
        for (const { destroyed_at, made_at, ...row } of rows) {
          const key = this.unwrapped(row);
          if (key === 'destroyed') yield { kind: 'destroyed', subject: row.subject, at: destroyed_at };
          else yield { kind: 'subject-key', subject: row.subject, key, at: made_at };
        }
        if (rows.length < BATCH_ROWS) break;
        after = rows[rows.length - 1].subject;
      }
      for (const mark of await ask<SealedMark>('SELECT origin, size, root FROM sealed_mark')) {
        yield { kind: 'sealed-mark', ...mark };
      }
    } finally {
      await hangUp(connection);
    }
  }

  async restore(entries: AsyncIterable<VaultEntry> | Iterable<VaultEntry>): Promise<RestoredVault> {
    this.assertWritable();
    return this.postgres.transaction(async (session) => {
      await session.query('LOCK TABLE subject_key, ledger_key, sealed_mark IN SHARE ROW EXCLUSIVE MODE');
      const held = await session.query(
        'SELECT 1 FROM subject_key UNION ALL SELECT 1 FROM ledger_key UNION ALL SELECT 1 FROM sealed_mark LIMIT 1',
      );
      if (held.length > 0) throw vaultNotEmpty();
      const restored = { keys: 0, destroyed: 0 };
      let group: VaultEntry[] = [];
      const put = async (): Promise<void> => {
        restored.keys += await this.putKeys(session, group.filter(isKind('subject-key')));
        restored.destroyed += await putDestroyed(session, group.filter(isKind('destroyed')));
        for (const { key, at } of group.filter(isKind('commitment-key'))) await this.putCommitment(session, key, at);
        for (const { origin, size, root } of group.filter(isKind('sealed-mark'))) {
          await session.query('INSERT INTO sealed_mark VALUES ($1, $2, $3)', [origin, size, Buffer.from(root)]);
        }
        group = [];
      };
      for await (const entry of entries) if (group.push(entry) === BATCH_ROWS) await put();
      await put();
      return restored;
    });
  }

  /**
   * Puts the wrapping key that comes next into the file, to be copied to the other nodes before anything is kept under it.
   * @throws Failure `privacy.vault_key_from_environment`, `privacy.vault_key_missing`
   */
  async prepareRotation(): Promise<WrappingKeyId> {
    this.assertWritable();
    return (await this.postgres.transaction((session) => this.nextWrappingKey(session))).id;
  }

  /**
   * Replaces the wrapping key: every key is wrapped anew under the newest one of the file, which is made when it has only the current one, and
   * then the older ones are deleted from the file. Nodes read both meanwhile. Taken up where it was left when it is given again after a crash.
   * @throws Failure `privacy.vault_key_from_environment`, `privacy.vault_key_missing`
   */
  async rotateWrappingKey(onRewrapped: (keys: number) => void = () => undefined): Promise<Rotation> {
    this.assertWritable();
    const id = await this.beginRotation();
    let rewrapped = 0;
    do {
      for (let after: SubjectId | undefined = ''; after !== undefined;) {
        const batch = await this.rewrap(id, after);
        after = batch.last;
        rewrapped += batch.keys;
        onRewrapped(rewrapped);
      }
    } while (!(await this.unregisterOlder(id))); // a node that did not know has kept another key under the old one
    this.current = id;
    return { id, rewrapped, oldDeleted: this.wrappingKeys.keepOnly(id) };
  }

  /** Serves what is waited for, then lets go of its connection; the pool is its owner's. */
  async close(): Promise<void> {
    this.closed = true;
    await this.serving;
    await this.listener.close();
  }

  private get channel(): string {
    return `${this.postgres.schema}_vault`;
  }

  /** What is known of each subject: from memory while nothing can have been missed, the others asked for together with other requests. */
  private async look(subjects: readonly SubjectId[], making: boolean): Promise<Map<SubjectId, Known | undefined>> {
    if (making) this.assertWritable();
    this.assertOpen();
    const known = new Map(subjects.map((subject) => [subject, this.remembered(subject)]));
    if (![...known.values()].includes(undefined)) return known;
    assertStorable(subjects);
    if (this.waiting.length >= MAX_WAITING_REQUESTS) throw vaultBusy();
    return new Promise((resolve, reject) => {
      this.waiting.push({ subjects, making, resolve, reject });
      this.serving ??= this.serve();
    });
  }

  private remembered(subject: SubjectId): Known | undefined {
    return this.listener.isCurrent ? this.cache.get(subject) : undefined;
  }

  /** All requests of a turn of the event loop, and all that come while the ones before are served, with one statement. */
  private async serve(): Promise<void> {
    await nextTurn();
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      const { age } = this;
      try {
        const rows = await this.rowsOf(batch);
        for (const request of batch) this.answer(request, rows, age);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.serving = undefined;
  }

  private answer({ subjects, resolve, reject }: Waiting, rows: ReadonlyMap<SubjectId, Row>, age: number): void {
    try {
      const known = new Map<SubjectId, Known | undefined>();
      for (const subject of subjects) {
        const row = rows.get(subject);
        const key = row && this.unwrapped(row);
        known.set(subject, key);
        if (key && age === this.age) this.cache.set(subject, key);
      }
      resolve(known);
    } catch (error) {
      reject(error);
    }
  }

  private async rowsOf(batch: readonly Waiting[]): Promise<Map<SubjectId, Row>> {
    const wanted = new Set(batch.flatMap(({ subjects }) => subjects));
    const rows = await this.stored([...wanted]);
    const asked = new Set(batch.flatMap(({ subjects, making }) => (making ? subjects : [])));
    const missing = [...asked].filter((subject) => !rows.has(subject)).sort(); // in one order for all nodes, or they block each other
    if (missing.length === 0) return rows;
    await this.makeKeys(missing);
    return new Map([...rows, ...(await this.stored(missing))]);
  }

  private async stored(subjects: readonly SubjectId[]): Promise<Map<SubjectId, Row>> {
    const rows = await this.postgres.query<Row>(
      'SELECT subject, wrapped, wrapped_under AS under FROM subject_key WHERE subject = ANY($1::text[])',
      [subjects],
    );
    return new Map(rows.map((row) => [row.subject, row]));
  }

  /** Durable when this resolves. Where another node was quicker, its key stands. */
  private async makeKeys(subjects: readonly SubjectId[]): Promise<void> {
    const at = this.clock.now();
    const entries = subjects.map((subject) => ({ subject, key: randomBytes(SUBJECT_KEY_BYTES), at }));
    await this.underCurrent(() => this.putKeys(this.postgres, entries));
  }

  private async putKeys(
    session: Session,
    entries: ReadonlyArray<{ subject: SubjectId; key: Uint8Array; at: Instant }>,
  ): Promise<number> {
    const put = await session.query(
      `INSERT INTO subject_key (subject, wrapped, wrapped_under, made_at)
       SELECT subject, wrapped, $3, made_at FROM unnest($1::text[], $2::bytea[], $4::text[]) AS made (subject, wrapped, made_at)
       ON CONFLICT (subject) DO NOTHING RETURNING 1`,
      [
        entries.map(({ subject }) => subject),
        entries.map(({ subject, key }) => this.wrappingKeys.wrap(this.current, subjectKey(subject), key)),
        this.current,
        entries.map(({ at }) => at),
      ],
    );
    return put.length;
  }

  private async readCommitmentKey(): Promise<Buffer> {
    const stored = async (): Promise<Buffer | undefined> => {
      const [row] = await this.postgres.query<{ wrapped: Buffer; under: WrappingKeyId }>(
        'SELECT wrapped, wrapped_under AS under FROM ledger_key WHERE name = $1',
        [COMMITMENT],
      );
      return row && this.wrappingKeys.unwrap(row.under, ledgerKey(COMMITMENT), row.wrapped);
    };
    const found = await stored();
    if (found) return found;
    this.assertWritable();
    const key = randomBytes(COMMITMENT_KEY_BYTES);
    await this.underCurrent(() => this.putCommitment(this.postgres, key, this.clock.now()));
    return (await stored())!;
  }

  private async putCommitment(session: Session, key: Uint8Array, at: Instant): Promise<void> {
    await session.query('INSERT INTO ledger_key VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING', [
      COMMITMENT,
      this.wrappingKeys.wrap(this.current, ledgerKey(COMMITMENT), key),
      this.current,
      at,
    ]);
  }

  /** Does what keeps keys under the current wrapping key; again, when another node has replaced that one meanwhile. */
  private async underCurrent<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (code(error) !== FOREIGN_KEY_VIOLATION || attempt === MAX_ROTATIONS_MET) throw error;
        [this.current] = await registered(this.postgres);
      }
    }
  }

  private unwrapped({ subject, wrapped, under }: Row): Known {
    if (wrapped === null || under === null) return 'destroyed';
    return this.wrappingKeys.unwrap(under, subjectKey(subject), wrapped);
  }

  private async beginRotation(): Promise<WrappingKeyId> {
    return this.postgres.transaction(async (session) => {
      const { id, isRegistered } = await this.nextWrappingKey(session);
      if (!isRegistered) await register(session, id, this.clock.now());
      return id;
    });
  }

  /** The one of a change that was begun, or the newest of the file, made where that is the current one alone. */
  private async nextWrappingKey(session: Session): Promise<{ id: WrappingKeyId; isRegistered: boolean }> {
    await session.query('LOCK TABLE wrapping_key IN SHARE ROW EXCLUSIVE MODE');
    const ids = await registered(session);
    this.wrappingKeys.assertHas(ids);
    const [newest, ...older] = this.wrappingKeys.ids;
    const isNewestCurrent = newest === ids[0];
    // An older one besides the current one, which is the newest: only the last step of a change was not reached.
    if (ids.length > 1 || (isNewestCurrent && older.length > 0)) return { id: ids[0], isRegistered: true };
    return { id: isNewestCurrent ? this.wrappingKeys.make() : newest, isRegistered: false };
  }

  /** Wraps those of the next keys anew that are not under `id`. `last` is undefined when there are no more. */
  private async rewrap(id: WrappingKeyId, after: SubjectId): Promise<{ keys: number; last: SubjectId | undefined }> {
    return this.postgres.transaction(async (session) => {
      const rows = await session.query<Row>(
        `SELECT subject, wrapped, wrapped_under AS under FROM subject_key
         WHERE subject > $1 ORDER BY subject LIMIT ${BATCH_ROWS} FOR UPDATE`,
        [after],
      );
      const old = rows.filter(({ under }) => under !== null && under !== id);
      const anew = old.map((row) => this.wrappingKeys.wrap(id, subjectKey(row.subject), this.unwrapped(row) as Buffer));
      await session.query(
        `UPDATE subject_key SET wrapped = anew.wrapped, wrapped_under = $3
         FROM unnest($1::text[], $2::bytea[]) AS anew (subject, wrapped) WHERE subject_key.subject = anew.subject`,
        [old.map(({ subject }) => subject), anew, id],
      );
      return { keys: old.length, last: rows.length < BATCH_ROWS ? undefined : rows[rows.length - 1].subject };
    });
  }

  /** The ledger's own keys, and then the older wrapping keys leave the database. False when keys of subjects are still kept under one of them. */
  private async unregisterOlder(id: WrappingKeyId): Promise<boolean> {
    try {
      await this.postgres.session(
        async (session) => {
          const own = await session.query<{ name: string; wrapped: Buffer; under: WrappingKeyId }>(
            'SELECT name, wrapped, wrapped_under AS under FROM ledger_key WHERE wrapped_under <> $1',
            [id],
          );
          for (const { name, wrapped, under } of own) {
            const key = this.wrappingKeys.unwrap(under, ledgerKey(name), wrapped);
            const anew = this.wrappingKeys.wrap(id, ledgerKey(name), key);
            await session.query('UPDATE ledger_key SET wrapped = $2, wrapped_under = $3 WHERE name = $1', [
              name,
              anew,
              id,
            ]);
          }
          await session.query('DELETE FROM wrapping_key WHERE id <> $1', [id]);
        },
        { longWork: true }, // looks at every row
      );
      return true;
    } catch (error) {
      if (code(error) === FOREIGN_KEY_VIOLATION) return false;
      throw error;
    }
  }

  /** A key has been destroyed somewhere, or may have been. */
  private forget(): void {
    this.age++;
    this.cache.clear();
    this.tellDestroyed();
  }

  private assertOpen(): void {
    if (this.closed) throw vaultClosed();
  }

  private assertWritable(): void {
    this.assertOpen();
    if (this.readOnly) throw vaultWriteFailed('read-only');
  }
}

/** What is authenticated with a wrapped key. */
const subjectKey = (subject: SubjectId): string => `subject ${subject}`;
const ledgerKey = (name: string): string => `ledger ${name}`;

/** The wrapping keys under which something is kept or may be; the current one first. */
const registered = async (session: Session): Promise<WrappingKeyId[]> =>
  (await session.query<{ id: WrappingKeyId }>('SELECT id FROM wrapping_key ORDER BY n DESC')).map(({ id }) => id);

const register = (session: Session, id: WrappingKeyId, at: Instant): Promise<unknown> =>
  session.query('INSERT INTO wrapping_key (id, registered_at) VALUES ($1, $2)', [id, at]);

/** The first of the nodes that start together decides. A crash before the commit leaves a key in the file, which the next start takes. */
function firstStart(postgres: Postgres, wrappingKeys: WrappingKeys, clock: Clock): Promise<WrappingKeyId[]> {
  return postgres.transaction(async (session) => {
    await session.query('LOCK TABLE wrapping_key IN SHARE ROW EXCLUSIVE MODE');
    const ids = await registered(session);
    if (ids.length > 0) return ids;
    const id = wrappingKeys.ids[0] ?? wrappingKeys.make();
    await register(session, id, clock.now());
    return [id];
  });
}

async function putDestroyed(
  session: Session,
  entries: ReadonlyArray<{ subject: SubjectId; at: Instant }>,
): Promise<number> {
  await session.query('INSERT INTO subject_key (subject, destroyed_at) SELECT * FROM unnest($1::text[], $2::text[])', [
    entries.map(({ subject }) => subject),
    entries.map(({ at }) => at),
  ]);
  return entries.length;
}

const isKind =
  <K extends VaultEntry['kind']>(kind: K) =>
  (entry: VaultEntry): entry is Extract<VaultEntry, { kind: K }> =>
    entry.kind === kind;

/** What PostgreSQL's text cannot hold as it is would fail the requests that are served together, or become another subject. */
function assertStorable(subjects: readonly SubjectId[]): void {
  if (subjects.some((subject) => /[\0\p{Cs}]/u.test(subject))) throw badSubject();
}

const noneWithoutTable = (error: unknown): WrappingKeyId[] => {
  if (code(error) === UNDEFINED_TABLE) return [];
  throw error;
};

const badSubject = (): Failure =>
  new Failure('invalid', 'privacy.bad_subject', {
    zh: '主体标识含有无法存储的字符。',
    en: 'The subject’s id has a character that cannot be stored.',
  });

const noVaultTables = (schema: string): Failure =>
  new Failure('not_found', 'privacy.no_vault_tables', {
    zh: `PostgreSQL 的模式 ${schema} 中没有密钥库；首次启动服务时建立。`,
    en: `There is no key vault in PostgreSQL’s schema ${schema}; the first start of the server makes it.`,
  });
