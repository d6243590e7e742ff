import { addWorkingDays } from '../law/calendar';
import * as Do from '../enforcement/penalty-commands';
import { reviewItems } from '../enforcement/penalty-types';
import { fieldOfficers } from './bodies';
import { conclude, levelReasons, record } from './case-opening';
import { benchmark, by, fine, hearingOffered, ids, sha, slow, stream, type DemoCase } from './demo-case';
import type { Diary } from './diary';

function opinion(failing?: string): Do.IssueReviewOpinion {
  return {
    items: reviewItems.map((item) => ({
      item,
      passed: item !== failing,
      reason: item === failing ? '主要事实只有当事人陈述，需补充书证。' : '经审核符合要求。',
    })),
    advice: failing ? '退回补充调查。' : '同意调查终结意见。',
    pages: 1,
  };
}

function submit(c: DemoCase, diary: Diary): void {
  diary.enter(by(c.officers[0]), stream(c), Do.SubmitForReview, {
    documents: ['调查终结报告', '证据目录', '处罚建议'],
  });
}

/** The legal review 法制审核 (E01-E04). */
export function review(c: DemoCase, diary: Diary): void {
  submit(c, diary.wait(1));
  if (c.course.stands === 'submitted') return;
  diary.wait(3 + slow(c, 'reviewed'));
  if (c.course.contested) {
    diary.enter(by(c.reviewer), stream(c), Do.IssueReviewOpinion, opinion('evidence'));
    conclude(c, diary.wait(2));
    submit(c, diary.wait(1));
    diary.wait(3);
  }
  diary.enter(by(c.reviewer), stream(c), Do.IssueReviewOpinion, opinion());
}

/** The notice of what is proposed, and what the party says to it (行政处罚法 44, 45, 63). */
export function hear(c: DemoCase, diary: Diary): void {
  const officer = by(c.officers[0]);
  const { course } = c;
  diary.wait(2 + slow(c, 'noticed'));
  const offered = hearingOffered(c, diary.on);
  diary.enter(officer, stream(c), Do.ServeRightsNotice, {
    facts: `${c.power.found}。`,
    reasons: levelReasons[c.level],
    legalBasis: [`${c.power.instrument}${c.power.article}`],
    penalties: fine(c.proposedYuan),
    hearingOffered: offered,
    method: 'in_person',
    officers: ids(c),
    receiptSha256: sha(c.id, 'rights-notice'),
    pages: 2,
  });
  if (course.stands === 'noticed' && course.heard !== 'statement') return;
  diary.wait(2);
  if (course.heard === 'hearing') holdHearing(c, diary);
  else if (course.heard === 'statement') answer(c, diary);
  else if (course.heard !== 'silent') {
    diary.enter(officer, stream(c), Do.WaiveStatement, {
      hearingToo: offered,
      recordSha256: sha(c.id, 'waiver'),
      pages: 1,
    });
  }
  // Until the days for it are over nobody knows that the party will say nothing.
  if (course.heard === 'silent' || (course.heard === 'statement' && offered)) diary.wait(4);
}

function answer(c: DemoCase, diary: Diary): void {
  diary.enter(by(c.officers[0]), stream(c), Do.RecordStatement, {
    statementId: 'statement-1',
    form: 'written',
    points: ['违法行为已经主动改正，请求从轻处罚。', '对相关规定不了解，没有主观故意。'],
    recordSha256: sha(c.id, 'statement-1'),
    pages: 2,
  });
  diary.wait(2).enter(by(c.officers[0]), stream(c), Do.AnswerStatement, {
    statementId: 'statement-1',
    answers: [
      { point: 1, accepted: true, reason: '经复查属实，采纳，在本层次幅度内降低罚款数额。' },
      { point: 2, accepted: false, reason: '不了解规定不是法定从轻情节，不予采纳。' },
    ],
    verification: '复核了整改复查记录和照片。',
  });
}

function holdHearing(c: DemoCase, diary: Diary): void {
  const { host } = c;
  const recorder = fieldOfficers(c.body.id).find((p) => !c.officers.includes(p)) ?? c.deputy;
  diary.enter(by(c.officers[0]), stream(c), Do.RequestHearing, { form: 'written', granted: false }).wait(2);
  const hearingOn = addWorkingDays(diary.on, 9);
  diary
    .enter(by(host), stream(c), Do.NoticeHearing, {
      hearingOn,
      place: `${c.body.shortName}听证室`,
      hostId: host.id,
      recorderId: recorder.id,
      public: true,
      receiptSha256: sha(c.id, 'hearing-notice'),
      pages: 1,
    })
    .until(hearingOn)
    .enter(by(host), stream(c), Do.HoldHearing, {
      hostId: host.id,
      investigators: ids(c),
      representatives: 1,
      signed: true,
      summary: '调查人员陈述事实、证据和处罚建议，当事人的代理人申辩、质证。',
      report: '事实清楚，证据确凿；当事人已撤下全部违法内容，建议在幅度内从低裁量。',
      recordSha256: sha(c.id, 'hearing'),
      pages: 9,
    });
  record(c, diary, 'HoldHearing', hearingOn, 'full');
  submit(c, diary.wait(1));
  diary.wait(3).enter(by(c.reviewer), stream(c), Do.IssueReviewOpinion, opinion());
}

export const documentNumber = (c: DemoCase, year: string): string => `${c.body.mark}罚〔${year}〕${c.number}号`;

/** The decision, by somebody who neither investigated nor reviewed (C10). */
export function decide(c: DemoCase, diary: Diary): void {
  const outcome = c.course.outcome ?? 'penalty';
  const penalty = outcome === 'penalty';
  diary.wait(2 + slow(c, 'decided'));
  if (penalty && hearingOffered(c, diary.on)) {
    diary.enter(by(c.head), stream(c), Do.HoldCollectiveDiscussion, {
      matter: 'decision',
      members: [c.head.id, c.deputy.id],
      opinions: '事实清楚，适用依据正确，同意在基准幅度内从低处罚。',
      conclusion: `同意罚款${c.decidedYuan}元。`,
      agreed: true,
      recordSha256: sha(c.id, 'discussion'),
      pages: 2,
    });
  }
  diary.enter(by(c.head), stream(c), Do.DecidePenalty, {
    documentNumber: documentNumber(c, diary.on.slice(0, 4)),
    outcome,
    violation: c.power.cause,
    publicFacts: `经查，${c.power.found}。`,
    evidence: '现场检查笔录、询问笔录、主体资格证明。',
    legalBasis: [`${c.power.instrument}${c.power.article}`],
    ...(penalty && { penalties: fine(c.decidedYuan), level: c.level, ...benchmark(c) }),
    discretionReason: levelReasons[c.level],
    defenceAnswer: c.course.heard === 'statement' ? '第一点采纳，第二点不予采纳。' : '当事人未提出陈述申辩意见。',
    remedies: '六十日内向明镜市人民政府申请行政复议，或者六个月内向明镜市人民法院提起行政诉讼。',
    performance: penalty ? '自收到决定书之日起十五日内向代收银行缴纳罚款。' : '无。',
    transferredTo: outcome === 'transfer' ? '明镜市公安局' : undefined,
    pages: 3,
  });
}

/** Service. The party is told that the decision is published (总局令45号 8). */
export function serve(c: DemoCase, diary: Diary): void {
  diary.wait(2 + slow(c, 'served')).enter(by(c.officers[0]), stream(c), Do.ServeDecision, {
    method: 'in_person',
    officers: ids(c),
    toldOfPublication: true,
    signatureRefused: false,
    receiptSha256: sha(c.id, 'service'),
    pages: 1,
  });
  record(c, diary, 'ServeDecision', undefined, 'partial');
}
