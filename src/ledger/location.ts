import type { EventStore } from './event-store';
import type { Fence } from './postgres/lease';
import type { PostgresSettings } from './postgres/postgres';
import { SqliteEventStore } from './sqlite/sqlite-event-store';
import { LogDirectory } from './transparency/log-directory';
import type { LogStorage } from './transparency/log-storage';
import { PostgresLogStorage } from './transparency/postgres-log-storage';
import { PostgresPublishedCheckpoints } from './transparency/postgres-published-checkpoints';
import type { PublishedCheckpoints } from './transparency/published-checkpoints';
import { SqlitePublishedCheckpoints } from './transparency/sqlite-published-checkpoints';

/**
 * Where the events are: a directory with `ledger.db`, or an EventStoreDB or KurrentDB (`esdb://…`) and what begins the names of the
 * ledger's streams there. Plain data, so that a thread can be told; the address holds a password and is never logged.
 */
export type LedgerLocation = { readonly directory: string } | { readonly eventStore: string; readonly prefix: string };

/** Where the public log is: a directory as it is served, or objects in PostgreSQL. Plain data, as above. */
export type LogLocation = { readonly directory: string } | { readonly postgres: PostgresSettings };

interface OpenOptions {
  /** Refuses to write; beside the writer. */
  readonly readOnly?: boolean;
  /** Told of every attempt to reach an event store that failed. */
  readonly failed?: (error: unknown) => void;
}

/**
 * The events as they are stored, on a connection of their own.
 * @throws LedgerLocked, LedgerCorrupt, Failure of the store
 */
export async function openEvents(
  location: LedgerLocation,
  { readOnly = false, failed }: OpenOptions = {},
): Promise<EventStore> {
  if ('directory' in location) return SqliteEventStore.open({ directory: location.directory, readOnly });
  const { eventStore: connectionString, prefix: streamPrefix } = location;
  // Its client takes 22 MiB, and most do without. An import() here would want the name of the compiled file.
  const { EventStoreDbStore } =
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    require('./eventstoredb/eventstoredb-event-store') as typeof import('./eventstoredb/eventstoredb-event-store');
  return EventStoreDbStore.connect({ connectionString, streamPrefix, readOnly, failed });
}

/**
 * The log's storage. `fence`: the lease under which it is written, where several nodes could.
 * @throws LogLocked, Failure `postgres.unavailable`
 */
export async function openLogStorage(
  location: LogLocation,
  { readOnly = false, fence }: OpenOptions & { readonly fence?: Fence } = {},
): Promise<LogStorage> {
  if ('directory' in location) return LogDirectory.open(location.directory, { readOnly });
  return PostgresLogStorage.open(location.postgres, { readOnly, fence });
}

/** The checkpoints that the log has published, beside its tiles. @throws Failure `postgres.unavailable` */
export async function openPublished(
  location: LogLocation,
  { readOnly = false, fence }: OpenOptions & { readonly fence?: Fence } = {},
): Promise<PublishedCheckpoints> {
  if ('directory' in location) {
    const { directory } = location;
    return readOnly ? SqlitePublishedCheckpoints.read(directory) : SqlitePublishedCheckpoints.open(directory);
  }
  return PostgresPublishedCheckpoints.open(location.postgres, { fence });
}
