import { evolveBy, when } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import type { LocalDate } from '../kernel/time';
import { begin, covers, end, type Period } from './periods';
import * as E from './registry-events';

/** A credential 执法证 with the time it was suspended or revoked. It is of the body the officer served in when it was issued. */
export interface Credential {
  readonly number: string;
  readonly kind: E.CredentialKind;
  readonly category: string;
  readonly area: string;
  readonly bodyId: string;
  readonly validFrom: LocalDate;
  readonly validUntil: LocalDate;
  readonly revoked: boolean;
  readonly barred: readonly Period[];
}

/** Why an officer may not act for a time: stood down (L04), retraining or removed from post (A07), disqualified (A05). */
export interface Bar extends Period {
  readonly cause: 'stand_down' | 'retraining' | 'removed' | 'disqualified';
}

export interface Posting {
  readonly from: LocalDate;
  readonly bodyId: string;
  readonly post: string;
  readonly unit?: string;
}

/** A review that is under way. After the first failure the officer is in retraining; the second ends it (A07). */
export interface OpenReview {
  readonly year: number;
  readonly failures: number;
  readonly retrained: boolean;
  /** The faults that it was opened for; none when it is the yearly one. */
  readonly faults: readonly string[];
}

/** A fault by the id of the matter or event that it was established in. One that was lifted counts no longer. */
export interface Fault {
  readonly on: LocalDate;
  readonly id: string;
  readonly lifted?: boolean;
}

/** An officer 执法人员 (A04-A08) as decisions see it. */
export interface OfficerState {
  readonly registered: boolean;
  readonly name: string;
  /** The body now served in; `postingOn` tells an earlier day's. */
  readonly bodyId: string;
  readonly employment: E.Employment;
  readonly postings: readonly Posting[];
  readonly trainedOn?: LocalDate;
  /** When each examination was last passed; failing it again takes it away. */
  readonly passedOn: Readonly<Partial<Record<E.ExaminationKind, LocalDate>>>;
  readonly credentials: readonly Credential[];
  /** 国家统一法律职业资格 (A08) */
  readonly legalQualification: boolean;
  readonly legalQualificationSince?: LocalDate;
  readonly bars: readonly Bar[];
  readonly review?: OpenReview;
  readonly reviewsPassed: readonly number[];
  readonly faults: readonly Fault[];
}

export const initialOfficer: OfficerState = {
  registered: false,
  name: '',
  bodyId: '',
  employment: 'civil_servant',
  postings: [],
  passedOn: {},
  credentials: [],
  legalQualification: false,
  bars: [],
  reviewsPassed: [],
  faults: [],
};

/** @throws Failure `officer.not_registered` */
export function known(state: OfficerState): void {
  require_(state.registered, 'officer.not_registered', {
    zh: '该执法人员尚未登记。',
    en: 'This officer is not registered.',
    basis: 'A06',
  });
}

/** Where the officer served that day. */
export function postingOn(state: OfficerState | undefined, on: LocalDate): Posting | undefined {
  return state?.postings.findLast((p) => p.from <= on);
}

/**
 * The credential the officer could show that day: in its term, neither suspended nor revoked, of the body then served in, and
 * the officer not stood down, in retraining, removed or disqualified (A04, A05, A07, L04). Undefined when there is none.
 */
export function credentialOn(
  state: OfficerState | undefined,
  on: LocalDate,
  kind: E.CredentialKind = 'enforcement',
): Credential | undefined {
  if (!state || covers(state.bars, on)) return undefined;
  const bodyId = postingOn(state, on)?.bodyId;
  return state.credentials.find(
    (c) => c.kind === kind && c.bodyId === bodyId && c.validFrom <= on && on <= c.validUntil && !covers(c.barred, on),
  );
}

/** Whether the officer may take part in an act of enforcement that day. */
export const holdsCredential = (state: OfficerState | undefined, on: LocalDate): boolean =>
  credentialOn(state, on) !== undefined;

const ofCause = (bars: readonly Bar[], cause: Bar['cause']): readonly Bar[] => bars.filter((b) => b.cause === cause);

/** Whether an officer is barred for this cause, without an end so far. */
export const isBarred = (state: OfficerState, cause: Bar['cause']): boolean =>
  ofCause(state.bars, cause).some((b) => b.until === undefined);

/** Whether an officer was barred for this cause that day, or is without an end so far. */
export const wasBarred = (state: OfficerState, cause: Bar['cause'], on: LocalDate): boolean =>
  isBarred(state, cause) || covers(ofCause(state.bars, cause), on);

const bar = (s: OfficerState, cause: Bar['cause'], from: LocalDate): OfficerState =>
  isBarred(s, cause) ? s : { ...s, bars: [...s.bars, { cause, from }] };

const lift = (s: OfficerState, cause: Bar['cause'], until: LocalDate): OfficerState => ({
  ...s,
  bars: [...s.bars.filter((b) => b.cause !== cause), ...end(ofCause(s.bars, cause), until)],
});

/** The credential of a kind that the officer holds for this body and that has not run out by that day; suspended ones count. */
export const heldCredential = (s: OfficerState, kind: E.CredentialKind, on: LocalDate): Credential | undefined =>
  s.credentials.find((c) => !c.revoked && c.kind === kind && c.bodyId === s.bodyId && on <= c.validUntil);

const shorten = (s: OfficerState, number: string, to: (c: Credential) => Credential): OfficerState => ({
  ...s,
  credentials: s.credentials.map((c) => (c.number === number && !c.revoked ? to(c) : c)),
});

export const evolveOfficer = evolveBy<OfficerState>(
  when(E.OfficerRegistered, (_, d) => ({
    ...initialOfficer,
    registered: true,
    name: d.name,
    bodyId: d.bodyId,
    employment: d.employment,
    // Open to the past: the registration may be entered long after the officer began.
    postings: [{ from: '', bodyId: d.bodyId, post: d.post, unit: d.unit }],
  })),
  when(E.OfficerTrained, (s, d) => ({
    ...s,
    trainedOn: s.trainedOn && s.trainedOn < d.trainedOn ? s.trainedOn : d.trainedOn,
    review: s.review && { ...s.review, retrained: s.review.failures > 0 },
  })),
  when(E.OfficerExamined, (s, d) => ({
    ...s,
    passedOn: { ...s.passedOn, [d.kind]: d.passed ? d.examinedOn : undefined },
  })),
  when(E.CredentialIssued, (s, d) => {
    const { issuedBy: _issuedBy, ...terms } = d;
    return { ...s, credentials: [...s.credentials, { ...terms, bodyId: s.bodyId, revoked: false, barred: [] }] };
  }),
  when(E.CredentialSuspended, (s, d) =>
    shorten(s, d.number, (c) => ({ ...c, barred: begin(c.barred, { from: d.suspendedOn }) })),
  ),
  when(E.CredentialReinstated, (s, d) =>
    shorten(s, d.number, (c) => ({ ...c, barred: end(c.barred, d.reinstatedOn) })),
  ),
  when(E.CredentialRevoked, (s, d) =>
    shorten(s, d.number, (c) => ({ ...c, revoked: true, barred: begin(c.barred, { from: d.revokedOn }) })),
  ),
  when(E.AnnualReviewOpened, (s, d) => ({
    ...s,
    review: { year: d.year, failures: 0, retrained: false, faults: d.faults },
  })),
  when(E.AnnualReviewLapsed, (s) => ({ ...s, review: undefined })),
  when(E.AnnualReviewPassed, (s, d) => ({ ...s, review: undefined, reviewsPassed: [...s.reviewsPassed, d.year] })),
  when(E.AnnualReviewFailed, (s) => ({
    ...s,
    review: s.review && { ...s.review, failures: s.review.failures + 1, retrained: false },
  })),
  when(E.SentForRetraining, (s, d) => bar(s, 'retraining', d.from)),
  when(E.RemovedFromPost, (s, d) => bar({ ...s, review: undefined }, 'removed', d.removedOn)),
  when(E.OfficerFaultRecorded, (s, d, recorded) => ({
    ...s,
    faults: [...s.faults, { on: d.faultOn, id: d.matterId ?? d.sourceEventId ?? recorded.id }],
  })),
  when(E.OfficerFaultLifted, (s, d) => ({
    ...s,
    faults: s.faults.map((f) => (f.id === d.matterId ? { ...f, lifted: true } : f)),
  })),
  when(E.OfficerStoodDown, (s, d) => bar(s, 'stand_down', d.from)),
  when(E.OfficerReturnedToDuty, (s, d) => lift(s, d.after, d.from)),
  when(E.OfficerReassigned, (s, d) => ({
    ...s,
    bodyId: d.bodyId,
    postings: [...s.postings, { from: d.from, bodyId: d.bodyId, post: d.post, unit: d.unit }],
  })),
  when(E.OfficerDisqualified, (s, d) => bar({ ...s, review: undefined }, 'disqualified', d.disqualifiedOn)),
  when(E.LegalQualificationGranted, (s, d) => ({
    ...s,
    legalQualification: true,
    legalQualificationSince: d.grantedOn,
  })),
);
