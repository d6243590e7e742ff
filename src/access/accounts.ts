import { createHash, randomBytes } from 'node:crypto';
import type { OnApplicationShutdown } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import type { Database } from 'better-sqlite3';
import { v7 as uuidV7 } from 'uuid';
import { Failure } from '../kernel/errors';
import type { Actor } from '../kernel/event';
import type { Clock, Instant } from '../kernel/time';
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

interface Row {
  id: string;
  login: string;
  display_name: string;
  password_hash: string;
  officer_id: string | null;
  body_id: string | null;
  roles: string;
  disabled: number;
  created_at: string;
}

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
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tokenLifetimeHours: number,
  ) {}

  /**
   * Makes an account; one that exists with this login is returned as it is, so that making it twice is harmless.
   * @throws Failure `account.officer_required`
   */
  async create(fields: NewAccountFields, by: string): Promise<{ account: Account; created: boolean }> {
    checkOfficer(fields.roles, fields.officerId);
    const login = normalLogin(fields.login);
    const before = this.byLogin(login);
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
    const created = this.db.transaction(() => {
      // The hash took a while: another request may have made the same login meanwhile.
      const { changes } = this.db
        .prepare<Row>(
          `INSERT INTO accounts VALUES (@id, @login, @display_name, @password_hash, @officer_id, @body_id, @roles, @disabled, @created_at)
           ON CONFLICT (login) DO NOTHING`,
        )
        .run(row);
      if (changes > 0) {
        this.noteChange(by, row.id, {
          created: true,
          roles: fields.roles,
          bodyId: fields.bodyId,
          officerId: fields.officerId,
        });
      }
      return changes > 0;
    })();
    return { account: toAccount(this.byLogin(login) ?? row), created };
  }

  find(id: string): Account | undefined {
    const row = this.db.prepare<[string], Row>('SELECT * FROM accounts WHERE id = ?').get(id);
    return row && toAccount(row);
  }

  /** A page of accounts after a login, of one body or of all. */
  list(options: { bodyId?: string; after?: string; limit: number }): Account[] {
    return this.db
      .prepare<[string, string | null, string | null, number], Row>(
        'SELECT * FROM accounts WHERE login > ? AND (? IS NULL OR body_id = ?) ORDER BY login LIMIT ?',
      )
      .all(options.after ?? '', options.bodyId ?? null, options.bodyId ?? null, Math.min(options.limit, MAX_LISTED))
      .map(toAccount);
  }

  /**
   * Disables or enables an account, or changes its roles. A disabled account's tokens end with it.
   * @throws Failure `account.not_found`, `account.officer_required`
   */
  change(id: string, change: { disabled?: boolean; roles?: readonly string[] }, by: string): Account {
    const before = this.find(id);
    if (!before) throw noSuchAccount();
    if (change.roles) checkOfficer(change.roles, before.officerId);
    this.db.transaction(() => {
      if (change.roles) {
        this.db
          .prepare('UPDATE accounts SET roles = ? WHERE id = ?')
          .run(JSON.stringify([...new Set(change.roles)]), id);
      }
      if (change.disabled !== undefined) {
        this.db.prepare('UPDATE accounts SET disabled = ? WHERE id = ?').run(change.disabled ? 1 : 0, id);
        if (change.disabled) this.revokeAll(id);
      }
      this.noteChange(by, id, { ...change });
    })();
    return this.find(id) ?? before;
  }

  /** Sets a new password and ends every session of the account. */
  async setPassword(id: string, password: string, by: string): Promise<void> {
    const passwordHash = await hash(password, ARGON2);
    this.db.transaction(() => {
      const { changes } = this.db.prepare('UPDATE accounts SET password_hash = ? WHERE id = ?').run(passwordHash, id);
      if (changes === 0) throw noSuchAccount();
      this.revokeAll(id);
      this.noteChange(by, id, { password: 'changed' });
    })();
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
      const row = this.byLogin(normalLogin(login));
      const matches = await verify(row?.password_hash ?? (await this.decoy), password);
      return row && matches && row.disabled === 0 ? toAccount(row) : undefined;
    } finally {
      this.checking--;
    }
  }

  /** A new bearer token: 256 random bits, good for the configured hours. */
  issueToken(accountId: string): IssuedToken {
    const token = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    const expiresAt = new Date(Date.parse(now) + this.tokenLifetimeHours * 3_600_000).toISOString();
    this.db.transaction(() => {
      this.db.prepare('DELETE FROM tokens WHERE expires_at <= ?').run(now);
      this.db.prepare('INSERT INTO tokens VALUES (?, ?, ?, ?)').run(digestOf(token), accountId, now, expiresAt);
      this.db
        .prepare(
          `DELETE FROM tokens WHERE account_id = @id AND digest NOT IN
             (SELECT digest FROM tokens WHERE account_id = @id ORDER BY issued_at DESC, rowid DESC LIMIT @most)`,
        )
        .run({ id: accountId, most: MAX_TOKENS_PER_ACCOUNT });
    })();
    return { token, expiresAt };
  }

  /** Who a token stands for now: its account must be enabled, and the roles are those of this moment. */
  resolveToken(token: string): { account: Account; actor: Actor; expiresAt: Instant } | undefined {
    const row = this.db
      .prepare<[Buffer, string], Row & { expires_at: string }>(
        `SELECT accounts.*, tokens.expires_at FROM tokens JOIN accounts ON accounts.id = tokens.account_id
         WHERE tokens.digest = ? AND tokens.expires_at > ? AND accounts.disabled = 0`,
      )
      .get(digestOf(token), this.clock.now());
    if (!row) return undefined;
    const account = toAccount(row);
    return { account, actor: actorOf(account), expiresAt: row.expires_at };
  }

  revokeToken(token: string): void {
    this.db.prepare('DELETE FROM tokens WHERE digest = ?').run(digestOf(token));
  }

  /** The newest changes to an account. */
  changesOf(id: string): AccountChange[] {
    return this.db
      .prepare<[string, number], { at: string; by_account: string; account_id: string; change: string }>(
        'SELECT * FROM account_changes WHERE account_id = ? ORDER BY n DESC LIMIT ?',
      )
      .all(id, MAX_LISTED)
      .map((row) => ({
        at: row.at,
        by: row.by_account,
        account: row.account_id,
        change: JSON.parse(row.change) as Record<string, unknown>,
      }));
  }

  onApplicationShutdown(): void {
    this.db.close();
  }

  private byLogin(login: string): Row | undefined {
    return this.db.prepare<[string], Row>('SELECT * FROM accounts WHERE login = ?').get(login);
  }

  private revokeAll(accountId: string): void {
    this.db.prepare('DELETE FROM tokens WHERE account_id = ?').run(accountId);
  }

  private noteChange(by: string, id: string, change: object): void {
    this.db
      .prepare('INSERT INTO account_changes (at, by_account, account_id, change) VALUES (?, ?, ?, ?)')
      .run(this.clock.now(), by, id, JSON.stringify(change));
  }
}

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
