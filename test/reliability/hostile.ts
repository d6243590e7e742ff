import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './server-node';

/** A library that a process is started with, and which makes its disk slow or its clock wrong when we say so. */
export class Hostile {
  private readonly directory = mkdtempSync(join(tmpdir(), 'mingjing-hostile-'));
  private readonly control = join(this.directory, 'control');
  private readonly library = join(this.directory, 'hostile.so');

  /** @throws Error where there is no C compiler */
  constructor() {
    chmodSync(this.directory, 0o755); // PostgreSQL is another user
    execFileSync('gcc', ['-O2', '-shared', '-fPIC', '-o', this.library, join(__dirname, 'hostile.c')]);
    this.set({});
  }

  get env(): Environment {
    return { LD_PRELOAD: this.library, HOSTILE_CONTROL: this.control };
  }

  /** From this moment on. The clock is ahead by so many seconds, every fsync takes so much longer. */
  set({ clockAheadS = 0, syncDelayMs = 0 }): void {
    const bytes = Buffer.alloc(16);
    bytes.writeBigInt64LE(BigInt(clockAheadS), 0);
    bytes.writeBigInt64LE(BigInt(syncDelayMs), 8);
    writeFileSync(this.control, bytes, { flag: 'w', mode: 0o644 });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
