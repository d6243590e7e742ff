import { EventType, Internal, Open, Personal } from '../kernel/event';
import type {
  DiscretionLevel,
  EvidenceKind,
  Outcome,
  Penalty,
  RecordingLevel,
  SuspensionGround,
} from './penalty-types';

@EventType({ zh: '先行告知', en: 'Prior notice given', basis: 'C01' })
export class PriorNoticeGiven {
  @Internal() content!: string;
  @Open() officers!: string[];
}

@EventType({ zh: '指导服务', en: 'Guidance given', basis: 'C01' })
export class GuidanceGiven {
  @Internal() content!: string;
  @Open() officers!: string[];
}

@EventType({ zh: '责令改正', en: 'Rectification ordered', basis: '行政处罚法第28条' })
export class RectificationOrdered {
  @Internal() content!: string;
  @Open() rectifyBy!: string;
  @Open() officers!: string[];
}

@EventType({ zh: '整改结果', en: 'Rectification checked', basis: 'C01' })
export class RectificationChecked {
  @Open() rectified!: boolean;
  @Internal() findings!: string;
  @Open() officers!: string[];
}

@EventType({ zh: '不适用前置步骤', en: 'Prior steps skipped', basis: 'C01' })
export class PriorStepsSkipped {
  @Internal() reason!: string;
  @Open() legalBasis!: string;
}

@EventType({ zh: '询问', en: 'Inquiry made', basis: '行政处罚法第55条' })
export class InquiryMade {
  @Open() inquiryId!: string;
  /** `party`, `witness` or `other`. */
  @Open() inquired!: string;
  @Open() officers!: string[];
  @Open() startedAt!: string;
  @Open() endedAt!: string;
  @Internal() place!: string;
  @Internal() summary!: string;
  /** Told of the right to state, to defend and to ask for recusal (市场监管程序规定 21). */
  @Open() rightsTold!: boolean;
  @Open() signed!: boolean;
  @Internal() notSignedReason?: string;
  @Open() recordSha256!: string;
  @Internal() pages!: number;
}

@EventType({ zh: '现场检查', en: 'Inspection made', basis: '行政处罚法第55条' })
export class InspectionMade {
  @Open() inspectionId!: string;
  @Open() officers!: string[];
  @Open() startedAt!: string;
  @Open() endedAt!: string;
  @Internal() place!: string;
  @Internal() findings!: string;
  @Open() partyPresent!: boolean;
  /** In uniform with the sign (A09). */
  @Open() inUniform!: boolean;
  @Open() signed!: boolean;
  @Internal() notSignedReason?: string;
  @Open() recordSha256!: string;
  @Internal() pages!: number;
}

@EventType({ zh: '收集证据', en: 'Evidence collected', basis: '行政处罚法第46条' })
export class EvidenceCollected {
  @Open() evidenceId!: string;
  @Open() kind!: EvidenceKind;
  @Internal() description!: string;
  /** Where and from whom it was taken. */
  @Internal() provenance!: string;
  @Open() collectedBy!: string[];
  @Open() original!: boolean;
  @Internal() copyReason?: string;
  @Open() sha256!: string;
  @Internal() pages!: number;
}

@EventType({ zh: '排除证据', en: 'Evidence excluded', basis: '行政处罚法第46条' })
export class EvidenceExcluded {
  @Open() evidenceId!: string;
  @Internal() reason!: string;
  @Open() legalBasis!: string;
}

@EventType({ zh: '音像记录归档', en: 'Recording attached', basis: 'D02' })
export class RecordingAttached {
  @Open() recordingId!: string;
  /** The step it shows, by its command's name, such as `RecordInspection`. */
  @Open() step!: string;
  /** The inquiry, inspection, preservation or hearing it shows; empty when the step happens once. */
  @Open() item!: string;
  @Open() deviceId!: string;
  @Open() officerId!: string;
  @Open() level!: RecordingLevel;
  @Open() startedAt!: string;
  @Open() endedAt!: string;
  @Open() sha256!: string;
  /** Hours from the end of the recording to its upload. */
  @Open() uploadedAfterHours!: number;
  /** Later than the hours the law allows (内蒙古办法 20). */
  @Open() late!: boolean;
  @Internal() lateReason?: string;
}

/** A step could not be recorded; reported to the head and explained in writing (内蒙古办法 19). */
@EventType({ zh: '未能音像记录说明', en: 'Missing recording explained', basis: 'D02' })
export class MissingRecordingExplained {
  @Open() step!: string;
  @Open() item!: string;
  @Internal() reason!: string;
  @Internal() acceptedBy!: string;
}

@EventType({ zh: '先行登记保存', en: 'Evidence preserved', basis: '行政处罚法第56条' })
export class EvidencePreserved {
  @Open() preservationId!: string;
  @Internal() items!: string[];
  @Internal() reason!: string;
  /** The head who approved beforehand; empty when it was urgent and approval follows (市场监管程序规定 33). */
  @Internal() approvedBy!: string;
  @Open() officers!: string[];
  @Open() listSha256!: string;
  @Internal() pages!: number;
}

@EventType({ zh: '先行登记保存补办批准', en: 'Preservation approved', basis: '市场监督管理行政处罚程序规定第33条' })
export class PreservationApproved {
  @Open() preservationId!: string;
  @Internal() approvedBy!: string;
  /** Hours from the act to the approval; more than 24 is late. */
  @Open() afterHours!: number;
}

@EventType({ zh: '先行登记保存处理', en: 'Preservation disposed of', basis: '市场监督管理行政处罚程序规定第35条' })
export class PreservationDisposed {
  @Open() preservationId!: string;
  /** `copied`, `sent_for_testing`, `seized`, `confiscated` or `released`. */
  @Open() measure!: string;
  @Internal() reason!: string;
  @Internal() approvedBy!: string;
}

@EventType({ zh: '办案期限中止', en: 'Case time suspended', basis: '市场监督管理行政处罚程序规定第64条' })
export class CaseTimeSuspended {
  @Open() ground!: SuspensionGround;
  @Internal() reason!: string;
  @Internal() approvedBy!: string;
  @Open() suspendedOn!: string;
}

@EventType({ zh: '办案期限恢复', en: 'Case time resumed', basis: '市场监督管理行政处罚程序规定第64条' })
export class CaseTimeResumed {
  @Open() ground!: SuspensionGround;
  @Open() resumedOn!: string;
}

@EventType({ zh: '办案期限延长', en: 'Decision time extended', basis: '市场监督管理行政处罚程序规定第64条' })
export class DecisionTimeExtended {
  @Open() days!: number;
  /** True when decided by collective discussion, as the second extension must be. */
  @Open() collective!: boolean;
  @Internal() reason!: string;
  @Internal() approvedBy!: string;
}

@EventType({ zh: '调查终结', en: 'Investigation concluded', basis: '行政处罚法第57条' })
export class InvestigationConcluded {
  @Internal() facts!: string;
  @Open() evidenceIds!: string[];
  @Open() outcome!: Outcome;
  @Internal() penalties!: Penalty[];
  @Open() legalBasis!: string[];
  @Internal() level!: DiscretionLevel;
  /** Facts, nature, circumstances and harm behind the level. */
  @Internal() levelReason!: string;
  @Internal() outsideBandReason?: string;
  /** The benchmark (裁量基准) that was applied, and what its multiples count from, in yuan. */
  @Open() benchmarkId?: string;
  @Internal() benchmarkBaseYuan?: number;
  /** Why a first and minor violation is fined after all (F03). */
  @Internal() firstOffenceReason?: string;
  /** Complex or grave (行政处罚法 57 II): needs legal review and collective discussion. */
  @Open() grave!: boolean;
  @Internal() graveReasons!: string[];
  /** Who investigated and now proposes. */
  @Open() officers!: string[];
  @Internal() pages!: number;
}

@EventType({ zh: '补充调查', en: 'Investigation reopened', basis: '市场监督管理行政处罚程序规定第54条' })
export class InvestigationReopened {
  @Internal() reason!: string;
  @Internal() orderedBy!: string;
}

@EventType({ zh: '终止调查', en: 'Investigation ended', basis: '市场监督管理行政处罚程序规定第47条' })
export class InvestigationEnded {
  /** The party died or ceased to exist without a successor, or the like. */
  @Personal('party') reason!: string;
  @Open() partyId!: string;
  @Internal() approvedBy!: string;
}
