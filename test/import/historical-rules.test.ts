import {
  CitedArticle,
  ImportHistoricalPenalty,
  StatedOutcome,
} from '../../src/enforcement/historical/historical-commands';
import { FinishImport, StartImport } from '../../src/enforcement/historical/historical-commands';
import { historicalActDecider } from '../../src/enforcement/historical/historical-decider';
import {
  HistoricalOutcomeRecorded,
  HistoricalPenaltyImported,
} from '../../src/enforcement/historical/historical-events';
import { importDecider } from '../../src/enforcement/historical/import-decider';
import { ImportFinished, ImportStarted } from '../../src/enforcement/historical/import-events';
import { ERASED } from '../../src/kernel/erased';
import { event } from '../../src/kernel/event';
import { startOfDay } from '../../src/kernel/time';
import { given } from '../given-when-then/specification';

const IMPORT = { kind: 'import', account: 'import', roles: ['import'] } as const;
const article = Object.assign(new CitedArticle(), {
  instrument: '勞動基準法',
  article: '24',
  text: '勞動基準法第24條',
  violation: '延長工作時間未依規定加給工資',
});
const outcome = Object.assign(new StatedOutcome(), {
  outcome: 'dismissed',
  authority: '勞動部',
  documentNumber: '勞動法訴字第1號',
  decidedOn: '2015-04-07',
  text: '勞動部104年4月7日勞動法訴字第1號訴願駁回',
});

const command: ImportHistoricalPenalty = {
  documentNumber: '府勞動字第10400000001號',
  decidedOn: '2015-01-20',
  publishedOn: '2015-04-08',
  jurisdiction: '臺北市',
  bodyName: '臺北市政府勞動局',
  partyId: 'party-1',
  partyKind: 'individual_business',
  partyName: '王大明(即王大明小吃店)',
  personName: '王大明',
  articles: [article],
  violation: '延長工作時間未依規定加給工資',
  kind: 'unspecified',
  aggravation: [],
  repairs: [],
  rowSha256: 'a'.repeat(64),
};

const { personName: _, ...recorded } = command;
const imported = event(HistoricalPenaltyImported, {
  ...recorded,
  decidedOn: '2015-01-20',
  articles: [{ ...article }],
  partyPublicName: '王某某(即王某某小吃店)',
  gates: 'import-rules-v1',
});

const act = (...past: object[]) =>
  given(historicalActDecider, ...past)
    .as(IMPORT)
    .occurred(startOfDay('2015-01-20'));

describe('a historical act (D01, I04)', () => {
  test('comes in as it stands in the file, says which rules it passed, and shows no natural person by name', () => {
    act().when(ImportHistoricalPenalty, command).then(imported);
  });

  test('an organisation keeps its name', () => {
    act()
      .when(ImportHistoricalPenalty, {
        ...command,
        partyKind: 'organisation',
        partyName: '明鏡股份有限公司',
        personName: undefined,
      })
      .thenAmong(HistoricalPenaltyImported, { partyPublicName: '明鏡股份有限公司' });
  });

  test('brings the outcome of its reconsideration with it', () => {
    act()
      .when(ImportHistoricalPenalty, { ...command, outcome })
      .then(imported, event(HistoricalOutcomeRecorded, { ...outcome }));
  });

  test('is recorded once, however often it is imported and however it was read', () => {
    act(imported)
      .when(ImportHistoricalPenalty, { ...command, rowSha256: 'b'.repeat(64), repairs: ['damaged:partyName'] })
      .thenNothing();
  });

  test('is the same act still when its party was erased since (个人信息保护法 47), and tells nothing again', () => {
    const erased = { ...imported, partyName: ERASED, rowSha256: ERASED };
    act(event(HistoricalPenaltyImported, erased)).when(ImportHistoricalPenalty, command).thenNothing();
  });

  test('takes an outcome that a later edition of the list adds, once', () => {
    act(imported)
      .when(ImportHistoricalPenalty, { ...command, outcome })
      .then(event(HistoricalOutcomeRecorded, { ...outcome }));
    act(imported, event(HistoricalOutcomeRecorded, { ...outcome }))
      .when(ImportHistoricalPenalty, { ...command, outcome })
      .thenNothing();
  });

  test('is never written over by a row that says otherwise (D04)', () => {
    act(imported)
      .when(ImportHistoricalPenalty, { ...command, violation: '未達基本工資' })
      .thenRefused('historical.differs', 'D04');
  });

  test.each<[string, Partial<ImportHistoricalPenalty>, string]>([
    ['a document number', { documentNumber: ' ' }, 'historical.document_number_missing'],
    ['a party, which is never guessed', { partyName: '' }, 'historical.party_missing'],
    ['an article', { articles: [] }, 'historical.articles_missing'],
    ['a date of decision', { decidedOn: undefined }, 'historical.decision_date_missing'],
  ])('needs %s', (_name, lacking, code) => {
    act()
      .when(ImportHistoricalPenalty, { ...command, ...lacking })
      .thenRefused(code);
  });

  test.each<[string, Partial<ImportHistoricalPenalty>, string]>([
    ['decided before 1949', { decidedOn: '1911-10-10' }, 'historical.decision_date_implausible'],
    ['occurred on another day than it was decided', { decidedOn: '2015-01-21' }, 'historical.occurred_otherwise'],
    ['published before it was decided', { publishedOn: '2015-01-19' }, 'historical.published_before_decided'],
    ['published in the future', { publishedOn: '2026-03-11' }, 'historical.published_in_future'],
    ['an outcome in the future', { outcome: { ...outcome, decidedOn: '2027-01-01' } }, 'historical.outcome_in_future'],
  ])('is refused when %s', (_name, wrong, code) => {
    act()
      .when(ImportHistoricalPenalty, { ...command, ...wrong })
      .thenRefused(code);
  });

  test('may be published on the day of the decision', () => {
    act()
      .when(ImportHistoricalPenalty, { ...command, publishedOn: '2015-01-20' })
      .thenAmong(HistoricalPenaltyImported, { publishedOn: '2015-01-20' });
  });
});

describe('the record of an import (D01)', () => {
  const start = { fileSha256: 'f', fileName: 'list.csv', bytes: 10, profile: 'p', profileSha256: 'p1' };
  const finish = { profileSha256: 'p1', rows: 3, acts: 1, differing: 1, rejected: 1, undecodable: 0, damaged: 0 };
  const started = event(ImportStarted, start);
  const finished = event(ImportFinished, finish);

  test('starts and finishes', () => {
    given(importDecider).as(IMPORT).when(StartImport, start).then(started);
    given(importDecider, started).as(IMPORT).when(FinishImport, finish).then(finished);
  });

  test('records nothing twice when it is run again', () => {
    given(importDecider, started).as(IMPORT).when(StartImport, start).thenNothing();
    given(importDecider, started, finished).as(IMPORT).when(FinishImport, finish).thenNothing();
  });

  test('starts anew with a changed profile', () => {
    given(importDecider, started, finished)
      .as(IMPORT)
      .when(StartImport, { ...start, profileSha256: 'p2' })
      .thenAmong(ImportStarted);
  });

  test('is refused when rows are unaccounted for, or when it never started', () => {
    given(importDecider, started)
      .as(IMPORT)
      .when(FinishImport, { ...finish, rows: 4 })
      .thenRefused('import.rows_unaccounted');
    given(importDecider).as(IMPORT).when(FinishImport, finish).thenRefused('import.not_started');
  });
});
