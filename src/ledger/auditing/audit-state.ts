import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { Instant } from '../../kernel/time';
import type { TreeState } from './growing-tree';

/** How far a check has come that found everything in order so far. */
export interface AuditProgress {
  /** Digest of what it was given: another question is not answered by half of this one. */
  readonly inputs: string;
  /** The last position checked: whole tiles, under the log's signed size. */
  readonly position: number;
  readonly tree: TreeState;
  readonly at: Instant;
}

const VERSION = 1;

/**
 * The file from which an interrupted check goes on. It is only as trustworthy as the directory it is in: whoever can
 * write there can let a check pass over events, though not make another tree of the log fit, because the tree is taken up from here.
 * Therefore nothing reads it unless `--resume` asks for it.
 */
export class AuditStateFile {
  /** Why it could not be written. */
  trouble: string | undefined;

  constructor(readonly file: string) {}

  /** What an earlier check of the same inputs has left; undefined when there is none, or it is of others. */
  read(inputs: string): AuditProgress | undefined {
    try {
      const { version, ...progress } = JSON.parse(readFileSync(this.file, 'utf8')) as AuditProgress & {
        version: number;
      };
      return version === VERSION && progress.inputs === inputs && isWhole(progress) ? progress : undefined;
    } catch {
      return undefined; // there is none, or it is torn: the check begins at the beginning
    }
  }

  /** A crash leaves the state before or this one. */
  write(progress: AuditProgress): void {
    const temporary = `${this.file}.${process.pid}.tmp`;
    try {
      const descriptor = openSync(temporary, 'w', 0o600);
      writeSync(descriptor, JSON.stringify({ version: VERSION, ...progress }));
      fsyncSync(descriptor);
      closeSync(descriptor);
      renameSync(temporary, this.file);
    } catch (error) {
      this.trouble = (error as NodeJS.ErrnoException).code ?? (error as Error).name; // a directory that is for reading only
    }
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}

const isWhole = ({ position, tree }: AuditProgress): boolean =>
  Number.isSafeInteger(position) && position > 0 && tree.size === position && Array.isArray(tree.subtrees);
