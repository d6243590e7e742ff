import type { LocalDate } from '../kernel/time';
import { deadline } from '../law/clocks';
import { openClock, outstanding, unpaidFine, yuan, type CaseState } from './case-state';
import type * as Do from './execution-commands';
import type { ClosingGround } from './penalty-types';
import { gate } from './procedure';

// Gates of payment, enforcement and closing (C04, 行政处罚法 66-73, 行政强制法 53, 54).

export const payeeSeparate = gate<Do.RecordPayment>({
  id: 'payee_is_the_body',
  zh: '作出罚款决定的机关应当与收缴罚款的机构分离，不得自行收缴。',
  en: 'The body that fines may not collect; a bank or payment system does.',
  basis: 'C04、行政处罚法第67条',
  field: 'payeeId',
  holds: ({ command, bodyId, at }) => command.payeeId !== bodyId && at.actor.body !== bodyId,
});

export const receiptNew = gate<{ receiptNumber: string }>({
  id: 'receipt_entered_already',
  zh: '该票据号码已登记。',
  en: 'This receipt is entered already.',
  basis: '行政处罚法第70条',
  field: 'receiptNumber',
  holds: ({ command, state }) => !state.payments.some((p) => p.receipt === command.receiptNumber),
});

export const notOverpaid = gate<{ amountYuan: number }>({
  id: 'payment_exceeds_debt',
  zh: '缴款数额超过应缴数额。',
  en: 'More than is still to be paid.',
  basis: '行政处罚法第67条',
  field: 'amountYuan',
  holds: ({ command, state }) => command.amountYuan > 0 && command.amountYuan <= outstanding(state),
});

export const fineOpen = gate({
  id: 'no_fine_open',
  zh: '没有尚未缴清的罚款。',
  en: 'No fine is left to pay.',
  basis: '行政处罚法第66条',
  holds: ({ state }) => unpaidFine(state) > 0 && state.decision?.revoked === false,
});

export const deferredForward = gate<Do.DeferPayment>({
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

export const planComplete = gate<Do.ApproveInstalments>({
  id: 'plan_incomplete',
  zh: '分期计划应当依次列期、晚于今日，合计等于尚未缴纳的罚款。',
  en: 'The plan needs rising dates after today that add up to what is unpaid.',
  basis: '行政处罚法第66条',
  field: 'plan',
  holds: ({ command: { plan }, state, at }) =>
    plan.every((i, n) => i.dueOn > (n === 0 ? at.occurredOn : plan[n - 1].dueOn)) &&
    yuan(plan.reduce((sum, i) => sum + i.amountYuan, 0)) === unpaidFine(state),
});

export const overdue = gate({
  id: 'payment_not_overdue',
  zh: '缴款期限未满。',
  en: 'The payment is not overdue.',
  basis: '行政处罚法第72条',
  holds: ({ state, at }) => {
    const clock = openClock(state, 'penalty.payment');
    return clock !== undefined && at.occurredOn > clock.dueOn;
  },
});

export const remedyNew = gate<Do.RecordRemedySought>({
  id: 'remedy_exists',
  zh: '该救济编号已存在。',
  en: 'There is a remedy of this id already.',
  basis: '行政处罚法第73条',
  field: 'remedyId',
  holds: ({ command, state }) => !state.remedies.some((r) => r.id === command.remedyId),
});

export const remedyOpen = gate<Do.RecordRemedyEnded>({
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

export const courtTimely = gate({
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

export const demandedInVain = gate({
  id: 'demand_missing',
  zh: '申请法院强制执行前应当催告，催告书送达十日后仍未履行。',
  en: 'The party must first be served a demand, and its days must be over.',
  basis: '行政强制法第54条',
  holds: ({ state, at }) =>
    state.demandedOn !== undefined && at.occurredOn > deadline('compulsory.demand', state.demandedOn).dueOn,
});

const outcomeIs = (state: CaseState, ...outcomes: string[]): boolean =>
  outcomes.includes(state.decision?.outcome ?? '');

/** Served, and where that was by announcement its time is over. */
const isServed = ({ servedOn }: CaseState, on: LocalDate): boolean => servedOn !== undefined && servedOn <= on;

/** Which ground of closing (市场监管程序规定 77) holds. */
const grounds: Readonly<Record<ClosingGround, (state: CaseState, on: LocalDate) => boolean>> = {
  performed: (s, on) =>
    isServed(s, on) && outcomeIs(s, 'penalty') && s.decision?.revoked === false && outstanding(s) === 0,
  court_ended: (s) => s.courtAppliedOn !== undefined,
  investigation_ended: (s) => s.endedWithout,
  no_penalty: (s, on) => isServed(s, on) && outcomeIs(s, 'no_penalty_minor', 'no_penalty_unproven'),
  transferred: (s) => outcomeIs(s, 'transfer'),
  revoked: (s) => s.decision?.revoked === true,
};

export const closingGroundHolds = gate<Do.CloseCase>({
  id: 'not_ready_to_close',
  zh: '不具备该结案情形；罚款、加处罚款尚未缴清的不得以执行完毕结案。',
  en: 'This ground for closing does not hold; a fine or surcharge that is unpaid is not performance.',
  basis: '市场监督管理行政处罚程序规定第77条',
  field: 'ground',
  holds: ({ command, state, at }) => grounds[command.ground](state, at.occurredOn),
});

export const collectedHandedOver = gate({
  id: 'collected_fine_not_banked',
  zh: '当场收缴的罚款尚未交至行政机关并缴付银行。',
  en: 'A fine collected on the spot has not been handed over and banked.',
  basis: '行政处罚法第71条',
  holds: ({ state: { collected } }) => collected.amountYuan === 0 || collected.handedTo.includes('bank'),
});

export const onTheSpotFiled = gate({
  id: 'not_reported',
  zh: '当场处罚决定应当先报所属行政机关备案。',
  en: 'An on-the-spot penalty must first be reported to the body.',
  basis: '行政处罚法第52条',
  holds: ({ state }) => state.procedure !== 'simple-penalty' || state.reported,
});
