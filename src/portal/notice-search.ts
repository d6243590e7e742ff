import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { LagRow } from '../../projections/public-notices/rows';
import type { BodyRow } from '../../projections/registers/rows';
import { NOTICE_CATEGORIES, type NoticeCategory } from '../disclosure/notice-events';
import { ReadModel, type Condition, type RowFilter } from '../ledger/projecting/read-model';
import { PUBLIC, PublicRows } from './public-rows';
import { dateOf, oneOf, textOf } from './query-text';

const MAX_TEXT = 100;
const COUNTS_KEPT = 500;
const MAX_BODIES = 500;

/** What somebody asked for on the search page, as it stands in the address. */
export interface NoticeQuery {
  readonly q?: string;
  readonly document?: string;
  readonly body?: string;
  readonly category?: NoticeCategory;
  readonly decidedFrom?: string;
  readonly decidedTo?: string;
  /** Fields that were left out because they are no dates. */
  readonly malformed: ReadonlyArray<'decidedFrom' | 'decidedTo'>;
}

export function readNoticeQuery(query: unknown): NoticeQuery {
  const from = dateOf(query, 'decidedFrom');
  const to = dateOf(query, 'decidedTo');
  return {
    q: textOf(query, 'q', MAX_TEXT),
    document: textOf(query, 'document', MAX_TEXT),
    body: textOf(query, 'body', MAX_TEXT),
    category: oneOf(query, 'category', NOTICE_CATEGORIES),
    decidedFrom: from.date,
    decidedTo: to.date,
    malformed: [
      ...(from.malformed ? (['decidedFrom'] as const) : []),
      ...(to.malformed ? (['decidedTo'] as const) : []),
    ],
  };
}

/** The address of a search without its page. */
export const parametersOf = ({ q, document, body, category, decidedFrom, decidedTo }: NoticeQuery) => ({
  ...{ q, document, body, category, decidedFrom, decidedTo },
});

/** Filters and counts of the notices that everybody may see. Counts are kept as long as the rows stay as they are. */
@Injectable()
export class NoticeSearch {
  private readonly counts = new LRUCache<string, number>({ max: COUNTS_KEPT });

  constructor(
    private readonly readModel: ReadModel,
    private readonly rows: PublicRows,
  ) {}

  /** The conditions of a search. The name of a body finds exactly that body; a part of it, whatever holds these characters. */
  async filter(query: NoticeQuery): Promise<RowFilter> {
    const { body, decidedFrom, decidedTo, category } = query;
    const exact = body !== undefined && (await this.count({ where: { body } })) > 0;
    const words = [query.q, query.document, exact ? undefined : body].filter((w) => w !== undefined);
    const where: Record<string, Condition> = {
      ...(exact && { body }),
      ...(category && { category }),
      ...((decidedFrom ?? decidedTo) && { decided: { from: decidedFrom, to: decidedTo } }),
    };
    // More words than the index takes would be an error; the first ones are what people mean.
    const search = words.join(' ').split(/\s+/u).slice(0, 16).join(' ');
    return { where, ...(search && { search }) };
  }

  async count(filter: RowFilter = {}): Promise<number> {
    const key = `${await this.readModel.position(PUBLIC.notices.projection)} ${JSON.stringify(filter)}`;
    const known = this.counts.get(key);
    if (known !== undefined) return known;
    const counted = await this.rows.count(PUBLIC.notices, filter);
    this.counts.set(key, counted);
    return counted;
  }

  /** How many notices of each kind a search finds; kinds without any are left out. */
  async byCategory(filter: RowFilter): Promise<ReadonlyArray<readonly [NoticeCategory, number]>> {
    const { category: _, ...where } = filter.where ?? {};
    const counted = await Promise.all(
      NOTICE_CATEGORIES.map(
        async (c) => [c, await this.count({ ...filter, where: { ...where, category: c } })] as const,
      ),
    );
    return counted.filter(([, n]) => n > 0);
  }

  /** Names to choose from: announced bodies, and those that old files name. */
  async bodyNames(): Promise<string[]> {
    const { items } = await this.rows.list<BodyRow>(PUBLIC.bodies, { limit: MAX_BODIES });
    const names = new Set(items.map(({ name }) => name));
    for (const { scope } of await this.lags()) if (scope !== 'all') names.add(scope);
    return [...names].slice(0, MAX_BODIES);
  }

  /** Days from decision to publication, by scope and days. */
  async lags(): Promise<LagRow[]> {
    const rows: LagRow[] = [];
    for await (const { row } of this.readModel.scan<LagRow>('public-notices', 'lag')) rows.push(row);
    return rows;
  }
}
