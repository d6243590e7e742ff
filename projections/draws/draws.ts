import {
  DrawAnnounced,
  DrawHeld,
  DrawVoided,
  InspectionConducted,
  InspectionResultCorrected,
  InspectionResultPublished,
} from '../../src/draws/draw-events';
import {
  DrawItemDrafted,
  DrawItemPublished,
  DrawItemReviewed,
  DrawItemWithdrawn,
} from '../../src/draws/draw-item-events';
import type { RecordedEvent } from '../../src/kernel/event';
import { change, foldWithRevision, idOf, on } from '../fold';
import type { Projection, Rows } from '../projection';
import type { DrawItemRow, DrawListsRow, DrawRow, InspectionRow } from './rows';

/** The published list of random inspections, the draws made from it, and what became of who was drawn (双随机、一公开, B16). */
export const draws: Projection = {
  name: 'draws',
  version: 1,
  tables: {
    item: {
      columns: {
        public: (r: DrawItemRow) => (r.published ? 1 : 0),
        status: (r: DrawItemRow) => r.status,
        body: (r: DrawItemRow) => r.bodyId,
      },
      numbers: ['public'],
    },
    draw: {
      columns: {
        status: (r: DrawRow) => r.status,
        body: (r: DrawRow) => r.bodyId,
        item: (r: DrawRow) => r.itemId,
        announced: (r: DrawRow) => r.announcedAt,
      },
      search: (r: DrawRow) => r.title,
    },
    lists: {},
    inspection: {
      columns: { draw: (r: InspectionRow) => r.drawId, party: (r: InspectionRow) => r.party },
    },
  },
  apply: foldWithRevision(
    { drawitem: 'item', draw: 'draw' },
    on(DrawItemDrafted, (rows, d, e) => {
      const { bodyId, reviewBodyId } = d;
      const before = rows.get<DrawItemRow>('item', idOf(e)) ?? { id: idOf(e), status: 'drafted' as const };
      rows.put<DrawItemRow>('item', idOf(e), { ...before, bodyId, reviewBodyId, draft: d });
    }),
    on(DrawItemReviewed, (rows, d, e) =>
      item(rows, e, (i) => ({ draft: i.draft && { ...i.draft, reviewed: d.approved ? 'approved' : 'returned' } })),
    ),
    on(DrawItemPublished, (rows, d, e) =>
      item(rows, e, ({ draft }) => {
        const { reviewed: _, ...published } = draft!;
        return { status: 'published', published, publishedOn: d.publishedOn, draft: undefined };
      }),
    ),
    on(DrawItemWithdrawn, (rows, withdrawn, e) =>
      item(rows, e, () => ({ status: 'withdrawn', withdrawn, draft: undefined })),
    ),

    on(DrawAnnounced, (rows, { officers, parties, exclusions, exclusionGrounds: _, ...d }, e) => {
      rows.put<DrawListsRow>('lists', idOf(e), { officers, parties, exclusions, drawn: [] });
      rows.put<DrawRow>('draw', idOf(e), {
        ...d,
        id: idOf(e),
        status: 'announced',
        announcedAt: e.metadata.recordedAt,
        position: e.position,
        officersListed: officers.length,
        partiesListed: parties.length,
        drawnParties: 0,
        inspected: 0,
        resultsPublished: 0,
      });
    }),
    on(DrawHeld, (rows, { drawn, ...d }, e) => {
      change<DrawListsRow>(rows, 'lists', idOf(e), (lists) => ({ ...lists, drawn }));
      const held = { at: e.metadata.recordedAt, position: e.position, ...d };
      draw(rows, e, () => ({ status: 'held', held, drawnParties: drawn.length }));
    }),
    on(DrawVoided, (rows, voided, e) => draw(rows, e, () => ({ status: 'voided', voided }))),

    on(InspectionConducted, (rows, { party, conductedOn, officers, absent }, e) => {
      const row = { drawId: idOf(e), party, conductedOn, officers, absent };
      rows.put<InspectionRow>('inspection', inspectionKey(idOf(e), party), row);
      draw(rows, e, (d) => ({ inspected: d.inspected + 1 }));
    }),
    on(InspectionResultPublished, (rows, { party, result, publishedOn }, e) => {
      inspection(rows, e, party, { result, publishedOn });
      draw(rows, e, (d) => ({ resultsPublished: d.resultsPublished + 1 }));
    }),
    on(InspectionResultCorrected, (rows, { party, result, reason, correctedOn }, e) =>
      inspection(rows, e, party, { result, corrected: { correctedOn, reason } }),
    ),
  ),
};

const inspectionKey = (drawId: string, party: string): string => `${drawId}|${party}`;

const item = (rows: Rows, e: RecordedEvent, next: (i: Readonly<DrawItemRow>) => Partial<DrawItemRow>): void =>
  change<DrawItemRow>(rows, 'item', idOf(e), (i) => ({ ...i, ...next(i) }));

const draw = (rows: Rows, e: RecordedEvent, next: (d: Readonly<DrawRow>) => Partial<DrawRow>): void =>
  change<DrawRow>(rows, 'draw', idOf(e), (d) => ({ ...d, ...next(d) }));

const inspection = (rows: Rows, e: RecordedEvent, party: string, fields: Partial<InspectionRow>): void =>
  change<InspectionRow>(rows, 'inspection', inspectionKey(idOf(e), party), (i) => ({ ...i, ...fields }));
