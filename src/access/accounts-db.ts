import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteDialect, type Generated } from 'kysely';
import { Postgres } from '../ledger/postgres/postgres';

/** A row of each table; the same columns in both stores. */
export interface AccountTables {
  accounts: {
    id: string;
    login: string;
    display_name: string;
    password_hash: string;
    officer_id: string | null;
    body_id: string | null;
    /** A list, as JSON. */
    roles: string;
    /** 0 or 1. */
    disabled: number;
    created_at: string;
  };
  tokens: { digest: Buffer; account_id: string; issued_at: string; expires_at: string };
  account_changes: { n: Generated<number>; at: string; by_account: string; account_id: string; change: string };
  readings: {
    n: Generated<number>;
    at: string;
    account_id: string;
    body_id: string | null;
    collection: string;
    record_id: string;
    correlation_id: string;
  };
}

/**
 * Who may sign in, which tokens are live, and the two records kept of people: who changed an account, who read a record. In `accounts.db`
 * or in PostgreSQL, behind the same queries. It stays outside the ledger because password hashes are no public record and
 * tokens must be deletable. What a statement has written is durable when it is answered.
 */
export type AccountsDb = Kysely<AccountTables>;

const APPEND_ONLY = ['account_changes', 'readings'] as const;

/** What each store writes in its own way. `text` is compared by code points. */
interface Dialect {
  readonly text: string;
  readonly bytes: string;
  /** Of a number that grows with every row. */
  readonly counter: string;
}

const tables = ({ text, bytes, counter }: Dialect): string => `
CREATE TABLE IF NOT EXISTS accounts (
  id            ${text} PRIMARY KEY,
  login         ${text} NOT NULL UNIQUE,
  display_name  ${text} NOT NULL,
  password_hash ${text} NOT NULL,
  officer_id    ${text},
  body_id       ${text},
  roles         ${text} NOT NULL,
  disabled      INTEGER NOT NULL DEFAULT 0,
  created_at    ${text} NOT NULL
);
CREATE TABLE IF NOT EXISTS tokens (
  digest     ${bytes} PRIMARY KEY,
  account_id ${text} NOT NULL REFERENCES accounts (id),
  issued_at  ${text} NOT NULL,
  expires_at ${text} NOT NULL
);
CREATE INDEX IF NOT EXISTS tokens_by_account ON tokens (account_id, issued_at);
CREATE INDEX IF NOT EXISTS tokens_by_end ON tokens (expires_at);
CREATE TABLE IF NOT EXISTS account_changes (
  n          ${counter},
  at         ${text} NOT NULL,
  by_account ${text} NOT NULL,
  account_id ${text} NOT NULL,
  change     ${text} NOT NULL
);
CREATE INDEX IF NOT EXISTS account_changes_by_account ON account_changes (account_id, n);
CREATE TABLE IF NOT EXISTS readings (
  n              ${counter},
  at             ${text} NOT NULL,
  account_id     ${text} NOT NULL,
  body_id        ${text},
  collection     ${text} NOT NULL,
  record_id      ${text} NOT NULL,
  correlation_id ${text} NOT NULL
);
CREATE INDEX IF NOT EXISTS readings_by_record ON readings (collection, record_id, n);
CREATE INDEX IF NOT EXISTS readings_by_account ON readings (account_id, n);
`;

const SQLITE_SCHEMA =
  tables({ text: 'TEXT', bytes: 'BLOB', counter: 'INTEGER PRIMARY KEY AUTOINCREMENT' }).replaceAll(
    /^\);$/gm,
    ') STRICT;',
  ) +
  APPEND_ONLY.flatMap((table) =>
    ['UPDATE', 'DELETE'].map(
      (verb) => `CREATE TRIGGER IF NOT EXISTS ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`,
    ),
  ).join('\n');

/** `[v]` leads from version v to v + 1; never edited once released. */
const POSTGRES_MIGRATIONS: readonly string[] = [
  tables({
    text: 'text COLLATE "C"',
    bytes: 'bytea',
    counter: 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  }) +
    `CREATE FUNCTION is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
` +
    APPEND_ONLY.map(
      (
        table,
      ) => `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER ${table}_not_emptied BEFORE TRUNCATE ON ${table} EXECUTE FUNCTION is_append_only();`,
    ).join('\n'),
];

/** Opens, and on first use makes, the accounts: in a file, or in a database that stays its owner's to close. */
export async function openAccountsDb(location: string | Postgres): Promise<AccountsDb> {
  if (!(location instanceof Postgres)) return openAccountsFile(location);
  await location.migrate('accounts', POSTGRES_MIGRATIONS);
  return new Kysely({ dialect: new PostgresDialect({ pool: location.kyselyPool() }) });
}

/** The same in a file, at once. `:memory:` keeps them in memory. */
export function openAccountsFile(file: string): AccountsDb {
  mkdirSync(dirname(file), { recursive: true }); // the first account may come before the first start
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('busy_timeout = 5000');
  database.exec(SQLITE_SCHEMA);
  return new Kysely({ dialect: new SqliteDialect({ database }) });
}
