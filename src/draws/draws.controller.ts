import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { DrawItemRow, DrawRow } from '../../projections/draws/rows';
import { Public } from '../access/access.decorators';
import { ReadsFrom } from '../api/reads-from';
import { resourceController, type Resource } from '../api/resource.controller';
import { DrawNotices, type PublicDraw } from './draw-notices.queries';

/** The published list of random inspections 随机抽查事项清单, each item by the version in force. */
export const drawItemsResource: Resource = {
  path: 'draw-items',
  projection: 'draws',
  table: 'item',
  zh: '随机抽查事项清单',
  en: 'List of random inspections',
  readers: 'public',
  filters: {
    body: { column: 'body', is: 'value', zh: '抽查主体', en: 'inspecting body' },
    status: { column: 'status', is: 'value', zh: '状态', en: 'status' },
  },
  orderBy: { column: 'key', direction: 'asc' },
  only: () => ({ public: 1 }),
  visible: (row: DrawItemRow) => row.published !== undefined,
  present: ({ id, status, published, publishedOn, withdrawn, revision }: DrawItemRow) => ({
    ...published,
    ...{ id, status, publishedOn, withdrawn, revision },
  }),
};

export const DrawItemsController = resourceController(drawItemsResource);

/** Items with what is not published yet, for those who draft and review them. */
export const DrawItemDraftsController = resourceController({
  ...drawItemsResource,
  path: 'draw-item-drafts',
  zh: '随机抽查事项办理',
  en: 'Items of random inspection in every state',
  readers: ['registrar', 'head', 'supervisor', 'disclosure'],
  only: undefined,
  visible: undefined,
  present: undefined,
});

/** Draws without their lists. */
export const drawsResource: Resource = {
  path: 'draws',
  projection: 'draws',
  table: 'draw',
  zh: '随机抽查',
  en: 'Random draws',
  readers: 'public',
  filters: {
    body: { column: 'body', is: 'value', zh: '抽查主体', en: 'inspecting body' },
    item: { column: 'item', is: 'value', zh: '抽查事项', en: 'item' },
    status: { column: 'status', is: 'value', zh: '状态', en: 'status' },
  },
  search: true,
  orderBy: { column: 'announced', direction: 'desc' },
  present: ({ held, ...row }: DrawRow) => ({ ...row, ...(held && { heldAt: held.at }) }),
  listOnly: true,
};

export const DrawsController = resourceController(drawsResource);

@ApiTags('draws')
@Controller('api/draws')
export class DrawNoticesController {
  constructor(@Inject(DrawNotices) private readonly notices: DrawNotices) {}

  /** Everything by which anybody can repeat the draw: `mingjing draw --verify`, `docs/draws.md`. */
  @Get(':id')
  @Public()
  @ReadsFrom('draws')
  @ApiOperation({
    summary: '随机抽查公告与结果，可据以重复抽取 · The notice of a draw, from which it can be repeated',
    operationId: 'get-draws',
  })
  notice(@Param('id') id: string): Promise<PublicDraw> {
    return this.notices.notice(id);
  }
}
