import { Injectable } from '@nestjs/common';
import type { DrawListsRow, DrawRow, InspectionRow } from '../../projections/draws/rows';
import { Failure } from '../kernel/errors';
import { ReadModel, MAX_PAGE_ROWS } from '../ledger/projecting/read-model';
import { EventProofs } from '../transparency/event-proofs';
import { showsPath } from '../transparency/event-sight';
import { parseCheckpoint } from '../verification/checkpoint';
import { parseNote } from '../verification/note';
import { DRAW_NOTICE_FORMAT, type DrawNotice } from '../verification/draw-notice';

/** A draw with its lists, with what was found, and with the proof that all of this was announced before the seed existed. */
export type PublicDraw = ShownDraw & Pick<DrawNotice, 'format' | 'proof'>;

/** A draw with its lists and with what was found. */
export interface ShownDraw extends DrawRow, DrawListsRow {
  readonly inspections: readonly InspectionRow[];
}

/** Notices of draws 抽查公告, for everybody. */
@Injectable()
export class DrawNotices {
  constructor(
    private readonly readModel: ReadModel,
    private readonly proofs: EventProofs,
  ) {}

  /** @throws Failure `record.not_found`; `log.…` while the log cannot prove the announcement */
  async notice(id: string): Promise<PublicDraw> {
    const draw = await this.shown(id);
    const proof = draw.held && (await this.proof(draw.position, draw.held.checkpoint));
    return { format: DRAW_NOTICE_FORMAT, ...draw, ...(proof && { proof }) };
  }

  /** The same without its proof. @throws Failure `record.not_found` */
  async shown(id: string): Promise<ShownDraw> {
    const draw = await this.readModel.get<DrawRow>('draws', 'draw', id);
    const lists = await this.readModel.get<DrawListsRow>('draws', 'lists', id);
    if (!draw || !lists) {
      throw new Failure('not_found', 'record.not_found', { zh: '没有这条记录。', en: 'There is no such record.' });
    }
    return { ...draw, ...lists, inspections: await this.inspections(id) };
  }

  /** That the announcement, with all that is open of it, is in the log of the very checkpoint that was the seed. */
  private async proof(position: number, note: string): Promise<string | undefined> {
    const announcement = await this.proofs.eventAt(position);
    if (!announcement) return undefined;
    const checkpoint = { note, ...parseCheckpoint(parseNote(note).text) };
    return this.proofs.proofOf(announcement, showsPath(announcement, 'open'), checkpoint);
  }

  private async inspections(drawId: string): Promise<InspectionRow[]> {
    const rows: InspectionRow[] = [];
    const request = { where: { draw: drawId }, orderBy: { column: 'party', direction: 'asc' } } as const;
    for (let cursor: string | undefined; ;) {
      const page = await this.readModel.list<InspectionRow>('draws', 'inspection', {
        ...request,
        limit: MAX_PAGE_ROWS,
        cursor,
      });
      rows.push(...page.rows);
      if (!page.next) return rows;
      cursor = page.next;
    }
  }
}
