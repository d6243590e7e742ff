import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
  type CompiledQuery,
  type Expression,
  type ExpressionBuilder,
  type SqlBool,
} from 'kysely';
import { columnsOf, type ColumnValue, type Table } from '../../../projections/projection';
import { Failure } from '../../kernel/errors';
import { MAX_PAGE_ROWS, type Condition, type ListRequest, type RowFilter, type ValueRange } from './read-model';
import { columnName, searchTableName, tableName } from './row-table';
import { matchExpression, wordsOf } from './search-text';

/** Kysely only writes the SQL; the statements run on better-sqlite3. */
type Rows = Record<string, Record<string, ColumnValue>>;
const kysely = new Kysely<Rows>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

const MAX_SEARCH_WORDS = 16;
const MAX_VALUES = 500;

/** A table of the generation that answers, as a query needs to know it. */
export interface QueriedTable {
  readonly generation: number;
  readonly name: string;
  readonly declared: Table;
}

/** The place after which a page begins: the last row's value in the ordering column, and its key. */
export interface Place {
  readonly value: ColumnValue;
  readonly key: string;
}

type Conditions = ExpressionBuilder<Rows, string>;

/** The filter as SQL. @throws Failure `read_model.bad_request` */
function matching(table: QueriedTable, filter: RowFilter): (eb: Conditions) => Expression<SqlBool> {
  const wheres = Object.entries(filter.where ?? {}).filter(
    (each): each is [string, Condition] => each[1] !== undefined,
  );
  for (const [column] of wheres) assertColumn(table, column);
  const words = filter.search === undefined ? [] : wordsOf(filter.search);
  if (words.length > 0 && !table.declared.search) throw badRequest('search', `${table.name} is not searched`);
  if (words.length > MAX_SEARCH_WORDS) throw badRequest('search', `at most ${MAX_SEARCH_WORDS} words`);
  return (eb) => eb.and([...wheres.map(([column, value]) => holds(eb, column, value)), ...searched(table, words)]);
}

function holds(eb: Conditions, column: string, condition: Condition): Expression<SqlBool> {
  const name = columnName(column);
  if (condition === null) return eb(name, 'is', null);
  if (typeof condition !== 'object') return eb(name, '=', condition);
  if (isValues(condition)) {
    if (condition.length > MAX_VALUES) throw badRequest(column, `at most ${MAX_VALUES} values`);
    const values = condition.filter((value) => value !== null);
    return eb.or([
      ...(values.length > 0 ? [eb(name, 'in', values)] : []),
      ...(values.length < condition.length ? [eb(name, 'is', null)] : []),
    ]);
  }
  return eb.and([
    ...(condition.from === undefined ? [] : [eb(name, '>=', condition.from)]),
    ...(condition.to === undefined ? [] : [eb(name, '<=', condition.to)]),
  ]);
}

const isValues = (condition: readonly ColumnValue[] | ValueRange): condition is readonly ColumnValue[] =>
  Array.isArray(condition);

/** The index narrows down, the stored text decides. A word of nothing but marks is looked for in the text alone. */
function searched(table: QueriedTable, words: readonly string[]): Expression<SqlBool>[] {
  if (words.length === 0) return [];
  const expressions = words.map(matchExpression).filter((each) => each !== undefined);
  const index = sql.table(searchTableName(table.generation, table.name));
  const found = sql<SqlBool>`id in (select rowid from ${index} where ${index} match ${expressions.join(' ')})`;
  return [...(expressions.length > 0 ? [found] : []), ...words.map((word) => sql<SqlBool>`instr(text, ${word}) > 0`)];
}

/**
 * One page: its rows without a value in the ordering column (`nulls`) or those with one, from `after` on. The two are asked
 * for one after the other, because SQL has no order between a value and none.
 */
export function pageQuery(
  table: QueriedTable,
  request: ListRequest,
  part: { nulls: boolean; after?: Place; limit: number },
): CompiledQuery<{ key: string; row: string; value: ColumnValue }> {
  const { column, direction } = request.orderBy;
  const name = columnName(column);
  const beyond = direction === 'asc' ? '>' : '<';
  const { after } = part;
  return kysely
    .selectFrom(tableName(table.generation, table.name))
    .select(['key', 'row', `${name} as value`])
    .where(matching(table, request))
    .where(name, part.nulls ? 'is' : 'is not', null)
    .$if(after !== undefined && part.nulls, (query) => query.where('key', beyond, after?.key ?? ''))
    .$if(after !== undefined && !part.nulls, (query) =>
      query.where(sql<SqlBool>`(${sql.ref(name)}, key) ${sql.raw(beyond)} (${after?.value}, ${after?.key})`),
    )
    .orderBy(name, direction)
    .orderBy('key', direction)
    .limit(part.limit)
    .$castTo<{ key: string; row: string; value: ColumnValue }>()
    .compile();
}

export function countQuery(table: QueriedTable, filter: RowFilter): CompiledQuery<{ rows: number }> {
  return kysely
    .selectFrom(tableName(table.generation, table.name))
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .where(matching(table, filter))
    .compile();
}

/** @throws Failure `read_model.bad_request` */
export function assertPage(table: QueriedTable, { orderBy, limit }: ListRequest): void {
  assertColumn(table, orderBy.column);
  if (orderBy.direction !== 'asc' && orderBy.direction !== 'desc') throw badRequest('orderBy', 'asc or desc');
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_ROWS) {
    throw badRequest('limit', `a page has 1 to ${MAX_PAGE_ROWS} rows`);
  }
}

function assertColumn(table: QueriedTable, column: string): void {
  if (column === 'key' || Object.hasOwn(columnsOf(table.declared), column)) return;
  throw badRequest(column, `${table.name} has no such column`);
}

export const badRequest = (field: string, en: string): Failure =>
  new Failure('invalid', 'read_model.bad_request', {
    zh: '查询条件不正确。',
    en: `Not a query: ${field}: ${en}.`,
    field,
  });
