import { lastDayBefore } from '../law/clocks';
import { officerDecider, postingOn } from '../registry/officer';
import { inRunningTime, isHeavier } from './decision-gates';
import { needsHearing } from './discretion-gates';
import { reviewItems } from './penalty-types';
import { gate, personOf } from './procedure';
import type {
  AnswerStatement,
  HoldCollectiveDiscussion,
  HoldHearing,
  IssueReviewOpinion,
  NoticeHearing,
  RequestHearing,
  ServeRightsNotice,
} from './review-commands';

// Gates of the legal review, the notice, the defence and the hearing (C10, E01-E04, F04, 行政处罚法 44, 45, 58, 63, 64).

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
      fresh.every((id) => evidence.some((e) => e.id === id && !e.excluded && e.on >= notice.givenOn))
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
