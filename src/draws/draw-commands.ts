import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsString, Matches, MaxLength } from 'class-validator';
import { Act, Id, OneOf, Optional, Parts, Text, Texts, Whole } from '../kernel/fields';
import { IsUscc } from '../law/identifiers';
import { ABSENCES, codes, INSPECTION_RESULTS } from './draw-lists';

export const MAX_OFFICERS = 300;
export const MAX_PARTIES = 2000;
export const MAX_WITNESSES = 16;

export class PartyTerms {
  /** Unified social credit code. */
  @Text(18) @IsUscc() id!: string;
  @Text(100) name!: string;
  @Matches(/^[A-Za-z0-9_-]{1,20}$/) stratum!: string;
}

export class ExclusionTerms {
  @Id() officer!: string;
  @Text(18) @IsUscc() party!: string;
  /** For the file; not published. */
  @Text(200) ground!: string;
}

/** Not an act that may be dated back: it counts from the moment it is in the ledger. */
export class AnnounceDraw {
  @Id() itemId!: string;
  @Id() bodyId!: string;
  @Text(200) title!: string;
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(MAX_OFFICERS)
  @ArrayUnique()
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, { each: true })
  @MaxLength(100, { each: true })
  officers!: string[];
  @Parts(() => PartyTerms, 1, MAX_PARTIES) parties!: PartyTerms[];
  @Optional() @Parts(() => ExclusionTerms, 0, 1000) exclusions?: ExclusionTerms[];
  @Whole(1, 10) officersPerParty!: number;
  /** Names of the witnesses whose cosignatures the seed needs; all that the log has, when left out. */
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_WITNESSES)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  witnesses?: string[];
}

/** What the program found when it looked for the seed. */
export class HoldDraw {
  @Matches(/^[A-Za-z0-9+/]{43}=$/) entry!: string;
  @Text(20_000) checkpoint!: string;
  /** Notes published since the announcement and before `checkpoint`; the last 64. */
  @Optional() @Texts(64, 20_000) passedOver?: string[];
}

export class VoidDraw extends Act {
  @Text(1000) reason!: string;
}

export class AbsenceTerms {
  @Id() officer!: string;
  @OneOf(codes(ABSENCES)) ground!: string;
}

export class RecordDrawnInspection extends Act {
  @Text(18) @IsUscc() party!: string;
  @OneOf(codes(INSPECTION_RESULTS)) result!: string;
  @Optional() @Parts(() => AbsenceTerms, 0, 10) absent?: AbsenceTerms[];
}

export class PublishInspectionResult extends Act {
  @Text(18) @IsUscc() party!: string;
}

export class CorrectInspectionResult extends Act {
  @Text(18) @IsUscc() party!: string;
  @OneOf(codes(INSPECTION_RESULTS)) result!: string;
  @Text(1000) reason!: string;
}
