import { event } from '../kernel/event';
import { contentOf } from './case-fields';
import { resumeClocks, suspendClocks } from './case-clocks';
import { reviewPassed } from './decision-gates';
import { signedOrNoted } from './evidence-gates';
import * as G from './gates';
import { needsHearing, termsStated } from './discretion-gates';
import { CaseTimeResumed, CaseTimeSuspended } from './investigation-events';
import { personOf, step, type Act, type Step } from './procedure';
import * as Do from './review-commands';
import * as V from './review-gates';
import * as E from './review-events';
import { servedOn } from './service';

const nextRound = ({ state }: Act): string => String((state.review?.round ?? 0) + 1);
const thisRound = ({ state }: Act): string => String(state.review?.round ?? 0);

const speak = { zh: '陈述、申辩，提出事实、理由和证据', en: 'to state and defend, with facts, reasons and evidence' };
const hearing = { zh: '要求听证', en: 'to request a hearing' };
const atHearing = [
  { zh: '亲自参加或者委托一至二人代理', en: 'to attend, or send one or two representatives' },
  { zh: '申请主持人回避', en: 'to ask for recusal of the host' },
  { zh: '申辩、质证，核对笔录', en: 'to defend, examine the evidence and check the record' },
];

const review: readonly Step[] = [
  step({
    command: Do.SubmitForReview,
    zh: '送法制审核',
    en: 'Submit for legal review',
    basis: 'E01、行政处罚法第58条',
    link: 'review',
    may: ['officer'],
    stages: ['concluded', 'noticed'],
    next: 'review',
    gates: [V.mayReviewAfterHearing],
    starts: [{ clock: 'penalty.review_time', item: nextRound, post: 'reviewer' }],
    record: ({ command, state, at }) => [
      event(E.SubmittedForReview, {
        round: (state.review?.round ?? 0) + 1,
        submittedOn: at.occurredOn,
        documents: command.documents,
        afterHearing: state.stage === 'noticed',
      }),
    ],
  }),
  step({
    command: Do.IssueReviewOpinion,
    zh: '出具法制审核意见',
    en: 'Issue the opinion of the legal review',
    basis: 'E02、行政处罚法第58条',
    link: 'review',
    may: ['reviewer'],
    stages: ['review'],
    next: ['reviewed', 'noticed', 'investigation'],
    choose: ({ command, state }) => {
      if (!command.items.every((mark) => mark.passed)) return 'investigation';
      return state.review?.afterHearing ? 'noticed' : 'reviewed';
    },
    gates: [V.reviewerQualified, V.reviewerSeparate, V.tenItems],
    stops: [{ clock: 'penalty.review_time', item: thisRound }],
    record: ({ command, state, at }) => [
      event(E.ReviewOpinionIssued, {
        ...contentOf(command),
        round: state.review?.round ?? 0,
        reviewerId: personOf(at.actor),
        passed: command.items.every((mark) => mark.passed),
      }),
    ],
  }),
  step({
    command: Do.EscalateDisagreement,
    zh: '审核意见分歧提请协调',
    en: 'Escalate a disagreement with the review',
    basis: 'E04',
    link: 'review',
    may: ['officer'],
    stages: ['investigation'],
    gates: [V.reviewFailed],
    record: ({ command, state }) => [
      event(E.DisagreementEscalated, { ...contentOf(command), round: state.review?.round ?? 0 }),
    ],
  }),
  step({
    command: Do.SettleDisagreement,
    zh: '处理审核意见分歧',
    en: 'Settle the disagreement',
    basis: 'E04',
    link: 'review',
    may: ['head'],
    stages: ['investigation'],
    next: ['review', 'investigation'],
    choose: ({ command }) => (command.settlement === 'review_again' ? 'review' : undefined),
    gates: [V.disagreementOpen, G.deciderSeparate],
    starts: [
      {
        clock: 'penalty.review_time',
        item: nextRound,
        post: 'reviewer',
        when: ({ command }) => command.settlement === 'review_again',
      },
    ],
    record: ({ command, state, at }) => {
      const round = state.review?.round ?? 0;
      const settled = event(E.DisagreementSettled, { ...contentOf(command), round, settledBy: personOf(at.actor) });
      if (command.settlement !== 'review_again') return [settled];
      const afterHearing = state.review?.afterHearing ?? false;
      return [
        settled,
        event(E.SubmittedForReview, { round: round + 1, submittedOn: at.occurredOn, documents: [], afterHearing }),
      ];
    },
  }),
];

const notice: readonly Step[] = [
  step({
    command: Do.ServeRightsNotice,
    zh: '行政处罚告知',
    en: 'Serve the notice of the proposed penalty and rights',
    basis: '行政处罚法第44条',
    link: 'decision',
    may: ['officer'],
    stages: ['reviewed'],
    next: 'noticed',
    acting: (c) => c.officers,
    gates: [
      ...G.twoOfficers,
      termsStated,
      V.penaltyProposed,
      reviewPassed,
      V.noticeWithinProposal,
      V.hearingMustBeOffered,
      V.renoticeNotHeavier,
    ],
    starts: [
      { clock: 'penalty.statement', bindsParty: true, from: servedOn },
      {
        clock: 'penalty.hearing_request',
        bindsParty: true,
        from: servedOn,
        when: ({ command }) => command.hearingOffered,
      },
    ],
    rights: [speak, hearing],
    record: (act) => {
      const { command, state } = act;
      return [
        event(E.RightsNoticeServed, {
          ...contentOf(command),
          partyId: state.party?.id ?? '',
          hearingGrounds: needsHearing(act, command.penalties) ? ['行政处罚法第63条'] : [],
          newEvidenceIds: command.newEvidenceIds ?? [],
          servedOn: servedOn(act),
        }),
      ];
    },
  }),
  step({
    command: Do.RecordStatement,
    zh: '听取陈述申辩',
    en: 'Hear the statement and defence',
    basis: '行政处罚法第45条',
    link: 'decision',
    may: ['officer'],
    stages: ['investigation', 'concluded', 'review', 'reviewed', 'noticed'],
    gates: [V.statementNew],
    stops: [{ clock: 'penalty.statement' }],
    rights: [speak],
    record: ({ command, state, at }) => [
      event(E.StatementHeard, {
        ...contentOf(command),
        partyId: state.party?.id ?? '',
        receivedOn: at.occurredOn,
        pointCount: command.points.length,
      }),
    ],
  }),
  step({
    command: Do.AnswerStatement,
    zh: '复核答复陈述申辩',
    en: 'Answer the statement point by point',
    basis: 'F04、行政处罚法第45条',
    link: 'decision',
    may: ['officer', 'head'],
    stages: ['investigation', 'concluded', 'review', 'reviewed', 'noticed'],
    gates: [V.everyPointAnswered],
    rights: [{ zh: '意见成立的应当采纳', en: 'a point that holds is accepted' }],
    record: ({ command }) => [event(E.StatementAnswered, contentOf(command))],
  }),
  step({
    command: Do.WaiveStatement,
    zh: '放弃陈述申辩',
    en: 'Waive the statement',
    basis: '行政处罚法第62条',
    link: 'decision',
    may: ['officer'],
    stages: ['noticed'],
    gates: [],
    stops: [
      { clock: 'penalty.statement' },
      { clock: 'penalty.hearing_request', when: ({ command }) => command.hearingToo },
    ],
    record: ({ command, state, at }) => [
      event(E.StatementWaived, {
        ...contentOf(command),
        partyId: state.party?.id ?? '',
        waivedOn: at.occurredOn,
      }),
    ],
  }),
];

/** The end of a hearing lets the time to decide run on. */
const hearingOver = ({ state, at }: Act): object[] => [
  event(CaseTimeResumed, { ground: 'hearing', resumedOn: at.occurredOn }),
  ...resumeClocks(state, 'hearing', at.occurredOn),
];

const hearings: readonly Step[] = [
  step({
    command: Do.RequestHearing,
    zh: '要求听证',
    en: 'Request a hearing',
    basis: '行政处罚法第63条、第64条',
    link: 'decision',
    may: ['officer'],
    stages: ['noticed'],
    gates: [V.hearingNotRequested, V.hearingRequestInTime],
    stops: [{ clock: 'penalty.hearing_request' }],
    rights: [hearing, { zh: '不承担听证费用', en: 'to bear no costs of the hearing' }],
    record: ({ command, state, at }) => [
      event(E.HearingRequested, { ...contentOf(command), requestedOn: at.occurredOn }),
      event(CaseTimeSuspended, {
        ground: 'hearing',
        reason: '听证时间不计入办案期限',
        approvedBy: '',
        suspendedOn: at.occurredOn,
      }),
      ...suspendClocks(state, 'hearing', at.occurredOn),
    ],
  }),
  step({
    command: Do.NoticeHearing,
    zh: '通知听证',
    en: 'Give notice of the hearing',
    basis: '行政处罚法第64条',
    link: 'decision',
    may: ['head', 'reviewer'],
    stages: ['noticed'],
    gates: [V.hearingOpen, V.hearingNoticeInTime, V.hostSeparate, V.hostServes, V.publicOrReason],
    rights: atHearing,
    publishes: {
      zh: '听证的时间、地点、案由',
      en: 'time, place and matter of the hearing',
      parameter: 'penalty.hearing_announcement',
    },
    record: ({ command, at }) => [event(E.HearingNoticed, { ...contentOf(command), noticedOn: at.occurredOn })],
  }),
  step({
    command: Do.HoldHearing,
    zh: '举行听证',
    en: 'Hold the hearing',
    basis: '行政处罚法第64条',
    link: 'decision',
    may: ['reviewer', 'head', 'officer'],
    stages: ['noticed'],
    acting: (c) => [c.hostId],
    gates: [V.hearingOpen, V.hearingAsNoticed, V.hostSeparate, signedOrNoted],
    recording: { level: 'full' },
    rights: atHearing,
    record: (act) => [
      event(E.HearingHeld, { ...contentOf(act.command), heldOn: act.at.occurredOn }),
      ...hearingOver(act),
    ],
  }),
  step({
    command: Do.WithdrawHearing,
    zh: '终止听证',
    en: 'End the hearing without holding it',
    basis: '行政处罚法第64条',
    link: 'decision',
    may: ['officer', 'reviewer', 'head'],
    stages: ['noticed'],
    acting: (_, { officers, hearing: h }) => (h?.hostId === undefined ? officers : [...officers, h.hostId]),
    gates: [V.hearingOpen],
    record: (act) => [
      event(E.HearingWithdrawn, { ...contentOf(act.command), withdrawnOn: act.at.occurredOn }),
      ...hearingOver(act),
    ],
  }),
];

export const reviewSteps: readonly Step[] = [
  ...review,
  ...notice,
  ...hearings,
  step({
    command: Do.HoldCollectiveDiscussion,
    zh: '集体讨论',
    en: 'Discuss collectively',
    basis: '行政处罚法第57条、C10',
    link: 'decision',
    may: ['head'],
    stages: ['investigation', 'concluded', 'review', 'reviewed', 'noticed'],
    gates: [V.discussionMembers],
    record: ({ command, at }) => [event(E.CollectiveDiscussionHeld, { ...contentOf(command), heldOn: at.occurredOn })],
  }),
];
