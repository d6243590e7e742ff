import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsUrl, MaxLength } from 'class-validator';
import { Act, Day, Decimal, Id, OneOf, Optional, Part, Parts, Text } from '../kernel/fields';
import { earlyStopConditions, type EarlyStopCode } from '../law/early-stop';
import { penaltyKindIds } from '../law/penalty-kinds';
import { withholdingGrounds, type WithholdingCode } from './disclosure-rules';
import {
  CHANNELS,
  CORRECTION_KINDS,
  NOTICE_CATEGORIES,
  PARTY_KINDS,
  WITHDRAWAL_CAUSES,
  type Channel,
  type CorrectionKind,
  type NoticeCategory,
  type PartyKind,
  type WithdrawalCause,
} from './notice-events';

/** One penalty of the decision. */
export class PublishedPenalty {
  @OneOf(penaltyKindIds) kind!: string;
  /** A fine, or the value of what is confiscated, in yuan. */
  @Optional() @Decimal(0, 1e12, 2) amountYuan?: number;
}

export class DraftNotice extends Act {
  /** The stream of the decision, such as `case-2026-17`. */
  @Id() source!: string;
  @OneOf(NOTICE_CATEGORIES) category!: NoticeCategory;
  @Id() bodyId!: string;
  @Text(128) documentNumber!: string;
  @Day() decidedOn!: string;
  @Id() partyId!: string;
  @OneOf(PARTY_KINDS) partyKind!: PartyKind;
  @Text(200) partyPublicName!: string;
  /** The full name of a natural person; never shown, and refused in every public text. */
  @Optional() @Text(200) partyName?: string;
  /** The party was under age on the day of the decision, which is then not published (内蒙古办法 11(1)). */
  @Optional() @IsBoolean() partyMinor?: boolean;
  @Optional() @Text(18) partyUscc?: string;
  @Optional() @Text(50) legalRepresentative?: string;
  @Text(2000) violation!: string;
  @Text(5000) facts!: string;
  @Text(2048) basis!: string;
  /** Empty for what is no penalty. */
  @Parts(() => PublishedPenalty, 0, 14) penalties!: PublishedPenalty[];
  @Text(4000) content!: string;
  @Optional() @Text(200) licence?: string;
  @Optional() @Text(512) remarks?: string;
  /** The last day of a suspension or restriction. */
  @Optional() @Day() effectiveUntil?: string;
  @Optional() @IsBoolean() simpleProcedure?: boolean;
  /** The party is registered in another province. */
  @Optional() @IsBoolean() partyElsewhere?: boolean;
}

/** What a person may word differently; the decision itself is changed in its own record. */
export class NoticeWording {
  @Optional() @Text(200) partyPublicName?: string;
  @Optional() @Text(2000) violation?: string;
  @Optional() @Text(5000) facts?: string;
  @Optional() @Text(2048) basis?: string;
  @Optional() @Text(4000) content?: string;
  @Optional() @Text(512) remarks?: string;
}

export class ReviseDraft extends Act {
  @Part(() => NoticeWording) wording!: NoticeWording;
}

export class ReviewNotice extends Act {
  @OneOf(['approve', 'return']) outcome!: 'approve' | 'return';
  /** Needed to return it. */
  @Optional() @Text(1000) reason?: string;
}

export class WithholdNotice extends Act {
  @OneOf(withholdingGrounds.map((g) => g.code)) ground!: WithholdingCode;
  @Optional() @Text(1000) note?: string;
}

export class PublishNotice extends Act {
  @OneOf(CHANNELS) channel!: Channel;
  /** The day it was published elsewhere, when it is not the day of the act. The own site is this one: today. */
  @Optional() @Day() publishedOn?: string;
  @Optional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  @MaxLength(500)
  url?: string;
}

export class CorrectNotice extends Act {
  /** `personal_data` hides every earlier wording as well; `inaccurate`, when left out. */
  @Optional() @OneOf(CORRECTION_KINDS) reasonKind?: CorrectionKind;
  @Text(1000) reason!: string;
  @Part(() => NoticeWording) wording!: NoticeWording;
}

export class RequireWithdrawal extends Act {
  @OneOf(WITHDRAWAL_CAUSES) cause!: WithdrawalCause;
  /** The day the decision was changed, revoked or found unlawful or void. */
  @Day() since!: string;
}

export class WithdrawNotice extends Act {
  @OneOf([...WITHDRAWAL_CAUSES, 'never_publishable', 'early_stop']) cause!:
    WithdrawalCause | 'never_publishable' | 'early_stop';
  /** Of an early stop: the conditions of 总局令45号 14 that were found to be met. */
  @Optional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(earlyStopConditions.length)
  @IsIn(earlyStopConditions.map(({ code }) => code), { each: true })
  conditions?: EarlyStopCode[];
  /** Of an early stop: food, drugs, special equipment or another field in which a notice is shown longer. */
  @Optional() @IsBoolean() graveField?: boolean;
  /** Published in the notice's place. */
  @Text(1000) reason!: string;
}

export class ExpireNotice {
  @OneOf(CHANNELS) channel!: Channel;
}
