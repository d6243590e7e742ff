import type Database from 'better-sqlite3';
import type { Statement } from 'better-sqlite3';
import type { Table } from '../../../projections/projection';
import { columnName, columnsIn, indexesOf, tableName, valueIn, type Column, type RowTable } from './row-table';
import { indexEntries, normalised } from './search-text';

export type Sqlite = Database.Database;

const SEARCH_CHUNK_ROWS = 500;
const DROPPED_ROWS = 500;

/** The FTS5 table beside a table that is searched. */
export const searchTableName = (generation: number, table: string): string => `${tableName(generation, table)}_fts`;

/** Drops every table of a generation, whatever it declared. */
export function dropTables(db: Sqlite, generation: number): void {
  const tables = db
    .prepare<[string], string>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB ? ORDER BY sql LIKE 'CREATE VIRTUAL%' DESC`,
    )
    .pluck()
    .all(`g${generation}_*`);
  for (const table of tables) db.exec(`DROP TABLE IF EXISTS "${table}"`); // a virtual table takes its shadow tables along
}

/**
 * Empties the tables of a generation in steps and drops them: every page is overwritten, which for many rows takes too long for one
 * transaction.
 */
export function* dropTablesInSteps(db: Sqlite, generation: number): Generator<void> {
  const made = (type: string, sql: string): string[] =>
    db
      .prepare<[string, string, string], string>(
        'SELECT name FROM sqlite_master WHERE type = ? AND tbl_name GLOB ? AND sql LIKE ?',
      )
      .pluck()
      .all(type, `g${generation}_*`, sql);
  for (const index of made('index', 'CREATE INDEX%')) {
    db.exec(`DROP INDEX "${index}"`);
    yield;
  }
  for (const search of made('table', 'CREATE VIRTUAL%')) {
    db.exec(`DROP TABLE "${search}"`);
    yield;
  }
  for (const table of made('table', 'CREATE TABLE%')) {
    const some = db.prepare(`DELETE FROM "${table}" WHERE id IN (SELECT id FROM "${table}" LIMIT ${DROPPED_ROWS})`);
    while (some.run().changes > 0) yield;
  }
  dropTables(db, generation);
}

/**
 * The statements of the search index, which is there only after `index`. It holds no texts, so what an entry was made from has to
 * be told when it is removed. With `secure-delete` a removed entry leaves no trace in the file.
 */
interface SearchIndex {
  readonly add: Statement<[id: number, entries: string]>;
  readonly remove: Statement<[id: number, entries: string]>;
}

/**
 * One table of one generation in `read-model.db`: `key`, `row` as JSON, the declared columns, the search text. While the generation is built it has
 * no index but the key's, which is what makes building fast; `index` adds the others once, in bulk.
 */
export class SqliteTable implements RowTable {
  private readonly sqlName: string;
  private readonly searchName: string;
  private readonly columns: readonly Column[];
  private readonly search: ((row: object) => string) | undefined;
  private readonly select: Statement<[string], string>;
  private readonly upsert: Statement<unknown[]>;
  private readonly upsertReturning: Statement<unknown[], number>;
  private readonly updateRow: Statement<[string, string]>;
  private readonly deleteRow: Statement<[string]>;
  private readonly selectText: Statement<[string], { id: number; text: string }> | undefined;
  private readonly selectOfSubject: Statement<[string], string> | undefined;
  private searchIndex: SearchIndex | undefined;

  /** Opens the table and makes it when it is missing. `indexed`: `index` was run to its end before. */
  constructor(
    private readonly db: Sqlite,
    generation: number,
    readonly name: string,
    private readonly declared: Table,
    indexed: boolean,
  ) {
    this.columns = columnsIn(name, declared);
    this.sqlName = `"${tableName(generation, name)}"`;
    this.searchName = `"${searchTableName(generation, name)}"`;
    this.search = declared.search;
    const names = [
      ...this.columns.map((column) => `"${columnName(column.name)}"`),
      ...(declared.search ? ['text'] : []),
    ];
    db.exec(
      `CREATE TABLE IF NOT EXISTS ${this.sqlName} (${['id INTEGER PRIMARY KEY', 'key TEXT NOT NULL UNIQUE', ...names, 'row TEXT NOT NULL'].join(', ')})`,
    );
    const upsert = `INSERT INTO ${this.sqlName} (${['key', 'row', ...names].join(', ')})
      VALUES (${['key', 'row', ...names].map(() => '?').join(', ')})
      ON CONFLICT (key) DO UPDATE SET ${['row', ...names].map((each) => `${each} = excluded.${each}`).join(', ')}`;
    this.select = db.prepare<[string], string>(`SELECT row FROM ${this.sqlName} WHERE key = ?`).pluck();
    this.upsert = db.prepare(upsert);
    this.upsertReturning = db.prepare<unknown[], number>(`${upsert} RETURNING id`).pluck();
    this.updateRow = db.prepare(`UPDATE ${this.sqlName} SET row = ? WHERE key = ?`);
    this.deleteRow = db.prepare(`DELETE FROM ${this.sqlName} WHERE key = ?`);
    this.selectText = declared.search && db.prepare(`SELECT id, text FROM ${this.sqlName} WHERE key = ?`);
    if (declared.personal) {
      db.exec(this.indexOn(['subject'])); // before the others: an erasure may come while the generation is built
      this.selectOfSubject = db
        .prepare<[string], string>(`SELECT key FROM ${this.sqlName} WHERE ${columnName('subject')} = ?`)
        .pluck();
    }
    if (indexed) this.openSearchIndex();
  }

  read(key: string): string | undefined {
    return this.select.get(key);
  }

  keysOf(subject: string): string[] {
    return this.selectOfSubject?.all(subject) ?? [];
  }

  /** Writes it at once, in the caller's transaction. */
  write(key: string, row: object, before: object | undefined): number {
    const json = JSON.stringify(row);
    const values: unknown[] = [key, json];
    let changed = before === undefined;
    for (const column of this.columns) {
      const value = valueIn(column, row);
      changed ||= before !== undefined && valueIn(column, before) !== value;
      values.push(value);
    }
    let textChanged = false;
    if (this.search) {
      const text = this.search(row);
      textChanged = before === undefined || this.search(before) !== text;
      values.push(normalised(text));
      if (textChanged && this.searchIndex) {
        const indexed = this.selectText?.get(key);
        const id = this.upsertReturning.get(values) as number;
        this.indexAgain(id, indexed?.text ?? '', normalised(text));
        return json.length;
      }
    }
    if (changed || textChanged) this.upsert.run(values);
    else this.updateRow.run(json, key);
    return json.length;
  }

  delete(key: string): void {
    const indexed = this.searchIndex && this.selectText?.get(key);
    if (indexed) this.indexAgain(indexed.id, indexed.text, '');
    this.deleteRow.run(key);
  }

  /**
   * Adds the indexes in steps, so that the caller can commit and give way between them. Starts anew whatever an interrupted run
   * left. The table must not be written meanwhile.
   */
  *index(): Generator<void> {
    for (const columns of indexesOf(this.declared)) {
      this.db.exec(this.indexOn(columns));
      yield;
    }
    if (this.search) yield* this.indexText();
    this.openSearchIndex();
    this.db.exec(`PRAGMA analysis_limit = 1000; ANALYZE ${this.sqlName}`);
  }

  private indexOn(columns: readonly string[]): string {
    const index = `"${this.sqlName.slice(1, -1)}_by_${columns.join('_and_')}"`;
    return `CREATE INDEX IF NOT EXISTS ${index} ON ${this.sqlName} (${[...columns.map(columnName), 'key'].map((each) => `"${each}"`).join(', ')})`;
  }

  /** Removes what is no longer in a text and adds what is new: most of it stays when a word is added. */
  private indexAgain(id: number, before: string, after: string): void {
    const [was, is] = [indexEntries(before), indexEntries(after)];
    const removed = [...was].filter((entry) => !is.has(entry));
    const added = [...is].filter((entry) => !was.has(entry));
    if (removed.length > 0) this.searchIndex?.remove.run(id, removed.join(' '));
    if (added.length > 0) this.searchIndex?.add.run(id, added.join(' '));
  }

  private *indexText(): Generator<void> {
    this.db.exec(
      `DROP TABLE IF EXISTS ${this.searchName};
       CREATE VIRTUAL TABLE ${this.searchName} USING fts5(text, content='', columnsize=0, detail='none',
         tokenize='unicode61 remove_diacritics 0 categories ''L* N* C*''');
       INSERT INTO ${this.searchName} (${this.searchName}, rank) VALUES ('secure-delete', 1)`,
    );
    const chunk = this.db.prepare<[number], { id: number; text: string }>(
      `SELECT id, text FROM ${this.sqlName} WHERE id > ? ORDER BY id LIMIT ${SEARCH_CHUNK_ROWS}`,
    );
    const insert = this.db.prepare<[number, string]>(`INSERT INTO ${this.searchName} (rowid, text) VALUES (?, ?)`);
    for (let rows = chunk.all(0); rows.length > 0; rows = chunk.all(rows[rows.length - 1].id)) {
      for (const { id, text } of rows) insert.run(id, [...indexEntries(text)].join(' '));
      yield;
    }
  }

  private openSearchIndex(): void {
    if (!this.search) return;
    this.searchIndex = {
      add: this.db.prepare(`INSERT INTO ${this.searchName} (rowid, text) VALUES (?, ?)`),
      remove: this.db.prepare(
        `INSERT INTO ${this.searchName} (${this.searchName}, rowid, text) VALUES ('delete', ?, ?)`,
      ),
    };
  }
}
