import { event } from '../kernel/event';
import type { LocalDate } from '../kernel/time';
import { calendarDaysBetween } from '../law/calendar';
import { deadline, extendBy, resume } from '../law/clocks';
import { openClock, type CaseClock, type CaseState } from './case-state';
import * as C from '../clocks/clock-events';
import { extended, periodOf, started, stopped, type Starting } from '../clocks/clocks';
import type { SuspensionGround } from './penalty-types';

/** The clock of the time that the body promised (承诺时限, B06); as many days as the power catalogue says. */
export const PROMISED = 'power.promised';

/** A promise is counted like the statutory time that it shortens. */
const countedAs = (clock: string): string => (clock === PROMISED ? 'penalty.decision' : clock);

const running = (clock: CaseClock) => periodOf(clock, clock.from, countedAs(clock.clock));

/** The clock of a promised limit in days; they are counted like the statutory time to decide. */
export function startPromise(s: Omit<Starting, 'clock'>, promisedDays: number): C.ClockStarted {
  const law = deadline('penalty.decision', s.from);
  const period = extendBy({ ...law, days: 0 }, promisedDays);
  return started({ ...s, clock: PROMISED }, period, { zh: '承诺办理期限', en: 'Promised time to decide' }, 'B06');
}

/** A clock that must end on a date that a decision names, such as a payment that was deferred. */
export function moveDue(clock: CaseClock, dueOn: LocalDate, basis: string): C.ClockExtended {
  return event(C.ClockExtended, {
    clock: clock.clock,
    item: clock.item,
    days: Math.max(0, calendarDaysBetween(clock.dueOn, dueOn)),
    dayKind: 'calendar',
    dueOn,
    basis,
    provisional: false,
  });
}

/** Stops the clock if it is open; a stopped or unknown clock gives nothing. */
export const stopClock = (state: CaseState, name: string, on: LocalDate, item = ''): C.ClockStopped[] =>
  stopped(openClock(state, name, item), on);

/** Longer by days of its own kind, counted as one period. */
export const extendClock = (clock: CaseClock, days: number, basis: string): C.ClockExtended =>
  extended(clock, running(clock), days, basis);

/** The clocks that a ground stops from running: testing also holds up the check before filing (市场监管程序规定 18, 64). */
const held = (ground: SuspensionGround): readonly string[] =>
  ground === 'testing' ? ['penalty.decision', PROMISED, 'penalty.filing_check'] : ['penalty.decision', PROMISED];

/** Suspends what the ground suspends, unless another ground does already. A time that has run out is not brought back. */
export function suspendClocks(state: CaseState, ground: SuspensionGround, on: LocalDate): C.ClockSuspended[] {
  return held(ground).flatMap((name) => {
    const clock = openClock(state, name);
    if (!clock || clock.suspendedOn !== undefined || on > clock.dueOn) return [];
    const basis = '市场监督管理行政处罚程序规定第64条';
    return [event(C.ClockSuspended, { clock: name, item: clock.item, suspendedOn: on, ground, basis })];
  });
}

/** Lets them run again when the last ground has ended. */
export function resumeClocks(state: CaseState, ending: SuspensionGround, on: LocalDate): C.ClockResumed[] {
  const left = state.suspensions.filter((g) => g !== ending);
  return held(ending).flatMap((name) => {
    const clock = openClock(state, name);
    if (clock?.suspendedOn === undefined || left.some((g) => held(g).includes(name))) return [];
    const period = resume(running(clock), clock.suspendedOn, on);
    return [
      event(C.ClockResumed, {
        clock: name,
        item: clock.item,
        resumedOn: on,
        days: period.days,
        excludedDays: calendarDaysBetween(clock.suspendedOn, on),
        dueOn: period.dueOn,
        provisional: period.provisional,
      }),
    ];
  });
}

/** Calendar days since the clock started, those left out during which it was suspended. */
export function daysUsed(state: CaseState, name: string, on: LocalDate): number | undefined {
  const clock = openClock(state, name);
  return clock && calendarDaysBetween(clock.startedOn, clock.suspendedOn ?? on) - clock.excludedDays;
}
