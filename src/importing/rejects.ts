import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import type { Failure } from '../kernel/errors';

/**
 * The rows that were not taken, as a CSV that a spreadsheet opens: line, reason, and the cells as they came. It is written anew by
 * every run, also when it stays empty, so that an old one is never mistaken for this run's. Readable by its owner only: the
 * cells are personal data.
 */
export class RejectsFile {
  private constructor(private readonly stream: WriteStream) {}

  static async create(path: string, header: readonly string[]): Promise<RejectsFile> {
    const stream = createWriteStream(path, { mode: 0o600 });
    await once(stream, 'open'); // an unwritable place is told before the first row, not after the last
    const file = new RejectsFile(stream);
    stream.write('\uFEFF');
    await file.writeRow(['line', 'code', 'field', '原因', 'reason', ...header]);
    return file;
  }

  async add(line: number, { code, detail }: Failure, cells: readonly string[]): Promise<void> {
    await this.writeRow([String(line), code, detail.field ?? '', detail.zh, detail.en, ...cells]);
  }

  async close(): Promise<void> {
    this.stream.end();
    await once(this.stream, 'close');
  }

  private async writeRow(cells: readonly string[]): Promise<void> {
    // A cell that begins like a formula must not become one in a spreadsheet.
    if (!this.stream.write(stringify([cells], { escape_formulas: true }))) await once(this.stream, 'drain');
  }
}
