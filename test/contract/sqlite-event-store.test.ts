import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { eventStoreContract } from './event-store.contract';
import { sampleEvent } from './sample-events';

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

describe('the SQLite ledger under too many writes at once', () => {
  it('refuses some, to be repeated later, and records each of the others', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'mingjing-ledger-'));
    const store = SqliteEventStore.open({ directory });
    const asked = Array.from({ length: 9000 }, (_, n) => store.append(`case-${n}`, 'no_stream', [sampleEvent(n)]));
    const answers = await Promise.allSettled(asked);
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toMatchObject({ kind: 'unavailable', code: 'ledger.busy' });
    expect(await store.head()).toBe(answers.length - refused.length);
    await expect(store.append('case-later', 'no_stream', [sampleEvent(0)])).resolves.toMatchObject({ revision: 0 });
    await store.close();
    rmSync(directory, { recursive: true });
  });

  it('writes what was asked before it closes', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'mingjing-ledger-'));
    const store = SqliteEventStore.open({ directory });
    const asked = [1, 2, 3].map((n) => store.append(`case-${n}`, 'no_stream', [sampleEvent(n)]));
    await store.close();
    expect((await Promise.all(asked)).map((answer) => answer.position)).toEqual([1, 2, 3]);
    rmSync(directory, { recursive: true });
  });
});
