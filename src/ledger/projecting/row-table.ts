import { columnsOf, isNumeric, type ColumnValue, type Table } from '../../../projections/projection';

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,49}$/;
/** In UTF-16 units. Key and column stand side by side in an index, whose entries have at most 2700 bytes in PostgreSQL. */
const MAX_KEY_UNITS = 300;
const MAX_TEXT_UNITS = 560;
/** Of a column that orders a list, which stands in an index with another. */
const MAX_ORDER_UNITS = 24;

/** A declared column's name in SQL; our own are `key`, `row`, `text` and `entries`. */
export const columnName = (column: string): string => (column === 'key' ? 'key' : `c_${column}`);
/** A table of rows in SQL: every generation has its own. */
export const tableName = (generation: number, table: string): string => `g${generation}_${table}`;

/**
 * One table of one generation, as a fold and the writing of a batch see it; in SQLite (`sqlite-table.ts`) or PostgreSQL
 * (`postgres-table.ts`).
 */
export interface RowTable {
  readonly name: string;
  /** The row's JSON; undefined: there is none; null: not known before the next `load`, which is told by this question. */
  read(key: string): string | undefined | null;
  /** Keys of the stored rows that hold personal data of a subject; null: as above. */
  keysOf(subject: string): readonly string[] | null;
  /**
   * Takes a changed row; `before` is the row as it is stored, when that is known: columns and search text that did not change are
   * not written again. Returns the length of the JSON in UTF-16 units.
   * @throws what a column's function throws; UnfitValue when its value is not of the declared type
   */
  write(key: string, row: object, before: object | undefined): number;
  delete(key: string): void;
}

/** A projection gives what no table can keep. The message says which column and why, never the value. */
export class UnfitValue extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnfitValue';
  }
}

/** A declared column of a table. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'number';
  readonly table: string;
  /** In UTF-16 units. */
  readonly longest: number;
  readonly of: (row: object) => ColumnValue;
}

/** The columns of a table. @throws Error when the table or a column has a name that cannot be one in SQL */
export function columnsIn(name: string, table: Table): Column[] {
  const columns = Object.entries(columnsOf(table));
  for (const each of [name, ...columns.map(([column]) => column)]) {
    if (!NAME.test(each) || each === 'key') throw new Error(`${each}: not a name for a table or column of rows`);
  }
  const meant = [...(table.numbers ?? []), ...(table.broad ?? []), ...(table.lists ?? []).flat()];
  const odd = meant.find((each) => !columns.some(([column]) => column === each));
  if (odd !== undefined) throw new Error(`${name} has no column ${odd}`);
  return columns.map(([column, of]) => {
    const longest = table.lists?.some(([, by]) => by === column) ? MAX_ORDER_UNITS : MAX_TEXT_UNITS;
    return { name: column, type: isNumeric(table, column) ? 'number' : 'string', table: name, longest, of };
  });
}

/** The columns of each index besides the key's, which every index ends with: each column alone, and each declared list. */
export const indexesOf = (table: Table): ReadonlyArray<readonly string[]> => [
  ...Object.keys(columnsOf(table)).map((column) => [column]),
  ...(table.lists ?? []),
];

/** What a row has in a column, the same in every store. @throws UnfitValue unless it is what the column declares, or null */
export function valueIn({ of, type, name, table, longest }: Column, row: object): ColumnValue {
  const value = of(row) ?? null;
  if (value === null) return null;
  if (typeof value !== type) throw new UnfitValue(`${table}.${name} has a ${typeof value}, not a ${type}`);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new UnfitValue(`${table}.${name} has no finite number`);
    return value;
  }
  if (value.length > longest) throw new UnfitValue(`${table}.${name} is longer than ${longest}`);
  return storable(value);
}

/** A key as every store keeps it. @throws UnfitValue when it is too long */
export function storableKey(table: string, key: string): string {
  if (key.length > MAX_KEY_UNITS) throw new UnfitValue(`a key of ${table} is longer than ${MAX_KEY_UNITS}`);
  return storable(key);
}

const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** What no text of a database keeps (NUL, half of a surrogate pair) becomes U+FFFD, so that all stores compare and order alike. */
export const storable = (text: string): string =>
  UNSTORABLE.test(text) ? text.replace(/[\0\p{Surrogate}]/gu, '\ufffd') : text;
