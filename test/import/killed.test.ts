import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoricalPenaltyImported } from '../../src/enforcement/historical/historical-events';
import { importFile } from '../../src/importing/import-file';
import { is } from '../../src/kernel/event';
import { writeSampleFile } from '../bench/import';
import { allEvents, openLedger } from './import-ledger';

const ROWS = 4000; // more than one chunk of the file
const profile = 'taipei-labour.cp950';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mingjing-killed-'));
  for (const name of ['one', 'two']) mkdirSync(join(directory, name));
  writeSampleFile(join(directory, 'list.csv'), ROWS);
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What an import left, without the times and ids that no two runs share. */
async function contents(name: string) {
  const ledger = await openLedger(join(directory, name));
  const events = await allEvents(ledger.store);
  await ledger.close();
  return events
    .map(({ stream, revision, type, data }) => ({ stream, revision, type, data }))
    .sort((a, b) => (a.stream < b.stream ? -1 : 1));
}

async function importInto(name: string, signal?: AbortSignal) {
  const ledger = await openLedger(join(directory, name));
  try {
    return await importFile({ file: join(directory, 'list.csv'), profile, commands: ledger.commands, signal });
  } finally {
    await ledger.close();
  }
}

test('an import that is killed midway and run again leaves what one run leaves', async () => {
  const child = spawn(process.execPath, [
    '-r',
    join(__dirname, '../faults/run-ts.cjs'),
    join(__dirname, 'import-child.ts'),
    join(directory, 'one'),
    join(directory, 'list.csv'),
  ]);
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += String(text)));
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect({ signal, complaint }).toMatchObject({ signal: 'SIGKILL' });

  const left = (await contents('one')).filter((e) => e.type === HistoricalPenaltyImported.name).length;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(ROWS);
  const summary = await importInto('one');
  expect(summary).toMatchObject({ rows: ROWS, imported: ROWS - left, alreadyThere: left, rejected: 0 });

  await importInto('two');
  expect(await contents('one')).toEqual(await contents('two'));
});

test('an import that is broken off by its signal goes on from there', async () => {
  const controller = new AbortController();
  const ledger = await openLedger(join(directory, 'one'));
  const give: typeof ledger.commands.give = (...command) => {
    if (command[2].constructor.name === 'ImportHistoricalPenalty') controller.abort();
    return ledger.commands.give(...command);
  };
  const file = join(directory, 'list.csv');
  await expect(importFile({ file, profile, commands: { give }, signal: controller.signal })).rejects.toThrow(/abort/);
  const acts = (await allEvents(ledger.store)).filter((e) => is(e, HistoricalPenaltyImported));
  expect(acts).toHaveLength(1); // what was under way came to its end
  await ledger.close();
  expect(await importInto('one')).toMatchObject({ imported: ROWS - 1, alreadyThere: 1 });
});
