import * as fc from 'fast-check';
import { columnsOf, isNumeric, type ColumnValue, type Projection } from '../../projections/projection';
import { Failure } from '../../src/kernel/errors';
import type { Condition, ListRequest, ReadModel } from '../../src/ledger/projecting/read-model';

/** A query of a table, as a reader may ask it: by values that rows have and others, by ranges, by words, in any order, in small pages. */
export interface GeneratedQuery {
  readonly projection: string;
  readonly table: string;
  readonly request: ListRequest;
}

/** Queries of every table of a projection, made of what its rows have. */
export async function queriesOf(readModel: ReadModel, projection: Projection): Promise<fc.Arbitrary<GeneratedQuery>[]> {
  const found: fc.Arbitrary<GeneratedQuery>[] = [];
  for (const [table, declared] of Object.entries(projection.tables)) {
    const rows: object[] = [];
    for await (const { row } of readModel.scan(projection.name, table)) rows.push(row);
    const columns = columnsOf(declared);
    const valuesOf = (column: string): fc.Arbitrary<string | number> => {
      const all = rows.map((row) => columns[column](row) ?? null).filter((value) => value !== null);
      const other = isNumeric(declared, column) ? fc.double({ noNaN: true, noDefaultInfinity: true }) : fc.string();
      return all.length > 0 ? fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...all) }, other) : other;
    };
    const where = fc.record(
      Object.fromEntries(Object.keys(columns).map((column) => [column, conditionOf(valuesOf(column))])),
      { requiredKeys: [] },
    );
    const orders = ['key', ...Object.keys(columns)].flatMap((column) =>
      (['asc', 'desc'] as const).map((direction) => ({ column, direction })),
    );
    const request = fc.record(
      {
        where: fc.oneof(fc.constant({}), where),
        ...(declared.search && { search: wordsIn(rows.map(declared.search)) }),
        orderBy: fc.constantFrom(...orders),
        limit: fc.constantFrom(1, 2, 5, 30, 500),
      },
      { requiredKeys: ['orderBy', 'limit'] },
    ) as fc.Arbitrary<ListRequest>;
    found.push(request.map((each) => ({ projection: projection.name, table, request: each })));
  }
  return found;
}

function conditionOf(value: fc.Arbitrary<string | number>): fc.Arbitrary<Condition> {
  const orNull: fc.Arbitrary<ColumnValue> = fc.oneof({ weight: 4, arbitrary: value }, fc.constant(null));
  return fc.oneof(
    orNull,
    fc.array(orNull, { maxLength: 3 }),
    fc.record({ from: value, to: value }, { requiredKeys: [] }) as fc.Arbitrary<Condition>,
  );
}

/** Pieces of the texts, one or two at a time, and words of nothing but marks. */
function wordsIn(texts: readonly string[]): fc.Arbitrary<string> {
  const piece = fc
    .tuple(fc.constantFrom('', ...texts), fc.nat(), fc.integer({ min: 1, max: 6 }))
    .map(([text, at, length]) => text.slice(text.length > 0 ? at % text.length : 0).slice(0, length));
  return fc.oneof(
    { weight: 5, arbitrary: piece },
    fc.tuple(piece, piece).map((two) => two.join(' ')),
    fc.constantFrom('〔', '"', '%', '\\', "' or 1=1", '* OR', '\0', '\ud800', '没有这样的话'),
  );
}

/** All pages of a query with their cursors, and the count; of one that is refused, its code. */
export async function answerTo(
  readModel: ReadModel,
  { projection, table, request }: GeneratedQuery,
  most = 40,
): Promise<unknown> {
  try {
    const pages: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await readModel.list(projection, table, { ...request, cursor });
      pages.push(page.rows, page.next);
      cursor = page.next;
    } while (cursor && pages.length < most);
    return [await readModel.count(projection, table, request), ...pages];
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}
