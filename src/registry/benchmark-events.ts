import { EventType, Open } from '../kernel/event';
import type { ArticleReference } from './power-events';

/** 裁量四层次 轻微、一般、严重、特别严重 (F01). */
export const LEVELS = ['minor', 'general', 'serious', 'grave'] as const;
export type BenchmarkLevel = (typeof LEVELS)[number];

/** One level of a benchmark: what makes an act fall in it, and between what and what the fine lies. */
export interface BenchmarkBand {
  readonly level: BenchmarkLevel;
  readonly conditions: string;
  readonly min: number;
  readonly max: number;
}

/** What one version of a benchmark says; its five published items (F02) are among it. */
export abstract class BenchmarkContent {
  @Open() version!: number;
  @Open() violation!: string;
  @Open() legalBasis!: ArticleReference[];
  @Open() penaltyKinds!: string[];
  /** What `min` and `max` count: yuan, or multiples of the base named by the law (违法所得、货值). */
  @Open() unit!: 'yuan' | 'multiple';
  @Open() bands!: BenchmarkBand[];
  @Open() validFrom!: string;
}

@EventType({ zh: '裁量基准公布', en: 'Discretion benchmark published', basis: 'F01、F02、行政处罚法34' })
export class BenchmarkPublished extends BenchmarkContent {
  @Open() powerCode!: string;
  @Open() bodyId!: string;
}

@EventType({ zh: '裁量基准备案', en: 'Benchmark filed for record', basis: 'F01' })
export class BenchmarkFiled {
  @Open() version!: number;
  @Open() filedWith!: string;
  @Open() filedOn!: string;
  @Open() reference!: string;
}

/** The next version; the one before stays for acts decided until the day before. */
@EventType({ zh: '裁量基准修订', en: 'Benchmark replaced', basis: 'F01、B09' })
export class BenchmarkReplaced extends BenchmarkContent {
  @Open() reason!: string;
}
