import { readFile } from 'node:fs/promises';
import { Failure } from '../../kernel/errors';
import { parseCheckpoint } from '../../verification/checkpoint';
import { parseNote } from '../../verification/note';
import { openLedgerAt, type OpenLedger, type VaultLocation } from '../commitment/open-ledger';
import type { EventStore } from '../event-store';
import { openEvents, openLogStorage, openPublished, type LedgerLocation, type LogLocation } from '../location';
import { existingLedger } from '../sqlite/check-ledger';
import { lockDirectory } from '../sqlite/process-lock';
import {
  ArchiveWriter,
  FORMAT,
  lineOf,
  LOG_FILES,
  LOG_KEY_FILE,
  makeArchive,
  PUBLISHED_FILE,
  VAULT_FILE,
  vaultLine,
  writeManifest,
  type ArchivedFile,
  type EventPart,
  type Manifest,
} from './archive';

/** Where a ledger lives: its events, the keys of subjects, the public log, and the file with the keys that sign it. */
export interface Place {
  readonly ledger: LedgerLocation;
  readonly vault: VaultLocation;
  readonly log: LogLocation;
  readonly logKey: string;
}

/** How far a step of a move is. */
export interface MovingProgress {
  readonly step: 'export' | 'files' | 'roots' | 'compare' | 'append' | 'verify';
  readonly done: number;
  readonly total: number;
}

export interface ExportOptions {
  /** Made; must be empty when it is there. */
  readonly directory: string;
  readonly from: Place;
  /** Leaves out the keys of subjects, without which personal data cannot be read. */
  readonly withoutVault?: boolean;
  /** Copies the keys that sign the log too. */
  readonly withLogKey?: boolean;
  /** Beside a running server: a copy ahead of the move, which lacks what comes later. */
  readonly running?: boolean;
  /** Asked before anything is written; throws when the ledger should not be exported as it is. */
  readonly assertSound?: (ledger: Pick<OpenLedger, 'stored' | 'vault'>) => Promise<void>;
  /** Of a file of events, after which the next one begins. */
  readonly partBytes?: number;
  readonly onProgress?: (progress: MovingProgress) => void;
}

const PART_BYTES = 64 * 1024 * 1024;
const PAGE_EVENTS = 512;
const PAGE_CHECKPOINTS = 512;

/**
 * Writes a whole ledger as an archive: README.md in this folder. Events, as they are stored, up to those that are there when it begins; the
 * log before them and the vault after them, so that both belong to them. A crash leaves a directory without a manifest, which no import takes.
 * @throws LedgerLocked while a server uses the embedded ledger; Failure `ledger.none`, `moving.nothing`, `moving.directory_not_empty`,
 *   `privacy.vault_missing`, and those of the stores
 */
export async function exportLedger(options: ExportOptions): Promise<Manifest> {
  const { directory, from, withoutVault = false, withLogKey = false, running = false, assertSound } = options;
  if ('directory' in from.ledger) existingLedger(from.ledger.directory);
  const lock = !running && 'directory' in from.ledger ? lockDirectory(from.ledger.directory) : undefined;
  try {
    const ledger = withoutVault ? undefined : await openLedgerAt(from, { readOnly: true });
    const stored = ledger?.stored ?? (await openEvents(from.ledger, { readOnly: true }));
    try {
      if ((await stored.head()) === 0) throw nothing();
      if (ledger) await assertSound?.(ledger);
      await makeArchive(directory);
      const log = await exportLog(directory, from.log);
      const events = await exportEvents(stored, options);
      const vault = ledger && (await exportVault(directory, ledger));
      const logKey = withLogKey && (await copied(directory, LOG_KEY_FILE, await readFile(from.logKey, 'utf8')));
      const manifest: Manifest = {
        format: FORMAT,
        events,
        ...(vault && { vault }),
        ...(log && { log }),
        ...(logKey && { logKey }),
      };
      await writeManifest(directory, manifest);
      return manifest;
    } finally {
      await (ledger?.store ?? stored).close();
    }
  } finally {
    lock?.release();
  }
}

async function exportEvents(stored: EventStore, options: ExportOptions): Promise<Manifest['events']> {
  const { directory, partBytes = PART_BYTES, onProgress = () => {} } = options;
  const count = await stored.head();
  const parts: EventPart[] = [];
  for (let position = 1; position <= count;) {
    const first = position;
    const part = await ArchiveWriter.create(directory, `events/${String(first).padStart(12, '0')}.ndjson`);
    while (position <= count && part.bytes < partBytes) {
      const limit = Math.min(PAGE_EVENTS, count - position + 1);
      const page = await stored.readAll({ direction: 'forwards', from: position, limit });
      for (const event of page) {
        if (part.bytes >= partBytes) break;
        await part.write(`${lineOf(event)}\n`);
        position += 1;
      }
      onProgress({ step: 'export', done: position - 1, total: count });
    }
    parts.push({ ...(await part.finish()), first, events: position - first });
  }
  return { count, parts };
}

async function exportVault(directory: string, { vault }: OpenLedger): Promise<Manifest['vault']> {
  const file = await ArchiveWriter.create(directory, VAULT_FILE);
  let [keys, destroyed] = [0, 0];
  for await (const entry of vault.contents()) {
    await file.write(`${JSON.stringify(vaultLine(entry))}\n`);
    if (entry.kind === 'subject-key') keys += 1;
    if (entry.kind === 'destroyed') destroyed += 1;
  }
  return { ...(await file.finish()), keys, destroyed };
}

/** The newest notes, verifier keys and every published checkpoint. Tiles are not copied: the events give them. */
async function exportLog(directory: string, location: LogLocation): Promise<Manifest['log']> {
  const storage = await openLogStorage(location, { readOnly: true });
  try {
    if ((await storage.signed()) === undefined) return undefined;
    const published = await exportPublished(directory, location);
    const files = [published.file];
    for (const name of ['checkpoint', 'vkey'] as const) {
      const text = (await storage.read(name))?.toString('utf8');
      if (text !== undefined) files.push(await copied(directory, LOG_FILES[name], text));
    }
    const signed = (await storage.signed())!; // last: a note is signed before it is kept and shown
    files.push(await copied(directory, LOG_FILES.signed, signed));
    const { origin, size, root } = parseCheckpoint(parseNote(signed).text);
    return { origin, size, root: Buffer.from(root).toString('base64'), published: published.count, files };
  } finally {
    await storage.close();
  }
}

async function exportPublished(
  directory: string,
  location: LogLocation,
): Promise<{ readonly file: ArchivedFile; readonly count: number }> {
  const published = await openPublished(location, { readOnly: true });
  try {
    const file = await ArchiveWriter.create(directory, PUBLISHED_FILE);
    let count = 0;
    for (let after = 0; ;) {
      const page = await published.covering(0, after, PAGE_CHECKPOINTS);
      if (page.length === 0) return { file: await file.finish(), count };
      for (const { note } of page) await file.write(`${JSON.stringify({ note })}\n`);
      count += page.length;
      after = page[page.length - 1].id;
    }
  } finally {
    await published.close();
  }
}

async function copied(directory: string, file: string, text: string): Promise<ArchivedFile> {
  const writer = await ArchiveWriter.create(directory, file);
  await writer.write(text);
  return writer.finish();
}

const nothing = (): Failure =>
  new Failure('invalid', 'moving.nothing', {
    zh: '台账中没有事件，无可导出。',
    en: 'The ledger has no events: there is nothing to export.',
  });
