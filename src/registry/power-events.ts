import { EventType, Open } from '../kernel/event';

/** Classes of power 权力类别 (B01, B03). `non_licence_approval` 非行政许可审批 was abolished in 2015 and stays for history only. */
export const POWER_CLASSES = [
  'licence',
  'penalty',
  'compulsion',
  'levy',
  'inspection',
  'confirmation',
  'reward',
  'adjudication',
  'payment',
  'charge',
  'other',
  'non_licence_approval',
] as const;
export type PowerClass = (typeof POWER_CLASSES)[number];

/** One article that a power rests on; the instrument is an id or short name of the legal-basis dictionary. */
export interface ArticleReference {
  readonly instrument: string;
  /** 第几条第几款第几项, as cited */
  readonly article: string;
}

@EventType({ zh: '职权事项入目录', en: 'Power listed', basis: 'B03、B10' })
export class PowerListed {
  @Open() code!: string;
  @Open() name!: string;
  @Open() powerClass!: PowerClass;
  @Open() legalBasis!: ArticleReference[];
  @Open() bodyId!: string;
  /** 承办科室 */
  @Open() office!: string;
  /** 公开形式 */
  @Open() disclosureForm!: string;
  /** 公开范围 */
  @Open() disclosureScope!: string;
  /** 公开时间 */
  @Open() disclosureTime!: string;
  /** 收费及标准; absent means none */
  @Open() fee?: string;
  /** 法定时限, in days as the law counts them */
  @Open() statutoryDays?: number;
  /** 承诺时限 */
  @Open() promisedDays?: number;
  @Open() validFrom!: string;
}

/** A new version from a day on (B09). Only the named fields change. */
@EventType({ zh: '职权事项变更', en: 'Power amended', basis: 'B07、B09' })
export class PowerAmended {
  @Open() version!: number;
  @Open() reason!: string;
  @Open() name?: string;
  @Open() legalBasis?: ArticleReference[];
  @Open() office?: string;
  @Open() disclosureForm?: string;
  @Open() disclosureScope?: string;
  @Open() disclosureTime?: string;
  @Open() fee?: string;
  @Open() statutoryDays?: number;
  @Open() promisedDays?: number;
  @Open() validFrom!: string;
}

@EventType({ zh: '职权事项转移', en: 'Power transferred', basis: 'B09' })
export class PowerTransferred {
  @Open() bodyId!: string;
  @Open() office!: string;
  @Open() reason!: string;
  @Open() validFrom!: string;
}

@EventType({ zh: '职权事项取消', en: 'Power cancelled', basis: 'B09' })
export class PowerCancelled {
  @Open() reason!: string;
  /** The first day it is no longer in force. */
  @Open() cancelledOn!: string;
}

@EventType({ zh: '流程图修订', en: 'Flowchart revised', basis: 'B05、B07' })
export class FlowchartRevised {
  @Open() powerVersion!: number;
  @Open() revisedOn!: string;
}
