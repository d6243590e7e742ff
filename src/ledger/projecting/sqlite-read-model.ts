import type { Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { CompiledQuery } from 'kysely';
import type { Projection } from '../../../projections/projection';
import { stillBuilding, type Progress } from './progress';
import {
  MAX_PAGE_ROWS,
  ReadModel,
  type KeyedRow,
  type ListRequest,
  type ProjectionStatus,
  type RowFilter,
  type RowPage,
} from './read-model';
import { countQuery, pageOf, rowQuery, SQLITE, type QueriedTable, type StoredRow } from './row-query';
import { storable } from './row-table';
import { sqliteCode } from './sqlite-code';
import type { Sqlite } from './sqlite-table';

const STATEMENTS_KEPT = 256;

/** Queries on `read-model.db`, on a connection of their own: they see what is committed, of the generation that answers. */
export class SqliteReadModel extends ReadModel {
  private readonly projections: ReadonlyMap<string, Projection>;
  private readonly statements = new LRUCache<string, Statement<unknown[]>>({ max: STATEMENTS_KEPT });

  constructor(
    projections: readonly Projection[],
    private readonly reader: Sqlite,
    private readonly progress: Progress,
    private readonly currentStatus: () => Promise<ProjectionStatus[]>,
  ) {
    super();
    this.projections = new Map(projections.map((projection) => [projection.name, projection]));
  }

  async get<T extends object>(projection: string, table: string, key: string): Promise<T | undefined> {
    const queried = this.answering(projection, table);
    const found = this.prepared(rowQuery(queried, '?')).get(storable(key)) as { row: string } | undefined;
    return found && (JSON.parse(found.row) as T);
  }

  async list<T extends object>(projection: string, table: string, request: ListRequest): Promise<RowPage<T>> {
    const page = this.page(this.answering(projection, table), request);
    return { rows: page.rows.map(({ row }) => JSON.parse(row) as T), next: page.next };
  }

  async count(projection: string, table: string, filter: RowFilter = {}): Promise<number> {
    return this.all(countQuery(SQLITE, this.answering(projection, table), filter))[0].rows;
  }

  async *scan<T extends object>(
    projection: string,
    table: string,
    filter: RowFilter = {},
  ): AsyncGenerator<KeyedRow<T>, void, void> {
    const queried = this.answering(projection, table);
    const orderBy = { column: 'key', direction: 'asc' } as const;
    this.progress.beginScan(queried.generation);
    try {
      let cursor: string | undefined;
      do {
        const page = this.page(queried, { ...filter, orderBy, limit: MAX_PAGE_ROWS, cursor });
        for (const { key, row } of page.rows) yield { key, row: JSON.parse(row) as T };
        cursor = page.next;
      } while (cursor);
    } finally {
      this.progress.endScan(queried.generation);
    }
  }

  async position(projection: string): Promise<number> {
    this.progress.generation(projection);
    return this.progress.position(projection);
  }

  async waitFor(projection: string, position: number, timeoutMs: number): Promise<void> {
    await this.progress.waitFor(projection, position, timeoutMs);
  }

  status(): Promise<ProjectionStatus[]> {
    return this.currentStatus();
  }

  private answering(projection: string, table: string): QueriedTable {
    const generation = this.progress.generation(projection);
    const declared = this.projections.get(projection)?.tables[table];
    if (!declared) throw new Error(`projection ${projection} declares no table ${table}`);
    return { generation, name: table, declared };
  }

  private page(table: QueriedTable, request: ListRequest): { rows: StoredRow[]; next?: string } {
    const page = pageOf(SQLITE, table, request);
    let step = page.next();
    while (!step.done) step = page.next(this.all(step.value));
    return step.value;
  }

  private all<R>(query: CompiledQuery<R>): R[] {
    return this.prepared(query.sql).all(...query.parameters) as R[];
  }

  private prepared(sql: string): Statement<unknown[]> {
    let statement = this.statements.get(sql);
    if (!statement) {
      try {
        statement = this.reader.prepare(sql);
      } catch (error) {
        // an older version's rows answer until the new ones are built, and they lack what the new version asks for
        if (sqliteCode(error) && /no such (column|table)/.test(String(error))) throw stillBuilding();
        throw error;
      }
      this.statements.set(sql, statement);
    }
    return statement;
  }
}
