import { IsBoolean } from 'class-validator';
import { Id, OneOf, Optional, Parts, Text, Texts } from '../kernel/fields';
import { Ids, Pages, PenaltyItem, Sha256, Yuan } from './case-fields';
import { PartyFields } from './filing-commands';
import { discretionLevels, type DiscretionLevel } from './penalty-types';

/** Everything of an on-the-spot penalty happens in one act before the party's eyes (行政处罚法 51, 52). */
export class DecideOnTheSpot extends PartyFields {
  @Id() bodyId!: string;
  /** The number printed on the form. */
  @Text(100) formNumber!: string;
  @Id() powerCode!: string;
  @Text(300) cause!: string;
  @Text(300) place!: string;
  @Ids(20) officers!: string[];
  @IsBoolean() credentialShown!: boolean;
  /** Told of what is proposed and why, and of the right to state and defend (市场监管程序规定 69). */
  @IsBoolean() rightsTold!: boolean;
  @Text(4000) publicFacts!: string;
  @Text(4000) evidence!: string;
  @Texts(10, 200) legalBasis!: string[];
  @Parts(() => PenaltyItem, 1, 3) penalties!: PenaltyItem[];
  @OneOf(discretionLevels) level!: DiscretionLevel;
  @Optional() @Id() benchmarkId?: string;
  @Optional() @Yuan() benchmarkBaseYuan?: number;
  @Optional() @Text(2000) outsideBandReason?: string;
  @Optional() @Text(2000) firstOffenceReason?: string;
  @Text(2000) discretionReason!: string;
  /** The answer to what the party said, or that it said nothing. */
  @Text(2000) defenceAnswer!: string;
  @Text(1000) remedies!: string;
  @Text(1000) performance!: string;
  @IsBoolean() signatureRefused!: boolean;
  @IsBoolean() toldOfPublication!: boolean;
  @Sha256() receiptSha256!: string;
  @Pages() pages!: number;
}
