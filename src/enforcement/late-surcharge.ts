import type { LocalDate } from '../kernel/time';
import { addCalendarDays } from '../law/calendar';
import { parameter } from '../law/parameters';
import { clockKey, unpaidFine, yuan, type CaseState, type Remedy } from './case-state';

export interface Surcharge {
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** Days that count, and late days that do not because a remedy was pending. */
  readonly days: number;
  readonly excludedDays: number;
  readonly ratePerDay: number;
  readonly amountYuan: number;
  readonly capped: boolean;
}

const pending = (remedies: readonly Remedy[], on: LocalDate): boolean =>
  remedies.some((r) => r.soughtOn <= on && (r.endedOn === undefined || on < r.endedOn));

/** What of the fine should have been paid before a day: all of it after the due date, or the instalments that fell due. */
function dueBefore(state: CaseState, day: LocalDate): number {
  const fine = state.decision?.fineYuan ?? 0;
  if (state.instalments.length > 0) {
    return state.instalments.reduce((sum, i) => (i.dueOn < day ? sum + i.amountYuan : sum), 0);
  }
  const due = state.deferredUntil ?? state.clocks[clockKey('penalty.payment')]?.dueOn;
  return due !== undefined && due < day ? fine : 0;
}

/**
 * The late surcharge 加处罚款 up to a date, in yuan: for each late day the law's percentage of what was due and unpaid that
 * day, never together more than the fine, days of reconsideration and litigation left out (行政处罚法 72, 73 III). A payment
 * counts from its own day. Undefined when nothing was late.
 */
export function lateSurcharge(state: CaseState, until: LocalDate): Surcharge | undefined {
  const fine = state.decision?.fineYuan ?? 0;
  const start = state.instalments[0]?.dueOn ?? state.deferredUntil ?? state.clocks[clockKey('penalty.payment')]?.dueOn;
  if (fine === 0 || start === undefined) return undefined;
  const paidOff = fine - unpaidFine(state);
  const cap = (fine * parameter('penalty.late_surcharge_cap', until).value) / 100;
  const late: LocalDate[] = [];
  let excludedDays = 0;
  let amount = 0;
  let capped = false;
  // Bounded: the cap is reached after some months at the law's rate, unless remedies or a plan hold it up.
  for (let day = addCalendarDays(start, 1); day <= until && !capped; day = addCalendarDays(day, 1)) {
    const unpaid = yuan(dueBefore(state, day) - (fine - unpaidFine(state, day)));
    if (unpaid <= 0) {
      if (paidOff >= fine) break;
      continue;
    }
    if (pending(state.remedies, day)) {
      excludedDays++;
      continue;
    }
    late.push(day);
    amount += (unpaid * parameter('penalty.late_surcharge_rate', day).value) / 100;
    capped = amount >= cap;
  }
  if (late.length === 0) return undefined;
  return {
    from: late[0],
    to: late[late.length - 1],
    days: late.length,
    excludedDays,
    ratePerDay: parameter('penalty.late_surcharge_rate', until).value / 100,
    amountYuan: yuan(Math.min(amount, cap)),
    capped,
  };
}
