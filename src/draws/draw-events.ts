import { EventType, Internal, Open } from '../kernel/event';
import type {
  DrawLists,
  DrawnParty,
  Exclusion,
  ListedOfficer,
  ListedParty,
  Quota,
  SeedRule,
} from '../verification/draw';

export type { DrawnParty, Exclusion, ListedOfficer, ListedParty, Quota };

/** 抽查公告: everything the draw will follow from, recorded before its seed exists. Nothing of it can be changed afterwards. */
@EventType({ zh: '随机抽查公告', en: 'Draw announced', basis: 'B16' })
export class DrawAnnounced implements DrawLists, SeedRule {
  @Open() itemId!: string;
  @Open() itemVersion!: number;
  @Open() title!: string;
  @Open() bodyId!: string;
  /** As cited: `食品安全法第110条`. */
  @Open() legalBasis!: string[];
  /** 检查人员名录 */
  @Open() officers!: ListedOfficer[];
  /** 检查对象名录 */
  @Open() parties!: ListedParty[];
  /** 回避 */
  @Open() exclusions!: Exclusion[];
  /** Why, in the same order; who is related to whom is nobody else's affair. */
  @Internal() exclusionGrounds!: string[];
  @Open() quotas!: Quota[];
  @Open() officersPerParty!: number;
  /** Id and version of how it is drawn: `docs/draws.md`. */
  @Open() algorithm!: string;
  /** The log whose checkpoint becomes the seed. */
  @Open() logOrigin!: string;
  /** The witnesses every one of whom must have cosigned it, as verifier keys; none is a weaker draw, and is said to be. */
  @Open() witnesses!: string[];
}

/** By the program itself, from the first checkpoint that the announced rule allows. Anybody can repeat it. */
@EventType({ zh: '随机抽查抽取', en: 'Draw held', basis: 'B16' })
export class DrawHeld {
  /** The announcement's entry in the log, 32 bytes in base64. */
  @Open() entry!: string;
  /** The signed note, verbatim. */
  @Open() checkpoint!: string;
  /** Hexadecimal. */
  @Open() seed!: string;
  /** In the order of the draw. */
  @Open() drawn!: DrawnParty[];
  /** Sizes of checkpoints that were published since the announcement and lacked a witness's cosignature; the last 64. */
  @Open() passedOver!: number[];
}

@EventType({ zh: '随机抽查作废', en: 'Draw voided', basis: 'B16' })
export class DrawVoided {
  @Open() voidedOn!: string;
  @Open() reason!: string;
  /** True when whoever voided it knew the outcome. */
  @Open() afterHeld!: boolean;
}

/** An officer who was drawn and could not inspect. `ground` is a code of `ABSENCES`. */
export interface Absence {
  readonly officer: string;
  readonly ground: string;
}

/** The inspection of one party has ended; from here on runs the time to publish its result. */
@EventType({ zh: '抽查检查完成', en: 'Inspection conducted', basis: 'B16、行政处罚法第42条' })
export class InspectionConducted {
  /** As drawn, by its unified social credit code. */
  @Open() party!: string;
  @Open() conductedOn!: string;
  @Open() officers!: string[];
  @Open() absent!: Absence[];
  /** A code of `INSPECTION_RESULTS`; open once it is published. */
  @Internal() result!: string;
}

@EventType({ zh: '抽查结果公示', en: 'Inspection result published', basis: 'B16、国办发〔2018〕118号第6条' })
export class InspectionResultPublished {
  @Open() party!: string;
  @Open() result!: string;
  @Open() conductedOn!: string;
  @Open() publishedOn!: string;
}

/** The result stands corrected; the earlier one stays in the ledger. */
@EventType({ zh: '抽查结果更正', en: 'Inspection result corrected', basis: 'I05' })
export class InspectionResultCorrected {
  @Open() party!: string;
  @Open() result!: string;
  @Open() reason!: string;
  @Open() correctedOn!: string;
}
