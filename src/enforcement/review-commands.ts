import { IsBoolean } from 'class-validator';
import { Day, Id, OneOf, Optional, Parts, Text, Texts, Whole } from '../kernel/fields';
import { CaseAct, Ids, Pages, PenaltyItem, Sha256 } from './case-fields';
import {
  reviewItems,
  serviceMethods,
  type PointAnswer,
  type ReviewItem,
  type ReviewMark,
  type ServiceMethod,
} from './penalty-types';

export class SubmitForReview extends CaseAct {
  @Texts(200, 200) documents!: string[];
}

export class ReviewItemMark implements ReviewMark {
  @OneOf(reviewItems) item!: ReviewItem;
  @IsBoolean() passed!: boolean;
  @Text(1000) reason!: string;
}

export class IssueReviewOpinion extends CaseAct {
  @Parts(() => ReviewItemMark, 1, 10) items!: ReviewItemMark[];
  @Text(4000) advice!: string;
  @Pages() pages!: number;
}

export class EscalateDisagreement extends CaseAct {
  @Text(2000) reason!: string;
  @Text(200) escalatedTo!: string;
}

export class SettleDisagreement extends CaseAct {
  @OneOf(['review_again', 'follow_review']) settlement!: string;
  @Text(2000) reason!: string;
}

export class ServeRightsNotice extends CaseAct {
  @Text(8000) facts!: string;
  @Text(4000) reasons!: string;
  @Texts(30, 200) legalBasis!: string[];
  @Parts(() => PenaltyItem, 1, 20) penalties!: PenaltyItem[];
  @IsBoolean() hearingOffered!: boolean;
  @OneOf(serviceMethods) method!: ServiceMethod;
  @Ids(20) officers!: string[];
  @Sha256() receiptSha256!: string;
  /** The new evidence that a second, heavier notice rests on. */
  @Optional() @Ids(500) newEvidenceIds?: string[];
  @Pages() pages!: number;
}

export class RecordStatement extends CaseAct {
  @Id() statementId!: string;
  @OneOf(['written', 'oral']) form!: string;
  @Texts(50, 4000) points!: string[];
  @Sha256() recordSha256!: string;
  @Pages() pages!: number;
}

export class PointAnswerItem implements PointAnswer {
  @Whole(1, 50) point!: number;
  @IsBoolean() accepted!: boolean;
  @Text(4000) reason!: string;
}

export class AnswerStatement extends CaseAct {
  @Id() statementId!: string;
  @Parts(() => PointAnswerItem, 1, 50) answers!: PointAnswerItem[];
  /** What was checked (复核) and how. */
  @Text(4000) verification!: string;
}

export class WaiveStatement extends CaseAct {
  @IsBoolean() hearingToo!: boolean;
  @Sha256() recordSha256!: string;
  @Pages() pages!: number;
}

export class RequestHearing extends CaseAct {
  @OneOf(['written', 'oral', 'on_receipt']) form!: string;
  /** The body grants a hearing that the law does not require. */
  @IsBoolean() granted!: boolean;
}

export class NoticeHearing extends CaseAct {
  @Day() hearingOn!: string;
  @Text(300) place!: string;
  @Id() hostId!: string;
  @Id() recorderId!: string;
  @IsBoolean() public!: boolean;
  @Optional() @Text(500) closedReason?: string;
  @Sha256() receiptSha256!: string;
  @Pages() pages!: number;
}

export class HoldHearing extends CaseAct {
  @Id() hostId!: string;
  @Ids(20) investigators!: string[];
  /** The party may send one or two (行政处罚法 64). */
  @Whole(0, 2) representatives!: number;
  @IsBoolean() signed!: boolean;
  @Optional() @Text(500) notSignedReason?: string;
  @Text(8000) summary!: string;
  @Text(8000) report!: string;
  @Sha256() recordSha256!: string;
  @Pages() pages!: number;
}

export class WithdrawHearing extends CaseAct {
  @OneOf(['withdrawn', 'absent', 'left']) ground!: string;
  @Text(1000) reason!: string;
}

export class HoldCollectiveDiscussion extends CaseAct {
  @OneOf(['decision', 'extension']) matter!: string;
  @Ids(30) members!: string[];
  @Text(8000) opinions!: string;
  @Text(4000) conclusion!: string;
  @IsBoolean() agreed!: boolean;
  @Sha256() recordSha256!: string;
  @Pages() pages!: number;
}
