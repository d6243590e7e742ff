import type { ColumnValue } from '../../../projections/projection';
import { Failure } from '../../kernel/errors';

/** Rows of a page, at most. */
export const MAX_PAGE_ROWS = 500;

/** Both ends are included. */
export interface ValueRange {
  readonly from?: string | number;
  readonly to?: string | number;
}

/** A value the column has (null: it has none), one of several values, or a range. */
export type Condition = ColumnValue | readonly ColumnValue[] | ValueRange;

/** All conditions hold, and every word of `search` is in the row's search text. */
export interface RowFilter {
  readonly where?: Readonly<Record<string, Condition | undefined>>;
  readonly search?: string;
}

export interface ListRequest extends RowFilter {
  /** A declared column, or `key`. Rows without a value come first ascending and last descending; ties follow the key. */
  readonly orderBy: { readonly column: string; readonly direction: 'asc' | 'desc' };
  /** 1 to `MAX_PAGE_ROWS`. */
  readonly limit: number;
  /** `next` of the page before, of a request with the same `orderBy`. */
  readonly cursor?: string;
}

/** Some rows, and where the next begin. */
export interface RowPage<T> {
  readonly rows: T[];
  /** Opaque; missing on the last page. */
  readonly next?: string;
}

/** A row with its key, as scans give it. */
export interface KeyedRow<T> {
  readonly key: string;
  readonly row: T;
}

/**
 * - `live`: follows the ledger
 * - `building`: no generation of this version has caught up yet; an older one answers meanwhile where there is one
 * - `waiting`: PostgreSQL or the event store does not answer; nothing is wrong with the rows, and it goes on by itself
 * - `stalled`: stopped at an event, or by a fault of the rows' file; `error` says which
 */
export type ProjectionState = 'live' | 'building' | 'waiting' | 'stalled';

/** How far a projection’s rows are (投影状态). */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  /** The generation that answers; missing before the first one is built. */
  readonly generation?: number;
  /** How far the answers reach. */
  readonly position: number;
  readonly head: number;
  readonly lagEvents: number;
  /** Age of the oldest event that is not in the rows yet; 0 when there is none. */
  readonly lagMs: number;
  readonly state: ProjectionState;
  /** A generation being built beside the one that answers. */
  readonly building?: { readonly generation: number; readonly position: number };
  /** Without personal data. */
  readonly error?: { readonly position: number; readonly reason: string };
}

/**
 * Rows of all projections, for queries. The port that every store of rows implements. An abstract class, so that Nest can inject it.
 * Every method throws the Failure `read_model.building` (unavailable) before a projection's first generation is built.
 */
export abstract class ReadModel {
  abstract get<T extends object>(projection: string, table: string, key: string): Promise<T | undefined>;

  /** A page by keyset: stable while rows come and go. @throws Failure `read_model.bad_request` for an unknown column, limit or cursor */
  abstract list<T extends object>(projection: string, table: string, request: ListRequest): Promise<RowPage<T>>;

  abstract count(projection: string, table: string, filter?: RowFilter): Promise<number>;

  /** Every row in order of its key (by code point), read in pages as the consumer asks; of one generation to the end. */
  abstract scan<T extends object>(projection: string, table: string, filter?: RowFilter): AsyncIterable<KeyedRow<T>>;

  /** Position of the last event that is in the rows. */
  abstract position(projection: string): Promise<number>;

  /**
   * Read-your-writes: resolves once the event at `position` is in the rows.
   * @throws Failure `read_model.behind` (unavailable) after `timeoutMs`
   */
  abstract waitFor(projection: string, position: number, timeoutMs: number): Promise<void>;

  abstract status(): Promise<ProjectionStatus[]>;
}

/** What is asked is no query. `en` says why. */
export const badRequest = (field: string, en: string): Failure =>
  new Failure('invalid', 'read_model.bad_request', {
    zh: '查询条件不正确。',
    en: `Not a query: ${field}: ${en}.`,
    field,
  });
