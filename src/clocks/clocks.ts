import type { Bilingual } from '../kernel/errors';
import { event } from '../kernel/event';
import type { LocalDate } from '../kernel/time';
import { deadline, extendBy, type Deadline } from '../law/clocks';
import { parameter } from '../law/parameters';
import { ClockExtended, ClockMissed, ClockStarted, ClockStopped } from './clock-events';

/** A clock to be started: from which day, for which body, post and officers. */
export interface Starting {
  /** The law's parameter, by which the clock is known. */
  readonly clock: string;
  readonly item?: string;
  readonly from: LocalDate;
  readonly bodyId: string;
  readonly post: string;
  readonly officers: readonly string[];
  readonly bindsParty?: boolean;
}

/** What a record keeps of a clock that has not been stopped. */
export interface RunningClock extends Omit<ClockMissed, 'noticedOn' | 'responsibleOfficers'> {
  readonly responsibleOfficers: readonly string[];
  readonly suspendedOn?: LocalDate;
  readonly missed?: boolean;
}

/** A clock over a period that is counted already. */
export function started(s: Starting, period: Deadline, { zh, en }: Bilingual, basis: string): ClockStarted {
  return event(ClockStarted, {
    clock: s.clock,
    item: s.item ?? '',
    zh,
    en,
    startedOn: s.from,
    dueOn: period.dueOn,
    days: period.days,
    dayKind: period.dayKind,
    basis,
    provisional: period.provisional,
    bodyId: s.bodyId,
    responsiblePost: s.post,
    responsibleOfficers: [...s.officers],
    bindsParty: s.bindsParty ?? false,
  });
}

/** A statutory clock from a day, by the law of that day. Fails with `law.no_parameter`. */
export function startedByLaw(s: Starting): ClockStarted {
  const period = deadline(s.clock, s.from);
  return started(s, period, parameter(s.clock, s.from), period.basis);
}

/**
 * The end of a clock; nothing when it does not run. One that is suspended stands where it was suspended. One that was noted
 * as missed is never in time any more, whatever day the act is dated.
 */
export function stopped(running: RunningClock | undefined, on: LocalDate): ClockStopped[] {
  if (!running) return [];
  const { clock, item, dueOn, missed: noted = false, suspendedOn = on } = running;
  return [event(ClockStopped, { clock, item, stoppedOn: on, inTime: !noted && suspendedOn <= dueOn })];
}

type Period = Pick<Deadline, 'parameter' | 'from' | 'days' | 'dayKind'>;

/** The period that a clock measures, from the day it began or went on. `parameter`: by whose rule it is counted. */
export const periodOf = (
  { clock, days, dayKind }: Pick<ClockStarted, 'clock' | 'days' | 'dayKind'>,
  from: LocalDate,
  parameter = clock,
): Period => ({ parameter, from, days, dayKind: dayKind === 'working' ? 'working' : 'calendar' });

/** Longer by days of its own kind, counted as one period. */
export function extended(
  { clock, item }: Pick<RunningClock, 'clock' | 'item'>,
  period: Period,
  days: number,
  basis: string,
): ClockExtended {
  const { dayKind, dueOn, provisional } = extendBy(period, days);
  return event(ClockExtended, { clock, item, days, dayKind, dueOn, basis, provisional });
}

/**
 * That a due date has passed with the clock still running. Nothing when it does not run, is suspended, is in time or was noted
 * already: the program may ask again.
 */
export function missed(running: RunningClock | undefined, today: LocalDate): ClockMissed[] {
  if (!running || running.missed || running.suspendedOn !== undefined || today <= running.dueOn) return [];
  const { clock, item, zh, en, dueOn, basis, bodyId, responsiblePost, responsibleOfficers, bindsParty } = running;
  return [
    event(ClockMissed, {
      clock,
      item,
      zh,
      en,
      dueOn,
      noticedOn: today,
      basis,
      bodyId,
      responsiblePost,
      responsibleOfficers: [...responsibleOfficers],
      bindsParty,
    }),
  ];
}
