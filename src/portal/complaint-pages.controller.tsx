import { Body, Controller, Header, HttpStatus, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { BodyRow } from '../../projections/registers/rows';
import { PUBLIC_ACTOR } from '../access/access.decorators';
import type { HttpReply, HttpRequest } from '../access/http-exchange';
import { CONFIG, type ApiConfig } from '../api/api-config';
import { readCommand, readId } from '../api/command-request';
import { KINDS } from '../api/problem';
import { Failure } from '../kernel/errors';
import { dateInChina, type Clock } from '../kernel/time';
import { CLOCK, Commands } from '../ledger/deciding/commands';
import type { CommandResult } from '../ledger/deciding/decider-handler';
import { ComplaintPage, ReceiptPage, type ComplaintForm, type FormFault, type Receipt } from './complaint.page';
import { renderPage } from './layout';
import { FormAt, PageAt } from './page-routes';
import { PUBLIC, PublicRows } from './public-rows';
import { textOf, textsOf } from './query-text';
import { RatingPage, type RatingForm } from './rating.page';
import { isReceipt, newReceipt } from '../oversight/receipt';
import { viewOf, type View } from './view';

const MAX_BODIES = 500;
const LONG_TEXT = 20_000; // longer than the command allows, so that too long a text is refused and not cut

/** Complaints and ratings by a form that needs no script. What is given is a command like any other, by nobody in particular. */
@ApiExcludeController()
@Controller()
export class ComplaintPagesController {
  constructor(
    @Inject(CONFIG) private readonly config: ApiConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly rows: PublicRows,
    private readonly commands: Commands,
  ) {}

  /** The form comes with its receipt number: sent twice, it is one complaint. */
  @PageAt('complaints/new', 'registers')
  @Header('Cache-Control', 'no-store')
  async blank(@Req() request: HttpRequest, @Query() asked: Record<string, unknown>): Promise<string> {
    const form: ComplaintForm = {
      receipt: newReceipt(dateInChina(this.clock.now())),
      bodyId: textOf(asked, 'body', 100),
      misconduct: [],
      anonymous: true,
    };
    return this.complaintPage(viewOf(this.config, request), form, []);
  }

  @FormAt('complaints/new')
  async lodge(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
    @Body() sent: unknown,
  ): Promise<string | undefined> {
    const view = viewOf(this.config, { url: '/complaints/new', query: sent, headers: request.headers });
    const form = readComplaint(sent, dateInChina(this.clock.now()));
    const { receipt, ...content } = form;
    const result = await this.give('complaints', 'lodge-complaint', receipt, { ...content, source: 'report' }, request);
    if (result instanceof Failure) {
      reply.status(KINDS[result.kind].status);
      return this.complaintPage(view, form, faultsOf(view, result));
    }
    const to = view.href(`/complaints/${receipt}`, { position: result.position, new: 1 });
    reply.status(HttpStatus.SEE_OTHER).header('Location', to);
    return undefined;
  }

  @PageAt('complaints')
  find(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
    @Query('number') asked?: unknown,
  ): undefined {
    const number = textOf({ asked }, 'asked', 40)?.toUpperCase();
    const { href } = viewOf(this.config, request);
    reply
      .status(HttpStatus.SEE_OTHER)
      .header('Location', href(number ? `/complaints/${encodeURIComponent(number)}` : '/complaints/new'));
    return undefined;
  }

  @PageAt('complaints/:receipt', 'complaints')
  @Header('Cache-Control', 'no-store')
  async receipt(
    @Req() request: HttpRequest,
    @Param('receipt') number: string,
    @Query('new') fresh?: unknown,
  ): Promise<string> {
    const view = viewOf(this.config, request);
    const receipt = await this.rows.get<Receipt>(PUBLIC.receipt, number);
    const bodyName = (await this.bodies()).find(({ id }) => id === receipt.bodyId)?.name;
    return renderPage(view, {
      title: view.t('complaint.follow'),
      trail: [{ title: view.t('complaint.title'), href: view.href('/complaints/new') }],
      noindex: true,
      content: (
        <ReceiptPage
          receipt={receipt}
          lodgedOn={dateInChina(receipt.lodgedAt)}
          bodyName={bodyName}
          fresh={fresh !== undefined}
        />
      ),
    });
  }

  @PageAt('ratings/new')
  invitation(@Req() request: HttpRequest, @Query() asked: Record<string, unknown>): string {
    const form = { id: textOf(asked, 'id', 64), code: textOf(asked, 'code', 40) };
    const done = textOf(asked, 'done', 1) !== undefined;
    return ratingPage(viewOf(this.config, request), form, [], done);
  }

  @FormAt('ratings/new')
  async rate(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
    @Body() sent: unknown,
  ): Promise<string | undefined> {
    const view = viewOf(this.config, { url: '/ratings/new', query: sent, headers: request.headers });
    const stars = textOf(sent, 'stars', 1);
    const form: RatingForm = {
      id: textOf(sent, 'id', 64),
      code: textOf(sent, 'code', 40),
      stars: stars === undefined ? undefined : Number(stars),
      text: textOf(sent, 'text', LONG_TEXT),
    };
    const { id = '', ...content } = form;
    const result = await this.give('ratings', 'rate-service', id, content, request);
    if (result instanceof Failure) {
      reply.status(KINDS[result.kind].status);
      return ratingPage(view, form, faultsOf(view, result), false);
    }
    reply.status(HttpStatus.SEE_OTHER).header('Location', view.href('/ratings/new', { done: 1 }));
    return undefined;
  }

  /** The result, or the Failure that the sender can do something about; any other goes the way of all errors. */
  private async give(
    collection: string,
    name: string,
    id: string,
    content: object,
    request: HttpRequest,
  ): Promise<CommandResult | Failure> {
    const found = this.commands.find(collection, name);
    if (!found) throw new Error(`there is no command ${collection}/${name}`);
    try {
      const given = Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined));
      return await this.commands.give(found.decider, readId(id), readCommand<object>(found.rule.command, given), {
        actor: PUBLIC_ACTOR,
        correlationId: request.id,
        idempotencyKey: `form-${id}`,
      });
    } catch (error) {
      if (error instanceof Failure && ['invalid', 'refused', 'conflict'].includes(error.kind)) return error;
      throw error;
    }
  }

  private async complaintPage(view: View, form: ComplaintForm, faults: readonly FormFault[]): Promise<string> {
    return renderPage(view, {
      title: view.t('complaint.title'),
      content: <ComplaintPage form={form} faults={faults} bodies={await this.bodies()} />,
    });
  }

  private async bodies(): Promise<readonly BodyRow[]> {
    const { items } = await this.rows.list<BodyRow>(PUBLIC.bodies, { limit: MAX_BODIES });
    return items.filter(({ status }) => status !== 'removed');
  }
}

function ratingPage(view: View, form: RatingForm, faults: readonly FormFault[], done: boolean): string {
  return renderPage(view, {
    title: view.t('rating.title'),
    noindex: true,
    content: <RatingPage form={form} faults={faults} done={done} />,
  });
}

/** A form as it was sent. Of an anonymous one the name is not even read. */
function readComplaint(sent: unknown, today: string): ComplaintForm {
  const anonymous = textOf(sent, 'anonymous', 3) !== 'no';
  const receipt = textOf(sent, 'receipt', 40);
  return {
    receipt: receipt && isReceipt(receipt) ? receipt : newReceipt(today),
    bodyId: textOf(sent, 'bodyId', 100),
    topic: textOf(sent, 'topic', 40),
    misconduct: textsOf(sent, 'misconduct'),
    anonymous,
    text: textOf(sent, 'text', LONG_TEXT),
    ...(!anonymous && { name: textOf(sent, 'name', 200) }),
    contact: textOf(sent, 'contact', 400),
  };
}

const faultsOf = (view: View, failure: Failure): FormFault[] =>
  (failure.also.length > 0 ? failure.also : [failure]).map(({ detail }) => ({
    field: detail.field ?? '',
    says: view.say(detail),
  }));
