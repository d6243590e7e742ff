import { when, type AnyRule } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import type { LocalDate } from '../kernel/time';
import { parameter } from '../law/parameters';
import { ClockExtended, ClockMissed, ClockStarted, ClockStopped } from './clock-events';
import { extended, periodOf, startedByLaw, stopped } from './clocks';
import { noteMissedClock } from './missed-clock';

/** The clocks that run in a complaint or a matter, by parameter and item. */
export type Clocks = Readonly<
  Record<string, ClockStarted & { readonly missed?: boolean; readonly extended?: boolean }>
>;

interface WithClocks {
  readonly clocks: Clocks;
}

const keyOf = (c: { clock: string; item: string }): string => `${c.clock}/${c.item}`;

const running = (clocks: Clocks, clock: string, item: string): Clocks[string] | undefined =>
  clocks[keyOf({ clock, item })];

/** A clock of the law, from a date, for the body and the officers who answer for it. Fails with `law.no_parameter`. */
export const startClock = (
  clock: string,
  from: LocalDate,
  bodyId: string,
  officers: string[] = [],
  item = '',
): ClockStarted => startedByLaw({ clock, item, from, bodyId, post: 'officer', officers });

/** The end of a clock; nothing when it does not run. */
export const stopClock = (clocks: Clocks, clock: string, on: LocalDate, item = ''): ClockStopped[] =>
  stopped(running(clocks, clock, item), on);

export const stopAll = (clocks: Clocks, on: LocalDate): ClockStopped[] =>
  Object.values(clocks).flatMap((clock) => stopped(clock, on));

/** The one lawful extension of a running clock, by the days of another parameter. */
export function extendClock(clocks: Clocks, id: string, by: string, on: LocalDate): ClockExtended {
  const clock = running(clocks, id, '');
  const { value, basis } = parameter(by, on);
  require_(clock && !clock.extended && on <= clock.dueOn, 'clock.cannot_extend', {
    zh: '该期限未在运行、已经届满或已延长过一次，不能延长。',
    en: 'The period is not running, has passed, or has been extended once already.',
    basis,
  });
  return extended(clock, periodOf(clock, clock.startedOn), value, basis);
}

/** The rows of an `evolve` table that keep `clocks`. A missed clock runs on: the late act still has to stop it. */
export const clockRows = <S extends WithClocks>() => [
  when<S, ClockStarted>(ClockStarted, (s, d) => ({ ...s, clocks: { ...s.clocks, [keyOf(d)]: d } })),
  when<S, ClockStopped>(ClockStopped, (s, d) => {
    const { [keyOf(d)]: _stopped, ...rest } = s.clocks;
    return { ...s, clocks: rest };
  }),
  when<S, ClockExtended>(ClockExtended, (s, d) => ({
    ...s,
    clocks: { ...s.clocks, [keyOf(d)]: { ...s.clocks[keyOf(d)], dueOn: d.dueOn, extended: true } },
  })),
  when<S, ClockMissed>(ClockMissed, (s, d) => ({
    ...s,
    clocks: { ...s.clocks, [keyOf(d)]: { ...s.clocks[keyOf(d)], missed: true } },
  })),
];

/** The program itself records that a due date has passed with its clock still running. */
export const missedClockRule = <S extends WithClocks>(): AnyRule<S> =>
  noteMissedClock<S>((state, clock, item) => running(state.clocks, clock, item));
