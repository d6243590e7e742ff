import type { Bilingual } from '../kernel/errors';
import type { ProjectionStatus } from '../ledger/projecting/read-model';

/** Why a node is not ready, in one cause: what follows from it is not told beside it. */
export interface Cause extends Bilingual {
  /** `ledger.unavailable`, `postgres.unavailable`, `read_model.stalled` or `read_model.building`. */
  readonly code: string;
}

/**
 * Whether the rows (查询数据) were ever built. Between a look that finds rows of no projection and one that finds rows of all of them they are
 * being built for the first time, and pages have nothing to show. A projection without rows beside others that have some is new in this version of
 * the program: its own pages say that it is being built, and the rest is served. So no upgrade makes a whole cluster unready: rows of the
 * version before answer until new ones are there, also where an older node leads, which cannot build what it does not know of.
 */
export class FirstBuild {
  private underWay = false;

  /** How far it has come while it is under way: the position of the projection that is behind the others. */
  progress(projections: readonly ProjectionStatus[]): { readonly position: number; readonly head: number } | undefined {
    const without = projections.filter(({ generation }) => generation === undefined);
    if (without.length === 0) this.underWay = false;
    else if (without.length === projections.length) this.underWay = true;
    if (!this.underWay) return undefined;
    return {
      position: Math.min(...without.map(({ building }) => building?.position ?? 0)),
      head: Math.max(...without.map(({ head }) => head)),
    };
  }
}

export const CAUSES = {
  ledger: {
    code: 'ledger.unavailable',
    zh: '台账没有应答：不能记录，也不能读取案卷。',
    en: 'The ledger does not answer: nothing is recorded, and no file is read.',
  },
  postgres: {
    code: 'postgres.unavailable',
    zh: '数据库 PostgreSQL 没有应答：查询、登录与大多数操作须等它恢复。各投影的进度此时不得而知。',
    en: 'PostgreSQL does not answer: queries, signing in and most commands wait for it. How far projections are is not known meanwhile.',
  },
  stalled: {
    code: 'read_model.stalled',
    zh: '有投影停在某一事件上：其查询数据不再更新。',
    en: 'A projection stands still: its rows are no longer brought up to date.',
  },
  building: {
    code: 'read_model.building',
    zh: '查询数据正由台账首次建立；登记不受影响。',
    en: 'The rows are being built from the ledger for the first time; recording goes on.',
  },
} as const satisfies Record<string, Cause>;
