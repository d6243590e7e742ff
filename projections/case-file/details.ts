import { CaseArchived } from '../../src/enforcement/execution-events';
import { EvidenceCollected, EvidenceExcluded, RecordingAttached } from '../../src/enforcement/investigation-events';
import { ReviewOpinionIssued, StatementAnswered, StatementHeard } from '../../src/enforcement/review-events';
import { definitionOf, type EventClass, type RecordedEvent } from '../../src/kernel/event';
import { clockAfter, clockKey } from '../clock-row';
import { caseRowAfter } from './case-file';
import { LINK_OF } from './links';
import type { CaseDetails, CaseFileRow, LinkRow } from './rows';

type Details = Readonly<CaseDetails>;
type Step = (file: Details, data: never) => Partial<CaseDetails>;

const on = <T extends object>(
  type: EventClass<T>,
  step: (file: Details, data: Readonly<T>) => Partial<CaseDetails>,
): readonly [string, Step] => [definitionOf(type).name, step as Step];

/** What each act adds to the file. */
const steps: ReadonlyMap<string, Step> = new Map([
  on(ReviewOpinionIssued, (file, d) => ({
    reviews: [...file.reviews, { round: d.round, reviewerId: d.reviewerId, passed: d.passed }],
  })),
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
  on(StatementHeard, (file, d) => ({
    statements: [...file.statements, { id: d.statementId, points: d.pointCount, answered: false }],
  })),
  on(StatementAnswered, (file, d) => ({
    statements: file.statements.map((s) => (s.id === d.statementId ? { ...s, answered: true } : s)),
  })),
  on(CaseArchived, (_, d) => ({ contents: d.contents })),
]);

const NOTHING: Details = { clocks: [], evidence: [], recordings: [], reviews: [], statements: [], links: {} };

/**
 * The case in its whole after one more of its events: the stored row by the very fold that stores it, and what is in the file
 * besides. So a case as it was at any position or date cannot disagree with the row that was there then.
 */
export function caseFileAfter(before: Readonly<CaseFileRow> | undefined, event: RecordedEvent): CaseFileRow {
  const file = before ?? NOTHING;
  const link = LINK_OF[event.type];
  const clock = clockAfter(event, (key) => file.clocks.find((c) => clockKey(c) === key));
  return {
    ...NOTHING,
    ...caseRowAfter(before, event),
    ...steps.get(event.type)?.(file, event.data as never),
    ...(clock && { clocks: [...file.clocks.filter((c) => clockKey(c) !== clockKey(clock)), clock] }),
    ...(link && { links: { ...file.links, [link]: linkAfter(file.links[link], event) } }),
  };
}

const LATE_ENTRY_MS = 24 * 60 * 60 * 1000;

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
