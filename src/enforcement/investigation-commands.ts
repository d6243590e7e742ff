import { IsBoolean } from 'class-validator';
import { Day, Id, OneOf, Optional, Parts, Text, Texts, Whole } from '../kernel/fields';
import { CaseAct, Ids, Moment, Pages, PenaltyItem, Sha256, Yuan } from './case-fields';
import {
  discretionLevels,
  evidenceKinds,
  outcomes,
  recordingLevels,
  suspensionGrounds,
  type DiscretionLevel,
  type EvidenceKind,
  type Outcome,
  type RecordingLevel,
  type SuspensionGround,
} from './penalty-types';

/** A step done by officers on the spot. */
abstract class OnSite extends CaseAct {
  @Ids(20) officers!: string[];
}

export class GivePriorNotice extends OnSite {
  @Text(2000) content!: string;
}

export class GiveGuidance extends OnSite {
  @Text(2000) content!: string;
}

export class OrderRectification extends OnSite {
  @Text(2000) content!: string;
  @Day() rectifyBy!: string;
}

export class CheckRectification extends OnSite {
  @IsBoolean() rectified!: boolean;
  @Text(2000) findings!: string;
}

export class SkipPriorSteps extends CaseAct {
  @Text(1000) reason!: string;
  @Text(200) legalBasis!: string;
}

export class RecordInquiry extends OnSite {
  @Id() inquiryId!: string;
  @OneOf(['party', 'witness', 'other']) inquired!: string;
  @Moment() startedAt!: string;
  @Moment() endedAt!: string;
  @Text(300) place!: string;
  @Text(8000) summary!: string;
  @IsBoolean() rightsTold!: boolean;
  @IsBoolean() signed!: boolean;
  @Optional() @Text(500) notSignedReason?: string;
  @Sha256() recordSha256!: string;
  @Pages() pages!: number;
}

export class RecordInspection extends OnSite {
  @Id() inspectionId!: string;
  @Moment() startedAt!: string;
  @Moment() endedAt!: string;
  @Text(300) place!: string;
  @Text(8000) findings!: string;
  @IsBoolean() partyPresent!: boolean;
  @IsBoolean() inUniform!: boolean;
  @IsBoolean() signed!: boolean;
  @Optional() @Text(500) notSignedReason?: string;
  @Sha256() recordSha256!: string;
  @Pages() pages!: number;
}

export class CollectEvidence extends CaseAct {
  @Id() evidenceId!: string;
  @OneOf(evidenceKinds) kind!: EvidenceKind;
  @Text(2000) description!: string;
  @Text(1000) provenance!: string;
  @Ids(20) collectedBy!: string[];
  @IsBoolean() original!: boolean;
  @Optional() @Text(500) copyReason?: string;
  @Sha256() sha256!: string;
  @Pages() pages!: number;
}

export class ExcludeEvidence extends CaseAct {
  @Id() evidenceId!: string;
  @Text(2000) reason!: string;
  @Text(200) legalBasis!: string;
}

export class AttachRecording extends CaseAct {
  @Id() recordingId!: string;
  @Text(60) step!: string;
  @Optional() @Id() item?: string;
  @Id() deviceId!: string;
  @Id() officerId!: string;
  @OneOf(recordingLevels) level!: RecordingLevel;
  @Moment() startedAt!: string;
  @Moment() endedAt!: string;
  @Sha256() sha256!: string;
  @Optional() @Text(500) lateReason?: string;
}

export class ExplainMissingRecording extends CaseAct {
  @Text(60) step!: string;
  @Optional() @Id() item?: string;
  @Text(1000) reason!: string;
}

export class PreserveEvidence extends OnSite {
  @Id() preservationId!: string;
  @Texts(200, 300) items!: string[];
  @Text(1000) reason!: string;
  @Sha256() listSha256!: string;
  @Pages() pages!: number;
}

export class ApprovePreservation extends CaseAct {
  @Id() preservationId!: string;
}

/** What may become of preserved evidence (市场监管程序规定 35). */
export const preservationMeasures = ['copied', 'sent_for_testing', 'seized', 'confiscated', 'released'] as const;

export class DisposePreservation extends CaseAct {
  @Id() preservationId!: string;
  @OneOf(preservationMeasures) measure!: string;
  @Text(1000) reason!: string;
}

/** A hearing suspends the time by itself, from the request to the end of the hearing. */
export class SuspendClock extends CaseAct {
  @OneOf(suspensionGrounds.filter((ground) => ground !== 'hearing')) ground!: SuspensionGround;
  @Text(1000) reason!: string;
}

export class ResumeClock extends CaseAct {
  @OneOf(suspensionGrounds.filter((ground) => ground !== 'hearing')) ground!: SuspensionGround;
}

export class ExtendDecisionTime extends CaseAct {
  @Text(1000) reason!: string;
  /** How long, where a collective discussion decided it; the first extension is as long as the law says. */
  @Optional() @Whole(1, 365) days?: number;
}

export class ConcludeInvestigation extends CaseAct {
  @Text(8000) facts!: string;
  @Ids(500) evidenceIds!: string[];
  @OneOf(outcomes) outcome!: Outcome;
  @Optional() @Parts(() => PenaltyItem, 1, 20) penalties?: PenaltyItem[];
  @Texts(30, 200) legalBasis!: string[];
  @OneOf(discretionLevels) level!: DiscretionLevel;
  @Text(4000) levelReason!: string;
  @Optional() @Id() benchmarkId?: string;
  @Optional() @Yuan() benchmarkBaseYuan?: number;
  @Optional() @Text(2000) outsideBandReason?: string;
  @Optional() @Text(2000) firstOffenceReason?: string;
  /** Why it is complex or grave, where the kind and amount of the penalty do not make it so (行政处罚法 57, 58). */
  @Optional() @Texts(10, 300) graveReasons?: string[];
  @Pages() pages!: number;
}

export class EndInvestigation extends CaseAct {
  @Text(2000) reason!: string;
}

export class ReopenInvestigation extends CaseAct {
  @Text(2000) reason!: string;
}
