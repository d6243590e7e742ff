import { addYears } from '../law/calendar';
import { isGravePenalty, isSimplePenalty, termFits, triggersHearing } from '../law/penalty-kinds';
import { parameter } from '../law/parameters';
import { bandFor, benchmarkDecider } from '../registry/benchmark';
import { fineOf, yuan } from './case-state';
import type { DiscretionLevel, PartyKind, Penalty } from './penalty-types';
import { gate, type Act } from './procedure';

// Gates of how heavy a penalty may be (F01, F03, 行政处罚法 29-34), of both procedures.

/** What every command says that proposes or gives penalties. */
export interface Weighed {
  readonly outcome?: string;
  readonly penalties?: readonly Penalty[];
  readonly level?: DiscretionLevel;
  readonly benchmarkId?: string;
  readonly benchmarkBaseYuan?: number;
  readonly outsideBandReason?: string;
}

const penaltiesOf = ({ command }: Act<Weighed>): readonly Penalty[] => command.penalties ?? [];

/** Where the fine should lie by the benchmark of the day, in yuan; undefined when no benchmark gives a band. */
export function bandOf({ command, at }: Act<Weighed>): { min: number; max: number } | undefined {
  if (command.benchmarkId === undefined || command.level === undefined) return undefined;
  const band = bandFor(at.lookUp(benchmarkDecider, command.benchmarkId), command.level, at.occurredOn);
  if (!band) return undefined;
  if (band.unit === 'yuan') return band;
  const base = command.benchmarkBaseYuan;
  return base === undefined ? undefined : { min: yuan(band.min * base), max: yuan(band.max * base) };
}

/** Whether the fine lies in its band. Without a fine there is nothing to leave; without a band a fine lies outside. */
export function isWithinBand(act: Act<Weighed>): boolean {
  const fine = fineOf(penaltiesOf(act));
  if (fine === 0) return true;
  const band = bandOf(act);
  return band !== undefined && band.min <= fine && fine <= band.max;
}

export const bandOrReason = gate<Weighed>({
  id: 'outside_band',
  zh: '罚款不在裁量基准的幅度内，应当说明理由并经法制审核。',
  en: 'The fine lies outside the band of the discretion benchmark; give the reason, for the legal review too.',
  basis: 'F01、行政处罚法第34条',
  field: 'outsideBandReason',
  holds: (act) => act.command.outsideBandReason !== undefined || isWithinBand(act),
});

export const benchmarkOfPower = gate<Weighed>({
  id: 'benchmark_of_other_power',
  zh: '所引裁量基准不属于本职权事项。',
  en: 'The benchmark belongs to another power.',
  basis: 'F01、F02',
  field: 'benchmarkId',
  holds: ({ command, at, state }) => {
    if (command.benchmarkId === undefined) return true;
    const code = 'powerCode' in command ? command.powerCode : state.powerCode;
    return at.lookUp(benchmarkDecider, command.benchmarkId)?.powerCode === code;
  },
});

/** A penalty names what is imposed; any other outcome imposes nothing. */
export const penaltiesFitOutcome = gate<Weighed>({
  id: 'penalties_unfit',
  zh: '给予处罚的应当列明处罚种类和数额，不予处罚或者移送的不得列处罚。',
  en: 'A penalty states its kinds and amounts; any other outcome states none.',
  basis: '行政处罚法第9条、第57条',
  field: 'penalties',
  holds: (act) => {
    const penalties = penaltiesOf(act);
    if (act.command.outcome !== undefined && act.command.outcome !== 'penalty') return penalties.length === 0;
    return penalties.length > 0 && penalties.every((p) => p.kind !== 'fine' || (p.amountYuan ?? 0) > 0);
  },
});

/** What lasts says how long, so that the party can hold the body to it and nobody can lengthen it in silence. */
export const termsStated = gate<Weighed>({
  id: 'term_unfit',
  zh: '暂扣、停业、关闭、限制、拘留应当写明期限（日、月）或者无固定期限，其他处罚不写期限。',
  en: 'A suspension, closure, restriction or detention states its term, in days or months or as endless; no other penalty does.',
  basis: '行政处罚法第9条、第59条',
  field: 'penalties',
  holds: (act) => penaltiesOf(act).every(termFits),
});

export const oneFine = gate<Weighed>({
  id: 'fined_twice',
  zh: '对同一个违法行为，不得给予两次以上罚款。',
  en: 'The same act may not be fined twice.',
  basis: '行政处罚法第29条',
  field: 'penalties',
  holds: (act) => penaltiesOf(act).filter((p) => p.kind === 'fine').length <= 1,
});

interface Offender {
  readonly birthDate?: string;
  readonly partyKind?: PartyKind;
  readonly priorOffences?: number;
}

/** The party, from the case, or from the command where the case begins with it. */
function offenderOf({ command, state, at }: Act): { kind: PartyKind; birthDate?: string; on: string; prior: number } {
  const said: Offender = command;
  return {
    kind: state.party?.kind ?? said.partyKind ?? 'natural_person',
    birthDate: state.party ? state.party.birthDate : said.birthDate,
    on: state.violationEndedOn || at.occurredOn,
    prior: state.party ? state.priorOffences : (said.priorOffences ?? 0),
  };
}

/** Whether the party was under an age of the law when the violation ended; from the day after the birthday one is that old. */
function wasUnder(act: Act, age: 'penalty.age_none' | 'penalty.age_lighter'): boolean {
  const { kind, birthDate, on } = offenderOf(act);
  if (kind !== 'natural_person' || birthDate === undefined) return false;
  return on <= addYears(birthDate, parameter(age, on).value);
}

export const oldEnough = gate<Weighed>({
  id: 'party_under_fourteen',
  zh: '不满十四周岁的未成年人有违法行为的，不予行政处罚，责令监护人加以管教。',
  en: 'A child under fourteen is not punished; the guardian is ordered to discipline the child.',
  basis: '行政处罚法第30条',
  field: 'outcome',
  holds: (act) => penaltiesOf(act).length === 0 || !wasUnder(act, 'penalty.age_none'),
});

/** Lighter: the lowest level, or less than the level's band. */
export const lighterForMinors = gate<Weighed>({
  id: 'minor_not_lighter',
  zh: '已满十四周岁不满十八周岁的，应当从轻或者减轻处罚。',
  en: 'A party between fourteen and eighteen must be punished more lightly.',
  basis: '行政处罚法第30条',
  field: 'level',
  holds: (act) => {
    if (penaltiesOf(act).length === 0 || !wasUnder(act, 'penalty.age_lighter')) return true;
    const band = bandOf(act);
    return act.command.level === 'minor' || (band !== undefined && fineOf(penaltiesOf(act)) < band.min);
  },
});

export const firstOffenceWeighed = gate<Weighed & { firstOffenceReason?: string }>({
  id: 'first_offence_fined',
  zh: '初次违法且情节轻微的，慎用罚款；确需罚款应当说明理由。',
  en: 'A first and minor violation is fined only for a stated reason.',
  basis: 'F03、行政处罚法第33条',
  field: 'firstOffenceReason',
  holds: (act) =>
    offenderOf(act).prior > 0 ||
    act.command.level !== 'minor' ||
    fineOf(penaltiesOf(act)) === 0 ||
    act.command.firstOffenceReason !== undefined,
});

export const simpleLimits = gate<Weighed>({
  id: 'simple_procedure_not_allowed',
  zh: '超过当场处罚的限额或者种类，应当适用普通程序。',
  en: 'Beyond the amount or the kinds of an on-the-spot penalty; the ordinary procedure applies.',
  basis: '行政处罚法第51条',
  field: 'penalties',
  holds: (act) => isSimplePenalty(penaltiesOf(act), offenderOf(act).kind, act.at.occurredOn),
});

/** Whether the law gives the party a right to a hearing on these penalties (行政处罚法 63). */
export const needsHearing = (act: Act, penalties: readonly Penalty[]): boolean =>
  triggersHearing(penalties, offenderOf(act).kind, act.at.occurredOn);

/** Whether the leaders must decide these penalties together (行政处罚法 57). */
export const isGrave = (act: Act, penalties: readonly Penalty[]): boolean =>
  isGravePenalty(penalties, offenderOf(act).kind, act.at.occurredOn);
