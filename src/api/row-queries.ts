import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Failure } from '../kernel/errors';
import { isOfOtherBody, type Actor } from '../kernel/event';
import { dateInChina, type Clock, type LocalDate } from '../kernel/time';
import { CLOCK } from '../ledger/deciding/commands';
import { ReadModel, type KeyedRow, type ListRequest, type RowFilter } from '../ledger/projecting/read-model';
import type { Page } from './pagination';
import type { Resource } from './resource.controller';

/** One page of a resource's rows, for somebody. */
export class ListRows {
  constructor(
    readonly resource: Resource,
    readonly request: ListRequest,
    readonly actor: Actor,
  ) {}
}

/** One row of a resource, for somebody. */
export class GetRow {
  constructor(
    readonly resource: Resource,
    readonly id: string,
    readonly actor: Actor,
  ) {}
}

/** How many rows of a resource a filter finds. */
export class CountRows {
  constructor(
    readonly resource: Resource,
    readonly filter: RowFilter,
  ) {}
}

/** Every row of a resource that a filter finds, as it is stored, in order of its key. */
export class ScanRows {
  constructor(
    readonly resource: Resource,
    readonly filter: RowFilter,
  ) {}
}

@QueryHandler(ListRows)
export class ListRowsHandler implements IQueryHandler<ListRows, Page<object>> {
  constructor(
    private readonly readModel: ReadModel,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ resource, request, actor }: ListRows): Promise<Page<object>> {
    const today = dateInChina(this.clock.now());
    const { rows, next } = await this.readModel.list<object>(
      resource.projection,
      resource.table,
      narrowed(request, resource, today),
    );
    return {
      items: rows.map((row) => resource.listed?.(row as never) ?? presented(resource, row, today, actor)),
      ...(next && { next }),
    };
  }
}

@QueryHandler(CountRows)
export class CountRowsHandler implements IQueryHandler<CountRows, number> {
  constructor(
    private readonly readModel: ReadModel,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  execute({ resource, filter }: CountRows): Promise<number> {
    const today = dateInChina(this.clock.now());
    return this.readModel.count(resource.projection, resource.table, narrowed(filter, resource, today));
  }
}

@QueryHandler(ScanRows)
export class ScanRowsHandler implements IQueryHandler<ScanRows, AsyncIterable<KeyedRow<object>>> {
  constructor(
    private readonly readModel: ReadModel,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ resource, filter }: ScanRows): Promise<AsyncIterable<KeyedRow<object>>> {
    const today = dateInChina(this.clock.now());
    return this.readModel.scan(resource.projection, resource.table, narrowed(filter, resource, today));
  }
}

@QueryHandler(GetRow)
export class GetRowHandler implements IQueryHandler<GetRow, object> {
  constructor(
    private readonly readModel: ReadModel,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws Failure `record.not_found`, also for what this reader may not see: that it exists is not said either */
  async execute({ resource, id, actor }: GetRow): Promise<object> {
    const row = await this.readModel.get<object>(resource.projection, resource.table, id);
    const today = dateInChina(this.clock.now());
    const hidden = row === undefined || (resource.visible && !resource.visible(row as never, today));
    if (hidden || isOfOtherBody(resource.bodyOf?.(row as never), actor)) {
      throw new Failure('not_found', 'record.not_found', { zh: '没有这条记录。', en: 'There is no such record.' });
    }
    return presented(resource, row, today, actor);
  }
}

/** Whatever is asked, the resource's own conditions hold. */
const narrowed = <F extends RowFilter>(filter: F, { only }: Resource, today: LocalDate): F => ({
  ...filter,
  where: { ...filter.where, ...only?.(today) },
});

const presented = ({ present }: Resource, row: object, today: LocalDate, actor: Actor): object =>
  present ? present(row as never, today, actor) : row;
