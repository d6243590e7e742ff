import { parse } from 'csv-parse/sync';

/** One record of a CSV file, or why there is none. `line` is the first of its lines in the file, from 1. */
export type CsvRecord =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly text: string; readonly problem: RecordProblem };

export type RecordProblem = 'record_too_long' | 'quote_broken' | 'columns_wrong';

/** Characters of one record, and lines that one quoted record may run over. */
export const MAX_RECORD_CHARACTERS = 64 * 1024;
export const MAX_RECORD_LINES = 100;
/** What is kept of a record that is too long, for the rejects file. */
const KEPT_CHARACTERS = 500;

/**
 * Cuts decoded text into CSV records (RFC 4180). One broken quote must not swallow the rows after it, so a record with an open
 * quote that runs over too many lines, or that does not have the header's number of cells, costs its first line only and
 * the next lines are read anew. Holds at most one record.
 */
export class RecordCutter {
  private line = 0;
  private tail = '';
  /** The line in `tail` is longer than a record may be; its rest is thrown away. */
  private clipped = false;
  private open: Array<{ line: number; text: string }> = [];
  private openCharacters = 0;

  constructor(
    private readonly delimiter: string,
    /** Number of cells; 0 until the header is known. */
    private columns = 0,
  ) {}

  /** From here on records have as many cells as the header. */
  expect(columns: number): void {
    this.columns = columns;
  }

  /** The records that end in this piece of text. */
  *push(text: string): Generator<CsvRecord> {
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const piece = text.slice(start, end);
      start = end + 1;
      yield* this.take(piece, true);
    }
    yield* this.take(text.slice(start), false);
  }

  /** What is left when the file ends. */
  *end(): Generator<CsvRecord> {
    if (this.tail !== '' || this.clipped) yield* this.take('', true);
    while (this.open.length > 0) yield* this.giveUpFirst();
  }

  private *take(piece: string, complete: boolean): Generator<CsvRecord> {
    if (!this.clipped) {
      this.tail += piece;
      if (this.tail.length > MAX_RECORD_CHARACTERS) {
        this.tail = this.tail.slice(0, KEPT_CHARACTERS);
        this.clipped = true;
      }
    }
    if (!complete) return;
    const text = this.tail.endsWith('\r') ? this.tail.slice(0, -1) : this.tail;
    const clipped = this.clipped;
    this.tail = '';
    this.clipped = false;
    this.line += 1;
    if (!clipped) return yield* this.takeLine({ line: this.line, text });
    while (this.open.length > 0) yield* this.giveUpFirst(); // a record cannot run on into a line that is too long
    yield { line: this.line, text, problem: 'record_too_long' };
  }

  private *takeLine(next: { line: number; text: string }): Generator<CsvRecord> {
    if (this.open.length === 0) {
      if (next.text.trim() === '') return;
      if (!next.text.includes('"')) {
        yield this.checked(next.line, next.text, next.text.split(this.delimiter));
        return;
      }
    }
    this.open.push(next);
    this.openCharacters += next.text.length + 1;
    const whole = this.open.map((l) => l.text).join('\n');
    if (quotesBalance(whole)) {
      const record = this.parsed(this.open[0].line, whole);
      if (this.open.length === 1 || !('problem' in record)) {
        this.open = [];
        this.openCharacters = 0;
        yield record;
        return;
      }
      yield* this.giveUpFirst();
    } else if (this.open.length >= MAX_RECORD_LINES || this.openCharacters > MAX_RECORD_CHARACTERS) {
      yield* this.giveUpFirst();
    }
  }

  /** The first open line is a reject; the others are read again as if they came now. */
  private *giveUpFirst(): Generator<CsvRecord> {
    const [first, ...rest] = this.open;
    this.open = [];
    this.openCharacters = 0;
    yield { line: first.line, text: first.text, problem: 'quote_broken' };
    for (const line of rest) yield* this.takeLine(line);
  }

  private parsed(line: number, text: string): CsvRecord {
    try {
      const [cells] = parse(text, { delimiter: this.delimiter, relax_column_count: true });
      return this.checked(line, text, cells ?? []);
    } catch {
      return { line, text, problem: 'quote_broken' };
    }
  }

  private checked(line: number, text: string, cells: readonly string[]): CsvRecord {
    return this.columns === 0 || cells.length === this.columns
      ? { line, cells }
      : { line, text, problem: 'columns_wrong' };
  }
}

function quotesBalance(text: string): boolean {
  let balanced = true;
  for (let i = text.indexOf('"'); i >= 0; i = text.indexOf('"', i + 1)) balanced = !balanced;
  return balanced;
}
