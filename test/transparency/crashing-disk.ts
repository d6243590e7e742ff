import { basename, dirname } from 'node:path';
import { LedgerLocked } from '../../src/ledger/event-store';
import type { FileOperations } from '../../src/ledger/transparency/file-operations';

interface File {
  bytes: Buffer;
  /** What a power cut leaves. */
  synced: Buffer;
}

/** What a power cut leaves of what was not synced: nothing, all of it, or some of it, by chance. */
export type Loss = 'all' | 'nothing' | 'some';

/** The power is gone. */
export class PowerCut extends Error {}

/** The disk says no, once. */
export class DiskError extends Error {
  readonly code = 'EIO';
}

/**
 * A disk in memory that keeps what it must and no more: a file's bytes once they are synced, a name once its directory is.
 * It can fail, or lose its power, at any one operation.
 */
export class CrashingDisk implements FileOperations {
  /** Operations so far. */
  operations = 0;
  /** What happens at an operation; the first is 1. */
  at: { readonly operation: number; readonly what: 'power cut' | 'error' } | undefined;
  private names = new Map<string, File>();
  private durableNames = new Map<string, File>();
  private directories = new Set<string>(['/']);
  private durableDirectories = new Set<string>(['/']);
  private locks = new Set<string>();
  private dead = false;
  private random = 1;

  /** Another disk with the same on it, all of it durable. */
  copy(): CrashingDisk {
    const other = new CrashingDisk();
    for (const [path, { bytes }] of this.names) other.names.set(path, { bytes, synced: bytes });
    other.durableNames = new Map(other.names);
    other.directories = new Set(this.directories);
    other.durableDirectories = new Set(this.directories);
    return other;
  }

  /** Back after the power cut, or after the process died. */
  restart(loss: Loss): void {
    const keeps = (): boolean => loss === 'nothing' || (loss === 'some' && this.chance());
    const names = new Map<string, File>();
    for (const path of new Set([...this.durableNames.keys(), ...this.names.keys()])) {
      const file = keeps() ? this.names.get(path) : this.durableNames.get(path);
      if (!file) continue;
      const bytes = keeps() ? file.bytes : file.synced;
      names.set(path, { bytes, synced: bytes });
    }
    const directories = new Set([...this.directories].filter((path) => this.durableDirectories.has(path) || keeps()));
    const reachable = (path: string): boolean => path === '/' || (directories.has(path) && reachable(dirname(path)));
    this.names = new Map([...names].filter(([path]) => reachable(dirname(path))));
    this.directories = new Set([...directories].filter(reachable));
    this.durableNames = new Map(this.names);
    this.durableDirectories = new Set(this.directories);
    this.locks.clear();
    this.dead = false;
    this.at = undefined;
  }

  /** Every file with its bytes, by path. */
  files(): Map<string, Buffer> {
    return new Map([...this.names].map(([path, { bytes }]): [string, Buffer] => [path, bytes]).sort());
  }

  async read(path: string): Promise<Buffer | undefined> {
    this.step();
    return this.names.get(path)?.bytes;
  }

  async list(path: string): Promise<string[]> {
    this.step();
    return [...this.names.keys()].filter((name) => dirname(name) === path).map((name) => basename(name));
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.assertDirectory(dirname(path));
    const whole = Buffer.from(bytes);
    // A write that fails has written some of it, and made durable less.
    const half = { bytes: whole.subarray(0, whole.length >> 1), synced: Buffer.alloc(0) };
    this.step(() => this.names.set(path, half));
    this.names.set(path, { bytes: whole, synced: whole });
  }

  async sync(path: string): Promise<void> {
    this.step();
    const file = this.names.get(path);
    if (file) {
      file.synced = file.bytes;
      return;
    }
    this.assertDirectory(path);
    const inside = (each: string): boolean => dirname(each) === path;
    for (const name of [...this.durableNames.keys()].filter(inside)) this.durableNames.delete(name);
    for (const name of [...this.names.keys()].filter(inside)) this.durableNames.set(name, this.names.get(name)!);
    for (const name of [...this.directories].filter(inside)) this.durableDirectories.add(name);
  }

  async rename(from: string, to: string): Promise<void> {
    this.step();
    const file = this.names.get(from);
    if (!file) throw new Error(`no file ${from}`);
    this.assertDirectory(dirname(to));
    this.names.delete(from);
    this.names.set(to, file);
  }

  async remove(path: string): Promise<void> {
    this.step();
    const gone = (each: string): boolean => each === path || each.startsWith(`${path}/`);
    for (const name of [...this.names.keys()].filter(gone)) this.names.delete(name);
    for (const name of [...this.directories].filter(gone)) this.directories.delete(name);
  }

  async makeDirectory(path: string): Promise<void> {
    this.step();
    for (let each = path; each !== '/'; each = dirname(each)) this.directories.add(each);
  }

  lock(path: string): { release(): void } {
    this.step();
    if (this.locks.has(path)) throw new LedgerLocked(path);
    this.locks.add(path);
    return { release: () => void this.locks.delete(path) };
  }

  private step(halfDone: () => void = () => undefined): void {
    if (this.dead) throw new PowerCut('the power is gone');
    this.operations += 1;
    if (this.operations !== this.at?.operation) return;
    halfDone();
    this.dead = this.at.what === 'power cut';
    throw this.dead ? new PowerCut('the power goes') : new DiskError('the disk says no');
  }

  private assertDirectory(path: string): void {
    if (!this.directories.has(path)) throw new Error(`no directory ${path}`);
  }

  /** The same sequence in every run. */
  private chance(): boolean {
    this.random = (this.random * 48271) % 0x7fffffff;
    return (this.random & 64) === 0;
  }
}
