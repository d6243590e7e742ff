import { Controller, Inject, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { BenchmarkRow, BodyRow, PowerRow } from '../../projections/registers/rows';
import type { HttpRequest } from '../access/http-exchange';
import { CONFIG, type ApiConfig } from '../api/api-config';
import type { Language } from '../api/language';
import type { Resource } from '../api/resource.controller';
import { Failure } from '../kernel/errors';
import type { RowFilter } from '../ledger/projecting/read-model';
import { POWER_CLASSES } from '../registry/power-events';
import { penaltyProcedures } from '../enforcement/penalty-case';
import { flowchartOf } from '../enforcement/flowchart';
import { dateInChina, type Clock } from '../kernel/time';
import { CLOCK } from '../ledger/deciding/commands';
import { FlowchartPage } from './flowchart.page';
import { BodiesPage, BodyPage } from './bodies.page';
import { renderPage } from './layout';
import { OfficersPage, type PublicOfficer } from './officers.page';
import { PageAt } from './page-routes';
import { PowerPage, PowersPage } from './powers.page';
import { PUBLIC, PublicRows, type Turned } from './public-rows';
import { oneOf, textOf } from './query-text';
import { translator, viewOf } from './view';

const PAGE_ROWS = 50;
const MAX_BENCHMARKS = 50;
const MAX_TEXT = 100;
const MAX_CURSOR = 1024;

const inWords = (lang: Language, reach: readonly string[]): string => translator(lang)('flowchart.reach', ...reach);

/** What the law makes public before any act (事前公开, I02): bodies, officers, powers. */
@ApiExcludeController()
@Controller()
export class RegisterPagesController {
  constructor(
    @Inject(CONFIG) private readonly config: ApiConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly rows: PublicRows,
  ) {}

  @PageAt('bodies', 'registers')
  async bodies(@Req() request: HttpRequest, @Query() asked: Record<string, unknown>): Promise<string> {
    const view = viewOf(this.config, request);
    const q = textOf(asked, 'q', MAX_TEXT);
    const [page, count] = await this.list<BodyRow>(PUBLIC.bodies, { search: q }, asked, (body) => [body.name, body.id]);
    return renderPage(view, {
      title: view.t('bodies.title'),
      content: <BodiesPage page={page} q={q} count={count} />,
    });
  }

  @PageAt('bodies/:id', 'registers')
  async body(@Req() request: HttpRequest, @Param('id') id: string): Promise<string> {
    const view = viewOf(this.config, request);
    const body = await this.rows.get<BodyRow>(PUBLIC.bodies, id);
    const [powers, notices] = await Promise.all([
      this.rows.count(PUBLIC.powers, { where: { body: id, cancelled: 0 } }),
      this.rows.count(PUBLIC.notices, { where: { body: body.name } }),
    ]);
    return renderPage(view, {
      title: body.name,
      trail: [{ title: view.t('bodies.title'), href: view.href('/bodies') }],
      content: <BodyPage body={body} powers={powers} notices={notices} />,
    });
  }

  @PageAt('officers', 'registers')
  async officers(@Req() request: HttpRequest, @Query() asked: Record<string, unknown>): Promise<string> {
    const view = viewOf(this.config, request);
    const q = textOf(asked, 'q', MAX_TEXT);
    const body = await this.bodyAsked(asked);
    const filter = { search: q, where: { body: body?.id } };
    const [page, count] = await this.list<PublicOfficer>(PUBLIC.officers, filter, asked, (officer) => [
      officer.credentialNumber ?? null,
      officer.id,
    ]);
    return renderPage(view, {
      title: view.t('officers.title'),
      content: <OfficersPage page={page} q={q} body={body} count={count} />,
    });
  }

  @PageAt('powers', 'registers')
  async powers(@Req() request: HttpRequest, @Query() asked: Record<string, unknown>): Promise<string> {
    const view = viewOf(this.config, request);
    const q = textOf(asked, 'q', MAX_TEXT);
    const powerClass = oneOf(asked, 'class', POWER_CLASSES);
    const body = await this.bodyAsked(asked);
    const filter = { search: q, where: { class: powerClass, body: body?.id } };
    const [page, count] = await this.list<PowerRow>(PUBLIC.powers, filter, asked, ({ code }) => [code, code]);
    return renderPage(view, {
      title: view.t('powers.title'),
      content: <PowersPage page={page} q={q} powerClass={powerClass} body={body} count={count} />,
    });
  }

  @PageAt('powers/:code', 'registers')
  async power(@Req() request: HttpRequest, @Param('code') code: string): Promise<string> {
    const view = viewOf(this.config, request);
    const power = await this.rows.get<PowerRow>(PUBLIC.powers, code);
    const benchmarks = await this.rows.list<BenchmarkRow>(PUBLIC.benchmarks, {
      where: { power: code },
      limit: MAX_BENCHMARKS,
    });
    return renderPage(view, {
      title: `${power.name} ${power.code}`,
      trail: [{ title: view.t('powers.title'), href: view.href('/powers') }],
      content: <PowerPage power={power} benchmarks={benchmarks.items} procedures={penaltyProcedures} />,
    });
  }

  /** How a power is exercised: the procedure the program enforces, as of today, with this body's telephone for complaints. */
  @PageAt('powers/:code/procedures/:procedure', 'registers')
  async procedure(
    @Req() request: HttpRequest,
    @Param('code') code: string,
    @Param('procedure') id: string,
  ): Promise<string> {
    const view = viewOf(this.config, request);
    const power = await this.rows.get<PowerRow>(PUBLIC.powers, code);
    const procedure = power.powerClass === 'penalty' && penaltyProcedures.find((p) => p.id === id);
    if (!procedure) {
      throw new Failure('not_found', 'record.not_found', { zh: '没有这条记录。', en: 'There is no such record.' });
    }
    const body = await this.rows.get<BodyRow>(PUBLIC.bodies, power.bodyId);
    const reach = [body.name, body.supervisionPhone, body.supervisionEmail];
    const chart = flowchartOf(procedure, {
      on: dateInChina(this.clock.now()),
      complaints: { zh: inWords('zh', reach), en: inWords('en', reach) },
      promisedDays: power.promisedDays,
    });
    return renderPage(view, {
      title: `${view.say(procedure)} ${power.code}`,
      trail: [
        { title: view.t('powers.title'), href: view.href('/powers') },
        { title: power.name, href: view.href(`/powers/${encodeURIComponent(code)}`) },
      ],
      content: <FlowchartPage power={power} chart={chart} />,
    });
  }

  private async list<T>(
    resource: Resource,
    filter: RowFilter,
    asked: Record<string, unknown>,
    place: (row: T) => [string | null, string],
  ): Promise<[Turned<T>, number]> {
    const turn = { after: textOf(asked, 'after', MAX_CURSOR), before: textOf(asked, 'before', MAX_CURSOR) };
    return Promise.all([
      this.rows.turn<T>(resource, { ...filter, limit: PAGE_ROWS }, turn, (row) => {
        const [value, key] = place(row);
        return { value, key };
      }),
      this.rows.count(resource, filter),
    ]);
  }

  /** The body that a list is narrowed to; an unknown one narrows nothing. */
  private async bodyAsked(asked: Record<string, unknown>): Promise<BodyRow | undefined> {
    const id = textOf(asked, 'body', MAX_TEXT);
    if (id === undefined) return undefined;
    return this.rows.get<BodyRow>(PUBLIC.bodies, id).catch((error: unknown) => {
      if (error instanceof Failure && error.kind === 'not_found') return undefined;
      throw error;
    });
  }
}
