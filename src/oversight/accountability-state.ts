import { evolveBy, when, type Circumstances } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import type { LocalDate } from '../kernel/time';
import * as E from './accountability-events';
import { clockRows, type Clocks } from '../clocks/stream-clocks';

export type MatterStage = 'none' | 'clue' | 'dismissed' | 'investigating' | 'determined' | 'closed';

export interface Statement {
  readonly until: LocalDate;
  readonly outcome?: string;
}

/** An accountability matter 责任追究 (L01-L08) as decisions see it. Amounts in yuan. */
export interface MatterState {
  readonly stage: MatterStage;
  readonly origin: E.ClueOrigin;
  readonly bodyId: string;
  /** Everyone the clue names and their chain: none of them may investigate or decide. */
  readonly concerned: readonly string[];
  readonly chain: readonly E.ChainLink[];
  readonly investigators: readonly string[];
  readonly evidence: number;
  readonly unitResponsible?: boolean;
  /** The persons whose responsibility is examined, once it is distinguished from the unit's. */
  readonly persons: readonly string[];
  readonly statements: Readonly<Record<string, Statement>>;
  readonly consequence: string;
  readonly findings: readonly E.PersonFinding[];
  readonly determinedBy?: string;
  readonly appealUntil?: LocalDate;
  readonly measures: ReadonlyArray<{ readonly officerId: string; readonly measure: string }>;
  /** Whom the supervision organ has disciplined for this. */
  readonly disciplined: readonly string[];
  readonly appeals: Readonly<Record<string, 'open' | 'decided'>>;
  readonly revoked: readonly string[];
  readonly compensated: number;
  readonly recovery: Readonly<Record<string, { readonly due: number; readonly paid: number }>>;
  readonly clocks: Clocks;
}

export const initialMatter: MatterState = {
  stage: 'none',
  origin: { kind: 'manual' },
  bodyId: '',
  concerned: [],
  chain: [],
  investigators: [],
  evidence: 0,
  persons: [],
  statements: {},
  consequence: 'general',
  findings: [],
  measures: [],
  disciplined: [],
  appeals: {},
  revoked: [],
  compensated: 0,
  recovery: {},
  clocks: {},
};

const unique = (ids: readonly string[]): string[] => [...new Set(ids)];
const without = <T extends { readonly officerId: string }>(rows: readonly T[], id: string): T[] =>
  rows.filter((r) => r.officerId !== id);

/** Whether the finding holds the person answerable. */
export const atFault = (f: E.PersonFinding): boolean => f.fault !== 'none' && !f.exemption;

export const findingOf = (s: MatterState, officerId: string): E.PersonFinding | undefined =>
  s.findings.find((f) => f.officerId === officerId);

/** Money is compared in cents: a sum of payments in yuan is not exact. */
export const cents = (yuan: number): number => Math.round(yuan * 100);

/**
 * An appeal, or compensation settled in court years later, opens a closed matter again: otherwise nobody would carry out its
 * outcome, nor recover what was paid (L08).
 */
const reopened = (s: MatterState): MatterState => (s.stage === 'closed' ? { ...s, stage: 'determined' } : s);

export const evolveMatter = evolveBy<MatterState>(
  when(E.ClueRaised, (_, d) => ({
    ...initialMatter,
    stage: 'clue',
    origin: d.origin,
    bodyId: d.bodyId,
    concerned: unique([...d.officerIds, ...d.chain.map((l) => l.officerId)]),
    chain: d.chain,
  })),
  when(E.ClueDismissed, (s) => ({ ...s, stage: 'dismissed' })),
  when(E.MatterInvestigationOpened, (s, d) => ({ ...s, stage: 'investigating', investigators: d.investigatorIds })),
  when(E.MatterEvidenceRecorded, (s) => ({ ...s, evidence: s.evidence + 1 })),
  when(E.ResponsibilityDistinguished, (s, d) => ({
    ...s,
    unitResponsible: d.unitResponsible,
    persons: d.persons.map((p) => p.officerId),
    concerned: unique([...s.concerned, ...d.persons.map((p) => p.officerId)]),
  })),
  when(E.MatterStatementOffered, (s, d) => ({
    ...s,
    statements: { ...s.statements, [d.officerId]: { until: d.until } },
  })),
  when(E.MatterStatementRecorded, (s, d) => ({
    ...s,
    statements: { ...s.statements, [d.officerId]: { ...s.statements[d.officerId], outcome: d.outcome } },
  })),
  when(E.MatterDetermined, (s, d, recorded) => ({
    ...s,
    stage: 'determined',
    consequence: d.consequence,
    findings: d.findings,
    determinedBy: recorded.metadata.actor.account,
    appealUntil: d.appealUntil,
  })),
  when(E.MatterMeasureImposed, (s, d) => ({
    ...s,
    measures: [...s.measures, { officerId: d.officerId, measure: d.measure }],
  })),
  when(E.SupervisionDisciplineRecorded, (s, d) => ({ ...s, disciplined: [...s.disciplined, d.officerId] })),
  when(E.MatterAppealed, (s, d) => ({ ...reopened(s), appeals: { ...s.appeals, [d.officerId]: 'open' } })),
  when(E.MatterAppealDecided, (s, d) => {
    const decided: MatterState = { ...s, appeals: { ...s.appeals, [d.officerId]: 'decided' } };
    if (d.outcome === 'upheld') return decided;
    return {
      ...decided,
      findings: [...without(s.findings, d.officerId), ...(d.finding ? [d.finding] : [])],
      measures: without(s.measures, d.officerId),
      revoked: d.outcome === 'revoked' ? [...s.revoked, d.officerId] : s.revoked,
    };
  }),
  when(E.CompensationPaid, (s, d) => ({ ...reopened(s), compensated: s.compensated + d.amountYuan })),
  when(E.RecoveryOrdered, (s, d) => ({
    ...s,
    recovery: {
      ...s.recovery,
      [d.officerId]: {
        due: (s.recovery[d.officerId]?.due ?? 0) + d.amountYuan,
        paid: s.recovery[d.officerId]?.paid ?? 0,
      },
    },
  })),
  when(E.RecoveryPaid, (s, d) => ({
    ...s,
    recovery: {
      ...s.recovery,
      [d.officerId]: { ...s.recovery[d.officerId], paid: s.recovery[d.officerId].paid + d.amountYuan },
    },
  })),
  when(E.MatterClosed, (s) => ({ ...s, stage: 'closed' })),
  ...clockRows<MatterState>(),
);

export function inStage(state: MatterState, ...stages: MatterStage[]): void {
  require_(stages.includes(state.stage), 'matter.wrong_stage', {
    zh: '责任追究目前所处阶段不能进行此操作。',
    en: `A matter that is ${state.stage} does not allow this step.`,
    basis: 'L03',
  });
}

/** 回避: nobody concerned by the matter, or in its chain, decides anything in it. */
export function notConcerned(state: MatterState, { actor }: Circumstances): void {
  require_(!actor.officer || !state.concerned.includes(actor.officer), 'matter.own_cause', {
    zh: '涉事人员及其责任链上的人员应当回避。',
    en: 'Those concerned, and those in their chain, must stand aside.',
    basis: '公职人员政务处分法第47条、L03',
  });
}
