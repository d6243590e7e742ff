import type { Decider, Reference } from '../kernel/decider';
import type { Actor } from '../kernel/event';
import { evolveCase } from './case-evolve';
import { initialCase, openClock, type CaseState } from './case-state';
import { ordinaryPenalty } from './ordinary-penalty';
import { rulesOf, type Procedure } from './procedure';
import { simplePenalty } from './simple-penalty';
import { noteMissedClock } from '../clocks/missed-clock';

/** The procedures that a penalty case may follow. Its first step settles which. */
export const penaltyProcedures: readonly Procedure[] = [ordinaryPenalty, simplePenalty];

/** The fields of commands that name officers. */
const officerFields = ['officers', 'collectedBy', 'members', 'investigators', 'officerId', 'hostId', 'recorderId'];

function officersIn(command: object): string[] {
  return Object.entries(command)
    .filter(([field]) => officerFields.includes(field))
    .flatMap(([, value]: [string, unknown]) => value)
    .filter((id): id is string => typeof id === 'string');
}

const textIn = (command: object, field: string): string => {
  const value: unknown = Object.entries(command).find(([name]) => name === field)?.[1];
  return typeof value === 'string' ? value : '';
};

/** The body, the power, the benchmark, and every officer who acts: their standing on the day is looked at. */
function references(command: object, state: CaseState, actor: Actor): Reference[] {
  const officers = new Set([...officersIn(command), ...state.officers, ...(actor.officer ? [actor.officer] : [])]);
  const named: Reference[] = [
    ['body', state.bodyId || textIn(command, 'bodyId')],
    ['power', textIn(command, 'powerCode') || state.powerCode],
    ['benchmark', textIn(command, 'benchmarkId')],
    ...[...officers].map((id): Reference => ['officer', id]),
  ];
  return named.filter(([, id]) => id !== '');
}

/** The penalty case 行政处罚案件: one decider runs the procedure tables. */
export const penaltyCaseDecider: Decider<CaseState> = {
  category: 'case',
  collection: 'cases',
  zh: '行政处罚案件',
  en: 'Administrative penalty cases',
  initialState: initialCase,
  evolve: evolveCase,
  rules: [...rulesOf(penaltyProcedures), noteMissedClock(openClock)],
  references,
};
