import {
  AppraisalAppealDecided,
  AppraisalAppealed,
  AppraisalConfirmed,
  AppraisalOpened,
  AppraisalPublished,
  CaseMarked,
  MarkWithdrawn,
  SchemeDrafted,
  ServiceRated,
  SpotCheckRecorded,
  type Criterion,
} from '../../src/appraisal/appraisal-events';
import { ClockMissed } from '../../src/clocks/clock-events';
import type { RecordedEvent } from '../../src/kernel/event';
import { MatterAppealDecided, MatterMeasureImposed } from '../../src/oversight/accountability-events';
import {
  OfficerFaultLifted,
  OfficerFaultRecorded,
  OfficerReassigned,
  OfficerRegistered,
  OfficerTrained,
} from '../../src/registry/registry-events';
import { change, foldWithRevision, idOf, on } from '../fold';
import type { Projection, Rows } from '../projection';
import type { AppraisalRow, CriterionScore, FileEntryRow, MarkRow, OfficerFileRow, RatingRow, WorkRow } from './rows';

interface SchemeRow {
  readonly criteria: readonly Criterion[];
  readonly bonusMax: number;
}

const fold = foldWithRevision(
  { appraisal: 'appraisal' },
  on(OfficerRegistered, (rows, d, e) =>
    rows.put<OfficerFileRow>('file', idOf(e), {
      officerId: idOf(e),
      name: d.name,
      bodyId: d.bodyId,
      trainingHours: {},
      faults: 0,
      measures: 0,
      clocksMissed: 0,
    }),
  ),
  on(OfficerReassigned, (rows, d, e) => file(rows, idOf(e), () => ({ bodyId: d.bodyId }))),
  on(OfficerTrained, (rows, d, e) =>
    file(rows, idOf(e), (f) => {
      const year = d.trainedOn.slice(0, 4);
      return { trainingHours: { ...f.trainingHours, [year]: (f.trainingHours[year] ?? 0) + d.hours } };
    }),
  ),
  on(OfficerFaultRecorded, (rows, _, e) => file(rows, idOf(e), (f) => ({ faults: f.faults + 1 }))),
  on(OfficerFaultLifted, (rows, _, e) => file(rows, idOf(e), (f) => ({ faults: f.faults - 1 }))),
  on(MatterMeasureImposed, (rows, d, e) => {
    enter(rows, d.officerId, e);
    measured(rows, d.officerId, e.stream, (standing) => standing + 1);
  }),
  on(MatterAppealDecided, (rows, d, e) => {
    if (d.outcome === 'upheld') return;
    enter(rows, d.officerId, e);
    measured(rows, d.officerId, e.stream, () => 0);
  }),
  on(ClockMissed, (rows, d, e) => {
    if (d.bindsParty) return;
    for (const officerId of d.responsibleOfficers) {
      enter(rows, officerId, e);
      file(rows, officerId, (f) => ({ clocksMissed: f.clocksMissed + 1 }));
    }
  }),

  on(SchemeDrafted, (rows, d, e) =>
    rows.put<SchemeRow>('scheme', `${idOf(e)}|${d.version}`, { criteria: d.criteria, bonusMax: d.bonusMax }),
  ),
  on(AppraisalOpened, (rows, d, e) => {
    const scheme = rows.get<SchemeRow>('scheme', `${d.schemeId}|${d.schemeVersion}`);
    const officer = rows.get<OfficerFileRow>('file', d.officerId);
    const opened = { criteria: scheme?.criteria ?? [], bonusMax: scheme?.bonusMax ?? 0, marks: [] };
    rows.put<AppraisalRow>('appraisal', idOf(e), {
      ...d,
      ...opened,
      ...scored(opened),
      id: idOf(e),
      officerName: officer?.name ?? d.officerId,
      status: 'open',
      vetoes: [],
      position: e.position,
    });
    enter(rows, d.officerId, e);
  }),
  on(CaseMarked, (rows, d, e) =>
    mark(rows, e, (marks) => [...marks, { ...d, eventId: e.id, position: e.position, withdrawn: false }]),
  ),
  on(SpotCheckRecorded, (rows, d, e) =>
    mark(rows, e, (marks) => [
      ...marks,
      {
        eventId: e.id,
        position: e.position,
        criterion: d.criterion,
        points: d.points,
        reason: d.found,
        // A spot check is itself an event of the ledger, which its points rest on.
        citations: [{ stream: e.stream, eventId: e.id }],
        withdrawn: false,
      },
    ]),
  ),
  on(MarkWithdrawn, (rows, d, e) => mark(rows, e, (marks) => withdrawn(marks, [d.markId]))),
  on(AppraisalConfirmed, (rows, d, e) => {
    appraisal(rows, e, () => ({ status: 'confirmed', score: d.score, grade: d.grade, vetoes: d.vetoes }));
    const officerId = rows.get<AppraisalRow>('appraisal', idOf(e))?.officerId;
    if (officerId) enter(rows, officerId, e);
  }),
  on(AppraisalAppealed, (rows, _, e) => appraisal(rows, e, () => ({ status: 'appealed' }))),
  on(AppraisalAppealDecided, (rows, d, e) => {
    mark(rows, e, (marks) => withdrawn(marks, d.withdrawnMarkIds));
    appraisal(rows, e, () => ({ status: 'decided', score: d.score, grade: d.grade, vetoes: d.vetoes }));
  }),
  on(AppraisalPublished, (rows, d, e) =>
    appraisal(rows, e, () => ({ status: 'published', score: d.score, grade: d.grade, publishedScope: d.scope })),
  ),

  on(ServiceRated, (rows, d) => {
    const row = rows.get<RatingRow>('rating', d.bodyId) ?? { bodyId: d.bodyId, ratings: 0, stars: 0 };
    rows.put<RatingRow>('rating', d.bodyId, { ...row, ratings: row.ratings + 1, stars: row.stars + d.stars });
  }),
);

/** The officer's file and score (执法档案、评议考核, M01-M03), every point with the events it rests on. */
export const officerPerformance: Projection = {
  name: 'officer-performance',
  version: 2,
  tables: {
    file: { columns: { body: (r: OfficerFileRow) => r.bodyId }, search: (r: OfficerFileRow) => r.name },
    entry: {
      columns: { officer: (r: FileEntryRow) => r.officerId, position: (r: FileEntryRow) => r.position },
      numbers: ['position'],
    },
    measure: {},
    work: {
      columns: {
        officer: (r: WorkRow) => r.officerId,
        body: (r: WorkRow) => r.bodyId,
        last: (r: WorkRow) => r.lastAt,
      },
    },
    appraisal: {
      columns: {
        officer: (r: AppraisalRow) => r.officerId,
        body: (r: AppraisalRow) => r.bodyId,
        year: (r: AppraisalRow) => r.year,
        status: (r: AppraisalRow) => r.status,
        score: (r: AppraisalRow) => r.score,
        public: (r: AppraisalRow) => (r.publishedScope === 'public' ? 1 : 0),
      },
      numbers: ['year', 'score', 'public'],
    },
    rating: {},
    scheme: {},
  },
  apply(event, rows) {
    fold(event, rows);
    if (event.stream.startsWith('officer-')) enter(rows, idOf(event), event);
    else if (event.stream.startsWith('case-')) work(rows, event);
  },
};

/**
 * The score under a scheme: each criterion starts at its full marks and falls to zero at the least; merit is added up to the
 * scheme's limit; the whole never exceeds full marks (交通运输行政执法评议考核规定 14, 17).
 */
export function scored(a: Pick<AppraisalRow, 'criteria' | 'bonusMax' | 'marks'>): {
  scores: CriterionScore[];
  score: number;
} {
  const standing = a.marks.filter((m) => !m.withdrawn);
  // Points have one decimal: sums are made in tenths, which are exact.
  const sum = (points: readonly number[]): number => points.reduce((all, p) => all + Math.round(p * 10), 0) / 10;
  const scores = a.criteria.map(({ code, zh, en, points }): CriterionScore => {
    const own = standing.filter((m) => m.criterion === code && !m.bonus).map((m) => m.points);
    return { code, zh, en, points, score: Math.min(points, Math.max(0, sum([points, ...own]))) };
  });
  const bonus = Math.min(a.bonusMax, sum(standing.filter((m) => m.bonus).map((m) => m.points)));
  const full = sum(a.criteria.map((c) => c.points));
  return { scores, score: Math.min(full, sum([...scores.map((s) => s.score), bonus])) };
}

function mark(rows: Rows, e: RecordedEvent, next: (marks: readonly MarkRow[]) => readonly MarkRow[]): void {
  appraisal(rows, e, (a) => {
    const marks = next(a.marks);
    return { marks, ...scored({ ...a, marks }) };
  });
}

const withdrawn = (marks: readonly MarkRow[], ids: readonly string[]): MarkRow[] =>
  marks.map((m) => (ids.includes(m.eventId) ? { ...m, withdrawn: true } : m));

function appraisal(rows: Rows, e: RecordedEvent, next: (a: Readonly<AppraisalRow>) => Partial<AppraisalRow>): void {
  change<AppraisalRow>(rows, 'appraisal', idOf(e), (a) => ({ ...a, ...next(a), position: e.position }));
}

/** The measures of one matter that stand against one officer. */
interface MeasuresRow {
  readonly standing: number;
}

/** Changes how many measures of a matter stand: an appeal that succeeds lifts them. */
function measured(rows: Rows, officerId: string, matter: string, next: (standing: number) => number): void {
  const key = `${officerId}|${matter}`;
  const before = rows.get<MeasuresRow>('measure', key)?.standing ?? 0;
  const standing = next(before);
  rows.put<MeasuresRow>('measure', key, { standing });
  file(rows, officerId, (f) => ({ measures: f.measures + standing - before }));
}

function file(rows: Rows, officerId: string, next: (f: Readonly<OfficerFileRow>) => Partial<OfficerFileRow>): void {
  change<OfficerFileRow>(rows, 'file', officerId, (f) => ({ ...f, ...next(f) }));
}

function work(rows: Rows, event: RecordedEvent): void {
  const { officers } = event.data as { officers?: readonly string[] };
  const { actor, occurredAt } = event.metadata;
  for (const officerId of new Set([...(officers ?? []), ...(actor.officer ? [actor.officer] : [])])) {
    const key = `${officerId}|${event.stream}`;
    const row = rows.get<WorkRow>('work', key);
    rows.put<WorkRow>('work', key, {
      officerId,
      stream: event.stream,
      bodyId: row?.bodyId ?? rows.get<OfficerFileRow>('file', officerId)?.bodyId ?? '',
      acts: (row?.acts ?? 0) + 1,
      firstAt: row && row.firstAt < occurredAt ? row.firstAt : occurredAt,
      lastAt: row && row.lastAt > occurredAt ? row.lastAt : occurredAt,
    });
  }
}

/** One more entry in the file of an officer, if there is one. */
function enter(rows: Rows, officerId: string, e: RecordedEvent): void {
  if (!rows.get('file', officerId)) return;
  rows.put<FileEntryRow>('entry', `${officerId}|${e.position}`, {
    officerId,
    eventId: e.id,
    position: e.position,
    type: e.type,
    occurredAt: e.metadata.occurredAt,
    stream: e.stream,
  });
}
