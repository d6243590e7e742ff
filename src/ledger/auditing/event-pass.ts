import { HASH_BYTES, leafHash } from '../transparency/merkle';
import { TILE_WIDTH } from '../transparency/tile-path';
import type { AuditedLedger } from './audited-ledger';
import type { Facts, Findings } from './findings';
import { ForkedTree, GrowingTree, type FullTile } from './growing-tree';
import type { Held, HeldCheckpoint, HeldEntry } from './held-checkpoints';
import type { DisputedLeaf, LogFiles, OurLeaf } from './log-files';
import type { MirrorLeaves } from './mirror-leaves';
import { identityOf, type DerivedPage } from './stored-events';
import type { WitnessedTimes } from './witnessed-times';

/** Events that are read together: whole tiles. */
export const PAGE_EVENTS = 4 * TILE_WIDTH;

const MAX_DISPUTED = 1000;
/** Positions looked at beyond the last row that there is. A forged size, or a row at a far position, must not keep a check busy for ever. */
export const MAX_BEYOND = 1_000_000;
const NO_LEAF = Buffer.alloc(HASH_BYTES);

export interface EventPassOptions {
  readonly events: Pick<AuditedLedger, 'at'>;
  /** What is derived of the events after `tree`, up to `head`, `PAGE_EVENTS` at a time. */
  readonly pages: AsyncIterator<DerivedPage, void>;
  /** The last position of the ledger. */
  readonly head: number;
  /** The files of the log, up to the size that it has signed. */
  readonly files: LogFiles | undefined;
  readonly mirror: { readonly leaves: MirrorLeaves; readonly checkpoint: HeldCheckpoint } | undefined;
  readonly held: Held;
  readonly times: WitnessedTimes;
  readonly findings: Findings;
  /** Where an earlier check has stopped. */
  readonly tree: GrowingTree;
}

/**
 * One reading of the ledger from the first event to the last. Of each it derives the entry and grows the tree; beside
 * it grow the tree of what the log's own files say and that of a mirror, which are the same until they differ. At every size of
 * which there is a checkpoint, the roots are put beside it. Who is right is for the verdict.
 */
export class EventPass {
  /** Leaves in which the log's files contradict the events; the first `MAX_DISPUTED` of them. */
  readonly disputed: DisputedLeaf[] = [];
  disputedCount = 0;
  /** Entries that are not those of a proof. */
  readonly contradictedProofs: HeldEntry[] = [];
  /** The first position whose leaf is another in the mirror. */
  mirrorDiffersAt: number | undefined;
  /** Whether the mirror's own leaves give the root of its checkpoint; undefined: it was not reached. */
  mirrorFits: boolean | undefined;
  private readonly tree: GrowingTree;
  private readonly logTree: ForkedTree;
  private readonly mirrorTree: ForkedTree;
  private readonly proofs: ReadonlyMap<number, readonly HeldEntry[]>;
  private nextCheckpoint = 0;
  /** Checkpoints whose root is not what was derived. */
  private misfits = 0;

  constructor(private readonly options: EventPassOptions) {
    const { tree, held } = options;
    this.tree = tree;
    this.logTree = new ForkedTree(tree);
    this.mirrorTree = new ForkedTree(tree);
    this.proofs = byPosition(held.entries);
    this.judgeCheckpoints();
  }

  /** How far there is anything to look at: the log, or the mirror, may be longer than the ledger, or claim to be. */
  get end(): number {
    const { head, files, mirror } = this.options;
    return Math.min(Math.max(head, files?.size ?? 0, mirror?.checkpoint.size ?? 0), head + MAX_BEYOND);
  }

  /** Positions that are done with. */
  get position(): number {
    return this.tree.size;
  }

  /** Whether nothing was out of order so far. */
  get clean(): boolean {
    const { times, files, findings } = this.options;
    const told = [...findings.all(), ...(files?.findings() ?? []), ...times.findings()];
    const contradicted = this.disputedCount > 0 || this.mirrorDiffersAt !== undefined || this.misfits > 0;
    return !contradicted && this.contradictedProofs.length === 0 && told.every(({ severity }) => severity === 'note');
  }

  /** Goes on by a page of events. */
  async advance(): Promise<void> {
    const { pages, files, mirror, findings } = this.options;
    const first = this.position + 1;
    const last = Math.min(first + PAGE_EVENTS - 1, this.end);
    const tiles = Array.from({ length: Math.ceil((last - first + 1) / TILE_WIDTH) }, (_, i) => this.tileOf(first) + i);
    // The disk is read while the processor derives.
    const stored = Promise.all(tiles.map(async (n) => files?.leaves(n)));
    const mirrored = Promise.all(tiles.map(async (n) => mirror?.leaves.leaves(n, mirror.checkpoint.size)));
    const page = (await pages.next()).value;
    findings.add(...(page?.findings ?? []));
    const [storedTiles, mirrorTiles] = [await stored, await mirrored];
    for (const [i] of tiles.entries()) {
      const from = i * TILE_WIDTH;
      const events = Array.from({ length: Math.min(TILE_WIDTH, last - this.position) }, (_, at) =>
        ourEvent(page, from + at),
      );
      await this.addTile(events, storedTiles[i], mirrorTiles[i]);
    }
  }

  private tileOf(position: number): number {
    return Math.floor((position - 1) / TILE_WIDTH);
  }

  private async addTile(
    events: readonly OurEvent[],
    stored: Awaited<ReturnType<LogFiles['leaves']>>,
    mirrored: Buffer | undefined,
  ): Promise<void> {
    const { files } = this.options;
    const sealed = Math.min(events.length, (files?.size ?? 0) - this.position);
    const compared = stored && files?.compareLeaves(stored, events.slice(0, sealed));
    for (const each of compared?.disputed ?? []) this.dispute(each);
    for (let i = 0; i < events.length; i++) {
      const end = (i + 1) * HASH_BYTES;
      const mirror = mirrored && mirrored.length >= end ? mirrored.subarray(end - HASH_BYTES, end) : undefined;
      const pending = this.addLeaf(events[i], compared?.leaves[i], mirror);
      if (pending) await pending;
    }
  }

  /** Adds the next leaf; there is something to wait for only now and then. */
  private addLeaf(
    { entry, hash, recordedAtMs }: OurEvent,
    log: Buffer | undefined,
    mirror: Buffer | undefined,
  ): Promise<void> | undefined {
    const position = this.position + 1;
    // In the place of an event that is damaged, and told of, stands what others have of it: the roots speak of the rest then.
    const leaf = hash ?? log ?? mirror ?? NO_LEAF;
    if (mirror && hash && !mirror.equals(hash)) this.mirrorDiffersAt ??= position;
    const logFull = this.logTree.append(log ?? leaf, leaf);
    this.mirrorTree.append(mirror ?? leaf, leaf);
    const full = this.tree.append(leaf);
    for (const proof of this.proofs.get(position) ?? []) {
      if (entry && !proof.entry.equals(entry)) this.contradictedProofs.push(proof);
    }
    this.judgeCheckpoints();
    const suspect = this.options.times.look(position, recordedAtMs, () => this.identity(position));
    const above = this.tilesAbove(full, logFull);
    return suspect || above.length > 0 ? both(suspect, this.compareTiles(above)) : undefined;
  }

  private dispute(leaf: DisputedLeaf): void {
    this.disputedCount += 1;
    if (this.disputed.length < MAX_DISPUTED) this.disputed.push(leaf);
  }

  private async identity(position: number): Promise<Facts> {
    return identityOf(await this.options.events.at(position));
  }

  /** The tiles above the leaves that have become full, or that are partial at the signed size, each as both trees have it. */
  private tilesAbove(full: readonly FullTile[], logFull: readonly FullTile[]): FullTile[][] {
    const size = this.options.files?.size ?? 0;
    if (this.position > size) return [];
    const tiles = full
      .filter(({ level }) => level > 0)
      .map((tile) => [tile, ...logFull.filter(({ level }) => level === tile.level)]);
    if (this.position < size) return tiles;
    for (let level = 1; level < this.tree.levels; level++) {
      const n = Math.floor(size / TILE_WIDTH ** (level + 1));
      const bytes = [this.tree.partial(level), this.logTree.partial(level)];
      if (bytes[0].length > 0) tiles.push(bytes.map((each) => ({ level, n, bytes: each })));
    }
    return tiles;
  }

  private async compareTiles(tiles: readonly FullTile[][]): Promise<void> {
    for (const tile of tiles) {
      await this.options.files!.compareTile(
        tile[0],
        tile.map(({ bytes }) => bytes),
      );
    }
  }

  /** Puts the roots of this size beside the checkpoints of this size. */
  private judgeCheckpoints(): void {
    const { held, files, head, mirror } = this.options;
    const size = this.position;
    let roots: { ledger: string; log: string } | undefined;
    for (; this.nextCheckpoint < held.checkpoints.length; this.nextCheckpoint++) {
      const checkpoint = held.checkpoints[this.nextCheckpoint];
      if (checkpoint.size > size) return;
      if (checkpoint.size < size) {
        checkpoint.ledger = checkpoint.log = true; // by the earlier check that this one goes on from
        if (mirror?.checkpoint === checkpoint) this.mirrorFits = true;
        continue;
      }
      roots ??= this.roots();
      checkpoint.found = roots.ledger;
      if (size <= head) checkpoint.ledger = roots.ledger === checkpoint.root;
      if (files && size <= files.size) checkpoint.log = roots.log === checkpoint.root;
      if (checkpoint.ledger === false || checkpoint.log === false) this.misfits += 1;
      if (mirror?.checkpoint === checkpoint)
        this.mirrorFits = this.mirrorTree.root.toString('base64') === checkpoint.root;
    }
  }

  private roots(): { ledger: string; log: string } {
    const ledger = this.tree.root.toString('base64');
    return { ledger, log: this.logTree.isOwn ? this.logTree.root.toString('base64') : ledger };
  }
}

/** An event of the ledger as far as it is known. */
interface OurEvent extends OurLeaf {
  /** NaN when it is not known. */
  readonly recordedAtMs: number;
}

const NO_EVENT: OurEvent = { entry: undefined, hash: undefined, recordedAtMs: NaN };

/** The event at a place of a page. */
function ourEvent(page: DerivedPage | void, i: number): OurEvent {
  if (!page || i >= page.known.length) return NO_EVENT;
  const recordedAtMs = page.recordedAtMs[i];
  if (page.known[i] === 0) return { ...NO_EVENT, recordedAtMs };
  const entry = Buffer.from(page.entries.buffer, i * HASH_BYTES, HASH_BYTES);
  return { entry, hash: leafHash(entry), recordedAtMs };
}

function byPosition(entries: readonly HeldEntry[]): ReadonlyMap<number, readonly HeldEntry[]> {
  const found = new Map<number, HeldEntry[]>();
  for (const entry of entries) found.set(entry.position, [...(found.get(entry.position) ?? []), entry]);
  return found;
}

async function both(...work: readonly (Promise<void> | undefined)[]): Promise<void> {
  for (const each of work) await each;
}
