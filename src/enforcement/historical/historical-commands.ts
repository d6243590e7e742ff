import { ArrayMaxSize, IsArray, IsString, MaxLength } from 'class-validator';
import { Act, Day, Decimal, Id, OneOf, Optional, Part, Parts, Text, Whole } from '../../kernel/fields';
import { partyKinds, type PartyKind } from '../penalty-types';
import {
  historicalPenaltyKinds,
  reconsiderationOutcomes,
  type ArticleCited,
  type HistoricalPenaltyKind,
  type ReconsiderationOutcome,
} from './historical-events';

export class CitedArticle implements ArticleCited {
  @Text(100)
  instrument!: string;

  @Text(20)
  article!: string;

  @Optional()
  @Whole(1, 999)
  paragraph?: number;

  @Optional()
  @Whole(1, 999)
  subparagraph?: number;

  @Text(200)
  text!: string;

  @Optional()
  @Text(500)
  violation?: string;
}

export class StatedOutcome {
  @OneOf(reconsiderationOutcomes)
  outcome!: ReconsiderationOutcome;

  @IsString()
  @MaxLength(100)
  authority!: string;

  @Optional()
  @Text(200)
  documentNumber?: string;

  @Optional()
  @Day()
  decidedOn?: string;

  @Text(500)
  text!: string;
}

/**
 * Records a penalty of the time before the ledger. What a row may lack is not refused by shape but by a rule that says so:
 * document number, date, party and articles may be empty here. `occurredAt` is the start of the day of the decision.
 */
export class ImportHistoricalPenalty extends Act {
  @IsString()
  @MaxLength(200)
  documentNumber!: string;

  @Optional()
  @Day()
  decidedOn?: string;

  @Optional()
  @Day()
  publishedOn?: string;

  @Text(100)
  jurisdiction!: string;

  @IsString()
  @MaxLength(200)
  bodyName!: string;

  @Id()
  partyId!: string;

  @OneOf(partyKinds)
  partyKind!: PartyKind;

  @IsString()
  @MaxLength(300)
  partyName!: string;

  /** The part of `partyName` that names a natural person, as 陈某 in 陈某（即某某店）; the whole when left out. */
  @Optional()
  @Text(100)
  personName?: string;

  @Optional()
  @Text(100)
  representative?: string;

  @Parts(() => CitedArticle, 0, 100)
  articles!: CitedArticle[];

  @IsString()
  @MaxLength(4000)
  violation!: string;

  @OneOf(historicalPenaltyKinds)
  kind!: HistoricalPenaltyKind;

  @Optional()
  @Decimal(0, 1e12, 2)
  amount?: number;

  @Optional()
  @Text(3)
  currency?: string;

  @IsArray()
  @ArrayMaxSize(20)
  @MaxLength(300, { each: true })
  aggravation!: string[];

  @Optional()
  @Text(300)
  campaign?: string;

  @Optional()
  @Text(2000)
  remarks?: string;

  @IsArray()
  @ArrayMaxSize(20)
  @MaxLength(200, { each: true })
  repairs!: string[];

  @Text(64)
  rowSha256!: string;

  @Optional()
  @Part(() => StatedOutcome)
  outcome?: StatedOutcome;
}

/** The importer itself opens the record of a file. */
export class StartImport {
  @Text(64)
  fileSha256!: string;

  @Text(255)
  fileName!: string;

  @Whole(0, Number.MAX_SAFE_INTEGER)
  bytes!: number;

  @Text(200)
  profile!: string;

  @Text(64)
  profileSha256!: string;
}

export class FinishImport {
  @Text(64)
  profileSha256!: string;

  @Whole(0, 1e9)
  rows!: number;

  @Whole(0, 1e9)
  acts!: number;

  @Whole(0, 1e9)
  differing!: number;

  @Whole(0, 1e9)
  rejected!: number;

  @Whole(0, 1e9)
  undecodable!: number;

  @Whole(0, 1e9)
  damaged!: number;
}
