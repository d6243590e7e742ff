import { evolveBy, when } from '../kernel/decider';
import { isErased } from '../kernel/erased';
import { clockRows, type Clocks } from '../clocks/stream-clocks';
import * as E from './complaint-events';

export type ComplaintStage = 'none' | 'lodged' | 'accepted' | 'refused' | 'closed';

/** A complaint or report 投诉举报 (J01-J07) as decisions see it. */
export interface ComplaintState {
  readonly stage: ComplaintStage;
  readonly bodyId: string;
  readonly anonymous: boolean;
  readonly reachable: boolean;
  readonly complainantId: string;
  /** What the complainant said and left was erased since. */
  readonly erased: boolean;
  readonly firstOwnerId?: string;
  readonly ownerId?: string;
  /** The result of the finding that stands, and whom it names. */
  readonly finding?: string;
  readonly foundOfficers: readonly string[];
  readonly answered: boolean;
  readonly informedOf: readonly string[];
  readonly rectification: 'none' | 'ordered' | 'confirmed';
  readonly transferred: boolean;
  readonly clocks: Clocks;
}

export const initialComplaint: ComplaintState = {
  stage: 'none',
  bodyId: '',
  anonymous: false,
  reachable: false,
  complainantId: '',
  erased: false,
  foundOfficers: [],
  answered: false,
  informedOf: [],
  rectification: 'none',
  transferred: false,
  clocks: {},
};

/** What begins anew when another body takes the complaint over, or when it is reopened. */
const anew = { finding: undefined, foundOfficers: [], answered: false, informedOf: [], rectification: 'none' } as const;

export const evolveComplaint = evolveBy<ComplaintState>(
  when(E.ComplaintLodged, (_, d) => ({
    ...initialComplaint,
    stage: 'lodged',
    bodyId: d.bodyId,
    anonymous: d.anonymous,
    reachable: d.reachable,
    complainantId: d.complainantId,
    erased: isErased(d.text),
  })),
  when(E.ComplaintAccepted, (s) => ({ ...s, stage: 'accepted' })),
  when(E.ComplaintRefused, (s) => ({ ...s, stage: 'refused' })),
  when(E.ComplaintAssigned, (s, d) => ({ ...s, ownerId: d.officerId, firstOwnerId: d.firstOwnerId })),
  when(E.ComplaintTransferred, (s, d) => ({
    ...s,
    ...anew,
    stage: 'lodged',
    bodyId: d.toBodyId,
    ownerId: undefined,
    transferred: true,
  })),
  when(E.ComplaintFindingRecorded, (s, d) => ({ ...s, finding: d.result, foundOfficers: d.officerIds })),
  when(E.ComplaintAnswered, (s) => ({
    ...s,
    answered: true,
    informedOf: s.informedOf.filter((what) => what !== 'answer'), // a second answer has to be told as well
  })),
  when(E.ComplainantInformed, (s, d) => ({ ...s, informedOf: [...s.informedOf, d.of] })),
  when(E.ComplaintRectificationOrdered, (s) => ({ ...s, rectification: 'ordered' })),
  when(E.ComplaintRectificationConfirmed, (s) => ({ ...s, rectification: 'confirmed' })),
  when(E.ComplaintClosed, (s) => ({ ...s, stage: 'closed' })),
  when(E.ComplaintReopened, (s) => ({ ...s, ...anew, stage: 'accepted' })),
  ...clockRows<ComplaintState>(),
);
