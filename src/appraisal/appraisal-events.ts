import { EventType, Internal, Open, Personal } from '../kernel/event';
import type { LocalDate } from '../kernel/time';

// Codes are those of `appraisal-lists.ts`. They are strings here because an event outlives the list it was taken from.

/** One criterion of a scheme. */
export interface Criterion {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  /** One of the eight norms (M03). */
  readonly norm: string;
  /** Full marks of this criterion. */
  readonly points: number;
  /** `spot` or `regular`. */
  readonly check: string;
  /** What is measured, of the closed list of metrics. */
  readonly metric: string;
  /** The event types that it reads. */
  readonly events: string[];
}

/** The event of the ledger that a point rests on. */
export interface Citation {
  readonly stream: string;
  readonly eventId: string;
}

/** A ground of 交通运输行政执法评议考核规定 15 for not passing the year. */
export interface Veto {
  readonly code: string;
  readonly reason: string;
  readonly citations: Citation[];
}

@EventType({ zh: '评分细则已起草', en: 'Scoring scheme drafted', basis: 'M02、M03、M05' })
export class SchemeDrafted {
  @Open() title!: string;
  /** The draft's version, from 1. */
  @Open() version!: number;
  /** Whom it appraises: `officer`, `unit` or `leader` (M05). */
  @Open() level!: string;
  @Open() criteria!: Criterion[];
  /** The least score for 优秀 and for 达标. */
  @Open() excellentFrom!: number;
  @Open() passFrom!: number;
  /** At most this many marks may be added for merit; the score never exceeds full marks. */
  @Open() bonusMax!: number;
  /** Why this version replaces the one before; from version 2 on. */
  @Open() revisionReason?: string;
}

@EventType({ zh: '评分细则已公布', en: 'Scoring scheme published', basis: 'M02、M07' })
export class SchemePublished {
  @Open() version!: number;
  @Open() effectiveFrom!: LocalDate;
}

@EventType({ zh: '评议考核已开始', en: 'Appraisal opened', basis: 'M01' })
export class AppraisalOpened {
  @Open() schemeId!: string;
  @Open() schemeVersion!: number;
  @Internal() officerId!: string;
  @Open() bodyId!: string;
  @Open() year!: number;
}

/** 逐件考核、累积记分. The mark's id is the id of this event. Negative points are deducted, positive ones added. */
@EventType({ zh: '逐件考核记分', en: 'Case marked', basis: 'M01' })
export class CaseMarked {
  @Open() criterion!: string;
  @Open() points!: number;
  @Internal() caseId?: string;
  @Internal() reason!: string;
  /** A ground of 评议考核规定 17 when the points are a bonus beyond full marks of the criterion. */
  @Open() bonus?: string;
  @Internal() citations!: Citation[];
}

/** Withdraws a mark; `markId` is the id of the event that gave it. */
@EventType({ zh: '记分已撤回', en: 'Mark withdrawn', basis: 'M01' })
export class MarkWithdrawn {
  @Internal() markId!: string;
  @Internal() reason!: string;
}

/** 抽查: an event of the ledger in itself, which its points rest on. */
@EventType({ zh: '抽查已记录', en: 'Spot check recorded', basis: 'M03' })
export class SpotCheckRecorded {
  @Open() criterion!: string;
  @Internal() checkedOn!: LocalDate;
  @Internal() place!: string;
  @Internal() found!: string;
  /** Zero, or negative. */
  @Open() points!: number;
  @Internal() checkerIds!: string[];
}

@EventType({ zh: '考核结果已确定', en: 'Appraisal confirmed', basis: '交通运输行政执法评议考核规定第14、15条' })
export class AppraisalConfirmed {
  @Open() score!: number;
  /** `excellent` 优秀, `pass` 达标 or `fail` 不达标. */
  @Open() grade!: string;
  @Internal() vetoes!: Veto[];
  @Internal() notifiedOn!: LocalDate;
  /** The last day on which the officer may appeal. */
  @Internal() appealUntil!: LocalDate;
}

@EventType({ zh: '考核结果已被申诉', en: 'Appraisal appealed', basis: '交通运输行政执法评议考核规定第20条' })
export class AppraisalAppealed {
  @Internal() appealedOn!: LocalDate;
  @Internal() officerId!: string;
  @Personal('officer') grounds!: string;
}

@EventType({ zh: '考核申诉已决定', en: 'Appraisal appeal decided', basis: '交通运输行政执法评议考核规定第20条' })
export class AppraisalAppealDecided {
  /** `upheld` or `changed`. */
  @Open() outcome!: string;
  @Internal() reason!: string;
  @Internal() withdrawnMarkIds!: string[];
  /** The vetoes that stand after the re-examination. */
  @Internal() vetoes!: Veto[];
  @Open() score!: number;
  @Open() grade!: string;
}

@EventType({ zh: '考核结果已公开', en: 'Appraisal published', basis: 'M07' })
export class AppraisalPublished {
  /** `body` within the body, or `public`. */
  @Open() scope!: string;
  @Open() score!: number;
  @Open() grade!: string;
}

/** 邀请评价: a party is handed a code once; only the code's digest is kept. */
@EventType({ zh: '已邀请评价', en: 'Rating invited', basis: 'I10、M07' })
export class RatingInvited {
  @Open() bodyId!: string;
  @Internal() caseId?: string;
  @Internal() codeSha256!: string;
}

@EventType({ zh: '相对人已评价', en: 'Service rated', basis: 'I10、M01、M07' })
export class ServiceRated {
  @Open() bodyId!: string;
  @Internal() caseId?: string;
  /** 1 to 5. */
  @Open() stars!: number;
  @Internal() raterId!: string;
  @Personal('rater') text?: string;
}

/** The stars go on counting: only the text is hidden. */
@EventType({ zh: '评价文字已隐藏', en: 'Rating text hidden', basis: 'I10' })
export class RatingModerated {
  @Open() reason!: string;
  @Open() hidden!: boolean;
}
