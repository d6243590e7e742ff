import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './server-node';

/** Two numbers of eight bytes. */
const CONTROL_BYTES = 16;

/** A library that a process is started with, and which makes its disk slow or its clock wrong when we say so. */
export class Hostile {
  private readonly directory = mkdtempSync(join(tmpdir(), 'mingjing-hostile-'));
  private readonly control = join(this.directory, 'control');
  private readonly library = join(this.directory, 'hostile.so');

  /** @throws Error where there is no C compiler */
  constructor() {
    chmodSync(this.directory, 0o755); // PostgreSQL is another user
    execFileSync('gcc', ['-O2', '-shared', '-fPIC', '-o', this.library, join(__dirname, 'hostile.c')]);
    writeFileSync(this.control, Buffer.alloc(CONTROL_BYTES), { mode: 0o644 });
  }

  get env(): Environment {
    return { LD_PRELOAD: this.library, HOSTILE_CONTROL: this.control };
  }

  /** From this moment on. The clock is ahead by so many seconds, every fsync takes so much longer. */
  set({ clockAheadS = 0, syncDelayMs = 0 }): void {
    const bytes = Buffer.alloc(CONTROL_BYTES);
    bytes.writeBigInt64LE(BigInt(clockAheadS), 0);
    bytes.writeBigInt64LE(BigInt(syncDelayMs), 8);
    const file = openSync(this.control, 'r+'); // in place: a process that has it mapped dies of a shorter file
    writeSync(file, bytes);
    closeSync(file);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
