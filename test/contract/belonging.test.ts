import Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openLedgerAt,
  openVaultAt,
  type OpenLedger,
  type VaultLocation,
} from '../../src/ledger/commitment/open-ledger';
import { openEvents, type LedgerLocation } from '../../src/ledger/location';
import { checkLedger } from '../../src/ledger/sqlite/check-ledger';
import { ledgerFile } from '../../src/ledger/sqlite/schema';
import { ScriptedServer } from '../eventstoredb/scripted-server';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { sampleEvent } from './sample-events';

const server = new ScriptedServer();
const home = mkdtempSync(join(tmpdir(), 'mingjing-belonging-'));
const schemas: ReturnType<typeof freshSchema>[] = [];
const opened: OpenLedger[] = [];

beforeAll(() => server.start());
afterAll(async () => {
  await server.stop();
  for (const schema of schemas) await dropSchema(schema);
  rmSync(home, { recursive: true });
});
afterEach(async () => {
  for (const { store } of opened.splice(0)) await store.close();
});

const directory = (): string => mkdtempSync(join(home, 'place-'));
const inFile = (): { directory: string } => ({ directory: directory() });
const inEventStore = (): LedgerLocation => ({
  eventStore: server.connectionString,
  prefix: `t-${randomUUID()}-`,
});
/** A database, as each node names it: with a key file that they share. */
function inPostgres(): VaultLocation {
  const postgres = freshSchema();
  schemas.push(postgres);
  return { postgres, wrappingKeys: { file: join(directory(), 'vault.key') } };
}

async function open(ledger: LedgerLocation, vault: VaultLocation): Promise<OpenLedger> {
  const ledgerThere = await openLedgerAt({ ledger, vault });
  opened.push(ledgerThere);
  return ledgerThere;
}

/** Opens, records one event, and closes. */
async function begin(ledger: LedgerLocation, vault: VaultLocation): Promise<void> {
  const { store } = await openLedgerAt({ ledger, vault });
  await store.append(`case-${randomUUID()}`, 'no_stream', [sampleEvent(0)]);
  await store.close();
}

/** As a version before there were identities has left it. */
function withoutIdentity(place: { directory: string }): void {
  const db = new Database(ledgerFile(place.directory));
  db.exec('DROP TABLE identity');
  db.pragma('user_version = 1');
  db.close();
}

const codes = (outcomes: PromiseSettledResult<unknown>[]): unknown[] =>
  outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'opened' : (outcome.reason as { code: string }).code));

describe.each([
  ['ledger.db', inFile],
  ['an EventStoreDB', inEventStore],
])('events in %s', (_, events: () => LedgerLocation) => {
  it('are not taken into a PostgreSQL that is of other events, and stay free for their own', async () => {
    const [own, stranger, shared] = [events(), events(), inPostgres()];
    await begin(own, shared);
    await expect(open(stranger, shared)).rejects.toMatchObject({ code: 'ledger.other_events', kind: 'unavailable' });
    await begin(stranger, inPostgres()); // nothing was written into them
    await begin(own, shared);
  });

  it('are of a PostgreSQL that one of two brings first, when both start at once', async () => {
    const shared = inPostgres();
    const outcomes = await Promise.allSettled([events(), events()].map((ledger) => open(ledger, shared)));
    expect(codes(outcomes).sort()).toEqual(['ledger.other_events', 'opened']);
  });

  it('that were imported before the first start, and have no identity yet, are opened', async () => {
    const [ledger, vault] = [events(), inPostgres()];
    const imported = await openEvents(ledger);
    await imported.append('case-1', 'no_stream', [sampleEvent(0)]);
    await imported.close();
    await begin(ledger, vault);
    await begin(ledger, vault);
  });

  it('are opened with their vault after it has moved to another kind of store', async () => {
    const [ledger, before, after] = [events(), inFile(), inPostgres()];
    await begin(ledger, before);
    const from = await openVaultAt(before, { readOnly: true, mayBegin: async () => false });
    const to = await openVaultAt(after, { mayBegin: async () => true });
    await to.vault.restore(from.vault.contents());
    await from.closing.close();
    await to.closing.close();
    await begin(ledger, after);
    await begin(ledger, after);
  });
});

describe('events in an EventStoreDB that several nodes share', () => {
  it.each([
    ['vault.db', inFile],
    ['PostgreSQL', inPostgres],
  ])('are opened with their own vault in %s, again and again, and with no other', async (_, vaults) => {
    const [ledger, own] = [inEventStore(), vaults()];
    const refused = async (code: string, vault = vaults()): Promise<void> =>
      expect(open(ledger, vault)).rejects.toMatchObject({ code, kind: 'unavailable' });
    await (await openLedgerAt({ ledger, vault: own })).store.close();
    await refused('ledger.other_vault');
    await begin(ledger, own);
    await refused('privacy.vault_missing'); // something is encrypted: no new vault is for it
    const others = inFile();
    await begin(inEventStore(), others);
    await refused('ledger.other_vault', others);
    await begin(ledger, own);
  });

  it('are of the vault that one of two brings first, when both start at once on nothing', async () => {
    const ledger = inEventStore();
    const outcomes = await Promise.allSettled([inFile(), inFile()].map((vault) => open(ledger, vault)));
    expect(codes(outcomes).sort()).toEqual(['ledger.other_vault', 'opened']);
  });

  it('have positions that what says which ledger it is takes no part in', async () => {
    const [ledger, vault] = [inEventStore(), inPostgres()];
    const [one, two] = await Promise.all([open(ledger, vault), open(ledger, vault)]);
    expect(await one.stored.head()).toBe(0);
    const { position } = await one.store.append('case-1', 'no_stream', [sampleEvent(0)]);
    expect(position).toBe(1);
    expect(await two.stored.present()).toBe(1);
  });
});

describe('a ledger.db', () => {
  it('of an earlier version is read and checked as it is, and is the same ledger whichever backup of it comes back', async () => {
    const [ledger, vault, restored] = [inFile(), inPostgres(), inFile()];
    const { stored } = await open(ledger, inFile()); // its identity is taken away again
    await stored.append('case-1', 'no_stream', [sampleEvent(0)]);
    await opened.pop()!.store.close();
    withoutIdentity(ledger);
    copyFileSync(ledgerFile(ledger.directory), ledgerFile(restored.directory));

    expect(await checkLedger(ledger.directory)).toMatchObject({ events: 1 });
    const reading = await openEvents(ledger, { readOnly: true });
    expect([await reading.head(), await reading.identity()]).toEqual([1, undefined]);
    await reading.close();

    await begin(ledger, vault);
    expect(await checkLedger(ledger.directory)).toMatchObject({ events: 2 });
    await begin(restored, vault);
  });

  it('keeps its identity from every tool that writes the file', async () => {
    const place = inFile();
    await begin(place, inFile());
    const db = new Database(ledgerFile(place.directory));
    const changes = [
      `UPDATE identity SET id = 'x'`,
      'DELETE FROM identity',
      `INSERT OR REPLACE INTO identity VALUES (1, 'x')`,
    ];
    for (const change of changes) expect(() => db.exec(change)).toThrow('a ledger stays the one it is');
    db.close();
  });
});
