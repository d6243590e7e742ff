import type { Absence, DrawnParty, Exclusion, ListedOfficer, ListedParty, Quota } from '../../src/draws/draw-events';
import type { Plan, Stratum } from '../../src/draws/draw-item-events';
import type { ArticleReference } from '../../src/registry/registry-events';
import type { RevisedRow } from '../fold';

/** A version of an item on the list of random inspections 随机抽查事项. */
export interface DrawItemVersionRow {
  readonly version: number;
  readonly plan: Plan;
  readonly year: number;
  readonly bodyId: string;
  readonly reviewBodyId: string;
  readonly powerCode: string;
  readonly name: string;
  readonly legalBasis: readonly ArticleReference[];
  readonly objects: string;
  readonly content: string;
  readonly strata: readonly Stratum[];
  readonly method: string;
  readonly frequency: string;
}

/** An item by the version that is published, if one is, and the one on its way. */
export interface DrawItemRow extends RevisedRow {
  readonly id: string;
  readonly bodyId: string;
  readonly reviewBodyId: string;
  readonly status: 'drafted' | 'published' | 'withdrawn';
  readonly published?: DrawItemVersionRow;
  readonly publishedOn?: string;
  readonly draft?: DrawItemVersionRow & { readonly reviewed?: 'approved' | 'returned' };
  readonly withdrawn?: { readonly withdrawnOn: string; readonly reason: string };
}

/** A draw 随机抽查 without its lists: what is announced, and what came of it. */
export interface DrawRow extends RevisedRow {
  readonly id: string;
  readonly itemId: string;
  readonly itemVersion: number;
  readonly title: string;
  readonly bodyId: string;
  readonly legalBasis: readonly string[];
  readonly status: 'announced' | 'held' | 'voided';
  readonly announcedAt: string;
  /** Where the announcement stands in the ledger, from 1. */
  readonly position: number;
  readonly officersListed: number;
  readonly partiesListed: number;
  readonly quotas: readonly Quota[];
  readonly officersPerParty: number;
  readonly algorithm: string;
  readonly logOrigin: string;
  readonly witnesses: readonly string[];
  readonly held?: {
    readonly at: string;
    readonly position: number;
    readonly entry: string;
    readonly checkpoint: string;
    readonly seed: string;
    readonly passedOver: readonly number[];
  };
  readonly voided?: { readonly voidedOn: string; readonly reason: string; readonly afterHeld: boolean };
  readonly drawnParties: number;
  readonly inspected: number;
  readonly resultsPublished: number;
}

/** The lists of a draw, and who was drawn from them. */
export interface DrawListsRow {
  readonly officers: readonly ListedOfficer[];
  readonly parties: readonly ListedParty[];
  readonly exclusions: readonly Exclusion[];
  readonly drawn: readonly DrawnParty[];
}

/** The inspection of one party that was drawn. What was found is here once it is published. */
export interface InspectionRow {
  readonly drawId: string;
  readonly party: string;
  readonly conductedOn: string;
  readonly officers: readonly string[];
  readonly absent: readonly Absence[];
  readonly result?: string;
  readonly publishedOn?: string;
  readonly corrected?: { readonly correctedOn: string; readonly reason: string };
}
