import { closeSync, constants, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const WIDTH = 16; // fits in one sector: never torn

const markFile = (directory: string): string => join(directory, 'ledger.head');

/**
 * The last acknowledged position, beside the ledger in `ledger.head`. SQLite drops a damaged end of its write-ahead log
 * without a word, as if those commits had never been; the mark tells that they had. It is written after the commit and not
 * synced, so it may lag behind after a power cut, and is never ahead of what is durable.
 */
export class HeadMark {
  private constructor(private readonly descriptor: number) {}

  static open(directory: string): HeadMark {
    return new HeadMark(openSync(markFile(directory), constants.O_RDWR | constants.O_CREAT, 0o640));
  }

  /** The position, or 0 where there is no mark. */
  static read(directory: string): number {
    try {
      return Number.parseInt(readFileSync(markFile(directory), 'latin1'), 10) || 0;
    } catch {
      return 0;
    }
  }

  static forget(directory: string): void {
    rmSync(markFile(directory), { force: true });
  }

  /** Best effort: the commit that it marks is durable already and must not be reported as failed. */
  write(position: number): void {
    try {
      writeSync(this.descriptor, `${position}`.padEnd(WIDTH - 1) + '\n', 0, 'latin1');
    } catch {
      // the mark lags behind by one commit
    }
  }

  close(): void {
    fsyncSync(this.descriptor);
    closeSync(this.descriptor);
  }
}
