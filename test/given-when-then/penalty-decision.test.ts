import * as Do from '../../src/enforcement/penalty-commands';
import * as E from '../../src/enforcement/penalty-events';
import { ClockResumed, ClockStarted, ClockStopped, ClockSuspended } from '../../src/clocks/clock-events';
import {
  citizen,
  conclusion,
  decisionOn,
  filing,
  fine,
  head,
  officer,
  on,
  opinion,
  recording,
  reviewer,
  rightsNotice,
  service,
  SHA,
  upTo,
  type Telling,
} from './penalty-story';

/** A citizen's fine large enough for a hearing (听证办法 5), and so grave (57). */
const grave: Telling = {
  with: {
    filed: { ...citizen },
    noticed: rightsNotice(fine(12000), true),
    decided: decisionOn(fine(12000)),
  },
};

const discussion = {
  matter: 'decision',
  members: ['l-1', 'l-2'],
  opinions: '一致同意',
  conclusion: '罚款12000元',
  agreed: true,
  recordSha256: SHA,
  pages: 2,
};

const hearingNotice = {
  hearingOn: '2026-04-14',
  place: '听证室',
  hostId: 'h-1',
  recorderId: 'r-1',
  public: true,
  receiptSha256: SHA,
  pages: 1,
};

const held: Do.HoldHearing = {
  hostId: 'h-1',
  investigators: ['o-1', 'o-2'],
  representatives: 1,
  signed: true,
  summary: '双方质证',
  report: '事实清楚，建议维持',
  recordSha256: SHA,
  pages: 8,
};

const request = { form: 'written', granted: false };
const host = { account: 'account-h-1', officer: 'h-1', roles: ['officer'] };

describe('法制审核 legal review (E01-E04, 58)', () => {
  const submitted = upTo('submitted');

  it('has ten working days for each round (市场监督管理行政处罚程序规定 55)', () => {
    upTo('concluded')
      .next(officer('o-1'), on('2026-03-20'))
      .when(Do.SubmitForReview, { documents: ['调查终结报告'] })
      .thenAmong(ClockStarted, { clock: 'penalty.review_time', item: '1', dueOn: '2026-04-03' });
  });

  it('marks ten items, each once (E02)', () => {
    const { items, ...rest } = opinion();
    const twice = [...items.slice(0, 9), items[0]];
    submitted
      .next(reviewer(), on('2026-03-24'))
      .when(Do.IssueReviewOpinion, { ...rest, items: items.slice(1) })
      .thenRefused('case.review_items_incomplete', 'E02');
    submitted
      .next(reviewer(), on('2026-03-24'))
      .when(Do.IssueReviewOpinion, { ...rest, items: twice })
      .thenRefused('case.review_items_incomplete', 'E02');
  });

  it('needs the national legal qualification (A08, 58)', () => {
    submitted
      .next(reviewer('r-unqualified'), on('2026-03-24'))
      .when(Do.IssueReviewOpinion, opinion())
      .thenRefused('case.reviewer_not_qualified', 'A08');
  });

  it('is not done by an investigator, however qualified (C10)', () => {
    upTo('submitted', { with: { filed: { officers: ['o-1', 'o-2', 'o-q'] } } })
      .next(reviewer('o-q'), on('2026-03-24'))
      .when(Do.IssueReviewOpinion, opinion())
      .thenRefused('case.reviewer_not_separate', 'C10');
  });

  it('keeps its reviewer from investigating the case afterwards (C10)', () => {
    upTo('submitted')
      .then(reviewer('o-q'), on('2026-03-24'), Do.IssueReviewOpinion, opinion('evidence'))
      .next(head, on('2026-03-25'))
      .when(Do.AssignOfficers, { officers: ['o-1', 'o-q'], reason: '补派' })
      .thenRefused('case.reviewer_may_not_investigate', 'C10');
  });

  it('sends the case back when one item fails (E04)', () => {
    const failed = submitted.next(reviewer(), on('2026-03-24')).when(Do.IssueReviewOpinion, opinion('evidence'));
    failed.thenAmong(E.ReviewOpinionIssued, { passed: false, reviewerId: 'r-1' });
    failed.thenAmong(E.StageEntered, { from: 'review', stage: 'investigation' });
  });

  it('when contested is reviewed again by somebody else, never waved through (E04)', () => {
    const failed = submitted.then(reviewer(), on('2026-03-24'), Do.IssueReviewOpinion, opinion('evidence'));
    const settle = { settlement: 'review_again', reason: '另行审核' };
    failed.next(head, on('2026-03-25')).when(Do.SettleDisagreement, settle).thenRefused('case.no_disagreement', 'E04');
    const again = failed
      .then(officer('o-1'), on('2026-03-25'), Do.EscalateDisagreement, { reason: '证据充分', escalatedTo: '负责人' })
      .then(head, on('2026-03-26'), Do.SettleDisagreement, settle);
    again
      .next(reviewer(), on('2026-03-27'))
      .when(Do.IssueReviewOpinion, opinion())
      .thenRefused('case.reviewer_not_separate', 'E04');
    again
      .next(reviewer('r-2'), on('2026-03-27'))
      .when(Do.IssueReviewOpinion, opinion())
      .thenAmong(E.ReviewOpinionIssued, { round: 2, passed: true });
  });

  it('is contested only when it failed (E04)', () => {
    upTo('inquiry')
      .next(officer('o-1'), on('2026-03-06'))
      .when(Do.EscalateDisagreement, { reason: 'x', escalatedTo: 'y' })
      .thenRefused('case.no_failed_review', 'E04');
  });
});

describe('告知 notice of the proposed penalty and the rights (44, 63)', () => {
  const reviewed = upTo('reviewed');

  it('starts five working days to speak (57), and to ask for a hearing where offered (64)', () => {
    const noticed = upTo('reviewed', grave)
      .next(officer('o-1'), on('2026-03-25'))
      .when(Do.ServeRightsNotice, rightsNotice(fine(12000), true));
    noticed.thenAmong(ClockStarted, { clock: 'penalty.statement', dueOn: '2026-04-01', bindsParty: true });
    noticed.thenAmong(ClockStarted, { clock: 'penalty.hearing_request', dueOn: '2026-04-01', bindsParty: true });
  });

  it('offers a hearing where the law wants one: 10,000 yuan for a citizen (63)', () => {
    upTo('reviewed', grave)
      .next(officer('o-1'), on('2026-03-25'))
      .when(Do.ServeRightsNotice, rightsNotice())
      .thenRefused('case.hearing_not_offered', '63');
  });

  it('is served by two officers (42) and does not go beyond what was reviewed (58)', () => {
    reviewed
      .next(officer('o-1'), on('2026-03-25'))
      .when(Do.ServeRightsNotice, { ...rightsNotice(), officers: ['o-1'] })
      .thenRefused('case.two_officers_required', '42');
    reviewed
      .next(officer('o-1'), on('2026-03-25'))
      .when(Do.ServeRightsNotice, rightsNotice(fine(12001)))
      .thenRefused('case.notice_beyond_review', '58');
  });

  it('is for a proposed penalty only (44)', () => {
    upTo('reviewed', { with: { concluded: { outcome: 'no_penalty_minor', penalties: undefined } } })
      .next(officer('o-1'), on('2026-03-25'))
      .when(Do.ServeRightsNotice, rightsNotice())
      .thenRefused('case.no_penalty_proposed', '44');
  });

  it('may be heavier a second time only for evidence found since (45)', () => {
    const again = upTo('answered')
      .then(head, on('2026-03-31', 9), Do.ReopenInvestigation, { reason: '补充调查' })
      .then(officer('o-1'), on('2026-03-31', 10), Do.CollectEvidence, {
        evidenceId: 'evidence-2',
        kind: 'electronic',
        description: '销售数据',
        provenance: '平台调取',
        collectedBy: ['o-1', 'o-2'],
        original: true,
        sha256: SHA,
        pages: 1,
      })
      .then(officer('o-1'), on('2026-03-31', 11), Do.ConcludeInvestigation, conclusion(fine(15000)))
      .then(officer('o-1'), on('2026-03-31', 12), Do.SubmitForReview, { documents: ['补充调查报告'] })
      .then(reviewer(), on('2026-04-01'), Do.IssueReviewOpinion, opinion());
    const heavier = rightsNotice(fine(15000));
    again
      .next(officer('o-1'), on('2026-04-02'))
      .when(Do.ServeRightsNotice, heavier)
      .thenRefused('case.heavier_after_defence', '45');
    again
      .next(officer('o-1'), on('2026-04-02'))
      .when(Do.ServeRightsNotice, { ...heavier, newEvidenceIds: ['evidence-1'] })
      .thenRefused('case.heavier_after_defence', '45');
    again
      .next(officer('o-1'), on('2026-04-02'))
      .when(Do.ServeRightsNotice, { ...heavier, newEvidenceIds: ['evidence-2'] })
      .thenAmong(E.RightsNoticeServed);
  });
});

describe('陈述申辩 statement and defence (45, 62, F04)', () => {
  const noticed = upTo('noticed');
  const decide = (story = noticed, day = '2026-04-02') =>
    story.next(head, on(day)).when(Do.DecidePenalty, decisionOn());

  it('lets nothing be decided before the party spoke, waived, or was silent for five working days', () => {
    decide(noticed, '2026-04-01').thenRefused('case.party_not_heard', '62');
    decide(noticed, '2026-04-02').thenAmong(E.PenaltyDecided);
    decide(
      noticed.then(officer('o-1'), on('2026-03-26'), Do.WaiveStatement, {
        hearingToo: true,
        recordSha256: SHA,
        pages: 1,
      }),
      '2026-03-27',
    ).thenAmong(E.PenaltyDecided);
  });

  it('must be answered point by point before the decision (F04)', () => {
    decide(upTo('statement')).thenRefused('case.statement_unanswered', 'F04');
    const answer = (answers: Do.PointAnswerItem[]) =>
      upTo('statement')
        .next(officer('o-1'), on('2026-03-30'))
        .when(Do.AnswerStatement, { statementId: 'statement-1', answers, verification: '复核' });
    const first = { point: 1, accepted: true, reason: '成立' };
    answer([first]).thenRefused('case.points_unanswered', 'F04');
    answer([first, first]).thenRefused('case.points_unanswered', 'F04');
  });

  it('does not make the penalty heavier (45)', () => {
    upTo('answered')
      .next(head, on('2026-04-02'))
      .when(Do.DecidePenalty, decisionOn(fine(12001)))
      .thenRefused('case.heavier_than_noticed', '45');
    upTo('answered')
      .next(head, on('2026-04-02'))
      .when(Do.DecidePenalty, {
        ...decisionOn(),
        penalties: [...fine(12000), { kind: 'revoke_licence', content: '吊销' }],
      })
      .thenRefused('case.heavier_than_noticed', '45');
    upTo('answered')
      .next(head, on('2026-04-02'))
      .when(Do.DecidePenalty, decisionOn(fine(8000)))
      .thenAmong(E.PenaltyDecided, { fineYuan: 8000 });
  });

  it('keeps its own number (45)', () => {
    upTo('statement')
      .next(officer('o-1'), on('2026-03-30'))
      .when(Do.RecordStatement, {
        statementId: 'statement-1',
        form: 'oral',
        points: ['再述'],
        recordSha256: SHA,
        pages: 1,
      })
      .thenRefused('case.statement_exists', '45');
  });
});

describe('听证 hearing (63, 64)', () => {
  const noticed = upTo('noticed', grave);

  it('is granted on the fifth working day and refused on the sixth', () => {
    const asked = noticed.next(officer('o-1'), on('2026-04-01')).when(Do.RequestHearing, request);
    asked.thenAmong(E.HearingRequested, { requestedOn: '2026-04-01' });
    asked.thenAmong(ClockSuspended, { clock: 'penalty.decision', ground: 'hearing' });
    asked.thenAmong(ClockStopped, { clock: 'penalty.hearing_request', inTime: true });
    noticed
      .next(officer('o-1'), on('2026-04-02'))
      .when(Do.RequestHearing, request)
      .thenRefused('case.hearing_request_too_late', '64');
  });

  it('may be granted by the body where the law does not require it', () => {
    upTo('noticed')
      .next(officer('o-1'), on('2026-03-26'))
      .when(Do.RequestHearing, request)
      .thenRefused('case.hearing_request_too_late', '64');
    upTo('noticed')
      .next(officer('o-1'), on('2026-03-26'))
      .when(Do.RequestHearing, { ...request, granted: true })
      .thenAmong(E.HearingRequested, { granted: true });
  });

  const requested = noticed.then(officer('o-1'), on('2026-04-01'), Do.RequestHearing, request);

  it('is requested once (64)', () => {
    requested
      .next(officer('o-1'), on('2026-04-01'))
      .when(Do.RequestHearing, request)
      .thenRefused('case.hearing_requested_already', '64');
  });

  it.each([
    ['less than seven working days ahead', { hearingOn: '2026-04-10' }, 'case.hearing_notice_too_short'],
    ['with an investigator as host', { hostId: 'o-1' }, 'case.host_investigated'],
    ['with an investigator as recorder', { recorderId: 'o-2' }, 'case.host_investigated'],
    ['closed without a reason', { public: false }, 'case.closed_hearing_without_reason'],
  ])('is not noticed %s (64)', (_, fields, code) => {
    requested
      .next(head, on('2026-04-01', 15))
      .when(Do.NoticeHearing, { ...hearingNotice, ...fields })
      .thenRefused(code, '64');
  });

  it('is presided over by somebody of the body (听证办法 11)', () => {
    requested
      .next(head, on('2026-04-01', 15))
      .when(Do.NoticeHearing, { ...hearingNotice, hostId: 'o-elsewhere' })
      .thenRefused('case.host_of_other_body', '11');
  });

  const announced = requested.then(head, on('2026-04-02'), Do.NoticeHearing, hearingNotice);

  it('is held as noticed, and lets the time run again (64, 市场监管程序规定 64)', () => {
    const hearing = announced.next(host, on('2026-04-14')).when(Do.HoldHearing, held);
    hearing.thenAmong(E.HearingHeld, { heldOn: '2026-04-14' });
    hearing.thenAmong(ClockResumed, { clock: 'penalty.decision', excludedDays: 13 });
    announced.next(host, on('2026-04-15')).when(Do.HoldHearing, held).thenRefused('case.hearing_not_as_noticed', '64');
    announced
      .next(host, on('2026-04-14'))
      .when(Do.HoldHearing, { ...held, signed: false })
      .thenRefused('case.signature_missing', '64');
  });

  it('is not held without a request (64)', () => {
    noticed.next(host, on('2026-03-30')).when(Do.HoldHearing, held).thenRefused('case.hearing_not_open', '64');
  });

  it('must come before the decision once requested, unless it is withdrawn (63)', () => {
    const ended = requested.then(officer('o-1'), on('2026-04-03'), Do.WithdrawHearing, {
      ground: 'withdrawn',
      reason: '当事人撤回',
    });
    const discussed = ended.then(head, on('2026-04-07'), Do.HoldCollectiveDiscussion, discussion);
    discussed.next(head, on('2026-04-08')).when(Do.DecidePenalty, decisionOn()).thenAmong(E.PenaltyDecided);
    announced
      .next(head, on('2026-04-08'))
      .when(Do.DecidePenalty, decisionOn())
      .thenRefused('case.time_suspended', '64');
  });

  it('keeps the decision waiting until the days to request it are over (64)', () => {
    const spoke = noticed
      .then(officer('o-1'), on('2026-03-26'), Do.WaiveStatement, { hearingToo: false, recordSha256: SHA, pages: 1 })
      .then(head, on('2026-03-27'), Do.HoldCollectiveDiscussion, discussion);
    spoke.next(head, on('2026-04-01')).when(Do.DecidePenalty, decisionOn()).thenRefused('case.hearing_not_held', '63');
    spoke.next(head, on('2026-04-02')).when(Do.DecidePenalty, decisionOn()).thenAmong(E.PenaltyDecided);
  });

  it('is followed by a legal review on its record, the recording, and the collective discussion (50, D02, 57)', () => {
    const heard = announced.then(host, on('2026-04-14'), Do.HoldHearing, held);
    heard
      .next(head, on('2026-04-15'))
      .when(Do.DecidePenalty, decisionOn())
      .thenRefused('case.legal_review_not_passed', '58');
    const reviewed = heard
      .then(officer('o-1'), on('2026-04-15'), Do.SubmitForReview, { documents: ['听证笔录'] })
      .then(reviewer(), on('2026-04-17'), Do.IssueReviewOpinion, opinion());
    reviewed
      .next(head, on('2026-04-20'))
      .when(Do.DecidePenalty, decisionOn())
      .thenRefused('case.recording_missing', 'D02');
    const recorded = reviewed.then(officer('o-1'), on('2026-04-17', 15), Do.AttachRecording, {
      ...recording('HoldHearing', '2026-04-14', on('2026-04-14', 12), 'full'),
      lateReason: '设备检修',
    });
    recorded
      .next(head, on('2026-04-20'))
      .when(Do.DecidePenalty, decisionOn())
      .thenRefused('case.collective_discussion_missing', '57');
    recorded
      .then(head, on('2026-04-20', 9), Do.HoldCollectiveDiscussion, discussion)
      .next(head, on('2026-04-20'))
      .when(Do.DecidePenalty, decisionOn())
      .thenAmong(E.PenaltyDecided, { grave: true, partyPublicName: '欧阳某某' });
  });

  it('goes to review from here only after it was held (50)', () => {
    noticed
      .next(officer('o-1'), on('2026-03-30'))
      .when(Do.SubmitForReview, { documents: ['x'] })
      .thenRefused('case.review_not_due', '50');
  });
});

describe('集体讨论 collective discussion (57, C10)', () => {
  it.each([
    ['one leader alone', ['l-1']],
    ['without the one who records it', ['l-2', 'h-1']],
    ['with an investigator as member', ['l-1', 'o-1']],
    ['with the reviewer as member', ['l-1', 'r-1']],
  ])('is not %s', (_, members) => {
    upTo('noticed')
      .next(head, on('2026-03-26'))
      .when(Do.HoldCollectiveDiscussion, { ...discussion, members })
      .thenRefused('case.discussion_members_unfit', '57');
  });

  it('that disagrees carries no decision (57)', () => {
    upTo('answered', grave)
      .then(head, on('2026-04-02', 9), Do.HoldCollectiveDiscussion, { ...discussion, agreed: false })
      .next(head, on('2026-04-02'))
      .when(Do.DecidePenalty, decisionOn())
      .thenRefused('case.collective_discussion_missing', '57');
  });
});

describe('决定 decision (57, 60, C10)', () => {
  const answered = upTo('answered');

  it('carries what a notice needs, and stops the clocks (59, 60, B06)', () => {
    const decided = answered.next(head, on('2026-04-02')).when(Do.DecidePenalty, decisionOn());
    decided.thenAmong(E.PenaltyDecided, {
      procedure: 'ordinary-penalty',
      decidedOn: '2026-04-02',
      partyPublicName: filing.partyName,
      partyPublicIdentifier: filing.partyIdentifier,
      fineYuan: 12000,
      withinBand: true,
      reviewerId: 'r-1',
      decidedBy: 'l-1',
      daysUsed: 29,
    });
    decided.thenAmong(ClockStopped, { clock: 'penalty.decision', inTime: true });
    decided.thenAmong(ClockStopped, { clock: 'power.promised', inTime: true });
    decided.thenAmong(ClockStarted, { clock: 'penalty.service', dueOn: '2026-04-14' });
  });

  it('may be made on day 90 and not on day 91 (60)', () => {
    answered
      .next(head, on('2026-06-02'))
      .when(Do.DecidePenalty, decisionOn())
      .thenAmong(E.PenaltyDecided, { daysUsed: 90 });
    answered
      .next(head, on('2026-06-03'))
      .when(Do.DecidePenalty, decisionOn())
      .thenRefused('case.decision_time_over', '60');
  });

  it('is not made possible again by suspending a time that has run out (60, 64)', () => {
    answered
      .then(head, on('2026-06-05'), Do.SuspendClock, { ground: 'testing', reason: '补充鉴定' })
      .then(head, on('2026-06-08'), Do.ResumeClock, { ground: 'testing' })
      .next(head, on('2026-06-08', 15))
      .when(Do.DecidePenalty, decisionOn())
      .thenRefused('case.decision_time_over', '60');
  });

  it('not to punish may still be made after day 90 (57, 60)', () => {
    answered
      .next(head, on('2026-06-03'))
      .when(Do.DecidePenalty, { ...decisionOn(), outcome: 'no_penalty_minor', penalties: undefined, level: undefined })
      .thenAmong(ClockStopped, { clock: 'penalty.decision', inTime: false });
  });

  it.each([
    ['an investigator', 'o-1'],
    ['the reviewer', 'r-1'],
  ])('is not made by %s (C10)', (_, id) => {
    answered
      .next({ ...head, officer: id }, on('2026-04-02'))
      .when(Do.DecidePenalty, decisionOn())
      .thenRefused('case.decider_not_separate', 'C10');
  });

  it('needs the notice first (44, 62)', () => {
    upTo('reviewed')
      .next(head, on('2026-03-25'))
      .when(Do.DecidePenalty, decisionOn())
      .thenRefused('case.rights_notice_missing', '62');
  });

  it('states its level (F01), stays in the band or says why (F01), and names whom it is transferred to (57)', () => {
    const decide = (fields: Partial<Do.DecidePenalty>) =>
      answered.next(head, on('2026-04-02')).when(Do.DecidePenalty, { ...decisionOn(), ...fields });
    decide({ level: undefined }).thenRefused('case.level_missing', 'F01');
    decide({ penalties: fine(4000) }).thenRefused('case.outside_band', 'F01');
    decide({ outcome: 'transfer', penalties: undefined }).thenRefused('case.transfer_addressee_missing', '57');
    decide({ outcome: 'transfer', penalties: undefined, transferredTo: '明镜市公安局' }).thenAmong(E.CaseTransferred, {
      transferredTo: '明镜市公安局',
    });
  });
});

describe('送达 service (61)', () => {
  const decided = upTo('decided');

  it('starts fifteen days to pay, over a weekend to Monday (67)', () => {
    decided
      .next(officer('o-1'), on('2026-04-03'))
      .when(Do.ServeDecision, service)
      .thenAmong(ClockStarted, { clock: 'penalty.payment', dueOn: '2026-04-20', bindsParty: true });
  });

  it.each([
    [
      'electronically without the confirmation (61)',
      { method: 'electronic' as const },
      'case.electronic_service_without_consent',
      '61',
    ],
    ['without telling of the publication (45号令 8)', { toldOfPublication: false }, 'case.publication_not_told', '8'],
    ['by one officer (42)', { officers: ['o-1'] }, 'case.two_officers_required', '42'],
  ])('is refused %s', (_, fields, code, basis) => {
    decided
      .next(officer('o-1'), on('2026-04-03'))
      .when(Do.ServeDecision, { ...service, ...fields })
      .thenRefused(code, basis);
  });
});
