import type { LocalDate } from '../kernel/time';
import { addCalendarDays, addWorkingDays } from '../law/calendar';
import { matterDecider } from '../oversight/accountability';
import * as Do from '../oversight/accountability-commands';
import { actor } from './accounts';
import type { CaseStory } from './case-story';
import type { ComplaintStory } from './complaints';
import { sha } from './demo-case';
import { Diary, type Find, type Step } from './diary';
import { Random } from './random';

const supervisor = actor('sfj-02');
const investigator = actor('sfj-03');
/** Of no body's chain: the leaders of the body concerned must stand aside. */
const head = actor('sfj-01');
const INVESTIGATORS = ['sfj-03', 'sfj-04'];

type Matter = readonly [typeof matterDecider, Step['id']];

/** The matter that the ledger itself raised from an event. */
const raisedFrom = (stream: string, type: string): Matter => [
  matterDecider,
  async (find: Find) => `auto-${(await find(stream, type)).id}`,
];

/** What becomes of clues: some the ledger raised from missed clocks, some that people did. */
export function tellMatters(
  cases: readonly CaseStory[],
  complaints: readonly ComplaintStory[],
  end: LocalDate,
): Step[] {
  const steps: Step[] = [];
  const from = (name: string, day: LocalDate): Diary => new Diary(day, new Random(`matter ${name}`), steps);
  const first = (course: string): CaseStory | undefined => cases.find((s) => s.case.course.id === course);
  const dayOf = (story: CaseStory, workingDays: number): LocalDate => addWorkingDays(story.beganOn, workingDays);

  const servedLate = first('served-late');
  if (servedLate) answerForLateService(servedLate, from('service', dayOf(servedLate, 48)));
  const reviewedLate = first('reviewed-late');
  if (reviewedLate) dismissLateReview(reviewedLate, from('review', dayOf(reviewedLate, 60)));
  const revoked = first('revoked');
  if (revoked?.revokedOn) answerForRevocation(revoked, from('revocation', addWorkingDays(revoked.revokedOn, 3)));
  const rude = complaints.find((s) => s.ending === 'rectified');
  if (rude) raiseFromComplaint(rude, from('complaint', addWorkingDays(end, -8)));
  return steps;
}

function openInvestigation(matter: Matter, diary: Diary, title: string, stream: string, type: string): void {
  diary
    .enter(supervisor, matter, Do.OpenMatterInvestigation, { investigatorIds: INVESTIGATORS })
    .wait(2)
    .enter(investigator, matter, Do.RecordMatterEvidence, async (find) => ({
      kind: 'record',
      title,
      stream,
      eventId: (await find(stream, type)).id,
    }))
    .enter(investigator, matter, Do.RecordMatterEvidence, {
      kind: 'document',
      title: '情况说明',
      sha256: sha(stream, 'explanation'),
    });
}

function hearEverybody(matter: Matter, diary: Diary, officers: readonly string[]): void {
  for (const officerId of officers) {
    diary.enter(investigator, matter, Do.OfferMatterStatement, { officerId, until: addCalendarDays(diary.on, 10) });
  }
  diary.wait(4);
  officers.forEach((officerId, i) =>
    diary.enter(
      investigator,
      matter,
      Do.RecordMatterStatement,
      i === 0
        ? { officerId, outcome: 'given', statement: '当时同时承办多件案件，未及时交接，愿意承担相应责任。' }
        : { officerId, outcome: 'waived' },
    ),
  );
  diary.wait(5);
}

/** Raised by the ledger: a decision served late. One officer answers lightly, the other's name is cleared, the appeal fails. */
function answerForLateService(story: CaseStory, diary: Diary): void {
  const stream = `case-${story.case.id}`;
  const [careless, other] = story.case.officers.map((o) => o.id);
  const matter = raisedFrom(stream, 'ClockMissed');
  openInvestigation(matter, diary, '送达期限逾期记录', stream, 'ClockMissed');
  diary.wait(2).enter(investigator, matter, Do.DistinguishResponsibility, {
    unitResponsible: false,
    unitReason: '单位建立了期限提醒制度并已提醒。',
    persons: [
      { officerId: careless, part: 'direct', reason: '负责送达。' },
      { officerId: other, part: 'direct', reason: '协助办案，不负责送达。' },
    ],
  });
  hearEverybody(matter, diary, [careless, other]);
  diary
    .enter(head, matter, Do.DetermineResponsibility, {
      consequence: 'general',
      findings: [
        {
          officerId: careless,
          role: 'officer',
          fault: 'negligence',
          severity: 'light',
          sharePercent: 100,
          reason: '收到提醒后仍未送达。',
        },
        { officerId: other, role: 'officer', fault: 'none', sharePercent: 0, reason: '不负责送达，没有过错。' },
      ],
      facts: '决定书作出后未在七个工作日内送达。',
      answersToStatements: '承办件数较多属实，但不影响按期送达，不予采纳。',
    })
    .wait(1)
    .enter(head, matter, Do.ImposeMeasures, { measures: [{ officerId: careless, measure: 'talk' }] })
    .enter(head, matter, Do.ClearName, { officerId: other, form: 'notice', statement: '经查没有过错，予以澄清。' })
    .wait(3)
    .enter(actor(careless), matter, Do.AppealDetermination, { officerId: careless, grounds: '认为属于工作安排问题。' })
    .wait(9)
    .enter(supervisor, matter, Do.DecideDeterminationAppeal, {
      officerId: careless,
      outcome: 'upheld',
      reason: '认定事实清楚，处理适当，予以维持。',
    })
    .wait(2)
    .enter(investigator, matter, Do.CloseMatter, {});
}

function dismissLateReview(story: CaseStory, diary: Diary): void {
  const matter = raisedFrom(`case-${story.case.id}`, 'ClockMissed');
  diary.enter(supervisor, matter, Do.DismissClue, {
    reason: '审核人员住院期间没有其他合格审核人员，逾期由单位补充配备人员整改，不追究个人责任。',
  });
}

/** Raised by hand: a wrong case. Those who did it are off enforcement; the recovery is only partly paid, so it stays open. */
function answerForRevocation(story: CaseStory, diary: Diary): void {
  const stream = `case-${story.case.id}`;
  const [lead, second] = story.case.officers.map((o) => o.id);
  const matter: Matter = [matterDecider, `m-${story.case.id}`];
  diary.enter(supervisor, matter, Do.RaiseClue, async (find) => ({
    ground: 'improper_exercise',
    origin: { kind: 'litigation_loss', stream, eventId: (await find(stream, 'RemedyEnded')).id },
    bodyId: story.case.body.id,
    officerIds: [lead, second],
    summary: '行政处罚决定被行政复议决定撤销，主要事实不清。',
  }));
  diary.wait(2);
  openInvestigation(matter, diary, '行政复议决定', stream, 'RemedyEnded');
  diary.wait(3).enter(investigator, matter, Do.DistinguishResponsibility, {
    unitResponsible: false,
    unitReason: '单位审核、审批所依据的材料由承办人员提供。',
    persons: [
      { officerId: lead, part: 'direct', reason: '主办，未核实关键事实。' },
      { officerId: second, part: 'direct', reason: '协办，未尽复核义务。' },
    ],
  });
  hearEverybody(matter, diary, [lead, second]);
  diary
    .enter(head, matter, Do.DetermineResponsibility, {
      consequence: 'wrong_case',
      findings: [
        {
          officerId: lead,
          role: 'officer',
          fault: 'gross_negligence',
          severity: 'serious',
          sharePercent: 70,
          reason: '明知证据矛盾而未查证。',
        },
        {
          officerId: second,
          role: 'officer',
          fault: 'negligence',
          severity: 'light',
          sharePercent: 30,
          reason: '未复核主办人员的记录。',
        },
      ],
      facts: '处罚所依据的主要事实没有查清，决定被撤销。',
      answersToStatements: '工作量大不是未查证的理由，不予采纳。',
    })
    .wait(1)
    .enter(head, matter, Do.ImposeMeasures, {
      measures: [
        { officerId: lead, measure: 'stop_enforcement' },
        { officerId: lead, measure: 'written_self_criticism' },
        { officerId: second, measure: 'stop_enforcement' },
        { officerId: second, measure: 'criticism' },
      ],
    })
    .wait(5)
    .enter(investigator, matter, Do.RecordCompensation, { amountYuan: 8600, decision: '明城管赔〔2026〕1号' })
    .wait(2)
    .enter(head, matter, Do.OrderRecovery, {
      officerId: lead,
      amountYuan: 2000,
      reason: '重大过失，承担部分赔偿费用。',
    })
    .wait(10)
    .enter(actor('cashier'), matter, Do.RecordRecoveryPayment, {
      officerId: lead,
      amountYuan: 500,
      receipt: 'MJZC-0001',
    });
}

/** Raised by hand from a substantiated complaint, and being investigated today. */
function raiseFromComplaint(story: ComplaintStory, diary: Diary): void {
  const stream = `complaint-${story.id}`;
  const matter: Matter = [matterDecider, `m-${story.id}`];
  diary.enter(supervisor, matter, Do.RaiseClue, async (find) => ({
    ground: 'improper_exercise',
    origin: { kind: 'complaint', stream, eventId: (await find(stream, 'ComplaintFindingRecorded')).id },
    bodyId: story.body.id,
    officerIds: [story.officerId],
    summary: '投诉查实：检查未经审批，且未说明事由。',
  }));
  diary.wait(3);
  openInvestigation(matter, diary, '投诉查处记录', stream, 'ComplaintFindingRecorded');
}
