import { event } from '../kernel/event';
import { workingDaysBetween } from '../law/calendar';
import { parameter } from '../law/parameters';
import { LateEntryExplained } from './filing-events';
import type { Act, Gate } from './procedure';

// Late entry 事后补录. An act counts by the day it happened, so a date far back could put a missed clock right: it has its price,
// a reason that stays on record.

/**
 * Whether an act is entered so late that it needs the reason: more working days after it happened than the law's figure, or
 * dated before a due date that was noted as missed meanwhile, however few the days.
 */
const isLate = ({ state, at: { occurredOn, today } }: Act): boolean =>
  workingDaysBetween(occurredOn, today) > parameter('recording.late_entry', today).value ||
  Object.values(state.clocks).some(
    (c) => c.missed && c.stoppedOn === undefined && !c.bindsParty && occurredOn <= c.dueOn,
  );

const reasonIn = (command: object): string | undefined =>
  'lateEntryReason' in command && typeof command.lateEntryReason === 'string' ? command.lateEntryReason : undefined;

export const lateEntryExplained: Gate = {
  id: 'late_entry_reason_required',
  zh: '执法行为发生后未在规定时间内登记的，应当说明补录原因。',
  en: 'The act is entered long after it happened; say why.',
  basis: 'D01、内蒙古办法第20条',
  field: 'lateEntryReason',
  holds: (act) => reasonIn(act.command) !== undefined || !isLate(act),
};

/** The event that keeps the reason beside the act; nothing for an act that was entered in time. */
export function lateEntryOf(name: string, act: Act): LateEntryExplained[] {
  const { occurredOn, today } = act.at;
  const reason = reasonIn(act.command);
  if (reason === undefined || !isLate(act)) return [];
  const workingDays = workingDaysBetween(occurredOn, today);
  return [event(LateEntryExplained, { act: name, occurredOn, recordedOn: today, workingDays, reason })];
}
