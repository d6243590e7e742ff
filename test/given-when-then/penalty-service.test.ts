import { ClockStarted, ClockStopped } from '../../src/clocks/clock-events';
import * as Do from '../../src/enforcement/penalty-commands';
import * as E from '../../src/enforcement/penalty-events';
import { decisionOn, head, officer, on, rightsNotice, service, SHA, upTo } from './penalty-story';

describe('公告送达 service by announcement (82)', () => {
  const announced = { ...service, method: 'announcement' as const };
  const posted = upTo('decided').then(officer('o-1'), on('2026-04-03'), Do.ServeDecision, announced);

  it('stops the days to serve on posting; service, and the days to pay, follow thirty days later (67, 82)', () => {
    const posting = upTo('decided').next(officer('o-1'), on('2026-04-03')).when(Do.ServeDecision, announced);
    posting.thenAmong(E.DecisionServed, { servedOn: '2026-05-03' });
    posting.thenAmong(ClockStopped, { clock: 'penalty.service', stoppedOn: '2026-04-03', inTime: true });
    posting.thenAmong(ClockStarted, { clock: 'penalty.payment', startedOn: '2026-05-03', dueOn: '2026-05-18' });
  });

  it('is followed by the time for remedies: the court is not asked before it is over (行政强制法 53)', () => {
    const demanded = posted.then(officer('o-1'), on('2026-10-08'), Do.DemandPerformance, {
      receiptSha256: SHA,
      pages: 1,
    });
    const apply = (day: string) => demanded.next(head, on(day)).when(Do.ApplyToCourt, { court: '明镜市人民法院' });
    apply('2026-10-26').thenRefused('case.court_application_untimely', '53');
    apply('2026-11-04').thenAmong(E.CourtEnforcementApplied);
  });

  it('keeps a case without penalty open until its time is over (77)', () => {
    const none = { ...decisionOn(), outcome: 'no_penalty_minor', penalties: undefined, level: undefined };
    const close = { ground: 'no_penalty' as const, summary: '不予处罚' };
    const story = upTo('service recorded', { with: { decided: none, served: announced } });
    story.next(head, on('2026-04-13')).when(Do.CloseCase, close).thenRefused('case.not_ready_to_close', '77');
    story.next(head, on('2026-05-06')).when(Do.CloseCase, close).thenAmong(E.CaseClosed);
  });

  it('of the rights notice starts the days to speak when its time is over, and a party that speaks earlier is heard', () => {
    const notice = { ...rightsNotice(), method: 'announcement' as const };
    const noticed = upTo('reviewed').next(officer('o-1'), on('2026-03-25')).when(Do.ServeRightsNotice, notice);
    noticed.thenAmong(E.RightsNoticeServed, { servedOn: '2026-04-24' });
    noticed.thenAmong(ClockStarted, { clock: 'penalty.statement', startedOn: '2026-04-24' });
    upTo('answered', { with: { noticed: notice } })
      .next(head, on('2026-04-02'))
      .when(Do.DecidePenalty, decisionOn())
      .thenAmong(E.PenaltyDecided);
    upTo('noticed', { with: { noticed: notice } })
      .next(head, on('2026-04-20'))
      .when(Do.DecidePenalty, decisionOn())
      .thenRefused('case.party_not_heard', '62');
  });
});

describe("当事人期限 the party's own clocks (57, 64)", () => {
  const grave = { noticed: rightsNotice(undefined, true) };

  it('end with the decision, and with the investigation', () => {
    const noticed = upTo('noticed', { with: grave });
    for (const outcome of [
      noticed.next(head, on('2026-04-02')).when(Do.DecidePenalty, decisionOn()),
      noticed.next(head, on('2026-04-02')).when(Do.EndInvestigation, { reason: '当事人注销' }),
    ]) {
      outcome.thenAmong(ClockStopped, { clock: 'penalty.statement', stoppedOn: '2026-04-02' });
      outcome.thenAmong(ClockStopped, { clock: 'penalty.hearing_request', stoppedOn: '2026-04-02' });
    }
  });

  it('a review that is pending ends with the investigation as well (55)', () => {
    upTo('submitted')
      .next(head, on('2026-03-23'))
      .when(Do.EndInvestigation, { reason: '当事人注销' })
      .thenAmong(ClockStopped, { clock: 'penalty.review_time', item: '1' });
  });
});
