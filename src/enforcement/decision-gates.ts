import { lastDayBefore } from '../law/clocks';
import { officerDecider, postingOn } from '../registry/officer';
import { confiscationOf, fineOf, openClock, clockKey, type CaseState } from './case-state';
import { needsHearing } from './discretion-gates';
import { reviewItems, type Penalty } from './penalty-types';
import { personOf, type Act, type Gate } from './procedure';
import type {
  AnswerStatement,
  HoldCollectiveDiscussion,
  HoldHearing,
  IssueReviewOpinion,
  NoticeHearing,
  RequestHearing,
  ServeRightsNotice,
} from './review-commands';

// Gates between the end of the investigation and the decision (C10, E01-E04, F04, 行政处罚法 44-65).

const gate = <C extends object = object>(g: Gate<C>): Gate<C> => g;

/** A kind, a fine or a confiscation that the other does not have. */
export function isHeavier(penalties: readonly Penalty[], than: readonly Penalty[]): boolean {
  return (
    penalties.some((p) => !than.some((q) => q.kind === p.kind)) ||
    fineOf(penalties) > fineOf(than) ||
    confiscationOf(penalties) > confiscationOf(than)
  );
}

const inRunningTime = (state: CaseState, clock: string, on: string): boolean => {
  const open = openClock(state, clock);
  return open !== undefined && (open.suspendedOn !== undefined || on <= open.dueOn);
};

/** Not running: the time is never lost while it is suspended. */
const decisionTime = { zh: '办案期限', basis: '行政处罚法第60条、市场监督管理行政处罚程序规定第64条' };

export const timeNotSuspended = gate({
  id: 'time_suspended',
  zh: `${decisionTime.zh}中止期间，不能进行。`,
  en: 'Not possible while the time to decide is suspended.',
  basis: decisionTime.basis,
  holds: ({ state }) => state.suspensions.length === 0,
});

export const withinDecisionTime = gate<{ outcome?: string }>({
  id: 'decision_time_over',
  zh: '已超过自立案之日起作出处罚决定的期限，不得再给予处罚。',
  en: 'The time to decide, counted from filing, is over; no penalty may be given.',
  basis: decisionTime.basis,
  holds: ({ command, state, at }) =>
    (command.outcome !== undefined && command.outcome !== 'penalty') ||
    inRunningTime(state, 'penalty.decision', at.occurredOn),
});

export const extensionInTime = gate({
  id: 'extension_too_late',
  zh: '延期应当在办案期限届满前批准。',
  en: 'The time can be extended only before it runs out.',
  basis: decisionTime.basis,
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

export const reviewerQualified = gate({
  id: 'reviewer_not_qualified',
  zh: '法制审核人员应当为本机关人员并取得国家统一法律职业资格。',
  en: 'The reviewer must serve in this body and hold the national legal qualification.',
  basis: 'A08、行政处罚法第58条',
  holds: ({ at, bodyId }) => {
    const reviewer = at.actor.officer === undefined ? undefined : at.lookUp(officerDecider, at.actor.officer);
    const since = reviewer?.legalQualificationSince;
    return (
      reviewer?.legalQualification === true &&
      (since === undefined || since <= at.occurredOn) &&
      postingOn(reviewer, at.occurredOn)?.bodyId === bodyId
    );
  },
});

export const reviewerSeparate = gate({
  id: 'reviewer_not_separate',
  zh: '办案人员不得作为审核人员；有分歧的意见应当由他人复审。',
  en: 'An investigator may not review; a contested opinion is reviewed again by somebody else.',
  basis: 'C10、E04、市场监督管理行政处罚程序规定第49条',
  holds: ({ at, state }) =>
    !state.investigators.includes(personOf(at.actor)) && state.contestedReviewer !== personOf(at.actor),
});

export const tenItems = gate<IssueReviewOpinion>({
  id: 'review_items_incomplete',
  zh: '审核意见应当对十项内容逐项给出结论和理由。',
  en: 'The opinion must mark each of the ten items once.',
  basis: 'E02',
  field: 'items',
  holds: ({ command }) =>
    command.items.length === reviewItems.length &&
    reviewItems.every((item) => command.items.some((mark) => mark.item === item)),
});

export const mayReviewAfterHearing = gate({
  id: 'review_not_due',
  zh: '经过听证的，应当在听证结束后送法制审核。',
  en: 'From this stage a case goes to review only after a hearing was held.',
  basis: '市场监督管理行政处罚程序规定第50条',
  holds: ({ state }) => state.stage !== 'noticed' || state.hearing?.heldOn !== undefined,
});

export const reviewFailed = gate({
  id: 'no_failed_review',
  zh: '没有未通过的审核意见。',
  en: 'There is no failed opinion to contest.',
  basis: 'E04',
  holds: ({ state }) => state.review?.passed === false && !state.review.escalated,
});

export const disagreementOpen = gate({
  id: 'no_disagreement',
  zh: '没有提请协调的审核意见分歧。',
  en: 'No disagreement has been escalated.',
  basis: 'E04',
  holds: ({ state }) => state.review?.escalated === true,
});

export const penaltyProposed = gate({
  id: 'no_penalty_proposed',
  zh: '调查终结报告没有建议给予处罚。',
  en: 'The investigation does not propose a penalty.',
  basis: '行政处罚法第44条',
  holds: ({ state }) => state.proposal?.outcome === 'penalty',
});

export const noticeWithinProposal = gate<ServeRightsNotice>({
  id: 'notice_beyond_review',
  zh: '告知的处罚重于经审核的处罚建议。',
  en: 'The notice is heavier than the proposal that was reviewed.',
  basis: '行政处罚法第58条',
  field: 'penalties',
  holds: ({ command, state }) => !isHeavier(command.penalties, state.proposal?.penalties ?? []),
});

export const hearingMustBeOffered = gate<ServeRightsNotice>({
  id: 'hearing_not_offered',
  zh: '拟作出的处罚属于听证范围，应当告知当事人有要求听证的权利。',
  en: 'The party must be told of the right to a hearing.',
  basis: '行政处罚法第63条',
  field: 'hearingOffered',
  holds: (act) => act.command.hearingOffered || !needsHearing(act, act.command.penalties),
});

/** Once the party was heard, only evidence that was found afterwards may make it heavier. */
export const renoticeNotHeavier = gate<ServeRightsNotice>({
  id: 'heavier_after_defence',
  zh: '不得因当事人陈述、申辩或者要求听证而给予更重的处罚；加重须有此后新取得的证据。',
  en: 'Defending may not lead to a heavier penalty; only new evidence, collected afterwards, may.',
  basis: '行政处罚法第45条',
  field: 'newEvidenceIds',
  holds: ({ command, state: { notice, evidence } }) => {
    if (!notice || !isHeavier(command.penalties, notice.penalties)) return true;
    const fresh = command.newEvidenceIds ?? [];
    return (
      fresh.length > 0 &&
      fresh.every((id) => evidence.some((e) => e.id === id && !e.excluded && e.on >= notice.servedOn))
    );
  },
});

export const statementNew = gate<{ statementId: string }>({
  id: 'statement_exists',
  zh: '该陈述申辩编号已存在。',
  en: 'There is a statement of this id already.',
  basis: '行政处罚法第45条',
  field: 'statementId',
  holds: ({ command, state }) => !state.statements.some((s) => s.id === command.statementId),
});

export const everyPointAnswered = gate<AnswerStatement>({
  id: 'points_unanswered',
  zh: '应当对当事人提出的意见逐点答复，每点答复一次。',
  en: 'Each point of the statement must be answered, once.',
  basis: 'F04、行政处罚法第45条',
  field: 'answers',
  holds: ({ command, state }) => {
    const statement = state.statements.find((s) => s.id === command.statementId && !s.answered);
    const answered = new Set(command.answers.map((a) => a.point));
    return (
      statement !== undefined &&
      command.answers.length === statement.points &&
      Array.from({ length: statement.points }, (_, i) => i + 1).every((point) => answered.has(point))
    );
  },
});

export const hearingOpen = gate({
  id: 'hearing_not_open',
  zh: '没有待举行的听证。',
  en: 'No hearing is pending.',
  basis: '行政处罚法第64条',
  holds: ({ state: { hearing } }) => hearing !== undefined && !hearing.heldOn && !hearing.withdrawnOn,
});

export const hearingNotRequested = gate({
  id: 'hearing_requested_already',
  zh: '当事人已经要求听证，或者已明确放弃。',
  en: 'A hearing was requested or waived already.',
  basis: '行政处罚法第64条',
  holds: ({ state }) => state.hearing === undefined && state.waived?.hearingToo !== true,
});

export const hearingRequestInTime = gate<RequestHearing>({
  id: 'hearing_request_too_late',
  zh: '听证应当在告知后法定期限内提出；不属于听证范围的，由行政机关决定是否举行。',
  en: 'A hearing is requested within the days after the notice; otherwise the body may grant one.',
  basis: '行政处罚法第64条',
  holds: ({ command, state, at }) => command.granted || inRunningTime(state, 'penalty.hearing_request', at.occurredOn),
});

export const hearingNoticeInTime = gate<NoticeHearing>({
  id: 'hearing_notice_too_short',
  zh: '应当在举行听证的七个工作日前通知当事人时间、地点。',
  en: 'The party must be told of time and place seven working days before the hearing.',
  basis: '行政处罚法第64条',
  field: 'hearingOn',
  holds: ({ command, at }) => at.occurredOn <= lastDayBefore('penalty.hearing_notice', command.hearingOn),
});

export const hostSeparate = gate<{ hostId: string; recorderId?: string }>({
  id: 'host_investigated',
  zh: '听证主持人、记录员不得为本案调查人员。',
  en: 'The host and the recorder of a hearing may not be investigators of the case.',
  basis: '行政处罚法第64条、C10',
  field: 'hostId',
  holds: ({ command, state }) =>
    !state.investigators.includes(command.hostId) &&
    (command.recorderId === undefined || !state.investigators.includes(command.recorderId)),
});

export const hostServes = gate<{ hostId: string }>({
  id: 'host_of_other_body',
  zh: '听证主持人应当为本机关人员。',
  en: 'The host must serve in this body.',
  basis: '市场监督管理行政处罚听证办法第11条',
  field: 'hostId',
  holds: ({ command, at, bodyId }) =>
    postingOn(at.lookUp(officerDecider, command.hostId), at.occurredOn)?.bodyId === bodyId,
});

export const publicOrReason = gate<NoticeHearing>({
  id: 'closed_hearing_without_reason',
  zh: '听证公开举行；不公开的应当说明涉密事由。',
  en: 'Hearings are public; a closed one needs its reason of secrecy or privacy.',
  basis: '行政处罚法第64条',
  field: 'closedReason',
  holds: ({ command }) => command.public || command.closedReason !== undefined,
});

export const hearingAsNoticed = gate<HoldHearing>({
  id: 'hearing_not_as_noticed',
  zh: '听证应当由所通知的主持人在所通知的日期举行，调查人员应当参加。',
  en: 'The hearing is held by the host and on the day that were noticed, with investigators present.',
  basis: '行政处罚法第64条',
  holds: ({ command, state: { hearing, investigators }, at }) =>
    hearing?.hostId === command.hostId &&
    hearing.hearingOn === at.occurredOn &&
    command.investigators.length > 0 &&
    command.investigators.every((id) => investigators.includes(id)),
});

export const discussionMembers = gate<HoldCollectiveDiscussion>({
  id: 'discussion_members_unfit',
  zh: '集体讨论由两名以上负责人参加，主持者在内；办案、审核人员只可列席。',
  en: 'At least two leaders discuss, the one who records it among them; investigators and reviewers only attend.',
  basis: '行政处罚法第57条、C10',
  field: 'members',
  holds: ({ command: { members }, at, state }) =>
    members.length >= 2 &&
    members.includes(personOf(at.actor)) &&
    members.every((m) => !state.investigators.includes(m) && !state.reviewers.includes(m)),
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
    const heard = state.statements.some((s) => s.receivedOn >= (state.notice?.servedOn ?? ''));
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
