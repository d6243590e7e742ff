import * as Do from '../../src/enforcement/penalty-commands';
import * as E from '../../src/enforcement/penalty-events';
import { ClockExtended, ClockMissed, ClockStarted, ClockStopped } from '../../src/clocks/clock-events';
import { NoteMissedClock } from '../../src/clocks/missed-clock';
import { cashier, decisionOn, fine, head, officer, on, program, SHA, upTo } from './penalty-story';

const pay = (amountYuan: number, receiptNumber = 'PJ-0001') => ({ amountYuan, receiptNumber, payeeId: 'bank-1' });
const served = upTo('service recorded');
const seek = { remedyId: 'remedy-1', kind: 'reconsideration', authority: '明镜市人民政府' };

describe('缴款 payment (67, C04)', () => {
  it('in full stops the payment clock and starts the days to close (67, 77)', () => {
    const paid = served.next(cashier, on('2026-04-10')).when(Do.RecordPayment, pay(12000));
    paid.thenAmong(E.FinePaid, { outstandingYuan: 0, paidOn: '2026-04-10' });
    paid.thenAmong(ClockStopped, { clock: 'penalty.payment', inTime: true });
    paid.thenAmong(ClockStarted, { clock: 'penalty.close' });
  });

  it('is not taken by the body that fines (C04, 67)', () => {
    served
      .next(cashier, on('2026-04-10'))
      .when(Do.RecordPayment, { ...pay(12000), payeeId: 'body-1' })
      .thenRefused('case.payee_is_the_body', '67');
    served
      .next({ ...cashier, body: 'body-1' }, on('2026-04-10'))
      .when(Do.RecordPayment, pay(12000))
      .thenRefused('case.payee_is_the_body', 'C04');
  });

  it('counts each receipt once (70), and never more than is owed (67)', () => {
    served
      .then(cashier, on('2026-04-10'), Do.RecordPayment, pay(100))
      .next(cashier, on('2026-04-11'))
      .when(Do.RecordPayment, pay(200))
      .thenRefused('case.receipt_entered_already', '70');
    served
      .next(cashier, on('2026-04-10'))
      .when(Do.RecordPayment, pay(12000.01))
      .thenRefused('case.payment_exceeds_debt', '67');
  });
});

describe('延期、分期 deferral and instalments (66)', () => {
  const plan = [
    { dueOn: '2026-05-06', amountYuan: 6000 },
    { dueOn: '2026-06-08', amountYuan: 6000 },
  ];

  it('moves the day to pay', () => {
    served
      .next(head, on('2026-04-15'))
      .when(Do.DeferPayment, { until: '2026-06-01', reason: '经营困难' })
      .thenAmong(ClockExtended, { clock: 'penalty.payment', dueOn: '2026-06-01' });
    served
      .next(head, on('2026-04-15'))
      .when(Do.ApproveInstalments, { plan, reason: '经营困难' })
      .thenAmong(ClockExtended, { clock: 'penalty.payment', dueOn: '2026-06-08' });
  });

  it('is refused when it is no later, or the plan does not add up', () => {
    served
      .next(head, on('2026-04-15'))
      .when(Do.DeferPayment, { until: '2026-04-20', reason: 'x' })
      .thenRefused('case.deferral_not_later', '66');
    served
      .next(head, on('2026-04-15'))
      .when(Do.ApproveInstalments, { plan: plan.slice(1), reason: 'x' })
      .thenRefused('case.plan_incomplete', '66');
    served
      .next(head, on('2026-04-15'))
      .when(Do.ApproveInstalments, { plan: [plan[1], plan[0]], reason: 'x' })
      .thenRefused('case.plan_incomplete', '66');
    served
      .then(cashier, on('2026-04-10'), Do.RecordPayment, pay(12000))
      .next(head, on('2026-04-15'))
      .when(Do.ApproveInstalments, { plan, reason: 'x' })
      .thenRefused('case.no_fine_open', '66');
  });

  it('counts lateness by what fell due (72)', () => {
    served
      .then(head, on('2026-04-15'), Do.ApproveInstalments, { plan, reason: '经营困难' })
      .next(officer('o-1'), on('2026-05-08'))
      .when(Do.AssessLateSurcharge, {})
      .thenAmong(E.LateSurchargeAssessed, { days: 2, amountYuan: 360 });
  });
});

describe('加处罚款 late surcharge (72, 73)', () => {
  const assess = (day: string, story = served) => story.next(officer('o-1'), on(day)).when(Do.AssessLateSurcharge, {});

  it('is three percent a day from the day after the last day to pay', () => {
    assess('2026-04-20').thenNothing();
    assess('2026-04-21').thenAmong(E.LateSurchargeAssessed, {
      from: '2026-04-21',
      days: 1,
      ratePerDay: 0.03,
      amountYuan: 360,
      capped: false,
    });
  });

  it('never exceeds the fine', () => {
    assess('2026-05-23').thenAmong(E.LateSurchargeAssessed, { days: 33, amountYuan: 11880, capped: false });
    assess('2026-05-24').thenAmong(E.LateSurchargeAssessed, { days: 34, amountYuan: 12000, capped: true });
    assess('2027-05-24').thenAmong(E.LateSurchargeAssessed, { days: 34, amountYuan: 12000, capped: true });
  });

  it('does not run during reconsideration and litigation (73 III)', () => {
    const remedied = served
      .then(officer('o-1'), on('2026-04-23'), Do.RecordRemedySought, seek)
      .then(officer('o-1'), on('2026-05-03'), Do.RecordRemedyEnded, { remedyId: 'remedy-1', outcome: 'upheld' });
    assess('2026-05-04', remedied).thenAmong(E.LateSurchargeAssessed, { days: 4, excludedDays: 10, amountYuan: 1440 });
  });

  it('counts only what was unpaid, and ends with the payment', () => {
    const half = served.then(cashier, on('2026-04-10'), Do.RecordPayment, pay(6000));
    assess('2026-04-22', half).thenAmong(E.LateSurchargeAssessed, { amountYuan: 360 });
    const late = half.then(cashier, on('2026-04-23'), Do.RecordPayment, pay(6000, 'PJ-0002'));
    assess('2026-06-01', late).thenAmong(E.LateSurchargeAssessed, { days: 2, to: '2026-04-22', amountYuan: 360 });
  });

  it('is not repeated when nothing has changed', () => {
    assess('2026-06-02', served.then(officer('o-1'), on('2026-06-01'), Do.AssessLateSurcharge, {})).thenNothing();
  });

  it('must be paid before the case closes as performed (77)', () => {
    served
      .then(officer('o-1'), on('2026-04-21'), Do.AssessLateSurcharge, {})
      .then(cashier, on('2026-04-21', 15), Do.RecordPayment, pay(12000))
      .next(head, on('2026-04-22'))
      .when(Do.CloseCase, { ground: 'performed', summary: 'x' })
      .thenRefused('case.not_ready_to_close', '77');
  });
});

describe('催告与申请强制执行 demand and court (行政强制法 53, 54)', () => {
  const demand = { receiptSha256: SHA, pages: 1 };
  const demanded = served.then(officer('o-1'), on('2026-10-08'), Do.DemandPerformance, demand);
  const apply = (day: string, story = demanded) =>
    story.next(head, on(day)).when(Do.ApplyToCourt, { court: '明镜市人民法院' });

  it('demands only what is overdue (54)', () => {
    served
      .next(officer('o-1'), on('2026-04-20'))
      .when(Do.DemandPerformance, demand)
      .thenRefused('case.payment_not_overdue', '72');
  });

  it('applies after the demand, within three months after the time for remedies', () => {
    apply('2026-10-20', served).thenRefused('case.demand_missing', '54');
    apply('2026-10-21').thenRefused('case.demand_missing', '54');
    apply('2026-10-26').thenAmong(E.CourtEnforcementApplied, { outstandingYuan: 12000 });
    apply('2027-02-20').thenRefused('case.court_application_untimely', '53');
  });

  it('waits for a remedy that is pending (53)', () => {
    apply('2026-10-26', demanded.then(officer('o-1'), on('2026-10-09'), Do.RecordRemedySought, seek)).thenRefused(
      'case.court_application_untimely',
      '53',
    );
  });
});

describe('更正、变更、撤销 correction, amendment and revocation (48, 75)', () => {
  const amend = {
    amendingDocument: '明市监变更〔2026〕1号',
    authority: 'reconsideration',
    publicReason: '适用幅度不当',
    penalties: fine(8000),
  };
  const revoke = {
    revokingDocument: '明市监撤〔2026〕1号',
    authority: 'own_correction',
    effect: 'revoked',
    publicReason: '事实不清',
  };

  it('corrects a slip (75)', () => {
    served
      .next(head, on('2026-04-15'))
      .when(Do.CorrectDecision, { field: 'violation', wrong: '无照径营', right: '无照经营', reason: '笔误' })
      .thenAmong(E.DecisionCorrected, { documentNumber: '明市监处罚〔2026〕1号' });
  });

  it('amends to a lighter penalty and never to a heavier (45, 复议法 63)', () => {
    served.next(head, on('2026-05-15')).when(Do.AmendDecision, amend).thenAmong(E.DecisionAmended, { fineYuan: 8000 });
    served
      .next(head, on('2026-05-15'))
      .when(Do.AmendDecision, { ...amend, penalties: fine(12001) })
      .thenRefused('case.amended_heavier', '45');
    served
      .then(head, on('2026-04-15'), Do.AmendDecision, amend)
      .next(cashier, on('2026-04-16'))
      .when(Do.RecordPayment, pay(8000))
      .thenAmong(E.FinePaid, { outstandingYuan: 0 });
  });

  it('revokes once, stops the payment, and lets the case close (75, 77)', () => {
    const revoked = served.next(head, on('2026-04-15')).when(Do.RevokeDecision, revoke);
    revoked.thenAmong(E.DecisionRevoked, { effect: 'revoked', publicReason: '事实不清' });
    revoked.thenAmong(ClockStopped, { clock: 'penalty.payment' });
    const after = served.then(head, on('2026-04-15'), Do.RevokeDecision, revoke);
    after.next(head, on('2026-04-16')).when(Do.RevokeDecision, revoke).thenRefused('case.decision_not_standing', '75');
    after
      .next(head, on('2026-04-20'))
      .when(Do.CloseCase, { ground: 'revoked', summary: '决定撤销' })
      .thenAmong(E.CaseClosed);
  });
});

describe('救济 remedies (73, P02)', () => {
  it('are entered once and end once', () => {
    const sought = served.then(officer('o-1'), on('2026-04-23'), Do.RecordRemedySought, seek);
    sought
      .next(officer('o-1'), on('2026-04-24'))
      .when(Do.RecordRemedySought, seek)
      .thenRefused('case.remedy_exists', '73');
    served
      .next(officer('o-1'), on('2026-05-03'))
      .when(Do.RecordRemedyEnded, { remedyId: 'remedy-1', outcome: 'upheld' })
      .thenRefused('case.remedy_not_open', '73');
    sought
      .next(officer('o-1'), on('2026-05-03'))
      .when(Do.RecordRemedyEnded, { remedyId: 'remedy-1', outcome: 'upheld' })
      .thenAmong(E.RemedyEnded, { kind: 'reconsideration' });
  });
});

describe('结案 closing (77)', () => {
  const close = { ground: 'performed' as const, summary: '罚款已缴清' };

  it('waits for the money and for the recording of the service (D02)', () => {
    served.next(head, on('2026-04-13')).when(Do.CloseCase, close).thenRefused('case.not_ready_to_close', '77');
    upTo('served')
      .then(cashier, on('2026-04-10'), Do.RecordPayment, pay(12000))
      .next(head, on('2026-04-13'))
      .when(Do.CloseCase, close)
      .thenRefused('case.recording_missing', 'D02');
  });

  it('of a case without penalty follows its service (60, 77)', () => {
    const none = { ...decisionOn(), outcome: 'no_penalty_minor', penalties: undefined, level: undefined };
    upTo('service recorded', { with: { decided: none } })
      .next(head, on('2026-04-13'))
      .when(Do.CloseCase, { ground: 'no_penalty', summary: '不予处罚，已教育' })
      .thenAmong(E.CaseClosed);
  });

  it('of a transferred case needs no service (57)', () => {
    const transferred = {
      ...decisionOn(),
      outcome: 'transfer',
      penalties: undefined,
      level: undefined,
      transferredTo: '明镜市公安局',
    };
    upTo('decided', { with: { decided: transferred } })
      .next(head, on('2026-04-13'))
      .when(Do.CloseCase, { ground: 'transferred', summary: '已移送' })
      .thenAmong(E.CaseClosed);
  });
});

describe('逾期 a missed clock, noted by the program (L01)', () => {
  const missed = (day: string, story = upTo('filed')) =>
    story.next(program, on(day)).when(NoteMissedClock, { clock: 'penalty.decision' });

  it('names who answers for it', () => {
    missed('2026-06-03').thenAmong(ClockMissed, {
      dueOn: '2026-06-02',
      noticedOn: '2026-06-03',
      bodyId: 'body-1',
      responsiblePost: 'officer',
      responsibleOfficers: ['o-1', 'o-2'],
      bindsParty: false,
    });
  });

  it('is noted neither early, nor twice, nor while suspended, nor after it stopped', () => {
    missed('2026-06-02').thenNothing();
    missed(
      '2026-06-04',
      upTo('filed').then(program, on('2026-06-03'), NoteMissedClock, { clock: 'penalty.decision' }),
    ).thenNothing();
    missed(
      '2026-06-04',
      upTo('filed').then(head, on('2026-05-01'), Do.SuspendClock, { ground: 'testing', reason: '送检' }),
    ).thenNothing();
    missed('2026-06-04', upTo('decided')).thenNothing();
  });
});
