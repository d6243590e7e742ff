import { rule, type AnyRule, type Circumstances } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { contentOf } from '../kernel/fields';
import type { LocalDate } from '../kernel/time';
import { addMonths } from '../law/calendar';
import { parameter } from '../law/parameters';
import * as command from './officer-commands';
import * as E from './officer-events';
import { known, type Fault, type OfficerState } from './officer-state';

const standing = (state: OfficerState): Fault[] => state.faults.filter((f) => !f.lifted);

/** The groups of faults within one period of the law's length that reach the law's number (A07, L05), by the law of a day. */
function repetitions(faults: readonly Fault[], day: LocalDate): Fault[][] {
  const months = parameter('registry.faults_window', day).value;
  const limit = parameter('registry.faults_limit', day).value;
  return faults
    .map((first) => faults.filter((f) => first.on <= f.on && f.on <= addMonths(first.on, months)))
    .filter((together) => together.length >= limit);
}

function recordFault(c: command.RecordFault, state: OfficerState, { occurredOn, today }: Circumstances): object[] {
  known(state);
  const id = c.matterId ?? c.sourceEventId;
  require_(id, 'officer.fault_without_source', {
    zh: '登记过错须注明所依据的追责事项或事件。',
    en: 'A fault names the matter or event it was established in.',
    basis: 'L05',
    field: 'matterId',
  });
  // One that was lifted meanwhile is not recorded again when the program says everything once more.
  if (state.faults.some((f) => f.id === id)) return [];
  const recorded = event(E.OfficerFaultRecorded, { ...contentOf(c), faultOn: occurredOn });
  const fault = { on: occurredOn, id };
  const repeated = repetitions([...standing(state), fault], occurredOn).find((group) => group.includes(fault));
  if (!repeated || state.review) return [recorded];
  const opened = { cause: 'faults', openedOn: today, faults: repeated.map((f) => f.id) } as const;
  return [recorded, event(E.AnnualReviewOpened, { year: Number(today.slice(0, 4)), ...opened })];
}

function liftFault({ matterId, reason }: command.LiftFault, state: OfficerState, c: Circumstances): object[] {
  known(state);
  const fault = standing(state).find((f) => f.id === matterId);
  if (!fault) return [];
  const lifted = event(E.OfficerFaultLifted, { matterId, liftedOn: c.occurredOn, reason });
  if (!state.review || !restsOn(fault, state, state.review)) return [lifted];
  return [lifted, event(E.AnnualReviewLapsed, { year: state.review.year, lapsedOn: c.today, fault: fault.id })];
}

/** Whether the review would not have been opened without the fault. One that was failed stands: it found something itself. */
function restsOn(
  fault: Fault,
  state: OfficerState,
  { faults, failures }: NonNullable<OfficerState['review']>,
): boolean {
  if (failures > 0 || !faults.includes(fault.id)) return false;
  const since = state.faults.find((f) => faults.includes(f.id))?.on ?? fault.on;
  const others = standing(state).filter((f) => f !== fault && f.on >= since);
  return repetitions(others, fault.on).length === 0;
}

/** Faults come into an officer's record and leave it again (A07, L05). */
export const faultRules: readonly AnyRule<OfficerState>[] = [
  rule({
    command: command.RecordFault,
    may: ['system', 'investigator', 'supervisor'],
    basis: 'A07、L05',
    zh: '登记执法过错',
    en: 'Record a fault',
    decide: recordFault,
  }),
  rule({
    command: command.LiftFault,
    may: ['system'],
    basis: 'A07、L03、L05',
    zh: '撤销执法过错登记',
    en: 'Lift a fault',
    decide: liftFault,
  }),
];
