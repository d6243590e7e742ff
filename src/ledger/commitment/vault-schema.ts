import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** `MJkv`, in the file's header: this SQLite file is a key vault. */
const APPLICATION_ID = 0x4d4a6b76;
export const OWNER_ONLY = 0o600;
/** How long a write waits for one in another process. */
export const BUSY_TIMEOUT_MS = 1000;

/** The vault of a data directory. */
export const vaultFile = (directory: string): string => join(directory, 'vault.db');

/**
 * `migrations[v]` brings the file from `user_version` v to v + 1. Never edited once released: a change is a new entry.
 *
 * Rows with key bytes are only ever added at the end and overwritten in place by as many zeros. SQLite moves rows between
 * pages when one is inserted in the middle or deleted, and leaves the old bytes in the page it moved them from: a key that
 * has moved could be read after its destruction.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE subject_key (
    id      INTEGER PRIMARY KEY,   -- ascending: a new row goes to the end
    subject TEXT NOT NULL UNIQUE,  -- <kind>:<opaque id>
    key     BLOB NOT NULL CHECK (length(key) = 64),  -- 32 bytes that encrypt, 32 that make salts; zeros once destroyed
    made_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE destroyed (subject TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE ledger_key (name TEXT PRIMARY KEY, key BLOB NOT NULL CHECK (length(key) = 32), made_at TEXT NOT NULL) STRICT;

  CREATE TRIGGER destroyed_for_good BEFORE DELETE ON destroyed BEGIN SELECT raise(ABORT, 'a destruction stays on record'); END;
  CREATE TRIGGER destroyed_once BEFORE UPDATE ON destroyed BEGIN SELECT raise(ABORT, 'a destruction stays on record'); END;
  CREATE TRIGGER ledger_key_kept BEFORE DELETE ON ledger_key BEGIN SELECT raise(ABORT, 'the salts hang on it'); END;
  CREATE TRIGGER ledger_key_same BEFORE UPDATE ON ledger_key BEGIN SELECT raise(ABORT, 'the salts hang on it'); END;
  `,
  `
  CREATE TABLE sealed_mark (
    origin TEXT PRIMARY KEY,
    size   INTEGER NOT NULL CHECK (size >= 0),
    root   BLOB NOT NULL CHECK (length(root) = 32)
  ) STRICT, WITHOUT ROWID;

  CREATE TRIGGER sealed_mark_kept BEFORE DELETE ON sealed_mark BEGIN SELECT raise(ABORT, 'a mark is only raised'); END;
  CREATE TRIGGER sealed_mark_raised BEFORE UPDATE ON sealed_mark WHEN new.size <= old.size OR new.origin <> old.origin
    BEGIN SELECT raise(ABORT, 'a mark is only raised'); END;
  `,
];

/**
 * Opens a vault, making or migrating it. To its owner alone: the file is made with mode 0600, and SQLite gives its side files the same.
 * @throws Error when the file is not a vault or was written by a newer version of the program
 */
export function openVault(file: string): Database.Database {
  closeSync(openSync(file, constants.O_RDWR | constants.O_CREAT, OWNER_ONLY));
  return prepared(new Database(file, { timeout: BUSY_TIMEOUT_MS }), (db) => {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL'); // a key is durable before anything is encrypted under it
    db.pragma('fullfsync = ON');
    db.pragma('checkpoint_fullfsync = ON');
    db.pragma('secure_delete = ON');
    db.pragma('temp_store = MEMORY');
    db.pragma('trusted_schema = OFF');
    db.transaction(() => migrate(db, file)).immediate();
  });
}

/**
 * A vault to read beside its writer; an empty one where there is no file, as beside a ledger that seals nothing yet.
 * @param copying a file of an earlier version is copied as it is
 */
export function openVaultForReading(file: string, { copying = false } = {}): Database.Database {
  if (!existsSync(file)) {
    return prepared(new Database(':memory:'), (db) => {
      migrate(db, file);
      db.pragma('query_only = ON'); // nobody may take a key that is gone with this process for the ledger's
    });
  }
  return prepared(new Database(file, { readonly: true, timeout: BUSY_TIMEOUT_MS }), (db) => {
    db.pragma('trusted_schema = OFF');
    if (versionOf(db, file) < (copying ? 1 : migrations.length))
      throw new Error(`${file} is of an earlier version; open it for writing once`);
  });
}

function migrate(db: Database.Database, file: string): void {
  for (let v = versionOf(db, file); v < migrations.length; v++) {
    db.exec(migrations[v]);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${v + 1}`);
  }
}

function versionOf(db: Database.Database, file: string): number {
  if (db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0) return 0;
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw new Error(`${file} is not a key vault`);
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version <= migrations.length) return version;
  throw new Error(`${file} has schema version ${version}; this program knows up to ${migrations.length}`);
}

function prepared(db: Database.Database, prepare: (db: Database.Database) => void): Database.Database {
  try {
    prepare(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
