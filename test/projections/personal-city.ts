import { AppraisalAppealed, AppraisalOpened, SchemeDrafted, ServiceRated } from '../../src/appraisal/appraisal-events';
import type { CaseFiled } from '../../src/enforcement/filing-events';
import { HistoricalPenaltyImported } from '../../src/enforcement/historical/historical-events';
import { RightsNoticeServed, StatementHeard } from '../../src/enforcement/review-events';
import { event } from '../../src/kernel/event';
import { MatterStatementRecorded } from '../../src/oversight/accountability-events';
import { ComplaintAnswered, ComplaintClosed, ComplaintLodged } from '../../src/oversight/complaint-events';
import { body, decided, filed, officer } from '../process-managers/sample-acts';

/**
 * A small ledger with personal data in every kind of event that can hold some, and what was planted of whom. The characters of the
 * planted texts stand in no other text, and two of them side by side tell whose they are.
 */
export const PLANTED: Readonly<Record<string, readonly string[]>> = {
  'party:p-a': ['龘靐齉', '110105194912310021', '13911110001', '麤麤路77号', '灪爩'],
  'party:p-b': ['籱鱻', '13922220002', '厵厵巷5号', '驫騳'],
  'party:p-h': ['讟豒', '钀鑿'],
  'complainant:complainant-c1': ['爨龗', '13933330003', '鬱鸞', '麷黂'],
  'complainant:complainant-c2': ['虌蠿'],
  'rater:rater-r1': ['癵籲'],
  'officer:o-1': ['饢鸝', '鱺驪'],
};

export const SUBJECTS = Object.keys(PLANTED);

/** Where acts are recorded as they stand, such as an `Agency`. */
export interface Teller {
  on(date: string): Teller;
  happened(stream: string, ...events: object[]): Promise<void>;
}

/** Records it, each batch as it would come. Rows and processes have not caught up yet when it returns. */
export async function personalCity(agency: Teller): Promise<void> {
  const { 'party:p-a': a, 'party:p-b': b, 'party:p-h': h, 'rater:rater-r1': r, 'officer:o-1': o } = PLANTED;
  const { 'complainant:complainant-c1': c1, 'complainant:complainant-c2': c2 } = PLANTED;
  await agency.on('2026-01-05').happened('body-b1', ...body);
  for (const id of ['o-1', 'o-2']) await agency.happened(`officer-${id}`, officer(`执法员${id}`));
  agency.on('2026-04-02');
  const partyA = {
    ...{ partyId: 'p-a', partyPublicName: '龘某某', partyName: a[0], partyIdentifier: a[1], phone: a[2] },
    ...{ address: `明镜市${a[3]}`, birthDate: '1949-12-31' },
  };
  const ofA = { partyId: 'p-a', partyKind: 'natural_person', partyPublicName: '龘某某' } as const;
  for (const i of [1, 2, 3]) {
    await agency.happened(`case-a${i}`, filed({ ...partyA, caseNumber: `明市监立〔2026〕${i}号` }));
  }
  await agency.happened('case-a1', ...heard('p-a', a[4]), decided(ofA));
  const partyB: Partial<CaseFiled> = {
    ...{ partyId: 'p-b', partyKind: 'individual_business', partyPublicName: '明镜市某店', partyName: '明镜市某店' },
    ...{ legalRepresentative: b[0], partyIdentifier: undefined, phone: b[1], address: b[2] },
  };
  await agency.happened('case-b1', filed(partyB), ...heard('p-b', b[3]));
  for (const i of [1, 2]) await agency.happened(`historical-h${i}`, historical(h, i));
  const lodged = { topic: 'other', source: 'report', bodyId: 'b1', misconduct: [], reachable: true };
  const one = {
    ...lodged,
    anonymous: false,
    complainantId: 'complainant-c1',
    text: c1[2],
    name: c1[0],
    contact: c1[1],
  };
  await agency.happened(
    'complaint-c1',
    event(ComplaintLodged, one),
    event(ComplaintAnswered, { answeredOn: '2026-04-02', complainantId: 'complainant-c1', answer: c1[3] }),
    event(ComplaintClosed, { closing: 'resolved' }),
  );
  const two = { ...lodged, anonymous: true, complainantId: 'complainant-c2', text: c2[0] };
  await agency.happened('complaint-c2', event(ComplaintLodged, { ...two, reachable: false }));
  await agency.happened('rating-r1', event(ServiceRated, { bodyId: 'b1', stars: 4, raterId: 'rater-r1', text: r[0] }));
  await ofOfficer(agency, o);
}

async function ofOfficer(agency: Teller, [grounds, statement]: readonly string[]): Promise<void> {
  const scheme = {
    title: '细则',
    version: 1,
    level: 'officer',
    criteria: [],
    excellentFrom: 90,
    passFrom: 60,
    bonusMax: 5,
  };
  await agency.happened('scheme-s1', event(SchemeDrafted, scheme));
  const opened = { schemeId: 's1', schemeVersion: 1, officerId: 'o-1', bodyId: 'b1', year: 2026 };
  await agency.happened(
    'appraisal-o-1-2026',
    event(AppraisalOpened, opened),
    event(AppraisalAppealed, { appealedOn: '2026-04-02', officerId: 'o-1', grounds }),
  );
  await agency.happened('matter-m1', event(MatterStatementRecorded, { officerId: 'o-1', outcome: 'given', statement }));
}

const heard = (partyId: string, point: string): object[] => [
  event(RightsNoticeServed, {
    ...{ partyId, facts: `事实${point}`, reasons: '', legalBasis: [], penalties: [], hearingOffered: false },
    ...{
      hearingGrounds: [],
      newEvidenceIds: [],
      method: 'in_person',
      servedOn: '2026-03-20',
      officers: ['o-1', 'o-2'],
    },
    ...{ receiptSha256: 'f'.repeat(64), pages: 1 },
  }),
  event(StatementHeard, {
    ...{ statementId: 's1', partyId, receivedOn: '2026-03-22', form: 'written', points: [point, '其他'] },
    ...{ pointCount: 2, recordSha256: 'e'.repeat(64), pages: 1 },
  }),
];

const historical = ([name, representative]: readonly string[], i: number): HistoricalPenaltyImported =>
  event(HistoricalPenaltyImported, {
    ...{
      documentNumber: `府勞動字第${i}號`,
      decidedOn: '2016-07-01',
      publishedOn: '2016-08-10',
      jurisdiction: '臺北市',
    },
    ...{ bodyName: '臺北市政府勞動局', partyId: 'p-h', partyKind: 'individual_business', partyName: `${name}商行` },
    ...{ partyPublicName: '某商行', representative, articles: [], violation: '未置備出勤紀錄', kind: 'fine' },
    ...{
      amount: 20000,
      currency: 'TWD',
      aggravation: [],
      repairs: [],
      rowSha256: `行${name}`,
      gates: 'import-rules-v1',
    },
  });
