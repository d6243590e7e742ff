import { Controller, Inject, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { BodyRow } from '../../projections/registers/rows';
import type { HttpRequest } from '../access/http-exchange';
import { CONFIG, type ApiConfig } from '../api/api-config';
import { DrawNotices } from '../draws/draw-notices.queries';
import { Failure } from '../kernel/errors';
import { DrawPage } from './draw.page';
import { DrawsPage, type ListedDraw, type ListedItem } from './draws.page';
import { renderPage } from './layout';
import { PageAt } from './page-routes';
import { PUBLIC, PublicRows } from './public-rows';
import { textOf } from './query-text';
import { viewOf } from './view';

const PAGE_ROWS = 50;
const MAX_ITEMS = 200;
const MAX_CURSOR = 1024;

/** Random inspections 双随机、一公开 (B16). */
@ApiExcludeController()
@Controller()
export class DrawPagesController {
  constructor(
    @Inject(CONFIG) private readonly config: ApiConfig,
    private readonly rows: PublicRows,
    private readonly notices: DrawNotices,
  ) {}

  @PageAt('draws', 'draws')
  async draws(@Req() request: HttpRequest, @Query() asked: Record<string, unknown>): Promise<string> {
    const view = viewOf(this.config, request);
    const turn = { after: textOf(asked, 'after', MAX_CURSOR), before: textOf(asked, 'before', MAX_CURSOR) };
    const [page, items, count] = await Promise.all([
      this.rows.turn<ListedDraw>(PUBLIC.draws, { limit: PAGE_ROWS }, turn, (d) => ({
        value: d.announcedAt,
        key: d.id,
      })),
      this.rows.list<ListedItem>(PUBLIC.drawItems, { limit: MAX_ITEMS }),
      this.rows.count(PUBLIC.draws),
    ]);
    const rows = await Promise.all(page.rows.map((row) => this.withBodyName(row)));
    const listed = await Promise.all(items.items.map((item) => this.withBodyName(item)));
    return renderPage(view, {
      title: view.t('draws.title'),
      content: <DrawsPage page={{ ...page, rows }} items={listed} count={count} />,
    });
  }

  @PageAt('draws/:id', 'draws')
  async draw(@Req() request: HttpRequest, @Param('id') id: string): Promise<string> {
    const view = viewOf(this.config, request);
    const draw = await this.notices.shown(id);
    const item = await found(this.rows.get<ListedItem>(PUBLIC.drawItems, draw.itemId));
    const { bodyName } = await this.withBodyName(draw);
    return renderPage(view, {
      title: draw.title,
      trail: [{ title: view.t('draws.title'), href: view.href('/draws') }],
      content: <DrawPage draw={draw} item={item} body={{ id: draw.bodyId, name: bodyName }} />,
    });
  }

  private async withBodyName<T extends { readonly bodyId: string }>(row: T): Promise<T & { bodyName: string }> {
    const body = await found(this.rows.get<BodyRow>(PUBLIC.bodies, row.bodyId));
    return { ...row, bodyName: body?.name ?? row.bodyId };
  }
}

/** What is not public, or not any more, is left out. */
async function found<T>(row: Promise<T>): Promise<T | undefined> {
  return row.catch((error: unknown) => {
    if (error instanceof Failure && error.kind === 'not_found') return undefined;
    throw error;
  });
}
