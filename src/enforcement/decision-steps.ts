import { event } from '../kernel/event';
import { contentOf } from './case-fields';
import { daysUsed, PROMISED } from './case-clocks';
import { confiscationOf, fineOf } from './case-state';
import * as Do from './decision-commands';
import * as E from './decision-events';
import * as D from './decision-gates';
import * as W from './discretion-gates';
import { priorStepsDone, recordingsPresent } from './evidence-gates';
import * as G from './gates';
import { personOf, step, type Act, type Gate, type Step } from './procedure';
import { servedOn } from './service';

const remedy = {
  zh: '申请行政复议、提起行政诉讼',
  en: 'to apply for reconsideration or bring an action',
};

const decisionStands: Gate = {
  id: 'decision_not_standing',
  zh: '没有有效的处罚决定。',
  en: 'There is no decision in force.',
  basis: '行政处罚法第75条',
  holds: ({ state }) => state.decision !== undefined && !state.decision.revoked,
};

/** An authority that corrects a decision may only lighten it; anything heavier is a new case with its own rights. */
const amendedNotHeavier: Gate<Do.AmendDecision> = {
  id: 'amended_heavier',
  zh: '变更后的处罚不得重于原决定。',
  en: 'An amended penalty may not be heavier than the decision it changes.',
  basis: '行政处罚法第45条、行政复议法第63条',
  field: 'penalties',
  holds: ({ command, state }) => !D.isHeavier(command.penalties, state.decision?.penalties ?? []),
};

const electronicConsent: Gate<Do.ServeDecision> = {
  id: 'electronic_service_without_consent',
  zh: '电子送达须经当事人同意并签订确认书。',
  en: 'Electronic service needs the confirmation that the party signed.',
  basis: '行政处罚法第61条',
  field: 'consentSha256',
  holds: ({ command }) => command.method !== 'electronic' || command.consentSha256 !== undefined,
};

const toldOfPublication: Gate<Do.ServeDecision> = {
  id: 'publication_not_told',
  zh: '送达时应当书面告知当事人处罚信息将向社会公示。',
  en: 'On service the party is told in writing that the penalty is published.',
  basis: '总局令第45号第8条',
  field: 'toldOfPublication',
  holds: ({ command, state }) => command.toldOfPublication || state.decision?.outcome !== 'penalty',
};

const fined = ({ state }: Act): boolean => (state.decision?.fineYuan ?? 0) > 0;
const published = { zh: '行政处罚决定', en: 'the decision', parameter: 'disclosure.penalty' };

function decided(act: Act<Do.DecidePenalty>): object[] {
  const { command, state, at, bodyId, procedure } = act;
  const { transferredTo, benchmarkId: _, benchmarkBaseYuan: __, penalties = [], ...said } = contentOf(command);
  return [
    event(E.PenaltyDecided, {
      ...said,
      procedure: procedure.id,
      decidedOn: at.occurredOn,
      bodyId,
      powerCode: state.powerCode,
      partyId: state.party?.id ?? '',
      partyKind: state.party?.kind ?? 'organisation',
      partyPublicName: state.party?.publicName ?? '',
      partyPublicIdentifier: state.party?.publicIdentifier,
      penalties,
      fineYuan: fineOf(penalties),
      confiscatedYuan: confiscationOf(penalties),
      withinBand: W.isWithinBand(act),
      grave: state.proposal?.grave ?? false,
      officers: [...state.officers],
      reviewerId: state.review?.reviewerId,
      decidedBy: personOf(at.actor),
      daysUsed: daysUsed(state, 'penalty.decision', at.occurredOn),
    }),
    ...(transferredTo === undefined
      ? []
      : [
          event(E.CaseTransferred, {
            transferredTo,
            transferredOn: at.occurredOn,
            reason: command.discretionReason,
            approvedBy: personOf(at.actor),
          }),
        ]),
  ];
}

export const decisionSteps: readonly Step[] = [
  step({
    command: Do.DecidePenalty,
    zh: '作出决定',
    en: 'Decide',
    basis: '行政处罚法第57条',
    link: 'decision',
    may: ['head'],
    stages: ['reviewed', 'noticed'],
    next: 'decided',
    gates: [
      G.bodyAnnounced,
      G.powerLive,
      G.deciderSeparate,
      D.timeNotSuspended,
      D.withinDecisionTime,
      D.rightsNoticed,
      D.reviewPassed,
      D.partyHeard,
      D.statementsAnswered,
      D.hearingDone,
      recordingsPresent,
      priorStepsDone,
      D.discussedWhereGrave,
      W.penaltiesFitOutcome,
      W.termsStated,
      W.oneFine,
      D.levelNamed,
      D.notHeavierThanNoticed,
      D.transferNamed,
      W.oldEnough,
      W.lighterForMinors,
      W.benchmarkOfPower,
      W.bandOrReason,
    ],
    stops: [
      { clock: 'penalty.decision' },
      { clock: PROMISED },
      { clock: 'penalty.statement', moot: true },
      { clock: 'penalty.hearing_request', moot: true },
    ],
    starts: [
      { clock: 'penalty.service', when: ({ command }) => command.outcome !== 'transfer' },
      { clock: 'penalty.close', when: ({ command }) => command.outcome === 'transfer' },
    ],
    rights: [remedy],
    publishes: published,
    record: decided,
  }),
];

/** What may become of a decision of either procedure. */
export const reversalSteps: readonly Step[] = [
  step({
    command: Do.CorrectDecision,
    zh: '更正决定书笔误',
    en: 'Correct a slip in the decision',
    basis: '行政处罚法第75条',
    link: 'decision',
    may: ['head'],
    stages: ['decided', 'served', 'closed', 'archived'],
    gates: [decisionStands],
    publishes: { zh: '更正', en: 'the correction', parameter: 'disclosure.penalty' },
    record: ({ command, state, at }) => [
      event(E.DecisionCorrected, {
        ...contentOf(command),
        documentNumber: state.decision?.documentNumber ?? '',
        approvedBy: personOf(at.actor),
      }),
    ],
  }),
  step({
    command: Do.AmendDecision,
    zh: '变更决定',
    en: 'Amend the decision',
    basis: '行政处罚法第75条',
    link: 'decision',
    may: ['head'],
    stages: ['decided', 'served', 'closed', 'archived'],
    gates: [decisionStands, W.termsStated, amendedNotHeavier],
    rights: [remedy],
    publishes: { zh: '撤回原决定信息并说明理由', en: 'withdrawal, with reasons', parameter: 'disclosure.withdrawal' },
    record: ({ command, state, at }) => [
      event(E.DecisionAmended, {
        ...contentOf(command),
        documentNumber: state.decision?.documentNumber ?? '',
        amendedOn: at.occurredOn,
        fineYuan: fineOf(command.penalties),
        confiscatedYuan: confiscationOf(command.penalties),
        approvedBy: personOf(at.actor),
      }),
    ],
  }),
  step({
    command: Do.RevokeDecision,
    zh: '撤销决定',
    en: 'Revoke the decision',
    basis: '行政处罚法第75条、第48条',
    link: 'decision',
    may: ['head'],
    stages: ['decided', 'served', 'closed', 'archived'],
    gates: [decisionStands],
    stops: [{ clock: 'penalty.service' }, { clock: 'penalty.payment' }, { clock: 'penalty.close' }],
    starts: [{ clock: 'penalty.close', when: ({ state }) => state.stage === 'decided' || state.stage === 'served' }],
    rights: [{ zh: '受到损害的，依法要求赔偿', en: 'to claim compensation for harm' }],
    publishes: { zh: '撤回决定信息并说明理由', en: 'withdrawal, with reasons', parameter: 'disclosure.withdrawal' },
    record: ({ command, state, at }) => [
      event(E.DecisionRevoked, {
        ...contentOf(command),
        documentNumber: state.decision?.documentNumber ?? '',
        revokedOn: at.occurredOn,
        approvedBy: personOf(at.actor),
      }),
    ],
  }),
];

export const serviceSteps: readonly Step[] = [
  step({
    command: Do.ServeDecision,
    zh: '送达',
    en: 'Serve the decision',
    basis: '行政处罚法第61条',
    link: 'service',
    may: ['officer'],
    stages: ['decided'],
    next: 'served',
    acting: (c) => c.officers,
    gates: [decisionStands, ...G.twoOfficers, electronicConsent, toldOfPublication],
    stops: [{ clock: 'penalty.service' }],
    starts: [
      { clock: 'penalty.payment', bindsParty: true, when: fined, from: servedOn },
      { clock: 'penalty.close', when: (act) => !fined(act), from: servedOn },
    ],
    recording: { level: 'partial', methods: ['in_person', 'left_at_address', 'electronic', 'announcement'] },
    rights: [remedy],
    record: (act) => [
      event(E.DecisionServed, {
        ...contentOf(act.command),
        documentNumber: act.state.decision?.documentNumber ?? '',
        servedOn: servedOn(act),
      }),
    ],
  }),
];
