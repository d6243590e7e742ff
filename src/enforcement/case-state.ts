import type { Instant, LocalDate } from '../kernel/time';
import type { FileDocument } from './contents';
import type {
  DiscretionLevel,
  Instalment,
  Outcome,
  PartyKind,
  Penalty,
  RecordingLevel,
  Stage,
  SuspensionGround,
} from './penalty-types';

/** A clock of the case. `from` and `days` say what is left after the last suspension; `startedOn` never changes. */
export interface CaseClock {
  readonly clock: string;
  readonly item: string;
  readonly zh: string;
  readonly en: string;
  readonly basis: string;
  readonly startedOn: LocalDate;
  readonly from: LocalDate;
  readonly days: number;
  readonly dayKind: string;
  readonly dueOn: LocalDate;
  /** Calendar days during which it was suspended. */
  readonly excludedDays: number;
  readonly suspendedOn?: LocalDate;
  readonly stoppedOn?: LocalDate;
  readonly missed: boolean;
  readonly bodyId: string;
  readonly responsiblePost: string;
  readonly responsibleOfficers: readonly string[];
  readonly bindsParty: boolean;
}

/** What the investigators propose (调查终结). */
export interface Proposal {
  readonly outcome: Outcome;
  readonly penalties: readonly Penalty[];
  readonly level: DiscretionLevel;
  readonly outsideBandReason?: string;
  readonly grave: boolean;
  readonly officers: readonly string[];
}

export interface Review {
  readonly round: number;
  readonly submittedOn: LocalDate;
  readonly reviewerId?: string;
  readonly passed?: boolean;
  readonly issuedOn?: LocalDate;
  readonly afterHearing: boolean;
  /** A failed opinion that the investigators contest (E04). */
  readonly escalated: boolean;
}

export interface RightsNotice {
  /** The day of the act; earlier than the service where the notice was announced. */
  readonly givenOn: LocalDate;
  readonly servedOn: LocalDate;
  readonly penalties: readonly Penalty[];
  readonly hearingOffered: boolean;
}

export interface Statement {
  readonly id: string;
  readonly receivedOn: LocalDate;
  readonly points: number;
  readonly answered: boolean;
}

export interface Hearing {
  readonly requestedOn: LocalDate;
  readonly hearingOn?: LocalDate;
  readonly hostId?: string;
  readonly heldOn?: LocalDate;
  readonly withdrawnOn?: LocalDate;
}

export interface Decision {
  readonly documentNumber: string;
  readonly outcome: Outcome;
  readonly decidedOn: LocalDate;
  readonly penalties: readonly Penalty[];
  readonly fineYuan: number;
  readonly revoked: boolean;
}

/** Time during which the late surcharge does not run (行政处罚法 73 III). */
export interface Remedy {
  readonly id: string;
  readonly kind: string;
  readonly soughtOn: LocalDate;
  readonly endedOn?: LocalDate;
  readonly outcome?: string;
}

/** An act that the law wants recorded in sound and image, by its command's name, and its item where it can happen often. */
export interface RecordedAct {
  readonly step: string;
  readonly item: string;
  readonly method?: string;
}

/** A penalty case 行政处罚案件 as decisions see it. */
export interface CaseState {
  readonly procedure?: string;
  readonly stage: Stage;
  /** The day of the act that brought it into the stage. */
  readonly stageSince: LocalDate;
  readonly bodyId: string;
  readonly powerCode: string;
  readonly discoveredOn: LocalDate;
  readonly party?: {
    readonly id: string;
    readonly kind: PartyKind;
    readonly publicName: string;
    readonly publicIdentifier?: string;
    readonly birthDate?: LocalDate;
  };
  readonly filedOn: LocalDate;
  readonly violationEndedOn: LocalDate;
  readonly priorOffences: number;
  /** On the case now. */
  readonly officers: readonly string[];
  /** Everybody who ever investigated: none of them may review, preside or decide (C10). */
  readonly investigators: readonly string[];
  readonly reviewers: readonly string[];
  readonly recused: readonly string[];
  /** Who has shown the credential, to whomever. */
  readonly shownBy: readonly string[];
  readonly priorSteps: {
    readonly notice: boolean;
    readonly guidance: boolean;
    readonly ordered: boolean;
    readonly checked: boolean;
    readonly rectified: boolean;
    readonly skipped: boolean;
  };
  readonly evidence: ReadonlyArray<{ readonly id: string; readonly on: LocalDate; readonly excluded: boolean }>;
  readonly inquiries: readonly string[];
  readonly preservations: ReadonlyArray<{
    readonly id: string;
    readonly at: Instant;
    readonly approved: boolean;
    readonly disposed: boolean;
  }>;
  readonly toRecord: readonly RecordedAct[];
  readonly recordings: ReadonlyArray<{
    readonly id: string;
    readonly step: string;
    readonly item: string;
    readonly level: RecordingLevel;
  }>;
  /** By `clockKey`. */
  readonly clocks: Readonly<Record<string, CaseClock>>;
  readonly suspensions: readonly SuspensionGround[];
  readonly extensions: number;
  readonly checkExtended: boolean;
  readonly proposal?: Proposal;
  readonly review?: Review;
  /** The reviewer whose failed opinion is reviewed again by another (E04). */
  readonly contestedReviewer?: string;
  readonly notice?: RightsNotice;
  readonly statements: readonly Statement[];
  readonly waived?: { readonly hearingToo: boolean };
  readonly hearing?: Hearing;
  readonly discussions: ReadonlyArray<{ readonly matter: string; readonly on: LocalDate; readonly agreed: boolean }>;
  readonly decision?: Decision;
  readonly servedOn?: LocalDate;
  readonly payments: ReadonlyArray<{ readonly on: LocalDate; readonly amountYuan: number; readonly receipt: string }>;
  readonly instalments: readonly Instalment[];
  readonly deferredUntil?: LocalDate;
  readonly surchargeYuan: number;
  readonly remedies: readonly Remedy[];
  readonly demandedOn?: LocalDate;
  readonly courtAppliedOn?: LocalDate;
  readonly reported: boolean;
  readonly collected: { readonly amountYuan: number; readonly handedTo: readonly string[] };
  readonly endedWithout: boolean;
  readonly documents: readonly FileDocument[];
}

export const clockKey = (clock: string, item = ''): string => `${clock}/${item}`;

export const initialCase: CaseState = {
  stage: 'unopened',
  stageSince: '',
  bodyId: '',
  powerCode: '',
  discoveredOn: '',
  filedOn: '',
  violationEndedOn: '',
  priorOffences: 0,
  officers: [],
  investigators: [],
  reviewers: [],
  recused: [],
  shownBy: [],
  priorSteps: { notice: false, guidance: false, ordered: false, checked: false, rectified: false, skipped: false },
  evidence: [],
  inquiries: [],
  preservations: [],
  toRecord: [],
  recordings: [],
  clocks: {},
  suspensions: [],
  extensions: 0,
  checkExtended: false,
  statements: [],
  discussions: [],
  payments: [],
  instalments: [],
  surchargeYuan: 0,
  remedies: [],
  reported: false,
  collected: { amountYuan: 0, handedTo: [] },
  endedWithout: false,
  documents: [],
};

/** The clock while it runs or is suspended; undefined once it has stopped or when it never started. */
export function openClock(state: CaseState, clock: string, item = ''): CaseClock | undefined {
  const found = state.clocks[clockKey(clock, item)];
  return found && found.stoppedOn === undefined ? found : undefined;
}

/** The fine that stands: none once the decision is revoked. */
const standingFine = ({ decision }: CaseState): number => (decision && !decision.revoked ? decision.fineYuan : 0);

/** What of the fine itself has not been paid, in yuan. */
export function unpaidFine(state: CaseState, by: LocalDate = '9999-12-31'): number {
  const paid = state.payments.reduce((sum, p) => (p.on <= by ? sum + p.amountYuan : sum), 0);
  return Math.max(0, yuan(standingFine(state) - paid));
}

/** What is still to be paid, surcharge included, in yuan. */
export function outstanding(state: CaseState): number {
  const paid = state.payments.reduce((sum, p) => sum + p.amountYuan, 0);
  return Math.max(0, yuan(standingFine(state) + (state.decision?.revoked ? 0 : state.surchargeYuan) - paid));
}

/** Rounded to the fen. */
export const yuan = (amount: number): number => Math.round(amount * 100) / 100;

export const fineOf = (penalties: readonly Penalty[]): number => sumOf(penalties, (kind) => kind === 'fine');

export const confiscationOf = (penalties: readonly Penalty[]): number =>
  sumOf(penalties, (kind) => kind === 'confiscate_gains' || kind === 'confiscate_property');

function sumOf(penalties: readonly Penalty[], counts: (kind: string) => boolean): number {
  return yuan(penalties.reduce((sum, p) => (counts(p.kind) ? sum + (p.amountYuan ?? 0) : sum), 0));
}
