import { EventType, Internal, Open, Personal } from '../kernel/event';
import type { LocalDate } from '../kernel/time';

// Codes are those of `accountability-lists.ts`. They are strings here because an event outlives the list it was taken from.
// Officers stand as ids. Money is in yuan, to the cent.

/** Where a clue came from: by hand, or an event of another stream that the program noticed. */
export interface ClueOrigin {
  readonly kind: string;
  readonly stream?: string;
  readonly eventId?: string;
}

/** One link of the responsibility chain (L06): `officer`, `unit_head`, `deputy` or `first`. */
export interface ChainLink {
  readonly role: string;
  readonly officerId: string;
}

/** One person's part. `sharePercent` of all persons adds up to 100 where anybody is at fault. */
export interface PersonFinding {
  readonly officerId: string;
  readonly role: string;
  /** `none`, `negligence`, `gross_negligence` or `intent`. */
  readonly fault: string;
  /** `light`, `serious` or `grave`; absent without fault or under an exemption. */
  readonly severity?: string;
  readonly sharePercent: number;
  readonly exemption?: string;
  readonly reason: string;
}

export interface PersonPart {
  readonly officerId: string;
  /** `direct`, `reviewing`, `approving` or `leading`. */
  readonly part: string;
  readonly reason: string;
}

@EventType({ zh: '责任追究线索已提出', en: 'Accountability clue raised', basis: 'L01、L06' })
export class ClueRaised {
  @Open() ground!: string;
  @Internal() origin!: ClueOrigin;
  @Open() bodyId!: string;
  @Internal() officerIds!: string[];
  @Internal() chain!: ChainLink[];
  @Internal() summary!: string;
}

@EventType({ zh: '线索不予立案', en: 'Clue dismissed', basis: 'L03' })
export class ClueDismissed {
  @Internal() reason!: string;
}

@EventType({ zh: '责任追究已立案调查', en: 'Accountability investigation opened', basis: 'L03' })
export class MatterInvestigationOpened {
  @Internal() investigatorIds!: string[];
}

@EventType({ zh: '责任追究证据已记录', en: 'Evidence of an accountability matter recorded', basis: 'L03' })
export class MatterEvidenceRecorded {
  @Internal() kind!: string;
  @Internal() title!: string;
  @Internal() sha256?: string;
  /** The act of the ledger that is the evidence, when it is one. */
  @Internal() stream?: string;
  @Internal() eventId?: string;
}

@EventType({ zh: '已区分单位与人员责任', en: 'Unit and personal responsibility distinguished', basis: 'L03' })
export class ResponsibilityDistinguished {
  @Open() unitResponsible!: boolean;
  @Internal() unitReason!: string;
  @Internal() persons!: PersonPart[];
}

@EventType({ zh: '已告知陈述申辩权', en: 'Statement offered', basis: 'L03' })
export class MatterStatementOffered {
  @Internal() officerId!: string;
  @Internal() offeredOn!: LocalDate;
  @Internal() until!: LocalDate;
}

@EventType({ zh: '陈述申辩已记录', en: 'Statement recorded', basis: 'L03' })
export class MatterStatementRecorded {
  @Internal() officerId!: string;
  /** `given` or `waived`. */
  @Internal() outcome!: string;
  @Personal('officer') statement?: string;
}

@EventType({
  zh: '责任已认定',
  en: 'Responsibility determined',
  basis: 'L02、L03、L07、市场监督管理行政执法责任制规定第9、11、12、14条',
})
export class MatterDetermined {
  @Open() unitResponsible!: boolean;
  /** What came of it: `general`, `wrong_case` 错案 or `grave_influence` 恶劣影响 (L04). */
  @Open() consequence!: string;
  @Internal() findings!: PersonFinding[];
  @Internal() facts!: string;
  @Internal() answersToStatements?: string;
  /** The last day on which a person may ask for a review. */
  @Internal() appealUntil!: LocalDate;
}

/** One measure on one person. `basis` is that of the measure in the table. */
@EventType({ zh: '追责措施已决定', en: 'Measure imposed', basis: 'L02、L04、市场监督管理行政执法责任制规定第15条' })
export class MatterMeasureImposed {
  @Internal() officerId!: string;
  @Open() measure!: string;
  @Open() severity!: string;
  @Open() basis!: string;
  /** The last day of the measure, for those that the law gives a period. */
  @Internal() until?: LocalDate;
}

/** 先停止执法、先停职: from this day the officer may not enforce. The officer's own record follows it. */
@EventType({ zh: '已责令停止执法', en: 'Stand-down ordered', basis: 'L04' })
export class StandDownOrdered {
  @Internal() officerId!: string;
  @Open() measure!: string;
  @Open() from!: LocalDate;
}

@EventType({ zh: '领导责任已追究', en: 'Leader held liable', basis: 'L04、L06' })
export class LeaderHeldLiable {
  @Internal() officerId!: string;
  @Open() role!: string;
}

/** 监察机关政务处分: what the supervision organ decided; the body then gives no discipline of its own. */
@EventType({
  zh: '监察机关政务处分已记录',
  en: 'Discipline by the supervision organ recorded',
  basis: '公职人员政务处分法第16条、市场监督管理行政执法责任制规定第16条',
})
export class SupervisionDisciplineRecorded {
  @Internal() officerId!: string;
  @Internal() measure!: string;
  @Internal() organ!: string;
  @Internal() decidedOn!: LocalDate;
}

@EventType({ zh: '当事人员不服申请复核或申诉', en: 'Determination appealed', basis: 'L03' })
export class MatterAppealed {
  @Internal() officerId!: string;
  @Internal() appealedOn!: LocalDate;
  @Personal('officer') grounds!: string;
}

/** `changed` carries the person's new finding, `revoked` lifts the finding; both lift the measures, which are imposed anew if any. */
@EventType({ zh: '复核或申诉已决定', en: 'Appeal of a determination decided', basis: 'L03' })
export class MatterAppealDecided {
  @Internal() officerId!: string;
  /** `upheld`, `changed` or `revoked`. */
  @Open() outcome!: string;
  @Internal() reason!: string;
  @Internal() finding?: PersonFinding;
}

@EventType({ zh: '赔偿已支付', en: 'Compensation paid', basis: 'L08、P04' })
export class CompensationPaid {
  @Open() amountYuan!: number;
  @Open() paidOn!: LocalDate;
  @Internal() decision!: string;
}

/** 追偿: what a person at fault owes the body after it has compensated the injured. */
@EventType({ zh: '已责令承担赔偿费用', en: 'Recovery ordered', basis: 'L08、国家赔偿法第16条' })
export class RecoveryOrdered {
  @Internal() officerId!: string;
  @Open() amountYuan!: number;
  @Internal() reason!: string;
}

@EventType({ zh: '追偿款已缴', en: 'Recovery paid', basis: 'L08' })
export class RecoveryPaid {
  @Internal() officerId!: string;
  @Open() amountYuan!: number;
  @Internal() paidOn!: LocalDate;
  @Internal() receipt!: string;
}

@EventType({ zh: '责任追究已办结', en: 'Accountability matter closed', basis: 'L03、L08' })
export class MatterClosed {
  /** `measures_imposed`, `no_fault` or `revoked`. */
  @Open() outcome!: string;
}

/** 澄清事实、消除不良影响. */
@EventType({ zh: '已澄清正名', en: 'Name cleared', basis: '市场监督管理行政执法责任制规定第21条' })
export class NameCleared {
  @Internal() officerId!: string;
  /** `notice`, `meeting`, `letter` or `media`. */
  @Open() form!: string;
  @Internal() statement!: string;
}
