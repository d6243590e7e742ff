import type { LocalDate } from '../kernel/time';
import { addWorkingDays, workingDaysBetween } from '../law/calendar';
import { noticeDecider } from '../disclosure/notice';
import * as Notice from '../disclosure/notice-commands';
import { actor } from './accounts';
import { clue, conclude, decline, fileCase, investigate, levelReasons } from './case-opening';
import { decide, hear, review, serve } from './case-deciding';
import { close, punishOnTheSpot, reconsider, settleFine } from './case-executing';
import { answerReport, lodgeReport } from './complaints';
import type { Course } from './courses';
import { benchmark, by, fine, ids, settle, sha, stream, type DemoCase } from './demo-case';
import { Diary, type Step } from './diary';
import { EndInvestigation } from '../enforcement/penalty-commands';

const disclosure = actor('disclosure');

export interface CaseStory {
  readonly case: DemoCase;
  readonly beganOn: LocalDate;
  readonly steps: readonly Step[];
  /** When the decision was revoked, if it was. */
  readonly revokedOn?: LocalDate;
}

/** A case from its first day on, as far as its course goes. What lies after today never comes about. */
export function tellCase(number: number, course: Course, first: LocalDate): CaseStory {
  const c = settle(number, course, first);
  const diary = new Diary(first, c.random);
  const revokedOn = course.simple ? simple(c, diary) : ordinary(c, diary);
  return { case: c, beganOn: first, steps: diary.steps, revokedOn };
}

function simple(c: DemoCase, diary: Diary): undefined {
  publish(c, diary.meanwhile());
  punishOnTheSpot(c, diary, {
    ...c.party,
    priorOffences: c.priorOffences,
    powerCode: c.power.code,
    cause: c.power.cause,
    place: '明镜市高新区',
    officers: ids(c),
    credentialShown: true,
    rightsTold: true,
    publicFacts: `经查，${c.power.found}。`,
    evidence: '现场照片、执法记录仪录像。',
    legalBasis: [`${c.power.instrument}${c.power.article}`],
    penalties: fine(c.decidedYuan),
    level: c.level,
    ...benchmark(c),
    firstOffenceReason: c.decidedYuan > 0 ? '劝导后仍不改正，确有必要罚款。' : undefined,
    discretionReason: levelReasons[c.level],
    defenceAnswer: '当事人没有异议。',
    remedies: '六十日内向明镜市人民政府申请行政复议，或者六个月内向明镜市人民法院提起行政诉讼。',
    performance: c.decidedYuan > 0 ? '十五日内向代收银行缴纳罚款。' : '无。',
    signatureRefused: false,
    toldOfPublication: true,
    receiptSha256: sha(c.id, 'on-the-spot'),
    pages: 1,
  });
}

function ordinary(c: DemoCase, diary: Diary): LocalDate | undefined {
  const { course } = c;
  const complaintId = course.fromComplaint ? lodgeReport(c, diary) : undefined;
  clue(c, diary, complaintId);
  if (course.stands === 'clue') return undefined;
  if (course.declined) return void decline(c, diary);
  fileCase(c, diary);
  if (complaintId) answerReport(c, diary.meanwhile(), complaintId);
  investigate(c, diary);
  if (course.stands === 'filed') return undefined;
  if (course.ended) {
    diary.wait(5).enter(by(c.head), stream(c), EndInvestigation, { reason: '当事人已经注销，没有权利义务承受人。' });
    return void close(c, diary, 'investigation_ended');
  }
  conclude(c, diary);
  if (course.stands === 'concluded') return undefined;
  review(c, diary);
  if (course.stands === 'submitted' || course.stands === 'reviewed') return undefined;
  const penalty = (course.outcome ?? 'penalty') === 'penalty';
  if (penalty) hear(c, diary);
  if (course.stands === 'noticed') return undefined;
  decide(c, diary);
  if (course.outcome === 'transfer') return void close(c, diary, 'transferred');
  if (penalty) publish(c, diary.meanwhile());
  if (course.stands === 'decided') return undefined;
  serve(c, diary);
  if (course.stands === 'served') return undefined;
  if (!penalty) return void close(c, diary, 'no_penalty');
  const endedOn = course.remedy && reconsider(c, diary.meanwhile(), course.remedy);
  settleFine(c, diary);
  close(c, diary, course.payment === 'never' ? 'court_ended' : 'performed');
  if (course.remedy !== 'revoked') return undefined;
  withdraw(c, diary, endedOn);
  return endedOn;
}

const WEBSITE = 'https://www.mingjing.example/notices';

/** The notice, which the program drafts when the decision is made: reviewed, and published on each channel in time. */
function publish(c: DemoCase, diary: Diary): void {
  const at = [noticeDecider, c.id] as const;
  const { publication } = c.course;
  diary.wait(2);
  // A minor's: the program withholds it by itself (内蒙古办法 11(1)).
  if (publication === 'withheld') return;
  diary
    .enter(disclosure, at, Notice.ReviewNotice, { outcome: 'approve' })
    .meanwhile()
    .wait(publication === 'late' ? 7 : 1)
    .enter(disclosure, at, Notice.PublishNotice, { channel: 'agency_site', url: `${WEBSITE}/${c.id}` });
  diary.wait(2).enter(disclosure, at, Notice.PublishNotice, { channel: 'credit_site' });
  // Neither a warning nor what was decided on the spot is shown there (总局令45号 2).
  if (!c.course.simple && c.decidedYuan > 0) {
    diary.wait(4).enter(disclosure, at, Notice.PublishNotice, { channel: 'publicity_system' });
  }
  if (publication === 'corrected') {
    diary.wait(5).enter(disclosure, at, Notice.CorrectNotice, {
      reason: '处罚事由漏字',
      wording: { violation: `${c.power.cause}行为` },
    });
  }
}

function withdraw(c: DemoCase, diary: Diary, revokedOn: LocalDate | undefined): void {
  diary
    .until(revokedOn ?? diary.on)
    .wait(2)
    .enter(disclosure, [noticeDecider, c.id], Notice.WithdrawNotice, {
      cause: 'revoked',
      reason: '该行政处罚决定已被行政复议决定撤销，公示信息予以撤回。',
    });
}

/** The working day on which a course must begin to stand, today, where it should; or the one that its row names. */
export function beginning(number: number, course: Course, end: LocalDate, first: LocalDate): LocalDate | undefined {
  if (course.began !== undefined) return laterOf(addWorkingDays(end, -course.began), first);
  if (course.stands === undefined) return undefined;
  const { steps, case: c } = tellCase(number, course, first);
  const own = steps.filter((s) => s.decider.category === 'case' && s.id === c.id);
  const last = own[own.length - 1].at.slice(0, 10);
  return addWorkingDays(end, -workingDaysBetween(first, last) - (number % 2));
}

const laterOf = (a: LocalDate, b: LocalDate): LocalDate => (a > b ? a : b);
