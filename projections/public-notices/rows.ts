import type {
  Channel,
  NoticeCategory,
  NoticeText,
  PartyKind,
  PublicityClass,
} from '../../src/disclosure/notice-events';
import type { RevisedRow } from '../fold';
import type { ArticleCited, ReconsiderationOutcome } from '../../src/enforcement/historical/historical-events';

export type NoticeStatus = 'draft' | 'reviewed' | 'published' | 'withheld' | 'withdrawn' | 'expired';

/** How a notice stands on one channel: what the law asks of it, and what was done. */
export interface ChannelRow {
  readonly channel: Channel;
  readonly required: boolean;
  readonly basis: string;
  readonly dueOn?: string;
  readonly publishedOn?: string;
  readonly publicUntil?: string;
  readonly url?: string;
  readonly daysLate?: number;
  readonly missed?: boolean;
  readonly expiredOn?: string;
}

/** What a notice said in one version; all but the newest are superseded (已更正). */
export interface VersionRow extends NoticeText {
  readonly version: number;
  readonly since?: string;
  readonly reason?: string;
  /** Its wording showed personal data and is hidden 隐去. */
  readonly hidden?: boolean;
}

/** What only a historical act has: the file and row it came from, and how a reconsideration ended. */
export interface HistoricalRow {
  readonly sourceName: string;
  readonly fileSha256: string;
  readonly row: number;
  readonly articles: readonly ArticleCited[];
  readonly aggravation: readonly string[];
  readonly campaign?: string;
  /** In units of `currency` (ISO 4217). */
  readonly amount?: number;
  readonly currency?: string;
  readonly repairs: readonly string[];
  readonly gates: string;
  readonly outcome?: {
    readonly outcome: ReconsiderationOutcome;
    readonly authority: string;
    readonly documentNumber?: string;
    readonly decidedOn?: string;
    readonly text: string;
  };
}

/** A public notice through its life. Holds nothing that may not be published once `status` says so. */
export interface NoticeRow extends RevisedRow {
  readonly id: string;
  /** The stream of the decision. */
  readonly source: string;
  readonly category: NoticeCategory;
  readonly status: NoticeStatus;
  readonly bodyId: string;
  readonly bodyName: string;
  readonly bodyUscc?: string;
  readonly documentNumber: string;
  readonly decidedOn: string;
  readonly partyKind: PartyKind;
  readonly partyUscc?: string;
  readonly publicityClass: PublicityClass | 'historical';
  readonly fineYuan?: number;
  readonly confiscatedYuan?: number;
  readonly licence?: string;
  /** The newest version; earlier ones after it, newest first. */
  readonly text: VersionRow;
  readonly superseded: readonly VersionRow[];
  readonly channels: readonly ChannelRow[];
  /** The first day it was public anywhere, and the calendar days from the decision to it. */
  readonly publishedOn?: string;
  readonly lagDays?: number;
  readonly withheld?: { readonly reason: string; readonly basis: string };
  readonly withdrawal?: {
    readonly cause: string;
    readonly requiredSince?: string;
    readonly dueOn?: string;
    readonly withdrawnOn?: string;
    readonly reason?: string;
    readonly missed?: boolean;
  };
  readonly historical?: HistoricalRow;
  /** Position of the event that made this row what it is. */
  readonly position: number;
  readonly recordedAt: string;
}

/** A duty to publish or withdraw that is not done yet. */
export interface DutyRow {
  readonly noticeId: string;
  readonly bodyId: string;
  readonly channel: Channel | 'withdrawal';
  readonly dueOn: string;
  readonly missed: boolean;
}

/** How many notices of a category everybody may see. */
export interface TallyRow {
  readonly category: NoticeCategory;
  readonly notices: number;
}

/** Somebody whose publications are timed: `all`, a body's name, or the file a historical act came from. */
export interface ScopeRow {
  readonly scope: string;
}

/** How many notices of a scope went public so many calendar days after the decision. */
export interface LagRow {
  /** As in `ScopeRow`. */
  readonly scope: string;
  readonly lagDays: number;
  readonly notices: number;
}
