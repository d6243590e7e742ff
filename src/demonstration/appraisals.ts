import { createHash } from 'node:crypto';
import { PUBLIC_ACTOR } from '../access/access.decorators';
import type { LocalDate } from '../kernel/time';
import { addWorkingDays } from '../law/calendar';
import { appraisalDecider } from '../appraisal/appraisal';
import * as Do from '../appraisal/appraisal-commands';
import { InviteRating, RateService, ratingDecider } from '../appraisal/rating';
import { DraftScheme, PublishScheme, schemeDecider, type SchemeCriterion } from '../appraisal/scheme';
import { actor } from './accounts';
import type { CaseStory } from './case-story';
import { Diary, type Step } from './diary';
import { Random } from './random';

const appraiser = actor('sfj-05');
const head = actor('sfj-01');
const SCHEME = 'officer-norms';

type Row = readonly [
  norm: string,
  zh: string,
  en: string,
  points: number,
  check: string,
  metric: string,
  events: string[],
];

/** The eight norms (M03), together a hundred points. */
const criteria: readonly Row[] = [
  ['attire', '着装和执法标志规范', 'attire and insignia', 10, 'spot', 'spot_check', ['SpotCheckRecorded']],
  ['language', '使用文明用语', 'civil language', 10, 'spot', 'misconduct_found', ['ComplaintFindingRecorded']],
  ['bearing', '仪容仪表、言谈举止', 'appearance and bearing', 5, 'spot', 'public_rating', ['ServiceRated']],
  [
    'procedure',
    '在法定期限内完成各环节',
    'every step within its time',
    25,
    'regular',
    'within_time_limit',
    ['ClockMissed'],
  ],
  [
    'documents',
    '文书准确完整',
    'documents accurate and complete',
    15,
    'regular',
    'documents_complete',
    ['DecisionCorrected', 'NoticeCorrected'],
  ],
  ['file_binding', '卷宗按时归档', 'files archived in time', 10, 'regular', 'file_archived', ['CaseArchived']],
  [
    'conduct',
    '执法行为经得起复议诉讼',
    'acts that stand on review',
    15,
    'regular',
    'act_upheld',
    ['RemedyEnded', 'DecisionRevoked'],
  ],
  [
    'filing_for_record',
    '当场处罚按时备案',
    'on-the-spot penalties reported',
    10,
    'regular',
    'filed_for_record',
    ['OnTheSpotReported'],
  ],
];

/** The scheme, published on the first days of the year. */
export function tellScheme(diary: Diary): void {
  diary.wait(2).enter(appraiser, [schemeDecider, SCHEME], DraftScheme, {
    title: '明镜市行政执法人员评议考核评分细则',
    level: 'officer',
    criteria: criteria.map(([norm, zh, en, points, check, metric, events]): SchemeCriterion => ({
      code: norm,
      norm,
      zh,
      en,
      points,
      check,
      metric,
      events,
    })),
    excellentFrom: 90,
    passFrom: 60,
    bonusMax: 5,
  });
  diary.wait(1).enter(appraiser, [schemeDecider, SCHEME], PublishScheme, { effectiveFrom: diary.on });
}

/** The appraisals of those whose cases the other stories tell; each mark names the event it rests on. */
export function tellAppraisals(cases: readonly CaseStory[], end: LocalDate): Step[] {
  const steps: Step[] = [];
  const start = addWorkingDays(end, -36);
  const year = Number(addWorkingDays(end, -120).slice(0, 4));
  const of = (course: string): CaseStory['case'] | undefined => cases.find((s) => s.case.course.id === course)?.case;
  const seen = new Set<string>();
  const appraise = (officerId: string, mark: (diary: Diary, id: string) => void, published = true): void => {
    if (seen.has(officerId)) return;
    seen.add(officerId);
    const id = `${officerId}-${year}`;
    const diary = new Diary(start, new Random(`appraisal ${id}`), steps);
    diary.enter(appraiser, [appraisalDecider, id], Do.OpenAppraisal, {
      schemeId: SCHEME,
      schemeVersion: 1,
      officerId,
      year,
    });
    mark(diary.wait(2), id);
    diary.enter(appraiser, [appraisalDecider, id], Do.ConfirmAppraisal, { vetoes: [] });
    if (published) diary.wait(22).enter(appraiser, [appraisalDecider, id], Do.PublishAppraisal, { scope: 'public' });
  };

  const late = of('served-late');
  if (late)
    appraise(late.officers[0].id, (diary, id) =>
      deduct(diary, id, late.id, 'procedure', -5, 'ClockMissed', '决定书送达逾期'),
    );
  const revoked = of('revoked');
  if (revoked) {
    appraise(revoked.officers[0].id, (diary, id) =>
      deduct(diary, id, revoked.id, 'conduct', -10, 'DecisionRevoked', '决定被复议撤销'),
    );
    appraise(
      revoked.officers[1].id,
      (diary, id) => {
        deduct(diary, id, revoked.id, 'conduct', -10, 'DecisionRevoked', '决定被复议撤销');
        appealInPart(diary.meanwhile(), id, revoked.officers[1].id);
      },
      false,
    );
  }
  const defended = of('defended');
  if (defended) appraise(defended.officers[0].id, (diary, id) => commend(diary, id, defended.id));
  const court = of('court');
  if (court) appraise(court.officers[0].id, spotCheck);
  return steps;
}

function deduct(
  diary: Diary,
  id: string,
  caseId: string,
  criterion: string,
  points: number,
  type: string,
  reason: string,
): void {
  const stream = `case-${caseId}`;
  diary
    .enter(appraiser, [appraisalDecider, id], Do.MarkCase, async (find) => ({
      criterion,
      points,
      caseId,
      reason,
      citations: [{ stream, eventId: (await find(stream, type)).id }],
    }))
    .wait(1);
}

/** The officer appeals; somebody else looks again and takes the mark back. */
function appealInPart(diary: Diary, id: string, officerId: string): void {
  diary
    .wait(4)
    .enter(actor(officerId), [appraisalDecider, id], Do.AppealAppraisal, {
      grounds: '协办人员不应与主办人员同等扣分。',
    })
    .wait(8)
    .enter(head, [appraisalDecider, id], Do.DecideAppraisalAppeal, async (find) => ({
      outcome: 'changed',
      reason: '协办职责有限，撤回该项扣分。',
      withdrawnMarkIds: [(await find(`appraisal-${id}`, 'CaseMarked')).id],
    }))
    .wait(3)
    .enter(appraiser, [appraisalDecider, id], Do.PublishAppraisal, { scope: 'body' });
}

function commend(diary: Diary, id: string, caseId: string): void {
  const stream = `case-${caseId}`;
  diary
    .enter(appraiser, [appraisalDecider, id], Do.MarkCase, async (find) => ({
      criterion: 'conduct',
      points: 2,
      caseId,
      bonus: 'model_practice',
      reason: '逐条答复陈述申辩的做法在全市推广',
      citations: [{ stream, eventId: (await find(stream, 'StatementAnswered')).id }],
    }))
    .wait(1);
}

function spotCheck(diary: Diary, id: string): void {
  diary
    .enter(appraiser, [appraisalDecider, id], Do.RecordSpotCheck, {
      criterion: 'attire',
      place: '执法现场',
      found: '未佩戴执法标志，当场改正。',
      points: -1,
      checkerIds: ['sfj-05', 'sfj-02'],
    })
    .wait(1);
}

const comments = [
  '讲清了道理，服气。',
  '办理很快，态度好。',
  '希望提前告知需要的材料。',
  '流程可以再简化。',
  undefined,
];

/** Parties whose case is archived are asked how they were treated (I10). */
export function tellRatings(cases: readonly CaseStory[], end: LocalDate): Step[] {
  const steps: Step[] = [];
  const rated = cases.filter(
    (s) =>
      s.case.course.weight > 0 &&
      s.case.number % 2 === 0 &&
      s.steps[s.steps.length - 1].at.slice(0, 10) < addWorkingDays(end, -4),
  );
  rated.forEach(({ case: c, steps: own }) => {
    const random = new Random(`rating ${c.id}`);
    const code = random.text('ABCDEFGHJKLMNPQRSTUVWXYZ23456789', 16);
    const at = [ratingDecider, `r-${c.id}`] as const;
    const diary = new Diary(own[own.length - 1].at.slice(0, 10), random, steps);
    diary.wait(1).enter(appraiser, at, InviteRating, {
      bodyId: c.body.id,
      caseId: c.id,
      codeSha256: createHash('sha256').update(code).digest('hex'),
    });
    if (random.next() < 0.7)
      diary
        .wait(2)
        .enter(PUBLIC_ACTOR, at, RateService, { code, stars: random.whole(2, 5), text: random.pick(comments) });
  });
  return steps;
}
