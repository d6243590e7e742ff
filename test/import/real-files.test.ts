import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import {
  HistoricalOutcomeRecorded,
  HistoricalPenaltyImported,
} from '../../src/enforcement/historical/historical-events';
import { ImportFinished } from '../../src/enforcement/historical/import-events';
import { importFile } from '../../src/importing/import-file';
import { is } from '../../src/kernel/event';
import { allEvents, haveRealFiles, openLedger, TAIPEI_CP950, TAIPEI_UTF8, TAOYUAN } from './import-ledger';

const title = 'the lists of Taipei and Taoyuan';
const real = haveRealFiles ? describe : describe.skip;

real(haveRealFiles ? title : `${title}: skipped, ../shared/data or MINGJING_SHARED does not hold them`, () => {
  let directory: string;
  let ledger: Awaited<ReturnType<typeof openLedger>>;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mingjing-real-'));
    ledger = await openLedger(directory);
  });
  afterAll(async () => {
    await ledger.close();
    rmSync(directory, { recursive: true });
  });

  const rejects = (): string => join(directory, 'rejects.csv');
  const run = (file: string, profile: string) =>
    importFile({ file, profile, commands: ledger.commands, rejects: rejects() });
  const rejected = (): string[][] =>
    parse(readFileSync(rejects(), 'utf8'), { bom: true, relax_column_count: true, from: 2 });
  const events = () => allEvents(ledger.store);

  test('Taipei in CP950: every row is an act', async () => {
    const summary = await run(TAIPEI_CP950, 'taipei-labour.cp950');
    expect(summary).toMatchObject({
      rows: 2969,
      imported: 2969,
      differing: 0,
      rejected: 0,
      undecodable: 0,
      damaged: 16,
    });
    expect(rejected()).toEqual([]);
  });

  test('47 document numbers stand on more than one row (48 with a space put aside), and each row is its own act', async () => {
    const rows = new Map<string, number>();
    const streams = new Set<string>();
    for (const e of await events()) {
      if (!is(e, HistoricalPenaltyImported)) continue;
      streams.add(e.stream);
      rows.set(e.data.documentNumber, (rows.get(e.data.documentNumber) ?? 0) + 1);
    }
    expect(streams.size).toBe(2969);
    const repeated = (numbers: Iterable<number>) => [...numbers].filter((n) => n > 1).length;
    // 府勞動字第10201639300號 stands there twice, once with a space behind it.
    expect(repeated(rows.values())).toBe(48);
    const cells = parse(readFileSync(TAIPEI_UTF8, 'utf8'), { from: 2 }).map((row) => row[2]);
    const asWritten = new Map(cells.map((cell) => [cell, cells.filter((other) => other === cell).length]));
    expect(repeated(asWritten.values())).toBe(47);
  });

  test('54 reconsiderations ended: 53 dismissed, 1 not accepted, each on its own act', async () => {
    const outcomes = (await events()).filter((e) => is(e, HistoricalOutcomeRecorded));
    const count = (outcome: string) => outcomes.filter((e) => e.data.outcome === outcome).length;
    expect([outcomes.length, count('dismissed'), count('not_accepted')]).toEqual([54, 53, 1]);
    expect(new Set(outcomes.map((e) => e.stream)).size).toBe(54);
    for (const e of outcomes)
      expect(e.data).toMatchObject({ authority: '勞動部', decidedOn: expect.stringMatching(/^201[45]-/) });
  });

  test('decision to publication takes 16 to 476 days, median 67, over 20 in 2,961 of 2,969', async () => {
    const lags = (await events())
      .filter((e) => is(e, HistoricalPenaltyImported))
      .map(({ data }) => (Date.parse(data.publishedOn ?? '') - Date.parse(data.decidedOn)) / 86_400_000)
      .sort((a, b) => a - b);
    expect(lags).toHaveLength(2969);
    expect([lags[0], lags[1484], lags[2968]]).toEqual([16, 67, 476]);
    expect(lags.filter((days) => days > 20)).toHaveLength(2961);
  });

  test('the same list in UTF-8 adds no act; the one name that CP950 cannot hold is reported', async () => {
    const before = (await events()).filter((e) => is(e, HistoricalPenaltyImported)).length;
    const summary = await run(TAIPEI_UTF8, 'taipei-labour.utf8');
    expect(summary).toMatchObject({
      rows: 2969,
      imported: 0,
      outcomes: 0,
      alreadyThere: 2968,
      differing: 1,
      rejected: 0,
    });
    expect(rejected().map(([line, code, field]) => [line, code, field])).toEqual([
      ['2318', 'historical.differs', 'partyName,partyPublicName'],
    ]);
    expect((await events()).filter((e) => is(e, HistoricalPenaltyImported))).toHaveLength(before);
  });

  test('Taoyuan: every row is an act or a reject with line and reason', async () => {
    const summary = await run(TAOYUAN, 'taoyuan-labour');
    expect(summary).toMatchObject({ rows: 1763, imported: 1757, differing: 0, rejected: 6 });
    expect(rejected().map(([line, code]) => [Number(line), code])).toEqual([
      [663, 'historical.party_missing'],
      [840, 'historical.decision_date_missing'],
      [912, 'historical.party_missing'],
      [915, 'historical.party_missing'],
      [1660, 'import.date_unreadable'],
      [1718, 'import.date_unreadable'],
    ]);
  });

  test('Taoyuan: cells in each other’s column are put back, grounds and campaigns are told', async () => {
    const acts = (await events()).flatMap((e) =>
      is(e, HistoricalPenaltyImported) && e.data.jurisdiction === '桃園市' ? [e.data] : [],
    );
    const repaired = (what: string) => acts.filter((a) => a.repairs.includes(what)).length;
    expect(repaired('exchanged:documentNumber,violation')).toBe(6);
    expect(repaired('exchanged:decidedOn,remarks')).toBe(3);
    expect(acts.every((a) => a.publishedOn === undefined && /^\d+年/.test(a.documentNumber))).toBe(true);
    expect(acts.every((a) => a.articles.length === 1 && a.articles[0].instrument === '勞動基準法')).toBe(true);
    expect(acts.filter((a) => a.aggravation.includes('重複違反同一條款'))).toHaveLength(73);
    expect(acts.filter((a) => a.campaign === '本府自辦專案檢查(工讀生專案)')).toHaveLength(10);
    expect(acts.filter((a) => /代表人|負責人/.test(a.partyPublicName))).toEqual([]);
  });

  test('running all three again adds nothing to the ledger', async () => {
    const head = await ledger.store.head();
    expect(await run(TAIPEI_CP950, 'taipei-labour.cp950')).toMatchObject({ imported: 0, alreadyThere: 2969 });
    expect(await run(TAIPEI_UTF8, 'taipei-labour.utf8')).toMatchObject({
      imported: 0,
      alreadyThere: 2968,
      differing: 1,
    });
    expect(await run(TAOYUAN, 'taoyuan-labour')).toMatchObject({ imported: 0, alreadyThere: 1757, rejected: 6 });
    expect(await ledger.store.head()).toBe(head);
    expect((await events()).filter((e) => is(e, ImportFinished))).toHaveLength(3);
  });
});
