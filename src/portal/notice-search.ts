import { Injectable } from '@nestjs/common';
import type { LagRow, ScopeRow, TallyRow } from '../../projections/public-notices/rows';
import type { BodyRow } from '../../projections/registers/rows';
import { NOTICE_CATEGORIES, type NoticeCategory } from '../disclosure/notice-events';
import { ReadModel, type Condition, type RowFilter } from '../ledger/projecting/read-model';
import { PUBLIC, PublicRows } from './public-rows';
import { dateOf, oneOf, textOf } from './query-text';

const MAX_TEXT = 100;
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

/** Filters and counts of the notices that everybody may see. */
@Injectable()
export class NoticeSearch {
  /** Names to choose from, as the rows were. */
  private names: { readonly as: string; readonly of: readonly string[] } | undefined;

  constructor(
    private readonly readModel: ReadModel,
    private readonly rows: PublicRows,
  ) {}

  /** The conditions of a search. The name of a body finds exactly that body; a part of it, whatever holds these characters. */
  async filter(query: NoticeQuery): Promise<RowFilter> {
    const { body, decidedFrom, decidedTo, category } = query;
    const exact = body !== undefined && (await this.isBody(body));
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

  /** How many notices of each kind a search finds, whatever kind it asks for; kinds without any are left out. */
  async byCategory(filter: RowFilter = {}): Promise<ReadonlyArray<readonly [NoticeCategory, number]>> {
    const { category: _, ...where } = filter.where ?? {};
    const all = filter.search === undefined && Object.keys(where).length === 0;
    const count = async (category: NoticeCategory): Promise<number> =>
      all ? this.tallied(category) : this.rows.count(PUBLIC.notices, { ...filter, where: { ...where, category } });
    const counted = await Promise.all(NOTICE_CATEGORIES.map(async (c) => [c, await count(c)] as const));
    return counted.filter(([, n]) => n > 0);
  }

  /** Names to choose from: announced bodies, and those that old files name. */
  async bodyNames(): Promise<readonly string[]> {
    const positions = [PUBLIC.bodies, PUBLIC.notices].map(({ projection }) => this.readModel.position(projection));
    const as = (await Promise.all(positions)).join(' ');
    if (this.names?.as === as) return this.names.of;
    const { items } = await this.rows.list<BodyRow>(PUBLIC.bodies, { limit: MAX_BODIES });
    const names = new Set(items.map(({ name }) => name));
    const scopes = this.readModel.scan<ScopeRow>('public-notices', 'scope');
    for await (const { row } of scopes) if (row.scope !== 'all') names.add(row.scope);
    const of = [...names].slice(0, MAX_BODIES);
    this.names = { as, of };
    return of;
  }

  /** Days from decision to publication, by scope and days. */
  async lags(): Promise<LagRow[]> {
    const rows: LagRow[] = [];
    for await (const { row } of this.readModel.scan<LagRow>('public-notices', 'lag')) rows.push(row);
    return rows;
  }

  private async isBody(body: string): Promise<boolean> {
    return (await this.rows.list(PUBLIC.notices, { where: { body }, limit: 1 })).items.length > 0;
  }

  private async tallied(category: NoticeCategory): Promise<number> {
    return (await this.readModel.get<TallyRow>('public-notices', 'tally', category))?.notices ?? 0;
  }
}

/** How many notices of the kind that is asked for, or of all. */
export const countOf = (byCategory: ReadonlyArray<readonly [NoticeCategory, number]>, asked?: NoticeCategory): number =>
  byCategory.reduce((sum, [category, n]) => (asked && asked !== category ? sum : sum + n), 0);
