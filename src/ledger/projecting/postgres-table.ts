import type { Table } from '../../../projections/projection';
import type { Parameter, Session } from '../postgres/postgres';
import { columnName, columnsIn, indexesOf, tableName, valueIn, type Column, type RowTable } from './row-table';
import { normalised, wholeEntries } from './search-text';

/** Longest name that PostgreSQL does not cut off. */
const MAX_NAME_BYTES = 63;
/** Of one statement. */
const CHUNK_ROWS = 4096;
const CHUNK_UNITS = 4 * 1024 * 1024;

interface Changed {
  readonly json: string;
  /** One of each column, then the text and its entries where the table is searched. Null entries: as they were. */
  readonly values: readonly (string | number | null)[];
}

/** A row as `loadQueries` gives it. */
export interface LoadedRow {
  readonly source: number;
  readonly key: string;
  readonly row: string;
  readonly subject: string | null;
}

/**
 * One table of one generation in PostgreSQL: `key`, `row` as JSON text, the declared columns, and where it is searched the text and what
 * it has of pairs and characters (`entries`). Nothing is read or written at once: what a fold asks for is collected until it is loaded,
 * and what it changes until the batch is written. While the generation is built it has no index but the key's and the subject's.
 */
export class PostgresTable implements RowTable {
  private readonly sqlName: string;
  private readonly columns: readonly Column[];
  private readonly upsert: string;
  private readonly wantedKeys = new Set<string>();
  private readonly wantedSubjects = new Set<string>();
  private readonly subjects = new Map<string, string[]>();
  private readonly changed = new Map<string, Changed>();
  private readonly deleted = new Set<string>();

  constructor(
    private readonly generation: number,
    readonly name: string,
    private readonly declared: Table,
  ) {
    this.columns = columnsIn(name, declared);
    this.sqlName = `"${tableName(generation, name)}"`;
    if (this.sqlName.length - 2 > MAX_NAME_BYTES) throw new Error(`${name}: too long a name for a table of rows`);
    this.upsert = this.upsertStatement();
  }

  read(key: string): null {
    this.wantedKeys.add(key);
    return null;
  }

  keysOf(subject: string): readonly string[] | null {
    const known = this.subjects.get(subject);
    if (!known) this.wantedSubjects.add(subject);
    return known ?? null;
  }

  write(key: string, row: object, before: object | undefined): number {
    const json = JSON.stringify(row);
    const values: (string | number | null)[] = this.columns.map((column) => valueIn(column, row));
    const { search } = this.declared;
    if (search) {
      const text = search(row);
      const stored = normalised(text);
      const same = before !== undefined && search(before) === text;
      values.push(stored, same ? null : wholeEntries(stored).join(' '));
    }
    this.changed.set(key, { json, values });
    return json.length;
  }

  delete(key: string): void {
    this.deleted.add(key);
  }

  /** Forgets the changes that were taken for a batch. */
  begin(): void {
    this.changed.clear();
    this.deleted.clear();
  }

  /** Writes the changes, in the caller's transaction. They are kept until `begin`, for another attempt. */
  async flush(session: Session): Promise<void> {
    if (this.deleted.size > 0) {
      await session.query(`DELETE FROM ${this.sqlName} WHERE key = ANY($1::text[])`, [[...this.deleted]]);
    }
    for (const rows of this.chunks()) {
      const columns: (string | number | null)[][] = [rows.map(([key]) => key), rows.map(([, { json }]) => json)];
      for (let i = 0; i < rows[0][1].values.length; i++) columns.push(rows.map(([, { values }]) => values[i]));
      await session.query(this.upsert, columns);
    }
    this.subjects.clear();
  }

  /** What has been asked for and is not known, as SELECTs; each row says by `source` from which. `parameters` gets their values. */
  loadQueries(source: number, parameters: Parameter[]): string[] {
    const queries: string[] = [];
    const select = (subject: string, condition: string, wanted: Set<string>): void => {
      if (wanted.size === 0) return;
      parameters.push([...wanted]);
      queries.push(
        `SELECT ${source} AS source, key, "row", ${subject} AS subject FROM ${this.sqlName}
         WHERE ${condition} = ANY($${parameters.length}::text[])`,
      );
    };
    select('NULL::text', 'key', this.wantedKeys);
    select(`"${columnName('subject')}"`, `"${columnName('subject')}"`, this.wantedSubjects);
    return queries;
  }

  /** The rows that `loadQueries` found, and the keys that were asked for and are of no row. */
  loaded(rows: readonly LoadedRow[], take: (key: string, json: string | undefined) => void): void {
    for (const subject of this.wantedSubjects) this.subjects.set(subject, []);
    for (const { key, row, subject } of rows) {
      this.wantedKeys.delete(key);
      take(key, row);
      if (subject !== null) this.subjects.get(subject)?.push(key);
    }
    for (const key of this.wantedKeys) take(key, undefined);
    this.wantedKeys.clear();
    this.wantedSubjects.clear();
  }

  /** Makes the table, empty. */
  creation(): string[] {
    const columns = this.columns.map(({ name, type }) => {
      return `"${columnName(name)}" ${type === 'number' ? 'double precision' : 'text COLLATE "C"'}`;
    });
    if (this.declared.search) columns.push('"text" text COLLATE "C" NOT NULL', '"entries" text[] COLLATE "C"');
    const all = ['key text COLLATE "C" PRIMARY KEY', '"row" text NOT NULL', ...columns];
    // the subject's before the others: an erasure may come while the generation is built
    const first = this.declared.personal ? [this.indexOn(['subject'])] : [];
    return [`CREATE TABLE ${this.sqlName} (${all.join(', ')})`, ...first];
  }

  /** The indexes, each a statement, and what the planner has to know. */
  indexes(): string[] {
    return [
      ...indexesOf(this.declared).map((columns) => this.indexOn(columns)),
      ...(this.declared.search
        ? [
            `CREATE INDEX IF NOT EXISTS "${this.indexName('search')}" ON ${this.sqlName} USING gin ("entries") WITH (fastupdate = off)`,
          ]
        : []),
      `ANALYZE ${this.sqlName}`,
    ];
  }

  /** What frees the space of rows that were changed or deleted; undefined for a table without personal data. */
  vacuum(): string | undefined {
    return this.declared.personal && `VACUUM ${this.sqlName}`;
  }

  private indexOn(columns: readonly string[]): string {
    const numbers = columns.map((each) => `c${this.columns.findIndex(({ name }) => name === each)}`);
    const names = [...columns.map(columnName), 'key'].map((each) => `"${each}"`);
    return `CREATE INDEX IF NOT EXISTS "${this.indexName(numbers.join(''))}" ON ${this.sqlName} (${names.join(', ')})`;
  }

  /** By number: with the column's name it could be too long. */
  private indexName(of: string): string {
    return `${tableName(this.generation, this.name).slice(0, MAX_NAME_BYTES - of.length - 4)}_by_${of}`;
  }

  private upsertStatement(): string {
    const { search } = this.declared;
    const names = ['"row"', ...this.columns.map(({ name }) => `"${columnName(name)}"`), ...(search ? ['"text"'] : [])];
    const types = [
      'text',
      'text',
      ...this.columns.map(({ type }) => (type === 'number' ? 'double precision' : 'text')),
    ];
    if (search) types.push('text', 'text');
    const values = types.map((_, i) => `v${i}`);
    const chosen = search ? [...values.slice(0, -1), `string_to_array(${values.at(-1)}, ' ')`] : values;
    return `
      INSERT INTO ${this.sqlName} AS stored (${['key', ...names, ...(search ? ['"entries"'] : [])].join(', ')})
      SELECT ${chosen.join(', ')}
      FROM unnest(${types.map((type, i) => `$${i + 1}::${type}[]`).join(', ')}) AS given (${values.join(', ')})
      ON CONFLICT (key) DO UPDATE SET ${[
        ...names.map((name) => `${name} = excluded.${name}`),
        ...(search ? ['"entries" = coalesce(excluded."entries", stored."entries")'] : []),
      ].join(', ')}`;
  }

  private *chunks(): Generator<(readonly [string, Changed])[]> {
    let rows: (readonly [string, Changed])[] = [];
    let units = 0;
    for (const each of this.changed) {
      rows.push(each);
      units += each[1].json.length;
      if (rows.length < CHUNK_ROWS && units < CHUNK_UNITS) continue;
      yield rows;
      [rows, units] = [[], 0];
    }
    if (rows.length > 0) yield rows;
  }
}
