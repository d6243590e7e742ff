import type { ChainLink, ClueOrigin, PersonFinding } from '../../src/oversight/accountability-events';
import type { RevisedRow } from '../fold';
import type { ClockRow } from '../clock-row';

export type MatterStatus = 'clue' | 'dismissed' | 'investigating' | 'determined' | 'appealed' | 'closed';

export interface MeasureRow {
  readonly officerId: string;
  readonly measure: string;
  readonly severity: string;
  readonly basis: string;
  readonly until?: string;
  readonly eventId: string;
}

/** What one person still owes the body after it compensated the injured (L08). */
export interface RecoveryRow {
  readonly officerId: string;
  readonly orderedYuan: number;
  readonly paidYuan: number;
}

/** An accountability matter (责任追究) from clue to close. For investigators. */
export interface MatterRow extends RevisedRow {
  readonly id: string;
  readonly ground: string;
  readonly origin: ClueOrigin;
  readonly raisedBy: 'ledger' | 'person';
  readonly bodyId: string;
  readonly officerIds: readonly string[];
  readonly chain: readonly ChainLink[];
  readonly summary: string;
  readonly status: MatterStatus;
  readonly investigators: readonly string[];
  readonly consequence?: string;
  readonly unitResponsible?: boolean;
  readonly findings: readonly PersonFinding[];
  readonly measures: readonly MeasureRow[];
  readonly appeals: ReadonlyArray<{
    readonly officerId: string;
    readonly appealedOn: string;
    readonly outcome?: string;
  }>;
  readonly compensationYuan: number;
  readonly recoveries: readonly RecoveryRow[];
  /** Open whatever the sanction (L08). */
  readonly recoveryOutstandingYuan: number;
  readonly raisedAt: string;
  readonly closedOutcome?: string;
  /** Every event of the matter, in order. */
  readonly events: ReadonlyArray<{
    readonly eventId: string;
    readonly type: string;
    readonly position: number;
    readonly occurredAt: string;
    readonly recordedAt: string;
    readonly account: string;
  }>;
  readonly position: number;
}

/** A legal clock of any record, with the stream it belongs to. */
export interface StreamClockRow extends ClockRow {
  readonly stream: string;
  readonly startedBy: string;
  readonly missedEventId?: string;
}

/**
 * One person's answer for one missed clock (谁答责): the officers it was entrusted to, and those above them in the chain that
 * the ledger's own clue names (L06).
 */
export interface AnswerRow {
  readonly officerId: string;
  /** `officer`, `unit_head`, `deputy` or `first`. */
  readonly role: string;
  readonly bodyId: string;
  readonly stream: string;
  readonly clock: string;
  readonly item: string;
  readonly zh: string;
  readonly en: string;
  readonly dueOn: string;
  readonly basis: string;
  readonly eventId: string;
  readonly position: number;
}

/** The board's line for one body. */
export interface BodyTallyRow {
  readonly bodyId: string;
  readonly clocksMissed: number;
  readonly noticesLate: number;
  readonly mattersRaised: number;
  readonly mattersByLedger: number;
  readonly mattersClosed: number;
  readonly recoveryOutstandingYuan: number;
}
