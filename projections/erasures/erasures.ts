import { PersonalDataErased, SubjectKeyDestroyed } from '../../src/privacy/erasure-events';
import { change, foldWithRevision, idOf, on, type RevisedRow } from '../fold';
import type { Projection } from '../projection';

/** One erasure (个人信息删除): whose data, decided by whom and on which ground, and when the key was destroyed. No personal data. */
export interface ErasureRow extends RevisedRow {
  /** The subject as it stands in addresses: `party.p-17`. */
  readonly id: string;
  readonly subject: string;
  readonly kind: string;
  readonly ground: string;
  readonly basis: string;
  readonly document?: string;
  readonly reason?: string;
  /** The file should have been kept until this day; the ground overrode it. */
  readonly retainedUntil?: string;
  readonly decidedBy: string;
  readonly decidedAt: string;
  /** Absent until it is done. */
  readonly destroyedAt?: string;
  readonly position: number;
}

const addressOf = (subject: string): string => subject.replace(':', '.');

/** Who had whose personal data erased, and on which ground (个人信息保护法 47). */
export const erasures: Projection = {
  name: 'erasures',
  version: 1,
  tables: {
    erasure: {
      columns: {
        kind: (r: ErasureRow) => r.kind,
        ground: (r: ErasureRow) => r.ground,
        decided: (r: ErasureRow) => r.decidedAt,
        done: (r: ErasureRow) => (r.destroyedAt ? 1 : 0),
      },
      numbers: ['done'],
    },
  },
  apply: foldWithRevision(
    { subject: 'erasure' },
    on(PersonalDataErased, (rows, { subject, ...d }, e) =>
      rows.put<ErasureRow>('erasure', idOf(e), {
        ...d,
        id: idOf(e),
        subject,
        kind: subject.slice(0, subject.indexOf(':')),
        decidedBy: e.metadata.actor.account,
        decidedAt: e.metadata.recordedAt,
        position: e.position,
      }),
    ),
    on(SubjectKeyDestroyed, (rows, { subject }, e) =>
      change<ErasureRow>(rows, 'erasure', addressOf(subject), (row) => ({
        ...row,
        destroyedAt: e.metadata.recordedAt,
        position: e.position,
      })),
    ),
  ),
};
