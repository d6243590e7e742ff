import { EventType, Internal, Open, Personal } from '../../kernel/event';
import type { PartyKind } from '../penalty-types';

// Acts of the time before the ledger (历史行为), from published files. `occurredAt` in the envelope is the day of the
// decision, `recordedAt` the day of the import, `source` the file's name, SHA-256 and line.

/** The rules a historical act has passed: the import's own, not the gates that stand before an act of today. */
export const IMPORT_RULES = 'import-rules-v1';

/** One provision that was broken (违反条款), in the numbers of its instrument: 第32條第2項第1款. */
export interface ArticleCited {
  /** Full name, such as 勞動基準法. */
  readonly instrument: string;
  /** `32`, or `80-1` for 第80條之1. */
  readonly article: string;
  /** 項 in Taiwan, 款 in the mainland. */
  readonly paragraph?: number;
  /** 款 in Taiwan, 项 in the mainland. */
  readonly subparagraph?: number;
  /** The citation in full, as a notice prints it. */
  readonly text: string;
  /** What was done against it, where the file lists as many violations as articles. */
  readonly violation?: string;
}

/** Kinds of penalty as the file tells them; many files do not. */
export const historicalPenaltyKinds = ['fine', 'warning', 'suspension', 'revocation', 'unspecified'] as const;
export type HistoricalPenaltyKind = (typeof historicalPenaltyKinds)[number];

/** How a reconsideration (訴願、行政复议) ended: 驳回、不予受理、维持、撤销、变更、撤回. */
export const reconsiderationOutcomes = [
  'dismissed',
  'not_accepted',
  'upheld',
  'revoked',
  'changed',
  'withdrawn',
] as const;
export type ReconsiderationOutcome = (typeof reconsiderationOutcomes)[number];

@EventType({ zh: '历史处罚导入', en: 'Historical penalty imported', basis: 'D01、I04' })
export class HistoricalPenaltyImported {
  /** As the file has it, spaces apart. Several acts may bear one number. */
  @Open() documentNumber!: string;
  /** LocalDate. */
  @Open() decidedOn!: string;
  /** LocalDate on which the body published it (公告日期); absent where the file does not say. */
  @Open() publishedOn?: string;
  /** Place the file is from, such as 臺北市. */
  @Open() jurisdiction!: string;
  /** The body that decided, by name: it need not be one of today's bodies. Empty where the file does not say. */
  @Open() bodyName!: string;
  @Open() partyId!: string;
  /** Told from the name by the profile's rule. */
  @Open() partyKind!: PartyKind;
  @Personal('party') partyName!: string;
  /** Masked where the party is a natural person. */
  @Open() partyPublicName!: string;
  /** Representative of an organisation, often masked in the file already. */
  @Personal('party') representative?: string;
  @Open() articles!: ArticleCited[];
  /** The violations as the file words them; empty where it says nothing. */
  @Open() violation!: string;
  @Open() kind!: HistoricalPenaltyKind;
  /** In units of `currency` (ISO 4217); absent where the file does not say. */
  @Open() amount?: number;
  @Open() currency?: string;
  /** Why it weighed heavier, such as 重複違反同一條款. */
  @Open() aggravation!: string[];
  /** The inspection campaign (專案檢查) it came from. */
  @Open() campaign?: string;
  /** The remarks cell as it stands, when it says more than a reconsideration's outcome. */
  @Internal() remarks?: string;
  /**
   * What of the row was not as it should be: `exchanged:<field>,<field>` for cells put back into each other's column,
   * `damaged:<field>` for characters lost before the file was written.
   */
  @Open() repairs!: string[];
  /** SHA-256 of the row's cells. Personal, because a name can be guessed from a digest. */
  @Personal('party') rowSha256!: string;
  /** `import-rules-v1`: which rules it passed instead of today's gates. */
  @Open() gates!: string;
}

@EventType({ zh: '历史复议结果登记', en: 'Historical reconsideration outcome recorded', basis: '行政复议法第64条' })
export class HistoricalOutcomeRecorded {
  @Open() outcome!: ReconsiderationOutcome;
  /** Who decided, such as 勞動部; empty where the file does not say. */
  @Open() authority!: string;
  @Open() documentNumber?: string;
  /** LocalDate of the reconsideration decision; absent where the file does not say. */
  @Open() decidedOn?: string;
  /** As the file words it. */
  @Open() text!: string;
}
