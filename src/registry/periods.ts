import type { LocalDate } from '../kernel/time';

/** Whole days from `from` until the day before `until`; without `until` it still runs. */
export interface Period {
  readonly from: LocalDate;
  readonly until?: LocalDate;
}

export const runs = (period: Period, on: LocalDate): boolean =>
  period.from <= on && (period.until === undefined || on < period.until);

export const covers = (periods: readonly Period[], on: LocalDate): boolean => periods.some((p) => runs(p, on));

/** Whether one of them has not ended. */
export const isOpen = (periods: readonly Period[]): boolean => periods.some((p) => p.until === undefined);

/** Begins a period, unless one runs already. */
export const begin = <P extends Period>(periods: readonly P[], period: P): readonly P[] =>
  isOpen(periods) ? periods : [...periods, period];

/** Ends whichever period has not ended. */
export const end = <P extends Period>(periods: readonly P[], until: LocalDate): readonly P[] =>
  periods.map((p) => (p.until === undefined ? { ...p, until } : p));
