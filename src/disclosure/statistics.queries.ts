import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { LagRow } from '../../projections/public-notices/rows';
import { dateInChina, type Clock } from '../kernel/time';
import { parameter } from '../law/parameters';
import { CLOCK } from '../ledger/deciding/commands';
import { MAX_PAGE_ROWS, ReadModel } from '../ledger/projecting/read-model';

/** How long it took from the decision to its publication, for a body or for `all`. */
export class PublicationLag {
  constructor(readonly scope: string) {}
}

/** Calendar days from decision to publication. `overLimit`: more than `limitDays` of them. */
export interface LagStatistics {
  readonly scope: string;
  readonly notices: number;
  readonly min?: number;
  readonly median?: number;
  readonly max?: number;
  readonly limitDays: number;
  readonly overLimit: number;
  /** How many notices took so many days, in order of the days. */
  readonly histogram: ReadonlyArray<{ readonly lagDays: number; readonly notices: number }>;
}

@QueryHandler(PublicationLag)
export class PublicationLagHandler implements IQueryHandler<PublicationLag, LagStatistics> {
  constructor(
    private readonly readModel: ReadModel,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ scope }: PublicationLag): Promise<LagStatistics> {
    const histogram: LagRow[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.readModel.list<LagRow>('public-notices', 'lag', {
        where: { scope },
        orderBy: { column: 'days', direction: 'asc' },
        limit: MAX_PAGE_ROWS,
        cursor,
      });
      histogram.push(...page.rows);
      cursor = page.next;
    } while (cursor);
    return lagStatistics(scope, histogram, parameter('disclosure.other', dateInChina(this.clock.now())).value);
  }
}

/** The figures of a histogram sorted by days. An even count's median is the mean of the two in the middle. */
export function lagStatistics(scope: string, histogram: readonly LagRow[], limitDays: number): LagStatistics {
  const notices = histogram.reduce((sum, row) => sum + row.notices, 0);
  const nth = (n: number): number => {
    let seen = 0;
    return histogram.find((row) => (seen += row.notices) >= n)?.lagDays ?? 0;
  };
  return {
    scope,
    notices,
    ...(notices > 0 && {
      min: histogram[0].lagDays,
      median: (nth(Math.ceil(notices / 2)) + nth(Math.floor(notices / 2) + 1)) / 2,
      max: histogram[histogram.length - 1].lagDays,
    }),
    limitDays,
    overLimit: histogram.filter((r) => r.lagDays > limitDays).reduce((sum, row) => sum + row.notices, 0),
    histogram: histogram.map(({ lagDays, notices: n }) => ({ lagDays, notices: n })),
  };
}
