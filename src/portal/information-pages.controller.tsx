import { Controller, Inject, Query, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import type { TopicRow } from '../../projections/complaints/complaints';
import type { RatingRow } from '../../projections/officer-performance/rows';
import type { LagRow } from '../../projections/public-notices/rows';
import type { BodyRow } from '../../projections/registers/rows';
import type { HttpRequest } from '../access/http-exchange';
import { CONFIG, type ApiConfig } from '../api/api-config';
import { lagStatistics, PublicationLag, type LagStatistics } from '../disclosure/statistics.queries';
import { dateInChina, type Clock } from '../kernel/time';
import { allInstruments, isInForce } from '../law/instruments';
import { allParameters } from '../law/parameters';
import { CLOCK } from '../ledger/deciding/commands';
import { AboutPage, FeedsPage } from './about.page';
import { LawPage } from './law.page';
import { renderPage } from './layout';
import { NoticeSearch } from './notice-search';
import { PageAt } from './page-routes';
import { PUBLIC, PublicRows } from './public-rows';
import { dateOf, textOf } from './query-text';
import { StatisticsPage } from './statistics.page';
import { viewOf } from './view';

const MAX_BODIES = 500;
const MAX_TEXT = 100;

/** Figures, the law, and what there is to know about the site. */
@ApiExcludeController()
@Controller()
export class InformationPagesController {
  constructor(
    @Inject(CONFIG) private readonly config: ApiConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly rows: PublicRows,
    private readonly search: NoticeSearch,
    private readonly queries: QueryBus,
  ) {}

  @PageAt('statistics', 'public-notices')
  async statistics(@Req() request: HttpRequest, @Query('body') asked?: unknown): Promise<string> {
    const view = viewOf(this.config, request);
    const scope = textOf({ asked }, 'asked', 200) ?? 'all';
    const [lag, rows, topics, ratings, bodies] = await Promise.all([
      this.queries.execute<PublicationLag, LagStatistics>(new PublicationLag(scope)),
      this.search.lags(),
      this.rows.list<TopicRow>(PUBLIC.complaintTopics, { limit: 100 }),
      this.rows.list<RatingRow>(PUBLIC.ratings, { limit: MAX_BODIES }),
      this.bodies(),
    ]);
    const names = new Map(bodies.map(({ id, name }) => [id, name]));
    const rated = ratings.items.map((row) => ({ ...row, bodyName: names.get(row.bodyId) ?? row.bodyId }));
    return renderPage(view, {
      title: view.t('statistics.title'),
      content: (
        <StatisticsPage lag={lag} perBody={byScope(rows, lag.limitDays)} topics={topics.items} ratings={rated} />
      ),
    });
  }

  @PageAt('law')
  law(@Req() request: HttpRequest, @Query() asked: Record<string, unknown>): string {
    const view = viewOf(this.config, request);
    const q = textOf(asked, 'q', MAX_TEXT);
    const on = dateOf(asked, 'on').date ?? this.today();
    const has = (...texts: string[]) => !q || texts.join(' ').toLowerCase().includes(q.toLowerCase());
    const parameters = allParameters().filter((p) => isInForce(p, on) && has(p.id, p.zh, p.en, p.basis));
    const instruments = allInstruments().filter((i) => isInForce(i, on) && has(i.id, i.title, i.en, ...i.aliases));
    return renderPage(view, {
      title: view.t('law.title'),
      content: <LawPage parameters={parameters} instruments={instruments} q={q} on={on} />,
    });
  }

  @PageAt('about', 'registers')
  async about(@Req() request: HttpRequest): Promise<string> {
    const view = viewOf(this.config, request);
    return renderPage(view, {
      title: view.t('about.title'),
      content: <AboutPage bodies={await this.bodies()} today={this.today()} />,
    });
  }

  @PageAt('feeds')
  feeds(@Req() request: HttpRequest): string {
    const view = viewOf(this.config, request);
    return renderPage(view, { title: view.t('feeds.title'), content: <FeedsPage /> });
  }

  private async bodies(): Promise<readonly BodyRow[]> {
    return (await this.rows.list<BodyRow>(PUBLIC.bodies, { limit: MAX_BODIES })).items;
  }

  private today(): string {
    return dateInChina(this.clock.now());
  }
}

/** The figures of every body, the slowest first. */
function byScope(rows: readonly LagRow[], limitDays: number): LagStatistics[] {
  const scopes = new Map<string, LagRow[]>();
  for (const row of rows) if (row.scope !== 'all') scopes.set(row.scope, [...(scopes.get(row.scope) ?? []), row]);
  return [...scopes]
    .map(([scope, own]) =>
      lagStatistics(
        scope,
        own.sort((a, b) => a.lagDays - b.lagDays),
        limitDays,
      ),
    )
    .sort((a, b) => (b.median ?? 0) - (a.median ?? 0) || (a.scope < b.scope ? -1 : 1));
}
