import type { EventStoreDBClient } from '@eventstore/db-client';
import { closeClient, openClient, within } from '../../src/ledger/eventstoredb/connection';
import { EventStoreDbStore } from '../../src/ledger/eventstoredb/eventstoredb-event-store';
import { followAll } from '../../src/ledger/eventstoredb/follow-all';
import { patiently } from '../../src/ledger/eventstoredb/patience';
import { verdictOf } from '../../src/ledger/eventstoredb/store-failure';
import { connectionString, RUN } from './run';

/** Closed after the test file. */
export async function connectedTo(streamPrefix: string, appendsInFlight?: number): Promise<EventStoreDbStore> {
  const store = await EventStoreDbStore.connect({
    connectionString,
    streamPrefix,
    ...(appendsInFlight && { appendsInFlight }),
  });
  opened.push(store);
  return store;
}

const opened: EventStoreDbStore[] = [];

/** Closes what `connectedTo` has opened. */
export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((store) => store.close()));
}

const DELETED_AT_ONCE = 32;
/** For one answer, and for one stream. */
const PATIENCE = { attemptMs: 5000, totalMs: 30_000 };
const LOOK_MS = 120_000;
const LOOKS = 5;

/**
 * Deletes the streams whose names begin so, of this run unless given, and looks again until there are none. The next scavenge removes
 * their events. @returns how many there were. Throws when some are left.
 */
export async function leaveClean(prefix = RUN): Promise<number> {
  const client = openClient(connectionString);
  let deleted = 0;
  try {
    for (let look = 0; look < LOOKS; look++) {
      const streams = await living(client, prefix);
      if (streams.length === 0) return deleted;
      deleted += streams.length;
      for (let i = 0; i < streams.length; i += DELETED_AT_ONCE) {
        await Promise.all(streams.slice(i, i + DELETED_AT_ONCE).map((stream) => remove(client, stream)));
      }
    }
    throw new Error(`streams that begin with ${prefix} are still written`);
  } finally {
    await closeClient(client);
  }
}

/** Again when there is no clear answer; a stream that was deleted by an attempt before stays so. */
function remove(client: EventStoreDBClient, stream: string): Promise<unknown> {
  return patiently(PATIENCE, () =>
    within(PATIENCE.attemptMs, client.tombstoneStream(stream, { expectedRevision: 'any' })).catch((error: unknown) => {
      if (verdictOf(error) !== 'deleted') throw error;
    }),
  );
}

/** Streams that are not deleted yet. */
async function living(client: EventStoreDBClient, prefix: string): Promise<string[]> {
  const streams = new Set<string>();
  const seen = new AbortController();
  const signal = AbortSignal.any([seen.signal, AbortSignal.timeout(LOOK_MS)]);
  let trouble: unknown;
  for await (const events of followAll(client, {
    prefix,
    silenceMs: 30_000,
    signal,
    caughtUp: () => seen.abort(),
    trouble: (error) => (trouble = error),
  })) {
    for (const { streamId, type } of events) {
      if (type === '$streamDeleted') streams.delete(streamId);
      else if (!streamId.startsWith('$')) streams.add(streamId);
    }
  }
  if (!seen.signal.aborted) throw new Error('the server could not be read to its end', { cause: trouble });
  return [...streams];
}
