import { IsBoolean } from 'class-validator';
import { Act, Day, Decimal, Id, OneOf, Optional, Text, Whole } from '../kernel/fields';
import {
  CREDENTIAL_KINDS,
  EMPLOYMENTS,
  EXAMINATION_KINDS,
  type CredentialKind,
  type Employment,
  type ExaminationKind,
} from './registry-events';

export class RegisterOfficer extends Act {
  @Text(50) name!: string;
  @Id() bodyId!: string;
  @Text(60) post!: string;
  @Optional() @Text(100) unit?: string;
  @OneOf(EMPLOYMENTS) employment!: Employment;
}

export class RecordTraining extends Act {
  @Text(200) subject!: string;
  @Decimal(0.5, 1000, 1) hours!: number;
}

export class RecordExamination extends Act {
  @OneOf(EXAMINATION_KINDS) kind!: ExaminationKind;
  @Decimal(0, 1000, 1) score!: number;
  @IsBoolean() passed!: boolean;
}

export class IssueCredential extends Act {
  @Text(40) number!: string;
  @OneOf(CREDENTIAL_KINDS) kind!: CredentialKind;
  @Text(100) category!: string;
  @Text(100) area!: string;
  @Text(200) issuedBy!: string;
  @Day() validFrom!: string;
  /** The last day it is valid. */
  @Day() validUntil!: string;
}

export class SuspendCredential extends Act {
  @Text(40) number!: string;
  @Text(1000) reason!: string;
}

export class ReinstateCredential extends Act {
  @Text(40) number!: string;
  @Text(1000) reason!: string;
}

export class RevokeCredential extends Act {
  @Text(40) number!: string;
  @Text(1000) reason!: string;
}

export class OpenAnnualReview extends Act {
  @Whole(1990, 2200) year!: number;
}

export class PassAnnualReview extends Act {}

export class FailAnnualReview extends Act {
  @Text(1000) reason!: string;
}

export class RecordFault extends Act {
  @Text(1000) description!: string;
  @Optional() @Id() matterId?: string;
  @Optional() @Id() sourceEventId?: string;
}

export class LiftFault extends Act {
  @Id() matterId!: string;
  @Text(1000) reason!: string;
}

export class StandDown extends Act {
  @Text(1000) reason!: string;
}

export class ReturnToDuty extends Act {
  @Text(1000) reason!: string;
}

export class Reassign extends Act {
  @Id() bodyId!: string;
  @Text(60) post!: string;
  @Optional() @Text(100) unit?: string;
  @Text(1000) reason!: string;
}

export class Disqualify extends Act {
  @Text(1000) reason!: string;
}

export class GrantLegalQualification extends Act {
  @Text(60) certificateNumber!: string;
}
