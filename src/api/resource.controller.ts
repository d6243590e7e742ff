import { Controller, Get, Inject, Param, Query, Res, type Type } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { CurrentActor, Public, RecordReading, Roles } from '../access/access.decorators';
import type { HttpReply } from '../access/http-exchange';
import { Failure } from '../kernel/errors';
import type { Actor } from '../kernel/event';
import type { LocalDate } from '../kernel/time';
import type { Condition, ListRequest } from '../ledger/projecting/read-model';
import { MAX_PAGE, type Page } from './pagination';
import { ReadsFrom } from './reads-from';
import { GetRow, ListRows } from './row-queries';

/** One filter of a list: which column, and whether it is the value itself or an end of a range (both ends included). */
export interface Filter {
  readonly column: string;
  readonly is: 'value' | 'from' | 'to';
  readonly zh: string;
  readonly en: string;
  /** The column holds numbers. */
  readonly numeric?: boolean;
}

/** Rows of a projection as a resource: `GET /api/<path>` and, unless there is no single one, `GET /api/<path>/<id>`. */
export interface Resource {
  readonly path: string;
  readonly projection: string;
  readonly table: string;
  readonly zh: string;
  readonly en: string;
  /** Everybody, or staff with one of these roles. */
  readonly readers: 'public' | readonly string[];
  readonly filters: Readonly<Record<string, Filter>>;
  /** `?q=`: any substring of two or more characters of the row's search text. */
  readonly search?: boolean;
  readonly orderBy: ListRequest['orderBy'];
  /** Conditions on every list of a day (China), such as "public only"; `visible` says the same of a single row. */
  readonly only?: (today: LocalDate) => Readonly<Record<string, Condition>>;
  readonly visible?: (row: never, today: LocalDate) => boolean;
  /** What of the row is handed out to somebody on a day (China); everything, when left out. */
  readonly present?: (row: never, today: LocalDate, actor: Actor) => object;
  /**
   * For rows that hold personal data: what of them a list hands out, without it. Each reading of a single row is then entered in
   * the record of who read what; lists are not.
   */
  readonly listed?: (row: never) => object;
  /** Lists only. */
  readonly listOnly?: boolean;
  /** Rows that belong to a body: staff of another body see neither them nor that they exist. */
  readonly bodyColumn?: string;
  /** Undefined: the row is of no body of this ledger, and the readers of any body may have it by its id. */
  readonly bodyOf?: (row: never) => string | undefined;
}

const MAX_FILTER_CHARS = 200;

/** The Nest controller of a resource. */
export function resourceController(resource: Resource): Type<unknown> {
  const access = resource.readers === 'public' ? Public() : Roles(...resource.readers);

  @ApiTags(resource.path)
  @Controller(`api/${resource.path}`)
  class ResourceController {
    constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

    @Get()
    @access
    @ReadsFrom(resource.projection)
    @ApiOperation({ summary: `${resource.zh} ${resource.en}`, operationId: `list-${resource.path}` })
    @documentedFilters(resource)
    list(@Query() query: Record<string, unknown>, @CurrentActor() actor: Actor): Promise<Page<object>> {
      return this.queries.execute(new ListRows(resource, listRequest(resource, query, actor), actor));
    }

    @Get(':id')
    @access
    @ReadsFrom(resource.projection)
    @ApiOperation({ summary: `${resource.zh} ${resource.en}`, operationId: `get-${resource.path}` })
    @ApiParam({ name: 'id' })
    @ApiQuery({ name: 'position', required: false, schema: { type: 'integer' } })
    async get(
      @Param('id') id: string,
      @CurrentActor() actor: Actor,
      @Res({ passthrough: true }) reply: HttpReply,
    ): Promise<object> {
      const row = await this.queries.execute<GetRow, { readonly revision?: number }>(new GetRow(resource, id, actor));
      // What a command on this record takes as `If-Match`.
      if (row.revision !== undefined) reply.header('ETag', `"${row.revision}"`);
      return row;
    }
  }
  Object.defineProperty(ResourceController, 'name', { value: `${resource.path}-controller` });
  if (resource.listOnly) {
    // Without its route the method is only a method.
    for (const key of Reflect.getMetadataKeys(ResourceController.prototype.get) as string[]) {
      Reflect.deleteMetadata(key, ResourceController.prototype.get);
    }
  } else if (resource.listed) {
    RecordReading(resource.path)(
      ResourceController.prototype,
      'get',
      Object.getOwnPropertyDescriptor(ResourceController.prototype, 'get') as PropertyDescriptor,
    );
  }
  return ResourceController;
}

function documentedFilters(resource: Resource): MethodDecorator {
  const marks = [
    ...Object.entries(resource.filters).map(([name, f]) =>
      ApiQuery({
        name,
        required: false,
        description: `${f.zh} ${f.en}`,
        schema: f.numeric ? { type: 'number' } : { type: 'string', maxLength: MAX_FILTER_CHARS },
      }),
    ),
    ...(resource.search
      ? [ApiQuery({ name: 'q', required: false, schema: { type: 'string', maxLength: MAX_FILTER_CHARS } })]
      : []),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: MAX_PAGE, default: 50 },
    }),
    ApiQuery({ name: 'cursor', required: false, schema: { type: 'string', maxLength: 1024 } }),
    ApiQuery({ name: 'position', required: false, schema: { type: 'integer', minimum: 0 } }),
  ];
  return (target, key, descriptor) => marks.forEach((mark) => mark(target, key, descriptor));
}

/** The list that a query string asks for. @throws Failure `request.unknown_parameter`, `request.parameter_malformed` */
export function listRequest(resource: Resource, query: Record<string, unknown>, actor?: Actor): ListRequest {
  const where: Record<string, Condition> = {};
  let search: string | undefined;
  let limit = 50;
  let cursor: string | undefined;
  for (const [name, raw] of Object.entries(query)) {
    if (name === 'position') continue; // read by ReadsFrom
    if (typeof raw !== 'string' || raw.length > (name === 'cursor' ? 1024 : MAX_FILTER_CHARS)) throw malformed(name);
    if (raw === '') continue;
    if (name === 'cursor') cursor = raw;
    else if (name === 'limit') limit = wholeNumber(name, raw, 1, MAX_PAGE);
    else if (name === 'q' && resource.search) search = raw;
    else {
      const filter = Object.hasOwn(resource.filters, name) ? resource.filters[name] : undefined;
      if (!filter) throw unknownParameter(name, resource);
      const value = filter.numeric ? wholeNumber(name, raw, -1e15, 1e15) : raw;
      where[filter.column] =
        filter.is === 'value' ? value : { ...(where[filter.column] as object | undefined), [filter.is]: value };
    }
  }
  if (resource.bodyColumn && actor?.kind === 'person' && actor.body) where[resource.bodyColumn] = actor.body;
  return { where, search, orderBy: resource.orderBy, limit, cursor };
}

function wholeNumber(name: string, raw: string, least: number, most: number): number {
  const value = Number(raw);
  if (!Number.isInteger(value) || value < least || value > most) throw malformed(name);
  return value;
}

const malformed = (field: string): Failure =>
  new Failure('invalid', 'request.parameter_malformed', {
    zh: `参数 ${field.slice(0, 40)} 不符合要求。`,
    en: `The parameter ${field.slice(0, 40)} is malformed or out of bounds.`,
    field: field.slice(0, 40),
  });

function unknownParameter(name: string, resource: Resource): Failure {
  const known = [...Object.keys(resource.filters), ...(resource.search ? ['q'] : []), 'limit', 'cursor', 'position'];
  return new Failure('invalid', 'request.unknown_parameter', {
    zh: `没有参数 ${name.slice(0, 40)}；可用参数：${known.join('、')}。`,
    en: `There is no parameter ${name.slice(0, 40)}; there are: ${known.join(', ')}.`,
    field: name.slice(0, 40),
  });
}
