import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locations, readConfig } from '../../src/config';
import { openLedgerAt } from '../../src/ledger/commitment/open-ledger';
import { storesUnderTest } from '../postgres/fresh-schema';
import { eventStoreContract } from './event-store.contract';

eventStoreContract('the SQLite ledger with its key vault', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-vaulted-'));
  const stores = { ...storesUnderTest(), eventStoreUrl: '' };
  const at = locations({ ...readConfig({}), dataDirectory: directory, ...stores });
  let { store } = await openLedgerAt(at);
  return {
    store,
    reopen: async () => {
      await store.close();
      ({ store } = await openLedgerAt(at));
      return store;
    },
    close: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
});
