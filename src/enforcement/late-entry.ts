import type { Circumstances } from '../kernel/decider';
import { event } from '../kernel/event';
import { workingDaysBetween } from '../law/calendar';
import { parameter } from '../law/parameters';
import { LateEntryExplained } from './filing-events';
import type { Gate } from './procedure';

// Late entry 事后补录. An act counts by the day it happened, so a date far back could put a missed clock right: it has its price,
// a reason that stays on record.

/** Working days from the act to its entry, where they are more than may pass without a reason; undefined in time. */
export function daysLate({ occurredOn, today }: Circumstances): number | undefined {
  const days = workingDaysBetween(occurredOn, today);
  return days > parameter('recording.late_entry', today).value ? days : undefined;
}

const reasonIn = (command: object): string | undefined =>
  'lateEntryReason' in command && typeof command.lateEntryReason === 'string' ? command.lateEntryReason : undefined;

export const lateEntryExplained: Gate = {
  id: 'late_entry_reason_required',
  zh: '执法行为发生后未在规定时间内登记的，应当说明补录原因。',
  en: 'The act is entered long after it happened; say why.',
  basis: 'D01、内蒙古办法第20条',
  field: 'lateEntryReason',
  holds: ({ command, at }) => reasonIn(command) !== undefined || daysLate(at) === undefined,
};

/** The event that keeps the reason beside the act; nothing for an act that was entered in time. */
export function lateEntryOf(act: string, command: object, at: Circumstances): LateEntryExplained[] {
  const workingDays = daysLate(at);
  const reason = reasonIn(command);
  if (workingDays === undefined || reason === undefined) return [];
  return [event(LateEntryExplained, { act, occurredOn: at.occurredOn, recordedOn: at.today, workingDays, reason })];
}
