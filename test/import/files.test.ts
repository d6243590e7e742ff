import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import {
  HistoricalOutcomeRecorded,
  HistoricalPenaltyImported,
} from '../../src/enforcement/historical/historical-events';
import { importFile } from '../../src/importing/import-file';
import { is } from '../../src/kernel/event';
import { allEvents, openLedger } from './import-ledger';

const HEADER = '公告日期,處分日期,處分字號,事業單位名稱/自然人姓名,事業單位代表人,違反勞動基準法條款,違反法規內容,備註';
const GOOD = '105/07/29,105/03/16,府勞動字第10500000001號,明鏡股份有限公司,姜○○,勞動基準法第24條,未加給工資,';

let directory: string;
let ledger: Awaited<ReturnType<typeof openLedger>>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mingjing-import-'));
  mkdirSync(join(directory, 'ledger'));
  ledger = await openLedger(join(directory, 'ledger'));
});
afterEach(async () => {
  await ledger.close();
  rmSync(directory, { recursive: true });
});

const write = (lines: string[] | Buffer, name = 'list.csv'): string => {
  const file = join(directory, name);
  writeFileSync(file, Array.isArray(lines) ? `\uFEFF${lines.join('\r\n')}` : lines);
  return file;
};
const run = (file: string, profile = 'taipei-labour.utf8') => importFile({ file, profile, commands: ledger.commands });
const rejectsOf = (file: string): string[][] =>
  parse(readFileSync(`${file}.rejects.csv`, 'utf8'), { bom: true, relax_column_count: true, from: 2 });
const acts = async () => (await allEvents(ledger.store)).filter((e) => is(e, HistoricalPenaltyImported));

test('a row becomes an act: occurred then, recorded now, from that row of that file', async () => {
  const file = write([HEADER, GOOD]);
  const summary = await run(file);
  expect(summary).toMatchObject({ rows: 1, imported: 1, alreadyThere: 0, differing: 0, rejected: 0 });
  const [act] = await acts();
  expect(act.metadata).toMatchObject({
    occurredAt: '2016-03-15T16:00:00.000Z', // the start of 16 March in China
    actor: { kind: 'import' },
    source: { name: 'list.csv', fileSha256: summary.fileSha256, row: 2 },
  });
  expect(act.metadata.recordedAt > act.metadata.occurredAt).toBe(true);
  expect(act.data).toMatchObject({
    documentNumber: '府勞動字第10500000001號',
    decidedOn: '2016-03-16',
    publishedOn: '2016-07-29',
    partyKind: 'organisation',
    partyPublicName: '明鏡股份有限公司',
    representative: '姜○○',
    bodyName: '臺北市政府勞動局',
    articles: [{ text: '勞動基準法第24條', violation: '未加給工資' }],
    gates: 'import-rules-v1',
  });
});

test('every malformed row goes to the rejects file with its line, reason and cells; the others come in', async () => {
  const row = (change: Record<number, string>): string =>
    GOOD.split(',')
      .map((cell, i) => change[i] ?? cell)
      .join(',');
  const file = write([
    HEADER,
    GOOD,
    row({ 1: '105/02/30' }),
    row({ 2: '' }),
    row({ 2: '無字號' }),
    row({ 3: '' }),
    row({ 5: '' }),
    row({ 5: '詳如附件' }),
    row({ 0: '105/03/15' }),
    row({ 1: '' }),
    row({ 1: '199/01/01', 0: '' }),
    row({ 3: '"明鏡' }),
    `${GOOD},多出一格`,
    row({ 3: '=cmd()', 5: '' }),
    `"${'長'.repeat(70_000)}",${GOOD}`,
    row({ 2: '府勞動字第10500000002號', 3: '"明鏡, ""大""\r\n股份有限公司"' }),
  ]);
  const summary = await run(file);
  expect(summary).toMatchObject({ rows: 15, imported: 2, rejected: 13 });
  expect(rejectsOf(file).map(([line, code, field]) => [Number(line), code, field])).toEqual([
    [3, 'import.date_unreadable', 'decidedOn'],
    [4, 'historical.document_number_missing', 'documentNumber'],
    [5, 'import.document_number_malformed', 'documentNumber'],
    [6, 'historical.party_missing', 'partyName'],
    [7, 'historical.articles_missing', 'articles'],
    [8, 'import.article_unreadable', 'articles'],
    [9, 'historical.published_before_decided', 'publishedOn'],
    [10, 'historical.decision_date_missing', 'decidedOn'],
    [11, 'command.occurred_in_future', 'occurredAt'],
    [12, 'import.quote_broken', ''],
    [13, 'import.columns_wrong', ''],
    [14, 'historical.articles_missing', 'articles'],
    [15, 'import.record_too_long', ''],
  ]);
  const [, , , , , zh, en, ...cells] = ['', '', ...rejectsOf(file)[0]];
  expect(zh).toMatch(/\p{Script=Han}/u);
  expect(en).toContain('date');
  expect(cells.slice(0, 3)).toEqual(['105/07/29', '105/02/30', '府勞動字第10500000001號']);
  expect(rejectsOf(file)[11].join()).not.toMatch(/(^|,)=cmd/); // no formula for a spreadsheet to run
  expect(statSync(`${file}.rejects.csv`).mode & 0o077).toBe(0); // the rows are personal data
});

test('rows that say the same stay apart, and stay the same acts when they are imported again', async () => {
  const file = write([HEADER, GOOD, GOOD, GOOD]);
  expect(await run(file)).toMatchObject({ imported: 3, alreadyThere: 0 });
  const head = await ledger.store.head();
  expect(await run(file)).toMatchObject({ imported: 0, alreadyThere: 3 });
  expect(await ledger.store.head()).toBe(head);
});

test('whoever runs it again, and under whatever file name, it adds no act twice', async () => {
  await run(write([HEADER, GOOD]));
  const file = write([HEADER, GOOD, GOOD.replace('00001號', '00002號')], 'newer.csv');
  const again = { file, profile: 'taipei-labour.utf8', commands: ledger.commands, account: 'clerk-2' };
  expect(await importFile(again)).toMatchObject({ imported: 1, alreadyThere: 1 });
});

test('a later edition adds an outcome to its act, and a different text is reported and not taken', async () => {
  await run(write([HEADER, GOOD, GOOD.replace('00001號', '00002號')]));
  const outcome = '勞動部105年6月10日勞動法訴字第1號訴願不受理';
  const file = write(
    [HEADER, GOOD + outcome, GOOD.replace('00001號', '00002號').replace('未加給工資', '未達基本工資')],
    'b.csv',
  );
  expect(await run(file)).toMatchObject({ imported: 0, alreadyThere: 1, differing: 1, rejected: 0, outcomes: 1 });
  expect(rejectsOf(file).map(([line, code]) => [line, code])).toEqual([['3', 'historical.differs']]);
  const outcomes = (await allEvents(ledger.store)).filter((e) => is(e, HistoricalOutcomeRecorded));
  expect(outcomes.map((e) => e.data)).toEqual([
    {
      outcome: 'not_accepted',
      authority: '勞動部',
      documentNumber: '勞動法訴字第1號',
      decidedOn: '2016-06-10',
      text: outcome,
    },
  ]);
});

test('a character outside CP950 makes no second act of the same row', async () => {
  const row = GOOD.replace('明鏡股份', '明鏡𣇄股份');
  await run(write(iconv.encode(`${HEADER}\r\n${row}\r\n`, 'cp950'), 'cp950.csv'), 'taipei-labour.cp950');
  const file = write([HEADER, row]);
  expect(await run(file)).toMatchObject({ imported: 0, differing: 1 });
  expect(rejectsOf(file)[0][2]).toContain('partyName');
});

test('bytes that are no character are counted, and never become part of a document number', async () => {
  const [before, after] = [`${HEADER}\n105/07/29,105/03/16,府勞動字第1`, '號,明鏡股份有限公司,,勞動基準法第24條,,\n'];
  const broken = Buffer.from([0xff, 0xfe]);
  const inName = GOOD.split('明鏡');
  const file = write(
    Buffer.concat([
      Buffer.from(before),
      broken,
      Buffer.from(`${after}${inName[0]}明`),
      broken,
      Buffer.from(`鏡${inName[1]}\n`),
    ]),
  );
  expect(await run(file)).toMatchObject({ rows: 2, imported: 1, rejected: 1, damaged: 1, undecodable: 1 });
  expect((await acts())[0].data).toMatchObject({ repairs: ['damaged:partyName'] });
});

test('an act of a natural person does not give the name away outside the personal fields', async () => {
  await run(
    write([
      HEADER,
      GOOD.replace('明鏡股份有限公司', '王大明(即王大明小吃店)'),
      GOOD.replace('明鏡股份有限公司', '李小美'),
    ]),
  );
  for (const { stream, metadata, data } of await acts()) {
    const { partyName: _, representative: __, rowSha256: ___, ...open } = data as Record<string, unknown>;
    expect(JSON.stringify([stream, metadata, open])).not.toMatch(/大明|小美/);
  }
});

describe('a file that cannot be imported as a whole is refused before anything is recorded', () => {
  test.each<[string, () => string, string]>([
    ['another header', () => write(['甲,乙', '1,2']), 'import.header_wrong'],
    ['another encoding', () => write(iconv.encode(`${HEADER}\n${GOOD}\n`, 'cp950')), 'import.header_wrong'],
    ['no lines', () => write(Buffer.alloc(0)), 'import.file_empty'],
    ['one endless line', () => write(Buffer.alloc(10_000_000, 'x')), 'import.record_too_long'],
    ['no such file', () => join(directory, 'none.csv'), 'import.file_not_found'],
  ])('%s', async (_name, make, code) => {
    await expect(run(make())).rejects.toMatchObject({ code });
    expect(await ledger.store.head()).toBe(0);
  });

  test('rejects that would overwrite the file', async () => {
    const file = write([HEADER, GOOD]);
    const options = { file, rejects: file, profile: 'taipei-labour.utf8', commands: ledger.commands };
    await expect(importFile(options)).rejects.toMatchObject({ code: 'import.rejects_over_file' });
  });
});

test('a failing ledger stops the import; what was acknowledged is there and the next run adds the rest', async () => {
  const rows = Array.from({ length: 600 }, (_, i) => GOOD.replace('00001號', `${10_000 + i}號`));
  const file = write([HEADER, ...rows]);
  let given = 0;
  const failing: typeof ledger.commands.give = (...command) =>
    ++given > 400 ? Promise.reject(new Error('disk full')) : ledger.commands.give(...command);
  const options = { file, profile: 'taipei-labour.utf8', commands: { give: failing } };
  await expect(importFile(options)).rejects.toThrow('disk full');
  const there = (await acts()).length;
  expect(there).toBe(399); // one command opened the record of the import
  expect(await run(file)).toMatchObject({ rows: 600, imported: 201, alreadyThere: 399 });
});
