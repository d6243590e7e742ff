import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A folder's files by their relative paths. */
export type EvidenceFiles = Readonly<Record<string, string | Uint8Array>>;

export interface KeptEvidence {
  /** Its path. */
  readonly folder: string;
  /** Whether it was not there before. */
  readonly isNew: boolean;
}

/**
 * Keeps one piece of evidence as the folder `<directory>/<name>`, durable when this resolves. The folder appears whole: it is
 * written beside and renamed, and a crash leaves at most a name with a leading dot. What is there already stays as it is.
 * @param name letters, digits, dots and hyphens; the same finding has the same name
 * @param most more folders are not kept: whoever can make evidence in masses must not fill the disk
 * @returns undefined when there are `most` already
 */
export async function keepEvidence(
  directory: string,
  name: string,
  files: EvidenceFiles,
  most: number,
): Promise<KeptEvidence | undefined> {
  const folder = join(directory, name);
  if (existsSync(folder)) return { folder, isNew: false };
  if ((await listEvidence(directory)).length >= most) return undefined;
  const unfinished = join(directory, `.${name}.${process.pid}`);
  await rm(unfinished, { recursive: true, force: true });
  for (const [path, content] of Object.entries(files)) await writeSynced(join(unfinished, path), content);
  const directories = new Set(Object.keys(files).flatMap((path) => directoriesOf(path)));
  for (const path of directories) await syncDirectory(join(unfinished, path));
  try {
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another request has just kept the same
  }
  await syncDirectory(directory);
  return { folder, isNew: true };
}

/** The names of what is kept, in order. */
export async function listEvidence(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => !name.startsWith('.')).sort();
}

async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The directories a relative path goes through: `a/b/c` through `a/b`, `a` and `.`. */
function directoriesOf(path: string): string[] {
  const above = dirname(path);
  return above === '.' ? ['.'] : [above, ...directoriesOf(above)];
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
