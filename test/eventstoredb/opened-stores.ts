import type { RecordedEvent } from '../../src/kernel/event';
import { MAX_PAGE_EVENTS, type EventStore } from '../../src/ledger/event-store';
import { EventStoreDbStore, type EventStoreDbOptions } from '../../src/ledger/eventstoredb/eventstoredb-event-store';
import { ScriptedServer } from './scripted-server';

export { until } from '../until';

export const PREFIX = 'case-ledger-';

/** Short waits, so that what waits for a timeout is quick. */
const IMPATIENT = {
  attemptTimeoutMs: 250,
  totalTimeoutMs: 8000,
  startTimeoutMs: 8000,
  silenceMs: 300,
  streamPrefix: PREFIX,
};

/** For a test that counts calls: none is made again because a busy machine was slow to answer. */
export const PATIENT = { attemptTimeoutMs: 30_000, totalTimeoutMs: 60_000, startTimeoutMs: 60_000, silenceMs: 60_000 };

const servers: ScriptedServer[] = [];
const stores: EventStoreDbStore[] = [];

/** Started; stopped after the test. */
export async function scripted(...options: ConstructorParameters<typeof ScriptedServer>): Promise<ScriptedServer> {
  const server = await new ScriptedServer(...options).start();
  servers.push(server);
  return server;
}

/** Connected to the server; closed after the test. */
export async function connected(
  { connectionString }: { readonly connectionString: string },
  options: Partial<EventStoreDbOptions> = {},
): Promise<EventStoreDbStore> {
  const store = await EventStoreDbStore.connect({ connectionString, ...IMPATIENT, ...options });
  stores.push(store);
  return store;
}

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** Every event by position, read a page at a time. */
export async function everything(store: EventStore): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for (;;) {
    const page = await store.readAll({ direction: 'forwards', from: all.length + 1, limit: MAX_PAGE_EVENTS });
    if (page.length === 0) return all;
    all.push(...page);
  }
}

/** The ids of a subscription, until there are as many as asked. */
export async function idsFrom(store: EventStore, after: number, count: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of store.subscribe({ after })) {
    ids.push(...page.map(({ id }) => id));
    if (ids.length >= count) break;
  }
  return ids;
}

/** Ids in the order in which the server has them, our streams only. */
export const idsOnServer = (server: ScriptedServer, prefix = PREFIX): string[] =>
  server.log.events
    .filter(({ stream, type }) => stream.startsWith(prefix) && /^\w+$/.test(type) && !stream.startsWith(`${prefix}$`))
    .map(({ id }) => id);
