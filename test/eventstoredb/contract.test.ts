import { randomUUID } from 'node:crypto';
import { EventStoreDbStore } from '../../src/ledger/eventstoredb/eventstoredb-event-store';
import { eventStoreContract } from '../contract/event-store.contract';
import { ScriptedServer } from './scripted-server';

const server = new ScriptedServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

eventStoreContract('the ledger in EventStoreDB', async () => {
  // One at a time: the suite asks that appends to different streams, sent at once, get their positions in that order.
  const options = { connectionString: server.connectionString, streamPrefix: `t-${randomUUID()}-`, appendsInFlight: 1 };
  let store = await EventStoreDbStore.connect(options);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await EventStoreDbStore.connect(options);
      return store;
    },
    close: () => store.close(),
  };
});
