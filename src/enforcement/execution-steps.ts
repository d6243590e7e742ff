import { event } from '../kernel/event';
import { contentOf } from '../kernel/fields';
import { deadline } from '../law/clocks';
import { addYears } from '../law/calendar';
import { parameter } from '../law/parameters';
import { moveDue, stopClock, startClock } from './case-clocks';
import { openClock, outstanding, unpaidFine, yuan, type CaseState } from './case-state';
import { tableOfContents } from './contents';
import { recordingsPresent } from './evidence-gates';
import * as Do from './execution-commands';
import * as E from './execution-events';
import { lateSurcharge } from './late-surcharge';
import type { ClosingGround } from './penalty-types';
import { personOf, step, type Act, type Gate, type Step } from './procedure';

const gate = <C extends object = object>(g: Gate<C>): Gate<C> => g;

const payeeSeparate = gate<Do.RecordPayment>({
  id: 'payee_is_the_body',
  zh: '作出罚款决定的机关应当与收缴罚款的机构分离，不得自行收缴。',
  en: 'The body that fines may not collect; a bank or payment system does.',
  basis: 'C04、行政处罚法第67条',
  field: 'payeeId',
  holds: ({ command, bodyId, at }) => command.payeeId !== bodyId && at.actor.body !== bodyId,
});

const receiptNew = gate<{ receiptNumber: string }>({
  id: 'receipt_entered_already',
  zh: '该票据号码已登记。',
  en: 'This receipt is entered already.',
  basis: '行政处罚法第70条',
  field: 'receiptNumber',
  holds: ({ command, state }) => !state.payments.some((p) => p.receipt === command.receiptNumber),
});

const notOverpaid = gate<{ amountYuan: number }>({
  id: 'payment_exceeds_debt',
  zh: '缴款数额超过应缴数额。',
  en: 'More than is still to be paid.',
  basis: '行政处罚法第67条',
  field: 'amountYuan',
  holds: ({ command, state }) => command.amountYuan > 0 && command.amountYuan <= outstanding(state),
});

const fineOpen = gate({
  id: 'no_fine_open',
  zh: '没有尚未缴清的罚款。',
  en: 'No fine is left to pay.',
  basis: '行政处罚法第66条',
  holds: ({ state }) => unpaidFine(state) > 0 && state.decision?.revoked === false,
});

const deferredForward = gate<Do.DeferPayment>({
  id: 'deferral_not_later',
  zh: '暂缓的期限应当晚于缴纳期限。',
  en: 'A deferral must end after the payment was due.',
  basis: '行政处罚法第66条',
  field: 'until',
  holds: ({ command, state, at }) => {
    const clock = openClock(state, 'penalty.payment');
    return clock !== undefined && command.until > clock.dueOn && command.until > at.occurredOn;
  },
});

const planComplete = gate<Do.ApproveInstalments>({
  id: 'plan_incomplete',
  zh: '分期计划应当依次列期、晚于今日，合计等于尚未缴纳的罚款。',
  en: 'The plan needs rising dates after today that add up to what is unpaid.',
  basis: '行政处罚法第66条',
  field: 'plan',
  holds: ({ command: { plan }, state, at }) =>
    plan.every((i, n) => i.dueOn > (n === 0 ? at.occurredOn : plan[n - 1].dueOn)) &&
    yuan(plan.reduce((sum, i) => sum + i.amountYuan, 0)) === unpaidFine(state),
});

const overdue = gate({
  id: 'payment_not_overdue',
  zh: '缴款期限未满。',
  en: 'The payment is not overdue.',
  basis: '行政处罚法第72条',
  holds: ({ state, at }) => {
    const clock = openClock(state, 'penalty.payment');
    return clock !== undefined && at.occurredOn > clock.dueOn;
  },
});

const remedyNew = gate<Do.RecordRemedySought>({
  id: 'remedy_exists',
  zh: '该救济编号已存在。',
  en: 'There is a remedy of this id already.',
  basis: '行政处罚法第73条',
  field: 'remedyId',
  holds: ({ command, state }) => !state.remedies.some((r) => r.id === command.remedyId),
});

const remedyOpen = gate<Do.RecordRemedyEnded>({
  id: 'remedy_not_open',
  zh: '没有审理中的该复议、诉讼。',
  en: 'No such remedy is pending.',
  basis: '行政处罚法第73条',
  field: 'remedyId',
  holds: ({ command, state }) => state.remedies.some((r) => r.id === command.remedyId && r.endedOn === undefined),
});

/** The last day on which the party could still seek a remedy; the later of the two ways (行政复议法 20, 行政诉讼法 46). */
function remediesUntil(state: CaseState): string {
  const served = state.servedOn ?? '';
  const ways = ['remedies.reconsideration_apply', 'remedies.litigation_apply'];
  return ways.map((p) => deadline(p, served).dueOn).sort()[1];
}

const courtTimely = gate({
  id: 'court_application_untimely',
  zh: '应当在复议、诉讼期限届满（或者暂缓、分期期限结束）后三个月内申请法院强制执行，且无未审结的救济。',
  en: 'The court is applied to within three months after the time for remedies, or the deferral, with none pending.',
  basis: '行政强制法第53条、行政处罚法第72条',
  holds: ({ state, at }) => {
    const opens = [remediesUntil(state), state.deferredUntil ?? '', state.instalments.at(-1)?.dueOn ?? ''].sort()[2];
    const closes = deadline('compulsory.court_application', opens).dueOn;
    return opens < at.occurredOn && at.occurredOn <= closes && state.remedies.every((r) => r.endedOn !== undefined);
  },
});

const demandedInVain = gate({
  id: 'demand_missing',
  zh: '申请法院强制执行前应当催告，催告书送达十日后仍未履行。',
  en: 'The party must first be served a demand, and its days must be over.',
  basis: '行政强制法第54条',
  holds: ({ state, at }) =>
    state.demandedOn !== undefined && at.occurredOn > deadline('compulsory.demand', state.demandedOn).dueOn,
});

const outcomeIs = (state: CaseState, ...outcomes: string[]): boolean =>
  outcomes.includes(state.decision?.outcome ?? '');

/** Which ground of closing (市场监管程序规定 77) holds. */
const grounds: Readonly<Record<ClosingGround, (state: CaseState) => boolean>> = {
  performed: (s) =>
    s.servedOn !== undefined && outcomeIs(s, 'penalty') && s.decision?.revoked === false && outstanding(s) === 0,
  court_ended: (s) => s.courtAppliedOn !== undefined,
  investigation_ended: (s) => s.endedWithout,
  no_penalty: (s) => s.servedOn !== undefined && outcomeIs(s, 'no_penalty_minor', 'no_penalty_unproven'),
  transferred: (s) => outcomeIs(s, 'transfer'),
  revoked: (s) => s.decision?.revoked === true,
};

const closingGroundHolds = gate<Do.CloseCase>({
  id: 'not_ready_to_close',
  zh: '不具备该结案情形；罚款、加处罚款尚未缴清的不得以执行完毕结案。',
  en: 'This ground for closing does not hold; a fine or surcharge that is unpaid is not performance.',
  basis: '市场监督管理行政处罚程序规定第77条',
  field: 'ground',
  holds: ({ command, state }) => grounds[command.ground](state),
});

const collectedHandedOver = gate({
  id: 'collected_fine_not_banked',
  zh: '当场收缴的罚款尚未交至行政机关并缴付银行。',
  en: 'A fine collected on the spot has not been handed over and banked.',
  basis: '行政处罚法第71条',
  holds: ({ state: { collected } }) => collected.amountYuan === 0 || collected.handedTo.includes('bank'),
});

const onTheSpotFiled = gate({
  id: 'not_reported',
  zh: '当场处罚决定应当先报所属行政机关备案。',
  en: 'An on-the-spot penalty must first be reported to the body.',
  basis: '行政处罚法第52条',
  holds: ({ state }) => state.procedure !== 'simple-penalty' || state.reported,
});

function paid({ command, state, at }: Act<Do.RecordPayment>): object[] {
  const { amountYuan, receiptNumber, payeeId } = command;
  const left = yuan(outstanding(state) - amountYuan);
  const on = at.occurredOn;
  return [
    event(E.FinePaid, { amountYuan, receiptNumber, payeeId, paidOn: on, outstandingYuan: left }),
    ...(unpaidFine(state) - amountYuan <= 0 ? stopClock(state, 'penalty.payment', on) : []),
    ...(left === 0 && !openClock(state, 'penalty.close')
      ? [
          startClock({
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
    gates: [payeeSeparate, receiptNew, notOverpaid],
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
    gates: [fineOpen, deferredForward],
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
    gates: [fineOpen, planComplete],
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
    gates: [fineOpen, overdue],
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
    gates: [remedyNew],
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
    gates: [remedyOpen],
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
    gates: [fineOpen, demandedInVain, courtTimely],
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
    gates: [closingGroundHolds, collectedHandedOver, onTheSpotFiled, recordingsPresent],
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
