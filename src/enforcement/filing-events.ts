import { EventType, Internal, Open, Personal } from '../kernel/event';
import type { Link, PartyKind, Stage } from './penalty-types';

/** The case came into another stage of its procedure; recorded with the act that moved it. */
@EventType({ zh: '进入阶段', en: 'Stage entered', basis: 'D01' })
export class StageEntered {
  @Open() procedure!: string;
  @Open() from!: Stage;
  @Open() stage!: Stage;
  /** The link of full-process recording (D01) of the act that moved it. */
  @Open() link!: Link;
}

/** An act was entered so long after it happened that it needed the reason; recorded beside it. */
@EventType({ zh: '事后补录说明', en: 'Late entry explained', basis: 'D01' })
export class LateEntryExplained {
  /** The act, by its command's name, such as `DecidePenalty`. */
  @Open() act!: string;
  @Open() occurredOn!: string;
  @Open() recordedOn!: string;
  /** From the act to its entry. */
  @Open() workingDays!: number;
  @Internal() reason!: string;
}

@EventType({ zh: '线索登记', en: 'Clue recorded', basis: '市场监督管理行政处罚程序规定第18条' })
export class ClueRecorded {
  @Open() bodyId!: string;
  /** One of the seven sources (J02) or `inspection`, `transfer`, `superior`. */
  @Open() source!: string;
  /** The complaint, inspection or letter it came from. */
  @Internal() sourceReference?: string;
  @Internal() topic!: string;
  @Internal() summary!: string;
  @Open() discoveredOn!: string;
}

@EventType({ zh: '核查期限延长', en: 'Filing check extended', basis: '市场监督管理行政处罚程序规定第18条' })
export class FilingCheckExtended {
  @Internal() reason!: string;
  @Internal() approvedBy!: string;
}

@EventType({ zh: '不予立案', en: 'Filing declined', basis: '市场监督管理行政处罚程序规定第20条' })
export class FilingDeclined {
  @Open() ground!: string;
  @Internal() reason!: string;
  @Internal() approvedBy!: string;
}

/** The party (当事人) as the opening events of a case carry it. Personal fields are encrypted under the party's key. */
export abstract class CaseParty {
  /** Opaque id of the subject; the key under which the personal fields are encrypted. */
  @Open() partyId!: string;
  @Open() partyKind!: PartyKind;
  /** The name as it may be published: masked for a natural person. */
  @Open() partyPublicName!: string;
  /** Unified social credit code of an organisation or individual business; absent for a natural person. */
  @Open() partyPublicIdentifier?: string;
  @Personal('party') partyName!: string;
  @Personal('party') partyIdentifier?: string;
  @Personal('party') legalRepresentative?: string;
  @Personal('party') address?: string;
  @Personal('party') phone?: string;
  @Personal('party') birthDate?: string;
}

@EventType({ zh: '立案', en: 'Case filed', basis: '行政处罚法第54条' })
export class CaseFiled extends CaseParty {
  @Open() caseNumber!: string;
  @Open() bodyId!: string;
  @Open() powerCode!: string;
  /** 案由: the suspected violation. */
  @Open() cause!: string;
  /** Articles that the violation falls under. */
  @Open() legalBasis!: string[];
  @Open() officers!: string[];
  @Internal() approvedBy!: string;
  @Open() filedOn!: string;
  /** Last day of the violation, from which limitation runs (行政处罚法 36). */
  @Internal() violationEndedOn!: string;
  /** Life, health or financial safety harmed: five years instead of two. */
  @Internal() graveHarm!: boolean;
  /** Earlier penalties of the same party for the like (F03, 行政处罚法 33). */
  @Internal() priorOffences!: number;
}

@EventType({ zh: '当场处罚立卷', en: 'On-the-spot case opened', basis: '行政处罚法第51条' })
export class OnTheSpotCaseOpened extends CaseParty {
  /** The number printed on the form (行政处罚法 52). */
  @Open() formNumber!: string;
  @Open() bodyId!: string;
  @Open() powerCode!: string;
  @Open() cause!: string;
  @Open() legalBasis!: string[];
  @Open() officers!: string[];
  @Open() place!: string;
  @Internal() priorOffences!: number;
}

@EventType({ zh: '指派执法人员', en: 'Officers assigned', basis: '行政处罚法第42条' })
export class OfficersAssigned {
  /** All the officers of the case from now on. */
  @Open() officers!: string[];
  @Internal() reason!: string;
}

@EventType({ zh: '执法人员回避', en: 'Officer recused', basis: '行政处罚法第43条' })
export class OfficerRecused {
  @Open() officerId!: string;
  /** `own_motion` or `party`. */
  @Open() requestedBy!: string;
  @Internal() reason!: string;
  @Internal() decidedBy!: string;
}

@EventType({ zh: '驳回回避申请', en: 'Recusal refused', basis: '行政处罚法第43条' })
export class RecusalRefused {
  @Open() officerId!: string;
  @Open() requestedBy!: string;
  @Internal() reason!: string;
  @Internal() decidedBy!: string;
}

@EventType({ zh: '出示执法证件', en: 'Credential shown', basis: '行政处罚法第55条' })
export class CredentialShown {
  @Open() officers!: string[];
  /** `party` or `other`. */
  @Open() shownTo!: string;
  @Internal() place!: string;
}
