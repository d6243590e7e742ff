import type { LocalDate } from '../kernel/time';
import { addMonths } from '../law/calendar';
import type { ClockStarted } from '../clocks/clock-events';
import { startedByLaw } from '../clocks/clocks';
import { deadline } from '../law/clocks';
import { parameterVersions, type LegalParameter } from '../law/parameters';
import { marketPublicity, penaltyKind, type PenaltyOfKind } from '../law/penalty-kinds';
import type { Channel, ChannelDuty, NoticeCategory, PartyKind, PublicityClass } from './notice-events';

/** What of a decision settles where, by when and how long it is published. */
export interface Publicity {
  readonly category: NoticeCategory;
  readonly decidedOn: LocalDate;
  readonly partyKind: PartyKind;
  readonly penalties: readonly PenaltyOfKind[];
  /** 适用简易程序; the publicity system records ordinary procedures only. */
  readonly simpleProcedure?: boolean;
  /** The party is registered in another province, whose registry shows it after ours pushed it there. */
  readonly partyElsewhere?: boolean;
  /** The last day of a restriction of business or employment. */
  readonly restrictedUntil?: LocalDate;
}

interface ChannelRow {
  readonly channel: Channel;
  readonly categories: readonly NoticeCategory[];
  /** The parameter of the time to publish. */
  readonly due: (p: Publicity) => string;
  /** The article that keeps a decision off the channel; undefined when none does. */
  readonly exempt?: (p: Publicity) => string | undefined;
  /** The parameter of how long it is shown; none: as long as the record is kept. */
  readonly period?: (p: Publicity) => string | undefined;
  readonly periodFrom?: 'publication' | 'decision';
  /** The parameters of how long it is shown before it may be stopped early: as a rule, and in the graver fields. */
  readonly least?: readonly [rule: string, grave: string];
}

const ALL: readonly NoticeCategory[] = ['penalty', 'permit', 'inspection', 'compulsion', 'other'];
const MARKET_LEAST = ['disclosure.market_period_min', 'disclosure.market_period_min_grave'] as const;
const MARKET = '市场监督管理行政处罚信息公示规定';

const general = ({ category }: Publicity): string =>
  category === 'penalty' || category === 'permit' ? `disclosure.${category}` : 'disclosure.other';

const market = (p: Publicity) => marketPublicity(p.penalties, p.partyKind, p.decidedOn);

const isGrave = ({ penalties }: Publicity): boolean => penalties.some((p) => penaltyKind(p.kind)?.grave);

/** Credit sites: grave matters longest, what the publicity system shows for the short period as minor, where the law says so. */
function creditPeriod(p: Publicity): string {
  if (isGrave(p)) return 'disclosure.credit_period_max_grave';
  const minor = 'disclosure.credit_period_max_minor';
  const light = publicityClass(p) === 'short' || publicityClass(p) === 'warning_only';
  return light && inForce(minor, p.decidedOn) ? minor : 'disclosure.credit_period_max';
}

/** Each channel with its rules: a row a lawyer can read. */
const channelRows: readonly ChannelRow[] = [
  { channel: 'agency_site', categories: ALL, due: general, least: MARKET_LEAST },
  {
    channel: 'publicity_system',
    categories: ['penalty'],
    due: ({ partyElsewhere }) => (partyElsewhere ? 'disclosure.market_push' : 'disclosure.market_same_province'),
    exempt: (p) => (p.simpleProcedure ? `${MARKET}第2条第1款` : market(p).shown ? undefined : `${MARKET}第2条第2款`),
    period: (p) => market(p).period,
    periodFrom: 'publication',
    least: MARKET_LEAST,
  },
  {
    channel: 'credit_site',
    categories: ['penalty', 'permit'],
    due: general,
    period: (p) => (p.category === 'penalty' ? creditPeriod(p) : undefined),
    periodFrom: 'decision',
    least: ['disclosure.credit_period_min', 'disclosure.credit_period_min_grave'],
  },
];

function inForce(id: string, on: LocalDate): LegalParameter | undefined {
  return parameterVersions(id).find((v) => v.validFrom <= on && (v.validTo === undefined || on <= v.validTo));
}

/** Which of the four publicity classes a decision falls in (总局令45号 2, 13), by the amounts in force when it was made. */
export function publicityClass(p: Publicity): PublicityClass {
  if (p.category !== 'penalty' || !inForce('disclosure.market_period', p.decidedOn)) return 'standard';
  const { shown, period, untilRestrictionEnds } = market(p);
  if (!shown) return 'warning_only';
  if (untilRestrictionEnds && p.restrictedUntil) return 'restriction';
  return period === 'disclosure.market_period_short' ? 'short' : 'standard';
}

const months = ({ unit, value }: LegalParameter): number => (unit === 'year' ? value * 12 : value);

function periodOf(row: ChannelRow, p: Publicity): Partial<ChannelDuty> {
  const id = row.period?.(p);
  const figure = id && inForce(id, p.decidedOn);
  if (!figure) return {};
  return {
    periodFrom: row.periodFrom,
    periodMonths: months(figure),
    periodBasis: figure.basis,
    ...(row.channel === 'publicity_system' &&
      publicityClass(p) === 'restriction' && { periodUntil: p.restrictedUntil }),
  };
}

/** The duties by the law in force on the day of the decision. A channel that no law asked for yet is left out. */
export function channelDuties(p: Publicity): ChannelDuty[] {
  return channelRows.flatMap((row): ChannelDuty[] => {
    const { channel } = row;
    const id = row.due(p);
    if (!row.categories.includes(p.category) || !inForce(id, p.decidedOn)) return [];
    const exempt = row.exempt?.(p);
    if (exempt) return [{ channel, required: false, basis: exempt }];
    const { dueOn, days, dayKind, basis, provisional } = deadline(id, p.decidedOn);
    return [{ channel, required: true, parameter: id, dueOn, days, dayKind, provisional, basis, ...periodOf(row, p) }];
  });
}

/** The time to publish or to withdraw: a duty of those who publish (公示管理), not of the officers of the case. */
export const startDuty = (id: string, from: LocalDate, bodyId: string, item: string): ClockStarted =>
  startedByLaw({ clock: id, item, from, bodyId, post: 'disclosure', officers: [] });

/** The last day a channel shows what was published on a day; undefined when no period is set. */
export function publicUntil(duty: ChannelDuty, decidedOn: LocalDate, publishedOn: LocalDate): LocalDate | undefined {
  if (duty.periodMonths === undefined) return undefined;
  const end = addMonths(duty.periodFrom === 'decision' ? decidedOn : publishedOn, duty.periodMonths);
  return duty.periodUntil !== undefined && duty.periodUntil > end ? duty.periodUntil : end;
}

/** From when what a channel shows may be stopped early, by the law of the day that this is asked; undefined: it has no least time. */
export function mayStopFrom(
  channel: Channel,
  shown: { readonly decidedOn: LocalDate; readonly publishedOn: LocalDate },
  graveField: boolean,
  on: LocalDate,
): { readonly from: LocalDate; readonly basis: string } | undefined {
  const row = channelRows.find((r) => r.channel === channel);
  const id = row?.least?.[graveField ? 1 : 0];
  const figure = id && inForce(id, on);
  if (!figure) return undefined;
  const start = row.periodFrom === 'decision' ? shown.decidedOn : shown.publishedOn;
  return { from: addMonths(start, months(figure)), basis: figure.basis };
}
