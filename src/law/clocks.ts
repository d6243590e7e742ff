import { Failure } from '../kernel/errors';
import type { Instant, LocalDate } from '../kernel/time';
import {
  addCalendarDays,
  addMonths,
  addWorkingDays,
  calendarDaysBetween,
  isProvisional,
  onOrAfterHoliday,
  onOrNextWorkingDay,
  workingDaysBetween,
} from './calendar';
import { parameter, type DayKind, type LegalParameter } from './parameters';

const HOUR_MS = 60 * 60 * 1000;

/** A statutory period 法定期限 with its last day. Months and years are given as the calendar days they come to. */
export interface Deadline {
  readonly parameter: string;
  /** The day the period starts from; it does not count itself. */
  readonly from: LocalDate;
  /** The last day on which the act is still in time. */
  readonly dueOn: LocalDate;
  readonly days: number;
  readonly dayKind: DayKind;
  readonly basis: string;
  /** The period touches a year whose holidays are not announced yet. */
  readonly provisional: boolean;
  /** The article that moved the last day away from a day off. */
  readonly movedUnder?: string;
}

function period(p: LegalParameter, from: LocalDate, days: number, dayKind: DayKind): Deadline {
  const end = dayKind === 'working' ? addWorkingDays(from, days) : addCalendarDays(from, days);
  const moved = p.movedFrom === 'statutory_holiday' ? onOrAfterHoliday : onOrNextWorkingDay;
  const dueOn = dayKind === 'calendar' && p.holidayRule ? moved(end) : end;
  return {
    parameter: p.id,
    from,
    dueOn,
    days,
    dayKind,
    basis: p.basis,
    // Both ends decide: a working-day count or a last day that may move is only as sure as the calendar it runs through.
    provisional:
      (dayKind === 'working' || p.holidayRule !== undefined) && (isProvisional(from) || isProvisional(dueOn)),
    ...(dueOn !== end && { movedUnder: p.holidayRule }),
  };
}

/** How many days a figure comes to from a date. */
function length(p: LegalParameter, from: LocalDate): number {
  switch (p.unit) {
    case 'day':
      return p.value;
    case 'month':
      return calendarDaysBetween(from, addMonths(from, p.value));
    case 'year':
      return calendarDaysBetween(from, addMonths(from, p.value * 12));
    case 'hour':
      return Math.ceil(p.value / 24);
    case 'yuan':
    case 'percent':
    case 'fraction':
    case 'count':
      throw new Failure('invalid', 'law.not_a_period', {
        zh: `法定参数 ${p.id} 不是期限`,
        en: `legal parameter ${p.id} is not a period`,
        basis: p.basis,
      });
  }
}

/**
 * The statutory deadline that starts on a date, by the law in force on that date. The first day is the one after `from`.
 * A calendar period that ends on a day off runs on where the figure names the article for it, as that article says.
 * Fails with `law.no_parameter` or `law.not_a_period`.
 */
export function deadline(parameterId: string, from: LocalDate): Deadline {
  const p = parameter(parameterId, from);
  return period(p, from, length(p, from), p.dayKind ?? 'calendar');
}

/** The instant when a period in hours ends. Fails with `law.not_a_period` for any other unit. */
export function deadlineInstant(parameterId: string, from: Instant, on: LocalDate): Instant {
  const p = parameter(parameterId, on);
  if (p.unit !== 'hour') {
    throw new Failure('invalid', 'law.not_a_period', {
      zh: '该期限不以小时计',
      en: 'not a period in hours',
      basis: p.basis,
    });
  }
  return new Date(Date.parse(from) + p.value * HOUR_MS).toISOString();
}

/** The last day to do what must be done so many days before an event, such as notifying the parties of a hearing. */
export function lastDayBefore(parameterId: string, event: LocalDate): LocalDate {
  const p = parameter(parameterId, event);
  const days = length(p, event);
  return p.dayKind === 'working' ? addWorkingDays(event, -days) : addCalendarDays(event, -days);
}

type Running = Pick<Deadline, 'parameter' | 'from' | 'days' | 'dayKind'>;

/** The period made longer by days of its own kind, counted as one period from its start. */
export function extendBy(running: Running, days: number): Deadline {
  return period(parameter(running.parameter, running.from), running.from, running.days + days, running.dayKind);
}

/** Days of the period still unused on a date, in its own kind of day; negative when it has passed. */
export function remainingDays(running: Running, on: LocalDate): number {
  if (running.dayKind === 'calendar') return running.days - calendarDaysBetween(running.from, on);
  return running.days - workingDaysBetween(running.from, on);
}

/**
 * The period after a suspension 中止: what was left when it was suspended runs on from the day it is resumed. So the time
 * from `suspendedOn` to `resumedOn` is not counted.
 */
export function resume(running: Running, suspendedOn: LocalDate, resumedOn: LocalDate): Deadline {
  const p = parameter(running.parameter, running.from);
  return period(p, resumedOn, Math.max(0, remainingDays(running, suspendedOn)), running.dayKind);
}
