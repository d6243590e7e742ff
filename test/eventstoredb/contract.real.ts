import { eventStoreContract } from '../contract/event-store.contract';
import { closeAll, connectedTo } from './real-server';
import { freshPrefix } from './run';

afterAll(closeAll);

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
