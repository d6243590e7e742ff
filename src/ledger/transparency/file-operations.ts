import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lockFile, type ProcessLock } from '../sqlite/process-lock';

/**
 * What a log directory does with files; a test puts a failing disk in its place. After a power cut there is left what was
 * synced: of a file its bytes, of a directory the names in it.
 */
export interface FileOperations {
  /** Undefined when there is no such file. */
  read(path: string): Promise<Buffer | undefined>;
  /** Names in a directory; none when it is missing. */
  list(path: string): Promise<string[]>;
  /** Writes a new file; its bytes are durable when it resolves, its name is not. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Makes a directory's names, or an old file's bytes, durable. */
  sync(path: string): Promise<void>;
  /** Gives a file another name in one step, replacing what had it. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file, or a directory with all that is in it; nothing when it is missing. */
  remove(path: string): Promise<void>;
  /** Makes a directory and those above it that are missing. */
  makeDirectory(path: string): Promise<void>;
  /** An exclusive lock that ends with the process. @throws when somebody has it, at once */
  lock(path: string): ProcessLock;
}

/** The real disk. */
export const disk: FileOperations = {
  read: (path) => unlessMissing(readFile(path)),
  list: async (path) => (await unlessMissing(readdir(path))) ?? [],
  async write(path, bytes) {
    await withFile(path, 'wx', async (handle) => {
      await handle.writeFile(bytes);
      await handle.sync();
    });
  },
  sync: (path) => withFile(path, 'r', (handle) => handle.sync()),
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
  async makeDirectory(path) {
    await mkdir(path, { recursive: true });
  },
  lock: (path) => lockFile(path, dirname(path)),
};

async function withFile(path: string, flags: string, work: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(path, flags);
  try {
    await work(handle);
  } finally {
    await handle.close();
  }
}

/** Undefined for what is not there; a path through a file that is no directory names nothing either. */
async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
