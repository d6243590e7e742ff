import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, constants, copyFile, mkdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../kernel/errors';
import type { RecordedEvent } from '../../kernel/event';
import type { KeyVault, VaultEntry } from '../commitment/key-vault';
import { openVaultAt } from '../commitment/open-ledger';
import { sealedFields, unseal } from '../commitment/sealed-field';
import { MAX_APPEND_EVENTS, type EventStore } from '../event-store';
import { openEvents, openLogStorage, openPublished } from '../location';
import type { Fence } from '../postgres/lease';
import { LogCorrupt, type LogObject, type LogStorage } from '../transparency/log-storage';
import type { PublishedCheckpoints } from '../transparency/published-checkpoints';
import {
  archivedCheckpoints,
  archivedEvents,
  archivedVault,
  assertIntact,
  damaged,
  filesOf,
  lineOf,
  LOG_FILES,
  LOG_KEY_FILE,
  PUBLISHED_FILE,
  readManifest,
  textOf,
  VAULT_FILE,
  type ArchivedEvent,
  type Manifest,
} from './archive';
import { DerivedRoots } from './derived-roots';
import type { MovingProgress, Place } from './export-ledger';

export interface ImportOptions {
  readonly directory: string;
  readonly to: Place;
  /** The vault's file, when it was transported apart. */
  readonly vaultFile?: string;
  /** Only events: a copy ahead of the move. The next import goes on where this one has ended. */
  readonly eventsOnly?: boolean;
  /** The lease under which the log in PostgreSQL is written. */
  readonly fence?: Fence;
  /** Stops between two appends. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: MovingProgress) => void;
}

/** What an import has done. */
export interface Imported {
  readonly events: number;
  /** Of these, by this run. */
  readonly appended: number;
  readonly keys?: number;
  readonly destroyed?: number;
  readonly log?: {
    readonly origin: string;
    readonly size: number;
    /** Checkpoints whose roots the events in the new place give. */
    readonly compared: number;
    /** To be held against what readers of the log have. */
    readonly vkeys: readonly string[];
  };
}

const PAGE_EVENTS = 512;
const PAGE_CHECKPOINTS = 512;
const SUBJECTS_AT_ONCE = 512;
/** Of one append: a server takes 1 MiB unless it is told otherwise. */
const RUN_BYTES = 512 * 1024;
/** Appends that an embedded ledger takes into one commit. A server gets one after the other: only so their order is sure. */
const EMBEDDED_RUNS = 256;
const EMBEDDED_BYTES = 4 * 1024 * 1024;

/**
 * Makes an archive the ledger of an empty place; one that holds the archive's beginning already, after an interruption, is gone on with.
 * Nothing is written before the whole archive has been verified: files, lines, and the root of every checkpoint. Then events are appended as they
 * are, each at its position; the vault is filled; what is stored is read back and gives the roots again, and the log's tiles; the signed
 * checkpoint comes last. A crash anywhere leaves a place that the same import goes on with.
 * @throws Failure `moving.*`: `not_an_archive`, `damaged`, `root_differs`, `vault_needed`, `target_not_empty`, `position_differs`,
 *   `interrupted`; LedgerLocked and those of the stores
 */
export async function importLedger(options: ImportOptions): Promise<Imported> {
  const manifest = await readManifest(options.directory);
  const vaultFile = await verifyArchive(manifest, options);
  const closing: Array<() => Promise<void>> = [];
  const opened = <T extends { close(): Promise<void> }>(store: T): T => {
    closing.unshift(() => store.close());
    return store;
  };
  try {
    const { to, eventsOnly = false, fence } = options;
    const stored = opened(await openEvents(to.ledger));
    if (eventsOnly) return await importEvents(stored, manifest, options);
    const vault = opened((await openVaultAt(to.vault, { mayBegin: async () => true })).closing);
    const log = opened(await openLogStorage(to.log, { fence }));
    const published = opened(await openPublished(to.log, { fence }));
    const signed = manifest.log && (await textOf(options.directory, LOG_FILES.signed));
    const before = await log.signed();
    if (before !== undefined && before !== signed)
      throw targetNotEmpty('日志', 'the log has signed another checkpoint');
    await assertVault(vault, vaultFile);
    const events = await importEvents(stored, manifest, options);
    const counts = await importVault(vault, vaultFile);
    const compared = await deriveLog(manifest, { stored, vault, log }, options);
    if (!manifest.log || signed === undefined) return { ...events, ...counts };
    await importPublished(options.directory, manifest, published);
    const vkey = await textOf(options.directory, LOG_FILES.vkey);
    await log.publish(vkey, 'vkey');
    if (before === undefined) await log.fence(undefined, signed);
    if (manifest.log.files.some(({ file }) => file === LOG_FILES.checkpoint)) {
      await log.publish(await textOf(options.directory, LOG_FILES.checkpoint));
    }
    await importLogKey(manifest, options);
    const { origin, size } = manifest.log;
    return { ...events, ...counts, log: { origin, size, compared, vkeys: vkey.trim().split('\n') } };
  } finally {
    for (const close of closing) await close();
  }
}

/** Every file against the manifest, every line, and the root of every checkpoint. Gives the vault's file. */
async function verifyArchive(manifest: Manifest, options: ImportOptions): Promise<string> {
  const { directory, vaultFile: apart, onProgress = () => {}, signal } = options;
  const files = filesOf(manifest);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const file of files) {
    goOn(signal);
    if (file === manifest.vault && apart !== undefined) {
      await assertIntact(dirname(apart), { ...file, file: basename(apart) });
    } else await assertIntact(directory, file);
    onProgress({ step: 'files', done: (done += file.bytes), total });
  }
  const vaultFile = apart ?? (manifest.vault && join(directory, VAULT_FILE));
  if (vaultFile === undefined || !existsSync(vaultFile)) throw vaultNeeded();
  const roots = await DerivedRoots.open(directory, manifest, await commitmentKeyIn(vaultFile));
  for await (const { event } of archivedEvents(directory, manifest)) {
    if (roots.size < (manifest.log?.size ?? 0)) await roots.add(event);
    if (event.position % PAGE_EVENTS > 0) continue;
    goOn(signal);
    onProgress({ step: 'roots', done: event.position, total: manifest.events.count });
  }
  roots.end();
  return vaultFile;
}

async function importEvents(
  stored: EventStore,
  manifest: Manifest,
  options: ImportOptions,
): Promise<Pick<Imported, 'events' | 'appended'>> {
  const { directory, to, signal, onProgress = () => {} } = options;
  const { count } = manifest.events;
  const before = await assertBeginning(stored, manifest, options);
  const rest = runsOf(archivedEvents(directory, manifest, before + 1));
  for await (const runs of 'directory' in to.ledger ? together(rest) : oneByOne(rest)) {
    goOn(signal);
    const outcomes = await Promise.allSettled(runs.map((run) => append(stored, run)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    onProgress({ step: 'append', done: runs.at(-1)!.at(-1)!.event.position, total: count });
  }
  return { events: count, appended: count - before };
}

/** How many events are there already: the archive's first ones, and no others. @throws Failure `moving.target_not_empty` */
async function assertBeginning(stored: EventStore, manifest: Manifest, options: ImportOptions): Promise<number> {
  const { directory, signal, onProgress = () => {} } = options;
  const head = await stored.head();
  if (head > manifest.events.count) throw targetNotEmpty('事件', `it has ${head} events`);
  const lines = archivedEvents(directory, manifest);
  for (let from = 1; from <= head;) {
    goOn(signal);
    const page = await stored.readAll({ direction: 'forwards', from, limit: Math.min(PAGE_EVENTS, head - from + 1) });
    for (const event of page) {
      const line = await lines.next();
      if (line.done || line.value.text !== lineOf(event)) {
        throw targetNotEmpty('事件', `its event at position ${event.position} is not the archive's`);
      }
    }
    from += page.length;
    onProgress({ step: 'compare', done: from - 1, total: head });
  }
  await lines.return();
  return head;
}

type Run = readonly ArchivedEvent[];

/** What one append takes: events of one stream that stand one after the other. */
async function* runsOf(events: AsyncIterable<ArchivedEvent>): AsyncGenerator<Run, void, void> {
  let run: ArchivedEvent[] = [];
  let bytes = 0;
  for await (const next of events) {
    const length = Buffer.byteLength(next.text);
    const isFull = run.length === MAX_APPEND_EVENTS || bytes + length > RUN_BYTES;
    if (run.length > 0 && (isFull || run[0].event.stream !== next.event.stream)) {
      yield run;
      [run, bytes] = [[], 0];
    }
    run.push(next);
    bytes += length;
  }
  if (run.length > 0) yield run;
}

async function* oneByOne(runs: AsyncIterable<Run>): AsyncGenerator<Run[], void, void> {
  for await (const run of runs) yield [run];
}

async function* together(runs: AsyncIterable<Run>): AsyncGenerator<Run[], void, void> {
  let some: Run[] = [];
  let bytes = 0;
  for await (const run of runs) {
    some.push(run);
    bytes += run.reduce((sum, { text }) => sum + text.length, 0);
    if (some.length < EMBEDDED_RUNS && bytes < EMBEDDED_BYTES) continue;
    yield some;
    [some, bytes] = [[], 0];
  }
  if (some.length > 0) yield some;
}

async function append(stored: EventStore, run: Run): Promise<void> {
  const [{ event: first }] = run;
  const { event: last, at } = run[run.length - 1];
  const events = run.map(({ event: { id, type, schemaVersion, data, metadata } }) => ({
    ...{ id, type, schemaVersion, data, metadata },
  }));
  const expected = first.revision === 0 ? 'no_stream' : first.revision - 1;
  const appended = await stored.append(first.stream, expected, events);
  if (appended.position !== last.position || appended.revision !== last.revision) {
    throw positionDiffers(last, appended.position, at);
  }
}

/** Reads back what is stored: it gives every root again, and every personal field opens whose key was not destroyed. Writes the tiles. */
async function deriveLog(
  manifest: Manifest,
  { stored, vault, log }: { readonly stored: EventStore; readonly vault: KeyVault; readonly log: LogStorage },
  { directory, signal, onProgress = () => {} }: ImportOptions,
): Promise<number> {
  const { count } = manifest.events;
  const size = manifest.log?.size ?? 0;
  const roots = await DerivedRoots.open(directory, manifest, await vault.commitmentKey());
  for (let from = 1; from <= count;) {
    goOn(signal);
    const page = await stored.readAll({ direction: 'forwards', from, limit: Math.min(PAGE_EVENTS, count - from + 1) });
    if (page.length === 0) throw positionDiffers({ position: from }, from - 1, directory);
    await assertOpens(page, vault);
    const objects: LogObject[] = [];
    for (const event of page) {
      if (roots.size === size) break;
      objects.push(...(await roots.add(event)));
      if (roots.size === size) objects.push(...roots.partials());
    }
    await writeAnew(log, objects);
    from += page.length;
    onProgress({ step: 'verify', done: from - 1, total: count });
  }
  roots.end();
  return roots.compared;
}

/** @throws LedgerCorrupt, Failure `privacy.key_missing` */
async function assertOpens(page: readonly RecordedEvent[], vault: KeyVault): Promise<void> {
  const sealed = page.map((event) => ({ event, fields: sealedFields(event) }));
  const keys = await vault.keysForReading(
    new Set(sealed.flatMap(({ fields }) => fields.map(([, { $subject }]) => $subject))),
  );
  for (const { event, fields } of sealed) {
    for (const [path, field] of fields) {
      const key = keys.get(field.$subject);
      if (key) unseal({ eventId: event.id, path, position: event.position }, field, key);
    }
  }
}

/** Tiles of an import that was given up and began again with another archive are wrong: the roots of these agree. */
async function writeAnew(log: LogStorage, objects: readonly LogObject[]): Promise<void> {
  for (;;) {
    try {
      return await log.write(objects);
    } catch (error) {
      if (!(error instanceof LogCorrupt)) throw error;
      await log.remove([error.path]);
    }
  }
}

async function importPublished(directory: string, { log }: Manifest, published: PublishedCheckpoints): Promise<void> {
  if (!log?.files.some(({ file }) => file === PUBLISHED_FILE)) return;
  const there = keptNotes(published);
  for await (const { note } of archivedCheckpoints(directory)) {
    const kept = await there.next();
    if (kept.done) await published.keep(note);
    else if (kept.value !== note) throw targetNotEmpty('日志', 'it has published other checkpoints');
  }
}

/** Those that were there when it began. */
async function* keptNotes(published: PublishedCheckpoints): AsyncGenerator<string, void, void> {
  for (let after = 0; ;) {
    const page = await published.covering(0, after, PAGE_CHECKPOINTS);
    if (page.length === 0) return;
    for (const { note } of page) yield note;
    after = page[page.length - 1].id;
  }
}

async function commitmentKeyIn(file: string): Promise<Buffer> {
  for await (const entry of entriesOf(file)) if (entry.kind === 'commitment-key') return Buffer.from(entry.key);
  throw damaged(basename(file), 'it has no commitment key');
}

const entriesOf = (file: string): AsyncGenerator<VaultEntry, void, void> =>
  archivedVault(dirname(file), basename(file));

/** Empty, or this very vault after an interruption. @throws Failure `moving.target_not_empty` */
async function assertVault(vault: KeyVault, file: string): Promise<void> {
  if (await isEmpty(vault)) return;
  const other = (): Failure => targetNotEmpty('密钥库', 'its vault is not the one of the archive');
  if (!(await vault.commitmentKey()).equals(await commitmentKeyIn(file))) throw other();
  const held = { keys: 0, destroyed: 0 };
  for await (const { kind } of vault.contents()) {
    if (kind === 'subject-key') held.keys += 1;
    if (kind === 'destroyed') held.destroyed += 1;
  }
  for await (const entries of inChunks(entriesOf(file))) {
    const subjects = entries.filter((entry) => entry.kind === 'subject-key' || entry.kind === 'destroyed');
    const keys = await vault.keysForReading(subjects.map(({ subject }) => subject)).catch(() => undefined);
    for (const entry of subjects) {
      const key = keys?.get(entry.subject);
      if (entry.kind === 'subject-key' ? !key?.equals(entry.key) : !keys || key) throw other();
      if (entry.kind === 'subject-key') held.keys -= 1;
      else held.destroyed -= 1;
    }
  }
  if (held.keys !== 0 || held.destroyed !== 0) throw other();
}

async function importVault(vault: KeyVault, file: string): Promise<{ keys: number; destroyed: number }> {
  if (await isEmpty(vault)) return vault.restore(entriesOf(file));
  const there = { keys: 0, destroyed: 0 };
  for await (const { kind } of vault.contents()) {
    if (kind === 'subject-key') there.keys += 1;
    if (kind === 'destroyed') there.destroyed += 1;
  }
  return there;
}

async function isEmpty(vault: KeyVault): Promise<boolean> {
  for await (const _ of vault.contents()) return false;
  return true;
}

async function* inChunks(entries: AsyncIterable<VaultEntry>): AsyncGenerator<VaultEntry[], void, void> {
  let chunk: VaultEntry[] = [];
  for await (const entry of entries) {
    chunk.push(entry);
    if (chunk.length < SUBJECTS_AT_ONCE) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Put where the settings look for it, unless the same is there already. @throws Failure `moving.target_not_empty` */
async function importLogKey({ logKey }: Manifest, { directory, to }: ImportOptions): Promise<void> {
  if (!logKey) return;
  if (!existsSync(to.logKey)) {
    await mkdir(dirname(to.logKey), { recursive: true });
    const whole = `${to.logKey}.${randomUUID()}.tmp`; // a crash leaves no half of a key under its name
    await copyFile(join(directory, LOG_KEY_FILE), whole, constants.COPYFILE_EXCL);
    await chmod(whole, 0o600);
    await rename(whole, to.logKey);
  } else if ((await textOf(dirname(to.logKey), basename(to.logKey))) !== (await textOf(directory, LOG_KEY_FILE))) {
    throw targetNotEmpty('日志密钥', `${to.logKey} holds other keys`);
  }
}

function goOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted();
}

const interrupted = (): Failure =>
  new Failure('unavailable', 'moving.interrupted', {
    zh: '导入已中断。再次运行同一命令即从中断处继续。',
    en: 'The import was interrupted. The same command goes on where it has stopped.',
  });

const vaultNeeded = (): Failure =>
  new Failure('invalid', 'moving.vault_needed', {
    zh: '归档不含密钥库：请用 --vault 指明另行运送的 vault.ndjson。',
    en: 'The archive has no vault: name the vault.ndjson that was transported apart with --vault.',
  });

const targetNotEmpty = (zh: string, reason: string): Failure =>
  new Failure('refused', 'moving.target_not_empty', {
    zh: `目标已有其他内容（${zh}），不予导入：只导入空的台账，或继续同一次导入。`,
    en: `The ledger that the settings name is not empty: ${reason}. An import makes a new one, or goes on with one of the same archive.`,
  });

const positionDiffers = ({ position }: Pick<RecordedEvent, 'position'>, is: number, at: string): Failure =>
  new Failure('unavailable', 'moving.position_differs', {
    zh: `第 ${position} 条事件（${at}）在新处为第 ${is} 条：另有程序正在写入，或归档有误。请清空目标后重新导入。`,
    en: `The event of position ${position} (${at}) stands at ${is} in the new place: somebody else writes there, or the archive is not sound. Empty the new place and begin again.`,
  });
