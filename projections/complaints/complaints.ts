import type { RecordedEvent } from '../../src/kernel/event';
import {
  ComplainantInformed,
  ComplaintAccepted,
  ComplaintAnswered,
  ComplaintAssigned,
  ComplaintClosed,
  ComplaintFindingRecorded,
  ComplaintLodged,
  ComplaintPublicized,
  ComplaintRefused,
  ComplaintReopened,
  ComplaintTransferred,
} from '../../src/oversight/complaint-events';
import { change, erasing, foldWithRevision, idOf, on, type RevisedRow } from '../fold';
import type { Projection, Rows } from '../projection';

export type ComplaintStatus = 'lodged' | 'accepted' | 'refused' | 'transferred' | 'answered' | 'closed';

/** A complaint (投诉举报) from intake to close. `text`, `name`, `contact` and `answer` are for staff. */
export interface ComplaintRow extends RevisedRow {
  readonly id: string;
  readonly topic: string;
  readonly source: string;
  readonly bodyId: string;
  readonly caseId?: string;
  readonly anonymous: boolean;
  readonly complainantId: string;
  readonly status: ComplaintStatus;
  readonly lodgedAt: string;
  readonly text: string;
  readonly name?: string;
  readonly contact?: string;
  readonly ownerId?: string;
  readonly firstOwnerId?: string;
  readonly result?: string;
  readonly misconduct: readonly string[];
  readonly answeredOn?: string;
  readonly informed: ReadonlyArray<{ readonly of: string; readonly informedOn: string; readonly means: string }>;
  readonly closing?: string;
  readonly reopened: number;
  readonly publicized?: { readonly title: string; readonly summary: string };
  readonly position: number;
}

/** Complaints by topic and status (J05, J06): received, answered, closed. */
export interface TopicRow {
  readonly topic: string;
  readonly lodged: number;
  readonly answered: number;
  readonly closed: number;
}

/** Complaints and how far they have come (J01-J06). */
export const complaints: Projection = {
  name: 'complaints',
  version: 3,
  tables: {
    complaint: {
      columns: {
        status: (r: ComplaintRow) => r.status,
        topic: (r: ComplaintRow) => r.topic,
        body: (r: ComplaintRow) => r.bodyId,
        owner: (r: ComplaintRow) => r.ownerId ?? null,
        lodged: (r: ComplaintRow) => r.lodgedAt,
        publicized: (r: ComplaintRow) => (r.publicized ? 1 : 0),
      },
      numbers: ['publicized'],
      personal: {
        subject: (r: ComplaintRow) => `complainant:${r.complainantId}`,
        erased: (r: ComplaintRow): ComplaintRow => erasing(r, ['text', 'name', 'contact']),
      },
    },
    topic: {},
  },
  apply: foldWithRevision(
    { complaint: 'complaint' },
    on(ComplaintLodged, (rows, d, e) => {
      rows.put<ComplaintRow>('complaint', idOf(e), {
        id: idOf(e),
        topic: d.topic,
        source: d.source,
        bodyId: d.bodyId,
        caseId: d.caseId,
        anonymous: d.anonymous,
        complainantId: d.complainantId,
        status: 'lodged',
        lodgedAt: e.metadata.recordedAt,
        text: d.text,
        name: d.name,
        contact: d.contact,
        misconduct: d.misconduct,
        informed: [],
        reopened: 0,
        position: e.position,
      });
      count(rows, d.topic, 'lodged');
    }),
    on(ComplaintAccepted, (rows, _, e) => next(rows, e, () => ({ status: 'accepted' }))),
    on(ComplaintRefused, (rows, _, e) => next(rows, e, () => ({ status: 'refused' }))),
    on(ComplaintAssigned, (rows, d, e) =>
      next(rows, e, () => ({ ownerId: d.officerId, firstOwnerId: d.firstOwnerId })),
    ),
    // From here on it is the other body's, and nobody's there yet.
    on(ComplaintTransferred, (rows, d, e) =>
      next(rows, e, () => ({ status: 'transferred', bodyId: d.toBodyId, ownerId: undefined })),
    ),
    on(ComplaintFindingRecorded, (rows, d, e) => next(rows, e, () => ({ result: d.result, misconduct: d.misconduct }))),
    on(ComplaintAnswered, (rows, d, e) => {
      next(rows, e, () => ({ status: 'answered', answeredOn: d.answeredOn }));
      const row = rows.get<ComplaintRow>('complaint', idOf(e));
      if (row && row.reopened === 0) count(rows, row.topic, 'answered');
    }),
    on(ComplainantInformed, (rows, d, e) => next(rows, e, (c) => ({ informed: [...c.informed, d] }))),
    on(ComplaintClosed, (rows, d, e) => {
      next(rows, e, () => ({ status: 'closed', closing: d.closing }));
      const row = rows.get<ComplaintRow>('complaint', idOf(e));
      if (row && row.reopened === 0) count(rows, row.topic, 'closed');
    }),
    on(ComplaintReopened, (rows, _, e) =>
      next(rows, e, (c) => ({ status: 'accepted', closing: undefined, reopened: c.reopened + 1 })),
    ),
    on(ComplaintPublicized, (rows, d, e) => next(rows, e, () => ({ publicized: d }))),
  ),
};

function next(rows: Rows, e: RecordedEvent, fields: (c: Readonly<ComplaintRow>) => Partial<ComplaintRow>): void {
  change<ComplaintRow>(rows, 'complaint', idOf(e), (c) => ({ ...c, ...fields(c), position: e.position }));
}

function count(rows: Rows, topic: string, what: 'lodged' | 'answered' | 'closed'): void {
  const row = rows.get<TopicRow>('topic', topic) ?? { topic, lodged: 0, answered: 0, closed: 0 };
  rows.put<TopicRow>('topic', topic, { ...row, [what]: row[what] + 1 });
}
