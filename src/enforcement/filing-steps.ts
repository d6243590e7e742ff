import { event } from '../kernel/event';
import { contentOf } from './case-fields';
import { publicPartyName } from '../law/identifiers';
import { parameter } from '../law/parameters';
import { powerDecider, powerOn } from '../registry/power';
import { extendClock, startPromise } from './case-clocks';
import { clockKey } from './case-state';
import * as Do from './filing-commands';
import * as E from './filing-events';
import * as G from './gates';
import { personOf, step, type Act, type Step } from './procedure';

/** The party's fields as an opening event carries them, with what of them is public. */
export const partyOf = (command: Do.PartyFields): E.CaseParty => ({
  partyId: command.partyId,
  partyKind: command.partyKind,
  partyPublicName: publicPartyName(command.partyKind, command.partyName),
  partyPublicIdentifier: command.partyKind === 'natural_person' ? undefined : command.partyIdentifier,
  partyName: command.partyName,
  partyIdentifier: command.partyIdentifier,
  legalRepresentative: command.legalRepresentative,
  address: command.address,
  phone: command.phone,
  birthDate: command.birthDate,
});

/** The promised limit of the power, where the catalogue has one (B06). */
function promiseOf({ command, at, bodyId }: Act<Do.FileCase>): object[] {
  const days = powerOn(at.lookUp(powerDecider, command.powerCode), at.occurredOn)?.promisedDays;
  if (days === undefined) return [];
  return [startPromise({ from: at.occurredOn, bodyId, post: 'officer', officers: command.officers }, days)];
}

const told = { zh: '知悉立案、承办人员和救济渠道', en: 'to know of the filing, the officers and the remedies' };
const recusal = { zh: '申请回避', en: 'to ask for recusal' };

export const filingSteps: readonly Step[] = [
  step({
    command: Do.RecordClue,
    zh: '登记线索',
    en: 'Record a clue',
    basis: '市场监督管理行政处罚程序规定第18条',
    link: 'filing',
    may: ['officer', 'head'],
    stages: ['unopened'],
    next: 'clue',
    anyOfBody: true,
    gates: [G.bodyAnnounced],
    starts: [{ clock: 'penalty.filing_check' }],
    record: ({ command, at }) => [event(E.ClueRecorded, { ...contentOf(command), discoveredOn: at.occurredOn })],
  }),
  step({
    command: Do.ExtendFilingCheck,
    zh: '延长核查期限',
    en: 'Extend the check before filing',
    basis: '市场监督管理行政处罚程序规定第18条',
    link: 'filing',
    may: ['head'],
    stages: ['clue'],
    gates: [G.checkNotExtended],
    record: ({ command, state, at }) => {
      const more = parameter('penalty.filing_check_extension', at.occurredOn);
      return [
        event(E.FilingCheckExtended, { reason: command.reason, approvedBy: personOf(at.actor) }),
        extendClock(state.clocks[clockKey('penalty.filing_check')], more.value, more.basis),
      ];
    },
  }),
  step({
    command: Do.DeclineFiling,
    zh: '不予立案',
    en: 'Decline to file',
    basis: '市场监督管理行政处罚程序规定第20条',
    link: 'filing',
    may: ['head'],
    stages: ['clue'],
    next: 'declined',
    gates: [],
    stops: [{ clock: 'penalty.filing_check' }],
    rights: [{ zh: '举报人知悉是否立案', en: 'the informant is told whether a case is filed' }],
    record: ({ command, at }) => [
      event(E.FilingDeclined, { ground: command.ground, reason: command.reason, approvedBy: personOf(at.actor) }),
    ],
  }),
  step({
    command: Do.FileCase,
    zh: '立案',
    en: 'File the case',
    basis: '行政处罚法第54条',
    link: 'filing',
    may: ['head'],
    stages: ['clue'],
    next: 'investigation',
    acting: (c) => c.officers,
    gates: [
      G.bodyAnnounced,
      G.powerLive,
      G.enoughOfficers,
      G.credentialled,
      G.partyNamed,
      G.partyIdentifierValid,
      G.violationPast,
      G.withinLimitation,
    ],
    stops: [{ clock: 'penalty.filing_check' }],
    starts: [{ clock: 'penalty.decision' }],
    rights: [told, recusal],
    record: (act) => {
      const { command, at, bodyId } = act;
      const { caseNumber, powerCode, cause, legalBasis, officers, violationEndedOn, graveHarm, priorOffences } =
        command;
      return [
        event(E.CaseFiled, {
          caseNumber,
          bodyId,
          powerCode,
          cause,
          legalBasis,
          officers,
          approvedBy: personOf(at.actor),
          filedOn: at.occurredOn,
          violationEndedOn,
          graveHarm,
          priorOffences,
          ...partyOf(command),
        }),
        ...promiseOf(act),
      ];
    },
  }),
  step({
    command: Do.AssignOfficers,
    zh: '指派执法人员',
    en: 'Assign officers',
    basis: '市场监督管理行政处罚程序规定第19条',
    link: 'filing',
    may: ['head'],
    stages: ['investigation', 'concluded', 'reviewed', 'noticed', 'decided', 'served'],
    acting: (c) => c.officers,
    gates: [G.enoughOfficers, G.credentialled, G.notRecused, G.notReviewer],
    rights: [recusal],
    record: ({ command }) => [event(E.OfficersAssigned, contentOf(command))],
  }),
  step({
    command: Do.RecuseOfficer,
    zh: '决定回避',
    en: 'Decide on recusal',
    basis: '行政处罚法第43条',
    link: 'filing',
    may: ['head'],
    stages: ['investigation', 'concluded', 'review', 'reviewed', 'noticed', 'decided'],
    gates: [G.officerOnCase],
    rights: [recusal],
    record: ({ command, at }) => {
      const { officerId, requestedBy, reason } = command;
      const decided = { officerId, requestedBy, reason, decidedBy: personOf(at.actor) };
      return [command.granted ? event(E.OfficerRecused, decided) : event(E.RecusalRefused, decided)];
    },
  }),
  step({
    command: Do.ShowCredential,
    zh: '出示执法证件',
    en: 'Show the credential',
    basis: '行政处罚法第55条、A04',
    link: 'investigation',
    may: ['officer'],
    stages: ['clue', 'investigation', 'reviewed', 'noticed', 'decided'],
    acting: (c) => c.officers,
    gates: [G.bodyAnnounced, ...G.twoOfficers],
    rights: [
      { zh: '要求出示证件，不出示的拒绝调查', en: 'to see the credential, and to refuse the inquiry without it' },
    ],
    mayPrecede: true,
    record: ({ command }) => [event(E.CredentialShown, contentOf(command))],
  }),
];
