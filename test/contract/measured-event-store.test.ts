import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { MeasuredEventStore } from '../../src/telemetry/measured-event-store';
import { eventStoreContract } from './event-store.contract';

eventStoreContract('a store that tells of its appends and pages', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-measured-'));
  const open = (): MeasuredEventStore =>
    new MeasuredEventStore(SqliteEventStore.open({ directory }), {
      append: () => undefined,
      page: () => () => undefined,
    });
  let store = open();
  return {
    store,
    reopen: async () => {
      await store.close();
      store = open();
      return store;
    },
    close: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
});
