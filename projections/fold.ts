import { ERASED } from '../src/kernel/erased';
import { definitionOf, type EventClass, type RecordedEvent } from '../src/kernel/event';
import type { Rows } from './projection';

type Step = (rows: Rows, data: never, event: RecordedEvent) => void;

/** `on(CaseFiled, (rows, data, event) => …)`: one row of a fold's table. */
export function on<T extends object>(
  type: EventClass<T>,
  step: (rows: Rows, data: Readonly<T>, event: RecordedEvent) => void,
): readonly [string, Step] {
  return [definitionOf(type).name, step as Step];
}

/** A fold from its table; events that the table does not name are passed over. */
export function foldBy(...table: ReadonlyArray<readonly [string, Step]>): (event: RecordedEvent, rows: Rows) => void {
  const steps = new Map(table);
  if (steps.size !== table.length) throw new Error('a fold names an event twice');
  return (event, rows) => steps.get(event.type)?.(rows, event.data as never, event);
}

/** The id of the record a stream is of: `case-2026-17` → `2026-17`. */
export const idOf = (event: RecordedEvent): string => event.stream.slice(event.stream.indexOf('-') + 1);

/** A row of one stream. `revision` is the stream's: what an `ETag` says and `If-Match` is compared with. */
export interface RevisedRow {
  readonly revision?: number;
}

/** `foldBy`, and after it the revision in the row of the event's own stream. `tables` names the table by the category of stream. */
export function foldWithRevision(
  tables: Readonly<Record<string, string>>,
  ...table: ReadonlyArray<readonly [string, Step]>
): (event: RecordedEvent, rows: Rows) => void {
  const fold = foldBy(...table);
  return (event, rows) => {
    fold(event, rows);
    const own = tables[event.stream.slice(0, event.stream.indexOf('-'))];
    if (own) change<RevisedRow>(rows, own, idOf(event), (row) => ({ ...row, revision: event.revision }));
  };
}

/** Changes a row that is there; a row that is not stays away. */
export function change<T extends object>(rows: Rows, table: string, key: string, next: (row: Readonly<T>) => T): void {
  const row = rows.get<T>(table, key);
  if (row) rows.put(table, key, next(row));
}

/** The named texts of a row read as erased, those that it has. */
export function erasing<T extends object>(row: Readonly<T>, fields: ReadonlyArray<keyof T>): T {
  const known = fields.filter((field) => row[field] !== undefined);
  return { ...row, ...Object.fromEntries(known.map((field) => [field, ERASED])) };
}
