import { rule, type AnyRule } from '../kernel/decider';
import { Optional, Text } from '../kernel/fields';
import { missed, type RunningClock } from './clocks';

export class NoteMissedClock {
  /** Parameter id of the clock. */
  @Text(100) clock!: string;
  /** What it counts for when several run at once. */
  @Optional() @Text(100) item?: string;
}

/** The program itself records that a due date has passed with its clock still running, whatever the record keeps its clocks in. */
export const noteMissedClock = <S>(
  running: (state: S, clock: string, item: string) => RunningClock | undefined,
): AnyRule<S> =>
  rule<S, NoteMissedClock>({
    command: NoteMissedClock,
    may: ['system'],
    basis: 'L01',
    zh: '登记逾期',
    en: 'Note a missed clock',
    decide: ({ clock, item = '' }, state, { today }) => missed(running(state, clock, item), today),
  });
