import { EventType, Internal, Open } from '../kernel/event';

/** How an officer is employed; contract and temporary staff may not hold a credential (A05). */
export const EMPLOYMENTS = ['civil_servant', 'public_institution', 'contract', 'temporary'] as const;
export type Employment = (typeof EMPLOYMENTS)[number];

/** 执法证 and 执法监督证 (A04). */
export const CREDENTIAL_KINDS = ['enforcement', 'supervision'] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

export const EXAMINATION_KINDS = ['credential', 'legal_qualification'] as const;
export type ExaminationKind = (typeof EXAMINATION_KINDS)[number];

@EventType({ zh: '执法人员登记', en: 'Officer registered', basis: 'A06' })
export class OfficerRegistered {
  @Open() name!: string;
  @Open() bodyId!: string;
  @Open() post!: string;
  @Open() unit?: string;
  @Internal() employment!: Employment;
}

@EventType({ zh: '执法人员培训', en: 'Officer trained', basis: 'A04、N01' })
export class OfficerTrained {
  @Internal() subject!: string;
  @Internal() hours!: number;
  @Internal() trainedOn!: string;
}

@EventType({ zh: '执法人员考试', en: 'Officer examined', basis: 'A04' })
export class OfficerExamined {
  @Internal() kind!: ExaminationKind;
  @Internal() score!: number;
  @Internal() passed!: boolean;
  @Internal() examinedOn!: string;
}

@EventType({ zh: '执法证件核发', en: 'Credential issued', basis: 'A04、A06' })
export class CredentialIssued {
  @Open() number!: string;
  @Open() kind!: CredentialKind;
  /** 执法类别 */
  @Open() category!: string;
  /** 执法区域 */
  @Open() area!: string;
  @Open() issuedBy!: string;
  @Open() validFrom!: string;
  /** The last day it is valid. */
  @Open() validUntil!: string;
}

@EventType({ zh: '执法证件暂扣', en: 'Credential suspended', basis: 'A04' })
export class CredentialSuspended {
  @Open() number!: string;
  @Open() suspendedOn!: string;
  @Internal() reason!: string;
}

@EventType({ zh: '执法证件恢复', en: 'Credential reinstated', basis: 'A04' })
export class CredentialReinstated {
  @Open() number!: string;
  @Open() reinstatedOn!: string;
  @Internal() reason!: string;
}

@EventType({ zh: '执法证件吊销', en: 'Credential revoked', basis: 'A04、A05' })
export class CredentialRevoked {
  @Open() number!: string;
  @Open() revokedOn!: string;
  @Internal() reason!: string;
}

@EventType({ zh: '年度审核启动', en: 'Annual review opened', basis: 'A07、L05' })
export class AnnualReviewOpened {
  @Internal() year!: number;
  /** The yearly review, or one opened because of repeated faults. */
  @Internal() cause!: 'annual' | 'faults';
  @Internal() openedOn!: string;
  /** Event ids or matter ids of the faults, when they are the cause. */
  @Internal() faults!: string[];
}

@EventType({ zh: '年度审核合格', en: 'Annual review passed', basis: 'A07' })
export class AnnualReviewPassed {
  @Internal() year!: number;
  @Internal() passedOn!: string;
}

@EventType({ zh: '年度审核不合格', en: 'Annual review failed', basis: 'A07' })
export class AnnualReviewFailed {
  @Internal() year!: number;
  @Internal() failedOn!: string;
  @Internal() reason!: string;
}

/** A review opened for repeated faults ends of itself when, one of them lifted, they are not repeated any more. */
@EventType({ zh: '年度审核终止', en: 'Annual review lapsed', basis: 'A07、L05' })
export class AnnualReviewLapsed {
  @Internal() year!: number;
  @Internal() lapsedOn!: string;
  /** The fault that was lifted. */
  @Internal() fault!: string;
}

@EventType({ zh: '离岗学习', en: 'Sent for retraining', basis: 'A07' })
export class SentForRetraining {
  @Internal() from!: string;
}

@EventType({ zh: '调离执法岗位', en: 'Removed from post', basis: 'A07' })
export class RemovedFromPost {
  @Internal() removedOn!: string;
  @Internal() reason!: string;
}

@EventType({ zh: '执法过错登记', en: 'Fault recorded', basis: 'A07、L05' })
export class OfficerFaultRecorded {
  @Internal() faultOn!: string;
  @Internal() description!: string;
  /** The accountability matter that established the fault. */
  @Internal() matterId?: string;
  /** The event the fault lies in. */
  @Internal() sourceEventId?: string;
}

/** A review of the determination found no fault, or revoked it: the fault was none from the beginning. */
@EventType({ zh: '执法过错撤销', en: 'Fault lifted', basis: 'A07、L03、L05' })
export class OfficerFaultLifted {
  /** The accountability matter that had established the fault. */
  @Internal() matterId!: string;
  @Internal() liftedOn!: string;
  @Internal() reason!: string;
}

@EventType({ zh: '停止执法', en: 'Officer stood down', basis: 'L04' })
export class OfficerStoodDown {
  @Internal() from!: string;
  @Internal() reason!: string;
}

@EventType({ zh: '恢复执法', en: 'Officer returned to duty', basis: 'L04、A07' })
export class OfficerReturnedToDuty {
  /** What kept the officer from duty until then. */
  @Internal() after!: 'stand_down' | 'retraining';
  @Internal() from!: string;
  @Internal() reason!: string;
}

@EventType({ zh: '执法人员调动', en: 'Officer reassigned', basis: 'A05' })
export class OfficerReassigned {
  @Open() bodyId!: string;
  @Open() post!: string;
  @Open() unit?: string;
  @Open() from!: string;
  @Internal() reason!: string;
}

@EventType({ zh: '取消执法资格', en: 'Officer disqualified', basis: 'A05' })
export class OfficerDisqualified {
  @Open() disqualifiedOn!: string;
  @Internal() reason!: string;
}

@EventType({ zh: '法律职业资格登记', en: 'Legal qualification granted', basis: 'A08、行政处罚法58' })
export class LegalQualificationGranted {
  @Internal() certificateNumber!: string;
  @Open() grantedOn!: string;
}
