import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import iconv from 'iconv-lite';
import { FinishImport, StartImport } from '../enforcement/historical/historical-commands';
import { DIFFERS, historicalActDecider } from '../enforcement/historical/historical-decider';
import { HistoricalPenaltyImported } from '../enforcement/historical/historical-events';
import { importDecider } from '../enforcement/historical/import-decider';
import type { CommandContext } from '../kernel/decider';
import { Failure } from '../kernel/errors';
import type { Actor } from '../kernel/event';
import type { Commands } from '../ledger/deciding/commands';
import type { CommandResult } from '../ledger/deciding/decider-handler';
import { loadProfile, type Profile } from './profile';
import { RecordCutter, type CsvRecord, type RecordProblem } from './records';
import { RejectsFile } from './rejects';
import { RowReader } from './row-reader';

export interface ImportOptions {
  /** Path of the CSV file. */
  readonly file: string;
  /** A profile, or its path, or the name of one that comes with the program. */
  readonly profile: Profile | string;
  readonly commands: Pick<Commands, 'give'>;
  /** Account that runs the import; `import` by default. */
  readonly account?: string;
  /** Where rejected rows go; `<file>.rejects.csv` by default. */
  readonly rejects?: string;
  /** Breaks the import off after the rows that are under way. Importing again goes on from there. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { bytesRead: number; bytesTotal: number; rows: number }) => void;
}

/** How the rows of a file ended: `rows = imported + alreadyThere + differing + rejected`. */
export interface ImportSummary {
  readonly fileSha256: string;
  readonly rejectsFile: string;
  readonly rows: number;
  readonly imported: number;
  readonly alreadyThere: number;
  /** Reconsideration outcomes recorded by this run, on new acts and on acts that were there. */
  readonly outcomes: number;
  /** Acts that are in the ledger with other content; they stand, and the row is in the rejects file. */
  readonly differing: number;
  readonly rejected: number;
  readonly undecodable: number;
  readonly damaged: number;
}

/** Commands under way at once, so that one fsync serves many rows. */
const MAX_IN_FLIGHT = 256;
const CHUNK_BYTES = 256 * 1024;

/**
 * Imports a file of historical acts. Each row is its own command addressed to the id drawn from it, acknowledged once durable: a crash
 * anywhere leaves whole acts, and importing the same file again finds them there and adds the rest. Memory is bounded by
 * one chunk, `MAX_IN_FLIGHT` commands and some bytes a row to tell equal rows apart.
 * @throws Failure `import.*` or `profile.*` when the file as a whole cannot be imported; whatever else breaks the ledger
 */
export async function importFile(options: ImportOptions): Promise<ImportSummary> {
  const { file, signal } = options;
  const profile = typeof options.profile === 'string' ? loadProfile(options.profile) : options.profile;
  const { size } = await statFile(file);
  const fileSha256 = await digestOf(file);
  const rejectsFile = options.rejects ?? `${file}.rejects.csv`;
  if (resolve(rejectsFile) === resolve(file)) {
    throw fileProblem('rejects_over_file', '退回行文件不能就是被导入的文件', 'would be overwritten by its own rejects');
  }
  const run = new Run(options, profile, fileSha256, rejectsFile);
  const readAgain = createHash('sha256');
  try {
    let bytesRead = 0;
    for await (const records of recordsOf(file, profile, readAgain, run.cutter, (bytes) => (bytesRead = bytes))) {
      for (const record of records) {
        signal?.throwIfAborted();
        await run.take(record, size);
      }
      options.onProgress?.({ bytesRead, bytesTotal: size, rows: run.counts.rows });
    }
    await run.settle(0);
  } finally {
    await run.close();
  }
  // Rows of a file that changes while it is read cannot be told to be from the file that was hashed.
  if (readAgain.digest('hex') !== fileSha256) {
    throw fileProblem('file_changed', '文件在导入过程中被修改', 'changed while it was read');
  }
  return run.finish();
}

/** The state of one run over a file. */
class Run {
  readonly cutter: RecordCutter;
  readonly counts = {
    rows: 0,
    imported: 0,
    alreadyThere: 0,
    outcomes: 0,
    differing: 0,
    rejected: 0,
    undecodable: 0,
    damaged: 0,
  };
  private readonly context: Omit<CommandContext, 'source'>;
  private readonly sourceName: string;
  /** Rows in the order of the file; one that cannot be read waits here for its turn, so that rejects are in order too. */
  private readonly underWay: Array<{ record: CsvRecord; done: Promise<CommandResult | Error> }> = [];
  private reader?: RowReader;
  private rejects?: RejectsFile;

  constructor(
    private readonly options: ImportOptions,
    private readonly profile: Profile,
    private readonly fileSha256: string,
    private readonly rejectsFile: string,
  ) {
    this.cutter = new RecordCutter(profile.delimiter);
    this.sourceName = basename(options.file);
    const actor: Actor = { kind: 'import', account: options.account ?? 'import', roles: ['import'] };
    this.context = { actor, correlationId: `import-${fileSha256.slice(0, 32)}` };
  }

  /** Takes one record: the first is the header, the others become commands or rejects. */
  async take(record: CsvRecord, bytes: number): Promise<void> {
    if (!this.reader) return this.begin(record, bytes);
    this.counts.rows += 1;
    this.underWay.push({ record, done: this.give(record, this.reader) });
    if (this.underWay.length >= MAX_IN_FLIGHT) await this.settle(MAX_IN_FLIGHT / 2);
  }

  /** Waits, in the order of the rows, until no more than `left` commands are under way. */
  async settle(left: number): Promise<void> {
    while (this.underWay.length > left) {
      const { record, done } = this.underWay[0];
      const result = await done;
      this.underWay.shift();
      if (!(result instanceof Error)) this.count(result);
      else if (result instanceof Failure && result.code === DIFFERS) {
        this.counts.differing += 1;
        await this.reject(record, result);
      } else if (result instanceof Failure && (result.kind === 'refused' || result.kind === 'invalid')) {
        this.counts.rejected += 1;
        await this.reject(record, result);
      } else throw result; // the ledger itself: nothing more can be imported now, and importing again is safe
    }
  }

  /** Lets what is under way come to its end, whatever broke the run off, and closes the rejects file. */
  async close(): Promise<void> {
    await Promise.all(this.underWay.map(({ done }) => done));
    await this.rejects?.close();
  }

  async finish(): Promise<ImportSummary> {
    if (!this.reader) throw fileProblem('file_empty', '文件为空，没有标题行', 'is empty: it has no header line');
    const { rows, imported, alreadyThere, differing, rejected, undecodable, damaged } = this.counts;
    const { sha256: profileSha256 } = this.profile;
    const acts = imported + alreadyThere;
    const finish = { profileSha256, rows, acts, differing, rejected, undecodable, damaged };
    await this.record(Object.assign(new FinishImport(), finish));
    return { fileSha256: this.fileSha256, rejectsFile: this.rejectsFile, ...this.counts };
  }

  private async begin(record: CsvRecord, bytes: number): Promise<void> {
    if ('problem' in record) throw broken(record.problem);
    const header = record.cells;
    this.reader = new RowReader(this.profile, header);
    this.cutter.expect(header.length);
    this.rejects = await RejectsFile.create(this.rejectsFile, header);
    const { name: profile, sha256: profileSha256 } = this.profile;
    const { fileSha256, sourceName: fileName } = this;
    await this.record(Object.assign(new StartImport(), { fileSha256, fileName, bytes, profile, profileSha256 }));
  }

  private record(command: StartImport | FinishImport): Promise<CommandResult> {
    return this.options.commands.give(importDecider, this.fileSha256, command, this.context);
  }

  private count({ events }: CommandResult): void {
    if (events.some((e) => e.type === HistoricalPenaltyImported.name)) this.counts.imported += 1;
    else this.counts.alreadyThere += 1;
    this.counts.outcomes += events.filter((e) => e.type !== HistoricalPenaltyImported.name).length;
  }

  private async reject(record: CsvRecord, reason: Failure): Promise<void> {
    await this.rejects?.add(record.line, reason, 'problem' in record ? [record.text] : record.cells);
  }

  /** Never rejects: what went wrong is the result. */
  private async give(record: CsvRecord, reader: RowReader): Promise<CommandResult | Error> {
    try {
      if ('problem' in record) throw broken(record.problem);
      const { id, command, undecodable, damaged } = reader.read(record.cells);
      if (undecodable) this.counts.undecodable += 1;
      if (damaged) this.counts.damaged += 1;
      const source = { name: this.sourceName, fileSha256: this.fileSha256, row: record.line };
      return await this.options.commands.give(historicalActDecider, id, command, { ...this.context, source });
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

/** The file's records, a chunk at a time; the next chunk is read when the last is taken. */
async function* recordsOf(
  file: string,
  profile: Profile,
  digest: Hash,
  cutter: RecordCutter,
  read: (bytes: number) => void,
): AsyncGenerator<Iterable<CsvRecord>> {
  const decoder = iconv.getDecoder(profile.encoding);
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    digest.update(chunk);
    bytes += chunk.length;
    read(bytes);
    yield cutter.push(decoder.write(chunk));
  }
  const rest = decoder.end();
  if (rest) yield cutter.push(rest);
  yield cutter.end();
}

async function statFile(file: string): Promise<{ size: number }> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!found?.isFile()) throw fileProblem('file_not_found', '找不到该文件', 'is not there');
  return found;
}

async function digestOf(file: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: CHUNK_BYTES }), digest);
  return digest.digest('hex');
}

const fileProblem = (code: string, zh: string, en: string): Failure =>
  new Failure('invalid', `import.${code}`, { zh: `${zh}。`, en: `The file ${en}.`, field: 'file' });

const PROBLEMS: Readonly<Record<RecordProblem, readonly [zh: string, en: string]>> = {
  record_too_long: ['该行过长', 'The line is too long'],
  quote_broken: ['引号不成对', 'A quote is not closed, or closed amid a cell'],
  columns_wrong: ['列数与标题行不符', 'It does not have as many cells as the header'],
};

function broken(problem: RecordProblem): Failure {
  const [zh, en] = PROBLEMS[problem];
  return new Failure('invalid', `import.${problem}`, { zh: `${zh}。`, en: `${en}.` });
}
