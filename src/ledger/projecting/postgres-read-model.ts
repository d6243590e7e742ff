import type { CompiledQuery } from 'kysely';
import type { Projection } from '../../../projections/projection';
import { code, type Parameter, type Postgres, type Session } from '../postgres/postgres';
import type { GenerationWatch } from './generation-watch';
import { stillBuilding } from './progress';
import {
  MAX_PAGE_ROWS,
  ReadModel,
  type KeyedRow,
  type ListRequest,
  type ProjectionStatus,
  type RowFilter,
  type RowPage,
} from './read-model';
import { countQuery, pageOf, POSTGRES, rowQuery, type QueriedTable, type StoredRow } from './row-query';
import { shapeOf } from './row-store';
import { storable } from './row-table';
import type { ScanLocks } from './scan-locks';

const UNDEFINED_TABLE = '42P01';
/** A query that the rows of an older version cannot answer: a column that is missing, or of another type. */
const OF_ANOTHER_SHAPE = /^(22|42)/;
/** How often rows may be switched while one question is asked. */
const ATTEMPTS = 5;

/** Queries on PostgreSQL, on any node: of the generation that answers, as the database says. */
export class PostgresReadModel extends ReadModel {
  private readonly projections: ReadonlyMap<string, Projection>;

  constructor(
    projections: readonly Projection[],
    private readonly postgres: Postgres,
    private readonly watch: GenerationWatch,
    private readonly scans: ScanLocks,
    private readonly currentStatus: () => Promise<ProjectionStatus[]>,
  ) {
    super();
    this.projections = new Map(projections.map((projection) => [projection.name, projection]));
  }

  async get<T extends object>(projection: string, table: string, key: string): Promise<T | undefined> {
    const [found] = await this.ask(projection, table, (queried) =>
      this.postgres.query<{ row: string }>(rowQuery(queried, '$1'), [storable(key)]),
    );
    return found && (JSON.parse(found.row) as T);
  }

  async list<T extends object>(projection: string, table: string, request: ListRequest): Promise<RowPage<T>> {
    const { rows, next } = await this.ask(projection, table, (queried) => this.page(queried, request));
    return { rows: rows.map(({ row }) => JSON.parse(row) as T), next };
  }

  async count(projection: string, table: string, filter: RowFilter = {}): Promise<number> {
    const [{ rows }] = await this.ask(projection, table, (queried) =>
      run(this.postgres, countQuery(POSTGRES, queried, filter)),
    );
    return rows;
  }

  async *scan<T extends object>(
    projection: string,
    table: string,
    filter: RowFilter = {},
  ): AsyncGenerator<KeyedRow<T>, void, void> {
    const orderBy = { column: 'key', direction: 'asc' } as const;
    const generation = await this.ask(projection, table, (queried) => this.held(queried));
    try {
      let cursor: string | undefined;
      do {
        const request = { ...filter, orderBy, limit: MAX_PAGE_ROWS, cursor };
        const page = await this.askOf(this.tableOf(generation, projection, table), (queried) =>
          this.page(queried, request),
        );
        for (const { key, row } of page.rows) yield { key, row: JSON.parse(row) as T };
        cursor = page.next;
      } while (cursor);
    } finally {
      await this.scans.release(generation);
    }
  }

  async position(projection: string): Promise<number> {
    this.watch.progress.generation(projection);
    return this.watch.progress.position(projection);
  }

  async waitFor(projection: string, position: number, timeoutMs: number): Promise<void> {
    await this.watch.progress.waitFor(projection, position, timeoutMs);
  }

  status(): Promise<ProjectionStatus[]> {
    return this.currentStatus();
  }

  /** Asks the generation that answers; when that has been dropped in the meantime, the one that came after it. */
  private async ask<T>(projection: string, table: string, question: (queried: QueriedTable) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const queried = this.tableOf(this.watch.progress.generation(projection), projection, table);
      try {
        return await this.askOf(queried, question);
      } catch (error) {
        if (code(error) !== UNDEFINED_TABLE) throw error;
        if (attempt === ATTEMPTS) throw stillBuilding();
        await this.watch.refresh();
      }
    }
  }

  /** @throws Failure `read_model.building` for what the rows of an older version cannot answer */
  private async askOf<T>(queried: QueriedTable, question: (queried: QueriedTable) => Promise<T>): Promise<T> {
    try {
      return await question(queried);
    } catch (error) {
      const reason = code(error);
      if (reason === UNDEFINED_TABLE || !OF_ANOTHER_SHAPE.test(reason)) throw error;
      const record = this.watch.records.find(({ id }) => id === queried.generation);
      const projection = record && this.projections.get(record.projection);
      throw projection && record.shape === shapeOf(projection) ? error : stillBuilding();
    }
  }

  private tableOf(generation: number, projection: string, table: string): QueriedTable {
    const declared = this.projections.get(projection)?.tables[table];
    if (!declared) throw new Error(`projection ${projection} declares no table ${table}`);
    return { generation, name: table, declared };
  }

  /** The generation, whose rows stay until they are released. @throws UNDEFINED_TABLE when they are being dropped */
  private async held({ generation }: QueriedTable): Promise<number> {
    if (await this.scans.hold(generation)) {
      try {
        const found = await this.postgres.query('SELECT 1 AS there FROM generation WHERE id = $1', [generation]);
        if (found.length > 0) return generation;
      } catch (error) {
        await this.scans.release(generation);
        throw error;
      }
      await this.scans.release(generation);
    }
    throw Object.assign(new Error('dropped'), { code: UNDEFINED_TABLE });
  }

  /** With one query when that is enough; otherwise all of them see the same rows. */
  private async page(table: QueriedTable, request: ListRequest): Promise<{ rows: StoredRow[]; next?: string }> {
    const page = pageOf(POSTGRES, table, request);
    const first = page.next();
    if (first.done) return first.value;
    const enough = page.next(await run(this.postgres, first.value));
    if (enough.done) return enough.value;
    return this.postgres.transaction(async (session) => {
      await session.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      const again = pageOf(POSTGRES, table, request);
      let step = again.next();
      while (!step.done) step = again.next(await run(session, step.value));
      return step.value;
    });
  }
}

const run = <R extends object>(session: Session, { sql, parameters }: CompiledQuery<R>): Promise<R[]> =>
  session.query<R>(sql, parameters as readonly Parameter[]);
