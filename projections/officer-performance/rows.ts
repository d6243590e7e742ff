import type { RevisedRow } from '../fold';
import type { Citation, Criterion, Veto } from '../../src/appraisal/appraisal-events';

/** One mark: points given or taken, why, and the events of the ledger it rests on (M01). */
export interface MarkRow {
  /** The event that gave it. */
  readonly eventId: string;
  readonly position: number;
  readonly criterion: string;
  readonly points: number;
  readonly reason: string;
  readonly caseId?: string;
  readonly bonus?: string;
  readonly citations: readonly Citation[];
  readonly withdrawn: boolean;
}

export interface CriterionScore {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly points: number;
  readonly score: number;
}

/** One officer's appraisal of one year (评议考核): the running score, and what every point rests on. */
export interface AppraisalRow extends RevisedRow {
  readonly id: string;
  readonly officerId: string;
  readonly officerName: string;
  readonly bodyId: string;
  readonly year: number;
  readonly schemeId: string;
  readonly schemeVersion: number;
  readonly status: 'open' | 'confirmed' | 'appealed' | 'decided' | 'published';
  readonly criteria: readonly Criterion[];
  readonly bonusMax: number;
  readonly marks: readonly MarkRow[];
  readonly scores: readonly CriterionScore[];
  readonly score: number;
  readonly grade?: string;
  readonly vetoes: readonly Veto[];
  readonly publishedScope?: string;
  readonly position: number;
}

/** One entry of an officer's file (执法档案, M01): trained, credentialled, faulted, appraised. */
export interface FileEntryRow {
  readonly officerId: string;
  readonly eventId: string;
  readonly position: number;
  readonly type: string;
  readonly occurredAt: string;
  readonly stream: string;
}

/** An officer's file without its entries, which have rows of their own: they grow with a career. */
export interface OfficerFileRow {
  readonly officerId: string;
  readonly name: string;
  readonly bodyId: string;
  readonly trainingHours: Readonly<Record<string, number>>;
  /** Those that stand; one that was lifted on appeal is no longer among them. */
  readonly faults: number;
  readonly measures: number;
  readonly clocksMissed: number;
}

/** Which case an officer took part in, from when to when. Counts acts, never penalties (行政处罚法 74 III). */
export interface WorkRow {
  readonly officerId: string;
  readonly stream: string;
  /** The officer's at the first act. */
  readonly bodyId: string;
  readonly acts: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** What the public thinks of a body: stars given, and how many people gave them (I10). */
export interface RatingRow {
  readonly bodyId: string;
  readonly ratings: number;
  readonly stars: number;
}
