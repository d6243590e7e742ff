import { systemClock } from '../../src/kernel/time';
import type { EventStore } from '../../src/ledger/event-store';
import { openLogStorage, type LedgerLocation } from '../../src/ledger/location';
import type { PostgresSettings } from '../../src/ledger/postgres/postgres';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { LogProver } from '../../src/ledger/transparency/prover';
import { startSealing, type Sealing, type SealingOptions } from '../../src/ledger/transparency/sealing';
import { silent } from '../contract/projection-ledger';
import { sampleEvents } from '../contract/sample-events';
import { connected, PREFIX, scripted } from '../eventstoredb/opened-stores';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { COMMITMENT_KEY, fixedKeys } from './fixed-ledger';
import { takeLease } from './postgres-log';
import { temporaryDirectory } from './temporary-directory';
import { WAIT_MS } from '../until';

describe('a node that seals while it leads', () => {
  const directory = temporaryDirectory();
  const opened: Array<{ close(): Promise<unknown> }> = [];
  let postgres: PostgresSettings;
  beforeEach(() => {
    postgres = freshSchema();
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
    await dropSchema(postgres);
  });

  const embedded = (): [EventStore, LedgerLocation] => {
    const store = SqliteEventStore.open({ directory: directory.path });
    opened.push(store);
    return [store, { directory: directory.path }];
  };
  const lead = async (
    store: EventStore,
    ledger: LedgerLocation,
    more: Partial<SealingOptions> = {},
  ): Promise<Sealing> => {
    const sealing = startSealing({
      store,
      ledger,
      log: { postgres },
      fence: await takeLease(postgres),
      keys: await fixedKeys(),
      commitmentKey: COMMITMENT_KEY,
      intervalMs: 50,
      clock: systemClock,
      logger: silent,
      ...more,
    });
    opened.unshift(sealing);
    return sealing;
  };

  it('publishes into PostgreSQL what every node can prove, and the next leader goes on', async () => {
    const [store, ledger] = embedded();
    const one = await lead(store, ledger);
    await store.append('case-1', 'no_stream', sampleEvents(300));
    await one.sealed(300, WAIT_MS);
    await one.close();
    const other = await lead(store, ledger);
    await store.append('case-2', 'no_stream', sampleEvents(100));
    const { note } = await other.sealed(400, WAIT_MS);
    const reader = await openLogStorage({ postgres }, { readOnly: true });
    opened.push(reader);
    const prover = new LogProver(reader);
    expect(await prover.checkpoint()).toMatchObject({ size: 400, note });
    expect(await prover.inclusionProof(7, 400)).toHaveLength(9);
    await store.append('case-3', 'no_stream', sampleEvents(1));
    await other.sealed(401, WAIT_MS);
    expect(await prover.checkpoint()).toMatchObject({ size: 401 }); // what does not change may be kept, this may not
  });

  it('is told when another has taken over, stops for good, and has published nothing since', async () => {
    const [store, ledger] = embedded();
    let lost = 0;
    let told: () => void = () => undefined;
    const isTold = new Promise<void>((resolve) => (told = resolve));
    const former = await lead(store, ledger, { onLost: () => (lost++, told()) });
    await store.append('case-1', 'no_stream', sampleEvents(10));
    await former.sealed(10, WAIT_MS);
    const next = await lead(store, ledger);
    await store.append('case-2', 'no_stream', sampleEvents(10));
    await next.sealed(20, WAIT_MS);
    await isTold;
    expect(former.status().trouble).toMatchObject({ code: 'lease.lost' });
    await store.append('case-3', 'no_stream', sampleEvents(10));
    await next.sealed(30, WAIT_MS);
    expect([lost, former.status().checkpoint?.size]).toEqual([1, 10]);
    expect(next.status().trouble).toBeUndefined();
    await former.close();
  });

  it('stops at once when it is told to, in the middle of whatever it does', async () => {
    const [store, ledger] = embedded();
    const sealing = await lead(store, ledger, { intervalMs: 60_000 });
    await store.append('case-1', 'no_stream', sampleEvents(10));
    await sealing.sealed(10, WAIT_MS);
    await store.append('case-2', 'no_stream', sampleEvents(10)); // not due for half a minute
    await sealing.close({ atOnce: true });
    const reader = await openLogStorage({ postgres }, { readOnly: true });
    expect(String(await reader.read('checkpoint'))).toContain('\n10\n');
    await reader.close();
  });

  it('reads an EventStoreDB on a connection of its own', async () => {
    const server = await scripted();
    const store = await connected(server, { attemptTimeoutMs: 5000 });
    const ledger = { eventStore: server.connectionString, prefix: PREFIX };
    const sealing = await lead(store, ledger);
    await store.append('case-1', 'no_stream', sampleEvents(300));
    expect((await sealing.sealed(300, WAIT_MS)).size).toBe(300);
    await sealing.close();
  });
});
