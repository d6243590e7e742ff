import {
  CaseFiled,
  ClueRecorded,
  OfficerRecused,
  OfficersAssigned,
  OnTheSpotCaseOpened,
  StageEntered,
} from '../../src/enforcement/filing-events';
import {
  DecisionAmended,
  DecisionRevoked,
  DecisionServed,
  PenaltyDecided,
} from '../../src/enforcement/decision-events';
import {
  CaseArchived,
  CaseClosed,
  FineCollectedOnTheSpot,
  FinePaid,
  LateSurchargeAssessed,
  RemedyEnded,
  RemedySought,
} from '../../src/enforcement/execution-events';
import { EvidenceCollected, EvidenceExcluded, RecordingAttached } from '../../src/enforcement/investigation-events';
import { ReviewOpinionIssued, StatementAnswered, StatementHeard } from '../../src/enforcement/review-events';
import {
  HistoricalOutcomeRecorded,
  HistoricalPenaltyImported,
} from '../../src/enforcement/historical/historical-events';
import { definitionOf, type EventClass, type RecordedEvent } from '../../src/kernel/event';
import { dateInChina } from '../../src/kernel/time';
import { clockAfter, clockKey } from '../clock-row';
import { idOf } from '../fold';
import type { Projection } from '../projection';
import { LINK_OF } from './links';
import type { CaseFileRow, LinkRow } from './rows';

type File = Readonly<CaseFileRow>;
type Draft = { -readonly [K in keyof CaseFileRow]: CaseFileRow[K] };
type Step = (file: File, data: never, event: RecordedEvent) => Partial<CaseFileRow>;

const on = <T extends object>(
  type: EventClass<T>,
  step: (file: File, data: Readonly<T>, event: RecordedEvent) => Partial<CaseFileRow>,
): readonly [string, Step] => [definitionOf(type).name, step as Step];

/** What each act changes in the file, beyond its place in the timeline. */
const steps: ReadonlyMap<string, Step> = new Map([
  on(ClueRecorded, (_, d) => ({
    procedure: 'clue',
    stage: 'clue',
    bodyId: d.bodyId,
    cause: d.summary,
    discoveredOn: d.discoveredOn,
  })),
  on(StageEntered, (_, d) => ({ stage: d.stage })),
  on(CaseFiled, (_, d) => ({
    procedure: 'ordinary-penalty',
    bodyId: d.bodyId,
    caseNumber: d.caseNumber,
    powerCode: d.powerCode,
    cause: d.cause,
    officers: d.officers,
    filedOn: d.filedOn,
    party: partyOf(d),
  })),
  on(OnTheSpotCaseOpened, (_, d, e) => ({
    procedure: 'simple-penalty',
    bodyId: d.bodyId,
    caseNumber: d.formNumber,
    powerCode: d.powerCode,
    cause: d.cause,
    officers: d.officers,
    filedOn: dateInChina(e.metadata.occurredAt),
    party: partyOf(d),
  })),
  on(OfficersAssigned, (_, d) => ({ officers: d.officers })),
  on(OfficerRecused, (file, d) => ({ officers: file.officers.filter((o) => o !== d.officerId) })),
  on(EvidenceCollected, (file, d) => ({
    evidence: [
      ...file.evidence,
      { id: d.evidenceId, kind: d.kind, description: d.description, collectedBy: d.collectedBy, sha256: d.sha256 },
    ],
  })),
  on(EvidenceExcluded, (file, d) => ({
    evidence: file.evidence.map((e) => (e.id === d.evidenceId ? { ...e, excludedFor: d.legalBasis } : e)),
  })),
  on(RecordingAttached, (file, { recordingId, uploadedAfterHours: _, lateReason: __, ...d }) => ({
    recordings: [...file.recordings, { id: recordingId, ...d }],
  })),
  on(ReviewOpinionIssued, (file, d) => ({
    reviews: [...file.reviews, { round: d.round, reviewerId: d.reviewerId, passed: d.passed }],
    reviewerId: d.reviewerId,
  })),
  on(StatementHeard, (file, d) => ({
    statements: [...file.statements, { id: d.statementId, points: d.pointCount, answered: false }],
  })),
  on(StatementAnswered, (file, d) => ({
    statements: file.statements.map((s) => (s.id === d.statementId ? { ...s, answered: true } : s)),
  })),
  on(PenaltyDecided, (_, d) => ({
    documentNumber: d.documentNumber,
    outcome: d.outcome,
    decidedOn: d.decidedOn,
    penalties: d.penalties,
    fineYuan: d.fineYuan,
    decidedBy: d.decidedBy,
  })),
  on(DecisionAmended, (_, d) => ({ penalties: d.penalties, fineYuan: d.fineYuan })),
  on(DecisionRevoked, () => ({ revoked: true })),
  on(DecisionServed, (_, d) => ({ servedOn: d.servedOn })),
  on(FinePaid, (file, d) => ({ paidYuan: file.paidYuan + d.amountYuan })),
  on(FineCollectedOnTheSpot, (file, d) => ({ paidYuan: file.paidYuan + d.amountYuan })),
  on(LateSurchargeAssessed, (_, d) => ({ surchargeYuan: d.amountYuan })),
  on(RemedySought, (file, d) => ({
    remedies: [...file.remedies, { id: d.remedyId, kind: d.kind, soughtOn: d.soughtOn, authority: d.authority }],
  })),
  on(RemedyEnded, (file, d) => ({
    remedies: file.remedies.map((r) => (r.id === d.remedyId ? { ...r, outcome: d.outcome, endedOn: d.endedOn } : r)),
  })),
  on(CaseClosed, (_, d) => ({ closedOn: d.closedOn })),
  on(CaseArchived, (_, d) => ({ archivedOn: d.archivedOn, contents: d.contents, retainUntil: d.retainUntil })),
  on(HistoricalPenaltyImported, (_, d) => ({
    procedure: 'historical',
    stage: 'historical',
    bodyName: d.bodyName || d.jurisdiction,
    documentNumber: d.documentNumber,
    cause: d.violation,
    articles: d.articles,
    outcome: 'penalty',
    decidedOn: d.decidedOn,
    fineYuan: d.currency === 'CNY' ? (d.amount ?? 0) : 0,
    party: {
      id: d.partyId,
      kind: d.partyKind,
      publicName: d.partyPublicName,
      name: d.partyName,
      legalRepresentative: d.representative,
    },
  })),
  on(HistoricalOutcomeRecorded, (file, d) => ({
    remedies: [
      ...file.remedies,
      {
        id: `remedy-${file.remedies.length + 1}`,
        kind: 'reconsideration',
        authority: d.authority,
        outcome: d.outcome,
        endedOn: d.decidedOn,
        text: d.text,
      },
    ],
  })),
]);

const LATE_ENTRY_MS = 24 * 60 * 60 * 1000;

/**
 * The case after one more of its events: the fold behind the stored row and behind the state at any past position or date,
 * so that the two cannot disagree.
 */
export function caseFileAfter(before: File | undefined, event: RecordedEvent): CaseFileRow {
  const file = before ?? emptyFile(event);
  const link = LINK_OF[event.type];
  const clock = clockAfter(event, (key) => file.clocks.find((c) => clockKey(c) === key));
  // One copy, then what changed: a rebuild makes this for every event of every case.
  const next: Draft = { ...file };
  const changes = steps.get(event.type)?.(file, event.data as never, event);
  if (changes) Object.assign(next, changes);
  if (clock) next.clocks = [...file.clocks.filter((c) => clockKey(c) !== clockKey(clock)), clock];
  if (link) next.links = { ...file.links, [link]: linkAfter(file.links[link], event) };
  next.position = event.position;
  next.revision = event.revision;
  next.updatedAt = event.metadata.recordedAt;
  return next;
}

/** Every case with its timeline, clocks, evidence and gaps (案卷, D01): what an inspector reconstructs an act from. */
export const caseFile: Projection = {
  name: 'case-file',
  version: 1,
  tables: {
    case: {
      columns: {
        stage: (r: File) => r.stage,
        procedure: (r: File) => r.procedure,
        body: (r: File) => r.bodyId || (r.bodyName ?? ''),
        filed: (r: File) => r.filedOn ?? null,
        decided: (r: File) => r.decidedOn ?? null,
        document: (r: File) => r.documentNumber ?? null,
        updated: (r: File) => r.updatedAt,
        remedy: (r: File) => r.remedies[r.remedies.length - 1]?.outcome ?? null,
      },
      search: (r: File) =>
        `${r.caseNumber ?? ''} ${r.documentNumber ?? ''} ${r.party?.name ?? ''} ${r.cause} ${r.bodyName ?? ''}`,
    },
  },
  apply(event, rows) {
    if (!isOfCase(event.stream)) return;
    rows.put('case', caseKey(event), caseFileAfter(rows.get<CaseFileRow>('case', caseKey(event)), event));
  },
};

/** Whether a stream is a case, of today or from before the ledger. */
export const isOfCase = (stream: string): boolean => stream.startsWith('case-') || stream.startsWith('historical-');

const caseKey = (event: RecordedEvent): string => (event.stream.startsWith('case-') ? idOf(event) : event.stream);

const emptyFile = (event: RecordedEvent): CaseFileRow => ({
  id: caseKey(event),
  stream: event.stream,
  procedure: 'clue',
  stage: 'unopened',
  bodyId: '',
  cause: '',
  officers: [],
  penalties: [],
  fineYuan: 0,
  paidYuan: 0,
  surchargeYuan: 0,
  revoked: false,
  clocks: [],
  evidence: [],
  recordings: [],
  reviews: [],
  statements: [],
  remedies: [],
  links: {},
  position: 0,
  revision: -1,
  updatedAt: '',
});

/** Recorded more than a day after it happened. */
const isLate = (occurredAt: string, recordedAt: string): boolean =>
  occurredAt.slice(0, 10) !== recordedAt.slice(0, 10) &&
  Date.parse(recordedAt) - Date.parse(occurredAt) > LATE_ENTRY_MS;

function linkAfter(before: LinkRow | undefined, event: RecordedEvent): LinkRow {
  const { occurredAt, recordedAt } = event.metadata;
  const late = isLate(occurredAt, recordedAt) ? 1 : 0;
  return {
    acts: (before?.acts ?? 0) + 1,
    firstAt: before?.firstAt && before.firstAt < occurredAt ? before.firstAt : occurredAt,
    lastAt: before?.lastAt && before.lastAt > occurredAt ? before.lastAt : occurredAt,
    lateEntries: (before?.lateEntries ?? 0) + late,
    recordings: (before?.recordings ?? 0) + (event.type === 'RecordingAttached' ? 1 : 0),
  };
}

function partyOf(d: Readonly<CaseFiled | OnTheSpotCaseOpened>): CaseFileRow['party'] {
  return {
    id: d.partyId,
    kind: d.partyKind,
    publicName: d.partyPublicName,
    name: d.partyName,
    identifier: d.partyIdentifier,
    legalRepresentative: d.legalRepresentative,
    address: d.address,
    phone: d.phone,
  };
}
