import { Act, Day, Decimal, Id, OneOf, Parts, Text, Texts } from '../kernel/fields';
import { BasisArticle } from './power-commands';
import { LEVELS, type BenchmarkLevel } from './registry-events';

/** What one of the four levels leads to: from `min` to `max`, both included, in the benchmark's unit. */
export class BandTerms {
  @OneOf(LEVELS) level!: BenchmarkLevel;
  @Text(2000) conditions!: string;
  @Decimal(0, 1e10, 2) min!: number;
  @Decimal(0, 1e10, 2) max!: number;
}

class BenchmarkTerms extends Act {
  @Text(500) violation!: string;
  @Parts(() => BasisArticle, 1, 30) legalBasis!: BasisArticle[];
  /** Ids of the penalty kinds of 行政处罚法 9. */
  @Texts(14, 40) penaltyKinds!: string[];
  @OneOf(['yuan', 'multiple']) unit!: 'yuan' | 'multiple';
  @Parts(() => BandTerms, 4, 4) bands!: BandTerms[];
  @Day() validFrom!: string;
}

export class PublishBenchmark extends BenchmarkTerms {
  @Id() powerCode!: string;
}

export class ReplaceBenchmark extends BenchmarkTerms {
  @Text(1000) reason!: string;
}

export class FileBenchmark extends Act {
  /** The 司法行政部门 it is filed with. */
  @Text(200) filedWith!: string;
  @Text(100) reference!: string;
}
