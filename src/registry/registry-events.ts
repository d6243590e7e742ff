import { EventType, Internal, Open } from '../kernel/event';

// Dates are LocalDate strings, `YYYY-MM-DD` in China. Everything here is public by law (A02, A06, B03, F02) unless marked internal.

/** The four kinds of enforcement body 执法主体 (A01). */
export const BODY_KINDS = ['statutory', 'authorised', 'entrusted', 'centralised'] as const;
export type BodyKind = (typeof BODY_KINDS)[number];

/** The written entrustment 委托书 that an entrusted organisation acts under (行政处罚法 20). */
export interface Entrustment {
  readonly document: string;
  readonly entrustingBodyId: string;
  readonly scope: string;
  readonly from: string;
  readonly until: string;
}

/** One link of the responsibility chain 责任链 (L06): first responsible 第一责任人, deputy in charge 分管领导, head of a unit 科室负责人. */
export interface Leader {
  readonly role: 'first' | 'deputy' | 'unit_head';
  readonly officerId: string;
  /** The unit the deputy or unit head answers for; absent for the first responsible person. */
  readonly unit?: string;
}

@EventType({ zh: '执法主体登记', en: 'Enforcement body registered', basis: 'A01、A02' })
export class BodyRegistered {
  @Open() name!: string;
  @Open() shortName?: string;
  @Open() kind!: BodyKind;
  @Open() region!: string;
  @Open() uscc!: string;
  @Open() legalRepresentative!: string;
  @Open() legalBasis!: string[];
  @Open() officeAddress!: string;
  @Open() supervisionPhone!: string;
  @Open() supervisionEmail!: string;
  @Open() entrustment?: Entrustment;
}

@EventType({ zh: '执法主体公示信息变更', en: 'Published details of a body changed', basis: 'A02、I02' })
export class BodyDetailsChanged {
  @Open() name?: string;
  @Open() shortName?: string;
  @Open() legalRepresentative?: string;
  @Open() officeAddress?: string;
  @Open() supervisionPhone?: string;
  @Open() supervisionEmail?: string;
  @Open() changedOn!: string;
}

@EventType({ zh: '执法主体资格审核', en: 'Body reviewed', basis: 'A01' })
export class BodyReviewed {
  @Open() qualified!: boolean;
  @Open() reviewedOn!: string;
  @Internal() note?: string;
}

@EventType({ zh: '执法主体备案', en: 'Body filed for record', basis: 'A01' })
export class BodyFiledForRecord {
  @Open() filedWith!: string;
  @Open() filedOn!: string;
  @Open() reference!: string;
}

@EventType({ zh: '执法主体公告', en: 'Body announced', basis: 'A02' })
export class BodyAnnounced {
  @Open() announcedOn!: string;
  @Open() medium!: string;
  @Open() url?: string;
}

@EventType({ zh: '执法主体清理', en: 'Body removed', basis: 'A01、A02' })
export class BodyRemoved {
  @Open() removedOn!: string;
  @Open() reason!: string;
}

@EventType({ zh: '主体资格证核发', en: 'Body certificate issued', basis: 'A03' })
export class BodyCertificateIssued {
  @Open() number!: string;
  @Open() issuedBy!: string;
  @Open() issuedOn!: string;
}

@EventType({ zh: '主体资格证暂扣', en: 'Body certificate suspended', basis: 'A03' })
export class BodyCertificateSuspended {
  @Open() suspendedOn!: string;
  @Open() reason!: string;
}

@EventType({ zh: '主体资格证恢复', en: 'Body certificate reinstated', basis: 'A03' })
export class BodyCertificateReinstated {
  @Open() reinstatedOn!: string;
  @Open() reason!: string;
}

@EventType({ zh: '主体资格证吊销', en: 'Body certificate revoked', basis: 'A03' })
export class BodyCertificateRevoked {
  @Open() revokedOn!: string;
  @Open() reason!: string;
}

/** The whole chain at once; it replaces the one before from that day on. */
@EventType({ zh: '责任链设定', en: 'Responsibility chain set', basis: 'L06' })
export class LeadersSet {
  @Open() leaders!: Leader[];
  @Open() from!: string;
}

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
  @Open() suspendedOn!: string;
  @Internal() reason!: string;
}

@EventType({ zh: '执法证件恢复', en: 'Credential reinstated', basis: 'A04' })
export class CredentialReinstated {
  @Open() reinstatedOn!: string;
  @Internal() reason!: string;
}

@EventType({ zh: '执法证件吊销', en: 'Credential revoked', basis: 'A04、A05' })
export class CredentialRevoked {
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

@EventType({ zh: '停止执法', en: 'Officer stood down', basis: 'L04' })
export class OfficerStoodDown {
  @Internal() from!: string;
  @Internal() reason!: string;
}

@EventType({ zh: '恢复执法', en: 'Officer returned to duty', basis: 'L04、A07' })
export class OfficerReturnedToDuty {
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

/** Classes of power 权力类别 (B01, B03). `non_licence_approval` 非行政许可审批 was abolished in 2015 and stays for history only. */
export const POWER_CLASSES = [
  'licence',
  'penalty',
  'compulsion',
  'levy',
  'inspection',
  'confirmation',
  'reward',
  'adjudication',
  'payment',
  'charge',
  'other',
  'non_licence_approval',
] as const;
export type PowerClass = (typeof POWER_CLASSES)[number];

/** One article that a power rests on; the instrument is an id or short name of the legal-basis dictionary. */
export interface ArticleReference {
  readonly instrument: string;
  /** 第几条第几款第几项, as cited */
  readonly article: string;
}

@EventType({ zh: '职权事项入目录', en: 'Power listed', basis: 'B03、B10' })
export class PowerListed {
  @Open() code!: string;
  @Open() name!: string;
  @Open() powerClass!: PowerClass;
  @Open() legalBasis!: ArticleReference[];
  @Open() bodyId!: string;
  /** 承办科室 */
  @Open() office!: string;
  /** 公开形式 */
  @Open() disclosureForm!: string;
  /** 公开范围 */
  @Open() disclosureScope!: string;
  /** 公开时间 */
  @Open() disclosureTime!: string;
  /** 收费及标准; absent means none */
  @Open() fee?: string;
  /** 法定时限, in days as the law counts them */
  @Open() statutoryDays?: number;
  /** 承诺时限 */
  @Open() promisedDays?: number;
  @Open() validFrom!: string;
}

/** A new version from a day on (B09). Only the named fields change. */
@EventType({ zh: '职权事项变更', en: 'Power amended', basis: 'B07、B09' })
export class PowerAmended {
  @Open() version!: number;
  @Open() reason!: string;
  @Open() name?: string;
  @Open() legalBasis?: ArticleReference[];
  @Open() office?: string;
  @Open() disclosureForm?: string;
  @Open() disclosureScope?: string;
  @Open() disclosureTime?: string;
  @Open() fee?: string;
  @Open() statutoryDays?: number;
  @Open() promisedDays?: number;
  @Open() validFrom!: string;
}

@EventType({ zh: '职权事项转移', en: 'Power transferred', basis: 'B09' })
export class PowerTransferred {
  @Open() bodyId!: string;
  @Open() office!: string;
  @Open() reason!: string;
  @Open() validFrom!: string;
}

@EventType({ zh: '职权事项取消', en: 'Power cancelled', basis: 'B09' })
export class PowerCancelled {
  @Open() reason!: string;
  /** The first day it is no longer in force. */
  @Open() cancelledOn!: string;
}

@EventType({ zh: '流程图修订', en: 'Flowchart revised', basis: 'B05、B07' })
export class FlowchartRevised {
  @Open() powerVersion!: number;
  @Open() revisedOn!: string;
}

/** 裁量四层次 (F01). */
export const LEVELS = ['slight', 'ordinary', 'serious', 'grave'] as const;
export type BenchmarkLevel = (typeof LEVELS)[number];

/** One level of a benchmark: what makes an act fall in it, and between what and what the fine lies. */
export interface BenchmarkBand {
  readonly level: BenchmarkLevel;
  readonly conditions: string;
  readonly min: number;
  readonly max: number;
}

@EventType({ zh: '裁量基准公布', en: 'Discretion benchmark published', basis: 'F01、F02、行政处罚法34' })
export class BenchmarkPublished {
  @Open() version!: number;
  @Open() powerCode!: string;
  @Open() bodyId!: string;
  @Open() violation!: string;
  @Open() legalBasis!: ArticleReference[];
  @Open() penaltyKinds!: string[];
  /** What `min` and `max` count: yuan, or multiples of the base named by the law (违法所得、货值). */
  @Open() unit!: 'yuan' | 'multiple';
  @Open() bands!: BenchmarkBand[];
  @Open() validFrom!: string;
}

@EventType({ zh: '裁量基准备案', en: 'Benchmark filed for record', basis: 'F01' })
export class BenchmarkFiled {
  @Open() version!: number;
  @Open() filedWith!: string;
  @Open() filedOn!: string;
  @Open() reference!: string;
}

/** The next version; the one before stays for acts decided until the day before. */
@EventType({ zh: '裁量基准修订', en: 'Benchmark replaced', basis: 'F01、B09' })
export class BenchmarkReplaced {
  @Open() version!: number;
  @Open() reason!: string;
  @Open() violation!: string;
  @Open() legalBasis!: ArticleReference[];
  @Open() penaltyKinds!: string[];
  @Open() unit!: 'yuan' | 'multiple';
  @Open() bands!: BenchmarkBand[];
  @Open() validFrom!: string;
}
