import { EventType, Internal, Open } from '../kernel/event';
import type { DiscretionLevel, Outcome, PartyKind, Penalty, ServiceMethod } from './penalty-types';

/** The decision, of both procedures and all four outcomes; carries what a public notice needs. */
@EventType({ zh: '行政处罚决定', en: 'Penalty decided', basis: '行政处罚法第57条' })
export class PenaltyDecided {
  /** `ordinary-penalty` or `simple-penalty`. */
  @Open() procedure!: string;
  @Open() documentNumber!: string;
  @Open() outcome!: Outcome;
  @Open() decidedOn!: string;
  @Open() bodyId!: string;
  @Open() powerCode!: string;
  @Open() partyId!: string;
  @Open() partyKind!: PartyKind;
  @Open() partyPublicName!: string;
  @Open() partyPublicIdentifier?: string;
  /** 违法行为类型. */
  @Open() violation!: string;
  /** 违法事实 as published: no names, numbers or addresses of natural persons. */
  @Open() publicFacts!: string;
  @Internal() evidence!: string;
  @Open() legalBasis!: string[];
  @Open() penalties!: Penalty[];
  /** Sums in yuan, for lists; 0 when there is none. */
  @Open() fineYuan!: number;
  @Open() confiscatedYuan!: number;
  @Open() level?: DiscretionLevel;
  @Open() withinBand!: boolean;
  @Internal() outsideBandReason?: string;
  /** Why this level and amount (F04). */
  @Internal() discretionReason!: string;
  /** The answer to the main points of the defence (F04). */
  @Internal() defenceAnswer!: string;
  @Open() grave!: boolean;
  @Open() remedies!: string;
  @Open() performance!: string;
  @Open() officers!: string[];
  @Open() reviewerId?: string;
  /** Account or officer of the head who decided. */
  @Open() decidedBy!: string;
  /** Days of the decision time that were used, lawful suspensions left out. */
  @Open() daysUsed?: number;
  @Internal() pages!: number;
}

@EventType({ zh: '案件移送', en: 'Case transferred', basis: '行政处罚法第57条' })
export class CaseTransferred {
  @Open() transferredTo!: string;
  @Open() transferredOn!: string;
  @Internal() reason!: string;
  @Internal() approvedBy!: string;
}

@EventType({ zh: '送达', en: 'Decision served', basis: '行政处罚法第61条' })
export class DecisionServed {
  @Open() documentNumber!: string;
  @Open() method!: ServiceMethod;
  /** The day it counts as served; of a service by announcement it lies ahead of the act (市场监管程序规定 82). */
  @Open() servedOn!: string;
  @Open() officers!: string[];
  /** The party told in writing that and where the decision is published (总局令45号 8). */
  @Open() toldOfPublication!: boolean;
  /** Signature refused and noted on the document. */
  @Open() signatureRefused!: boolean;
  /** Confirmation that the party signed for electronic service. */
  @Open() consentSha256?: string;
  @Open() receiptSha256!: string;
  @Internal() pages!: number;
}

@EventType({ zh: '决定书更正', en: 'Decision corrected', basis: '行政处罚法第75条' })
export class DecisionCorrected {
  @Open() documentNumber!: string;
  /** The field of the decision that had the slip. */
  @Open() field!: string;
  @Open() wrong!: string;
  @Open() right!: string;
  @Internal() reason!: string;
  @Internal() approvedBy!: string;
}

@EventType({ zh: '决定变更', en: 'Decision amended', basis: '行政处罚法第75条' })
export class DecisionAmended {
  /** Of the decision that is changed. */
  @Open() documentNumber!: string;
  @Open() amendingDocument!: string;
  /** `own_correction`, `reconsideration`, `court` or `supervision`. */
  @Open() authority!: string;
  @Open() amendedOn!: string;
  @Open() publicReason!: string;
  @Open() penalties!: Penalty[];
  @Open() fineYuan!: number;
  @Open() confiscatedYuan!: number;
  @Internal() approvedBy!: string;
}

@EventType({ zh: '决定撤销', en: 'Decision revoked', basis: '行政处罚法第75条' })
export class DecisionRevoked {
  @Open() documentNumber!: string;
  @Open() revokingDocument!: string;
  /** `own_correction`, `reconsideration`, `court` or `supervision`. */
  @Open() authority!: string;
  /** `revoked`, `unlawful` or `void`: 撤销、确认违法、确认无效 (行政处罚法 48 II). */
  @Open() effect!: string;
  @Open() revokedOn!: string;
  @Open() publicReason!: string;
  @Internal() approvedBy!: string;
}
