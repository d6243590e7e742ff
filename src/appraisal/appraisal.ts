import { rule, type Circumstances, type Decider } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { contentOf } from '../kernel/fields';
import { deadline } from '../law/clocks';
import { parameter } from '../law/parameters';
import { officerDecider } from '../registry/officer';
import * as command from './appraisal-commands';
import * as E from './appraisal-events';
import { evolveAppraisal, initialAppraisal, result, sumOf, tenths, type AppraisalState } from './appraisal-state';
import { publishedVersion, schemeDecider, type SchemeVersion } from './scheme';

const APPEAL_BASIS = '交通运输行政执法评议考核规定第20条';

function inStage(s: AppraisalState, ...stages: AppraisalState['stage'][]): void {
  require_(stages.includes(s.stage), 'appraisal.wrong_stage', {
    zh: '评议考核目前所处阶段不能进行此操作。',
    en: `An appraisal that is ${s.stage} does not allow this step.`,
    basis: 'M01',
  });
}

function notOneself(s: AppraisalState, { actor }: Circumstances): void {
  require_(actor.officer !== s.officerId, 'appraisal.own_case', {
    zh: '不得考核本人。',
    en: 'Nobody appraises himself.',
    basis: 'M01、交通运输行政执法评议考核规定第4条',
  });
}

const schemeOf = (s: AppraisalState, c: Circumstances): SchemeVersion => {
  const scheme = publishedVersion(c.lookUp(schemeDecider, s.schemeId), s.schemeVersion);
  require_(scheme, 'appraisal.scheme_not_published', {
    zh: '评分细则未公布。',
    en: 'The scoring scheme is not published.',
    basis: 'M02',
    field: 'schemeId',
  });
  return scheme;
};

function criterionOf(scheme: SchemeVersion, code: string): E.Criterion {
  const found = scheme.criteria.find((x) => x.code === code);
  require_(found, 'appraisal.no_such_criterion', {
    zh: '评分细则中没有该项目。',
    en: 'The scheme has no such criterion.',
    basis: 'M02',
    field: 'criterion',
  });
  return found;
}

function open(d: command.OpenAppraisal, s: AppraisalState, c: Circumstances): object[] {
  inStage(s, 'none');
  require_(c.id === `${d.officerId}-${d.year}`, 'appraisal.one_per_officer_and_year', {
    zh: '一名人员一个年度只有一份评议考核，编号须为“人员-年度”。',
    en: 'There is one appraisal of an officer and year; its id is <officer>-<year>.',
    basis: 'M01',
    field: 'officerId',
  });
  const officer = c.lookUp(officerDecider, d.officerId);
  require_(officer?.registered, 'appraisal.unknown_officer', {
    zh: '该人员不在执法人员名册。',
    en: 'This officer is not registered.',
    basis: 'A06、M01',
    field: 'officerId',
  });
  const scheme = schemeOf({ ...s, schemeId: d.schemeId, schemeVersion: d.schemeVersion }, c);
  require_(scheme.level !== 'unit', 'appraisal.scheme_for_units', {
    zh: '该评分细则用于单位考核。',
    en: 'This scheme appraises units.',
    basis: 'M05',
    field: 'schemeId',
  });
  require_(scheme.effectiveFrom! <= `${d.year}-12-31`, 'appraisal.scheme_not_in_force', {
    zh: '该评分细则在该年度尚未施行。',
    en: 'This scheme was not yet in force that year.',
    basis: 'M02',
    field: 'year',
  });
  return [event(E.AppraisalOpened, { ...contentOf(d), bodyId: officer.bodyId })];
}

/** A criterion's standing stays between nought and its full marks; a bonus goes beyond, within the scheme's own limit. */
function checkBounds(
  s: AppraisalState,
  scheme: SchemeVersion,
  criterion: E.Criterion,
  mark: { points: number; bonus?: string },
): void {
  if (mark.bonus) {
    const bonus = sumOf(s.marks, (m) => m.bonus) + mark.points;
    require_(mark.points > 0 && tenths(bonus) <= tenths(scheme.bonusMax), 'appraisal.bonus_too_high', {
      zh: `加分合计不得超过 ${scheme.bonusMax} 分。`,
      en: `The bonus is no more than ${scheme.bonusMax} marks in all.`,
      basis: '交通运输行政执法评议考核规定第17条',
      field: 'points',
    });
    return;
  }
  const standing = tenths(sumOf(s.marks, (m) => m.criterion === criterion.code && !m.bonus) + mark.points);
  require_(-tenths(criterion.points) <= standing && standing <= 0, 'appraisal.beyond_criterion', {
    zh: `该项满分 ${criterion.points} 分，扣分不得超过满分，恢复不得高于满分。`,
    en: `The criterion has ${criterion.points} marks: no more can be taken off, nor given back.`,
    basis: 'M02、交通运输行政执法评议考核规定第14、18条',
    field: 'points',
  });
}

function markCase(d: command.MarkCase, s: AppraisalState, c: Circumstances): object[] {
  inStage(s, 'open');
  notOneself(s, c);
  const scheme = schemeOf(s, c);
  const criterion = criterionOf(scheme, d.criterion);
  require_(d.citations.length > 0, 'appraisal.point_without_event', {
    zh: '每一分都须指明所依据的记录。',
    en: 'Every point names the event it rests on.',
    basis: 'M01',
    field: 'citations',
  });
  require_(d.points !== 0, 'appraisal.no_points', {
    zh: '记分不能为零。',
    en: 'A mark of nought marks nothing.',
    basis: 'M01',
    field: 'points',
  });
  const marked = s.marks.filter((m) => m.criterion === d.criterion && m.points < 0).flatMap((m) => m.eventIds);
  require_(d.points > 0 || !d.citations.some((x) => marked.includes(x.eventId)), 'appraisal.marked_already', {
    zh: '同一记录在同一项目上已扣过分。',
    en: 'This event has already cost marks under this criterion.',
    basis: 'M01',
    field: 'citations',
  });
  checkBounds(s, scheme, criterion, d);
  return [event(E.CaseMarked, contentOf(d))];
}

function spotCheck(d: command.RecordSpotCheck, s: AppraisalState, c: Circumstances): object[] {
  inStage(s, 'open');
  notOneself(s, c);
  const scheme = schemeOf(s, c);
  const criterion = criterionOf(scheme, d.criterion);
  require_(criterion.check === 'spot', 'appraisal.not_spot_checked', {
    zh: '该项目定期检查，不作抽查。',
    en: 'This criterion is checked regularly, not at random.',
    basis: 'M03',
    field: 'criterion',
  });
  require_(!d.checkerIds.includes(s.officerId), 'appraisal.own_case', {
    zh: '不得考核本人。',
    en: 'Nobody appraises himself.',
    basis: 'M01、交通运输行政执法评议考核规定第4条',
    field: 'checkerIds',
  });
  checkBounds(s, scheme, criterion, d);
  return [event(E.SpotCheckRecorded, { ...contentOf(d), checkedOn: c.occurredOn })];
}

function withdraw(d: command.WithdrawMark, s: AppraisalState, c: Circumstances): object[] {
  inStage(s, 'open');
  notOneself(s, c);
  require_(
    s.marks.some((m) => m.id === d.markId),
    'appraisal.no_such_mark',
    {
      zh: '没有该项记分。',
      en: 'There is no such mark.',
      basis: 'M01',
      field: 'markId',
    },
  );
  return [event(E.MarkWithdrawn, contentOf(d))];
}

function confirm(d: command.ConfirmAppraisal, s: AppraisalState, c: Circumstances): object[] {
  inStage(s, 'open');
  notOneself(s, c);
  require_(
    d.vetoes.every((v) => v.citations.length > 0),
    'appraisal.point_without_event',
    {
      zh: '一票否决须指明所依据的记录。',
      en: 'A veto names the event it rests on.',
      basis: 'M01、交通运输行政执法评议考核规定第15条',
      field: 'vetoes',
    },
  );
  const full = parameter('appraisal.full_marks', c.occurredOn).value;
  return [
    event(E.AppraisalConfirmed, {
      ...result(schemeOf(s, c), s.marks, d.vetoes, full),
      vetoes: d.vetoes,
      notifiedOn: c.occurredOn,
      appealUntil: deadline('appraisal.appeal', c.occurredOn).dueOn,
    }),
  ];
}

function appeal(d: command.AppealAppraisal, s: AppraisalState, c: Circumstances): object[] {
  inStage(s, 'confirmed');
  require_(c.actor.officer === s.officerId, 'appraisal.not_the_officer', {
    zh: '只有被考核人员本人可以申诉。',
    en: 'Only the officer appraised may appeal.',
    basis: APPEAL_BASIS,
  });
  require_(c.occurredOn <= s.appealUntil, 'appraisal.appeal_too_late', {
    zh: '已超过申诉期限。',
    en: 'The time to appeal has passed.',
    basis: APPEAL_BASIS,
  });
  return [event(E.AppraisalAppealed, { appealedOn: c.occurredOn, officerId: s.officerId, grounds: d.grounds })];
}

function decideAppeal(d: command.DecideAppraisalAppeal, s: AppraisalState, c: Circumstances): object[] {
  inStage(s, 'appealed');
  notOneself(s, c);
  require_(c.actor.account !== s.confirmedBy, 'appraisal.same_decider', {
    zh: '复查应当重新组织人员，原确定结果的人员不得复查。',
    en: 'Whoever confirmed the result does not re-examine it.',
    basis: APPEAL_BASIS,
  });
  const { withdrawnMarkIds = [], liftedVetoes = [] } = d;
  const known =
    withdrawnMarkIds.every((id) => s.marks.some((m) => m.id === id)) &&
    liftedVetoes.every((code) => s.vetoes.some((v) => v.code === code));
  const changes = withdrawnMarkIds.length + liftedVetoes.length > 0;
  require_(known && changes === (d.outcome === 'changed'), 'appraisal.appeal_changes', {
    zh: '变更须指明撤回的记分或撤销的否决，维持则不得有变更。',
    en: 'A change names the marks or vetoes it takes back; upholding takes back none.',
    basis: APPEAL_BASIS,
    field: 'withdrawnMarkIds',
  });
  const marks = s.marks.filter((m) => !withdrawnMarkIds.includes(m.id));
  const vetoes = s.vetoes.filter((v) => !liftedVetoes.includes(v.code));
  const full = parameter('appraisal.full_marks', c.occurredOn).value;
  return [
    event(E.AppraisalAppealDecided, {
      outcome: d.outcome,
      reason: d.reason,
      withdrawnMarkIds,
      vetoes,
      ...result(schemeOf(s, c), marks, vetoes, full),
    }),
  ];
}

function publish(d: command.PublishAppraisal, s: AppraisalState, c: Circumstances): object[] {
  inStage(s, 'confirmed', 'settled');
  require_(s.stage === 'settled' || c.occurredOn > s.appealUntil, 'appraisal.appeal_still_possible', {
    zh: '申诉期届满或申诉决定前，不得公开结果。',
    en: 'The result is not published while an appeal is possible.',
    basis: `M07、${APPEAL_BASIS}`,
  });
  return [event(E.AppraisalPublished, { scope: d.scope, score: s.score, grade: s.grade })];
}

const APPRAISER = ['appraiser'];
const EVERY_STAFF = [
  'officer',
  'reviewer',
  'head',
  'registrar',
  'disclosure',
  'supervisor',
  'investigator',
  'appraiser',
];

export const appraisalDecider: Decider<AppraisalState> = {
  category: 'appraisal',
  collection: 'appraisals',
  zh: '评议考核',
  en: 'Appraisals',
  initialState: initialAppraisal,
  evolve: evolveAppraisal,
  bodyOf: (s) => s.bodyId || undefined,
  references: (c, s) =>
    c instanceof command.OpenAppraisal
      ? [
          ['scheme', c.schemeId],
          ['officer', c.officerId],
        ]
      : s.schemeId
        ? [['scheme', s.schemeId]]
        : [],
  rules: [
    rule({
      command: command.OpenAppraisal,
      may: APPRAISER,
      basis: 'M01、M02',
      zh: '启动年度评议考核',
      en: 'Open the appraisal of a year',
      decide: open,
    }),
    rule({
      command: command.MarkCase,
      may: APPRAISER,
      basis: 'M01',
      zh: '逐件记分',
      en: 'Mark a case',
      decide: markCase,
    }),
    rule({
      command: command.WithdrawMark,
      may: APPRAISER,
      basis: 'M01',
      zh: '撤回记分',
      en: 'Withdraw a mark',
      decide: withdraw,
    }),
    rule({
      command: command.RecordSpotCheck,
      may: ['appraiser', 'supervisor'],
      basis: 'M03',
      zh: '登记抽查',
      en: 'Record a spot check',
      decide: spotCheck,
    }),
    rule({
      command: command.ConfirmAppraisal,
      may: ['appraiser', 'head'],
      basis: '交通运输行政执法评议考核规定第14、15条',
      zh: '确定考核结果',
      en: 'Confirm the result',
      decide: confirm,
    }),
    rule({
      command: command.AppealAppraisal,
      may: EVERY_STAFF,
      basis: APPEAL_BASIS,
      zh: '对考核结果申诉',
      en: 'Appeal the result',
      decide: appeal,
    }),
    rule({
      command: command.DecideAppraisalAppeal,
      may: ['appraiser', 'head'],
      basis: APPEAL_BASIS,
      zh: '决定考核申诉',
      en: 'Decide the appeal',
      decide: decideAppeal,
    }),
    rule({
      command: command.PublishAppraisal,
      may: ['appraiser', 'head'],
      basis: 'M07',
      zh: '公开考核结果',
      en: 'Publish the result',
      decide: publish,
    }),
  ],
};
