import { confiscationOf, fineOf, openClock, clockKey, type CaseState } from './case-state';
import { lastingDays } from '../law/penalty-kinds';
import type { Penalty } from './penalty-types';
import { gate, type Act } from './procedure';

// Gates of the decision itself and of the time for it (C10, E01, F04, 行政处罚法 44, 45, 57-65).

/** A kind, a fine, a confiscation or a term that the other does not have. */
export function isHeavier(penalties: readonly Penalty[], than: readonly Penalty[]): boolean {
  return (
    penalties.some((p) => !than.some((q) => q.kind === p.kind)) ||
    penalties.some(({ kind }) => lastingDays(penalties, kind) > lastingDays(than, kind)) ||
    fineOf(penalties) > fineOf(than) ||
    confiscationOf(penalties) > confiscationOf(than)
  );
}

/** Not over: the time is never lost while it is suspended. */
export const inRunningTime = (state: CaseState, clock: string, on: string): boolean => {
  const open = openClock(state, clock);
  return open !== undefined && (open.suspendedOn !== undefined || on <= open.dueOn);
};

const decisionTime = '行政处罚法第60条、市场监督管理行政处罚程序规定第64条';

export const timeNotSuspended = gate({
  id: 'time_suspended',
  zh: '办案期限中止期间，不能进行。',
  en: 'Not possible while the time to decide is suspended.',
  basis: decisionTime,
  holds: ({ state }) => state.suspensions.length === 0,
});

export const withinDecisionTime = gate<{ outcome?: string }>({
  id: 'decision_time_over',
  zh: '已超过自立案之日起作出处罚决定的期限，不得再给予处罚。',
  en: 'The time to decide, counted from filing, is over; no penalty may be given.',
  basis: decisionTime,
  holds: ({ command, state, at }) =>
    (command.outcome !== undefined && command.outcome !== 'penalty') ||
    inRunningTime(state, 'penalty.decision', at.occurredOn),
});

export const extensionInTime = gate({
  id: 'extension_too_late',
  zh: '延期应当在办案期限届满前批准。',
  en: 'The time can be extended only before it runs out.',
  basis: decisionTime,
  holds: ({ state, at }) => inRunningTime(state, 'penalty.decision', at.occurredOn),
});

export const furtherExtensionCollective = gate<{ days?: number }>({
  id: 'extension_needs_discussion',
  zh: '再次延期应当经负责人集体讨论决定，并确定合理期限。',
  en: 'A further extension needs a collective discussion, which also sets its days.',
  basis: '市场监督管理行政处罚程序规定第64条',
  field: 'days',
  holds: ({ command, state }) =>
    state.extensions === 0
      ? command.days === undefined
      : command.days !== undefined &&
        state.discussions.filter((d) => d.matter === 'extension' && d.agreed).length >= state.extensions,
});

/** Passed, and after the hearing where there was one (市场监管程序规定 50). */
export const reviewPassed = gate({
  id: 'legal_review_not_passed',
  zh: '未经法制审核或者审核未通过的，不得作出决定。',
  en: 'Without a passed legal review no decision may be made.',
  basis: 'E01、行政处罚法第58条',
  holds: ({ state: { review, hearing } }) =>
    review?.passed === true && (hearing?.heldOn === undefined || review.afterHearing),
});

type Deciding = { readonly outcome: string; readonly penalties?: readonly Penalty[] };
const isPenalty = ({ command }: Act<Deciding>): boolean => command.outcome === 'penalty';

export const rightsNoticed = gate<Deciding>({
  id: 'rights_notice_missing',
  zh: '未告知拟作出的处罚内容及事实、理由、依据和权利的，不得作出处罚决定。',
  en: 'No penalty without a notice of what is proposed, why, and of the rights.',
  basis: '行政处罚法第44条、第62条',
  holds: (act) => !isPenalty(act) || act.state.stage === 'noticed',
});

/** Heard, or clearly waived, or silent until the days for it were over. */
export const partyHeard = gate<Deciding>({
  id: 'party_not_heard',
  zh: '陈述申辩期限未满，当事人又未陈述申辩或者明确放弃的，不得作出处罚决定。',
  en: 'The time to state and defend is not over, and the party has neither been heard nor waived it.',
  basis: '行政处罚法第62条、市场监督管理行政处罚程序规定第57条',
  holds: (act) => {
    const { state, at } = act;
    const heard = state.statements.some((s) => s.receivedOn >= (state.notice?.givenOn ?? ''));
    const silence = state.clocks[clockKey('penalty.statement')];
    return (
      !isPenalty(act) ||
      heard ||
      state.waived !== undefined ||
      state.hearing?.heldOn !== undefined ||
      (silence !== undefined && at.occurredOn > silence.dueOn)
    );
  },
});

export const statementsAnswered = gate({
  id: 'statement_unanswered',
  zh: '当事人的陈述申辩尚未逐点复核答复，不得作出决定。',
  en: 'A statement of the party has not been checked and answered point by point.',
  basis: 'F04、行政处罚法第45条',
  holds: ({ state }) => state.statements.every((s) => s.answered),
});

export const hearingDone = gate<Deciding>({
  id: 'hearing_not_held',
  zh: '当事人要求听证的应当组织听证；听证申请期限未满又未放弃的，不得作出决定。',
  en: 'A requested hearing must be held; until the days to request it are over, or it is waived, there is no decision.',
  basis: '行政处罚法第63条、第64条',
  holds: (act) => {
    const { state, at } = act;
    const { hearing } = state;
    if (!isPenalty(act)) return true;
    if (hearing) return hearing.heldOn !== undefined || hearing.withdrawnOn !== undefined;
    const days = state.clocks[clockKey('penalty.hearing_request')];
    const offered = state.notice?.hearingOffered === true;
    return !offered || state.waived?.hearingToo === true || days === undefined || at.occurredOn > days.dueOn;
  },
});

export const discussedWhereGrave = gate<Deciding>({
  id: 'collective_discussion_missing',
  zh: '情节复杂或者重大违法行为给予处罚，应当经负责人集体讨论决定。',
  en: 'A complex or grave case is decided by collective discussion.',
  basis: '行政处罚法第57条、C10',
  holds: (act) => {
    const { state } = act;
    const last = state.discussions.findLast((d) => d.matter === 'decision');
    const after = [state.notice?.servedOn, state.hearing?.heldOn, state.review?.issuedOn];
    return (
      !isPenalty(act) ||
      state.proposal?.grave !== true ||
      (last !== undefined && last.agreed && after.every((day) => day === undefined || day <= last.on))
    );
  },
});

export const notHeavierThanNoticed = gate<Deciding>({
  id: 'heavier_than_noticed',
  zh: '处罚重于告知的内容；不得因陈述、申辩或者要求听证而给予更重的处罚。',
  en: 'Heavier than what the party was told; defending may not lead to a heavier penalty.',
  basis: '行政处罚法第44条、第45条',
  field: 'penalties',
  holds: (act) => !isPenalty(act) || !isHeavier(act.command.penalties ?? [], act.state.notice?.penalties ?? []),
});

export const transferNamed = gate<Deciding & { transferredTo?: string }>({
  id: 'transfer_addressee_missing',
  zh: '移送的应当写明受移送机关。',
  en: 'A transfer must say to whom.',
  basis: '行政处罚法第57条',
  field: 'transferredTo',
  holds: ({ command }) => (command.outcome === 'transfer') === (command.transferredTo !== undefined),
});

export const levelNamed = gate<Deciding & { level?: string }>({
  id: 'level_missing',
  zh: '给予处罚的应当写明裁量层次。',
  en: 'A penalty must state its level of discretion.',
  basis: 'F01',
  field: 'level',
  holds: (act) => !isPenalty(act) || act.command.level !== undefined,
});
