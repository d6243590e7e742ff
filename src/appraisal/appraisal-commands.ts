import { ArrayUnique, IsArray, ArrayMaxSize, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { Act, Decimal, Id, OneOf, Optional, Parts, Text, Texts, Whole } from '../kernel/fields';
import { BONUSES, codes, SCOPES, VETOES } from './appraisal-lists';

/** The event of the ledger that a point or a veto rests on. */
export class CitedEvent {
  @Text(200) stream!: string;
  @Text(60) eventId!: string;
}

/** The address is `<officer>-<year>`, so that there is one appraisal of an officer and year. */
export class OpenAppraisal extends Act {
  @Id() schemeId!: string;
  @Whole(1, 1000) schemeVersion!: number;
  @Id() officerId!: string;
  @Whole(2000, 2100) year!: number;
}

export class MarkCase extends Act {
  @Text(40) criterion!: string;
  /** Negative: deducted. Positive: given back for a fault put right by oneself, or a bonus. */
  @Decimal(-100, 100, 1) points!: number;
  @Optional() @Id() caseId?: string;
  @Text(2000) reason!: string;
  @Optional() @OneOf(codes(BONUSES)) bonus?: string;
  @Parts(() => CitedEvent, 1, 50) citations!: CitedEvent[];
}

export class WithdrawMark extends Act {
  @Text(60) markId!: string;
  @Text(2000) reason!: string;
}

export class RecordSpotCheck extends Act {
  @Text(40) criterion!: string;
  @Text(200) place!: string;
  @Text(2000) found!: string;
  /** Zero when nothing was amiss. */
  @Decimal(-100, 0, 1) points!: number;
  @Texts(10, 100) @ArrayUnique() checkerIds!: string[];
}

export class VetoGround {
  @OneOf(codes(VETOES)) code!: string;
  @Text(2000) reason!: string;
  @Parts(() => CitedEvent, 1, 50) citations!: CitedEvent[];
}

export class ConfirmAppraisal extends Act {
  @IsArray() @ArrayMaxSize(6) @ValidateNested({ each: true }) @Type(() => VetoGround) vetoes!: VetoGround[];
}

export class AppealAppraisal extends Act {
  @Text(5000) grounds!: string;
}

export class DecideAppraisalAppeal extends Act {
  @OneOf(['upheld', 'changed']) outcome!: string;
  @Text(5000) reason!: string;
  /** Marks taken back, and vetoes lifted; at least one of them where the outcome is `changed`. */
  @Optional() @Texts(200, 60) @ArrayUnique() withdrawnMarkIds?: string[];
  @Optional() @Texts(6, 40) @ArrayUnique() liftedVetoes?: string[];
}

export class PublishAppraisal extends Act {
  @OneOf(SCOPES) scope!: string;
}
