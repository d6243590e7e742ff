import fc from 'fast-check';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AuditReport } from '../../src/ledger/auditing/audit';
import { CheckedRows } from '../../src/ledger/sqlite/checked-rows';
import { ledgerFile, openForReading } from '../../src/ledger/sqlite/schema';
import { sqliteCode } from '../../src/ledger/sqlite/sqlite-code';
import { SealedLedger } from '../transparency/sealed-ledger';

const EVENTS = 60;
let ledger: SealedLedger;
let intact: Buffer;
let truth: unknown[];
beforeAll(async () => {
  ledger = await SealedLedger.make({ witnessed: false });
  await ledger.record(EVENTS);
  await ledger.seal();
  intact = readFileSync(ledger.file('ledger.db'));
  truth = events();
});
afterAll(() => ledger.erase());
beforeEach(restore);

function restore(): void {
  for (const name of ['ledger.db-wal', 'ledger.db-shm']) rmSync(ledger.file(name), { force: true });
  writeFileSync(ledger.file('ledger.db'), intact);
}

function events(): unknown[] {
  const db = openForReading(ledgerFile(ledger.directory));
  const rows = new CheckedRows(db).read(1, EVENTS);
  db.close();
  return rows;
}

/** What a check says; undefined when the file is refused as a whole. */
async function checked(): Promise<AuditReport | undefined> {
  try {
    return await ledger.check();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    return undefined;
  }
}

type Place = { position: number; column: 'body' | 'id' | 'stream' | 'revision'; byte: number; bit: number };
const place = fc.record({
  position: fc.integer({ min: 1, max: EVENTS }),
  column: fc.constantFrom(
    'body' as const,
    'body' as const,
    'body' as const,
    'id' as const,
    'stream' as const,
    'revision' as const,
  ),
  byte: fc.nat(10_000),
  bit: fc.nat(7),
});

/** Changes one bit of a column of a row, and makes the checksum fit. False when SQLite itself refuses. */
function change({ position, column, byte, bit }: Place): boolean {
  const cast = column === 'body' ? 'CAST(? AS TEXT)' : '?';
  try {
    ledger.edit((db) => {
      const select = db.prepare<[number], Buffer | number>(
        `SELECT ${column === 'body' ? 'CAST(body AS BLOB)' : column} FROM event WHERE position = ?`,
      );
      let value = select.pluck().get(position)!;
      if (typeof value === 'number') value ^= 1 << bit;
      else value[byte % value.length] ^= 1 << bit;
      db.prepare(`UPDATE event SET ${column} = ${cast} WHERE position = ?`).run(value, position);
    });
    return true;
  } catch (error) {
    if (sqliteCode(error).startsWith('SQLITE_CONSTRAINT')) return false;
    throw error;
  }
}

it('whichever bit of an event is changed, its checksum made to fit: the check names the event', async () => {
  await fc.assert(
    fc.asyncProperty(place, async (where) => {
      restore();
      if (!change(where)) return;
      const report = await checked();
      expect(report?.sound).toBe(false);
      expect(report?.firstDifferentEvent).toMatchObject({
        code: expect.stringMatching(/^check\.(event_changed|ledger_damaged)$/) as string,
        position: where.position,
      });
    }),
    { numRuns: 120 },
  );
});

it('whichever byte of the file is changed: it is found, or every event is as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (offset, mask) => {
      restore();
      ledger.editFile('ledger.db', (bytes) => void (bytes[offset % bytes.length] ^= mask));
      const report = await checked();
      if (report?.sound) expect(events()).toEqual(truth);
    }),
    { numRuns: 120 },
  );
});
