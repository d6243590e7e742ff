import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  Matches,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import { Act, Day, Decimal, Id, OneOf, Optional, Part, Parts, Text, Texts, Whole } from '../kernel/fields';
import {
  APPEAL_OUTCOMES,
  CHAIN_ROLES,
  CLEARING_FORMS,
  CONSEQUENCES,
  EVIDENCE_KINDS,
  EXEMPTIONS,
  FAULTS,
  GROUNDS,
  MEASURES,
  ORIGINS,
  PARTS,
  SEVERITIES,
} from './accountability-lists';
import { codes } from './complaint-lists';

export class Origin {
  @OneOf(Object.keys(ORIGINS)) kind!: string;
  /** The stream and the event that gave rise to the clue; required unless it is raised by hand. */
  @Optional() @Text(200) stream?: string;
  @Optional() @Text(60) eventId?: string;
}

export class Link {
  @OneOf(CHAIN_ROLES) role!: string;
  @Id() officerId!: string;
}

/** 提出线索. Without a chain, it is drawn from the body's own chain of that day. */
export class RaiseClue extends Act {
  @OneOf(codes(GROUNDS)) ground!: string;
  @Part(() => Origin) origin!: Origin;
  @Id() bodyId!: string;
  @IsArray() @ArrayMaxSize(20) @ArrayUnique() @MaxLength(100, { each: true }) officerIds!: string[];
  @Optional() @IsArray() @ArrayMaxSize(20) @ValidateNested({ each: true }) @Type(() => Link) chain?: Link[];
  @Text(3000) summary!: string;
}

export class DismissClue extends Act {
  @Text(3000) reason!: string;
}

export class OpenMatterInvestigation extends Act {
  @Texts(10, 100) @ArrayUnique() investigatorIds!: string[];
}

export class RecordMatterEvidence extends Act {
  @OneOf(EVIDENCE_KINDS) kind!: string;
  @Text(300) title!: string;
  @Optional() @Matches(/^[0-9a-f]{64}$/) sha256?: string;
  @Optional() @Text(200) stream?: string;
  @Optional() @Text(60) eventId?: string;
}

export class PartOfPerson {
  @Id() officerId!: string;
  @OneOf(PARTS) part!: string;
  @Text(1000) reason!: string;
}

export class DistinguishResponsibility extends Act {
  @IsBoolean() unitResponsible!: boolean;
  @Text(2000) unitReason!: string;
  @IsArray() @ArrayMaxSize(20) @ValidateNested({ each: true }) @Type(() => PartOfPerson) persons!: PartOfPerson[];
}

export class OfferMatterStatement extends Act {
  @Id() officerId!: string;
  /** The last day on which the statement will be waited for. */
  @Day() until!: string;
}

export class RecordMatterStatement extends Act {
  @Id() officerId!: string;
  @OneOf(['given', 'waived']) outcome!: string;
  @ValidateIf((c: RecordMatterStatement) => c.outcome === 'given') @Text(10000) statement?: string;
}

/** The finding on one person. */
export class Finding {
  @Id() officerId!: string;
  @OneOf(CHAIN_ROLES) role!: string;
  @OneOf(FAULTS) fault!: string;
  @Optional() @OneOf(SEVERITIES) severity?: string;
  @Whole(0, 100) sharePercent!: number;
  @Optional() @OneOf(codes(EXEMPTIONS)) exemption?: string;
  @Text(2000) reason!: string;
}

export class DetermineResponsibility extends Act {
  @OneOf(CONSEQUENCES) consequence!: string;
  @Parts(() => Finding, 0, 20) findings!: Finding[];
  @Text(10000) facts!: string;
  /** Why each point of the statements is accepted or not; required when anybody made one. */
  @Optional() @Text(10000) answersToStatements?: string;
}

export class PersonMeasure {
  @Id() officerId!: string;
  @OneOf(codes(MEASURES)) measure!: string;
}

export class ImposeMeasures extends Act {
  @Parts(() => PersonMeasure, 1, 60) measures!: PersonMeasure[];
}

/** 监察机关已给予政务处分. */
export class RecordSupervisionDiscipline extends Act {
  @Id() officerId!: string;
  @IsIn(codes(MEASURES.filter((m) => m.discipline))) measure!: string;
  @Text(200) organ!: string;
  @Day() decidedOn!: string;
}

export class AppealDetermination extends Act {
  @Id() officerId!: string;
  @Text(10000) grounds!: string;
}

export class DecideDeterminationAppeal extends Act {
  @Id() officerId!: string;
  @OneOf(APPEAL_OUTCOMES) outcome!: string;
  @Text(5000) reason!: string;
  @ValidateIf((c: DecideDeterminationAppeal) => c.outcome === 'changed') @Part(() => Finding) finding?: Finding;
}

export class RecordCompensation extends Act {
  @Decimal(0.01, 1_000_000_000, 2) amountYuan!: number;
  /** The number of the compensation decision or judgment. */
  @Text(100) decision!: string;
}

export class OrderRecovery extends Act {
  @Id() officerId!: string;
  @Decimal(0.01, 1_000_000_000, 2) amountYuan!: number;
  @Text(2000) reason!: string;
}

export class RecordRecoveryPayment extends Act {
  @Id() officerId!: string;
  @Decimal(0.01, 1_000_000_000, 2) amountYuan!: number;
  @Text(100) receipt!: string;
}

export class CloseMatter extends Act {}

export class ClearName extends Act {
  @Id() officerId!: string;
  @OneOf(CLEARING_FORMS) form!: string;
  @Text(3000) statement!: string;
}
