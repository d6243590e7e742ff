import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether the machine lets us: undefined, or why it does not. */
export function refuses(command: string, ...args: string[]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return undefined;
  return `${[command, ...args].join(' ')}: ${error?.message ?? stderr.trim().split('\n')[0]}`;
}

/** A small disk of its own: a file with an ext4 file system, mounted. */
export class SmallDisk {
  private readonly directory = mkdtempSync(join(tmpdir(), 'mingjing-disk-'));
  readonly path = join(this.directory, 'mounted');

  /** @throws Error where this may not be mounted */
  constructor(mebibytes: number) {
    chmodSync(this.directory, 0o755); // PostgreSQL is another user
    const image = join(this.directory, 'image');
    writeFileSync(image, '');
    truncateSync(image, mebibytes * 1024 * 1024);
    execFileSync('mkfs.ext4', ['-q', '-m', '0', image]);
    execFileSync('mkdir', [this.path]);
    execFileSync('mount', ['-o', 'loop', image, this.path]);
  }

  /** Not a byte is left for anybody. */
  fill(): void {
    spawnSync('dd', ['if=/dev/zero', `of=${this.ballast}`, 'bs=64k'], { stdio: 'ignore' });
    spawnSync('dd', ['if=/dev/zero', `of=${this.ballast}-2`, 'bs=1k'], { stdio: 'ignore' });
  }

  free(): void {
    for (const file of [this.ballast, `${this.ballast}-2`]) rmSync(file, { force: true });
  }

  remove(): void {
    execFileSync('umount', ['-l', this.path]);
    rmSync(this.directory, { recursive: true, force: true });
  }

  static refused(): string | undefined {
    try {
      new SmallDisk(8).remove();
      return undefined;
    } catch (error) {
      return (error as Error).message.trim().split('\n').at(-1);
    }
  }

  private get ballast(): string {
    return join(this.path, 'ballast');
  }
}
