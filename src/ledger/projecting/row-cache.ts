import type { RowTable } from './row-table';

/** A row in memory. */
export interface CachedRow {
  readonly key: string;
  readonly table: RowTable;
  /** Undefined: there is no such row. */
  row: object | undefined;
  /** The row as it is stored; undefined when there is none or it was not asked for. */
  stored: object | undefined;
  /** Size of its JSON in UTF-16 units: exact once it was read or written, the table's average before. */
  chars: number;
  /** Waits to be written. */
  dirty: boolean;
}

const FIRST_GUESS_CHARS = 2000;

/**
 * The rows of one table in memory, in two halves: what was used since the last `age` and what was used before. `age` forgets the
 * older half, so the least recently used rows go and no use costs more than a look-up.
 */
export class RowCache {
  /** Of the younger half. */
  chars = 0;
  private young = new Map<string, CachedRow>();
  private old = new Map<string, CachedRow>();
  private writtenChars = FIRST_GUESS_CHARS;
  private writtenRows = 1;

  constructor(readonly table: RowTable) {}

  find(key: string): CachedRow | undefined {
    const young = this.young.get(key);
    if (young) return young;
    const old = this.old.get(key);
    if (old) this.keep(old);
    return old;
  }

  /** A row that is not in memory, from its table; undefined when the table does not know it before the next `load`. */
  read(key: string): CachedRow | undefined {
    const json = this.table.read(key);
    return json === null ? undefined : this.take(key, json);
  }

  /** A row that is not in memory, as it is stored; undefined: there is none. */
  take(key: string, json: string | undefined): CachedRow {
    const row = json === undefined ? undefined : (JSON.parse(json) as object);
    return this.add(key, row, row, json?.length ?? this.averageChars());
  }

  /** A row that will be overwritten without having been read. */
  unread(key: string): CachedRow {
    return this.add(key, undefined, undefined, this.averageChars());
  }

  forget(row: CachedRow): void {
    this.young.delete(row.key);
    this.chars -= row.chars;
  }

  written(row: CachedRow, chars: number): void {
    this.chars += chars - row.chars;
    row.chars = chars;
    this.writtenChars += chars;
    this.writtenRows += 1;
  }

  /** Nothing may be dirty. */
  age(): void {
    this.old = this.young;
    this.young = new Map();
    this.chars = 0;
  }

  clear(): void {
    this.age();
    this.old = this.young;
  }

  /** What a new row will take once it is written: rows grow while they wait. */
  private averageChars(): number {
    return this.writtenChars / this.writtenRows;
  }

  private add(key: string, row: object | undefined, stored: object | undefined, chars: number): CachedRow {
    const added = { key, table: this.table, row, stored, chars, dirty: false };
    this.keep(added);
    return added;
  }

  private keep(row: CachedRow): void {
    this.young.set(row.key, row);
    this.chars += row.chars;
  }
}
