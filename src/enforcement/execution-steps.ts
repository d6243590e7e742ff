import { event } from '../kernel/event';
import { contentOf } from './case-fields';
import { addYears } from '../law/calendar';
import { parameter } from '../law/parameters';
import { moveDue, stopClock } from './case-clocks';
import { startedByLaw } from '../clocks/clocks';
import { openClock, outstanding, unpaidFine, yuan } from './case-state';
import { tableOfContents } from './contents';
import { recordingsPresent } from './evidence-gates';
import * as Do from './execution-commands';
import * as E from './execution-events';
import * as G from './execution-gates';
import { lateSurcharge } from './late-surcharge';
import { personOf, step, type Act, type Step } from './procedure';

function paid({ command, state, at }: Act<Do.RecordPayment>): object[] {
  const { amountYuan, receiptNumber, payeeId } = command;
  const left = yuan(outstanding(state) - amountYuan);
  const on = at.occurredOn;
  return [
    event(E.FinePaid, { amountYuan, receiptNumber, payeeId, paidOn: on, outstandingYuan: left }),
    ...(unpaidFine(state) - amountYuan <= 0 ? stopClock(state, 'penalty.payment', on) : []),
    ...(left === 0 && !openClock(state, 'penalty.close')
      ? [
          startedByLaw({
            clock: 'penalty.close',
            from: on,
            bodyId: state.bodyId,
            post: 'officer',
            officers: state.officers,
          }),
        ]
      : []),
  ];
}

const apply = { zh: '申请延期、分期缴纳', en: 'to apply for deferral or instalments' };
const remedy = { zh: '申请行政复议、提起行政诉讼', en: 'to apply for reconsideration or bring an action' };

const payment: readonly Step[] = [
  step({
    command: Do.RecordPayment,
    zh: '登记缴款',
    en: 'Record a payment',
    basis: 'C04、行政处罚法第67条',
    link: 'execution',
    may: ['cashier'],
    stages: ['served'],
    gates: [G.payeeSeparate, G.receiptNew, G.notOverpaid],
    rights: [apply],
    outside: true,
    record: paid,
  }),
  step({
    command: Do.DeferPayment,
    zh: '批准延期缴纳',
    en: 'Approve a deferral',
    basis: '行政处罚法第66条',
    link: 'execution',
    may: ['head'],
    stages: ['served'],
    gates: [G.fineOpen, G.deferredForward],
    rights: [apply],
    record: ({ command, state, at }) => {
      const clock = openClock(state, 'penalty.payment');
      return [
        event(E.PaymentDeferred, { ...contentOf(command), approvedBy: personOf(at.actor) }),
        ...(clock ? [moveDue(clock, command.until, '行政处罚法第66条')] : []),
      ];
    },
  }),
  step({
    command: Do.ApproveInstalments,
    zh: '批准分期缴纳',
    en: 'Approve instalments',
    basis: '行政处罚法第66条',
    link: 'execution',
    may: ['head'],
    stages: ['served'],
    gates: [G.fineOpen, G.planComplete],
    rights: [apply],
    record: ({ command, state, at }) => {
      const clock = openClock(state, 'penalty.payment');
      const last = command.plan[command.plan.length - 1].dueOn;
      return [
        event(E.InstalmentsApproved, { ...contentOf(command), approvedBy: personOf(at.actor) }),
        ...(clock ? [moveDue(clock, last, '行政处罚法第66条')] : []),
      ];
    },
  }),
  step({
    command: Do.AssessLateSurcharge,
    zh: '加处罚款',
    en: 'Assess the late surcharge',
    basis: '行政处罚法第72条',
    link: 'execution',
    may: ['officer', 'system'],
    stages: ['served'],
    gates: [],
    rights: [remedy],
    record: ({ state, at }) => {
      const surcharge = lateSurcharge(state, at.occurredOn);
      return !surcharge || surcharge.amountYuan === state.surchargeYuan
        ? []
        : [event(E.LateSurchargeAssessed, surcharge)];
    },
  }),
];

const enforcement: readonly Step[] = [
  step({
    command: Do.DemandPerformance,
    zh: '催告',
    en: 'Demand performance',
    basis: '行政强制法第54条',
    link: 'execution',
    may: ['officer'],
    stages: ['served'],
    gates: [G.fineOpen, G.overdue],
    rights: [{ zh: '陈述、申辩', en: 'to state and to defend' }],
    record: ({ command, at }) => [event(E.PerformanceDemanded, { ...contentOf(command), demandedOn: at.occurredOn })],
  }),
  step({
    command: Do.RecordRemedySought,
    zh: '登记复议、诉讼',
    en: 'Record a remedy that is sought',
    basis: '行政处罚法第73条',
    link: 'execution',
    may: ['officer', 'reviewer'],
    stages: ['decided', 'served', 'closed', 'archived'],
    gates: [G.remedyNew],
    record: ({ command, at }) => [event(E.RemedySought, { ...contentOf(command), soughtOn: at.occurredOn })],
  }),
  step({
    command: Do.RecordRemedyEnded,
    zh: '登记复议、诉讼结果',
    en: 'Record how a remedy ended',
    basis: '行政处罚法第73条、P02',
    link: 'execution',
    may: ['officer', 'reviewer'],
    stages: ['decided', 'served', 'closed', 'archived'],
    gates: [G.remedyOpen],
    record: ({ command, state, at }) => {
      const kind = state.remedies.find((r) => r.id === command.remedyId)?.kind ?? '';
      return [event(E.RemedyEnded, { ...contentOf(command), kind, endedOn: at.occurredOn })];
    },
  }),
  step({
    command: Do.ApplyToCourt,
    zh: '申请法院强制执行',
    en: 'Apply to the court for enforcement',
    basis: '行政强制法第53条',
    link: 'execution',
    may: ['head'],
    stages: ['served'],
    gates: [G.fineOpen, G.demandedInVain, G.courtTimely],
    record: ({ command, state, at }) => [
      event(E.CourtEnforcementApplied, {
        court: command.court,
        appliedOn: at.occurredOn,
        outstandingYuan: outstanding(state),
      }),
    ],
  }),
];

const ending: readonly Step[] = [
  step({
    command: Do.CloseCase,
    zh: '结案',
    en: 'Close the case',
    basis: '市场监督管理行政处罚程序规定第77条',
    link: 'execution',
    may: ['head'],
    stages: ['decided', 'served', 'ended'],
    next: 'closed',
    gates: [G.closingGroundHolds, G.collectedHandedOver, G.onTheSpotFiled, recordingsPresent],
    stops: [{ clock: 'penalty.close' }],
    record: ({ command, at }) => [
      event(E.CaseClosed, { ...contentOf(command), approvedBy: personOf(at.actor), closedOn: at.occurredOn }),
    ],
  }),
  step({
    command: Do.ArchiveCase,
    zh: '归档',
    en: 'Archive',
    basis: 'G02、市场监督管理行政处罚程序规定第78条',
    link: 'execution',
    may: ['officer'],
    stages: ['closed', 'declined'],
    next: 'archived',
    anyOfBody: true,
    gates: [],
    record: ({ command, state, at }) => {
      const contents = tableOfContents(state.documents);
      const years = parameter('penalty.archive_retention', at.occurredOn).value;
      return [
        event(E.CaseArchived, {
          fileNumber: command.fileNumber,
          contents,
          pages: contents.reduce((sum, entry) => sum + entry.toPage - entry.fromPage + 1, 0),
          archivedOn: at.occurredOn,
          retentionYears: years,
          retainUntil: addYears(at.occurredOn, years),
        }),
      ];
    },
  }),
];

/** What follows a served decision of either procedure. */
export const executionSteps: readonly Step[] = [...payment, ...enforcement, ...ending];
