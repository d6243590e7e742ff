import { EventStoreDBClient, streamNameFilter } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { EventStoreDbStore } from '../../src/ledger/eventstoredb/eventstoredb-event-store';

/** Begins the name of every stream that this run makes. No ledger's prefix: one that begins another's would count its events. */
const RUN = `mjtest-${randomUUID().slice(0, 8)}-`;
let ledgers = 0;
const opened: EventStoreDbStore[] = [];

export const connectionString = process.env.EVENTSTORE_URL ?? '';

/** Of an empty ledger on the real server. */
export const freshPrefix = (): string => `${RUN}${++ledgers}-`;

export async function connectedTo(streamPrefix: string, appendsInFlight?: number): Promise<EventStoreDbStore> {
  const store = await EventStoreDbStore.connect({
    connectionString,
    streamPrefix,
    ...(appendsInFlight && { appendsInFlight }),
  });
  opened.push(store);
  return store;
}

/** Closes what is open and deletes the streams of this run, and no others. The next scavenge removes their events. */
export async function leaveClean(): Promise<void> {
  await Promise.all(opened.map((store) => store.close()));
  const client = EventStoreDBClient.connectionString(connectionString);
  for (const stream of await streamsOfThisRun(client))
    await client.tombstoneStream(stream, { expectedRevision: 'any' });
  await client.dispose();
}

function streamsOfThisRun(client: EventStoreDBClient): Promise<ReadonlySet<string>> {
  const streams = new Set<string>();
  const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes: [RUN] }) });
  return new Promise((resolve, reject) => {
    subscription.on('data', ({ event }) => event && streams.add(event.streamId));
    subscription.on('error', reject);
    subscription.on('caughtUp', () => void subscription.unsubscribe().then(() => resolve(streams), reject));
  });
}
