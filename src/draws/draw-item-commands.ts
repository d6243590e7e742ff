import { IsBoolean, Matches } from 'class-validator';
import { Act, Decimal, Id, OneOf, Parts, Text, Whole } from '../kernel/fields';
import { BasisArticle } from '../registry/power-commands';
import { PLANS, type Plan } from './draw-item-events';

export class StratumTerms {
  /** Such as `A`. */
  @Matches(/^[A-Za-z0-9_-]{1,20}$/) stratum!: string;
  @Text(50) name!: string;
  @Decimal(0.01, 100, 2) ratioPercent!: number;
}

/** A new item, or the next version of one. */
export class DraftDrawItem extends Act {
  @OneOf(PLANS) plan!: Plan;
  @Whole(2015, 2200) year!: number;
  @Id() bodyId!: string;
  /** The market regulation department it is submitted to. */
  @Id() reviewBodyId!: string;
  @Id() powerCode!: string;
  @Text(200) name!: string;
  @Parts(() => BasisArticle, 1, 30) legalBasis!: BasisArticle[];
  @Text(500) objects!: string;
  @Text(2000) content!: string;
  @Parts(() => StratumTerms, 1, 20) strata!: StratumTerms[];
  @Text(200) method!: string;
  @Text(200) frequency!: string;
}

/** By the market regulation department the draft names. */
export class ReviewDrawItem extends Act {
  @IsBoolean() approved!: boolean;
  @Text(1000) opinion!: string;
}

export class PublishDrawItem extends Act {}

export class WithdrawDrawItem extends Act {
  @Text(1000) reason!: string;
}
