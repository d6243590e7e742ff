import { event } from '../kernel/event';
import { parameter } from '../law/parameters';
import { confiscationOf, fineOf, unpaidFine, yuan } from './case-state';
import { stopClock } from './case-clocks';
import { DecisionServed, PenaltyDecided } from './decision-events';
import * as W from './discretion-gates';
import { recordingsPresent } from './evidence-gates';
import * as Pay from './execution-commands';
import * as X from './execution-events';
import { CredentialShown, OnTheSpotCaseOpened } from './filing-events';
import { partyOf } from './filing-steps';
import * as G from './gates';
import { personOf, step, type Act, type Gate, type Step } from './procedure';
import { DecideOnTheSpot } from './simple-commands';

const credentialShownThere: Gate<DecideOnTheSpot> = {
  id: 'credential_not_shown',
  zh: '当场作出处罚决定的，应当向当事人出示执法证件。',
  en: 'Who punishes on the spot must show the credential to the party.',
  basis: '行政处罚法第52条、A04',
  field: 'credentialShown',
  holds: ({ command }) => command.credentialShown,
};

const toldThere: Gate<DecideOnTheSpot> = {
  id: 'rights_not_told',
  zh: '当场处罚前应当告知拟处罚内容及事实、理由、依据，并听取陈述、申辩。',
  en: 'Before an on-the-spot penalty the party is told what and why, and heard.',
  basis: '行政处罚法第44条、第45条、市场监督管理行政处罚程序规定第69条',
  field: 'rightsTold',
  holds: ({ command }) => command.rightsTold,
};

const notReported: Gate = {
  id: 'reported_already',
  zh: '已经备案。',
  en: 'Reported already.',
  basis: '行政处罚法第52条',
  holds: ({ state }) => !state.reported,
};

const collectible: Gate<Pay.CollectOnTheSpot> = {
  id: 'may_not_collect',
  zh: '只有一百元以下、事后难以执行，或者边远、水上、交通不便地区经当事人提出的，才可以当场收缴。',
  en: 'Only small fines, fines that are hard to enforce later, or on request in remote areas, are collected on the spot.',
  basis: '行政处罚法第68条、第69条',
  field: 'ground',
  holds: ({ command, state, at }) => {
    const { ground, reason, amountYuan } = command;
    if (amountYuan <= 0 || amountYuan !== unpaidFine(state)) return false;
    const small = parameter('penalty.on_spot_collection_max', at.occurredOn).value;
    return ground === 'small' ? amountYuan <= small : reason !== undefined;
  },
};

const handOverInOrder: Gate<Pay.HandOverCollectedFine> = {
  id: 'hand_over_out_of_order',
  zh: '当场收缴的罚款应当先交至行政机关，再由机关缴付银行，数额一致。',
  en: 'What was collected goes whole to the body first and then from the body to the bank.',
  basis: '行政处罚法第71条',
  field: 'handedTo',
  holds: ({ command, state: { collected } }) =>
    command.amountYuan === collected.amountYuan &&
    !collected.handedTo.includes(command.handedTo) &&
    (command.handedTo === 'body' || collected.handedTo.includes('body')),
};

function decidedOnTheSpot(act: Act<DecideOnTheSpot>): object[] {
  const { command, at, bodyId, procedure } = act;
  const { formNumber, powerCode, cause, legalBasis, officers, place, priorOffences, penalties } = command;
  const party = partyOf(command);
  return [
    event(OnTheSpotCaseOpened, {
      formNumber,
      bodyId,
      powerCode,
      cause,
      legalBasis,
      officers,
      place,
      priorOffences,
      ...party,
    }),
    event(CredentialShown, { officers, shownTo: 'party', place }),
    event(PenaltyDecided, {
      procedure: procedure.id,
      documentNumber: formNumber,
      outcome: 'penalty',
      decidedOn: at.occurredOn,
      bodyId,
      powerCode,
      partyId: party.partyId,
      partyKind: party.partyKind,
      partyPublicName: party.partyPublicName,
      partyPublicIdentifier: party.partyPublicIdentifier,
      violation: cause,
      publicFacts: command.publicFacts,
      evidence: command.evidence,
      legalBasis,
      penalties,
      fineYuan: fineOf(penalties),
      confiscatedYuan: confiscationOf(penalties),
      level: command.level,
      withinBand: W.isWithinBand(act),
      outsideBandReason: command.outsideBandReason,
      discretionReason: command.discretionReason,
      defenceAnswer: command.defenceAnswer,
      grave: false,
      remedies: command.remedies,
      performance: command.performance,
      officers,
      decidedBy: personOf(at.actor),
      pages: command.pages,
    }),
    event(DecisionServed, {
      documentNumber: formNumber,
      method: 'in_person',
      servedOn: at.occurredOn,
      officers,
      toldOfPublication: command.toldOfPublication,
      signatureRefused: command.signatureRefused,
      receiptSha256: command.receiptSha256,
      pages: 1,
    }),
  ];
}

export const simpleSteps: readonly Step[] = [
  step({
    command: DecideOnTheSpot,
    zh: '当场处罚',
    en: 'Punish on the spot',
    basis: '行政处罚法第51条、第52条',
    link: 'decision',
    may: ['officer'],
    stages: ['unopened'],
    next: 'served',
    acting: (c) => c.officers,
    gates: [
      G.bodyAnnounced,
      G.powerLive,
      G.enoughOfficers,
      G.credentialled,
      G.partyNamed,
      G.partyIdentifierValid,
      credentialShownThere,
      toldThere,
      W.penaltiesFitOutcome,
      W.termsStated,
      W.oneFine,
      W.simpleLimits,
      W.oldEnough,
      W.lighterForMinors,
      W.benchmarkOfPower,
      W.bandOrReason,
      W.firstOffenceWeighed,
    ],
    starts: [
      { clock: 'penalty.simple_file' },
      { clock: 'penalty.payment', bindsParty: true, when: ({ command }) => fineOf(command.penalties) > 0 },
      { clock: 'penalty.close', when: ({ command }) => fineOf(command.penalties) === 0 },
    ],
    recording: { level: 'partial' },
    rights: [
      { zh: '要求出示证件', en: 'to see the credential' },
      { zh: '当场陈述、申辩', en: 'to state and defend on the spot' },
      { zh: '拒收不出具专用票据的当场收缴', en: 'to refuse to pay without the official receipt' },
      { zh: '申请行政复议、提起行政诉讼', en: 'to apply for reconsideration or bring an action' },
    ],
    publishes: { zh: '行政处罚决定', en: 'the decision', parameter: 'disclosure.penalty' },
    record: decidedOnTheSpot,
  }),
  step({
    command: Pay.ReportOnTheSpot,
    zh: '当场处罚备案',
    en: 'Report the on-the-spot penalty',
    basis: '行政处罚法第52条、市场监督管理行政处罚程序规定第70条',
    link: 'decision',
    may: ['officer'],
    stages: ['served'],
    gates: [notReported, recordingsPresent],
    stops: [{ clock: 'penalty.simple_file' }],
    record: ({ state, at }) => [
      event(X.OnTheSpotReported, { formNumber: state.decision?.documentNumber ?? '', reportedOn: at.occurredOn }),
    ],
  }),
  step({
    command: Pay.CollectOnTheSpot,
    zh: '当场收缴罚款',
    en: 'Collect the fine on the spot',
    basis: '行政处罚法第68条至第70条',
    link: 'execution',
    may: ['officer'],
    stages: ['served'],
    acting: (c) => c.officers,
    gates: [G.enoughOfficers, G.credentialled, collectible],
    starts: [{ clock: 'penalty.receipt_handover' }, { clock: 'penalty.close' }],
    rights: [
      {
        zh: '不出具财政部门统一制发的专用票据的，有权拒绝缴纳',
        en: 'to refuse payment without the official receipt',
      },
    ],
    record: ({ command, state, at }) => [
      event(X.FineCollectedOnTheSpot, {
        amountYuan: yuan(command.amountYuan),
        receiptNumber: command.receiptNumber,
        ground: command.ground,
        reason: command.reason,
        collectedOn: at.occurredOn,
        officers: command.officers,
      }),
      ...stopClock(state, 'penalty.payment', at.occurredOn),
    ],
  }),
  step({
    command: Pay.HandOverCollectedFine,
    zh: '交付当场收缴的罚款',
    en: 'Hand over the collected fine',
    basis: '行政处罚法第71条',
    link: 'execution',
    may: ['officer'],
    stages: ['served'],
    gates: [handOverInOrder],
    stops: [
      { clock: 'penalty.receipt_handover', when: ({ command }) => command.handedTo === 'body' },
      { clock: 'penalty.receipt_bank', when: ({ command }) => command.handedTo === 'bank' },
    ],
    starts: [{ clock: 'penalty.receipt_bank', when: ({ command }) => command.handedTo === 'body' }],
    record: ({ command, at }) => [
      event(X.CollectedFineHandedOver, {
        handedTo: command.handedTo,
        amountYuan: command.amountYuan,
        handedOverOn: at.occurredOn,
        voucher: command.voucher,
      }),
    ],
  }),
];
