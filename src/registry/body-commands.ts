import { IsBoolean, IsEmail, IsUrl, MaxLength } from 'class-validator';
import { Act, Day, Id, OneOf, Optional, Part, Parts, Text, Texts } from '../kernel/fields';
import { BODY_KINDS, type BodyKind, type Leader } from './registry-events';

/** 委托书: what an entrusted organisation may do, for whom and until when. */
export class EntrustmentTerms {
  @Text(200) document!: string;
  @Id() entrustingBodyId!: string;
  @Text(1000) scope!: string;
  @Day() from!: string;
  /** The last day of the entrustment. */
  @Day() until!: string;
}

export class RegisterBody extends Act {
  @Text(200) name!: string;
  @Optional() @Text(60) shortName?: string;
  @OneOf(BODY_KINDS) kind!: BodyKind;
  @Text(100) region!: string;
  @Text(18) uscc!: string;
  @Text(100) legalRepresentative!: string;
  @Texts(30, 200) legalBasis!: string[];
  @Text(300) officeAddress!: string;
  @Text(40) supervisionPhone!: string;
  @IsEmail() @MaxLength(200) supervisionEmail!: string;
  @Optional() @Part(() => EntrustmentTerms) entrustment?: EntrustmentTerms;
}

export class ChangeBodyDetails extends Act {
  @Optional() @Text(200) name?: string;
  @Optional() @Text(60) shortName?: string;
  @Optional() @Text(100) legalRepresentative?: string;
  @Optional() @Text(300) officeAddress?: string;
  @Optional() @Text(40) supervisionPhone?: string;
  @Optional() @IsEmail() @MaxLength(200) supervisionEmail?: string;
}

export class ReviewBody extends Act {
  @IsBoolean() qualified!: boolean;
  @Optional() @Text(1000) note?: string;
}

export class FileBodyForRecord extends Act {
  /** The body it is filed with: the 司法行政部门 of the same level. */
  @Text(200) filedWith!: string;
  @Text(100) reference!: string;
}

export class AnnounceBody extends Act {
  @Text(200) medium!: string;
  @Optional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  @MaxLength(500)
  url?: string;
}

export class RemoveBody extends Act {
  @Text(1000) reason!: string;
}

export class IssueBodyCertificate extends Act {
  @Text(60) number!: string;
  @Text(200) issuedBy!: string;
}

export class SuspendBodyCertificate extends Act {
  @Text(1000) reason!: string;
}

export class ReinstateBodyCertificate extends Act {
  @Text(1000) reason!: string;
}

export class RevokeBodyCertificate extends Act {
  @Text(1000) reason!: string;
}

export class LeaderPost {
  @OneOf(['first', 'deputy', 'unit_head']) role!: Leader['role'];
  @Id() officerId!: string;
  @Optional() @Text(100) unit?: string;
}

export class SetLeaders extends Act {
  @Parts(() => LeaderPost, 1, 100) leaders!: LeaderPost[];
}
