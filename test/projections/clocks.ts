import { ClockMissed, ClockStarted } from '../../src/clocks/clock-events';
import { event } from '../../src/kernel/event';

/** The time to decide of an invented case, ninety days from 1 March 2026. */
export const startedClock = (fields: Partial<ClockStarted> = {}): ClockStarted =>
  event(ClockStarted, {
    clock: 'penalty.decision',
    item: '',
    zh: '作出处罚决定',
    en: 'time to decide',
    startedOn: '2026-03-01',
    dueOn: '2026-05-30',
    days: 90,
    dayKind: 'calendar',
    basis: '行政处罚法第60条',
    provisional: false,
    bodyId: 'body-1',
    responsiblePost: 'officer',
    responsibleOfficers: ['o-1', 'o-2'],
    bindsParty: false,
    ...fields,
  });

export const missedClock = (fields: Partial<ClockMissed> = {}): ClockMissed => {
  const { startedOn: _, days: __, dayKind: ___, provisional: ____, ...clock } = startedClock();
  return event(ClockMissed, { ...clock, noticedOn: '2026-05-31', ...fields });
};
