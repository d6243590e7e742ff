import { IsBoolean } from 'class-validator';
import { Id, OneOf, Optional, Parts, Text, Texts } from '../kernel/fields';
import { CaseAct, Ids, Pages, PenaltyItem, Sha256, Yuan } from './case-fields';
import {
  discretionLevels,
  outcomes,
  serviceMethods,
  type DiscretionLevel,
  type Outcome,
  type ServiceMethod,
} from './penalty-types';

export class DecidePenalty extends CaseAct {
  @Text(100) documentNumber!: string;
  @OneOf(outcomes) outcome!: Outcome;
  @Text(300) violation!: string;
  @Text(4000) publicFacts!: string;
  @Text(8000) evidence!: string;
  @Texts(30, 200) legalBasis!: string[];
  @Optional() @Parts(() => PenaltyItem, 1, 20) penalties?: PenaltyItem[];
  @Optional() @OneOf(discretionLevels) level?: DiscretionLevel;
  @Optional() @Id() benchmarkId?: string;
  @Optional() @Yuan() benchmarkBaseYuan?: number;
  @Optional() @Text(2000) outsideBandReason?: string;
  @Text(4000) discretionReason!: string;
  @Text(4000) defenceAnswer!: string;
  @Text(1000) remedies!: string;
  @Text(1000) performance!: string;
  /** To whom the case goes, where it is transferred (行政处罚法 57 (4)). */
  @Optional() @Text(200) transferredTo?: string;
  @Pages() pages!: number;
}

export class ServeDecision extends CaseAct {
  @OneOf(serviceMethods) method!: ServiceMethod;
  @Ids(20) officers!: string[];
  @IsBoolean() toldOfPublication!: boolean;
  @IsBoolean() signatureRefused!: boolean;
  @Optional() @Sha256() consentSha256?: string;
  @Sha256() receiptSha256!: string;
  @Pages() pages!: number;
}

/** Fields of the decision in which a slip may be corrected without changing what was decided. */
export const correctableFields = [
  'violation',
  'publicFacts',
  'legalBasis',
  'remedies',
  'performance',
  'partyPublicName',
] as const;

export class CorrectDecision extends CaseAct {
  @OneOf(correctableFields) field!: string;
  @Text(2000) wrong!: string;
  @Text(2000) right!: string;
  @Text(1000) reason!: string;
}

/** Who changed or revoked it: the body itself, or another that may (行政处罚法 75, 复议法, 诉讼法, K05). */
export const reversingAuthorities = ['own_correction', 'reconsideration', 'court', 'supervision'] as const;

export class AmendDecision extends CaseAct {
  @Text(100) amendingDocument!: string;
  @OneOf(reversingAuthorities) authority!: string;
  @Text(2000) publicReason!: string;
  @Parts(() => PenaltyItem, 1, 20) penalties!: PenaltyItem[];
}

export class RevokeDecision extends CaseAct {
  @Text(100) revokingDocument!: string;
  @OneOf(reversingAuthorities) authority!: string;
  @OneOf(['revoked', 'unlawful', 'void']) effect!: string;
  @Text(2000) publicReason!: string;
}
