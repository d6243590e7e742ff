import { EventType, Internal, Open } from '../kernel/event';
import type { ArticleReference } from '../registry/power-events';

/** A year's plan of random inspections, or one for an occasion (年度、专项). */
export const PLANS = ['annual', 'occasional'] as const;
export type Plan = (typeof PLANS)[number];

/** A risk class, and how much of it is drawn (抽查比例). */
export interface Stratum {
  readonly stratum: string;
  readonly name: string;
  /** With at most two decimals. */
  readonly ratioPercent: number;
}

/** A version of an item on the list of random inspections 随机抽查事项: its seven published fields, and what it rests on. */
@EventType({ zh: '随机抽查事项拟定', en: 'Draw item drafted', basis: 'B16' })
export class DrawItemDrafted {
  @Open() version!: number;
  @Open() plan!: Plan;
  @Open() year!: number;
  /** 抽查主体 */
  @Open() bodyId!: string;
  /** The market regulation department that reviews it (市场监管部门审核). */
  @Open() reviewBodyId!: string;
  /** The inspection power it exercises. */
  @Open() powerCode!: string;
  /** 抽查事项 */
  @Open() name!: string;
  /** 抽查依据 */
  @Open() legalBasis!: ArticleReference[];
  /** 抽查对象 */
  @Open() objects!: string;
  /** 抽查内容 */
  @Open() content!: string;
  /** 抽查比例, by risk class */
  @Open() strata!: Stratum[];
  /** 抽查方式 */
  @Open() method!: string;
  /** 抽查频次 */
  @Open() frequency!: string;
}

@EventType({ zh: '随机抽查事项审核', en: 'Draw item reviewed', basis: 'B16' })
export class DrawItemReviewed {
  @Open() version!: number;
  @Open() approved!: boolean;
  @Internal() opinion!: string;
  @Open() reviewedOn!: string;
}

@EventType({ zh: '随机抽查事项公示', en: 'Draw item published', basis: 'B16、I02' })
export class DrawItemPublished {
  @Open() version!: number;
  @Open() publishedOn!: string;
}

@EventType({ zh: '随机抽查事项取消', en: 'Draw item withdrawn', basis: 'B16、I02' })
export class DrawItemWithdrawn {
  @Open() withdrawnOn!: string;
  @Open() reason!: string;
}
