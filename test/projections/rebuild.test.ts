import * as fc from 'fast-check';
import { projections } from '../../projections/all';
import {
  AppraisalConfirmed,
  AppraisalOpened,
  CaseMarked,
  SchemeDrafted,
  ServiceRated,
} from '../../src/appraisal/appraisal-events';
import { InspectionConducted } from '../../src/draws/draw-events';
import { NoticeApproved, NoticeCorrected, NoticePublished } from '../../src/disclosure/notice-events';
import {
  HistoricalOutcomeRecorded,
  HistoricalPenaltyImported,
} from '../../src/enforcement/historical/historical-events';
import { event } from '../../src/kernel/event';
import { PersonalDataErased } from '../../src/privacy/erasure-events';
import type { ReadModel } from '../../src/ledger/projecting/read-model';
import { dump } from '../../src/ledger/projecting/dump';
import { MatterMeasureImposed } from '../../src/oversight/accountability-events';
import {
  ComplaintAccepted,
  ComplaintAnswered,
  ComplaintClosed,
  ComplaintLodged,
} from '../../src/oversight/complaint-events';
import {
  BenchmarkPublished,
  BodyDetailsChanged,
  CredentialIssued,
  OfficerReassigned,
  PowerAmended,
  PowerListed,
} from '../../src/registry/registry-events';
import { answerTo, queriesOf } from '../contract/generated-queries';
import * as draw from '../given-when-then/draws-story';
import { Agency } from '../process-managers/agency';
import { body, clock, decided, determined, finding, officer, revoked } from '../process-managers/sample-acts';
import { Story } from './folding';
import { RowsInPostgres } from './rows-in-postgres';
import { toldOrdinary } from './told';

const credential = (number: string): CredentialIssued =>
  event(CredentialIssued, {
    number,
    kind: 'enforcement',
    category: '市场监管',
    area: '明镜市',
    issuedBy: '明镜市司法局',
    validFrom: '2024-01-01',
    validUntil: '2027-12-31',
  });

/** A year of an invented agency: every read model gets rows that are made, changed and removed again. */
async function aYear(agency: Agency): Promise<void> {
  await agency.on('2026-01-05').happened('body-b1', ...body);
  for (const id of ['b2', 'body-1']) await agency.happened(`body-${id}`, body[0]);
  for (const id of ['o-1', 'o-2', 'o-3']) {
    await agency.happened(`officer-${id}`, officer(`张${id}`), credential(`MJ-${id}`));
  }
  await agency.happened(
    'officer-o-3',
    event(OfficerReassigned, { bodyId: 'b2', post: '科员', from: '2026-01-05', reason: '轮岗' }),
  );
  await agency.happened('body-b1', event(BodyDetailsChanged, { name: '明镜市市场监管局', changedOn: '2026-01-06' }));
  await listPower(agency);
  for (let i = 1; i <= 20; i++) await importHistorical(agency, i);

  agency.on('2026-04-20');
  const told = new Story();
  for (const stream of ['case-1', 'case-2', 'case-3']) toldOrdinary('archived', stream, told);
  for (const { stream, type, data, metadata } of told.events) await agency.appended(stream, type, data, metadata);
  await agency.settled();

  await agency.happened('case-3', revoked);
  await agency.happened('notice-1', event(NoticeApproved, { version: 1 }));
  const shown = { channel: 'agency_site', version: 1, publishedOn: '2026-04-20', publicUntil: '2026-07-20' } as const;
  await agency.happened('notice-1', event(NoticePublished, shown));
  const corrected = { version: 2, reason: '笔误', correctedOn: '2026-04-20', violation: '无照经营食品' };
  await agency.happened('notice-1', event(NoticeCorrected, corrected));
  await agency.happened('case-4', decided({ documentNumber: '明市监处罚〔2026〕4号' }));
  await agency.happened('case-5', clock(), clock({ clock: 'penalty.payment', bindsParty: true }));
  await agency.on('2026-08-01').look();

  await agency.happened('matter-m1', determined(finding('o-1')));
  await agency.happened('matter-m2', determined(finding('o-1')));
  const measure = { officerId: 'o-1', measure: 'training', severity: 'light', basis: 'L04' };
  await agency.happened('matter-m1', event(MatterMeasureImposed, measure));
  await complain(agency);
  await appraise(agency);
  await drawAtRandom(agency);
  const erased = { subject: 'complainant:complainant-c1', ground: 'consent_withdrawn', basis: '个人信息保护法第47条' };
  await agency.happened('subject-complainant.complainant-c1', event(PersonalDataErased, erased));
  await agency.settled();
}

async function listPower(agency: Agency): Promise<void> {
  const legalBasis = [{ instrument: '无证无照经营查处办法', article: '第13条' }];
  const listed = event(PowerListed, {
    code: 'CF-001',
    name: '对无照经营的处罚',
    powerClass: 'penalty',
    legalBasis,
    bodyId: 'b1',
    office: '执法一科',
    disclosureForm: '网站',
    disclosureScope: '社会公开',
    disclosureTime: '长期',
    validFrom: '2021-07-15',
  });
  const amended = { version: 2, reason: '提速', promisedDays: 30, validFrom: '2026-07-01' };
  await agency.happened('power-CF-001', listed, event(PowerAmended, amended));
  const benchmark = event(BenchmarkPublished, {
    ...{ version: 1, powerCode: 'CF-001', bodyId: 'b1', violation: '无照经营', legalBasis },
    ...{ penaltyKinds: ['fine'], unit: 'yuan', validFrom: '2022-01-01' },
    bands: [{ level: 'minor', conditions: '首次', min: 100, max: 5000 }],
  });
  await agency.happened('benchmark-n1', benchmark);
}

async function importHistorical(agency: Agency, i: number): Promise<void> {
  const imported = event(HistoricalPenaltyImported, {
    documentNumber: `府勞動字第${i}號`,
    decidedOn: '2016-07-01',
    publishedOn: `2016-08-${10 + i}`,
    jurisdiction: '臺北市',
    bodyName: '臺北市政府勞動局',
    partyId: `p-${i}`,
    partyKind: 'organisation',
    partyName: `無名企業${i}有限公司`,
    partyPublicName: `無名企業${i}有限公司`,
    articles: [],
    violation: '未置備出勤紀錄',
    kind: 'fine',
    amount: 20000,
    currency: 'TWD',
    aggravation: [],
    repairs: [],
    rowSha256: `row-${i}`,
    gates: 'import-rules-v1',
  });
  const outcome = event(HistoricalOutcomeRecorded, { outcome: 'dismissed', authority: '勞動部', text: '訴願駁回' });
  await agency.happened(`historical-h${i}`, imported, ...(i % 3 === 0 ? [outcome] : []));
}

async function complain(agency: Agency): Promise<void> {
  const lodged = event(ComplaintLodged, {
    topic: 'not_filed',
    source: 'web',
    bodyId: 'b1',
    misconduct: [],
    anonymous: true,
    complainantId: 'complainant-c1',
    reachable: false,
    text: '举报后未见处理。',
  });
  const answered = { answeredOn: '2026-08-01', complainantId: 'complainant-c1', answer: '已责令整改。' };
  await agency.happened('complaint-c1', lodged, event(ComplaintAccepted, { acceptedOn: '2026-08-01' }));
  await agency.happened(
    'complaint-c1',
    event(ComplaintAnswered, answered),
    event(ComplaintClosed, { closing: 'resolved' }),
  );
}

async function appraise(agency: Agency): Promise<void> {
  const criterion = {
    code: 'a',
    zh: '程序',
    en: 'procedure',
    norm: 'procedure',
    check: 'spot',
    metric: 'm',
    events: [],
  };
  const scheme = {
    ...{ title: '细则', version: 1, level: 'officer', criteria: [{ ...criterion, points: 100 }] },
    ...{ excellentFrom: 90, passFrom: 60, bonusMax: 5 },
  };
  await agency.happened('scheme-s1', event(SchemeDrafted, scheme));
  const opened = { schemeId: 's1', schemeVersion: 1, officerId: 'o-1', bodyId: 'b1', year: 2026 };
  await agency.happened('appraisal-o-1-2026', event(AppraisalOpened, opened));
  const citations = [{ stream: 'case-1', eventId: 'e-1' }];
  const marked = { criterion: 'a', points: -2.5, reason: '超期', citations };
  await agency.happened('appraisal-o-1-2026', event(CaseMarked, marked));
  const confirmed = {
    score: 97.5,
    grade: 'excellent',
    vetoes: [],
    notifiedOn: '2026-08-01',
    appealUntil: '2026-08-15',
  };
  await agency.happened('appraisal-o-1-2026', event(AppraisalConfirmed, confirmed));
  await agency.happened('rating-r1', event(ServiceRated, { bodyId: 'b1', stars: 4, raterId: 'rater-r1' }));
}

async function drawAtRandom(agency: Agency): Promise<void> {
  await agency.happened('drawitem-i1', draw.itemDrafted, draw.itemReviewed, draw.itemPublished);
  await agency.happened('draw-d1', draw.announced, draw.held);
  const [{ party, officers }] = draw.held.drawn;
  const conducted = { party, conductedOn: '2026-08-01', officers: [...officers], absent: [], result: 'no_problem' };
  await agency.happened('draw-d1', event(InspectionConducted, conducted));
}

/** Every row of every read model, as bytes. */
async function dumps(readModel: ReadModel): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const projection of projections) {
    const lines: string[] = (all[projection.name] = []);
    for await (const line of dump(readModel, projection)) lines.push(line);
  }
  return all;
}

/** What `If-Match` is compared with is the revision of the stream, whichever event came last and whether or not the fold uses it. */
async function revisionsAreThoseOfTheStreams(agency: Agency): Promise<void> {
  const { store, rows } = agency.running;
  for (const [projection, table, category] of [
    ['registers', 'body', 'body'],
    ['registers', 'officer', 'officer'],
    ['registers', 'power', 'power'],
    ['registers', 'benchmark', 'benchmark'],
    ['public-notices', 'notice', 'notice'],
    ['complaints', 'complaint', 'complaint'],
    ['accountability', 'matter', 'matter'],
    ['officer-performance', 'appraisal', 'appraisal'],
    ['draws', 'item', 'drawitem'],
    ['draws', 'draw', 'draw'],
  ]) {
    for await (const { key, row } of rows.readModel.scan<{ revision?: number }>(projection, table)) {
      if (key.startsWith('historical-')) continue;
      const [last] = await store.readStream(`${category}-${key}`, { direction: 'backwards', limit: 1 });
      expect([category, key, row.revision]).toEqual([category, key, last.revision]);
    }
  }
}

/** A few hundred queries of every table. */
async function sameAnswers(one: ReadModel, other: ReadModel): Promise<void> {
  for (const projection of projections) {
    for (const queries of await queriesOf(one, projection)) {
      for (const query of fc.sample(queries, 25)) {
        expect([query, await answerTo(other, query)]).toEqual([query, await answerTo(one, query)]);
      }
    }
  }
}

test('the rows of a live run, of a rebuild beside it, of a new file and of PostgreSQL are the same, byte for byte, and answer alike', async () => {
  const agency = await new Agency().on('2026-01-01').open();
  const inPostgres = await RowsInPostgres.open(agency.running.store);
  await aYear(agency);
  const live = await dumps(agency.running.rows.readModel);
  // The agency's year reaches every table, or the comparison would say nothing about it.
  const empty = projections.flatMap(({ name, tables }) =>
    Object.keys(tables).flatMap((table) =>
      live[name].some((line) => line.startsWith(`["${table}",`)) ? [] : [`${name} ${table}`],
    ),
  );
  expect(empty).toEqual([]);

  await revisionsAreThoseOfTheStreams(agency);

  const { runner } = agency.running.rows;
  for (const { name } of projections) await runner.rebuild(name);
  await runner.settled();
  await agency.settled();
  expect(await dumps(agency.running.rows.readModel)).toEqual(live);

  await inPostgres.settled();
  expect(await dumps(inPostgres.shared.readModel)).toEqual(live);
  await inPostgres.rebuilt();
  expect(await dumps(inPostgres.shared.readModel)).toEqual(live);
  await sameAnswers(agency.running.rows.readModel, inPostgres.shared.readModel);
  await inPostgres.close();

  await agency.forgetReadModel();
  expect(await dumps(agency.running.rows.readModel)).toEqual(live);
  await agency.close();
});
