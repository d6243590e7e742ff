import {
  ClockExtended,
  ClockMissed,
  ClockResumed,
  ClockStarted,
  ClockStopped,
  ClockSuspended,
} from '../src/clocks/clock-events';
import { is, type RecordedEvent } from '../src/kernel/event';

/** A legal clock (法定期限) of one stream as its events left it. */
export interface ClockRow {
  readonly clock: string;
  readonly item: string;
  readonly zh: string;
  readonly en: string;
  readonly startedOn: string;
  readonly dueOn: string;
  /** Of the whole period, extensions included, suspensions left out. */
  readonly days: number;
  readonly dayKind: string;
  readonly basis: string;
  readonly provisional: boolean;
  readonly bodyId: string;
  readonly responsiblePost: string;
  readonly responsibleOfficers: readonly string[];
  readonly bindsParty: boolean;
  readonly state: 'running' | 'suspended' | 'stopped';
  readonly stoppedOn?: string;
  readonly inTime?: boolean;
  /** The program has recorded that it was missed; it may still be running. */
  readonly missed: boolean;
}

/** A clock is known within its stream by these two. */
export const clockKey = (c: { clock: string; item: string }): string => `${c.clock}|${c.item}`;

/** The clock an event is about, after it; undefined for every other event. `known` is the clock before it. */
export function clockAfter(
  event: RecordedEvent,
  known: (key: string) => Readonly<ClockRow> | undefined,
): ClockRow | undefined {
  if (!event.type.startsWith('Clock')) return undefined; // most events: out at once
  if (is(event, ClockStarted)) return { ...event.data, state: 'running', missed: false };
  if (
    !is(event, ClockStopped) &&
    !is(event, ClockSuspended) &&
    !is(event, ClockResumed) &&
    !is(event, ClockExtended) &&
    !is(event, ClockMissed)
  ) {
    return undefined;
  }
  const before = known(clockKey(event.data));
  if (!before) return undefined;
  if (is(event, ClockStopped)) {
    return { ...before, state: 'stopped', stoppedOn: event.data.stoppedOn, inTime: event.data.inTime };
  }
  if (is(event, ClockSuspended)) return { ...before, state: 'suspended' };
  if (is(event, ClockMissed)) return { ...before, missed: true };
  const { dueOn, provisional } = event.data;
  if (is(event, ClockResumed)) return { ...before, state: 'running', dueOn, provisional };
  // A clock that is extended while it is suspended stays suspended.
  return { ...before, days: before.days + event.data.days, dueOn, provisional };
}
