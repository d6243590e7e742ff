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
import { formatVerifierKey } from '../verification/verifier-key';
import { dateInChina, type Clock } from '../kernel/time';
import { allInstruments, isInForce } from '../law/instruments';
import { allParameters } from '../law/parameters';
import { CLOCK } from '../ledger/deciding/commands';
import { AboutPage, FeedsPage } from './about.page';
import { LawPage } from './law.page';
import { renderPage } from './layout';
import { LogPage, type ShownKey } from './log.page';
import { NoticeSearch } from './notice-search';
import { PageAt } from './page-routes';
import { PublishedLog, type ShownLog } from './published-log';
import { PUBLIC, PublicRows } from './public-rows';
import { dateOf, textOf } from './query-text';
import { StatisticsPage } from './statistics.page';
import { fingerprintOf } from './verifier/fingerprint';
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
    private readonly log: PublishedLog,
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

  @PageAt('log')
  async transparencyLog(@Req() request: HttpRequest): Promise<string> {
    const view = viewOf(this.config, request);
    const shown = await this.log.shown();
    return renderPage(view, {
      title: view.t('log.title'),
      content: <LogPage log={shown} keys={await keysOf(shown)} />,
    });
  }

  private async bodies(): Promise<readonly BodyRow[]> {
    return (await this.rows.list<BodyRow>(PUBLIC.bodies, { limit: MAX_BODIES })).items;
  }

  private today(): string {
    return dateInChina(this.clock.now());
  }
}

/** The keys of the log, the one that signs now first, and of the witnesses. */
function keysOf({ keys, policy, cosigners }: ShownLog): Promise<ShownKey[]> {
  const shown = async (line: string, role: ShownKey['role'], also?: Partial<ShownKey>): Promise<ShownKey> => ({
    ...(await fingerprintOf(line)),
    ...{ line, role, ...also },
  });
  return Promise.all([
    ...keys.map((line, i) => shown(line, i === 0 ? 'log' : 'earlier')),
    ...(policy?.witnesses ?? []).map(({ name, key }) => {
      const cosignedAt = cosigners.find((cosigner) => cosigner.name === name)?.time;
      return shown(formatVerifierKey(key), 'witness', { name, cosignedAt });
    }),
  ]);
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
