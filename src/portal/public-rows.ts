import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { LRUCache } from 'lru-cache';
import type { ComplaintRow } from '../../projections/complaints/complaints';
import type { NoticeRow } from '../../projections/public-notices/rows';
import { PUBLIC_ACTOR } from '../access/access.decorators';
import type { Page } from '../api/pagination';
import type { Resource } from '../api/resource.controller';
import { CountRows, GetRow, ListRows, ScanRows } from '../api/row-queries';
import { isPublic, publicNotice, publicNoticesResource } from '../disclosure/notices.controller';
import { drawItemsResource, drawsResource } from '../draws/draws.controller';
import { complaintTopicsResource } from '../oversight/oversight.controller';
import { benchmarksResource, bodiesResource, officersResource, powersResource } from '../registry/registry.controller';
import { ratingsResource } from '../appraisal/appraisal.controller';
import { dateInChina, type Clock } from '../kernel/time';
import { CLOCK } from '../ledger/deciding/commands';
import { cursorAfter } from '../ledger/projecting/page-cursor';
import { ReadModel, type KeyedRow, type ListRequest, type RowFilter } from '../ledger/projecting/read-model';
import type { Place } from '../ledger/projecting/page-cursor';
import { isReceipt } from '../oversight/receipt';

/** What an expired notice may still say: that it was here. The row itself never leaves this function. */
const noticeOrExpiry = (row: NoticeRow): object =>
  row.status === 'expired' ? { id: row.id, status: row.status } : publicNotice(row);

/** The rows that the portal shows, and what of each. Nothing else of the read model is within its reach. */
export const PUBLIC = {
  notices: publicNoticesResource,
  notice: {
    ...publicNoticesResource,
    visible: (row: NoticeRow) => row.status === 'expired' || isPublic(row),
    present: noticeOrExpiry,
  },
  bodies: bodiesResource,
  officers: officersResource,
  powers: powersResource,
  benchmarks: benchmarksResource,
  draws: drawsResource,
  drawItems: drawItemsResource,
  complaintTopics: complaintTopicsResource,
  ratings: ratingsResource,
  /** How far a complaint has come, for whoever holds its receipt number: never what was said, nor by whom. */
  receipt: {
    path: 'receipts',
    zh: '投诉举报办理进度',
    en: 'Progress of a complaint',
    readers: 'public',
    filters: {},
    projection: 'complaints',
    table: 'complaint',
    orderBy: { column: 'key', direction: 'asc' },
    visible: (row: ComplaintRow) => isReceipt(row.id),
    present: ({ id, topic, bodyId, status, lodgedAt, answeredOn }: ComplaintRow) => ({
      ...{ id, topic, bodyId, status, lodgedAt, answeredOn },
    }),
  },
} as const satisfies Record<string, Resource>;

/** One page of a list with the cursors of its neighbours. */
export interface Turned<T> {
  readonly rows: readonly T[];
  readonly previous?: string;
  readonly next?: string;
}

/** Which page: none of them is the first. */
export interface Turn {
  readonly after?: string;
  readonly before?: string;
}

const COUNTS_KEPT = 500;

@Injectable()
export class PublicRows {
  private readonly counts = new LRUCache<string, number>({ max: COUNTS_KEPT });

  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    private readonly readModel: ReadModel,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws Failure `record.not_found` */
  get<T>(resource: Resource, id: string): Promise<T> {
    return this.queries.execute<GetRow, T>(new GetRow(resource, id, PUBLIC_ACTOR));
  }

  async list<T>(resource: Resource, request: Partial<ListRequest> & { limit: number }): Promise<Page<T>> {
    const full: ListRequest = { orderBy: resource.orderBy, ...request };
    return this.queries.execute<ListRows, Page<T>>(new ListRows(resource, full, PUBLIC_ACTOR));
  }

  /** Kept as long as the rows stay as they are, for the day: what is public may depend on it. */
  async count(resource: Resource, filter: RowFilter = {}): Promise<number> {
    const position = await this.readModel.position(resource.projection);
    const key = `${resource.path} ${position} ${dateInChina(this.clock.now())} ${JSON.stringify(filter)}`;
    const known = this.counts.get(key);
    if (known !== undefined) return known;
    const counted = await this.queries.execute<CountRows, number>(new CountRows(resource, filter));
    this.counts.set(key, counted);
    return counted;
  }

  /** Every row that a filter finds, as it is stored: what is handed out of it is for the caller to choose. */
  scan<T>(resource: Resource, filter: RowFilter): Promise<AsyncIterable<KeyedRow<T>>> {
    return this.queries.execute<ScanRows, AsyncIterable<KeyedRow<T>>>(new ScanRows(resource, filter));
  }

  /**
   * A page of a list that can be turned both ways: backwards is the same list read in the other direction. `placeOf` says
   * where a row stands in the resource's order.
   */
  async turn<T>(
    resource: Resource,
    request: Partial<ListRequest> & { limit: number },
    { after, before }: Turn,
    placeOf: (row: T) => Place,
  ): Promise<Turned<T>> {
    const forward = resource.orderBy;
    const backward = { column: forward.column, direction: forward.direction === 'asc' ? 'desc' : 'asc' } as const;
    const page = before
      ? await this.list<T>(resource, { ...request, orderBy: backward, cursor: before })
      : await this.list<T>(resource, { ...request, orderBy: forward, cursor: after });
    const rows = before ? page.items.toReversed() : page.items;
    if (rows.length === 0) return { rows };
    const previous = before ? page.next : after && cursorAfter(backward, placeOf(rows[0]));
    const next = before ? cursorAfter(forward, placeOf(rows[rows.length - 1])) : page.next;
    return { rows, ...(previous && { previous }), ...(next && { next }) };
  }
}
