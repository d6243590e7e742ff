import { bodyDecider, isAnnounced } from '../registry/body';
import { holdsCredential, officerDecider, postingOn } from '../registry/officer';
import { isPowerOf, powerDecider } from '../registry/power';
import { deadline } from '../law/clocks';
import { isValidIdCard, isValidUscc, publicPartyName } from '../law/identifiers';
import { parameter, parameterVersions } from '../law/parameters';
import { openClock } from './case-state';
import type { PartyFields } from './filing-commands';
import { gate, personOf, type Gate } from './procedure';

// Gates that open or shut every step: who acts, for which body, under which power, shown to be entitled (A, B, 行政处罚法 17-55).

export const bodyAnnounced = gate({
  id: 'body_not_announced',
  zh: '该执法主体当日未经公告或已被清理，不得行使执法权。',
  en: 'The body was not announced, or was removed, on that day and may not enforce.',
  basis: 'A02、行政处罚法第17条、第38条',
  holds: ({ at, bodyId }) => isAnnounced(at.lookUp(bodyDecider, bodyId), at.occurredOn),
});

export const powerLive = gate({
  id: 'power_not_live',
  zh: '该职权事项当日不在目录中，或不属于本主体。',
  en: 'The power was not in force that day, or is not of this body.',
  basis: 'B03、行政处罚法第38条',
  field: 'powerCode',
  holds: ({ command, state, at, bodyId }) => {
    const code = 'powerCode' in command ? String(command.powerCode) : state.powerCode;
    return isPowerOf(at.lookUp(powerDecider, code), bodyId, at.occurredOn);
  },
});

export const enoughOfficers = gate({
  id: 'two_officers_required',
  zh: '执法人员不得少于两人。',
  en: 'At least two officers are required.',
  basis: '行政处罚法第42条',
  field: 'officers',
  holds: ({ acting, at }) => new Set(acting).size >= parameter('penalty.min_officers', at.occurredOn).value,
});

export const credentialled = gate({
  id: 'credential_invalid',
  zh: '执法人员当日未持有本主体的有效执法证件。',
  en: 'An officer held no valid credential of this body on that day.',
  basis: 'A04、行政处罚法第42条',
  field: 'officers',
  holds: ({ acting, at, bodyId }) =>
    acting.every((id) => {
      const officer = at.lookUp(officerDecider, id);
      return holdsCredential(officer, at.occurredOn) && postingOn(officer, at.occurredOn)?.bodyId === bodyId;
    }),
});

export const assigned = gate({
  id: 'officer_not_assigned',
  zh: '执法人员未被指派办理本案。',
  en: 'An officer is not assigned to this case.',
  basis: '市场监督管理行政处罚程序规定第19条',
  field: 'officers',
  holds: ({ acting, state }) => state.filedOn === '' || acting.every((id) => state.officers.includes(id)),
});

export const credentialShown = gate({
  id: 'credential_not_shown',
  zh: '执法人员未出示执法证件，当事人有权拒绝接受调查或者检查。',
  en: 'The credential was not shown; the party may refuse the inquiry or inspection.',
  basis: '行政处罚法第55条、A04',
  field: 'officers',
  holds: ({ acting, state }) => acting.every((id) => state.shownBy.includes(id)),
});

/** Two credentialled officers of the case. */
export const twoOfficers: readonly Gate[] = [enoughOfficers, credentialled, assigned];

/** The same, having shown their credentials. */
export const onSite: readonly Gate[] = [...twoOfficers, credentialShown];

export const notRecused = gate({
  id: 'officer_recused',
  zh: '已回避的人员不得再办理本案。',
  en: 'An officer who was recused may not come back to the case.',
  basis: '行政处罚法第43条',
  field: 'officers',
  holds: ({ acting, state }) => acting.every((id) => !state.recused.includes(id)),
});

export const notReviewer = gate({
  id: 'reviewer_may_not_investigate',
  zh: '审核过本案的人员不得办理本案。',
  en: 'Who has reviewed the case may not investigate it.',
  basis: 'C10、市场监督管理行政处罚程序规定第49条',
  field: 'officers',
  holds: ({ acting, state }) => acting.every((id) => !state.reviewers.includes(id)),
});

/** Who leads decides, and did not investigate or review (C10). */
export const deciderSeparate = gate({
  id: 'decider_not_separate',
  zh: '办案人员和审核人员不得作出决定。',
  en: 'Who investigated or reviewed the case may not decide it.',
  basis: 'C10、行政处罚法第57条',
  holds: ({ at, state }) =>
    !state.investigators.includes(personOf(at.actor)) && !state.reviewers.includes(personOf(at.actor)),
});

/** What a notice will show must be something: a name of blanks or dots alone is none. */
export const partyNamed = gate<PartyFields>({
  id: 'party_name_missing',
  zh: '应当写明当事人的姓名或者名称。',
  en: 'The name of the party is missing.',
  basis: '行政处罚法第59条',
  field: 'partyName',
  holds: ({ command: { partyKind, partyName } }) => publicPartyName(partyKind, partyName) !== '',
});

/** A person may have another document, such as a foreign passport; what is as long as an identity number must be one. */
export const partyIdentifierValid = gate<PartyFields>({
  id: 'party_identifier_invalid',
  zh: '单位、个体工商户应当填写正确的统一社会信用代码或者不填；自然人的公民身份号码应当正确。',
  en: 'Anybody but a person has a valid unified social credit code or none here; an identity number must check.',
  basis: 'GB 11643、GB 32100',
  field: 'partyIdentifier',
  holds: ({ command: { partyIdentifier: id, partyKind } }) =>
    id === undefined || (partyKind === 'natural_person' ? id.length !== 18 || isValidIdCard(id) : isValidUscc(id)),
});

export const withinLimitation = gate<{ violationEndedOn: string; graveHarm: boolean }>({
  id: 'limitation_over',
  zh: '违法行为在追责时效内未被发现，不再给予行政处罚。',
  en: 'The violation was not discovered within the limitation; no penalty may be given any more.',
  basis: '行政处罚法第36条、第37条',
  field: 'violationEndedOn',
  holds: ({ command: { violationEndedOn, graveHarm }, state }) => {
    // The law of the day of the violation, being lighter: the longer time did not exist before 2021-07-15 (37).
    const longer = parameterVersions('penalty.limitation_grave').some((p) => p.validFrom <= violationEndedOn);
    const id = graveHarm && longer ? 'penalty.limitation_grave' : 'penalty.limitation';
    return state.discoveredOn <= deadline(id, violationEndedOn).dueOn;
  },
});

export const violationPast = gate<{ violationEndedOn: string }>({
  id: 'violation_in_future',
  zh: '违法行为终了日期晚于立案日期。',
  en: 'The violation is dated after the filing.',
  basis: '行政处罚法第36条',
  field: 'violationEndedOn',
  holds: ({ command, at }) => command.violationEndedOn <= at.occurredOn,
});

export const checkNotExtended = gate({
  id: 'check_extended_already',
  zh: '核查期限只能延长一次，且须在期限届满前批准。',
  en: 'The check before filing may be extended once, before it runs out.',
  basis: '市场监督管理行政处罚程序规定第18条',
  holds: ({ state, at }) => {
    const clock = openClock(state, 'penalty.filing_check');
    return !state.checkExtended && clock !== undefined && at.occurredOn <= clock.dueOn;
  },
});

export const officerOnCase = gate<{ officerId: string }>({
  id: 'officer_not_on_case',
  zh: '该人员不在本案办案人员中。',
  en: 'This officer is not on the case.',
  basis: '行政处罚法第43条',
  field: 'officerId',
  holds: ({ command, state }) => state.officers.includes(command.officerId),
});
