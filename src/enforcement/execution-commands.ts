import { Day, Id, OneOf, Optional, Parts, Text } from '../kernel/fields';
import { CaseAct, Ids, Pages, Sha256, Yuan } from './case-fields';
import { closingGrounds, type ClosingGround, type Instalment } from './penalty-types';

export class RecordPayment extends CaseAct {
  @Yuan() amountYuan!: number;
  @Text(60) receiptNumber!: string;
  /** The bank or payment system that took the money. */
  @Id() payeeId!: string;
}

export class DeferPayment extends CaseAct {
  @Day() until!: string;
  @Text(1000) reason!: string;
}

export class InstalmentItem implements Instalment {
  @Day() dueOn!: string;
  @Yuan() amountYuan!: number;
}

export class ApproveInstalments extends CaseAct {
  @Parts(() => InstalmentItem, 1, 60) plan!: InstalmentItem[];
  @Text(1000) reason!: string;
}

export class AssessLateSurcharge extends CaseAct {}

export class DemandPerformance extends CaseAct {
  @Sha256() receiptSha256!: string;
  @Pages() pages!: number;
}

export class RecordRemedySought extends CaseAct {
  @Id() remedyId!: string;
  @OneOf(['reconsideration', 'litigation']) kind!: string;
  @Text(200) authority!: string;
}

export const remedyOutcomes = [
  'upheld',
  'changed',
  'revoked',
  'unlawful',
  'void',
  'dismissed',
  'withdrawn',
  'mediated',
] as const;

export class RecordRemedyEnded extends CaseAct {
  @Id() remedyId!: string;
  @OneOf(remedyOutcomes) outcome!: string;
}

export class ApplyToCourt extends CaseAct {
  @Text(200) court!: string;
}

export class CloseCase extends CaseAct {
  @OneOf(closingGrounds) ground!: ClosingGround;
  @Text(4000) summary!: string;
}

export class ArchiveCase extends CaseAct {
  @Text(100) fileNumber!: string;
}

export class ReportOnTheSpot extends CaseAct {}

export class CollectOnTheSpot extends CaseAct {
  @Yuan() amountYuan!: number;
  @Text(60) receiptNumber!: string;
  @OneOf(['small', 'hard_later', 'remote']) ground!: string;
  @Optional() @Text(500) reason?: string;
  @Ids(20) officers!: string[];
}

export class HandOverCollectedFine extends CaseAct {
  @OneOf(['body', 'bank']) handedTo!: string;
  @Yuan() amountYuan!: number;
  @Text(60) voucher!: string;
}
