import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../kernel/errors';
import type { RecordedEvent } from '../../kernel/event';
import type { VaultEntry } from '../commitment/key-vault';

/** The kind and version of an archive, as its manifest says it. */
export const FORMAT = 'mingjing-ledger/1';
const MANIFEST = 'manifest.json';
/** Keys of subjects, in the clear: as secret as the vault. */
export const VAULT_FILE = 'vault.ndjson';
/** The log’s signing key, where it was asked for. */
export const LOG_KEY_FILE = 'log.key';
/** Files of the log: as they are read from its storage, and the checkpoints it has published, one a line. */
export const LOG_FILES = { signed: 'log/signed', checkpoint: 'log/checkpoint', vkey: 'log/vkey' } as const;
export const PUBLISHED_FILE = 'log/published.ndjson';

const OWNER_ONLY = 0o600;
const LINE_FEED = 0x0a;
/** Longer than any event: `MAX_EVENT_BYTES`, its place, and characters that JSON writes as six. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;
/** Before they are handed to the operating system. */
const BUFFERED_CHARS = 1 << 18;

/** A file of an archive, by its path in it. */
export interface ArchivedFile {
  readonly file: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** Some events in the ledger's order, one a line. */
export interface EventPart extends ArchivedFile {
  /** Position of the first one. */
  readonly first: number;
  readonly events: number;
}

/** What an archive holds, and what it says of it. Written last: an archive without it was never finished. */
export interface Manifest {
  readonly format: typeof FORMAT;
  readonly events: { readonly count: number; readonly parts: readonly EventPart[] };
  /** Left out where it is transported apart. */
  readonly vault?: ArchivedFile & { readonly keys: number; readonly destroyed: number };
  /** Left out where nothing was ever sealed. */
  readonly log?: {
    readonly origin: string;
    /** Of the newest signed checkpoint. */
    readonly size: number;
    /** The same, base64. */
    readonly root: string;
    readonly published: number;
    readonly files: readonly ArchivedFile[];
  };
  readonly logKey?: ArchivedFile;
}

/** Every file that the manifest names. */
export const filesOf = ({ events, vault, log, logKey }: Manifest): ArchivedFile[] => [
  ...events.parts,
  ...(log?.files ?? []),
  ...(vault ? [vault] : []),
  ...(logKey ? [logKey] : []),
];

/** A new file of an archive, for its owner alone. Its bytes are durable once it is finished; its name with the manifest. */
export class ArchiveWriter {
  private readonly hash = createHash('sha256');
  private waiting = '';
  bytes = 0;

  private constructor(
    private readonly handle: FileHandle,
    private readonly file: string,
  ) {}

  static async create(directory: string, file: string): Promise<ArchiveWriter> {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    return new ArchiveWriter(await open(join(directory, file), 'wx', OWNER_ONLY), file);
  }

  async write(text: string): Promise<void> {
    this.bytes += Buffer.byteLength(text);
    this.waiting += text;
    if (this.waiting.length > BUFFERED_CHARS) await this.flush();
  }

  async finish(): Promise<ArchivedFile> {
    await this.flush();
    await this.handle.sync();
    await this.handle.close();
    return { file: this.file, bytes: this.bytes, sha256: this.hash.digest('hex') };
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.from(this.waiting);
    this.waiting = '';
    this.hash.update(bytes);
    await this.handle.writeFile(bytes);
  }
}

/** Makes the directory of a new archive. @throws Failure `moving.directory_not_empty` */
export async function makeArchive(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if ((await readdir(directory)).length > 0) throw directoryNotEmpty(directory);
}

/** Makes the archive valid: all or nothing. */
export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  const partial = join(directory, `${MANIFEST}.partial`);
  const handle = await open(partial, 'wx', OWNER_ONLY);
  await handle.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
  await handle.sync();
  await handle.close();
  await rename(partial, join(directory, MANIFEST));
  const folders = new Set(filesOf(manifest).map(({ file }) => dirname(join(directory, file))));
  for (const folder of [...folders, directory]) {
    const names = await open(folder);
    await names.sync();
    await names.close();
  }
}

/** @throws Failure `moving.not_an_archive`, `moving.damaged` */
export async function readManifest(directory: string): Promise<Manifest> {
  const text = await readFile(join(directory, MANIFEST), 'utf8').catch(() => {
    throw notAnArchive(directory);
  });
  let manifest: Partial<Manifest> | undefined;
  try {
    manifest = JSON.parse(text) as Partial<Manifest>;
  } catch {
    throw damaged(MANIFEST, 'it is not JSON');
  }
  if (manifest?.format !== FORMAT) throw damaged(MANIFEST, `its format is not ${FORMAT}`);
  const { events } = manifest;
  let position = 1;
  for (const part of events?.parts ?? []) {
    if (part.first !== position) throw damaged(MANIFEST, `${part.file} does not begin at position ${position}`);
    position += part.events;
  }
  if (events?.count !== position - 1) throw damaged(MANIFEST, 'its parts are not all the events');
  if (filesOf(manifest as Manifest).some(({ file }) => !isInside(file)))
    throw damaged(MANIFEST, 'a path leads outside');
  return manifest as Manifest;
}

/** @throws Failure `moving.damaged` naming the file, when its bytes are not those of the manifest */
export async function assertIntact(directory: string, { file, bytes, sha256 }: ArchivedFile): Promise<void> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of chunksOf(directory, file)) {
    length += chunk.length;
    hash.update(chunk);
  }
  if (length !== bytes || hash.digest('hex') !== sha256) {
    throw damaged(file, `it has ${length} bytes with another SHA-256 than the manifest says of ${bytes}`);
  }
}

/** A small file whole. @throws Failure `moving.damaged` */
export async function textOf(directory: string, file: string): Promise<string> {
  return readFile(join(directory, file), 'utf8').catch(() => {
    throw damaged(file, 'it is missing');
  });
}

/** A line of an archive, and where it stands: `<file>:<number>`. */
export interface Line {
  readonly text: string;
  readonly at: string;
}

/** The lines of a file; never more than one of them and a chunk in memory. @throws Failure `moving.damaged` */
export async function* linesOf(directory: string, file: string): AsyncGenerator<Line, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of chunksOf(directory, file)) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED, from)) {
      yield { text: rest.toString('utf8', from, end), at: `${file}:${++number}` };
      from = end + 1;
    }
    rest = rest.subarray(from);
    if (rest.length > MAX_LINE_BYTES) throw damaged(`${file}:${number + 1}`, 'the line does not end');
  }
  if (rest.length > 0) throw damaged(`${file}:${number + 1}`, 'the line is cut off');
}

/** An event as the archive has it. */
export interface ArchivedEvent extends Line {
  readonly event: RecordedEvent;
}

/** The events from a position on, in order. @throws Failure `moving.damaged` naming the first line that is not the event of its place */
export async function* archivedEvents(
  directory: string,
  { events }: Manifest,
  from = 1,
): AsyncGenerator<ArchivedEvent, void, void> {
  for (const { file, first, events: count } of events.parts) {
    if (first + count <= from) continue;
    let position = first;
    for await (const line of linesOf(directory, file)) {
      const event = eventOf(line, position++);
      if (event.position >= from) yield { ...line, event };
    }
    if (position !== first + count) throw damaged(file, `it has ${position - first} events of ${count}`);
  }
}

/** An event as the archive has it: as it is stored, its members in one order. */
export const lineOf = ({
  id,
  stream,
  type,
  schemaVersion,
  data,
  metadata,
  revision,
  position,
}: RecordedEvent): string => JSON.stringify({ id, stream, type, schemaVersion, data, metadata, revision, position });

function eventOf({ text, at }: Line, position: number): RecordedEvent {
  const event = parsed(text, at) as RecordedEvent;
  if (event.position !== position) throw damaged(at, `position ${event.position} stands where ${position} should`);
  if (lineOf(event) !== text) throw damaged(at, 'it is not written as an export writes it');
  return event;
}

/** What a vault holds, one entry a line; keys and hashes in base64. */
export const vaultLine = (entry: VaultEntry): object =>
  Object.fromEntries(
    Object.entries(entry).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ]),
  );

/** @throws Failure `moving.damaged` */
export async function* archivedVault(directory: string, file: string): AsyncGenerator<VaultEntry, void, void> {
  for await (const { text, at } of linesOf(directory, file)) {
    const { kind, key, root, ...rest } = parsed(text, at) as Record<string, string>;
    if (!VAULT_ENTRIES.has(kind)) throw damaged(at, 'it is no entry of a vault');
    yield {
      kind,
      ...rest,
      ...(key !== undefined && { key: Buffer.from(key, 'base64') }),
      ...(root !== undefined && { root: Buffer.from(root, 'base64') }),
    } as unknown as VaultEntry;
  }
}

const VAULT_ENTRIES = new Set(['commitment-key', 'subject-key', 'destroyed', 'sealed-mark']);

/** The checkpoints that the log has published, oldest first. @throws Failure `moving.damaged` */
export async function* archivedCheckpoints(
  directory: string,
): AsyncGenerator<{ note: string; at: string }, void, void> {
  for await (const { text, at } of linesOf(directory, PUBLISHED_FILE)) {
    const { note } = parsed(text, at) as { note?: unknown };
    if (typeof note !== 'string') throw damaged(at, 'it is no checkpoint');
    yield { note, at };
  }
}

function parsed(text: string, at: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // told below
  }
  throw damaged(at, 'it is not a JSON object');
}

async function* chunksOf(directory: string, file: string): AsyncGenerator<Buffer, void, void> {
  try {
    yield* createReadStream(join(directory, file));
  } catch (error) {
    throw damaged(file, `it cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`);
  }
}

const isInside = (file: string): boolean => /^(?!.*\.\.)[a-z0-9][a-z0-9/.-]*$/.test(file);

/** @param where the file, or the line as `<file>:<number>` */
export const damaged = (where: string, reason: string): Failure =>
  new Failure('damaged', 'moving.damaged', {
    zh: `归档 ${where} 已损坏或被改动，不予导入。`,
    en: `The archive is not what was exported, at ${where}: ${reason}.`,
  });

const notAnArchive = (directory: string): Failure =>
  new Failure('invalid', 'moving.not_an_archive', {
    zh: `${directory} 中没有 manifest.json：不是台账归档，或导出未完成。`,
    en: `There is no manifest.json in ${directory}: it is no archive of a ledger, or the export was not finished.`,
  });

const directoryNotEmpty = (directory: string): Failure =>
  new Failure('invalid', 'moving.directory_not_empty', {
    zh: `${directory} 不是空目录；每次导出须用新目录。`,
    en: `${directory} is not empty; every export has a directory of its own.`,
  });
