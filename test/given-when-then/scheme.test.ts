import { event } from '../../src/kernel/event';
import '../../src/enforcement/penalty-events';
import * as E from '../../src/appraisal/appraisal-events';
import { FORBIDDEN_METRICS, NORMS } from '../../src/appraisal/appraisal-lists';
import { DraftScheme, PublishScheme, ReviseScheme, schemeDecider } from '../../src/appraisal/scheme';
import { given } from './specification';

const APPRAISER = { roles: ['appraiser'] };
const criterion = (fields: Partial<E.Criterion> = {}): E.Criterion => ({
  code: 'documents',
  zh: '处罚文书规范、要素齐全',
  en: 'Documents complete',
  norm: 'documents',
  points: 60.5,
  check: 'regular',
  metric: 'documents_complete',
  events: ['PenaltyDecided'],
  ...fields,
});
const ATTIRE = criterion({
  code: 'attire',
  zh: '着装规范',
  en: 'Attire',
  norm: 'attire',
  points: 39.5,
  check: 'spot',
  metric: 'spot_check',
  events: ['SpotCheckRecorded'],
});
const SCHEME = {
  title: '百分制考核细则',
  level: 'officer',
  criteria: [criterion(), ATTIRE],
  excellentFrom: 90,
  passFrom: 60,
  bonusMax: 5,
};
const DRAFTED = event(E.SchemeDrafted, { ...SCHEME, version: 1 });
const published = (version: number, effectiveFrom = '2026-03-10') =>
  event(E.SchemePublished, { version, effectiveFrom });
const drafting = (fields: object) =>
  given(schemeDecider)
    .as(APPRAISER)
    .when(DraftScheme, { ...SCHEME, ...fields });
const withCriterion = (fields: Partial<E.Criterion>) => drafting({ criteria: [criterion(fields), ATTIRE] });

describe('a hundred-point scheme (M02, M03)', () => {
  test('M02: criteria that add up to full marks are drafted as version 1', () => {
    drafting({}).then(DRAFTED);
  });

  test('评议考核规定14: any other sum is refused', () => {
    withCriterion({ points: 60 }).thenRefused('scheme.not_full_marks', '第14条');
    withCriterion({ points: 61 }).thenRefused('scheme.not_full_marks');
  });

  test('M03: eight norms, six with their own way of checking', () => {
    expect(NORMS.map((n) => n.check)).toEqual([
      'spot',
      'spot',
      'spot',
      'regular',
      'regular',
      undefined,
      undefined,
      'regular',
    ]);
    withCriterion({ norm: 'attire', check: 'regular' }).thenRefused('scheme.check_does_not_fit', 'M03');
    withCriterion({ norm: 'documents', check: 'spot' }).thenRefused('scheme.check_does_not_fit', 'M03');
    withCriterion({ norm: 'conduct', check: 'spot' }).thenAmong(E.SchemeDrafted);
  });

  test('M01: a criterion reads events that exist', () => {
    withCriterion({ events: ['PenaltyImagined'] }).thenRefused('scheme.unknown_event', 'M01');
  });

  test('codes are unique, and the grades in order', () => {
    drafting({ criteria: [criterion(), { ...ATTIRE, code: 'documents' }] }).thenRefused('scheme.code_repeated');
    drafting({ excellentFrom: 60 }).thenRefused('scheme.grades_out_of_order');
    drafting({ excellentFrom: 100.1 }).thenRefused('scheme.grades_out_of_order');
  });
});

describe('scoring never rewards fines (行政处罚法74, 国办发〔2022〕27号)', () => {
  test.each(FORBIDDEN_METRICS.map((m) => [m.code]))('the metric %s is refused with its article', (metric) => {
    withCriterion({ metric }).thenRefused('scheme.metric_forbidden', '行政处罚法第74条第3款');
  });

  test('a criterion that reads what was collected is refused, whatever it calls itself', () => {
    for (const type of ['FinePaid', 'FineCollectedOnTheSpot', 'LateSurchargeAssessed']) {
      withCriterion({ events: ['PenaltyDecided', type] }).thenRefused('scheme.reads_money', '第74条');
    }
  });

  test.each([
    ['罚款数额同比增长'],
    ['罚没收入完成情况'],
    ['完成罚款任务'],
    ['年度处罚案件数量'],
    ['罰款金額'],
    ['数量达标（行政处罚）'],
    ['办案件数排名'],
    ['没收财物总额'],
  ])('a criterion named %s is refused', (zh) => {
    withCriterion({ zh }).thenRefused('scheme.names_yield', '国办发〔2022〕27号');
  });

  test.each([['Total fines collected'], ['Number of penalties'], ['Penalty quota met']])(
    'a criterion named %s is refused',
    (en) => {
      withCriterion({ en }).thenRefused('scheme.names_yield');
    },
  );

  test.each([
    ['罚缴分离执行到位', 'Payment separated from the collector'],
    ['处罚决定书送达及时', 'Penalty decisions served in time'],
    ['按裁量基准处罚，说明理由', 'Penalties within the benchmark, with reasons'],
    ['没收物品保管、处置规范', 'Confiscated goods kept properly'],
    ['案卷归档及时完整', 'Case files archived in time'],
  ])('conduct and quality may be scored: %s', (zh, en) => {
    withCriterion({ zh, en }).thenAmong(E.SchemeDrafted);
  });

  test('a revision is held to the same', () => {
    given(schemeDecider, DRAFTED)
      .as(APPRAISER)
      .when(ReviseScheme, { ...SCHEME, criteria: [criterion({ metric: 'fine_amount' }), ATTIRE], reason: '修订' })
      .thenRefused('scheme.metric_forbidden', '第74条');
  });
});

describe('versions (M02, M07)', () => {
  const revision = { ...SCHEME, reason: '年度修订' };

  test('a published version is never drafted over: its revision is the next version', () => {
    given(schemeDecider, DRAFTED, published(1))
      .as(APPRAISER)
      .when(ReviseScheme, revision)
      .then(event(E.SchemeDrafted, { ...SCHEME, version: 2, revisionReason: '年度修订' }));
    given(schemeDecider, DRAFTED).as(APPRAISER).when(ReviseScheme, revision).thenAmong(E.SchemeDrafted, { version: 1 });
    given(schemeDecider, DRAFTED).as(APPRAISER).when(DraftScheme, SCHEME).thenRefused('scheme.exists');
    given(schemeDecider).as(APPRAISER).when(ReviseScheme, revision).thenRefused('scheme.not_drafted');
  });

  test('published for the days to come, never for the past', () => {
    const publishing = (...events: object[]) => given(schemeDecider, ...events).as(APPRAISER);
    publishing(DRAFTED).when(PublishScheme, { effectiveFrom: '2026-03-10' }).then(published(1));
    publishing(DRAFTED).when(PublishScheme, { effectiveFrom: '2026-03-09' }).thenRefused('scheme.not_retroactive');
    publishing(DRAFTED, published(1, '2026-07-01'), event(E.SchemeDrafted, { ...SCHEME, version: 2 }))
      .when(PublishScheme, { effectiveFrom: '2026-07-01' })
      .thenRefused('scheme.not_retroactive');
    publishing(DRAFTED, published(1))
      .when(PublishScheme, { effectiveFrom: '2026-04-01' })
      .thenRefused('scheme.no_draft');
  });
});
