import { Act, Day, Id, OneOf, Optional, Parts, Text, Whole } from '../kernel/fields';
import { POWER_CLASSES, type PowerClass } from './registry-events';

/** One article a power or benchmark rests on. */
export class BasisArticle {
  /** Short name in the legal-basis dictionary, such as 行政处罚法. */
  @Text(200) instrument!: string;
  /** 第几条第几款第几项 */
  @Text(100) article!: string;
}

/** The address carries the code (B10). */
export class ListPower extends Act {
  @Text(200) name!: string;
  @OneOf(POWER_CLASSES) powerClass!: PowerClass;
  @Parts(() => BasisArticle, 1, 30) legalBasis!: BasisArticle[];
  @Id() bodyId!: string;
  @Text(100) office!: string;
  @Text(200) disclosureForm!: string;
  @Text(200) disclosureScope!: string;
  @Text(200) disclosureTime!: string;
  @Optional() @Text(500) fee?: string;
  @Optional() @Whole(1, 3650) statutoryDays?: number;
  @Optional() @Whole(1, 3650) promisedDays?: number;
  @Day() validFrom!: string;
}

/** Only the fields that change. */
export class AmendPower extends Act {
  @Text(1000) reason!: string;
  @Optional() @Text(200) name?: string;
  @Optional() @Parts(() => BasisArticle, 1, 30) legalBasis?: BasisArticle[];
  @Optional() @Text(100) office?: string;
  @Optional() @Text(200) disclosureForm?: string;
  @Optional() @Text(200) disclosureScope?: string;
  @Optional() @Text(200) disclosureTime?: string;
  @Optional() @Text(500) fee?: string;
  @Optional() @Whole(1, 3650) statutoryDays?: number;
  @Optional() @Whole(1, 3650) promisedDays?: number;
  @Day() validFrom!: string;
}

export class TransferPower extends Act {
  @Id() bodyId!: string;
  @Text(100) office!: string;
  @Text(1000) reason!: string;
  @Day() validFrom!: string;
}

export class CancelPower extends Act {
  @Text(1000) reason!: string;
  /** The first day it is no longer in force. */
  @Day() cancelledOn!: string;
}

export class ReviseFlowchart extends Act {}
