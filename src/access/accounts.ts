import { createHash, randomBytes } from 'node:crypto';
import type { OnApplicationShutdown } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import type { Selectable } from 'kysely';
import { v7 as uuidV7 } from 'uuid';
import { Failure } from '../kernel/errors';
import type { Actor } from '../kernel/event';
import type { Clock, Instant } from '../kernel/time';
import type { AccountsDb, AccountTables } from './accounts-db';
import { OFFICER_ROLES } from './roles';

/** A local account (账户). `bodyId` undefined: its roles hold for all bodies. */
export interface Account {
  readonly id: string;
  readonly login: string;
  readonly displayName: string;
  readonly officerId?: string;
  readonly bodyId?: string;
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly createdAt: Instant;
}

export interface NewAccountFields {
  readonly id?: string;
  readonly login: string;
  readonly displayName: string;
  readonly password: string;
  readonly officerId?: string;
  readonly bodyId?: string;
  readonly roles: readonly string[];
}

export interface IssuedToken {
  /** Shown once; only its SHA-256 is kept. */
  readonly token: string;
  readonly expiresAt: Instant;
}

/** One line of the record of changes to accounts: who granted which role to whom, and when. Never a password. */
export interface AccountChange {
  readonly at: Instant;
  readonly by: string;
  readonly account: string;
  readonly change: Readonly<Record<string, unknown>>;
}

type Row = Selectable<AccountTables['accounts']>;

/** OWASP's first recommendation for argon2id (the library's default variant): 19 MiB, two passes, one lane. */
const ARGON2 = { memoryCost: 19456, timeCost: 2, parallelism: 1 };
/** Password checks in flight: each holds 19 MiB and a thread. */
const MAX_CHECKS_AT_ONCE = 64;
/** Live tokens of one account; the oldest gives way. */
const MAX_TOKENS_PER_ACCOUNT = 20;
const MAX_LISTED = 200;

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
const normalLogin = (login: string): string => login.normalize('NFC').toLowerCase();

/** Who may sign in, and with which tokens. */
export class Accounts implements OnApplicationShutdown {
  private checking = 0;
  /** A hash nobody's password matches: an unknown login costs as much time as a known one. */
  private readonly decoy = hash(randomBytes(24).toString('base64url'), ARGON2);

  constructor(
    private readonly db: AccountsDb,
    private readonly clock: Clock,
    private readonly tokenLifetimeHours: number,
  ) {}

  /**
   * Makes an account; one that exists with this login is returned as it is, so that making it twice is harmless.
   * @throws Failure `account.officer_required`, `account.bad_text`
   */
  async create(fields: NewAccountFields, by: string): Promise<{ account: Account; created: boolean }> {
    checkOfficer(fields.roles, fields.officerId);
    checkText(fields.displayName, 'displayName');
    checkText(fields.login, 'login');
    const login = normalLogin(fields.login);
    const before = await this.byLogin(login);
    if (before) return { account: toAccount(before), created: false };
    const passwordHash = await hash(fields.password, ARGON2);
    const row: Row = {
      id: fields.id ?? uuidV7(),
      login,
      display_name: fields.displayName,
      password_hash: passwordHash,
      officer_id: fields.officerId ?? null,
      body_id: fields.bodyId ?? null,
      roles: JSON.stringify([...new Set(fields.roles)]),
      disabled: 0,
      created_at: this.clock.now(),
    };
    const created = await this.db.transaction().execute(async (db) => {
      // The hash took a while: another request may have made the same login meanwhile.
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('accounts')
        .values(row)
        .onConflict((conflict) => conflict.column('login').doNothing())
        .executeTakeFirstOrThrow();
      if (!numInsertedOrUpdatedRows) return false;
      const { roles, bodyId, officerId } = fields;
      await this.noteChange(db, by, row.id, { created: true, roles, bodyId, officerId });
      return true;
    });
    return { account: toAccount((await this.byLogin(login)) ?? row), created };
  }

  async find(id: string): Promise<Account | undefined> {
    const row = await this.db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toAccount(row);
  }

  /** A page of accounts after a login, of one body or of all. */
  async list(options: { bodyId?: string; after?: string; limit: number }): Promise<Account[]> {
    let found = this.db
      .selectFrom('accounts')
      .selectAll()
      .where('login', '>', withoutNul(options.after ?? ''));
    if (options.bodyId) found = found.where('body_id', '=', options.bodyId);
    return (await found.orderBy('login').limit(Math.min(options.limit, MAX_LISTED)).execute()).map(toAccount);
  }

  /**
   * Disables or enables an account, or changes its roles. A disabled account's tokens end with it.
   * @throws Failure `account.not_found`, `account.officer_required`
   */
  async change(id: string, change: { disabled?: boolean; roles?: readonly string[] }, by: string): Promise<Account> {
    const before = await this.find(id);
    if (!before) throw noSuchAccount();
    if (change.roles) checkOfficer(change.roles, before.officerId);
    await this.db.transaction().execute(async (db) => {
      const set = {
        ...(change.roles && { roles: JSON.stringify([...new Set(change.roles)]) }),
        ...(change.disabled !== undefined && { disabled: change.disabled ? 1 : 0 }),
      };
      if (Object.keys(set).length > 0) await db.updateTable('accounts').set(set).where('id', '=', id).execute();
      if (change.disabled) await revokeAll(db, id);
      await this.noteChange(db, by, id, { ...change });
    });
    return (await this.find(id)) ?? before;
  }

  /** Sets a new password and ends every session of the account. */
  async setPassword(id: string, password: string, by: string): Promise<void> {
    const passwordHash = await hash(password, ARGON2);
    await this.db.transaction().execute(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('accounts')
        .set({ password_hash: passwordHash })
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) throw noSuchAccount();
      await revokeAll(db, id);
      await this.noteChange(db, by, id, { password: 'changed' });
    });
  }

  /** The account behind a login and password; undefined when they do not belong together or the account is disabled. */
  async authenticate(login: string, password: string): Promise<Account | undefined> {
    if (this.checking >= MAX_CHECKS_AT_ONCE) {
      throw new Failure('unavailable', 'session.busy', {
        zh: '登录请求过多，请稍后重试。',
        en: 'Too many people are signing in at once; try again shortly.',
      });
    }
    this.checking++;
    try {
      const row = await this.byLogin(normalLogin(login));
      const matches = await verify(row?.password_hash ?? (await this.decoy), password);
      return row && matches && row.disabled === 0 ? toAccount(row) : undefined;
    } finally {
      this.checking--;
    }
  }

  /** A new bearer token: 256 random bits, good for the configured hours. */
  async issueToken(accountId: string): Promise<IssuedToken> {
    const token = randomBytes(32).toString('base64url');
    const digest = digestOf(token);
    const now = this.clock.now();
    const expiresAt = new Date(Date.parse(now) + this.tokenLifetimeHours * 3_600_000).toISOString();
    await this.db.transaction().execute(async (db) => {
      await db.deleteFrom('tokens').where('expires_at', '<=', now).execute();
      await db
        .insertInto('tokens')
        .values({ digest, account_id: accountId, issued_at: now, expires_at: expiresAt })
        .execute();
      const others = db.selectFrom('tokens').where('account_id', '=', accountId).where('digest', '<>', digest);
      const kept = others.orderBy('issued_at', 'desc').limit(MAX_TOKENS_PER_ACCOUNT - 1);
      await db
        .deleteFrom('tokens')
        .where('account_id', '=', accountId)
        .where('digest', '<>', digest)
        .where('digest', 'not in', kept.select('digest'))
        .execute();
    });
    return { token, expiresAt };
  }

  /** Who a token stands for now, asked anew each time: its account must be enabled, and the roles are those of this moment. */
  async resolveToken(token: string): Promise<{ account: Account; actor: Actor; expiresAt: Instant } | undefined> {
    const row = await this.db
      .selectFrom('tokens')
      .innerJoin('accounts', 'accounts.id', 'tokens.account_id')
      .selectAll('accounts')
      .select('tokens.expires_at')
      .where('tokens.digest', '=', digestOf(token))
      .where('tokens.expires_at', '>', this.clock.now())
      .where('accounts.disabled', '=', 0)
      .executeTakeFirst();
    if (!row) return undefined;
    const account = toAccount(row);
    return { account, actor: actorOf(account), expiresAt: row.expires_at };
  }

  async revokeToken(token: string): Promise<void> {
    await this.db.deleteFrom('tokens').where('digest', '=', digestOf(token)).execute();
  }

  /** The newest changes to an account. */
  async changesOf(id: string): Promise<AccountChange[]> {
    const changes = this.db.selectFrom('account_changes').selectAll().where('account_id', '=', id);
    return (await changes.orderBy('n', 'desc').limit(MAX_LISTED).execute()).map((row) => ({
      at: row.at,
      by: row.by_account,
      account: row.account_id,
      change: JSON.parse(row.change) as Record<string, unknown>,
    }));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.db.destroy();
  }

  private byLogin(login: string): Promise<Row | undefined> {
    return this.db.selectFrom('accounts').selectAll().where('login', '=', withoutNul(login)).executeTakeFirst();
  }

  private async noteChange(db: AccountsDb, by: string, id: string, change: object): Promise<void> {
    await db
      .insertInto('account_changes')
      .values({ at: this.clock.now(), by_account: by, account_id: id, change: JSON.stringify(change) })
      .execute();
  }
}

const revokeAll = (db: AccountsDb, accountId: string): Promise<unknown> =>
  db.deleteFrom('tokens').where('account_id', '=', accountId).execute();

const toAccount = (row: Row): Account => ({
  id: row.id,
  login: row.login,
  displayName: row.display_name,
  ...(row.officer_id && { officerId: row.officer_id }),
  ...(row.body_id && { bodyId: row.body_id }),
  roles: JSON.parse(row.roles) as string[],
  disabled: row.disabled === 1,
  createdAt: row.created_at,
});

/** How the ledger names whoever holds this account. */
export const actorOf = (account: Account): Actor => ({
  kind: 'person',
  account: account.id,
  ...(account.officerId && { officer: account.officerId }),
  ...(account.bodyId && { body: account.bodyId }),
  roles: account.roles,
});

/** PostgreSQL's text cannot hold it, and no login has it: what is asked for with one is not there. */
const withoutNul = (text: string): string => text.replaceAll('\0', '\uFFFD');

function checkText(text: string, field: string): void {
  if (!text.includes('\0')) return;
  throw new Failure('invalid', 'account.bad_text', {
    zh: '文字中有无法保存的字符。',
    en: 'The text has a character that cannot be stored.',
    field,
  });
}

function checkOfficer(roles: readonly string[], officerId: string | undefined): void {
  const deciding = roles.filter((role) => OFFICER_ROLES.includes(role));
  if (officerId || deciding.length === 0) return;
  throw new Failure('invalid', 'account.officer_required', {
    zh: `角色 ${deciding.join('、')} 须由已知的执法人员担任：请填写人员编号。`,
    en: `The roles ${deciding.join(', ')} are held by an officer: say which one.`,
    basis: 'A06、L06',
    field: 'officerId',
  });
}

export const noSuchAccount = (): Failure =>
  new Failure('not_found', 'account.not_found', { zh: '没有此账户。', en: 'There is no such account.' });
