import Database from 'better-sqlite3';
import { join } from 'node:path';
import { LedgerCorrupt, type LedgerIdentity } from '../event-store';

export type Sqlite = Database.Database;

/** `MJlg`, in the file's header: this SQLite file is a ledger. */
const APPLICATION_ID = 0x4d4a6c67;

/** The first version in which a ledger says which one it is. */
const IDENTITY_VERSION = 2;

/** How long a write waits for a foreign tool that has the file locked. */
const BUSY_TIMEOUT_MS = 1000;

/** Four times SQLite's default: fewer writes a commit and fewer reads a page of events. README.md says what it costs. */
const PAGE_BYTES = 16 * 1024;
/** The write-ahead log is carried over into the file when it has grown to this. */
const WAL_BYTES = 4 * 1024 * 1024;

export const ledgerFile = (directory: string): string => join(directory, 'ledger.db');

/**
 * `migrations[v]` brings the file from `user_version` v to v + 1. Never edited once released: a change is a new entry.
 *
 * The triggers hold for every tool that opens the file, not for this program alone. REPLACE would delete the old row without
 * firing the delete trigger (unless `recursive_triggers` is on), therefore an insert that is not exactly the next position
 * and the stream's next revision, with an id that is new, is refused before it can replace anything.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

  CREATE TABLE event (
    position INTEGER PRIMARY KEY,  -- global, gapless, from 1
    stream   INTEGER NOT NULL,
    revision INTEGER NOT NULL,     -- the stream's own, gapless, from 0
    id       BLOB NOT NULL,        -- UUIDv7, 16 bytes
    crc      INTEGER NOT NULL,     -- CRC-32 of position, stream, revision and body
    body     TEXT NOT NULL         -- JSON: id, stream name, type, schemaVersion, data, metadata
  ) STRICT;
  CREATE UNIQUE INDEX event_of_stream ON event (stream, revision);
  CREATE UNIQUE INDEX event_by_id ON event (id);

  CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'events are never changed'); END;
  CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'events are never deleted'); END;
  -- ROLLBACK rather than ABORT: an ABORT makes SQLite keep a journal of every page that a single insert touches.
  CREATE TRIGGER event_no_replace BEFORE INSERT ON event
  WHEN new.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM event)
    OR new.revision IS NOT (SELECT coalesce(max(revision), -1) + 1 FROM event WHERE stream = new.stream)
    OR EXISTS (SELECT 1 FROM event WHERE id = new.id)
  BEGIN SELECT raise(ROLLBACK, 'events are only added at the end, once'); END;

  CREATE TRIGGER stream_no_update BEFORE UPDATE ON stream BEGIN SELECT raise(ABORT, 'streams are never renamed'); END;
  CREATE TRIGGER stream_no_delete BEFORE DELETE ON stream BEGIN SELECT raise(ABORT, 'streams are never deleted'); END;
  CREATE TRIGGER stream_no_replace BEFORE INSERT ON stream
  WHEN EXISTS (SELECT 1 FROM stream WHERE id = new.id OR name = new.name)
  BEGIN SELECT raise(ROLLBACK, 'streams are never replaced'); END;
  `,
  // Which ledger this is. One from before has the id of its first event, so that an older backup of it is the same ledger.
  `
  CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT;
  INSERT INTO identity SELECT 1, lower(hex(coalesce((SELECT id FROM event WHERE position = 1), randomblob(16))));

  CREATE TRIGGER identity_no_insert BEFORE INSERT ON identity BEGIN SELECT raise(ROLLBACK, 'a ledger stays the one it is'); END;
  CREATE TRIGGER identity_no_update BEFORE UPDATE ON identity BEGIN SELECT raise(ABORT, 'a ledger stays the one it is'); END;
  CREATE TRIGGER identity_no_delete BEFORE DELETE ON identity BEGIN SELECT raise(ABORT, 'a ledger stays the one it is'); END;
  `,
];

/**
 * Opens a ledger file for its one writer, creating or migrating it.
 * @throws Error when the file is not a ledger or was written by a newer version of the program
 */
export function openForWriting(file: string): Sqlite {
  const db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  return guarded(db, () => {
    db.pragma(`page_size = ${PAGE_BYTES}`); // of a new file; an existing one keeps its own
    db.pragma('journal_mode = WAL');
    db.pragma(`wal_autocheckpoint = ${WAL_BYTES / PAGE_BYTES}`);
    db.pragma('synchronous = FULL'); // the commit returns after fsync: this is what an acknowledgement means
    db.pragma('fullfsync = ON');
    db.pragma('checkpoint_fullfsync = ON');
    db.pragma('recursive_triggers = ON');
    db.pragma('cell_size_check = ON');
    db.pragma('trusted_schema = OFF');
    db.transaction(() => {
      for (let v = versionOf(db, file, true); v < migrations.length; v++) {
        db.exec(migrations[v]);
        db.pragma(`application_id = ${APPLICATION_ID}`);
        db.pragma(`user_version = ${v + 1}`);
      }
    }).immediate();
    assertSchema(db);
  });
}

/**
 * Opens a ledger file for reading, also beside a running writer. One of an earlier version is read as it is: events have not changed.
 * @throws Error when there is no such file, it is not a ledger, or a newer version of the program wrote it
 */
export function openForReading(file: string): Sqlite {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  return guarded(db, () => {
    db.pragma('cell_size_check = ON');
    db.pragma('trusted_schema = OFF');
    versionOf(db, file, false);
  });
}

/** @throws LedgerCorrupt when a table, an index or a trigger is not as the migrations made it, such as a dropped trigger */
export function assertSchema(db: Sqlite): void {
  const fresh = new Database(':memory:');
  const version = db.pragma('user_version', { simple: true }) as number;
  migrations.slice(0, version).forEach((sql) => fresh.exec(sql));
  const parts = (of: Sqlite): Map<string, string> =>
    new Map(of.prepare<[], [string, string]>('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL').raw().all());
  const wanted = parts(fresh);
  fresh.close();
  const found = parts(db);
  for (const name of new Set([...wanted.keys(), ...found.keys()])) {
    // SQLite's own tables (sqlite_stat1 after an ANALYZE) may come and go
    if (!name.startsWith('sqlite_') && found.get(name) !== wanted.get(name)) {
      throw new LedgerCorrupt(0, `the schema has been changed: ${name}`);
    }
  }
}

/** Which ledger the file is; undefined in a file from before there were identities. */
export function identityIn(db: Sqlite): LedgerIdentity | undefined {
  if ((db.pragma('user_version', { simple: true }) as number) < IDENTITY_VERSION) return undefined;
  const id = db.prepare<[], string>('SELECT id FROM identity').pluck().get();
  if (id === undefined) throw new LedgerCorrupt(0, 'the ledger’s identity is missing');
  return { id };
}

function versionOf(db: Sqlite, file: string, mayMigrate: boolean): number {
  const version = db.pragma('user_version', { simple: true }) as number;
  const empty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (empty && version === 0 && mayMigrate) return 0;
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw new Error(`${file} is not a ledger`);
  if (version > migrations.length) {
    throw new Error(`${file} has schema version ${version}; this program knows up to ${migrations.length}`);
  }
  return version;
}

function guarded(db: Sqlite, prepare: () => void): Sqlite {
  try {
    prepare();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
