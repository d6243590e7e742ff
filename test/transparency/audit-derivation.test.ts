import { derivedPages, type DerivationOptions } from '../../src/ledger/auditing/derivation';
import { StoredEvents, type DerivedPage } from '../../src/ledger/auditing/stored-events';
import { SqliteKeyVault } from '../../src/ledger/commitment/sqlite-key-vault';
import { ledgerFile, openForReading, type Sqlite } from '../../src/ledger/sqlite/schema';
import { SealedLedger } from './sealed-ledger';

const EVENTS = 700;
let ledger: SealedLedger;
let db: Sqlite;
let vault: SqliteKeyVault;
let options: DerivationOptions;
beforeAll(async () => {
  ledger = await SealedLedger.make({ witnessed: false });
  await ledger.record(EVENTS);
  ledger.editFile('ledger.db', (bytes) =>
    Buffer.from(bytes.toString('latin1').replaceAll('"c-300"', '"c,300"'), 'latin1'),
  );
  db = openForReading(ledgerFile(ledger.directory));
  vault = SqliteKeyVault.open({ directory: ledger.directory });
  const commitmentKey = await vault.commitmentKey();
  options = {
    ledgerDirectory: ledger.directory,
    vaultDirectory: ledger.directory,
    commitmentKey,
    here: new StoredEvents(db, vault, commitmentKey),
    pageEvents: 64,
  };
});
afterAll(async () => {
  db.close();
  await vault.close();
  await ledger.erase();
});

async function everyPage(first: number, threads: number): Promise<DerivedPage[]> {
  const pages: DerivedPage[] = [];
  for await (const page of derivedPages(first, EVENTS, { ...options, threads })) pages.push(page);
  return pages;
}

it('threads derive what one derives, in the same order, and find the same', async () => {
  const alone = await everyPage(1, 0);
  expect(alone.map(({ known }) => known.length)).toEqual([...Array<number>(10).fill(64), 60]);
  const damaged = { code: 'check.ledger_damaged', position: 301 };
  expect(alone.flatMap(({ findings }) => findings)).toEqual([expect.objectContaining(damaged)]);
  expect(await everyPage(1, 2)).toEqual(alone);
  expect(await everyPage(641, 3)).toEqual(alone.slice(10));
});

it('a thread that fails ends the reading with its reason', async () => {
  const nowhere = { ...options, ledgerDirectory: ledger.outside('nowhere'), threads: 2 };
  await expect(derivedPages(1, EVENTS, nowhere).next()).rejects.toThrow(/directory does not exist/);
});

it('whoever stops reading leaves no thread behind', async () => {
  const pages = derivedPages(1, EVENTS, { ...options, threads: 2 });
  await pages.next();
  await pages.return();
  expect(await pages.next()).toEqual({ done: true, value: undefined });
});
