import { setImmediate as nextTurn } from 'node:timers/promises';
import { equalBytes } from '../../verification/bytes';
import { parseCheckpoint, type Checkpoint } from '../../verification/checkpoint';
import { formatNote, parseNote, type NoteSignature } from '../../verification/note';
import { hexKeyId } from '../../verification/verifier-key';
import { commitmentOf } from '../commitment/commitment';
import { keyUnknown, originChanged } from './log-keys';
import { LogCorrupt, type LogObject, type LogStorage } from './log-storage';
import { behindSigned, forked, genuine } from './recovery';
import type { SealerOptions } from './sealer';
import { TreeEdge } from './tree-edge';

const PAGE_EVENTS = 1024;

export type RebuildOptions = Pick<SealerOptions, 'store' | 'storage' | 'keys' | 'commitmentKey' | 'mark'> & {
  /** Events gone over, of twice as many as the checkpoint covers: once to compare, once to write. */
  readonly onProgress?: (done: number, total: number) => void;
};

/**
 * Makes a log that was lost, or fell behind its ledger, anew from the newest checkpoint that is known outside: tiles, entries and
 * the signed note. Nothing is written before the ledger has given the checkpoint's root. The next start publishes it, and goes on
 * from there; whoever gives an older checkpoint than the newest one that was signed makes the log fork.
 *
 * A crash leaves tiles that no note refers to, or the log made anew; it can be done again.
 * @param source the signed note, cosignatures or not
 * @throws Failure `log.key_unknown`, `log.origin_changed`, `log.behind_signed`, `log.forked`, `proof.*`: nothing was written
 */
export async function rebuildLog(options: RebuildOptions, source: string): Promise<Checkpoint> {
  const { keys, storage, mark, onProgress = () => {} } = options;
  const note = parseNote(source);
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== keys.origin) throw originChanged(checkpoint.origin, keys.origin);
  if (!(await keys.haveSigned(note))) throw keyUnknown();
  const head = await options.store.head();
  if (head < checkpoint.size) throw behindSigned(head, checkpoint.size);
  await assertNewest(options, checkpoint);
  const total = 2 * checkpoint.size;
  const compared = TreeEdge.empty();
  for (const { size, root } of [...(mark && mark !== 'lost' ? [mark] : []), checkpoint]) {
    await grow(options, compared, size, (done) => onProgress(done, total));
    if (!equalBytes(compared.root(), root)) throw forked(size);
  }
  const written = TreeEdge.empty();
  await grow(options, written, checkpoint.size, async (done, full) => {
    await writeAnew(storage, full);
    onProgress(checkpoint.size + done, total);
  });
  await writeAnew(storage, written.partials());
  const isOwn = ({ name, keyId }: NoteSignature): boolean =>
    keys.verifierKeys.some((line) => line.startsWith(`${name}+${hexKeyId({ keyId })}+`));
  const own = note.signatures.filter(isOwn); // witnesses are asked again
  await storage.fence(await storage.signed(), formatNote({ ...note, signatures: own }));
  return checkpoint;
}

/** Neither the mark nor what is left of the log may know of a later checkpoint, or of another of this size. */
async function assertNewest({ storage, keys, mark }: RebuildOptions, { size, root }: Checkpoint): Promise<void> {
  const known = mark && mark !== 'lost' ? [mark] : [];
  for (const left of [await storage.signed(), (await storage.read('checkpoint'))?.toString('utf8')]) {
    const note = await genuine(keys, left); // a damaged file is replaced
    if (note) known.push(parseCheckpoint(note.text));
  }
  for (const each of known) {
    if (each.size > size) throw behindSigned(size, each.size);
    if (each.size === size && !equalBytes(each.root, root)) throw forked(size);
  }
}

/** Grows a tree to the first `size` events; gives away the tiles that they fill. */
async function grow(
  { store, commitmentKey }: RebuildOptions,
  edge: TreeEdge,
  size: number,
  onPage: (done: number, full: readonly LogObject[]) => void | Promise<void>,
): Promise<void> {
  while (edge.size < size) {
    const limit = Math.min(PAGE_EVENTS, size - edge.size);
    const page = await store.readAll({ direction: 'forwards', from: edge.size + 1, limit });
    if (page.length === 0) throw behindSigned(edge.size, size);
    const full = page.flatMap((event) => edge.append(commitmentOf(event, commitmentKey).entry));
    await onPage(edge.size, full);
    await nextTurn();
  }
}

/** What is stored and differs is wrong: the root of these is the one that was signed. */
async function writeAnew(storage: LogStorage, objects: readonly LogObject[]): Promise<void> {
  for (;;) {
    try {
      return await storage.write(objects);
    } catch (error) {
      if (!(error instanceof LogCorrupt)) throw error;
      await storage.remove([error.path]);
    }
  }
}
