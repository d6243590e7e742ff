import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { FaultResult, Figures, RunOptions } from './run-fault';

const DOCUMENT = join(__dirname, '../../docs/reliability.md');
const MARKERS = ['<!-- figures -->', '<!-- end of figures -->'] as const;

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

/** A column of the table: its head, and what stands under it. */
const COLUMNS: ReadonlyArray<readonly [string, (f: Figures) => string]> = [
  ['acknowledged', (f) => f.acknowledged.toLocaleString('en')],
  ['sent again', (f) => f.repeated.toLocaleString('en')],
  ['answered as before', (f) => f.replayed.toLocaleString('en')],
  ['503', (f) => f.unavailable.toLocaleString('en')],
  ['lost', (f) => String(f.lost)],
  ['doubled', (f) => String(f.doubled + f.misplaced + f.unsent)],
  ['given up, of which there', (f) => `${f.abandoned}, ${f.abandonedThere}`],
  ['rows that differ', (f) => `${f.differingProjections} of ${f.projections}`],
  ['sealed', (f) => (f.sealed === f.events && f.checkFindings === 0 ? 'all, sound' : `${f.sealed} of ${f.events}`)],
  ['longest without an acknowledgement', (f) => `${seconds(f.longestGapMs)} s`],
  ['takeover', (f) => (f.takeoverMs === undefined ? '' : `${seconds(f.takeoverMs)} s`)],
  ['… a row', (f) => `${seconds(f.rowsStoodMs)} s`],
  ['… a checkpoint', (f) => `${seconds(f.logStoodMs)} s`],
  ['public reads meanwhile: answered, not', (f) => `${f.reads.answered}, ${f.reads.unanswered}`],
];

/** A result as a line on the terminal. */
export function rowOf({ composition, name, notRun, figures, problems }: FaultResult): string {
  const title = `${problems.length > 0 ? '✗' : notRun ? '–' : '✓'} ${composition}/${name}`;
  if (notRun) return `${title}: not run: ${notRun}`;
  if (!figures) return `${title}: failed`;
  return `${title} (${figures.seconds} s): ${COLUMNS.map(([head, of]) => `${head} ${of(figures)}`).join(' · ')}`;
}

/** Writes the figures of a whole run between the markers of the document. */
export function writeDocument(results: readonly FaultResult[], { clients }: RunOptions): void {
  const text = readFileSync(DOCUMENT, 'utf8');
  const [begin, end] = MARKERS.map((marker) => text.indexOf(marker));
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT} has no place for the figures`);
  const written = `${text.slice(0, begin + MARKERS[0].length)}\n\n${tables(results, clients)}\n\n${text.slice(end)}`;
  writeFileSync(DOCUMENT, written);
}

function tables(results: readonly FaultResult[], clients: number): string {
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}`;
  const day = new Date().toISOString().slice(0, 10);
  const compositions = [...new Set(results.map(({ composition }) => composition))];
  return [
    `Run on ${day} at ${commit()}, ${machine}, ${clients} clients. Event store of the nodes: ${EVENT_STORE}.`,
    ...compositions.flatMap((composition) => [`### ${TITLES[composition]}`, table(results, composition)]),
  ].join('\n\n');
}

const TITLES: Readonly<Record<FaultResult['composition'], string>> = {
  embedded: 'One node with its files',
  cluster: 'Two nodes (or three), an event store, PostgreSQL',
};

/** Its address has a password in it. */
const EVENT_STORE = process.env.EVENTSTORE_URL
  ? 'a server of its own (`EVENTSTORE_URL`)'
  : 'the scripted one of the tests';

/** What was run: the commit, and whether anything in the folder was different from it. */
function commit(): string {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty'], {
    cwd: __dirname,
    encoding: 'utf8',
  });
  return status === 0 ? `commit ${stdout.trim()}` : 'no known commit';
}

function table(results: readonly FaultResult[], composition: FaultResult['composition']): string {
  const heads = ['fault', 'kept', ...COLUMNS.map(([head]) => head)];
  const rows = results.filter((r) => r.composition === composition).map((r) => [r.what, ...cells(r)]);
  return [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cells({ notRun, figures, problems }: FaultResult): string[] {
  const nothing = COLUMNS.map(() => '–');
  if (notRun) return [`not run: ${notRun}`, ...nothing];
  const kept = problems.length === 0 ? '✓' : `✗ ${problems[0].split('\n')[0]}`;
  return [kept, ...(figures ? COLUMNS.map(([, of]) => of(figures)) : nothing)];
}
