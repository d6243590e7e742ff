import { pipeline, Readable } from 'node:stream';
import { Controller, Get, Header, HttpStatus, Inject, Param, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import type { NoticeRow } from '../../projections/public-notices/rows';
import { Public } from '../access/access.decorators';
import { isKnown, type HttpReply, type HttpRequest } from '../access/http-exchange';
import { CONFIG, type ApiConfig } from '../api/api-config';
import { ReadsFrom } from '../api/reads-from';
import { PublicationLag, type LagStatistics } from '../disclosure/statistics.queries';
import { Failure } from '../kernel/errors';
import type { Clock } from '../kernel/time';
import { CLOCK } from '../ledger/deciding/commands';
import { NoticeProofs, type NoticeProof } from '../transparency/notice-proofs';
import { HomePage } from './home.page';
import { renderCopy } from './kept-copy';
import { KeptPages } from './kept-pages';
import { renderPage, type Page } from './layout';
import { noticesCsv } from './notices-csv';
import { ExpiredPage, NoticePage, WithdrawnPage, type NoticeProps } from './notice.page';
import { countOf, NoticeSearch, readNoticeQuery } from './notice-search';
import { PageAt } from './page-routes';
import { PublishedLog } from './published-log';
import { PUBLIC, PublicRows } from './public-rows';
import { textOf } from './query-text';
import { SearchPage } from './search.page';
import type { ListedNotice, ShownNotice } from './shown-notice';
import { keptView, viewOf, type View } from './view';

const PAGE_ROWS = 20;
const RECENT_ROWS = 8;
export const MAX_CURSOR = 1024;

/** Home, search, and each notice at its permanent address. */
@ApiExcludeController()
@Controller()
export class NoticePagesController {
  constructor(
    @Inject(CONFIG) private readonly config: ApiConfig,
    private readonly rows: PublicRows,
    private readonly search: NoticeSearch,
    private readonly queries: QueryBus,
    private readonly proofs: NoticeProofs,
    private readonly log: PublishedLog,
    private readonly pages: KeptPages,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @PageAt('/', 'public-notices')
  async home(@Req() request: HttpRequest): Promise<string> {
    const [notices, bodies, officers, powers, lag, recent] = await Promise.all([
      this.search.byCategory(),
      this.rows.count(PUBLIC.bodies),
      this.rows.count(PUBLIC.officers),
      this.rows.count(PUBLIC.powers, { where: { cancelled: 0 } }),
      this.queries.execute<PublicationLag, LagStatistics>(new PublicationLag('all')),
      this.rows.list<ListedNotice>(PUBLIC.notices, {
        where: { status: 'published' },
        orderBy: { column: 'published', direction: 'desc' },
        limit: RECENT_ROWS,
      }),
    ]);
    const figures = { notices: countOf(notices), bodies, officers, powers, medianLagDays: lag.median };
    return renderPage(this.view(request), {
      title: '',
      content: <HomePage figures={figures} recent={recent.items} />,
    });
  }

  @PageAt('notices', 'public-notices')
  async find(@Req() request: HttpRequest, @Query() asked: Record<string, unknown>): Promise<string> {
    const view = this.view(request);
    const query = readNoticeQuery(asked);
    const filter = await this.search.filter(query);
    const turn = { after: textOf(asked, 'after', MAX_CURSOR), before: textOf(asked, 'before', MAX_CURSOR) };
    const [page, byCategory, bodies] = await Promise.all([
      this.rows.turn<ListedNotice>(PUBLIC.notices, { ...filter, limit: PAGE_ROWS }, turn, (notice) => ({
        value: notice.decidedOn,
        key: notice.id,
      })),
      this.search.byCategory(filter),
      this.search.bodyNames(),
    ]);
    const count = countOf(byCategory, query.category);
    return renderPage(view, {
      title: view.t('search.title'),
      // The notices themselves are to be found by search engines, not the endless ways to search for them.
      noindex: view.here !== '/notices',
      content: <SearchPage {...{ query, page, count, byCategory, bodies }} />,
    });
  }

  /** The same search as a table in the columns of 双公示, read row by row. */
  @Get('notices.csv')
  @Public()
  @ReadsFrom('public-notices')
  @Header('Cache-Control', 'no-cache')
  async table(@Query() asked: Record<string, unknown>): Promise<StreamableFile> {
    const filter = await this.search.filter({ ...readNoticeQuery(asked), category: 'penalty' });
    const { csv, records } = noticesCsv(await this.rows.scan<NoticeRow>(PUBLIC.notices, filter));
    // A broken-off download ends the scan; there is nobody left to tell.
    pipeline(Readable.from(records), csv, () => undefined);
    return new StreamableFile(csv, {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="notices.csv"',
    });
  }

  @PageAt('notices/:id', 'public-notices')
  async notice(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
    @Param('id') id: string,
  ): Promise<Buffer | string | undefined> {
    const view = this.view(request);
    const notice = await this.rows.get<ShownNotice>(PUBLIC.notice, id);
    if (notice.status === 'expired') {
      reply.status(HttpStatus.GONE);
      return renderPage(view, expiredPage(view, notice.id));
    }
    const proofs = await this.proofs.list(id).catch(noneYet);
    const { html, etag } = this.pages.page(view, { notice, proofs }, shownPage);
    reply.header('ETag', etag);
    if (!isKnown(request, etag)) return html;
    reply.status(HttpStatus.NOT_MODIFIED);
    return undefined;
  }

  /** The same page to keep: with its proofs and what verifies them in one file, so that it can be checked wherever it is. */
  @PageAt('notices/:id/verifiable.html', 'public-notices')
  async keep(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
    @Param('id') id: string,
  ): Promise<string> {
    const notice = await this.rows.get<ShownNotice>(PUBLIC.notice, id);
    const proofs = await this.proofs.list(id); // of an expired notice none: 410
    const offer = await this.log.offer(id, proofs);
    const view = keptView(this.view(request));
    const page = noticePage(view, notice as ListedNotice, { proofs, kept: true });
    reply.header('Content-Disposition', `attachment; filename="notice-${id.replace(/[^\w.-]/g, '_')}.html"`);
    return renderCopy(view, page, { offer, keptAt: this.clock.now(), address: `/notices/${id}` });
  }

  private view(request: HttpRequest): View {
    return viewOf(this.config, request);
  }
}

const trailOf = (view: View): Page['trail'] => [{ title: view.t('search.title'), href: view.href('/notices') }];

function shownPage(
  view: View,
  parts: { readonly notice: ListedNotice; readonly proofs: readonly NoticeProof[] },
): Page {
  return { ...noticePage(view, parts.notice, { proofs: parts.proofs }), trail: trailOf(view) };
}

const expiredPage = (view: View, id: string): Page => ({
  ...{ title: view.t('notice.expired'), trail: trailOf(view), noindex: true },
  content: <ExpiredPage id={id} />,
});

/** A notice's page as far as it is the same on the site and in a copy. */
function noticePage(view: View, notice: ListedNotice, props: Omit<NoticeProps<never>, 'notice'>): Page {
  if (notice.status === 'withdrawn') {
    return {
      title: view.t('notice.withdrawn'),
      noindex: true,
      content: <WithdrawnPage notice={notice} {...props} />,
    };
  }
  return {
    title: `${notice.text.partyPublicName} ${notice.documentNumber}`,
    // A natural person's case is to be read here, not to follow the person through a search engine.
    noindex: notice.partyKind === 'natural_person',
    content: <NoticePage notice={notice} {...props} />,
  };
}

/** The page stands without its proofs: what is wrong with them is said where they are asked for. */
const noneYet = (error: unknown): [] => {
  if (error instanceof Failure) return [];
  throw error;
};
