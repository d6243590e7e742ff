import { EventType, Internal, Open, Personal } from '../kernel/event';

// A duty to publish or to withdraw is a clock (`ClockStarted` with the law's parameter as `clock` and the channel as `item`;
// `disclosure.withdrawal` with an empty item), stopped by the act and missed with `ClockMissed`, as everywhere else.
// Dates are LocalDate strings, `YYYY-MM-DD` in China; amounts are yuan.

/** Where a decision is published: 本机关网站, 国家企业信用信息公示系统, 信用网站. */
export const CHANNELS = ['agency_site', 'publicity_system', 'credit_site'] as const;
export type Channel = (typeof CHANNELS)[number];

export const NOTICE_CATEGORIES = ['penalty', 'permit', 'inspection', 'compulsion', 'other'] as const;
export type NoticeCategory = (typeof NOTICE_CATEGORIES)[number];

export const PARTY_KINDS = ['organisation', 'natural_person', 'individual_business'] as const;
export type PartyKind = (typeof PARTY_KINDS)[number];

/**
 * How long a penalty is shown (总局令45号 13): a warning alone is not shown on the publicity system, a notice of criticism or a
 * low fine is shown for the short period, everything else for the standard one, a longer restriction for its own term.
 */
export const PUBLICITY_CLASSES = ['warning_only', 'short', 'standard', 'restriction'] as const;
export type PublicityClass = (typeof PUBLICITY_CLASSES)[number];

/** What the law asks of one channel for one notice: the publicity profile 公示方案. */
export interface ChannelDuty {
  readonly channel: Channel;
  /** False: the law keeps this notice off this channel; `basis` says which article. */
  readonly required: boolean;
  /** The law's parameter of the time to publish; the name of the clock. */
  readonly parameter?: string;
  /** The last lawful day to publish; absent when not required. */
  readonly dueOn?: string;
  readonly days?: number;
  readonly dayKind?: 'working' | 'calendar';
  /** The due date lies past the announced holiday calendar and may still move. */
  readonly provisional?: boolean;
  readonly basis: string;
  /** The day the publicity period is counted from; absent when the channel has no period. */
  readonly periodFrom?: 'publication' | 'decision';
  readonly periodMonths?: number;
  /** The end set by the penalty itself, for a restriction longer than the period. */
  readonly periodUntil?: string;
  readonly periodBasis?: string;
}

/** The text of a notice that people read; a correction replaces some of it. */
export interface NoticeText {
  partyPublicName: string;
  violation: string;
  facts: string;
  basis: string;
  penaltyKinds: string[];
  content: string;
  remarks?: string;
}

@EventType({ zh: '公示信息起草', en: 'Notice drafted', basis: 'I04、行政处罚法48' })
export class NoticeDrafted implements NoticeText {
  /** The stream of the decision this notice is of, such as `case-2026-17`. */
  @Open() source!: string;
  @Open() category!: NoticeCategory;
  @Open() bodyId!: string;
  @Open() documentNumber!: string;
  @Open() decidedOn!: string;
  /** Opaque id of the party; its personal data hang on this key. */
  @Internal() partyId!: string;
  @Open() partyKind!: PartyKind;
  /** Masked already when the party is a natural person. */
  @Open() partyPublicName!: string;
  /** The full name of a natural person, so that no public text may hold it; of others the name is public anyway. */
  @Personal('party') partyName?: string;
  /** The party was under age on the day of the decision; a `NoticeWithheld` stands beside it (内蒙古办法 11(1)). */
  @Internal() partyMinor?: boolean;
  @Open() partyUscc?: string;
  /** Of an organisation; its name is public by registration but stays erasable here. */
  @Personal('party') legalRepresentative?: string;
  /** 违法行为类型, or what the licence or inspection was about */
  @Open() violation!: string;
  @Open() facts!: string;
  @Open() basis!: string;
  /** 处罚类别: ids of the kinds of 行政处罚法 9; empty for what is no penalty */
  @Open() penaltyKinds!: string[];
  @Open() content!: string;
  /** 罚款金额 */
  @Open() fineYuan?: number;
  /** 没收金额 */
  @Open() confiscatedYuan?: number;
  /** 暂扣或吊销证照名称及编号 */
  @Open() licence?: string;
  @Open() remarks?: string;
  /** The last day of a suspension or restriction; 处罚有效期 */
  @Open() effectiveUntil?: string;
  @Open() publicityClass!: PublicityClass;
  @Open() channels!: ChannelDuty[];
}

@EventType({ zh: '公示草稿修改', en: 'Notice draft revised', basis: 'I05' })
export class NoticeDraftRevised implements Partial<NoticeText> {
  @Open() partyPublicName?: string;
  @Open() violation?: string;
  @Open() facts?: string;
  @Open() basis?: string;
  @Open() penaltyKinds?: string[];
  @Open() content?: string;
  @Open() remarks?: string;
}

@EventType({ zh: '公示审核通过', en: 'Notice approved', basis: 'I05、总局令45号16' })
export class NoticeApproved {
  @Open() version!: number;
  @Internal() note?: string;
}

@EventType({ zh: '公示审核退回', en: 'Notice returned', basis: 'I05' })
export class NoticeReturned {
  @Internal() reason!: string;
}

@EventType({ zh: '不予公示', en: 'Notice withheld', basis: 'I08' })
export class NoticeWithheld {
  /** A code of the disclosure rules, such as `minor` or `state_secret`. */
  @Open() reason!: string;
  @Open() basis!: string;
  @Internal() note?: string;
}

@EventType({ zh: '公示发布', en: 'Notice published', basis: 'I04、国办发〔2018〕118号' })
export class NoticePublished {
  @Open() channel!: Channel;
  @Open() version!: number;
  @Open() publishedOn!: string;
  @Open() url?: string;
  /** The last day it is shown; absent when the channel has no period. */
  @Open() publicUntil?: string;
}

/** Stands beside the `NoticePublished` of the same append. */
@EventType({ zh: '逾期公示', en: 'Notice published late', basis: 'I04、L01④' })
export class NoticePublishedLate {
  @Open() channel!: Channel;
  @Open() dueOn!: string;
  @Open() publishedOn!: string;
  /** Days of the kind the period is counted in, after the due date. */
  @Open() daysLate!: number;
  @Open() dayKind!: 'working' | 'calendar';
  @Open() basis!: string;
}

/**
 * Why a notice is corrected: it was not accurate (总局令45号 12), or it showed personal data that has to be hidden (内蒙古办法
 * 10), after which no earlier wording is shown any more.
 */
export const CORRECTION_KINDS = ['inaccurate', 'personal_data'] as const;
export type CorrectionKind = (typeof CORRECTION_KINDS)[number];

/** A new version; the one before stays readable as superseded 已更正, unless it showed personal data. */
@EventType({ zh: '公示更正', en: 'Notice corrected', basis: 'I05、总局令45号12' })
export class NoticeCorrected implements Partial<NoticeText> {
  @Open() version!: number;
  /** `inaccurate` when absent. */
  @Open() reasonKind?: CorrectionKind;
  @Open() reason!: string;
  @Open() correctedOn!: string;
  @Open() partyPublicName?: string;
  @Open() violation?: string;
  @Open() facts?: string;
  @Open() basis?: string;
  @Open() penaltyKinds?: string[];
  @Open() content?: string;
  @Open() remarks?: string;
}

/** Why a published decision has to come down (行政处罚法 48(2)). */
export const WITHDRAWAL_CAUSES = ['changed', 'revoked', 'unlawful', 'void'] as const;
export type WithdrawalCause = (typeof WITHDRAWAL_CAUSES)[number];

/** A `ClockStarted` of `disclosure.withdrawal` stands in the same append. */
@EventType({ zh: '应当撤回公示', en: 'Notice withdrawal required', basis: '行政处罚法48(2)' })
export class NoticeWithdrawalRequired {
  @Open() cause!: WithdrawalCause;
  /** The day the decision was changed, revoked or found unlawful or void. */
  @Open() since!: string;
  @Open() dueOn!: string;
  @Open() basis!: string;
}

@EventType({ zh: '公示撤回', en: 'Notice withdrawn', basis: '行政处罚法48(2)、总局令45号11' })
export class NoticeWithdrawn {
  @Open() withdrawnOn!: string;
  @Open() cause!: WithdrawalCause | 'never_publishable' | 'early_stop';
  /** Of an early stop: the conditions of 总局令45号 14 that were found to be met (`src/law/early-stop.ts`). */
  @Open() conditions?: string[];
  /** Published in the notice's place. */
  @Open() reason!: string;
}

@EventType({ zh: '公示期满', en: 'Publicity period ended', basis: 'I04、总局令45号13' })
export class NoticeExpired {
  @Open() channel!: Channel;
  /** The first day it is no longer shown. */
  @Open() expiredOn!: string;
}
