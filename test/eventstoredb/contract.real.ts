import { eventStoreContract } from '../contract/event-store.contract';
import { connectedTo, freshPrefix, leaveClean } from './real-server';

afterAll(leaveClean, 120_000);

eventStoreContract('the ledger in a real EventStoreDB', async () => {
  const prefix = freshPrefix();
  // One at a time: the suite asks that appends to different streams, sent at once, get their positions in that order.
  let store = await connectedTo(prefix, 1);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await connectedTo(prefix, 1);
      return store;
    },
    close: () => store.close(),
  };
});
