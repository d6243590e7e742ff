import announced from 'chinese-days/dist/chinese-days.json';
import { getSolarDateFromLunar, getSolarTermDate } from 'chinese-days';
import { Failure } from '../kernel/errors';
import type { LocalDate } from '../kernel/time';

/**
 * Working days 工作日: weekdays, less statutory holidays 法定节假日, plus make-up days 调休 as the State Council's office
 * announces them year by year. `chinese-days` carries those tables; an operator adds a year it does not have yet with
 * `useCalendar`. Dates are whole days in China.
 */

/** One announced year, as an operator adds it: the days off and the weekend days worked instead. */
export interface AnnouncedYear {
  readonly year: number;
  readonly basis: string;
  readonly holidays: readonly LocalDate[];
  readonly workdays: readonly LocalDate[];
}

export type DayType = 'working_day' | 'make_up_working_day' | 'weekend' | 'holiday';

export interface CalendarDay {
  readonly date: LocalDate;
  readonly type: DayType;
  readonly working: boolean;
  /** Chinese name of the holiday that a day off, or a day worked instead, belongs to. */
  readonly holiday?: string;
  /** No announcement covers this day: holidays by statute only, without make-up days. */
  readonly provisional: boolean;
}

interface Exception {
  readonly working: boolean;
  readonly zh: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** No legal period comes near; a bound against nonsense input. */
const MAX_DAYS = 20_000;

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether the text is a real date `YYYY-MM-DD`. */
export function isDate(date: string): boolean {
  if (!pattern.test(date)) return false;
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

/** Days since 1970-01-01. */
function numberOf(date: LocalDate): number {
  if (!isDate(date)) {
    throw new Failure('invalid', 'law.not_a_date', { zh: '日期格式应为 YYYY-MM-DD', en: 'not a date YYYY-MM-DD' });
  }
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

const dateOf = (day: number): LocalDate => new Date(day * DAY_MS).toISOString().slice(0, 10);

function boundedDays(n: number): number {
  if (!Number.isInteger(n) || Math.abs(n) > MAX_DAYS) {
    throw new Failure('invalid', 'law.days_out_of_bounds', {
      zh: `天数应为整数，且不超过 ${MAX_DAYS}`,
      en: `days must be an integer of at most ${MAX_DAYS}`,
    });
  }
  return n;
}

interface Table {
  readonly exceptions: ReadonlyMap<number, Exception>;
  readonly years: ReadonlySet<number>;
}

function library(): Table {
  const exceptions = new Map<number, Exception>();
  const years = new Set<number>();
  const sections: ReadonlyArray<readonly [Readonly<Record<string, string>>, boolean]> = [
    [announced.holidays, false],
    [announced.workdays, true],
  ];
  for (const [days, working] of sections) {
    for (const [date, names] of Object.entries(days)) {
      exceptions.set(numberOf(date), { working, zh: names.split(',')[1] });
      years.add(Number(date.slice(0, 4)));
    }
  }
  return { exceptions, years };
}

const base = library();
let table: Table = base;

/** Adds announced years to the library's own; called again, it replaces what the last call added. */
export function useCalendar(added: readonly AnnouncedYear[]): void {
  const exceptions = new Map(base.exceptions);
  const years = new Set(base.years);
  for (const { year, holidays, workdays } of added) {
    for (const day of exceptions.keys()) if (yearOf(day) === year) exceptions.delete(day);
    for (const date of holidays) exceptions.set(numberOf(date), { working: false, zh: '法定节假日' });
    for (const date of workdays) exceptions.set(numberOf(date), { working: true, zh: '调休' });
    years.add(year);
  }
  table = { exceptions, years };
}

/** The last date that an announcement covers: the end of the last year in the tables. Later days are provisional. */
export function calendarHorizon(): LocalDate {
  return `${Math.max(...table.years)}-12-31`;
}

const yearOf = (day: number): number => new Date(day * DAY_MS).getUTCFullYear();
const isWeekend = (day: number): boolean => [2, 3].includes(((day % 7) + 7) % 7); // day 0 was a Thursday

/** The years that the library's lunar tables cover; outside them only weekends are known. */
const LUNAR_YEARS = { first: 1901, last: 2099 };
const byStatute = new Map<number, ReadonlyMap<number, Exception>>();

/** The holidays of a year nobody announced, by 全国年节及纪念日放假办法 art 2 (as of 2025-01-01): 13 days, no make-up days. */
function statutory(year: number): ReadonlyMap<number, Exception> {
  const known = byStatute.get(year);
  if (known) return known;
  if (year < LUNAR_YEARS.first || year > LUNAR_YEARS.last) return new Map();
  const lunarNewYear = numberOf(getSolarDateFromLunar(`${year}-01-01`).date);
  const days: ReadonlyArray<readonly [zh: string, first: number, count: number]> = [
    ['元旦', numberOf(`${year}-01-01`), 1],
    ['春节', lunarNewYear - 1, 4],
    ['清明', numberOf(getSolarTermDate(year, 4, 'pure_brightness')), 1],
    ['劳动节', numberOf(`${year}-05-01`), 2],
    ['端午', numberOf(getSolarDateFromLunar(`${year}-05-05`).date), 1],
    ['中秋', numberOf(getSolarDateFromLunar(`${year}-08-15`).date), 1],
    ['国庆节', numberOf(`${year}-10-01`), 3],
  ];
  const map = new Map<number, Exception>();
  for (const [zh, first, count] of days) {
    for (let day = first; day < first + count; day++) map.set(day, { working: false, zh });
  }
  byStatute.set(year, map);
  return map;
}

function exceptionOn(day: number): Exception | undefined {
  const year = yearOf(day);
  return table.years.has(year) ? table.exceptions.get(day) : statutory(year).get(day);
}

function isWorking(day: number): boolean {
  return exceptionOn(day)?.working ?? !isWeekend(day);
}

export function isWorkingDay(date: LocalDate): boolean {
  return isWorking(numberOf(date));
}

/** Whether no announcement covers the date, so that its year's make-up days are not known. */
export function isProvisional(date: LocalDate): boolean {
  return !table.years.has(yearOf(numberOf(date)));
}

/** The nth working day after the date, which itself does not count; before it where n is negative. Zero is the date itself. */
export function addWorkingDays(date: LocalDate, n: number): LocalDate {
  let day = numberOf(date);
  const step = n < 0 ? -1 : 1;
  for (let left = Math.abs(boundedDays(n)); left > 0;) {
    day += step;
    if (isWorking(day)) left--;
  }
  return dateOf(day);
}

/** How many working days after `from` up to and including `to`; negative, and counted from `to`, when `to` is earlier. */
export function workingDaysBetween(from: LocalDate, to: LocalDate): number {
  const start = numberOf(from);
  const end = numberOf(to);
  boundedDays(end - start);
  let count = 0;
  for (let day = start + 1; day <= end; day++) if (isWorking(day)) count++;
  for (let day = start - 1; day >= end; day--) if (isWorking(day)) count--;
  return count;
}

/** The first working day on or after the date. */
export function onOrNextWorkingDay(date: LocalDate): LocalDate {
  let day = numberOf(date);
  while (!isWorking(day)) day++;
  return dateOf(day);
}

/** The first day on or after the date that is no statutory holiday 法定节假日; an ordinary weekend is none. */
export function onOrAfterHoliday(date: LocalDate): LocalDate {
  let day = numberOf(date);
  while (exceptionOn(day)?.working === false) day++;
  return dateOf(day);
}

export function addCalendarDays(date: LocalDate, n: number): LocalDate {
  return dateOf(numberOf(date) + boundedDays(n));
}

/** Calendar days from one date to another; negative when `to` is earlier. */
export function calendarDaysBetween(from: LocalDate, to: LocalDate): number {
  return numberOf(to) - numberOf(from);
}

/** The same day n months on; the last day of the month where there is no such day (民法典 art 202). */
export function addMonths(date: LocalDate, n: number): LocalDate {
  numberOf(date);
  const [year, month, day] = date.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + boundedDays(n), 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, lastDay));
  return first.toISOString().slice(0, 10);
}

/** The same day n years on; 28 February for a leap day in a common year (民法典 art 202). */
export function addYears(date: LocalDate, n: number): LocalDate {
  return addMonths(date, n * 12);
}

/** Every day of a year, for people to check and for calendars to show. */
export function calendarOf(year: number): CalendarDay[] {
  const days: CalendarDay[] = [];
  const provisional = !table.years.has(year);
  for (let day = numberOf(`${year}-01-01`); yearOf(day) === year; day++) {
    const exception = exceptionOn(day);
    const working = isWorking(day);
    const plain: DayType = isWeekend(day) ? 'weekend' : 'working_day';
    days.push({
      date: dateOf(day),
      type: exception ? (working ? 'make_up_working_day' : 'holiday') : plain,
      working,
      ...(exception && { holiday: exception.zh }),
      provisional,
    });
  }
  return days;
}
