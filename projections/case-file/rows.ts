import type { ArticleCited } from '../../src/enforcement/historical/historical-events';
import type {
  ContentsEntry,
  EvidenceKind,
  Link,
  Outcome,
  PartyKind,
  Penalty,
  RecordingLevel,
  Stage,
} from '../../src/enforcement/penalty-types';
import type { ClockRow } from '../clock-row';

/** One act of the case, with both times: when it happened and when it was recorded. */
export interface TimelineEntry {
  readonly eventId: string;
  readonly position: number;
  readonly revision: number;
  readonly type: string;
  readonly link?: Link;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly account: string;
  readonly officer?: string;
  readonly actorKind: string;
  /** Everybody the act names. */
  readonly officers: readonly string[];
}

/** One of the seven links of full-process recording (D01), and what is missing in it. */
export interface LinkRow {
  readonly acts: number;
  readonly firstAt?: string;
  readonly lastAt?: string;
  /** Acts recorded more than a day after they happened. */
  readonly lateEntries: number;
  readonly recordings: number;
}

export interface PartyRow {
  readonly id: string;
  readonly kind: PartyKind;
  readonly publicName: string;
  readonly name: string;
  readonly identifier?: string;
  readonly legalRepresentative?: string;
  readonly address?: string;
  readonly phone?: string;
}

export interface EvidenceRow {
  readonly id: string;
  readonly kind: EvidenceKind;
  readonly description: string;
  readonly collectedBy: readonly string[];
  readonly sha256: string;
  readonly excludedFor?: string;
}

export interface RecordingRow {
  readonly id: string;
  readonly step: string;
  readonly item: string;
  readonly deviceId: string;
  readonly officerId: string;
  readonly level: RecordingLevel;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly sha256: string;
  readonly late: boolean;
}

export interface RemedyRow {
  readonly id: string;
  readonly kind: string;
  readonly soughtOn?: string;
  readonly authority: string;
  readonly outcome?: string;
  readonly endedOn?: string;
  readonly text?: string;
}

/** A case as lists and searches find it, after one of its events. For staff: it holds personal data. */
export interface CaseRow {
  readonly id: string;
  readonly stream: string;
  readonly procedure: 'ordinary-penalty' | 'simple-penalty' | 'historical' | 'clue';
  readonly stage: Stage | 'historical';
  readonly bodyId: string;
  readonly bodyName?: string;
  readonly caseNumber?: string;
  readonly documentNumber?: string;
  readonly powerCode?: string;
  readonly cause: string;
  readonly articles?: readonly ArticleCited[];
  readonly outcome?: Outcome;
  readonly party?: PartyRow;
  readonly officers: readonly string[];
  readonly reviewerId?: string;
  readonly decidedBy?: string;
  readonly discoveredOn?: string;
  readonly filedOn?: string;
  readonly decidedOn?: string;
  readonly servedOn?: string;
  readonly closedOn?: string;
  readonly archivedOn?: string;
  readonly retainUntil?: string;
  readonly penalties: readonly Penalty[];
  readonly fineYuan: number;
  readonly paidYuan: number;
  readonly surchargeYuan: number;
  readonly revoked: boolean;
  readonly remedies: readonly RemedyRow[];
  readonly position: number;
  readonly revision: number;
  readonly updatedAt: string;
}

/** What else is in the file of a case. Not stored: whoever opens the file has it from the case's own stream. */
export interface CaseDetails {
  readonly clocks: readonly ClockRow[];
  readonly evidence: readonly EvidenceRow[];
  readonly recordings: readonly RecordingRow[];
  readonly reviews: ReadonlyArray<{ readonly round: number; readonly reviewerId: string; readonly passed: boolean }>;
  readonly statements: ReadonlyArray<{ readonly id: string; readonly points: number; readonly answered: boolean }>;
  readonly links: Readonly<Partial<Record<Link, LinkRow>>>;
  readonly contents?: readonly ContentsEntry[];
}

/** The case in its whole, less its timeline, which is its stream. */
export type CaseFileRow = CaseRow & CaseDetails;
