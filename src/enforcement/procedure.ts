import { rule, type AnyRule, type Circumstances, type CommandClass } from '../kernel/decider';
import { Failure, refused, type Bilingual } from '../kernel/errors';
import { event, type Actor } from '../kernel/event';
import type { LocalDate } from '../kernel/time';
import { stopClock } from './case-clocks';
import { startedByLaw } from '../clocks/clocks';
import type { CaseState } from './case-state';
import { StageEntered } from './filing-events';
import { lateEntryExplained, lateEntryOf } from './late-entry';
import { inPerson } from './own-case';
import type { Link, RecordingLevel, Stage } from './penalty-types';

/** One step being taken: what a gate looks at. */
export interface Act<C extends object = object> {
  readonly command: C;
  readonly state: CaseState;
  readonly at: Circumstances;
  readonly procedure: Procedure;
  /** The body that acts. */
  readonly bodyId: string;
  /** The officers who do the act and must be fit to. */
  readonly acting: readonly string[];
}

/** A gate 关口: what must hold before a step is taken. Refuses with the code `case.<id>`. */
export interface Gate<C extends object = object> extends Bilingual {
  readonly id: string;
  readonly basis: string;
  readonly field?: string;
  holds(act: Act<C>): boolean;
}

/** A gate, typed by the commands that it looks at; any command's by default. */
export const gate = <C extends object = object>(g: Gate<C>): Gate<C> => g;

/** A clock that a step starts. */
export interface ClockStart<C extends object> {
  /** Id of the law's parameter. */
  readonly clock: string;
  readonly item?: (act: Act<C>) => string;
  readonly when?: (act: Act<C>) => boolean;
  /** The day it runs from; that of the act, unless said. */
  readonly from?: (act: Act<C>) => LocalDate;
  /** The post that answers for it; the officers of the case, unless it is another's. */
  readonly post?: string;
  /** It binds the party and not the body. */
  readonly bindsParty?: boolean;
}

export interface ClockStop<C extends object> {
  readonly clock: string;
  /** The step is not what the clock waits for; there is no more use in waiting. */
  readonly moot?: boolean;
  readonly item?: (act: Act<C>) => string;
  readonly when?: (act: Act<C>) => boolean;
}

/** The sound and image recording that a step needs (D02). `methods` narrows it to some ways of doing the step. */
export interface RecordingNeed {
  readonly level: RecordingLevel;
  readonly methods?: readonly string[];
}

/** What must be published of a step, and by which figure of the law. */
export interface Publishing extends Bilingual {
  readonly parameter: string;
}

/** A row of a procedure's table: one command of a case. */
export interface Row<C extends object> extends Bilingual {
  readonly command: CommandClass<C>;
  readonly basis: string;
  /** Its link of full-process recording (D01). */
  readonly link: Link;
  /** Who may take it; the first is the post that is responsible for it (承办岗位). */
  readonly may: readonly string[];
  readonly stages: readonly Stage[];
  /** The stage it leads to; none when the case stays where it is. */
  readonly next?: Stage | readonly Stage[];
  /** Which of several next stages it is this time. */
  readonly choose?: (act: Act<C>) => Stage | undefined;
  readonly gates: readonly Gate<C>[];
  readonly starts?: readonly ClockStart<C>[];
  readonly stops?: readonly ClockStop<C>[];
  readonly recording?: RecordingNeed;
  /** What the party may do at this step (B05). */
  readonly rights?: readonly Bilingual[];
  readonly publishes?: Publishing;
  /** The officers who do it. An officer takes the step only as one of them, or of those on the case where none are named. */
  readonly acting?: (command: C, state: CaseState) => readonly string[];
  /** Any officer of the body may take it: nothing is investigated or said to the party. */
  readonly anyOfBody?: boolean;
  /** Taken by somebody outside the enforcing body: the bank, the program. */
  readonly outside?: boolean;
  /** The act may lie before the case came into its stage, such as evidence of the check before filing. */
  readonly mayPrecede?: boolean;
  /** The step's own events. */
  record(act: Act<C>): object[];
}

/** A row with its command type kept out of sight, so that rows of different commands stand in one table. */
export interface Step extends Omit<
  Row<never>,
  'gates' | 'starts' | 'stops' | 'choose' | 'acting' | 'record' | 'command'
> {
  readonly command: CommandClass;
  readonly gates: ReadonlyArray<Bilingual & { readonly id: string; readonly basis: string }>;
  readonly starts?: ReadonlyArray<{ readonly clock: string; readonly bindsParty?: boolean }>;
  readonly stops?: ReadonlyArray<{ readonly clock: string; readonly moot?: boolean }>;
  run(command: object, state: CaseState, at: Circumstances, procedure: Procedure): object[];
}

/** A procedure of law as a table, in force from a date. The published flowchart (B05) is drawn from it. */
export interface Procedure extends Bilingual {
  readonly id: string;
  readonly basis: string;
  readonly validFrom: LocalDate;
  readonly stages: readonly Stage[];
  readonly steps: readonly Step[];
}

/** The person behind an act: the officer, or the account where no officer stands behind it. */
export const personOf = (actor: Actor): string => actor.officer ?? actor.account;

const bodyIn = (command: object): string =>
  'bodyId' in command && typeof command.bodyId === 'string' ? command.bodyId : '';

/** One row of a table. */
export function step<C extends object>(row: Row<NoInfer<C>> & { readonly command: CommandClass<C> }): Step {
  const guarded: Row<C> = { ...row, gates: [...inPerson(row), ...row.gates] };
  return { ...guarded, run: (command, state, at, procedure) => run(guarded, command as C, state, at, procedure) };
}

/**
 * Takes a step: stage, order in time, whose case it is, how late it is entered, then the gates in their order, then the
 * step's own events, the clocks and the stage. Throws the first refusal.
 */
function run<C extends object>(
  row: Row<C>,
  command: C,
  state: CaseState,
  at: Circumstances,
  procedure: Procedure,
): object[] {
  if (!row.stages.includes(state.stage)) throw wrongStage(row, state.stage);
  const act: Act<C> = {
    command,
    state,
    at,
    procedure,
    bodyId: state.bodyId || bodyIn(command),
    acting: row.acting?.(command, state) ?? [],
  };
  if (!row.mayPrecede && at.occurredOn < state.stageSince) throw tooEarly(row);
  if (!row.outside && at.actor.kind === 'person' && at.actor.body !== act.bodyId) throw foreignBody();
  if (!row.outside && !lateEntryExplained.holds(act)) throw closed(lateEntryExplained);
  for (const gate of row.gates) if (!gate.holds(act)) throw closed(gate);
  const own = row.record(act);
  const late = row.outside ? [] : lateEntryOf(row.command.name, act);
  return [...own, ...late, ...clocksOf(row, act), ...stageOf(row, act)];
}

function clocksOf<C extends object>(row: Row<C>, act: Act<C>): object[] {
  const { state, at } = act;
  const stops = (row.stops ?? []).filter((s) => s.when?.(act) ?? true);
  const starts = (row.starts ?? []).filter((s) => s.when?.(act) ?? true);
  return [
    ...stops.flatMap((s) => stopClock(state, s.clock, at.occurredOn, s.item?.(act))),
    ...starts.map((s) =>
      startedByLaw({
        clock: s.clock,
        item: s.item?.(act),
        from: s.from?.(act) ?? at.occurredOn,
        bodyId: act.bodyId,
        post: s.post ?? 'officer',
        officers: s.post === undefined ? answering(act) : [],
        bindsParty: s.bindsParty,
      }),
    ),
  ];
}

/** Who answers for a clock: who did the act, or the officers of the case, or whoever entered it. */
function answering({ acting, state, at }: Act): readonly string[] {
  if (acting.length > 0) return acting;
  if (state.officers.length > 0) return state.officers;
  return at.actor.officer === undefined ? [] : [at.actor.officer];
}

function stageOf<C extends object>(row: Row<C>, act: Act<C>): object[] {
  const stage = row.choose ? row.choose(act) : typeof row.next === 'string' ? row.next : undefined;
  if (stage === undefined || stage === act.state.stage) return [];
  return [event(StageEntered, { procedure: act.procedure.id, from: act.state.stage, stage, link: row.link })];
}

const closed = (gate: Gate<never>): Failure =>
  refused(`case.${gate.id}`, { zh: gate.zh, en: gate.en, basis: gate.basis, field: gate.field });

const wrongStage = (row: Bilingual & { basis: string }, stage: Stage): Failure =>
  refused('case.wrong_stage', {
    zh: `案件目前的阶段不能进行“${row.zh}”。`,
    en: `“${row.en}” is not possible in the stage ${stage}.`,
    basis: row.basis,
  });

const tooEarly = (row: Bilingual & { basis: string }): Failure =>
  refused('case.before_stage', {
    zh: `“${row.zh}”的日期早于案件进入本阶段的日期。`,
    en: `“${row.en}” is dated before the case came into this stage.`,
    basis: row.basis,
    field: 'occurredAt',
  });

const foreignBody = (): Failure =>
  new Failure('forbidden', 'case.other_body', {
    zh: '本案由其他执法主体办理。',
    en: 'Another body handles this case.',
    basis: '行政处罚法第17条',
  });

/** The rules of a decider, one a command; which table's row it is follows from the case's own procedure. */
export function rulesOf(procedures: readonly Procedure[]): AnyRule<CaseState>[] {
  const rows = new Map<CommandClass, Array<readonly [Procedure, Step]>>();
  for (const procedure of procedures) {
    for (const s of procedure.steps) rows.set(s.command, [...(rows.get(s.command) ?? []), [procedure, s]]);
  }
  return [...rows].map(([command, candidates]) => {
    const [, first] = candidates[0];
    return rule<CaseState, object>({
      command,
      may: first.may,
      basis: first.basis,
      zh: first.zh,
      en: first.en,
      decide(c, state, at) {
        const found = candidates.find(([p]) => state.procedure === undefined || p.id === state.procedure);
        if (!found) throw wrongStage(first, state.stage);
        const [procedure, row] = found;
        return row.run(c, state, at, procedure);
      },
    });
  });
}
