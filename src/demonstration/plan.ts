import type { LocalDate } from '../kernel/time';
import { addWorkingDays, addYears, onOrNextWorkingDay, workingDaysBetween } from '../law/calendar';
import { tellAppraisals, tellRatings, tellScheme } from './appraisals';
import { beginning, tellCase, type CaseStory } from './case-story';
import { tellComplaints, type ComplaintStory } from './complaints';
import { courses, drawn } from './courses';
import { Diary, type Step } from './diary';
import { tellDrawItems } from './draws';
import { found } from './founding';
import { tellMatters } from './matters';
import { Random } from './random';

/** The size of the city that people look around in. */
export const DEMO_CASES = 120;

export interface PlanOptions {
  /** The day on which it is looked at. Everything lies before it. */
  readonly today: LocalDate;
  /** How many cases; each course once as far as that goes, then by weight. */
  readonly cases?: number;
}

/** A year of the city: every step, in the order of time. */
export interface CityPlan {
  readonly first: LocalDate;
  /** The last working day before today. */
  readonly end: LocalDate;
  readonly steps: readonly Step[];
  readonly cases: readonly CaseStory[];
  readonly complaints: readonly ComplaintStory[];
}

/** The first days are for registering bodies, people and powers. */
const SETTING_UP = 6;

/** Plans a year that is the same each time for the same day and size. */
export function planCity({ today, cases: count = DEMO_CASES }: PlanOptions): CityPlan {
  const first = onOrNextWorkingDay(addYears(today, -1));
  const end = addWorkingDays(today, -1);
  const setUp = new Diary(first, new Random('founding'));
  found(setUp, end);
  tellScheme(new Diary(first, new Random('scheme'), setUp.steps));
  tellDrawItems(new Diary(addWorkingDays(first, SETTING_UP), new Random('draw items'), setUp.steps));
  const cases = tellCases(count, addWorkingDays(first, SETTING_UP), end);
  const complaints = tellComplaints(addWorkingDays(first, SETTING_UP), end, Math.max(24, Math.round(count / 5)));
  const steps = [
    ...setUp.steps,
    ...[...cases, ...complaints].flatMap((story) => story.steps),
    ...tellMatters(cases, complaints, end),
    ...tellAppraisals(cases, end),
    ...tellRatings(cases, end),
  ];
  const inTime = steps.filter((s) => s.at.slice(0, 10) <= end);
  // Stable: what is entered in one sitting stays in its order.
  inTime.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return { first, end, steps: inTime, cases, complaints };
}

/** Numbered as they began, as a register does. */
function tellCases(count: number, first: LocalDate, end: LocalDate): CaseStory[] {
  const span = workingDaysBetween(first, end);
  const begun = Array.from({ length: count }, (_, i) => {
    const random = new Random(`course ${i}`);
    const course = courses[i] ?? random.pick(drawn);
    const any = addWorkingDays(first, random.whole(0, span - 2));
    const drawnAgain = i >= courses.length;
    return { course, on: drawnAgain ? any : (beginning(i, course, end, first) ?? any) };
  });
  begun.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  return begun.map(({ course, on }, i) => tellCase(i + 1, course, on));
}
