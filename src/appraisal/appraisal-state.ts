import { evolveBy, when } from '../kernel/decider';
import type { LocalDate } from '../kernel/time';
import * as E from './appraisal-events';
import type { SchemeVersion } from './scheme';

export interface Mark {
  readonly id: string;
  readonly criterion: string;
  readonly points: number;
  readonly bonus: boolean;
  readonly eventIds: readonly string[];
}

/** One officer's appraisal of one year 评议考核 (M01) as decisions see it. */
export interface AppraisalState {
  readonly stage: 'none' | 'open' | 'confirmed' | 'appealed' | 'settled';
  readonly schemeId: string;
  readonly schemeVersion: number;
  readonly officerId: string;
  readonly bodyId: string;
  /** The marks that stand. */
  readonly marks: readonly Mark[];
  readonly vetoes: readonly E.Veto[];
  readonly score: number;
  readonly grade: string;
  readonly confirmedBy?: string;
  readonly appealUntil: LocalDate;
}

export const initialAppraisal: AppraisalState = {
  stage: 'none',
  schemeId: '',
  schemeVersion: 0,
  officerId: '',
  bodyId: '',
  marks: [],
  vetoes: [],
  score: 0,
  grade: '',
  appealUntil: '',
};

export const evolveAppraisal = evolveBy<AppraisalState>(
  when(E.AppraisalOpened, (_, d) => ({
    ...initialAppraisal,
    stage: 'open',
    schemeId: d.schemeId,
    schemeVersion: d.schemeVersion,
    officerId: d.officerId,
    bodyId: d.bodyId,
  })),
  when(E.CaseMarked, (s, d, { id }) => ({
    ...s,
    marks: [
      ...s.marks,
      {
        id,
        criterion: d.criterion,
        points: d.points,
        bonus: d.bonus !== undefined,
        eventIds: d.citations.map((x) => x.eventId),
      },
    ],
  })),
  when(E.SpotCheckRecorded, (s, d, { id }) => ({
    ...s,
    marks: [...s.marks, { id, criterion: d.criterion, points: d.points, bonus: false, eventIds: [id] }],
  })),
  when(E.MarkWithdrawn, (s, d) => ({ ...s, marks: s.marks.filter((m) => m.id !== d.markId) })),
  when(E.AppraisalConfirmed, (s, d, { metadata }) => ({
    ...s,
    stage: 'confirmed',
    score: d.score,
    grade: d.grade,
    vetoes: d.vetoes,
    appealUntil: d.appealUntil,
    confirmedBy: metadata.actor.account,
  })),
  when(E.AppraisalAppealed, (s) => ({ ...s, stage: 'appealed' })),
  when(E.AppraisalAppealDecided, (s, d) => ({
    ...s,
    stage: 'settled',
    marks: s.marks.filter((m) => !d.withdrawnMarkIds.includes(m.id)),
    vetoes: d.vetoes,
    score: d.score,
    grade: d.grade,
  })),
);

/** Marks have one decimal; sums are made in tenths, which are exact. */
export const tenths = (points: number): number => Math.round(points * 10);

export const sumOf = (marks: readonly Mark[], which: (m: Mark) => boolean): number =>
  marks.filter(which).reduce((sum, m) => sum + tenths(m.points), 0) / 10;

/**
 * Full marks less what each criterion lost, with the bonus on top, never above full marks; a veto fails the year
 * (评议考核规定 14, 15, 17). What was given back in one criterion never makes up for another.
 */
export function result(
  scheme: SchemeVersion,
  marks: readonly Mark[],
  vetoes: readonly E.Veto[],
  full: number,
): { score: number; grade: string } {
  const lost = scheme.criteria.map((x) => {
    const standing = sumOf(marks, (m) => m.criterion === x.code && !m.bonus);
    // Withdrawing what was given back can leave more deducted than the criterion has.
    return Math.max(-x.points, Math.min(0, standing));
  });
  const total = full + lost.reduce((sum, points) => sum + points, 0) + sumOf(marks, (m) => m.bonus);
  const score = Math.min(full, tenths(total) / 10);
  const passed = score >= scheme.excellentFrom ? 'excellent' : score >= scheme.passFrom ? 'pass' : 'fail';
  return { score, grade: vetoes.length > 0 ? 'fail' : passed };
}
