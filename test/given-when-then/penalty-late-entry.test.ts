import { ClockMissed, ClockStopped } from '../../src/clocks/clock-events';
import { NoteMissedClock } from '../../src/clocks/missed-clock';
import * as Do from '../../src/enforcement/penalty-commands';
import * as E from '../../src/enforcement/penalty-events';
import { cashier, decisionOn, head, officer, on, program, service, upTo } from './penalty-story';

const because = { lateEntryReason: '办案系统故障，恢复后补录' };

describe('事后补录 entered long after it happened (D01)', () => {
  const answered = upTo('answered');
  /** A decision dated 1 June, the ninetieth day being 2 June. */
  const decide = (recorded: string, fields: object = {}) =>
    answered
      .next(head, on(recorded))
      .occurred(on('2026-06-01'))
      .when(Do.DecidePenalty, { ...decisionOn(), ...fields });

  it('needs no reason within three working days, and one afterwards', () => {
    const inTime = decide('2026-06-04');
    inTime.thenAmong(E.PenaltyDecided);
    expect(inTime.events.some((e) => e instanceof E.LateEntryExplained)).toBe(false);
    decide('2026-06-05').thenRefused('case.late_entry_reason_required', 'D01');
  });

  it('keeps the reason beside the act, and out of it', () => {
    const late = decide('2026-06-05', because);
    late.thenAmong(E.LateEntryExplained, {
      act: 'DecidePenalty',
      occurredOn: '2026-06-01',
      recordedOn: '2026-06-05',
      workingDays: 4,
      reason: because.lateEntryReason,
    });
    const decided = late.events.find((e) => e instanceof E.PenaltyDecided);
    expect(decided).not.toHaveProperty('lateEntryReason');
    expect(decided).not.toHaveProperty('occurredAt');
  });

  it('does not make a clock in time that was noted as missed (60)', () => {
    const missed = answered.then(program, on('2026-06-03'), NoteMissedClock, { clock: 'penalty.decision' });
    missed
      .next(head, on('2026-06-05'))
      .occurred(on('2026-06-01'))
      .when(Do.DecidePenalty, { ...decisionOn(), ...because })
      .thenAmong(ClockStopped, { clock: 'penalty.decision', stoppedOn: '2026-06-01', inTime: false });
    answered
      .next(program, on('2026-06-03'))
      .when(NoteMissedClock, { clock: 'penalty.decision' })
      .thenAmong(ClockMissed);
  });

  it('is needed at once for a date before a due date that was noted as missed (64)', () => {
    const missed = answered.then(program, on('2026-06-03'), NoteMissedClock, { clock: 'penalty.decision' });
    const extend = missed.next(head, on('2026-06-03', 15)).occurred(on('2026-06-02'));
    extend.when(Do.ExtendDecisionTime, { reason: '案情复杂' }).thenRefused('case.late_entry_reason_required', 'D01');
    extend
      .when(Do.ExtendDecisionTime, { reason: '案情复杂', ...because })
      .thenAmong(E.LateEntryExplained, { act: 'ExtendDecisionTime', workingDays: 1 });
  });

  it('holds for service as for any other act, and not for the bank', () => {
    const serve = upTo('decided').next(officer('o-1'), on('2026-04-20')).occurred(on('2026-04-03'));
    serve.when(Do.ServeDecision, service).thenRefused('case.late_entry_reason_required');
    serve.when(Do.ServeDecision, { ...service, ...because }).thenAmong(E.DecisionServed, { servedOn: '2026-04-03' });
    upTo('service recorded')
      .next(cashier, on('2026-04-24'))
      .occurred(on('2026-04-10'))
      .when(Do.RecordPayment, { amountYuan: 12000, receiptNumber: 'PJ-0001', payeeId: 'bank-1' })
      .thenAmong(E.FinePaid, { paidOn: '2026-04-10' });
  });
});
