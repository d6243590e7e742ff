import { event } from '../kernel/event';
import { contentOf } from './case-fields';
import { parameter } from '../law/parameters';
import { extendClock, PROMISED, resumeClocks, suspendClocks } from './case-clocks';
import { clockKey } from './case-state';
import * as W from './discretion-gates';
import { timeNotSuspended, extensionInTime, furtherExtensionCollective } from './decision-gates';
import * as V from './evidence-gates';
import { evidenceSteps, looking, recordingSteps, undecided } from './evidence-steps';
import * as G from './gates';
import * as Do from './investigation-commands';
import * as E from './investigation-events';
import { personOf, step, type Gate, type Step } from './procedure';

const speak = { zh: '陈述、申辩', en: 'to state and to defend' };

/** The four steps before a penalty (C01), each on its own row. */
const priorSteps: readonly Step[] = [
  step({
    command: Do.GivePriorNotice,
    zh: '先行告知',
    en: 'Give prior notice',
    basis: 'C01',
    link: 'investigation',
    may: ['officer'],
    stages: looking,
    acting: (c) => c.officers,
    gates: G.twoOfficers,
    rights: [speak],
    mayPrecede: true,
    record: ({ command }) => [event(E.PriorNoticeGiven, contentOf(command))],
  }),
  step({
    command: Do.GiveGuidance,
    zh: '指导服务',
    en: 'Give guidance',
    basis: 'C01',
    link: 'investigation',
    may: ['officer'],
    stages: looking,
    acting: (c) => c.officers,
    gates: [...G.twoOfficers, V.afterNotice],
    mayPrecede: true,
    record: ({ command }) => [event(E.GuidanceGiven, contentOf(command))],
  }),
  step({
    command: Do.OrderRectification,
    zh: '责令改正',
    en: 'Order rectification',
    basis: 'C01、行政处罚法第28条',
    link: 'investigation',
    may: ['officer'],
    stages: looking,
    acting: (c) => c.officers,
    gates: [...G.twoOfficers, V.afterGuidance],
    rights: [speak],
    mayPrecede: true,
    record: ({ command }) => [event(E.RectificationOrdered, contentOf(command))],
  }),
  step({
    command: Do.CheckRectification,
    zh: '复查整改',
    en: 'Check rectification',
    basis: 'C01',
    link: 'investigation',
    may: ['officer'],
    stages: looking,
    acting: (c) => c.officers,
    gates: [...G.twoOfficers, V.afterOrder],
    mayPrecede: true,
    record: ({ command }) => [event(E.RectificationChecked, contentOf(command))],
  }),
  step({
    command: Do.SkipPriorSteps,
    zh: '说明不适用前置步骤',
    en: 'Skip the prior steps, with reasons',
    basis: 'C01',
    link: 'investigation',
    may: ['head'],
    stages: looking,
    gates: [],
    record: ({ command }) => [event(E.PriorStepsSkipped, contentOf(command))],
  }),
];

const notSuspendedOnThisGround: Gate<Do.SuspendClock> = {
  id: 'suspended_already',
  zh: '已因同一事由中止；立案前只能因检测、鉴定中止核查期限。',
  en: 'Suspended on this ground already; before filing only testing suspends the check.',
  basis: '市场监督管理行政处罚程序规定第18条、第64条',
  field: 'ground',
  holds: ({ command, state }) =>
    !state.suspensions.includes(command.ground) && (state.stage !== 'clue' || command.ground === 'testing'),
};

const suspendedOnThisGround: Gate<Do.ResumeClock> = {
  id: 'not_suspended',
  zh: '没有因该事由中止。',
  en: 'Not suspended on this ground.',
  basis: '市场监督管理行政处罚程序规定第46条',
  field: 'ground',
  holds: ({ command, state }) => state.suspensions.includes(command.ground),
};

const time: readonly Step[] = [
  step({
    command: Do.SuspendClock,
    zh: '中止办案期限',
    en: 'Suspend the time to decide',
    basis: '市场监督管理行政处罚程序规定第46条、第64条',
    link: 'investigation',
    may: ['head'],
    stages: undecided.concat('clue'),
    gates: [notSuspendedOnThisGround],
    record: ({ command, state, at }) => [
      event(E.CaseTimeSuspended, {
        ...contentOf(command),
        approvedBy: personOf(at.actor),
        suspendedOn: at.occurredOn,
      }),
      ...suspendClocks(state, command.ground, at.occurredOn),
    ],
  }),
  step({
    command: Do.ResumeClock,
    zh: '恢复办案期限',
    en: 'Resume the time to decide',
    basis: '市场监督管理行政处罚程序规定第46条',
    link: 'investigation',
    may: ['head', 'officer'],
    stages: undecided.concat('clue'),
    gates: [suspendedOnThisGround],
    record: ({ command, state, at }) => [
      event(E.CaseTimeResumed, { ground: command.ground, resumedOn: at.occurredOn }),
      ...resumeClocks(state, command.ground, at.occurredOn),
    ],
  }),
  step({
    command: Do.ExtendDecisionTime,
    zh: '延长办案期限',
    en: 'Extend the time to decide',
    basis: '市场监督管理行政处罚程序规定第64条',
    link: 'investigation',
    may: ['head'],
    stages: undecided,
    gates: [timeNotSuspended, extensionInTime, furtherExtensionCollective],
    record: ({ command, state, at }) => {
      const law = parameter('penalty.decision_extension', at.occurredOn);
      const days = command.days ?? law.value;
      return [
        event(E.DecisionTimeExtended, {
          days,
          collective: state.extensions > 0,
          reason: command.reason,
          approvedBy: personOf(at.actor),
        }),
        extendClock(state.clocks[clockKey('penalty.decision')], days, law.basis),
      ];
    },
  }),
];

const ending: readonly Step[] = [
  step({
    command: Do.ConcludeInvestigation,
    zh: '调查终结',
    en: 'Conclude the investigation',
    basis: '市场监督管理行政处罚程序规定第48条',
    link: 'investigation',
    may: ['officer'],
    stages: ['investigation'],
    next: 'concluded',
    acting: (_, state) => state.officers,
    gates: [
      G.enoughOfficers,
      G.credentialled,
      timeNotSuspended,
      V.recordingsPresent,
      V.preservationsSettled,
      V.evidenceUsable,
      V.priorStepsDone,
      W.penaltiesFitOutcome,
      W.termsStated,
      W.oneFine,
      W.oldEnough,
      W.lighterForMinors,
      W.benchmarkOfPower,
      W.bandOrReason,
      W.firstOffenceWeighed,
    ],
    record: (act) => {
      const { graveReasons = [], penalties = [], ...said } = contentOf(act.command);
      const grave = graveReasons.length > 0 || said.level === 'grave' || W.isGrave(act, penalties);
      return [event(E.InvestigationConcluded, { ...said, penalties, graveReasons, grave, officers: [...act.acting] })];
    },
  }),
  step({
    command: Do.ReopenInvestigation,
    zh: '补充调查',
    en: 'Investigate further',
    basis: '市场监督管理行政处罚程序规定第54条',
    link: 'investigation',
    may: ['head'],
    stages: ['concluded', 'reviewed', 'noticed'],
    next: 'investigation',
    gates: [timeNotSuspended],
    record: ({ command, at }) => [
      event(E.InvestigationReopened, { reason: command.reason, orderedBy: personOf(at.actor) }),
    ],
  }),
  step({
    command: Do.EndInvestigation,
    zh: '终止调查',
    en: 'End the investigation',
    basis: '市场监督管理行政处罚程序规定第47条',
    link: 'investigation',
    may: ['head'],
    stages: undecided,
    next: 'ended',
    gates: [],
    stops: [
      { clock: 'penalty.decision' },
      { clock: PROMISED },
      { clock: 'penalty.statement', moot: true },
      { clock: 'penalty.hearing_request', moot: true },
      { clock: 'penalty.review_time', moot: true, item: ({ state }) => String(state.review?.round ?? 0) },
    ],
    starts: [{ clock: 'penalty.close' }],
    record: ({ command, state, at }) => [
      event(E.InvestigationEnded, {
        reason: command.reason,
        partyId: state.party?.id ?? '',
        approvedBy: personOf(at.actor),
      }),
    ],
  }),
];

export const investigationSteps: readonly Step[] = [
  ...priorSteps,
  ...evidenceSteps,
  ...recordingSteps,
  ...time,
  ...ending,
];
