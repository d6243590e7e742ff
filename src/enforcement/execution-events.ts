import { EventType, Internal, Open } from '../kernel/event';
import type { ClosingGround, ContentsEntry, Instalment } from './penalty-types';

@EventType({ zh: '罚款缴纳', en: 'Fine paid', basis: '行政处罚法第67条' })
export class FinePaid {
  @Open() amountYuan!: number;
  /** Of the receipt of the finance department (行政处罚法 70). */
  @Open() receiptNumber!: string;
  /** The bank or payment system; never the body that decided. */
  @Open() payeeId!: string;
  @Open() paidOn!: string;
  /** What is still to be paid, surcharges included. */
  @Open() outstandingYuan!: number;
}

@EventType({ zh: '延期缴纳', en: 'Payment deferred', basis: '行政处罚法第66条' })
export class PaymentDeferred {
  @Open() until!: string;
  @Internal() reason!: string;
  @Internal() approvedBy!: string;
}

@EventType({ zh: '分期缴纳', en: 'Instalments approved', basis: '行政处罚法第66条' })
export class InstalmentsApproved {
  @Open() plan!: Instalment[];
  @Internal() reason!: string;
  @Internal() approvedBy!: string;
}

@EventType({ zh: '加处罚款', en: 'Late surcharge assessed', basis: '行政处罚法第72条' })
export class LateSurchargeAssessed {
  /** First and last day of lateness that is counted. */
  @Open() from!: string;
  @Open() to!: string;
  /** Days counted; days of reconsideration and litigation left out (行政处罚法 73 III). */
  @Open() days!: number;
  @Open() excludedDays!: number;
  /** Fraction of the fine a day, by the law of that day. */
  @Open() ratePerDay!: number;
  /** The whole surcharge so far, in yuan. */
  @Open() amountYuan!: number;
  /** True when the fine itself is the limit that was reached. */
  @Open() capped!: boolean;
}

@EventType({ zh: '催告', en: 'Performance demanded', basis: '行政强制法第54条' })
export class PerformanceDemanded {
  @Open() demandedOn!: string;
  @Open() receiptSha256!: string;
  @Internal() pages!: number;
}

@EventType({ zh: '提起救济', en: 'Remedy sought', basis: '行政处罚法第73条' })
export class RemedySought {
  @Open() remedyId!: string;
  /** `reconsideration` or `litigation`. */
  @Open() kind!: string;
  @Open() soughtOn!: string;
  @Open() authority!: string;
}

@EventType({ zh: '救济终结', en: 'Remedy ended', basis: '行政处罚法第73条' })
export class RemedyEnded {
  @Open() remedyId!: string;
  @Open() kind!: string;
  /** `upheld`, `changed`, `revoked`, `unlawful`, `void`, `dismissed`, `withdrawn` or `mediated`. */
  @Open() outcome!: string;
  @Open() endedOn!: string;
}

@EventType({ zh: '申请法院强制执行', en: 'Court enforcement applied for', basis: '行政强制法第53条' })
export class CourtEnforcementApplied {
  @Open() court!: string;
  @Open() appliedOn!: string;
  @Open() outstandingYuan!: number;
}

@EventType({ zh: '当场处罚备案', en: 'On-the-spot penalty reported', basis: '行政处罚法第52条' })
export class OnTheSpotReported {
  @Open() formNumber!: string;
  @Open() reportedOn!: string;
}

@EventType({ zh: '当场收缴', en: 'Fine collected on the spot', basis: '行政处罚法第68条' })
export class FineCollectedOnTheSpot {
  @Open() amountYuan!: number;
  @Open() receiptNumber!: string;
  /** `small`, `hard_later` or `remote`. */
  @Open() ground!: string;
  @Internal() reason?: string;
  @Open() collectedOn!: string;
  @Open() officers!: string[];
}

@EventType({ zh: '当场收缴款交付', en: 'Collected fine handed over', basis: '行政处罚法第71条' })
export class CollectedFineHandedOver {
  /** `body`: officers to their body; `bank`: the body to the bank. */
  @Open() handedTo!: string;
  @Open() amountYuan!: number;
  @Open() handedOverOn!: string;
  @Open() voucher!: string;
}

@EventType({ zh: '结案', en: 'Case closed', basis: '市场监督管理行政处罚程序规定第77条' })
export class CaseClosed {
  @Open() ground!: ClosingGround;
  @Internal() summary!: string;
  @Internal() approvedBy!: string;
  @Open() closedOn!: string;
}

@EventType({ zh: '归档', en: 'Case archived', basis: '市场监督管理行政处罚程序规定第78条' })
export class CaseArchived {
  @Open() fileNumber!: string;
  /** The generated table of contents (G02). */
  @Internal() contents!: ContentsEntry[];
  @Open() pages!: number;
  @Open() archivedOn!: string;
  /** How long the file is kept (G03); in years. */
  @Open() retentionYears!: number;
  @Open() retainUntil!: string;
}
