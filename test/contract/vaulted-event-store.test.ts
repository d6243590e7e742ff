import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../src/ledger/commitment/open-ledger';
import { eventStoreContract } from './event-store.contract';

eventStoreContract('the SQLite ledger with its key vault', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-vaulted-'));
  const at = { ledger: directory, vault: directory };
  let { store } = await openLedger(at);
  return {
    store,
    reopen: async () => {
      await store.close();
      ({ store } = await openLedger(at));
      return store;
    },
    close: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
});
