import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { eventStoreContract } from './event-store.contract';

eventStoreContract('the SQLite ledger', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-ledger-'));
  let store = SqliteEventStore.open({ directory });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = SqliteEventStore.open({ directory });
      return store;
    },
    close: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
});
