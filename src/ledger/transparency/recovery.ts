import { Failure } from '../../kernel/errors';
import { equalBytes } from '../../verification/bytes';
import { parseCheckpoint } from '../../verification/checkpoint';
import { parseNote, type Note } from '../../verification/note';
import { commitmentOf } from '../commitment/commitment';
import type { SealedMark } from '../commitment/key-vault';
import { keyUnknown, originChanged, type LogKeys } from './log-keys';
import type { LogObject } from './log-storage';
import { HASH_BYTES, leafHash, perfectRoot } from './merkle';
import type { SealerOptions } from './sealer';
import { TILE_WIDTH } from './tile-path';
import { readTile, widthOf } from './tile-reader';
import { TreeEdge } from './tree-edge';

type Ledger = Pick<SealerOptions, 'store' | 'storage' | 'keys' | 'commitmentKey' | 'mark'>;

/**
 * What is known of a log from outside its directory: its mark in the key vault; `lost` where there must have been one; undefined
 * for a log that has none yet.
 */
export type KnownMark = SealedMark | 'lost' | undefined;

/** Where a log was left. */
export interface Recovered {
  /** The right edge of the tree that was signed last. */
  readonly edge: TreeEdge;
  /** The newest signed note; undefined for a new log. */
  readonly signed: string | undefined;
  /** The note that readers see. */
  readonly checkpoint: string | undefined;
}

/**
 * Finds out where the log was left, and that it is what the ledger's events give: the last tile is derived from its events
 * again, the root from it and the tiles above. What is missing at the edge is written again. `mingjing check` goes over all
 * the rest.
 */
export async function recover(ledger: Ledger): Promise<Recovered> {
  const { store, storage, keys, mark } = ledger;
  const signed = await storage.signed();
  const checkpoint = (await storage.read('checkpoint'))?.toString('utf8');
  if (signed === undefined) {
    if (checkpoint !== undefined || mark === 'lost' || (mark && mark.size > 0)) throw signedLost();
    return { edge: TreeEdge.empty(), signed, checkpoint };
  }
  const note = parseNote(signed);
  const { origin, size, root } = parseCheckpoint(note.text);
  if (origin !== keys.origin) throw originChanged(origin, keys.origin);
  if (!(await keys.haveSigned(note))) throw keyUnknown();
  const shown = (await genuine(keys, checkpoint))?.text; // a damaged one is published again
  const shownSize = shown === undefined ? 0 : parseCheckpoint(shown).size;
  const known = Math.max(size, shownSize, mark && mark !== 'lost' ? mark.size : 0);
  const head = await store.head();
  if (Math.min(head, size) < known) throw behindSigned(Math.min(head, size), known);
  if (shown !== undefined && shownSize === size && shown !== note.text) throw forked(size);
  const { edge, objects } = await derivedEdge(ledger, size);
  if (!edge.root().equals(root)) throw forked(size);
  await assertGrownFrom(ledger, mark);
  // A crash, or a cleaner, may have lost what the note refers to; other bytes than these are LogCorrupt.
  await storage.write([...objects, ...edge.partials()]);
  return { edge, signed, checkpoint };
}

/** Shows the verifier keys to readers: those that the keys list, and no other that may stand there. */
export async function publishVerifierKeys({ storage, keys }: Pick<SealerOptions, 'storage' | 'keys'>): Promise<void> {
  const before = (await storage.read('vkey'))?.toString('utf8');
  const text = verifierKeyList(keys);
  if (text !== before) await storage.publish(text, 'vkey');
}

/** The text of `vkey`: every verifier key of a log, one a line, the newest first. */
export const verifierKeyList = ({ verifierKeys }: LogKeys): string => verifierKeys.map((line) => `${line}\n`).join('');

/** A note that one of the log's keys has signed; undefined for anything else. */
export async function genuine(keys: LogKeys, source: string | undefined): Promise<Note | undefined> {
  if (source === undefined) return undefined;
  try {
    const note = parseNote(source);
    return (await keys.everSigned(note)) ? note : undefined;
  } catch {
    return undefined;
  }
}

/** The ledger and the tiles must still give the root that was seen. @throws Failure `log.forked` */
async function assertGrownFrom(ledger: Omit<Ledger, 'mark'>, mark: KnownMark): Promise<void> {
  if (!mark || mark === 'lost') return;
  const { edge } = await derivedEdge(ledger, mark.size);
  if (!equalBytes(edge.root(), mark.root)) throw forked(mark.size);
}

/**
 * The edge of the tree of `size` leaves: the last tile of leaves from the ledger's events, those above it from the storage.
 * `objects` are what the events fill: the last tile and bundle when they are full.
 */
async function derivedEdge(
  ledger: Omit<Ledger, 'mark'>,
  size: number,
): Promise<{ edge: TreeEdge; objects: LogObject[] }> {
  const start = Math.floor(Math.max(0, size - 1) / TILE_WIDTH) * TILE_WIDTH;
  const hashes: Buffer[] = [Buffer.alloc(0)];
  for (let level = 1; TILE_WIDTH ** level <= start; level++) {
    const n = Math.floor(start / TILE_WIDTH ** (level + 1));
    const width = widthOf(level, n, start);
    const stored = width > 0 ? await tileOrBelow(ledger, level, n, widthOf(level, n, size)) : Buffer.alloc(0);
    hashes.push(stored.subarray(0, width * HASH_BYTES));
  }
  const edge = TreeEdge.of(start, hashes, []);
  const objects = (await entries(ledger, start, size - start)).flatMap((entry) => edge.append(entry));
  return { edge, objects };
}

/** The hashes of a tile; of a lost one from the level below, down to the events. */
async function tileOrBelow(ledger: Omit<Ledger, 'mark'>, level: number, n: number, width: number): Promise<Buffer> {
  const stored = await readTile(ledger.storage, { level, n, width });
  if (stored) return stored;
  if (level === 0) return Buffer.concat((await entries(ledger, n * TILE_WIDTH, width)).map(leafHash));
  const hashes: Buffer[] = [];
  for (let i = 0; i < width; i++) {
    hashes.push(perfectRoot(await tileOrBelow(ledger, level - 1, n * TILE_WIDTH + i, TILE_WIDTH)));
  }
  return Buffer.concat(hashes);
}

/** The entries of `count` leaves from index `start`: a tile's at most. */
async function entries(
  { store, commitmentKey }: Pick<Ledger, 'store' | 'commitmentKey'>,
  start: number,
  count: number,
): Promise<Buffer[]> {
  if (count === 0) return [];
  const events = await store.readAll({ direction: 'forwards', from: start + 1, limit: count });
  return events.map((event) => commitmentOf(event, commitmentKey).entry);
}

/** The log is shorter than what it has signed. */
export const behindSigned = (is: number, signed: number): Failure =>
  new Failure('unavailable', 'log.behind_signed', {
    zh: `台账或日志只到第 ${is} 条，而已签署的检查点到第 ${signed} 条：数据系旧备份或有缺失，停止封存。请恢复较新的备份；台账完整而日志缺失的，用 mingjing log recover；事件已无法找回的，只能以新名称另立日志。`,
    en: `The ledger or the log ends at ${is}, but a checkpoint of ${signed} events was signed: the data are an old backup, or events are missing. Nothing is published. Restore a newer backup; where only the log is behind, mingjing log recover makes it anew; if events are lost for good, the log cannot go on and another begins under a new name.`,
  });

/** The ledger gives another tree than the one that was signed. */
export const forked = (size: number): Failure =>
  new Failure('unavailable', 'log.forked', {
    zh: `台账事件算出的根哈希与已签署的（${size} 条）不符，停止封存。请运行 mingjing check 查明第一处差异。`,
    en: `The ledger's events do not give the root that was signed for ${size} of them. Nothing is published; run mingjing check to find the first difference.`,
  });

const signedLost = (): Failure =>
  new Failure('unavailable', 'log.signed_lost', {
    zh: '本日志签署过检查点，而日志目录中的 signed 文件已不在。请恢复整个日志目录，或取得外界所见的最新检查点，用 mingjing log recover 重建。',
    en: 'This log has signed checkpoints, but the file “signed” of its directory is missing. Restore the directory as a whole, or make it anew with mingjing log recover from the newest checkpoint that is known outside.',
  });
