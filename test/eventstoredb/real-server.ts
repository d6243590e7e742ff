import { EventStoreDBClient, streamNameFilter } from '@eventstore/db-client';
import { EventStoreDbStore } from '../../src/ledger/eventstoredb/eventstoredb-event-store';
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

/** Deletes the streams of this run, and no others. The next scavenge removes their events. */
export async function leaveClean(): Promise<void> {
  const client = EventStoreDBClient.connectionString(connectionString);
  const streams = await streamsOfThisRun(client);
  for (let i = 0; i < streams.length; i += DELETED_AT_ONCE) {
    const some = streams.slice(i, i + DELETED_AT_ONCE);
    await Promise.all(some.map((stream) => client.tombstoneStream(stream, { expectedRevision: 'any' })));
  }
  await client.dispose();
}

/** Those that are not deleted yet. */
function streamsOfThisRun(client: EventStoreDBClient): Promise<string[]> {
  const streams = new Set<string>();
  const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes: [RUN] }) });
  return new Promise((resolve, reject) => {
    subscription.on('data', ({ event }) => {
      if (!event) return;
      if (event.type === '$streamDeleted') streams.delete(event.streamId);
      else streams.add(event.streamId);
    });
    subscription.on('error', reject);
    subscription.on('caughtUp', () => void subscription.unsubscribe().then(() => resolve([...streams]), reject));
  });
}
