import { rule, when, type AnyRule, type Circumstances } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { Optional, Text } from '../kernel/fields';
import type { LocalDate } from '../kernel/time';
import { ClockExtended, ClockMissed, ClockStarted, ClockStopped } from './clock-events';
import { deadline, extendBy } from '../law/clocks';
import { parameter } from '../law/parameters';

/** The clocks that run in a complaint or a matter, by parameter and item. */
export type Clocks = Readonly<
  Record<string, ClockStarted & { readonly missed?: boolean; readonly extended?: boolean }>
>;

interface WithClocks {
  readonly clocks: Clocks;
}

const keyOf = (c: { clock: string; item: string }): string => `${c.clock}/${c.item}`;

/** A clock of the law, from a date, for the body and the officers who answer for it. Fails with `law.no_parameter`. */
export function startClock(
  id: string,
  from: LocalDate,
  bodyId: string,
  officers: string[] = [],
  item = '',
): ClockStarted {
  const { zh, en } = parameter(id, from);
  const { dueOn, days, dayKind, basis, provisional } = deadline(id, from);
  return event(ClockStarted, {
    clock: id,
    item,
    zh,
    en,
    startedOn: from,
    dueOn,
    days,
    dayKind,
    basis,
    provisional,
    bodyId,
    responsiblePost: 'officer',
    responsibleOfficers: officers,
    bindsParty: false,
  });
}

/** The end of a clock; nothing when it does not run. */
export function stopClock(clocks: Clocks, id: string, on: LocalDate, item = ''): ClockStopped[] {
  const running = clocks[keyOf({ clock: id, item })];
  return running ? [event(ClockStopped, { clock: id, item, stoppedOn: on, inTime: on <= running.dueOn })] : [];
}

export const stopAll = (clocks: Clocks, on: LocalDate): ClockStopped[] =>
  Object.values(clocks).flatMap((c) => stopClock(clocks, c.clock, on, c.item));

/** The one lawful extension of a running clock, by the days of another parameter. */
export function extendClock(clocks: Clocks, id: string, by: string, on: LocalDate): ClockExtended {
  const running = clocks[keyOf({ clock: id, item: '' })];
  const extension = parameter(by, on);
  require_(running && !running.extended && on <= running.dueOn, 'clock.cannot_extend', {
    zh: '该期限未在运行、已经届满或已延长过一次，不能延长。',
    en: 'The period is not running, has passed, or has been extended once already.',
    basis: extension.basis,
  });
  const longer = extendBy(
    { parameter: id, from: running.startedOn, days: running.days, dayKind: running.dayKind as 'working' | 'calendar' },
    extension.value,
  );
  return event(ClockExtended, {
    clock: id,
    item: '',
    days: extension.value,
    dayKind: running.dayKind,
    dueOn: longer.dueOn,
    basis: extension.basis,
    provisional: longer.provisional,
  });
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

export class NoteMissedClock {
  /** Parameter id of the clock. */
  @Text(100) clock!: string;
  /** What it counts for when several run at once. */
  @Optional() @Text(100) item?: string;
}

/** Nothing when the clock does not run, has been noted already, or is still in time: the program may ask again. */
function noteMissed({ clock: id, item = '' }: NoteMissedClock, state: WithClocks, c: Circumstances): object[] {
  const running = state.clocks[keyOf({ clock: id, item })];
  if (!running || running.missed || c.today <= running.dueOn) return [];
  const { clock, zh, en, dueOn, basis, bodyId, responsiblePost, responsibleOfficers, bindsParty } = running;
  return [
    event(ClockMissed, {
      clock,
      item,
      zh,
      en,
      dueOn,
      noticedOn: c.today,
      basis,
      bodyId,
      responsiblePost,
      responsibleOfficers,
      bindsParty,
    }),
  ];
}

/** The program itself records that a due date has passed with its clock still running. */
export const missedClockRule = <S extends WithClocks>(): AnyRule<S> =>
  rule<S, NoteMissedClock>({
    command: NoteMissedClock,
    may: ['system'],
    basis: 'L01',
    zh: '登记逾期',
    en: 'Note a missed clock',
    decide: noteMissed,
  });
