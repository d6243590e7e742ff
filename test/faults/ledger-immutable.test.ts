import Database from 'better-sqlite3';
import { ledgerFile } from '../../src/ledger/sqlite/schema';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { everything, temporaryDirectory, writtenLedger } from './ledger-directory';

describe('a foreign tool with the ledger file open', () => {
  const directory = temporaryDirectory();

  const COLUMNS = '(position, stream, revision, id, crc, body)';
  const attempts: ReadonlyArray<[what: string, sql: string]> = [
    ['UPDATE', `UPDATE event SET body = '{}' WHERE position = 2`],
    ['UPDATE of a position', `UPDATE event SET position = 99 WHERE position = 6`],
    ['DELETE', `DELETE FROM event WHERE position = 2`],
    ['DELETE of everything', `DELETE FROM event`],
    ['REPLACE of a position', `REPLACE INTO event ${COLUMNS} VALUES (2, 9, 0, x'01', 0, '{}')`],
    ['REPLACE of the last position', `REPLACE INTO event ${COLUMNS} VALUES (6, 9, 0, x'01', 0, '{}')`],
    ['REPLACE of a revision', `REPLACE INTO event ${COLUMNS} VALUES (7, 1, 1, x'01', 0, '{}')`],
    ['REPLACE of an id', `REPLACE INTO event ${COLUMNS} SELECT 7, 9, 0, id, 0, '{}' FROM event WHERE position = 3`],
    ['INSERT that leaves a gap', `INSERT INTO event ${COLUMNS} VALUES (8, 9, 0, x'01', 0, '{}')`],
    ['INSERT of a skipped revision', `INSERT INTO event ${COLUMNS} VALUES (7, 1, 7, x'01', 0, '{}')`],
    ['upsert', `INSERT INTO event ${COLUMNS} VALUES (2, 1, 1, x'01', 0, '{}') ON CONFLICT DO UPDATE SET body = '{}'`],
    ['UPDATE of a stream name', `UPDATE stream SET name = 'case-x' WHERE id = 1`],
    ['DELETE of a stream name', `DELETE FROM stream WHERE id = 1`],
    ['REPLACE of a stream name', `REPLACE INTO stream (id, name) VALUES (9, 'case-1')`],
    ['REPLACE of a stream', `REPLACE INTO stream (id, name) VALUES (1, 'case-x')`],
  ];

  it.each(attempts)('%s is refused and nothing has changed', async (_what, sql) => {
    const before = await writtenLedger(directory.path, 2, 3);
    const tool = new Database(ledgerFile(directory.path));
    tool.pragma('recursive_triggers = OFF'); // SQLite's default, under which REPLACE fires no delete trigger
    expect(() => tool.exec(sql)).toThrow(/never|only added/);
    tool.close();
    const store = SqliteEventStore.open({ directory: directory.path });
    expect(await everything(store)).toEqual(before);
    await store.close();
  });
});
