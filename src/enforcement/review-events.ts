import { EventType, Internal, Open, Personal } from '../kernel/event';
import type { Penalty, PointAnswer, ReviewMark, ServiceMethod } from './penalty-types';

@EventType({ zh: '送审', en: 'Submitted for review', basis: '行政处罚法第58条' })
export class SubmittedForReview {
  /** Counts from 1; a returned case is submitted again. */
  @Open() round!: number;
  @Open() submittedOn!: string;
  @Internal() documents!: string[];
  /** After a hearing the review is held on its record (市场监管程序规定 50 II). */
  @Open() afterHearing!: boolean;
}

@EventType({ zh: '法制审核意见', en: 'Review opinion issued', basis: '行政处罚法第58条' })
export class ReviewOpinionIssued {
  @Open() round!: number;
  @Open() reviewerId!: string;
  @Open() passed!: boolean;
  /** Ten items, each passed or not with its reason (E02). */
  @Internal() items!: ReviewMark[];
  @Internal() advice!: string;
  @Internal() pages!: number;
}

@EventType({ zh: '审核意见分歧提请协调', en: 'Disagreement escalated', basis: 'E04' })
export class DisagreementEscalated {
  @Open() round!: number;
  @Internal() reason!: string;
  @Internal() escalatedTo!: string;
}

@EventType({ zh: '审核意见分歧处理', en: 'Disagreement settled', basis: 'E04' })
export class DisagreementSettled {
  @Open() round!: number;
  /** `review_again`: another reviewer reviews; `follow_review`: back to the investigators. Nobody passes a failed review. */
  @Open() settlement!: string;
  @Internal() reason!: string;
  @Internal() settledBy!: string;
}

@EventType({ zh: '行政处罚告知', en: 'Rights notice served', basis: '行政处罚法第44条' })
export class RightsNoticeServed {
  @Open() partyId!: string;
  @Personal('party') facts!: string;
  @Internal() reasons!: string;
  @Open() legalBasis!: string[];
  @Internal() penalties!: Penalty[];
  @Open() hearingOffered!: boolean;
  /** Why a hearing is offered, or empty: the kinds of 行政处罚法 63. */
  @Open() hearingGrounds!: string[];
  /** A second, heavier notice after the party was heard rests on this new evidence alone (行政处罚法 45 II). */
  @Open() newEvidenceIds!: string[];
  @Open() method!: ServiceMethod;
  @Open() servedOn!: string;
  @Open() officers!: string[];
  @Open() receiptSha256!: string;
  @Internal() pages!: number;
}

@EventType({ zh: '陈述申辩', en: 'Statement heard', basis: '行政处罚法第45条' })
export class StatementHeard {
  @Open() statementId!: string;
  @Open() partyId!: string;
  @Open() receivedOn!: string;
  /** `written` or `oral`. */
  @Open() form!: string;
  /** The party's points in their order; each is answered by its number. */
  @Personal('party') points!: string[];
  @Open() pointCount!: number;
  @Open() recordSha256!: string;
  @Internal() pages!: number;
}

@EventType({ zh: '陈述申辩答复', en: 'Statement answered', basis: 'F04' })
export class StatementAnswered {
  @Open() statementId!: string;
  @Internal() answers!: PointAnswer[];
  @Internal() verification!: string;
}

@EventType({ zh: '放弃陈述申辩', en: 'Statement waived', basis: '行政处罚法第62条' })
export class StatementWaived {
  @Open() partyId!: string;
  @Open() waivedOn!: string;
  /** The right to a hearing is waived with it. */
  @Open() hearingToo!: boolean;
  /** The signed declaration. */
  @Open() recordSha256!: string;
  @Internal() pages!: number;
}

@EventType({ zh: '要求听证', en: 'Hearing requested', basis: '行政处罚法第64条' })
export class HearingRequested {
  @Open() requestedOn!: string;
  /** `written`, `oral` or `on_receipt`. */
  @Open() form!: string;
  /** True when the law does not require it and the body grants it. */
  @Open() granted!: boolean;
}

@EventType({ zh: '听证通知', en: 'Hearing notice given', basis: '行政处罚法第64条' })
export class HearingNoticed {
  @Open() hearingOn!: string;
  @Open() place!: string;
  /** Officer who presides; never an investigator. */
  @Open() hostId!: string;
  @Open() recorderId!: string;
  @Open() public!: boolean;
  @Internal() closedReason?: string;
  @Open() noticedOn!: string;
  @Open() receiptSha256!: string;
  @Internal() pages!: number;
}

@EventType({ zh: '举行听证', en: 'Hearing held', basis: '行政处罚法第64条' })
export class HearingHeld {
  @Open() heldOn!: string;
  @Open() hostId!: string;
  @Open() investigators!: string[];
  @Open() representatives!: number;
  @Open() signed!: boolean;
  @Internal() notSignedReason?: string;
  @Internal() summary!: string;
  /** The host's advice on the facts, the law and the penalty. */
  @Internal() report!: string;
  @Open() recordSha256!: string;
  @Internal() pages!: number;
}

@EventType({ zh: '听证终止', en: 'Hearing withdrawn', basis: '行政处罚法第64条' })
export class HearingWithdrawn {
  /** `withdrawn`, `absent` or `left`. */
  @Open() ground!: string;
  @Open() withdrawnOn!: string;
  @Internal() reason!: string;
}

@EventType({ zh: '集体讨论', en: 'Collective discussion held', basis: '行政处罚法第57条' })
export class CollectiveDiscussionHeld {
  /** `decision` or `extension`. */
  @Open() matter!: string;
  @Open() heldOn!: string;
  @Open() members!: string[];
  @Internal() opinions!: string;
  @Internal() conclusion!: string;
  /** True when the conclusion bears the proposal out. */
  @Open() agreed!: boolean;
  @Open() recordSha256!: string;
  @Internal() pages!: number;
}
