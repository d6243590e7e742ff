/** One row of what was measured: a rate, how long one took, and what it cost. Numbers that make no sense for a row are left out. */
export interface Rate {
  readonly what: string;
  readonly perSecond: number;
  /** The limit of the same run, a second. */
  readonly limit?: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** Processor time of the node for one, all its threads, in µs. */
  readonly nodeUs?: number;
  /** Processor time of PostgreSQL for one, in µs. */
  readonly postgresUs?: number;
  /** Bytes of one answer. */
  readonly bytes?: number;
}

/** A size, in `unit`. */
export interface Size {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

export interface Figures {
  /** Day of the run, machine, versions and stores: one line. */
  readonly from: string;
  readonly rates: readonly Rate[];
  readonly sizes: readonly Size[];
}

const COLUMNS = ['perSecond', 'limit', 'p50Ms', 'p99Ms', 'nodeUs', 'postgresUs', 'bytes'] as const;
const HEAD =
  '| measured | a second | limit of the same run | p50, ms | p99, ms | node, µs | PostgreSQL, µs | bytes |\n|---|---|---|---|---|---|---|---|';
const NONE = '–';

/** As the document writes a number. */
export const rounded = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });

/** The two tables of a run as they stand in the document. */
export const tablesOf = ({ from, rates, sizes }: Figures): string =>
  [
    from,
    '',
    HEAD,
    ...rates.map((rate) => `| ${[rate.what, ...COLUMNS.map((c) => cell(rate[c]))].join(' | ')} |`),
    '',
    '| measured | | |\n|---|---|---|',
    ...sizes.map(({ what, value, unit }) => `| ${what} | ${rounded(value)} | ${unit} |`),
  ].join('\n');

const cell = (value: number | undefined): string => (value === undefined ? NONE : rounded(value));

/** Reads the tables back, so that whatever is computed is computed from what the reader sees. */
export function figuresIn(tables: string): Figures {
  const rows = tables
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| measured'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((c) => c.trim()),
    );
  const number = (text: string): number => Number(text.replaceAll(',', ''));
  const rates = rows
    .filter((cells) => cells.length > 3)
    .map(([what, ...cells]) => {
      const said = COLUMNS.map((column, n) => [column, cells[n]] as const).filter(([, text]) => text !== NONE);
      return { what, ...Object.fromEntries(said.map(([column, text]) => [column, number(text)])) } as unknown as Rate;
    });
  const sizes = rows
    .filter((cells) => cells.length === 3)
    .map(([what, value, unit]): Size => ({ what, value: number(value), unit }));
  return { from: tables.split('\n', 1)[0], rates, sizes };
}

const marks = (name: string): readonly [string, string] => [`<!-- ${name}: begin -->\n`, `<!-- ${name}: end -->`];

/** What stands between the marks of a name in a document; undefined when there are no such marks. */
export function between(text: string, name: string): string | undefined {
  const [begin, end] = marks(name);
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  return from < 0 || to < 0 ? undefined : text.slice(from + begin.length, to).trimEnd();
}

/** The document with something else between the marks. @throws Error when they are not there */
export function filled(text: string, name: string, content: string): string {
  if (between(text, name) === undefined) throw new Error(`no marks of ${name}`);
  const [begin, end] = marks(name);
  const from = text.indexOf(begin) + begin.length;
  return `${text.slice(0, from)}${content}\n${text.slice(text.indexOf(end, from))}`;
}
