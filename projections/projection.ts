import { is, type RecordedEvent } from '../src/kernel/event';
import { PersonalDataErased, SubjectKeyDestroyed } from '../src/privacy/erasure-events';

/** Keyed rows of one projection. A row is plain JSON; the same fold runs on every store, live and in a rebuild. */
export interface Rows {
  /** The row, or undefined. Treat it as frozen: a change is a `put` of a new object. */
  get<T>(table: string, key: string): Readonly<T> | undefined;
  put<T extends object>(table: string, key: string, row: T): void;
  delete(table: string, key: string): void;
}

export type ColumnValue = string | number | null;

/** A table of rows: what of a row is indexed for queries. `search` is text found by any substring of two or more characters. */
export interface Table {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly columns?: Readonly<Record<string, (row: any) => ColumnValue>>;
  /** The columns whose values are numbers; those of all others are texts. */
  readonly numbers?: readonly string[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly search?: (row: any) => string;
  /** Columns in which most rows have one of a few values: no query goes by them that can go by something else. */
  readonly broad?: readonly string[];
  /** Lists that readers turn: the rows with one value of a column, in the order of another. One index holds both. */
  readonly lists?: ReadonlyArray<readonly [of: string, by: string]>;
  /** For rows that hold personal data. */
  readonly personal?: PersonalRows;
}

/**
 * Whose personal data a row holds (`<kind>:<id>`, or nobody's), and the row without them. The runner puts `erased` in the place of
 * every row of a subject that is erased; it gives what the same events give when they are read as erased. Each such table has a
 * column `subject`.
 */
export interface PersonalRows {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly subject: (row: any) => string | undefined;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly erased: (row: any) => object;
}

/**
 * A read model (投影): what becomes of events. `apply` is a pure fold over keyed rows: no Nest, no SQL, no clock, no I/O.
 * A new `version` is built beside the old one and switched in when it has caught up.
 */
export interface Projection {
  readonly name: string;
  readonly version: number;
  readonly tables: Readonly<Record<string, Table>>;
  apply(event: RecordedEvent, rows: Rows): void;
}

/** The columns of a table, with that of whose data its rows hold. */
export const columnsOf = ({ columns, personal }: Table): NonNullable<Table['columns']> =>
  personal ? { ...columns, subject: (row) => personal.subject(row) ?? null } : (columns ?? {});

/** Whether the values of a column are numbers. */
export const isNumeric = ({ numbers = [] }: Table, column: string): boolean => numbers.includes(column);

/**
 * Whose rows an event erases; undefined for every other event. Both events of an erasure do: what was still written of the subject
 * after the first stands before the second.
 */
export const erasedSubject = (event: RecordedEvent): string | undefined =>
  is(event, PersonalDataErased) || is(event, SubjectKeyDestroyed) ? event.data.subject : undefined;
