import { createHash } from 'node:crypto';
import type { Actor } from '../kernel/event';
import type { LocalDate } from '../kernel/time';
import { isSimplePenalty, triggersHearing } from '../law/penalty-kinds';
import type { DiscretionLevel, PartyKind, Penalty } from '../enforcement/penalty-types';
import { penaltyCaseDecider } from '../enforcement/penalty-case';
import { actor } from './accounts';
import { fieldOfficers, people, staff, type DemoBody, type Person } from './bodies';
import type { Course, Milestone } from './courses';
import { party, type Party } from './parties';
import { bandsOf, benchmarkOf, powers, type DemoPower } from './powers';
import { Random } from './random';

/** Who and what a case is about: everything that is settled before its first day. */
export interface DemoCase {
  readonly id: string;
  readonly number: number;
  readonly course: Course;
  readonly body: DemoBody;
  readonly power: DemoPower;
  readonly party: Party;
  readonly priorOffences: number;
  readonly officers: readonly [Person, Person];
  readonly reviewer: Person;
  /** Another of the legal section where there is one, to host a hearing or review again. */
  readonly host: Person;
  readonly head: Person;
  readonly deputy: Person;
  readonly level: DiscretionLevel;
  /** What the fine is a multiple of, in yuan. */
  readonly baseYuan?: number;
  /** As proposed, and as decided after an accepted defence. */
  readonly proposedYuan: number;
  readonly decidedYuan: number;
  readonly random: Random;
}

/** The record of the case itself. */
export const stream = (c: DemoCase) => [penaltyCaseDecider, c.id] as const;

export const by = (person: Person): Actor => actor(person.id);
export const ids = (c: DemoCase): string[] => c.officers.map((o) => o.id);

/** The digest of a document that exists in the demonstration only. */
export const sha = (...parts: string[]): string => createHash('sha256').update(parts.join('/')).digest('hex');

export const benchmark = (c: DemoCase) => ({
  benchmarkId: benchmarkOf(c.power),
  ...(c.baseYuan !== undefined && { benchmarkBaseYuan: c.baseYuan }),
});

export const fine = (amountYuan: number): Penalty[] =>
  amountYuan === 0
    ? [{ kind: 'warning', content: '警告' }]
    : [{ kind: 'fine', amountYuan, content: `罚款人民币${amountYuan}元` }];

export const hearingOffered = (c: DemoCase, on: LocalDate): boolean =>
  triggersHearing(fine(c.proposedYuan), c.party.partyKind, on);

export const slow = (c: DemoCase, milestone: Milestone): number => c.course.slow?.[milestone] ?? 0;

const MULTIPLE_BASES = [12000, 18000, 26000];

/** Fines are whole tens of yuan, or whole hundreds where they are larger; the rounding stays inside the band. */
function amountIn(min: number, max: number, share: number): number {
  const step = max >= 1000 ? 100 : 10;
  return Math.min(
    Math.floor(max / step) * step,
    Math.max(Math.ceil(min / step) * step, step, Math.round((min + (max - min) * share) / step) * step),
  );
}

function fits(course: Course, power: DemoPower, kind: PartyKind, most: number, on: LocalDate): boolean {
  if (course.power) return power.code === course.power;
  if (course.byReserved) return power.body.id === 'cgj' && power.unitOfFine === 'yuan' && most < 10000;
  if (course.simple) return power.unitOfFine === 'yuan' && isSimplePenalty(fine(most), kind, on);
  if (course.heavy) return triggersHearing(fine(most), kind, on);
  return most > 200; // less than that takes the simple procedure
}

/** The bands of a level in yuan, for the power's base where its fines are multiples. */
function bandIn(
  power: DemoPower,
  level: DiscretionLevel,
  base: number | undefined,
  on: LocalDate,
): readonly [number, number] {
  const band = bandsOf(power, on).find((b) => b.level === level);
  if (!band) throw new Error(`no band ${level}`);
  return [band.min * (base ?? 1), band.max * (base ?? 1)];
}

/** Settles a case from its number alone. */
export function settle(number: number, course: Course, on: LocalDate): DemoCase {
  const random = new Random(`case ${number} ${course.id}`);
  const level = course.level ?? (random.next() < 0.75 ? 'general' : 'serious');
  const kinds = course.parties ?? ['organisation', 'individual_business', 'natural_person'];
  const baseYuan = random.pick(MULTIPLE_BASES);
  const choices = powers.flatMap((power) =>
    power.parties
      .filter((kind) => kinds.includes(kind))
      .map((kind) => ({ power, kind, base: power.unitOfFine === 'multiple' ? baseYuan : undefined }))
      .map((choice) => ({ ...choice, band: bandIn(choice.power, level, choice.base, on) }))
      .filter(({ kind, band }) => fits(course, power, kind, course.heavy ? band[0] : band[1], on)),
  );
  // By body first, so that every body has its share however many powers it has.
  const bodyId = random.pick([...new Set(choices.map((c) => c.power.body.id))]);
  const { power, kind, base, band } = random.pick(choices.filter((c) => c.power.body.id === bodyId));
  const [min, max] = band;
  const upper = amountIn(min, max, 0.55 + random.next() * 0.3);
  const lower = amountIn(min, max, 0.1 + random.next() * 0.2);
  const defended = course.heard === 'statement' || course.heard === 'hearing';
  const none = (course.outcome && course.outcome !== 'penalty') || course.simple === 'warned';
  const proposed = none ? 0 : course.simple === 'collected' ? Math.min(lower, 100) : upper;
  const body = power.body;
  const reserved = people.filter((p) => p.standing === 'reserved');
  const field = course.byReserved ? reserved : fieldOfficers(body.id);
  const lead = random.whole(0, field.length - 1);
  const legal = staff(body.id, 'reviewer');
  const id = `${body.id}-${on.slice(0, 4)}-${String(number).padStart(4, '0')}`;
  return {
    id,
    number,
    course,
    body,
    power,
    party: party(id, kind, random, on, course.age),
    priorOffences: level === 'serious' ? 1 : 0,
    officers: [field[lead], field[(lead + 1) % field.length]],
    reviewer: legal[0],
    host: legal[legal.length - 1],
    head: staff(body.id, 'first')[0],
    deputy: staff(body.id, 'deputy')[0],
    level,
    baseYuan: base,
    proposedYuan: proposed,
    decidedYuan: defended ? Math.min(lower, upper) : proposed,
    random,
  };
}
