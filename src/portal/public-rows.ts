import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { ComplaintRow } from '../../projections/complaints/complaints';
import type { NoticeRow } from '../../projections/public-notices/rows';
import {
  inForceOn,
  type BenchmarkRow,
  type BodyRow,
  type OfficerRow,
  type PowerRow,
} from '../../projections/registers/rows';
import { PUBLIC_ACTOR } from '../access/access.decorators';
import type { Page } from '../api/pagination';
import type { Resource } from '../api/resource.controller';
import { GetRow, ListRows } from '../api/row-queries';
import { publicNotice, publicNoticesResource } from '../disclosure/notices.controller';
import { cursorAfter } from '../ledger/projecting/page-cursor';
import type { ListRequest } from '../ledger/projecting/read-model';
import type { Place } from '../ledger/projecting/row-query';
import { isReceipt } from './receipt';

type Rows = Omit<Resource, 'path' | 'zh' | 'en' | 'readers' | 'filters'>;
const publicRows = (path: string, rows: Rows): Resource => ({
  path,
  zh: path,
  en: path,
  readers: 'public',
  filters: {},
  ...rows,
});

/** What an expired notice may still say: that it was here. The row itself never leaves this function. */
const noticeOrExpiry = (row: NoticeRow): object =>
  row.status === 'expired' ? { id: row.id, status: row.status } : publicNotice(row);

/** The rows that the portal shows, and what of each. Nothing else of the read model is within its reach. */
export const PUBLIC = {
  notices: publicNoticesResource,
  notice: {
    ...publicNoticesResource,
    visible: (row: NoticeRow) => row.status === 'expired' || (publicNoticesResource.visible?.(row as never) ?? false),
    present: noticeOrExpiry,
  },
  /** A body that is registered but not announced is not public yet (A02). */
  bodies: publicRows('bodies', {
    projection: 'registers',
    table: 'body',
    search: true,
    orderBy: { column: 'name', direction: 'asc' },
    only: { status: ['announced', 'suspended', 'removed'] },
    visible: (row: BodyRow) => row.status !== 'registered',
  }),
  /** The six published fields (A06). */
  officers: publicRows('officers', {
    projection: 'registers',
    table: 'officer',
    search: true,
    orderBy: { column: 'credential', direction: 'asc' },
    only: { status: 'credentialled' },
    visible: (row: OfficerRow) => row.status === 'credentialled',
    present: ({ id, name, bodyId, bodyName, post, credentialNumber, category, area }: OfficerRow) => ({
      ...{ id, name, bodyId, bodyName, post, credentialNumber, category, area },
    }),
  }),
  powers: publicRows('powers', {
    projection: 'registers',
    table: 'power',
    search: true,
    orderBy: { column: 'key', direction: 'asc' },
    present: (row: PowerRow, today) => inForceOn(row, today),
  }),
  benchmarks: publicRows('benchmarks', {
    projection: 'registers',
    table: 'benchmark',
    orderBy: { column: 'power', direction: 'asc' },
    present: (row: BenchmarkRow, today) => inForceOn(row, today),
  }),
  complaintTopics: publicRows('complaint-topics', {
    projection: 'complaints',
    table: 'topic',
    orderBy: { column: 'key', direction: 'asc' },
  }),
  ratings: publicRows('service-ratings', {
    projection: 'officer-performance',
    table: 'rating',
    orderBy: { column: 'key', direction: 'asc' },
  }),
  /** How far a complaint has come, for whoever holds its receipt number: never what was said, nor by whom. */
  receipt: publicRows('receipts', {
    projection: 'complaints',
    table: 'complaint',
    orderBy: { column: 'key', direction: 'asc' },
    visible: (row: ComplaintRow) => isReceipt(row.id),
    present: ({ id, topic, bodyId, status, lodgedAt, answeredOn }: ComplaintRow) => ({
      ...{ id, topic, bodyId, status, lodgedAt, answeredOn },
    }),
  }),
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

@Injectable()
export class PublicRows {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  /** @throws Failure `record.not_found` */
  get<T>(resource: Resource, id: string): Promise<T> {
    return this.queries.execute<GetRow, T>(new GetRow(resource, id, PUBLIC_ACTOR));
  }

  async list<T>(resource: Resource, request: Partial<ListRequest> & { limit: number }): Promise<Page<T>> {
    const where = { ...request.where, ...resource.only };
    const full: ListRequest = { orderBy: resource.orderBy, ...request, where };
    return this.queries.execute<ListRows, Page<T>>(new ListRows(resource, full));
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
