import Database from 'better-sqlite3';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src/kernel/event';
import { LedgerCorrupt } from '../../src/ledger/event-store';
import { checkLedger } from '../../src/ledger/sqlite/check-ledger';
import { ledgerFile } from '../../src/ledger/sqlite/schema';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { sampleEvents } from '../contract/sample-events';
import { temporaryDirectory, writtenLedger } from './ledger-directory';

const STREAMS = 12;
const EVENTS_PER_STREAM = 10;

/** Opens the store and reads all of it in every way; what could be read comes back, the errors too. */
async function readEverything(directory: string): Promise<{ events: RecordedEvent[][]; errors: unknown[] }> {
  const events: RecordedEvent[][] = [];
  const errors: unknown[] = [];
  let store: SqliteEventStore | undefined;
  const attempt = async (read: () => Promise<RecordedEvent[]>): Promise<void> => {
    try {
      events.push(await read());
    } catch (error) {
      errors.push(error);
    }
  };
  try {
    const opened = (store = SqliteEventStore.open({ directory }));
    await attempt(() => opened.readAll({ direction: 'forwards', limit: 1000 }));
    await attempt(() => opened.readAll({ direction: 'backwards', limit: 50 }));
    await attempt(() => opened.readAll({ direction: 'forwards', from: 40, limit: 7 }));
    for (let s = 0; s < STREAMS; s++) {
      await attempt(() => opened.readStream(`case-${s}`, { direction: 'forwards', limit: 1000 }));
    }
  } catch (error) {
    errors.push(error);
  } finally {
    await store?.close();
  }
  return { events, errors };
}

describe('a damaged ledger', () => {
  const directory = temporaryDirectory();

  it('with one flipped bit, wherever it is, gives the right events or an error, and the check finds it or it was harmless', async () => {
    const truth = await writtenLedger(directory.path, STREAMS, EVENTS_PER_STREAM);
    const file = ledgerFile(directory.path);
    const intact = readFileSync(file);
    let found = 0;
    let offset = 0;
    for (let n = 0; offset < intact.length; n++, offset += 397 + (n % 7) * 13) {
      const damaged = Buffer.from(intact);
      damaged[offset] ^= 1 << (n % 8);
      rmSync(`${file}-wal`, { force: true });
      rmSync(`${file}-shm`, { force: true });
      writeFileSync(file, damaged);
      const { events, errors } = await readEverything(directory.path);
      if (errors.length > 0) found += 1;
      for (const event of events.flat()) expect([offset, event]).toEqual([offset, truth[event.position - 1]]);
      const wholeLedgerRead = events.find(
        (page) => page[0]?.position === 1 && page[0].stream === 'case-0' && page.length > EVENTS_PER_STREAM,
      );
      if (wholeLedgerRead) expect(wholeLedgerRead).toHaveLength(truth.length);
      const streamsRead = events.slice(-STREAMS).filter((page) => page.length !== EVENTS_PER_STREAM);
      if (errors.length === 0 && streamsRead.length > 0) await expect(checkLedger(directory.path)).rejects.toThrow();
    }
    expect(found).toBeGreaterThan(30);
  });

  it('without an event in the middle is never read past the gap', async () => {
    await writtenLedger(directory.path, 2, 10);
    tamper(directory.path, 'DELETE FROM event WHERE position = 7');
    // A reader does not verify the end when it opens: the pages themselves are put to the test.
    const store = SqliteEventStore.open({ directory: directory.path, readOnly: true });
    await expect(store.readAll({ direction: 'forwards', limit: 10 })).rejects.toMatchObject({
      name: 'LedgerCorrupt',
      position: 7,
    });
    await expect(store.readAll({ direction: 'backwards', from: 9, limit: 5 })).rejects.toMatchObject({ position: 7 });
    await expect(store.readStream('case-0', { direction: 'forwards', limit: 10 })).rejects.toThrow(LedgerCorrupt);
    expect(await store.readAll({ direction: 'forwards', limit: 6 })).toHaveLength(6);
    await store.close();
  });

  const tamperings: ReadonlyArray<[what: string, sql: string, position: number]> = [
    ['a changed word', `UPDATE event SET body = replace(body, '明镜', '暗镜') WHERE position = 5`, 5],
    [
      'two bodies exchanged',
      `UPDATE event SET body = (SELECT body FROM event WHERE position = 6) WHERE position = 5`,
      5,
    ],
    ['a changed id column', `UPDATE event SET id = x'00112233445566778899aabbccddeeff' WHERE position = 5`, 5],
    ['a missing event', `DELETE FROM event WHERE position = 5`, 5],
    ['a renamed stream', `UPDATE stream SET name = 'case-x' WHERE name = 'case-1'`, 11],
    ['an invented stream', `INSERT INTO stream (name) VALUES ('case-x')`, 0],
    ['a dropped trigger', `DROP TRIGGER event_no_delete`, 0],
    ['a dropped index', `DROP INDEX event_by_id`, 0],
  ];
  it.each(tamperings)('with %s: the check says so and where', async (_what, sql, position) => {
    await writtenLedger(directory.path, 2, 10);
    expect(await checkLedger(directory.path)).toEqual({ events: 20, streams: 2 });
    tamper(directory.path, sql);
    await expect(checkLedger(directory.path)).rejects.toMatchObject({ name: 'LedgerCorrupt', position });
  });

  it('is refused on opening when its end is damaged', async () => {
    await writtenLedger(directory.path, 2, 10);
    tamper(directory.path, `UPDATE event SET crc = crc + 1 WHERE position = 20`);
    expect(() => SqliteEventStore.open({ directory: directory.path })).toThrow(LedgerCorrupt);
  });

  it('is refused on opening when acknowledged events are gone from its end', async () => {
    await writtenLedger(directory.path, 2, 10);
    tamper(directory.path, 'DELETE FROM event WHERE position > 17');
    expect(() => SqliteEventStore.open({ directory: directory.path })).toThrow(
      /position 18: events up to 20 were acknowledged, the file ends at 17/,
    );
    await expect(checkLedger(directory.path)).rejects.toMatchObject({ position: 18 });
  });

  it('is refused on opening when the end of the write-ahead log is damaged, which SQLite passes over in silence', async () => {
    const running = SqliteEventStore.open({ directory: directory.path });
    for (let i = 0; i < 20; i++) await running.append(`case-${i}`, 'no_stream', sampleEvents(5, i));
    const crashed = join(directory.path, 'crashed');
    mkdirSync(crashed);
    for (const name of ['ledger.db', 'ledger.db-wal', 'ledger.head']) {
      copyFileSync(join(directory.path, name), join(crashed, name));
    }
    await running.close();
    const wal = `${ledgerFile(crashed)}-wal`;
    const bytes = readFileSync(wal);
    bytes[bytes.length - 5000] ^= 4;
    writeFileSync(wal, bytes);
    expect(() => SqliteEventStore.open({ directory: crashed })).toThrow(/were acknowledged/);
  });

  it('of another kind or a newer version is not touched', async () => {
    const other = new Database(ledgerFile(directory.path));
    other.exec('CREATE TABLE guests (name TEXT)');
    other.close();
    expect(() => SqliteEventStore.open({ directory: directory.path })).toThrow(/is not a ledger/);
    rmSync(ledgerFile(directory.path));
    await writtenLedger(directory.path, 1, 1);
    tamper(directory.path, 'PRAGMA user_version = 99');
    expect(() => SqliteEventStore.open({ directory: directory.path })).toThrow(/schema version 99/);
  });
});

/** What an intruder with the file can do: takes the triggers away and puts them back, unless it was about a trigger. */
function tamper(directory: string, sql: string): void {
  const db = new Database(ledgerFile(directory));
  const triggers = db
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all();
  if (sql.startsWith('DROP TRIGGER')) {
    db.exec(sql);
  } else {
    for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
    db.exec(sql);
    for (const trigger of triggers) db.exec(trigger.sql);
  }
  db.close();
}
