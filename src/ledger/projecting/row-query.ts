import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
  type CompiledQuery,
  type Expression,
  type ExpressionBuilder,
  type SqlBool,
} from 'kysely';
import { columnsOf, isNumeric, type ColumnValue, type Table } from '../../../projections/projection';
import { cursorAfter, placeOf, type Place } from './page-cursor';
import {
  badRequest,
  MAX_PAGE_ROWS,
  type Condition,
  type ListRequest,
  type RowFilter,
  type ValueRange,
} from './read-model';
import { columnName, storable, tableName } from './row-table';
import { searchTableName } from './sqlite-table';
import { matchExpression, wantedEntries, wordsOf } from './search-text';

type Rows = Record<string, Record<string, ColumnValue>>;
type Conditions = ExpressionBuilder<Rows, string>;

/** In what SQL a query is written: kysely writes it, and what differs besides is how a text is searched. */
export interface Dialect {
  readonly kysely: Kysely<Rows>;
  /** The rows whose text may have the words, by the index; none for words of nothing but marks. */
  found(table: QueriedTable, words: readonly string[]): Expression<SqlBool>[];
  /** Whether the stored text has the word. */
  has(word: string): Expression<SqlBool>;
  /** A condition that most rows fulfil, for a planner that may not have looked at the rows. */
  broad(condition: Expression<SqlBool>): Expression<SqlBool>;
}

/** How SQLite says it. */
export const SQLITE: Dialect = {
  kysely: new Kysely({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  found: ({ generation, name }, words) => {
    const expressions = words.map(matchExpression).filter((each) => each !== undefined);
    const index = sql.table(searchTableName(generation, name));
    return expressions.length > 0
      ? [sql<SqlBool>`id in (select rowid from ${index} where ${index} match ${expressions.join(' ')})`]
      : [];
  },
  has: (word) => sql<SqlBool>`instr(text, ${word}) > 0`,
  // SQLite takes any equality for a rare one and would read nearly all rows and sort them, instead of some in their order.
  broad: (condition) => sql<SqlBool>`likely(${condition})`,
};

/** How PostgreSQL says it. */
export const POSTGRES: Dialect = {
  kysely: new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
  found: (_, words) => {
    const wanted = [...new Set(words.flatMap(wantedEntries))];
    return wanted.length > 0 ? [sql<SqlBool>`entries @> ${wanted}`] : [];
  },
  has: (word) => sql<SqlBool>`strpos("text", ${word}) > 0`,
  broad: (condition) => condition, // it has counted
};

const MAX_SEARCH_WORDS = 16;
const MAX_VALUES = 500;

/** A table of the generation that answers, as a query needs to know it. */
export interface QueriedTable {
  readonly generation: number;
  readonly name: string;
  readonly declared: Table;
}

/** A row of a page as it is stored, and its value in the ordering column. */
export interface StoredRow extends Place {
  readonly row: string;
}

/** The filter as SQL. @throws Failure `read_model.bad_request` */
function matching(sqlOf: Dialect, table: QueriedTable, filter: RowFilter): (eb: Conditions) => Expression<SqlBool> {
  const wheres = Object.entries(filter.where ?? {}).filter(
    (each): each is [string, Condition] => each[1] !== undefined,
  );
  for (const [column, condition] of wheres) assertCondition(table, column, condition);
  const words = filter.search === undefined ? [] : wordsOf(filter.search);
  if (words.length > 0 && !table.declared.search) throw badRequest('search', `${table.name} is not searched`);
  if (words.length > MAX_SEARCH_WORDS) throw badRequest('search', `at most ${MAX_SEARCH_WORDS} words`);
  // the index narrows down, the stored text decides
  const searched = words.length === 0 ? [] : [...sqlOf.found(table, words), ...words.map(sqlOf.has)];
  const isBroad = (column: string): boolean => table.declared.broad?.includes(column) ?? false;
  const condition = (eb: Conditions, [column, value]: [string, Condition]): Expression<SqlBool> =>
    isBroad(column) ? sqlOf.broad(holds(eb, column, value)) : holds(eb, column, value);
  return (eb) => eb.and([...wheres.map((where) => condition(eb, where)), ...searched]);
}

function holds(eb: Conditions, column: string, condition: Condition): Expression<SqlBool> {
  const name = columnName(column);
  if (condition === null) return eb(name, 'is', null);
  if (typeof condition !== 'object') return eb(name, '=', told(condition));
  if (isValues(condition)) {
    if (condition.length > MAX_VALUES) throw badRequest(column, `at most ${MAX_VALUES} values`);
    const values = condition.filter((value) => value !== null).map(told);
    return eb.or([
      ...(values.length > 0 ? [eb(name, 'in', values)] : []),
      ...(values.length < condition.length ? [eb(name, 'is', null)] : []),
    ]);
  }
  return eb.and([
    ...(condition.from === undefined ? [] : [eb(name, '>=', told(condition.from))]),
    ...(condition.to === undefined ? [] : [eb(name, '<=', told(condition.to))]),
  ]);
}

/** A value to compare with what is stored. */
const told = (value: string | number): string | number => (typeof value === 'string' ? storable(value) : value);

const isValues = (condition: readonly ColumnValue[] | ValueRange): condition is readonly ColumnValue[] =>
  Array.isArray(condition);

/**
 * A page, as queries that the caller runs: each `yield` is answered with the rows it finds. Rows without a value in the ordering column
 * and those with one are asked for one after the other, because SQL has no order between a value and none.
 * @throws Failure `read_model.bad_request`
 */
export function* pageOf(
  sqlOf: Dialect,
  table: QueriedTable,
  request: ListRequest,
): Generator<CompiledQuery<StoredRow>, { rows: StoredRow[]; next?: string }, StoredRow[]> {
  assertPage(table, request);
  const { orderBy, limit } = request;
  const after = request.cursor === undefined ? undefined : placeOf(request.cursor, orderBy);
  if (after) assertValue(table, orderBy.column, after.value, 'cursor');
  const rows: StoredRow[] = [];
  for (const part of partsFrom(orderBy, after)) {
    const wanted = limit + 1 - rows.length; // one more, to know whether there is a next page
    if (wanted > 0) rows.push(...(yield partQuery(sqlOf, table, request, { ...part, limit: wanted })));
  }
  if (rows.length <= limit) return { rows };
  rows.length = limit;
  return { rows, next: cursorAfter(orderBy, rows[limit - 1]) };
}

/** Rows without a value come first ascending and last descending; a page that begins in the second part skips the first. */
function partsFrom({ column, direction }: ListRequest['orderBy'], after?: Place): { nulls: boolean; after?: Place }[] {
  if (column === 'key') return [{ nulls: false, after }];
  const order = direction === 'asc' ? [true, false] : [false, true];
  if (!after) return order.map((nulls) => ({ nulls }));
  const begun = order.indexOf(after.value === null);
  return order.slice(begun).map((nulls, i) => ({ nulls, after: i === 0 ? after : undefined }));
}

function partQuery(
  sqlOf: Dialect,
  table: QueriedTable,
  request: ListRequest,
  part: { nulls: boolean; after?: Place; limit: number },
): CompiledQuery<StoredRow> {
  const { column, direction } = request.orderBy;
  const name = columnName(column);
  const beyond = direction === 'asc' ? '>' : '<';
  const { after } = part;
  return sqlOf.kysely
    .selectFrom(tableName(table.generation, table.name))
    .select(['key', 'row', `${name} as value`])
    .where(matching(sqlOf, table, request))
    .where(name, part.nulls ? 'is' : 'is not', null)
    .$if(after !== undefined && part.nulls, (query) => query.where('key', beyond, after?.key ?? ''))
    .$if(after !== undefined && !part.nulls, (query) =>
      query.where(sql<SqlBool>`(${sql.ref(name)}, key) ${sql.raw(beyond)} (${after?.value}, ${after?.key})`),
    )
    .orderBy(name, direction)
    .$if(column !== 'key', (query) => query.orderBy('key', direction))
    .limit(part.limit)
    .$castTo<StoredRow>()
    .compile();
}

/** The row of a key, which is not compiled anew for each. */
export const rowQuery = (table: QueriedTable, placeholder: string): string =>
  `SELECT "row" FROM "${tableName(table.generation, table.name)}" WHERE key = ${placeholder}`;

/** How many rows a filter finds. */
export function countQuery(sqlOf: Dialect, table: QueriedTable, filter: RowFilter): CompiledQuery<{ rows: number }> {
  return sqlOf.kysely
    .selectFrom(tableName(table.generation, table.name))
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .where(matching(sqlOf, table, filter))
    .compile();
}

function assertPage(table: QueriedTable, { orderBy, limit }: ListRequest): void {
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

/** A text where there are numbers would be compared by every database in another way. */
function assertCondition(table: QueriedTable, column: string, condition: Condition): void {
  assertColumn(table, column);
  const values =
    condition === null || typeof condition !== 'object'
      ? [condition]
      : isValues(condition)
        ? condition
        : [condition.from, condition.to];
  for (const value of values) assertValue(table, column, value, column);
}

function assertValue(
  { name, declared }: QueriedTable,
  column: string,
  value: ColumnValue | undefined,
  field: string,
): void {
  if (value === null || value === undefined) return;
  if (typeof value === (isNumeric(declared, column) ? 'number' : 'string')) return;
  throw badRequest(field, `${name}.${column} has ${isNumeric(declared, column) ? 'numbers' : 'texts'}`);
}
