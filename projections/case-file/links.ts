import type { Link } from '../../src/enforcement/penalty-types';
import type { CaseFileRow, TimelineEntry } from './rows';

/** Which link of full-process recording (全过程记录, D01) an act belongs to. Clocks, stages and explanations of late entry belong to none. */
export const LINK_OF: Readonly<Record<string, Link>> = {
  ClueRecorded: 'filing',
  FilingCheckExtended: 'filing',
  FilingDeclined: 'filing',
  CaseFiled: 'filing',
  OnTheSpotCaseOpened: 'filing',
  OfficersAssigned: 'investigation',
  OfficerRecused: 'investigation',
  RecusalRefused: 'investigation',
  CredentialShown: 'investigation',
  PriorNoticeGiven: 'investigation',
  GuidanceGiven: 'investigation',
  RectificationOrdered: 'investigation',
  RectificationChecked: 'investigation',
  PriorStepsSkipped: 'investigation',
  InquiryMade: 'investigation',
  InspectionMade: 'investigation',
  CaseTimeSuspended: 'investigation',
  CaseTimeResumed: 'investigation',
  DecisionTimeExtended: 'investigation',
  InvestigationConcluded: 'investigation',
  InvestigationReopened: 'investigation',
  InvestigationEnded: 'investigation',
  EvidenceCollected: 'evidence',
  EvidenceExcluded: 'evidence',
  EvidencePreserved: 'evidence',
  PreservationApproved: 'evidence',
  PreservationDisposed: 'evidence',
  RecordingAttached: 'evidence',
  MissingRecordingExplained: 'evidence',
  SubmittedForReview: 'review',
  ReviewOpinionIssued: 'review',
  DisagreementEscalated: 'review',
  DisagreementSettled: 'review',
  RightsNoticeServed: 'decision',
  StatementHeard: 'decision',
  StatementAnswered: 'decision',
  StatementWaived: 'decision',
  HearingRequested: 'decision',
  HearingNoticed: 'decision',
  HearingHeld: 'decision',
  HearingWithdrawn: 'decision',
  CollectiveDiscussionHeld: 'decision',
  PenaltyDecided: 'decision',
  CaseTransferred: 'decision',
  DecisionCorrected: 'decision',
  DecisionAmended: 'decision',
  DecisionRevoked: 'decision',
  DecisionServed: 'service',
  FinePaid: 'execution',
  PaymentDeferred: 'execution',
  InstalmentsApproved: 'execution',
  LateSurchargeAssessed: 'execution',
  PerformanceDemanded: 'execution',
  RemedySought: 'execution',
  RemedyEnded: 'execution',
  CourtEnforcementApplied: 'execution',
  OnTheSpotReported: 'execution',
  FineCollectedOnTheSpot: 'execution',
  CollectedFineHandedOver: 'execution',
  CaseClosed: 'execution',
  CaseArchived: 'execution',
};

export const LINKS: readonly Link[] = [
  'filing',
  'investigation',
  'evidence',
  'review',
  'decision',
  'service',
  'execution',
];

export interface Gap {
  readonly link: Link;
  /** `complete`: acts are there. `missing`: a later link has acts and this one none. `ahead`: not reached yet. */
  readonly state: 'complete' | 'missing' | 'ahead';
  readonly acts: number;
  readonly recordings: number;
  readonly lateEntries: number;
  readonly firstAt?: string;
  readonly lastAt?: string;
  /** The longest silence before or within the link, in days, and the two positions around it. */
  readonly longestSilence?: { readonly days: number; readonly from: number; readonly to: number };
}

const DAY_MS = 86_400_000;

/** The gap report of a case by link (D01): what is missing, what was entered late, where the file was silent longest. */
export function gaps(file: CaseFileRow, timeline: readonly TimelineEntry[]): Gap[] {
  const reached = Math.max(-1, ...LINKS.map((link, i) => (file.links[link] ? i : -1)));
  // On-the-spot penalties have no separate review (行政处罚法 51), and historical acts none of the links.
  const skipped: readonly Link[] = file.procedure === 'simple-penalty' ? ['review'] : [];
  return LINKS.map((link, i): Gap => {
    const row = file.links[link];
    if (!row) {
      const state = i > reached || skipped.includes(link) ? 'ahead' : 'missing';
      return { link, state, acts: 0, recordings: 0, lateEntries: 0 };
    }
    return { link, state: 'complete', ...row, longestSilence: longestSilence(timeline, link) };
  });
}

function longestSilence(timeline: readonly TimelineEntry[], link: Link): Gap['longestSilence'] {
  const acts = timeline.filter((t) => t.link).sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
  let longest: Gap['longestSilence'];
  for (let i = 1; i < acts.length; i++) {
    if (acts[i].link !== link) continue;
    const days = Math.floor((Date.parse(acts[i].occurredAt) - Date.parse(acts[i - 1].occurredAt)) / DAY_MS);
    if (days > (longest?.days ?? 0)) longest = { days, from: acts[i - 1].position, to: acts[i].position };
  }
  return longest;
}
