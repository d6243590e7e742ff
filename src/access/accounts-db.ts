import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';

/**
 * `accounts.db`: who may sign in, which tokens are live, and the two records kept of people: who changed an account, who read
 * a record. It stays outside the ledger because password hashes are no public record and tokens must be deletable.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS accounts (
  id            TEXT PRIMARY KEY,
  login         TEXT NOT NULL UNIQUE,
  display_name  TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  officer_id    TEXT,
  body_id       TEXT,
  roles         TEXT NOT NULL,
  disabled      INTEGER NOT NULL DEFAULT 0,
  created_at    TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS tokens (
  digest     BLOB PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  issued_at  TEXT NOT NULL,
  expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS tokens_by_account ON tokens (account_id, issued_at);
CREATE TABLE IF NOT EXISTS account_changes (
  n          INTEGER PRIMARY KEY AUTOINCREMENT,
  at         TEXT NOT NULL,
  by_account TEXT NOT NULL,
  account_id TEXT NOT NULL,
  change     TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS account_changes_by_account ON account_changes (account_id, n);
CREATE TABLE IF NOT EXISTS readings (
  n              INTEGER PRIMARY KEY AUTOINCREMENT,
  at             TEXT NOT NULL,
  account_id     TEXT NOT NULL,
  body_id        TEXT,
  collection     TEXT NOT NULL,
  record_id      TEXT NOT NULL,
  correlation_id TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS readings_by_record ON readings (collection, record_id, n);
CREATE INDEX IF NOT EXISTS readings_by_account ON readings (account_id, n);
${['account_changes', 'readings']
  .flatMap((table) => ['UPDATE', 'DELETE'].map((verb) => [table, verb]))
  .map(
    ([table, verb]) => `CREATE TRIGGER IF NOT EXISTS ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`,
  )
  .join('\n')}
`;

/** Opens, and on first use makes, the accounts. `:memory:` keeps them in memory. */
export function openAccountsDb(file: string): Database.Database {
  mkdirSync(dirname(file), { recursive: true }); // the first account may come before the first start
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 5000');
  db.exec(SCHEMA);
  return db;
}
