import { EventType, Internal, Open } from '../kernel/event';

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
