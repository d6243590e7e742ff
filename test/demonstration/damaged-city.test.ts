import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { JsonLogger } from '../../src/api/logger';
import { demoCommand } from '../../src/cli/demo.command';
import { readConfig } from '../../src/config';
import { ensureCity, type Demonstration } from '../../src/demonstration/demonstration';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { startServer } from '../../src/server';

const directory = mkdtempSync(join(tmpdir(), 'mingjing-damaged-city-'));
const environment = process.env;
let city: Demonstration;
let position: number;

/** A byte of the first event of the city's notice goes bad, as on a failing disk. */
beforeAll(async () => {
  city = await ensureCity(readConfig({ MINGJING_DATA: directory, MINGJING_LOG_LEVEL: 'silent' }), {
    today: '2026-11-20',
    cases: 8, // opening a ledger reads its end, where the notice must not stand
  });
  const store = SqliteEventStore.open({ directory, readOnly: true });
  [{ position }] = await store.readStream(`notice-${city.notice}`, { direction: 'forwards', limit: 1 });
  await store.close();
  const db = new Database(join(directory, 'ledger.db'));
  const trigger = db.prepare("SELECT sql FROM sqlite_master WHERE name = 'event_no_update'").pluck().get() as string;
  db.exec('DROP TRIGGER event_no_update');
  db.prepare("UPDATE event SET body = replace(body, 'penalty', 'penalti') WHERE position = ?").run(position);
  db.exec(trigger);
  db.close();
  process.env = { ...environment, MINGJING_DATA: directory, PORT: '0', MINGJING_LOG_LEVEL: 'silent' };
});
afterAll(() => {
  process.env = environment;
  rmSync(directory, { recursive: true, force: true });
});

test('the demonstration fails and closes: nothing goes on listening, and the ledger is free', async () => {
  await expect(demoCommand().parseAsync([], { from: 'user' })).rejects.toMatchObject({
    name: 'LedgerCorrupt',
    position,
  });
  await SqliteEventStore.open({ directory }).close(); // LedgerLocked while a server has it
});

test('a reader is told that the record is damaged, not to come again; the log says where, once a request', async () => {
  const lines: string[] = [];
  const logger = new JsonLogger('error', { write: (line: string) => void lines.push(line) });
  const config = { ...readConfig(process.env), port: 0 };
  const mingjing = await startServer(config, { logger, seal: false });
  try {
    const response = await fetch(`${await mingjing.app.getUrl()}/api/public-notices/${city.notice}/proofs`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([500, null]);
    const problem = (await response.json()) as Record<string, string>;
    expect(problem.code).toBe('ledger.corrupt');
    expect(problem.detail_zh).toContain(`第 ${position} 号`);
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told.filter(({ problem: code }) => code === 'ledger.corrupt')).toEqual([
      expect.objectContaining({ level: 50, position, error: 'LedgerCorrupt' }),
    ]);
  } finally {
    await mingjing.close();
  }
});
