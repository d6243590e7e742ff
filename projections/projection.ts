import type { RecordedEvent } from '../src/kernel/event';

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
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly search?: (row: any) => string;
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
