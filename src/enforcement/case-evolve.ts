import { evolveBy, when, type Evolve } from '../kernel/decider';
import { isErased } from '../kernel/erased';
import type { EventClass, RecordedEvent } from '../kernel/event';
import { dateInChina } from '../kernel/time';
import * as C from '../clocks/clock-events';
import { clockKey, type CaseClock, type CaseState } from './case-state';
import { documentsOf } from './contents';
import * as E from './penalty-events';

const on = <T extends object>(
  type: EventClass<T>,
  next: (state: CaseState, data: Readonly<T>, recorded: RecordedEvent) => CaseState,
) => when(type, next);

const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])];

function clock(state: CaseState, of: { clock: string; item: string }, change: Partial<CaseClock>): CaseState {
  const key = clockKey(of.clock, of.item);
  return { ...state, clocks: { ...state.clocks, [key]: { ...state.clocks[key], ...change } } };
}

const party = (d: Readonly<E.CaseParty>): CaseState['party'] => ({
  id: d.partyId,
  kind: d.partyKind,
  publicName: d.partyPublicName,
  publicIdentifier: d.partyPublicIdentifier,
  birthDate: isErased(d.birthDate) ? undefined : d.birthDate,
});

const prior = (state: CaseState, done: Partial<CaseState['priorSteps']>): CaseState => ({
  ...state,
  priorSteps: { ...state.priorSteps, ...done },
});

/** An act that may have to be recorded; whether it must is the procedure's to say. */
const act = (state: CaseState, step: string, item = '', method?: string): CaseState => ({
  ...state,
  toRecord: [...state.toRecord, { step, item, method }],
});

/** Who does an investigative act, and whichever officer enters it, investigates the case from now on (C10). */
function investigatedBy(
  state: CaseState,
  officers: readonly string[],
  { metadata: { actor } }: RecordedEvent,
): CaseState {
  const entered = actor.officer !== undefined && actor.roles.includes('officer') ? [actor.officer] : [];
  return { ...state, investigators: union(state.investigators, [...officers, ...entered]) };
}

const clocks = [
  on(C.ClockStarted, (s, d) =>
    clock(s, d, {
      ...d,
      from: d.startedOn,
      excludedDays: 0,
      missed: false,
      stoppedOn: undefined,
      suspendedOn: undefined,
    }),
  ),
  on(C.ClockStopped, (s, d) => clock(s, d, { stoppedOn: d.stoppedOn })),
  on(C.ClockSuspended, (s, d) => clock(s, d, { suspendedOn: d.suspendedOn })),
  on(C.ClockResumed, (s, d) =>
    clock(s, d, {
      suspendedOn: undefined,
      from: d.resumedOn,
      days: d.days,
      dueOn: d.dueOn,
      excludedDays: s.clocks[clockKey(d.clock, d.item)].excludedDays + d.excludedDays,
    }),
  ),
  on(C.ClockExtended, (s, d) =>
    clock(s, d, { days: s.clocks[clockKey(d.clock, d.item)].days + d.days, dueOn: d.dueOn }),
  ),
  on(C.ClockMissed, (s, d) => clock(s, d, { missed: true })),
];

const filing = [
  on(E.StageEntered, (s, d, r) => ({
    ...s,
    procedure: d.procedure,
    stage: d.stage,
    stageSince: dateInChina(r.metadata.occurredAt),
  })),
  on(E.ClueRecorded, (s, d) => ({ ...s, bodyId: d.bodyId, discoveredOn: d.discoveredOn })),
  on(E.FilingCheckExtended, (s) => ({ ...s, checkExtended: true })),
  on(E.CaseFiled, (s, d) => ({
    ...s,
    powerCode: d.powerCode,
    party: party(d),
    filedOn: d.filedOn,
    violationEndedOn: d.violationEndedOn,
    priorOffences: d.priorOffences,
    officers: d.officers,
    investigators: union(s.investigators, d.officers),
  })),
  on(E.OnTheSpotCaseOpened, (s, d, r) =>
    act(
      {
        ...s,
        bodyId: d.bodyId,
        powerCode: d.powerCode,
        party: party(d),
        discoveredOn: dateInChina(r.metadata.occurredAt),
        violationEndedOn: dateInChina(r.metadata.occurredAt),
        priorOffences: d.priorOffences,
        officers: d.officers,
        investigators: d.officers,
      },
      'DecideOnTheSpot',
    ),
  ),
  on(E.OfficersAssigned, (s, d) => ({
    ...s,
    officers: d.officers,
    investigators: union(s.investigators, d.officers),
  })),
  on(E.OfficerRecused, (s, d) => ({
    ...s,
    officers: s.officers.filter((o) => o !== d.officerId),
    recused: union(s.recused, [d.officerId]),
  })),
  on(E.CredentialShown, (s, d, r) => ({
    ...investigatedBy(s, d.officers, r),
    shownBy: union(s.shownBy, d.officers),
  })),
  on(E.PriorNoticeGiven, (s, d, r) => prior(investigatedBy(s, d.officers, r), { notice: true })),
  on(E.GuidanceGiven, (s, d, r) => prior(investigatedBy(s, d.officers, r), { guidance: true })),
  on(E.RectificationOrdered, (s, d, r) => prior(investigatedBy(s, d.officers, r), { ordered: true, checked: false })),
  on(E.RectificationChecked, (s, d, r) =>
    prior(investigatedBy(s, d.officers, r), { checked: true, rectified: d.rectified }),
  ),
  on(E.PriorStepsSkipped, (s) => prior(s, { skipped: true })),
];

const investigation = [
  on(E.InquiryMade, (s, d, r) =>
    act(
      { ...investigatedBy(s, d.officers, r), inquiries: [...s.inquiries, d.inquiryId] },
      'RecordInquiry',
      d.inquiryId,
    ),
  ),
  on(E.InspectionMade, (s, d, r) => act(investigatedBy(s, d.officers, r), 'RecordInspection', d.inspectionId)),
  on(E.EvidenceCollected, (s, d, r) => ({
    ...investigatedBy(s, d.collectedBy, r),
    evidence: [...s.evidence, { id: d.evidenceId, on: dateInChina(r.metadata.occurredAt), excluded: false }],
  })),
  on(E.EvidenceExcluded, (s, d) => ({
    ...s,
    evidence: s.evidence.map((e) => (e.id === d.evidenceId ? { ...e, excluded: true } : e)),
  })),
  on(E.RecordingAttached, (s, d) => ({
    ...s,
    recordings: [...s.recordings, { id: d.recordingId, step: d.step, item: d.item, level: d.level }],
  })),
  on(E.MissingRecordingExplained, (s, d) => ({
    ...s,
    toRecord: s.toRecord.filter((a) => a.step !== d.step || a.item !== d.item),
  })),
  on(E.EvidencePreserved, (s, d, r) =>
    act(
      {
        ...investigatedBy(s, d.officers, r),
        preservations: [
          ...s.preservations,
          { id: d.preservationId, at: r.metadata.occurredAt, approved: d.approvedBy !== '', disposed: false },
        ],
      },
      'PreserveEvidence',
      d.preservationId,
    ),
  ),
  on(E.PreservationApproved, (s, d) => ({
    ...s,
    preservations: s.preservations.map((p) => (p.id === d.preservationId ? { ...p, approved: true } : p)),
  })),
  on(E.PreservationDisposed, (s, d) => ({
    ...s,
    preservations: s.preservations.map((p) =>
      p.id === d.preservationId ? { ...p, approved: true, disposed: true } : p,
    ),
  })),
  on(E.CaseTimeSuspended, (s, d) => ({
    ...s,
    suspensions: [...s.suspensions, d.ground],
  })),
  on(E.CaseTimeResumed, (s, d) => ({
    ...s,
    suspensions: s.suspensions.filter((g) => g !== d.ground),
  })),
  on(E.DecisionTimeExtended, (s) => ({ ...s, extensions: s.extensions + 1 })),
  on(E.InvestigationConcluded, (s, d) => ({
    ...s,
    proposal: { ...d },
    contestedReviewer: undefined,
  })),
  on(E.InvestigationEnded, (s) => ({ ...s, endedWithout: true })),
];

const review = [
  on(E.SubmittedForReview, (s, d) => ({
    ...s,
    review: { round: d.round, submittedOn: d.submittedOn, afterHearing: d.afterHearing, escalated: false },
  })),
  on(E.ReviewOpinionIssued, (s, d, r) => ({
    ...s,
    reviewers: union(s.reviewers, [d.reviewerId]),
    review: s.review && {
      ...s.review,
      reviewerId: d.reviewerId,
      passed: d.passed,
      issuedOn: dateInChina(r.metadata.occurredAt),
    },
  })),
  on(E.DisagreementEscalated, (s) => ({
    ...s,
    review: s.review && { ...s.review, escalated: true },
  })),
  on(E.DisagreementSettled, (s, d) => ({
    ...s,
    contestedReviewer: d.settlement === 'review_again' ? s.review?.reviewerId : undefined,
    review: s.review && { ...s.review, escalated: false },
  })),
  on(E.RightsNoticeServed, (s, d, r) => ({
    ...s,
    notice: {
      givenOn: dateInChina(r.metadata.occurredAt),
      servedOn: d.servedOn,
      penalties: d.penalties,
      hearingOffered: d.hearingOffered,
    },
    // A new notice opens the rights again: what was waived or heard on the earlier one does not stand in for it.
    waived: undefined,
    hearing: undefined,
  })),
  on(E.StatementHeard, (s, d) => ({
    ...s,
    statements: [
      ...s.statements,
      { id: d.statementId, receivedOn: d.receivedOn, points: d.pointCount, answered: false },
    ],
  })),
  on(E.StatementAnswered, (s, d) => ({
    ...s,
    statements: s.statements.map((x) => (x.id === d.statementId ? { ...x, answered: true } : x)),
  })),
  on(E.StatementWaived, (s, d) => ({ ...s, waived: { hearingToo: d.hearingToo } })),
  on(E.HearingRequested, (s, d) => ({
    ...s,
    hearing: { requestedOn: d.requestedOn },
  })),
  on(E.HearingNoticed, (s, d) => ({
    ...s,
    hearing: s.hearing && { ...s.hearing, hearingOn: d.hearingOn, hostId: d.hostId },
  })),
  on(E.HearingHeld, (s, d) =>
    act({ ...s, hearing: s.hearing && { ...s.hearing, heldOn: d.heldOn } }, 'HoldHearing', d.heldOn),
  ),
  on(E.HearingWithdrawn, (s, d) => ({
    ...s,
    hearing: s.hearing && { ...s.hearing, withdrawnOn: d.withdrawnOn },
  })),
  on(E.CollectiveDiscussionHeld, (s, d) => ({
    ...s,
    discussions: [...s.discussions, { matter: d.matter, on: d.heldOn, agreed: d.agreed }],
  })),
];

const decision = [
  on(E.PenaltyDecided, (s, d) => ({ ...s, decision: { ...d, revoked: false } })),
  on(E.DecisionServed, (s, d) => act({ ...s, servedOn: d.servedOn }, 'ServeDecision', '', d.method)),
  on(E.DecisionAmended, (s, d) => ({
    ...s,
    decision: s.decision && {
      ...s.decision,
      documentNumber: d.amendingDocument,
      penalties: d.penalties,
      fineYuan: d.fineYuan,
    },
    surchargeYuan: Math.min(s.surchargeYuan, d.fineYuan),
  })),
  on(E.DecisionRevoked, (s) => ({
    ...s,
    decision: s.decision && { ...s.decision, revoked: true },
  })),
];

const execution = [
  on(E.FinePaid, (s, d) => ({
    ...s,
    payments: [...s.payments, { on: d.paidOn, amountYuan: d.amountYuan, receipt: d.receiptNumber }],
  })),
  on(E.PaymentDeferred, (s, d) => ({ ...s, deferredUntil: d.until, instalments: [] })),
  on(E.InstalmentsApproved, (s, d) => ({
    ...s,
    instalments: d.plan,
    deferredUntil: undefined,
  })),
  on(E.LateSurchargeAssessed, (s, d) => ({ ...s, surchargeYuan: d.amountYuan })),
  on(E.PerformanceDemanded, (s, d) => ({ ...s, demandedOn: d.demandedOn })),
  on(E.RemedySought, (s, d) => ({
    ...s,
    remedies: [...s.remedies, { id: d.remedyId, kind: d.kind, soughtOn: d.soughtOn }],
  })),
  on(E.RemedyEnded, (s, d) => ({
    ...s,
    remedies: s.remedies.map((x) => (x.id === d.remedyId ? { ...x, endedOn: d.endedOn, outcome: d.outcome } : x)),
  })),
  on(E.CourtEnforcementApplied, (s, d) => ({
    ...s,
    courtAppliedOn: d.appliedOn,
  })),
  on(E.OnTheSpotReported, (s) => ({ ...s, reported: true })),
  on(E.FineCollectedOnTheSpot, (s, d) => ({
    ...s,
    collected: { amountYuan: d.amountYuan, handedTo: [] },
    payments: [...s.payments, { on: d.collectedOn, amountYuan: d.amountYuan, receipt: d.receiptNumber }],
  })),
  on(E.CollectedFineHandedOver, (s, d) => ({
    ...s,
    collected: { ...s.collected, handedTo: [...s.collected.handedTo, d.handedTo] },
  })),
];

const byType = evolveBy<CaseState>(...clocks, ...filing, ...investigation, ...review, ...decision, ...execution);

/** What an event makes of a case; the file's documents are gathered alongside. */
export const evolveCase: Evolve<CaseState> = (state, recorded) => {
  const next = byType(state, recorded);
  const documents = documentsOf(recorded);
  return documents.length === 0 ? next : { ...next, documents: [...next.documents, ...documents] };
};
