import { plainToInstance } from 'class-transformer';
import { Failure } from '../../src/kernel/errors';
import { event } from '../../src/kernel/event';
import { appraisalDecider } from '../../src/appraisal/appraisal';
import * as command from '../../src/appraisal/appraisal-commands';
import * as E from '../../src/appraisal/appraisal-events';
import { schemeDecider } from '../../src/appraisal/scheme';
import { validateCommand } from '../../src/ledger/deciding/command-validation';
import { officerDecider } from '../../src/registry/officer';
import { OfficerRegistered } from '../../src/registry/registry-events';
import { given, past } from './specification';

const DRAFTED = event(E.SchemeDrafted, {
  title: '百分制考核细则',
  version: 1,
  level: 'officer',
  criteria: [
    {
      code: 'documents',
      zh: '文书规范',
      en: 'Documents',
      norm: 'documents',
      points: 60,
      check: 'regular',
      metric: 'documents_complete',
      events: ['PenaltyDecided'],
    },
    {
      code: 'attire',
      zh: '着装规范',
      en: 'Attire',
      norm: 'attire',
      points: 40,
      check: 'spot',
      metric: 'spot_check',
      events: ['SpotCheckRecorded'],
    },
  ],
  excellentFrom: 90,
  passFrom: 60,
  bonusMax: 5,
});
const PUBLISHED = event(E.SchemePublished, { version: 1, effectiveFrom: '2026-01-01' });
const OFFICER = event(OfficerRegistered, {
  name: '李四',
  bodyId: 'body-1',
  post: '科员',
  unit: '一中队',
  employment: 'civil_servant',
});
const OPENED = event(E.AppraisalOpened, {
  schemeId: 's-1',
  schemeVersion: 1,
  officerId: 'lisi',
  bodyId: 'body-1',
  year: 2026,
});
const APPRAISER = { account: 'appraiser-account', officer: 'wangwu', roles: ['appraiser'] };
const OTHER = { account: 'other-account', officer: 'zhaoliu', roles: ['appraiser'] };
const LISI = { account: 'lisi-account', officer: 'lisi', roles: ['officer', 'appraiser'] };

const cite = (eventId: string): E.Citation[] => [{ stream: 'case-1', eventId }];
const mark = (points: number, eventId = 'e-1', more: Partial<E.CaseMarked> = {}) =>
  event(E.CaseMarked, { criterion: 'documents', points, reason: '缺送达回证。', citations: cite(eventId), ...more });
const appraising = (actor: object, ...events: object[]) =>
  given(appraisalDecider, ...events)
    .as(actor)
    .knowing(schemeDecider, 's-1', DRAFTED, PUBLISHED);
const marking = (fields: Partial<command.MarkCase>, ...events: object[]) =>
  appraising(APPRAISER, OPENED, ...events).when(command.MarkCase, {
    criterion: 'documents',
    points: -2.5,
    reason: '缺送达回证。',
    citations: cite('e-1'),
    ...fields,
  });

describe('opening (M01, M02, M05)', () => {
  const opening = (id: string, scheme: object[] = [DRAFTED, PUBLISHED]) =>
    given(appraisalDecider)
      .as(APPRAISER)
      .addressedTo(id)
      .knowing(schemeDecider, 's-1', ...scheme)
      .knowing(officerDecider, 'lisi', OFFICER);
  const wanted = { schemeId: 's-1', schemeVersion: 1, officerId: 'lisi', year: 2026 };

  test('M01: one of an officer and year, under a published version', () => {
    opening('lisi-2026').when(command.OpenAppraisal, wanted).then(OPENED);
    opening('lisi-2026b').when(command.OpenAppraisal, wanted).thenRefused('appraisal.one_per_officer_and_year', 'M01');
    appraising(APPRAISER, OPENED)
      .knowing(officerDecider, 'lisi', OFFICER)
      .when(command.OpenAppraisal, wanted)
      .thenRefused('appraisal.wrong_stage');
  });

  test('M02: not under a draft, nor for a year before the scheme was in force', () => {
    opening('lisi-2026', [DRAFTED])
      .when(command.OpenAppraisal, wanted)
      .thenRefused('appraisal.scheme_not_published', 'M02');
    opening('lisi-2025')
      .when(command.OpenAppraisal, { ...wanted, year: 2025 })
      .thenRefused('appraisal.scheme_not_in_force', 'M02');
  });

  test('M05: a scheme for units does not appraise a person; A06: nor one who is not registered', () => {
    opening('lisi-2026', [event(E.SchemeDrafted, { ...DRAFTED, level: 'unit' }), PUBLISHED])
      .when(command.OpenAppraisal, wanted)
      .thenRefused('appraisal.scheme_for_units', 'M05');
    opening('nobody-2026')
      .when(command.OpenAppraisal, { ...wanted, officerId: 'nobody' })
      .thenRefused('appraisal.unknown_officer', 'A06');
  });
});

describe('case by case (M01, M03)', () => {
  test('M01: every point names the event it rests on', () => {
    marking({}).then(mark(-2.5));
    marking({ citations: [] }).thenRefused('appraisal.point_without_event', 'M01');
    marking({ points: 0 }).thenRefused('appraisal.no_points');
  });

  test('the same event does not cost marks twice under one criterion', () => {
    marking({}, mark(-2.5)).thenRefused('appraisal.marked_already', 'M01');
    marking({ citations: cite('e-2') }, mark(-2.5)).thenAmong(E.CaseMarked);
  });

  test('M02: a criterion loses no more than its marks', () => {
    marking({ points: -60, citations: cite('e-2') }).thenAmong(E.CaseMarked);
    marking({ points: -57.6, citations: cite('e-2') }, mark(-2.5)).thenRefused('appraisal.beyond_criterion', 'M02');
    marking({ criterion: 'courtesy' }).thenRefused('appraisal.no_such_criterion');
  });

  test('评议考核规定18: what one put right oneself is given back, up to what was lost', () => {
    marking({ points: 2.5 }, mark(-2.5)).thenAmong(E.CaseMarked, { points: 2.5 });
    marking({ points: 2.6 }, mark(-2.5)).thenRefused('appraisal.beyond_criterion', '18');
  });

  test('评议考核规定17: a bonus stays within the limit of the scheme', () => {
    marking({ points: 5, bonus: 'major_event' }).thenAmong(E.CaseMarked, { bonus: 'major_event' });
    marking({ points: 3, bonus: 'major_event' }, mark(2.5, 'e-2', { bonus: 'model_practice' })).thenRefused(
      'appraisal.bonus_too_high',
      '第17条',
    );
    marking({ points: -1, bonus: 'major_event' }).thenRefused('appraisal.bonus_too_high');
  });

  test('nobody appraises himself', () => {
    appraising(LISI, OPENED)
      .when(command.MarkCase, { criterion: 'documents', points: -1, reason: '无', citations: cite('e-1') })
      .thenRefused('appraisal.own_case', 'M01');
  });

  test('M03: a spot check is for the norms that are spot-checked, by others', () => {
    const checking = (fields: Partial<command.RecordSpotCheck>) =>
      appraising(APPRAISER, OPENED).when(command.RecordSpotCheck, {
        criterion: 'attire',
        place: '人民路',
        found: '未佩戴标识。',
        points: -1,
        checkerIds: ['wangwu'],
        ...fields,
      });
    checking({}).thenAmong(E.SpotCheckRecorded, { checkedOn: '2026-03-10', points: -1 });
    checking({ criterion: 'documents' }).thenRefused('appraisal.not_spot_checked', 'M03');
    checking({ checkerIds: ['lisi'] }).thenRefused('appraisal.own_case');
    checking({ points: -41 }).thenRefused('appraisal.beyond_criterion');
  });

  test('a mark is withdrawn by the id of its event, and no longer counts', () => {
    const markId = '00000000-0000-7000-8000-000000000001';
    const withdrawn = event(E.MarkWithdrawn, { markId, reason: '记错案件。' });
    appraising(APPRAISER, OPENED, mark(-20))
      .when(command.WithdrawMark, { markId, reason: '记错案件。' })
      .then(withdrawn);
    appraising(APPRAISER, OPENED, mark(-20), withdrawn)
      .when(command.WithdrawMark, { markId, reason: '再撤。' })
      .thenRefused('appraisal.no_such_mark');
    appraising(APPRAISER, OPENED, mark(-20), withdrawn)
      .when(command.ConfirmAppraisal, { vetoes: [] })
      .thenAmong(E.AppraisalConfirmed, { score: 100 });
  });
});

describe('the result (评议考核规定14, 15)', () => {
  const confirming = (vetoes: E.Veto[], ...events: object[]) =>
    appraising(APPRAISER, OPENED, ...events).when(command.ConfirmAppraisal, { vetoes });

  test('full marks less what was lost, graded by the lines of the scheme; 15 days to appeal', () => {
    confirming([]).thenAmong(E.AppraisalConfirmed, { score: 100, grade: 'excellent', appealUntil: '2026-03-25' });
    confirming([], mark(-10)).thenAmong(E.AppraisalConfirmed, { score: 90, grade: 'excellent' });
    confirming([], mark(-10.1)).thenAmong(E.AppraisalConfirmed, { score: 89.9, grade: 'pass' });
    confirming([], mark(-40)).thenAmong(E.AppraisalConfirmed, { score: 60, grade: 'pass' });
    confirming([], mark(-40.1)).thenAmong(E.AppraisalConfirmed, { score: 59.9, grade: 'fail' });
  });

  test('评议考核规定17: a bonus makes up for losses, never for more than full marks', () => {
    const bonus = mark(5, 'e-2', { bonus: 'major_event' });
    confirming([], mark(-12), bonus).thenAmong(E.AppraisalConfirmed, { score: 93 });
    confirming([], bonus).thenAmong(E.AppraisalConfirmed, { score: 100 });
  });

  test('sums of tenths are exact', () => {
    const marks = Array.from({ length: 7 }, (_, i) => mark(-0.1, `e-${i}`));
    confirming([], ...marks).thenAmong(E.AppraisalConfirmed, { score: 99.3 });
  });

  test('评议考核规定15: a veto fails the year whatever the score, and names its event', () => {
    confirming([{ code: 'file_doctored', reason: '事后修改案卷。', citations: cite('e-9') }]).thenAmong(
      E.AppraisalConfirmed,
      { score: 100, grade: 'fail' },
    );
    confirming([{ code: 'file_doctored', reason: '事后修改案卷。', citations: [] }]).thenRefused(
      'appraisal.point_without_event',
      '第15条',
    );
  });

  test('after it is confirmed nothing is marked any more', () => {
    const confirmed = event(E.AppraisalConfirmed, {
      score: 100,
      grade: 'excellent',
      vetoes: [],
      notifiedOn: '2026-03-10',
      appealUntil: '2026-03-25',
    });
    marking({}, confirmed).thenRefused('appraisal.wrong_stage');
  });
});

describe('appeal and publication (评议考核规定20, M07)', () => {
  const veto = { code: 'obstruction', reason: '拒不配合。', citations: cite('e-9') };
  const confirmed = past(
    '2026-03-10T01:00:00.000Z',
    event(E.AppraisalConfirmed, {
      score: 88,
      grade: 'fail',
      vetoes: [veto],
      notifiedOn: '2026-03-10',
      appealUntil: '2026-03-25',
    }),
    { account: 'appraiser-account' },
  );
  const appealed = event(E.AppraisalAppealed, { appealedOn: '2026-03-20', officerId: 'lisi', grounds: '扣分有误。' });
  const markId = '00000000-0000-7000-8000-000000000001';
  const all = [OPENED, mark(-12), confirmed];

  test('the officer may appeal until the fifteenth day', () => {
    const appealing = (at: string, actor: object = LISI) =>
      appraising(actor, ...all)
        .at(at)
        .when(command.AppealAppraisal, { grounds: '扣分有误。' });
    appealing('2026-03-25T15:59:00.000Z').thenAmong(E.AppraisalAppealed, { appealedOn: '2026-03-25' });
    appealing('2026-03-25T16:00:00.000Z').thenRefused('appraisal.appeal_too_late', '第20条');
    appealing('2026-03-20T02:00:00.000Z', OTHER).thenRefused('appraisal.not_the_officer', '第20条');
  });

  test('others re-examine it; what they take back changes score and grade', () => {
    const deciding = (actor: object, fields: Partial<command.DecideAppraisalAppeal>) =>
      appraising(actor, ...all, appealed).when(command.DecideAppraisalAppeal, {
        outcome: 'changed',
        reason: '经复查。',
        ...fields,
      });
    const both = { withdrawnMarkIds: [markId], liftedVetoes: ['obstruction'] };
    deciding(OTHER, both).thenAmong(E.AppraisalAppealDecided, { score: 100, grade: 'excellent', vetoes: [] });
    deciding(OTHER, { liftedVetoes: ['obstruction'] }).thenAmong(E.AppraisalAppealDecided, {
      score: 88,
      grade: 'pass',
    });
    deciding(OTHER, { outcome: 'upheld' }).thenAmong(E.AppraisalAppealDecided, { score: 88, grade: 'fail' });
    deciding(APPRAISER, both).thenRefused('appraisal.same_decider', '第20条');
    deciding(OTHER, {}).thenRefused('appraisal.appeal_changes');
    deciding(OTHER, { outcome: 'upheld', ...both }).thenRefused('appraisal.appeal_changes');
    deciding(OTHER, { withdrawnMarkIds: ['no-such-mark'] }).thenRefused('appraisal.appeal_changes');
  });

  test('M07: published after the time to appeal or the decision, as it then stands', () => {
    const publishing = (at: string, ...events: object[]) =>
      appraising(APPRAISER, ...events)
        .at(at)
        .when(command.PublishAppraisal, { scope: 'public' });
    publishing('2026-03-25T02:00:00.000Z', ...all).thenRefused('appraisal.appeal_still_possible', 'M07');
    publishing('2026-03-26T02:00:00.000Z', ...all).then(
      event(E.AppraisalPublished, { scope: 'public', score: 88, grade: 'fail' }),
    );
    publishing('2026-04-20T02:00:00.000Z', ...all, appealed).thenRefused('appraisal.wrong_stage');
    const decided = event(E.AppraisalAppealDecided, {
      outcome: 'changed',
      reason: '经复查。',
      withdrawnMarkIds: [],
      vetoes: [],
      score: 88,
      grade: 'pass',
    });
    publishing('2026-03-21T02:00:00.000Z', ...all, appealed, decided).thenAmong(E.AppraisalPublished, {
      grade: 'pass',
    });
  });
});

test('M01: a command without a citation, or with a point too many, does not get as far as a decision', () => {
  const good = { criterion: 'documents', points: -2.5, reason: '缺送达回证。', citations: cite('e-1') };
  const check = (fields: object) => () => validateCommand(plainToInstance(command.MarkCase, { ...good, ...fields }));
  expect(check({})).not.toThrow();
  for (const bad of [
    { citations: [] },
    { citations: [{ stream: 'case-1' }] },
    { points: -100.5 },
    { points: 0.25 },
    { bonus: 'charm' },
  ]) {
    expect(check(bad)).toThrow(Failure);
  }
});
