import type { LocalDate } from '../kernel/time';
import { parameter } from './parameters';
import { penaltyKind, penaltyKinds, type PenaltyKind } from './penalty-kind-table';

export { penaltyKind, penaltyKindIds, penaltyKinds, type PenaltyKind } from './penalty-kind-table';

/** One penalty of a decision. Amounts in yuan: a fine, or the value of what is confiscated. */
export interface PenaltyOfKind {
  readonly kind: string;
  readonly amountYuan?: number;
  /** How long a lasting one lasts; `endless` where it is for good or until something is put right. */
  readonly days?: number;
  readonly months?: number;
  readonly endless?: boolean;
}

/** As `PartyNameKind`. The law knows citizens and organisations; a one-person business counts as its owner, to their benefit. */
type Party = 'natural_person' | 'organisation' | 'individual_business';

const size = (party: Party) => (party === 'organisation' ? 'organisation' : 'citizen');

const total = (penalties: readonly PenaltyOfKind[], ...kinds: string[]): number =>
  penalties.reduce((sum, p) => (kinds.includes(p.kind) ? sum + (p.amountYuan ?? 0) : sum), 0);

/** Days of an average month, in which terms in months and in days compare; no law says how. */
const MONTH_DAYS = 365.2425 / 12;

/** How long penalties of one kind last together, in days; 0 where none lasts, Infinity where one is without end. */
export function lastingDays(penalties: readonly PenaltyOfKind[], kind: string): number {
  return penalties
    .filter((p) => p.kind === kind)
    .reduce((sum, p) => sum + (p.endless ? Infinity : (p.days ?? 0) + (p.months ?? 0) * MONTH_DAYS), 0);
}

/** Whether a penalty states a term, in days and months or without end, exactly where its kind lasts. */
export function termFits({ kind, days, months, endless = false }: PenaltyOfKind): boolean {
  const term = days !== undefined || months !== undefined;
  return penaltyKind(kind)?.lasts ? term !== endless : !term && !endless;
}

const kindsOf = (penalties: readonly PenaltyOfKind[]): PenaltyKind[] =>
  penalties.flatMap((p) => penaltyKind(p.kind) ?? []);

/** The kind under which a decision counts in statistics: its heaviest. Undefined when it holds no known kind. */
export function heaviestKind(penalties: readonly PenaltyOfKind[]): PenaltyKind | undefined {
  return [...penaltyKinds].reverse().find((k) => penalties.some((p) => p.kind === k.id));
}

/** Whether the party must be told of the right to a hearing (行政处罚法 63, 市场监督管理行政处罚听证办法 5), by the amounts of that date. */
export function triggersHearing(penalties: readonly PenaltyOfKind[], party: Party, on: LocalDate): boolean {
  if (kindsOf(penalties).some((k) => k.hearing === 'always')) return true;
  const threshold = parameter(`penalty.hearing_threshold_${size(party)}`, on).value;
  const confiscated = total(penalties, 'confiscate_gains', 'confiscate_property');
  return total(penalties, 'fine') >= threshold || confiscated >= threshold;
}

/** Whether the penalty is grave, so that the leaders decide it collectively (行政处罚法 57). */
export function isGravePenalty(penalties: readonly PenaltyOfKind[], party: Party, on: LocalDate): boolean {
  return kindsOf(penalties).some((k) => k.grave) || triggersHearing(penalties, party, on);
}

/** Whether the simple procedure may give these penalties (行政处罚法 51): a warning, or a fine up to the limit, and nothing else. */
export function isSimplePenalty(penalties: readonly PenaltyOfKind[], party: Party, on: LocalDate): boolean {
  const limit = parameter(`penalty.simple_max_${size(party)}`, on).value;
  return (
    penalties.length > 0 &&
    penalties.every((p) => p.kind === 'warning' || p.kind === 'fine') &&
    total(penalties, 'fine') <= limit
  );
}

/** How long the credit publicity system shows a decision; the figure to count from the day of publication. */
export interface MarketPublicity {
  /** A decision of warnings only is not shown at all (45号令 art 2). */
  readonly shown: boolean;
  readonly period?: 'disclosure.market_period_short' | 'disclosure.market_period';
  /** A restriction that lasts longer than the period is shown as long as it lasts (art 13). */
  readonly untilRestrictionEnds: boolean;
  /** Early end on request is possible (art 14). */
  readonly mayStopEarly: boolean;
}

/** What 市场监督管理行政处罚信息公示规定 arts 2, 13 and 14 make of a decision. */
export function marketPublicity(penalties: readonly PenaltyOfKind[], party: Party, on: LocalDate): MarketPublicity {
  const kinds = kindsOf(penalties);
  const lowFine = total(penalties, 'fine') <= parameter(`disclosure.market_low_fine_${size(party)}`, on).value;
  const light = (k: PenaltyKind): boolean =>
    k.publicity === 'none' || k.publicity === 'short' || (k.publicity === 'by_amount' && lowFine);
  const shown = kinds.some((k) => k.publicity !== 'none');
  return {
    shown,
    ...(shown && { period: kinds.every(light) ? 'disclosure.market_period_short' : 'disclosure.market_period' }),
    untilRestrictionEnds: kinds.some((k) => k.publicity === 'by_restriction'),
    mayStopEarly: !kinds.some((k) => k.grave),
  };
}
