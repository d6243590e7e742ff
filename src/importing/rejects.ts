import { open, type FileHandle } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import type { Failure } from '../kernel/errors';

const BUFFERED_CHARACTERS = 64 * 1024;

/**
 * The rows that were not taken, as a CSV that a spreadsheet opens: line, reason, and the cells as they came. It is written anew by
 * every run, also when it stays empty, so that an old one is never mistaken for this run's. Readable by its owner only: the
 * cells are personal data.
 */
export class RejectsFile {
  private buffer = '\uFEFF';

  private constructor(private readonly handle: FileHandle) {}

  static async create(path: string, header: readonly string[]): Promise<RejectsFile> {
    const file = new RejectsFile(await open(path, 'w', 0o600));
    await file.write(['line', 'code', 'field', '原因', 'reason', ...header]);
    return file;
  }

  async add(line: number, { code, detail }: Failure, cells: readonly string[]): Promise<void> {
    await this.write([String(line), code, detail.field ?? '', detail.zh, detail.en, ...cells]);
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.handle.close();
    }
  }

  private async write(cells: readonly string[]): Promise<void> {
    // A cell that begins like a formula must not become one in a spreadsheet.
    this.buffer += stringify([cells], { escape_formulas: true });
    if (this.buffer.length > BUFFERED_CHARACTERS) await this.flush();
  }

  private async flush(): Promise<void> {
    const text = this.buffer;
    this.buffer = '';
    await this.handle.appendFile(text);
  }
}
