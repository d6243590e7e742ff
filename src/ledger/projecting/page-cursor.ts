import type { ColumnValue } from '../../../projections/projection';
import { badRequest, type ListRequest } from './read-model';
import { storable } from './row-table';

type OrderBy = ListRequest['orderBy'];

/** The place after which a page begins: the last row's value in the ordering column, and its key. */
export interface Place {
  readonly value: ColumnValue;
  readonly key: string;
}

/** Where the next page begins, as text to hand out. It is bound to the order it was made for. */
export function cursorAfter({ column, direction }: OrderBy, { value, key }: Place): string {
  return Buffer.from(JSON.stringify([column, direction, value, key])).toString('base64url');
}

/** @throws Failure `read_model.bad_request` when it was made for another order, or by somebody else */
export function placeOf(cursor: string, orderBy: OrderBy): Place {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw badRequest('cursor', 'it is not one of ours');
  }
  if (!Array.isArray(parts) || parts.length !== 4) throw badRequest('cursor', 'it is not one of ours');
  const [column, direction, value, key] = parts as unknown[];
  if (column !== orderBy.column || direction !== orderBy.direction)
    throw badRequest('cursor', 'it is of another order');
  if (typeof key !== 'string' || !isColumnValue(value)) throw badRequest('cursor', 'it is not one of ours');
  return { value: typeof value === 'string' ? storable(value) : value, key: storable(key) };
}

const isColumnValue = (value: unknown): value is ColumnValue =>
  value === null || typeof value === 'string' || typeof value === 'number';
