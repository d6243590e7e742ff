import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Failure, type Bilingual } from '../../kernel/errors';
import type { Clock, Instant } from '../../kernel/time';
import { formatCheckpoint } from '../../verification/checkpoint';
import { verifyConsistency } from '../../verification/merkle-proof';
import { formatNote, parseNote, parseSignatureLine } from '../../verification/note';
import { commitmentOf } from '../commitment/commitment';
import type { EventStore } from '../event-store';
import type { LogKeys } from './log-keys';
import { LogCorrupt, type LogObject, type LogStorage } from './log-storage';
import { LogProver } from './prover';
import { behindSigned, publishVerifierKeys, recover, type KnownMark } from './recovery';
import { partialsPath, TILE_WIDTH } from './tile-path';
import type { TreeEdge } from './tree-edge';

/** What one witness did not do. */
export interface WitnessTrouble extends Bilingual {
  readonly witness: string;
  /** Stable, such as `witness.unreachable`. */
  readonly code: string;
  /**
   * The witness says that it has cosigned what cannot be on the way to this note: a larger size, or another root. If so, the
   * data here are an old backup, or somebody else signs with the log's key; if not, the witness lies.
   */
  readonly conflict?: boolean;
}

/** Those who cosign checkpoints (C2SP tlog-witness), with the policy of how many it takes. Implemented by `witness-client.ts`. */
export interface Witnesses {
  /**
   * Asks for cosignatures of a note, within the witnesses' timeout; does not throw for what a witness does.
   * @param note the signed note, with the cosignatures that it has already
   * @param consistency the proof from an older size to the note's (RFC 6962 §2.1.2)
   */
  collect(note: string, consistency: (oldSize: number) => Promise<Buffer[]>): Promise<Collected>;

  /** Those of a note's signature lines that are cosignatures of these witnesses and hold. */
  cosignaturesOn(note: string): Promise<readonly string[]>;
}

export interface Collected {
  /** Verified signature lines, `— name base64`. */
  readonly cosignatures: readonly string[];
  /** Whether the cosignatures on the note and these together meet the policy's quorum. */
  readonly met: boolean;
  /**
   * Whether the witnesses in conflict would be a quorum by themselves, as one is under `quorum none`: then the history that they
   * say they know may well be published.
   */
  readonly contested?: boolean;
  /** Empty when every witness has cosigned. */
  readonly troubles: readonly WitnessTrouble[];
}

export interface SealerOptions {
  /** The events as they are stored: nothing decrypted, nothing brought to a newer version. */
  readonly store: Pick<EventStore, 'head' | 'readAll'>;
  readonly storage: LogStorage;
  readonly keys: LogKeys;
  readonly commitmentKey: Buffer;
  readonly clock: Clock;
  /** An event is under a published checkpoint at most this long after it was appended, while the machine keeps up. */
  readonly intervalMs: number;
  readonly witnesses?: Witnesses;
  /** What the log is known to have signed. */
  readonly mark?: KnownMark;
}

/** The newest published checkpoint, and what is not as it should be. */
export interface Sealed {
  /** Leaves, and so the position of the last event that it covers. */
  readonly size: number;
  /** 32 bytes, base64. */
  readonly root: string;
  /** The signed note as it was published, cosignatures included. */
  readonly note: string;
  /** When this sealer published it, or found it published. */
  readonly sealedAt: Instant;
  /** Empty when every witness has cosigned. */
  readonly troubles: readonly WitnessTrouble[];
}

/** Leaves that one checkpoint adds at most: a backlog becomes visible piece by piece, and memory stays small. */
export const MAX_BATCH_LEAVES = 64 * TILE_WIDTH;
const PAGE_EVENTS = 128;
/** Between two looks at the ledger's head. */
const POLL_MS = 50;
/** Before the witnesses that have not cosigned are asked again: at first, and at most. */
const MIN_RETRY_MS = 1000;
const MAX_RETRY_MS = 60_000;

/**
 * Makes the ledger's order public: tiles and entries, then a signed checkpoint. One call at a time.
 *
 * Nothing in the order of a batch may change places: tiles durable, fence, witnesses, publication. After an error the sealer
 * is of no further use; `open` finds out from the storage alone what is true.
 */
export class Sealer {
  private readonly prover: LogProver;
  /** The newest signed note, with the cosignatures that it has got; undefined before the first. */
  private note: string | undefined;
  /** Whether `note` has been published with its quorum, since this start. */
  private confirmed = false;
  private published: Sealed | undefined;
  private troubles: readonly WitnessTrouble[] = [];
  /** Sizes of the last publication and of the one before it. */
  private sizes: readonly [before: number, last: number];

  private constructor(
    private readonly options: SealerOptions,
    /** The right edge of the signed tree: all that memory holds of the log. */
    private edge: TreeEdge,
    /** The newest signed note as it was fenced. */
    private signed: string | undefined,
    /** What readers see. */
    private checkpoint: string | undefined,
    /** Cosignatures of `signed` that were published. */
    cosignatures: readonly string[],
  ) {
    this.prover = new LogProver(options.storage);
    this.note = signed && withCosignatures(signed, cosignatures);
    this.sizes = [Math.max(0, edge.size - MAX_BATCH_LEAVES - TILE_WIDTH), edge.size];
  }

  /**
   * Takes the log up where it was left, by a clean end or by a crash at any line.
   * @throws Failure `log.behind_signed`, `log.forked`, `log.origin_changed`, `log.key_unknown`, `log.signed_lost`,
   *   `log.corrupt`: the storage and the ledger contradict each other, and nothing is published
   */
  static async open(options: SealerOptions): Promise<Sealer> {
    const { edge, signed, checkpoint } = await recover(options);
    await publishVerifierKeys(options);
    // Of the published file only what holds: it may be damaged, and is published again if it is not this.
    const shown = signed && checkpoint && isSameText(checkpoint, signed) ? checkpoint : undefined;
    const cosignatures = shown ? await options.witnesses?.cosignaturesOn(shown) : undefined;
    return new Sealer(options, edge, signed, checkpoint, cosignatures ?? []);
  }

  /**
   * Seals all that the ledger holds, batch by batch, each with its own checkpoint, until the signal aborts. Returns the newest
   * published checkpoint: undefined, or one that lags, while the witnesses' quorum is not met.
   */
  async sealOnce(signal?: AbortSignal, onSealed: (sealed: Sealed) => void = () => {}): Promise<Sealed | undefined> {
    for (;;) {
      // Also after a start, before anything new is signed: the witnesses, unlike our own disk, may know of a later note.
      if (this.note !== undefined && !this.confirmed) {
        if (!(await this.publish(this.note))) break;
        onSealed(this.published!);
      }
      if (signal?.aborted || !(await this.sign())) break;
    }
    return this.published;
  }

  /**
   * Seals whenever there are events, until the signal aborts.
   * @throws whatever `sealOnce` throws: then open another sealer, after a pause
   */
  async run(
    signal: AbortSignal,
    onSealed: (sealed: Sealed) => void,
    onHeld: (troubles: readonly WitnessTrouble[]) => void,
  ) {
    let retryMs = MIN_RETRY_MS;
    while (!signal.aborted) {
      const started = performance.now();
      await this.sealOnce(signal, onSealed);
      if (!this.confirmed) onHeld(this.troubles);
      retryMs = this.troubles.length === 0 ? MIN_RETRY_MS : Math.min(2 * retryMs, MAX_RETRY_MS);
      // An event that just missed this batch waits for half the interval and then for its own batch.
      await pause(this.options.intervalMs / 2 - (performance.now() - started), signal);
      await this.somethingToDo(this.troubles.length === 0 ? Infinity : retryMs, signal);
    }
  }

  /** Signs a checkpoint that covers the next events. False when there are none and something was signed before. */
  private async sign(): Promise<boolean> {
    const { store, storage, keys } = this.options;
    const edge = this.edge.copy();
    const head = await store.head();
    if (head < edge.size) throw behindSigned(head, edge.size);
    if (head === edge.size && this.signed !== undefined) return false;
    const full = await this.appendTo(edge, Math.min(head, edge.size + MAX_BATCH_LEAVES));
    // A crash before the fence leaves tiles that no note refers to. The next start writes them again, with the same bytes,
    // for the events they stand for cannot change.
    await storage.write([...full, ...edge.partials(this.edge.size)]);
    const note = keys.signedNote(formatCheckpoint({ origin: keys.origin, size: edge.size, root: edge.root() }));
    // From here on this note exists: whatever happens, the next start begins with it, and with no other of its size. Until
    // here nobody has seen it.
    await storage.fence(this.signed, note);
    this.edge = edge;
    this.signed = this.note = note;
    this.confirmed = false;
    return true;
  }

  /** Adds the events up to a position; gives the tiles and bundles that they fill. */
  private async appendTo(edge: TreeEdge, last: number): Promise<LogObject[]> {
    const { store, commitmentKey } = this.options;
    const full: LogObject[] = [];
    while (edge.size < last) {
      const limit = Math.min(PAGE_EVENTS, last - edge.size);
      const page = await store.readAll({ direction: 'forwards', from: edge.size + 1, limit });
      if (page.length === 0) throw behindSigned(edge.size, last);
      for (const event of page) full.push(...edge.append(commitmentOf(event, commitmentKey).entry));
      await nextTurn(); // where the sealer has no thread of its own, a long batch leaves turns to others
    }
    return full;
  }

  /** Gets cosignatures of the newest signed note and shows it to readers. False, and nothing is shown, without a quorum. */
  private async publish(signed: string): Promise<boolean> {
    const { storage, clock } = this.options;
    const size = this.edge.size;
    const { met, contested, troubles, note } = await this.cosigned(signed);
    // A crash here: witnesses know a note that readers do not. The next start publishes it, with their cosignatures anew.
    this.note = note;
    this.troubles = troubles;
    // Once others are a quorum, a conflict is the word of one witness, without evidence: an alarm, and no more, or a witness that
    // lies could hold the log for ever. After a start the data may be an old backup: then those who contradict are believed
    // where they could have been a quorum.
    const conflict = troubles.find((trouble) => trouble.conflict);
    if (conflict && (!met || (contested && !this.published))) throw witnessConflict(conflict);
    if (!met) return false;
    if (note !== this.checkpoint) await storage.publish(note);
    this.checkpoint = note;
    this.confirmed = true;
    this.published = {
      size,
      root: this.edge.root().toString('base64'),
      note,
      sealedAt: clock.now(),
      troubles,
    };
    // Partial tiles go one publication after their full tile came, for those who have just read the checkpoint before. A
    // crash leaves some of them; the next start goes over the last batch again.
    const [before, last] = this.sizes;
    await storage.remove(partialsCompleted(before, last));
    if (size > last) this.sizes = [last, size];
    return true;
  }

  private async cosigned(signed: string): Promise<Omit<Collected, 'cosignatures'> & { note: string }> {
    const { witnesses } = this.options;
    if (!witnesses) return { note: signed, met: true, troubles: [] };
    const collected = await witnesses.collect(signed, (oldSize) => this.consistency(oldSize));
    return { ...collected, note: withCosignatures(signed, collected.cosignatures) };
  }

  /** The proof from an older size, verified: what a damaged tile gives would look to a witness like another history. */
  private async consistency(oldSize: number): Promise<Buffer[]> {
    const newSize = this.size;
    const proof = await this.prover.consistencyProof(oldSize, newSize);
    if (oldSize === 0) return proof;
    const oldRoot = await this.prover.root(oldSize, newSize);
    const claim = { oldSize: BigInt(oldSize), oldRoot, newSize: BigInt(newSize), newRoot: this.edge.root(), proof };
    await verifyConsistency(claim).catch(() => {
      throw new LogCorrupt('tile', `the tiles do not give a proof from ${oldSize} to ${newSize}`);
    });
    return proof;
  }

  /** Size of the newest signed note. */
  get size(): number {
    return this.edge.size;
  }

  /** Waits for events, or, where cosignatures are missing, for the time to ask for them again. */
  private async somethingToDo(retryMs: number, signal: AbortSignal): Promise<void> {
    const retryAt = performance.now() + retryMs;
    while (!signal.aborted && performance.now() < retryAt) {
      // Without a quorum for the last checkpoint there is none for a next one: events wait.
      if (this.confirmed && (await this.options.store.head()) > this.size) return;
      await pause(POLL_MS, signal);
    }
    this.confirmed = false;
  }
}

/** Folders of partial tiles whose full tile came between two sizes. */
function partialsCompleted(before: number, after: number): string[] {
  const folders: string[] = [];
  for (let level = 0; TILE_WIDTH ** level <= after; level++) {
    const leaves = TILE_WIDTH ** (level + 1);
    for (let n = Math.floor(before / leaves); n < Math.floor(after / leaves); n++) {
      folders.push(partialsPath({ level, n }));
      if (level === 0) folders.push(partialsPath({ level: 'entries', n }));
    }
  }
  return folders;
}

/** The note with further cosignatures; a newer one by the same key takes the place of the older. */
function withCosignatures(source: string, lines: readonly string[]): string {
  const { text, signatures } = parseNote(source);
  const added = lines.map((line) => parseSignatureLine(line.trimEnd()));
  const kept = signatures.filter((old) => !added.some(({ name, keyId }) => name === old.name && keyId === old.keyId));
  return formatNote({ text, signatures: [...kept, ...added] });
}

function isSameText(shown: string, signed: string): boolean {
  try {
    return parseNote(shown).text === parseNote(signed).text;
  } catch {
    return false; // a damaged file
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined);
}

const witnessConflict = ({ witness, zh, en }: WitnessTrouble): Failure =>
  new Failure('unavailable', 'log.witness_conflict', {
    zh: `见证人 ${witness} 称见证过与本日志不一致的检查点，停止发布：${zh} 查明系该见证人有误的，将其从见证策略中删去。`,
    en: `The witness ${witness} says that it has cosigned a checkpoint that contradicts this log; nothing more is published: ${en} If it is found to be wrong, take it out of the witnesses’ policy.`,
  });
