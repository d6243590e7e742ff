import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { LedgerLocked } from '../event-store';
import type { ProcessLock } from '../sqlite/process-lock';
import { disk, type FileOperations } from './file-operations';
import {
  Fenced,
  keptTiles,
  LogCorrupt,
  LogLocked,
  logReadOnly,
  LogStorage,
  type LogObject,
  type Published,
} from './log-storage';
import { parseTilePath, TILE_WIDTH } from './tile-path';

/** Files written at the same time: enough to share the disk's syncs, few enough to leave the thread pool to others. */
const PARALLEL_WRITES = 16;

export interface LogDirectoryOptions {
  /** Reads beside the writer: takes no lock, refuses to write. */
  readonly readOnly?: boolean;
  /** The disk, unless a test has another. */
  readonly files?: FileOperations;
}

/**
 * The log as files, laid out as it is served: `checkpoint`, `vkey`, `tile/…`; beside them `signed` (the newest signed note),
 * `tmp/` (files on their way to their names) and two locks.
 *
 * A file gets its name once its bytes are durable, so a name never stands for half a file. A crash leaves files in `tmp/`,
 * which the next writer removes, and tiles that no checkpoint covers yet, which it writes again with the same bytes.
 */
export class LogDirectory extends LogStorage {
  /** Directories whose own names are known to be durable, up to the log's. */
  private readonly durable = new Set<string>();
  private readonly fullTiles = keptTiles();

  private constructor(
    private readonly directory: string,
    private readonly files: FileOperations,
    private readonly lock: ProcessLock | undefined,
  ) {
    super();
  }

  /** @throws LogLocked when another process writes this log */
  static async open(directory: string, { readOnly = false, files = disk }: LogDirectoryOptions = {}) {
    if (readOnly) return new LogDirectory(directory, files, undefined);
    await files.makeDirectory(join(directory, 'tmp'));
    const lock = locked(directory, () => files.lock(join(directory, 'lock')));
    try {
      await files.remove(join(directory, 'tmp'));
      await files.makeDirectory(join(directory, 'tmp'));
      await files.sync(dirname(directory)); // the log's own name
      return new LogDirectory(directory, files, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async read(path: string): Promise<Buffer | undefined> {
    const address = parseTilePath(path);
    if (path !== 'checkpoint' && path !== 'vkey' && !address) return undefined;
    const kept = this.fullTiles.get(path);
    if (kept) return kept;
    const found = await this.files.read(join(this.directory, path));
    // The writer reads what it compares with, and must not compare with its memory.
    if (found && !this.lock && address?.width === TILE_WIDTH) this.fullTiles.set(path, found);
    return found;
  }

  list(folder: string): Promise<string[]> {
    return this.files.list(join(this.directory, folder));
  }

  async write(objects: readonly LogObject[]): Promise<void> {
    this.assertWriting();
    const waiting = [...objects];
    const writeNext = async (): Promise<void> => {
      for (let object = waiting.shift(); object; object = waiting.shift()) await this.add(object);
    };
    await everyOne(Array.from({ length: PARALLEL_WRITES }, writeNext));
    // Names after bytes, each directory once. A crash before this may lose any of them: nothing refers to them yet.
    const directories = new Set(objects.flatMap(({ path }) => this.unsynced(join(this.directory, path))));
    await everyOne([...directories].map((path) => this.files.sync(path)));
    for (const path of directories) this.durable.add(path);
  }

  async remove(paths: readonly string[]): Promise<void> {
    this.assertWriting();
    await everyOne(paths.map((path) => this.files.remove(join(this.directory, path))));
  }

  async signed(): Promise<string | undefined> {
    return (await this.files.read(join(this.directory, 'signed')))?.toString('utf8');
  }

  async fence(before: string | undefined, next: string): Promise<void> {
    this.assertWriting();
    // The directory's lock keeps others out already. This one is taken by name each time, so it holds even between two
    // processes that both believe to have the first one, after somebody has deleted its file.
    const fence = fenced(() => this.files.lock(join(this.directory, 'fence')));
    try {
      if ((await this.signed()) !== before) throw new Fenced();
      await this.replace('signed', next);
    } finally {
      fence.release();
    }
  }

  async publish(text: string, as: Published = 'checkpoint'): Promise<void> {
    this.assertWriting();
    await this.replace(as, text);
  }

  async close(): Promise<void> {
    this.lock?.release();
  }

  private async add({ path, bytes }: LogObject): Promise<void> {
    const target = join(this.directory, path);
    const there = await this.files.read(target);
    if (there && !there.equals(bytes)) throw new LogCorrupt(path, 'other bytes are stored than the events give');
    if (there) return this.files.sync(target); // it may be from a crash just before it was synced under this name
    await this.files.makeDirectory(dirname(target));
    await this.put(target, bytes);
  }

  /** Before or after a crash there is the old text or the new one. */
  private async replace(name: string, text: string): Promise<void> {
    await this.put(join(this.directory, name), Buffer.from(text));
    await this.files.sync(this.directory);
  }

  private async put(target: string, bytes: Uint8Array): Promise<void> {
    const temporary = join(this.directory, 'tmp', randomUUID());
    await this.files.write(temporary, bytes);
    await this.files.rename(temporary, target);
  }

  /** The directories whose names a new file under this path needs: its own always, those above when they may be new. */
  private unsynced(file: string): string[] {
    const own = dirname(file);
    const above: string[] = [];
    for (let path = own; path !== this.directory && !this.durable.has(path); path = dirname(path)) {
      above.push(dirname(path));
    }
    return [own, ...above];
  }

  private assertWriting(): void {
    if (!this.lock) throw logReadOnly();
  }
}

/** Waits for all, so that nothing is still being written when the first error is told. */
async function everyOne(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

function locked(directory: string, take: () => ProcessLock): ProcessLock {
  try {
    return take();
  } catch (error) {
    throw error instanceof LedgerLocked ? new LogLocked(directory) : error;
  }
}

function fenced(take: () => ProcessLock): ProcessLock {
  try {
    return take();
  } catch (error) {
    throw error instanceof LedgerLocked ? new Fenced() : error;
  }
}
