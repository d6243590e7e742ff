import { LogCorrupt, type LogObject, type LogStorage } from '../transparency/log-storage';
import { HASH_BYTES, leafHash } from '../transparency/merkle';
import { partialsPath, pathOf, TILE_WIDTH, type TileAddress } from '../transparency/tile-path';
import { entriesOf, readTile, widthOf } from '../transparency/tile-reader';
import { finding, type Finding } from './findings';

/** A tile or bundle as it is stored, with the partial forms of it that are still there. */
interface StoredTile {
  readonly address: TileAddress;
  /** Undefined when it is missing, or not of the length its name says. */
  readonly bytes: Buffer | undefined;
  readonly partials: readonly LogObject[];
}

/** What the log has of up to 256 leaves. */
export interface StoredLeaves {
  readonly hashes: StoredTile;
  readonly entries: StoredTile;
}

/** A leaf in which the ledger's event and the log's files contradict each other. */
export interface DisputedLeaf {
  readonly position: number;
  readonly paths: readonly string[];
}

export interface ComparedLeaves {
  /** Leaf hashes by the log's files; undefined where they say nothing. */
  readonly leaves: readonly (Buffer | undefined)[];
  readonly disputed: readonly DisputedLeaf[];
}

/** The stored tiles and bundles of a log, up to a size that was signed. */
export class LogFiles {
  /** What `leafAt` has read last. */
  private last: { readonly n: number; readonly leaves: readonly Buffer[] } | undefined;

  /** The first path that is not there, and how many are not. */
  private missing: { readonly path: string; readonly count: number } | undefined;

  constructor(
    private readonly storage: Pick<LogStorage, 'read' | 'list'>,
    readonly size: number,
    private readonly report: (...found: Finding[]) => void,
  ) {}

  /** What is stored of the leaves of tile `n`; undefined beyond the signed size. */
  async leaves(n: number): Promise<StoredLeaves | undefined> {
    if (n * TILE_WIDTH >= this.size) return undefined;
    const [hashes, entries] = await Promise.all([this.stored({ level: 0, n }), this.stored({ level: 'entries', n })]);
    return { hashes, entries };
  }

  /**
   * Holds stored leaves against those that the events give. A file of which one leaf is wrong while the other file agrees with
   * the event is reported; where both contradict the event, the leaf is disputed, which the signed roots will decide.
   */
  compareLeaves(stored: StoredLeaves, ours: readonly OurLeaf[]): ComparedLeaves {
    const { hashes, entries } = stored;
    const wanted = { hashes: hashTile(ours), entries: bundle(ours) };
    const same = wanted.hashes?.equals(hashes.bytes ?? EMPTY) && wanted.entries?.equals(entries.bytes ?? EMPTY);
    if (same) {
      this.comparePartials(hashes, [wanted.hashes!]);
      this.comparePartials(entries, [wanted.entries!]);
      return { leaves: ours.map(({ hash }) => hash), disputed: [] };
    }
    return this.compareOneByOne(stored, ours);
  }

  /** Holds a tile above the leaves against what it may be; more than one where ledger and log have parted. */
  async compareTile({ level, n }: Omit<TileAddress, 'width'>, allowed: readonly Buffer[]): Promise<void> {
    const tile = await this.stored({ level, n });
    if (tile.bytes && !allowed.some((bytes) => bytes.equals(tile.bytes!))) this.changed(tile);
    this.comparePartials(tile, allowed);
  }

  /** What is missing, in one finding: a folder that is gone is one loss. */
  findings(): Finding[] {
    return this.missing ? [finding('file_missing', this.missing)] : [];
  }

  /** The leaf hash of a position; by its entry where the tile is missing. What is wrong with the files has been told. */
  async leafAt(position: number): Promise<Buffer | undefined> {
    if (position > this.size) return undefined;
    const n = Math.floor((position - 1) / TILE_WIDTH);
    if (this.last?.n !== n) this.last = { n, leaves: await this.leafHashes(n) };
    return this.last.leaves[(position - 1) % TILE_WIDTH];
  }

  private async leafHashes(n: number): Promise<Buffer[]> {
    const width = widthOf(0, n, this.size);
    const silently = (): undefined => undefined;
    const hashes = await readTile(this.storage, { level: 0, n, width }).catch(silently);
    if (hashes) return Array.from({ length: width }, (_, i) => hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
    const entries = await readTile(this.storage, { level: 'entries', n, width }).catch(silently);
    return entries ? entriesOf(entries, '').map(leafHash) : [];
  }

  private compareOneByOne({ hashes, entries }: StoredLeaves, ours: readonly OurLeaf[]): ComparedLeaves {
    const first = hashes.address.n * TILE_WIDTH + 1;
    const theirEntries = entries.bytes && entriesOf(entries.bytes, pathOf(entries.address));
    const disputed: DisputedLeaf[] = [];
    const changed = new Map<StoredTile, number>();
    const leaves = ours.map(({ entry, hash }, i) => {
      const position = first + i;
      const tileHash = hashes.bytes?.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);
      const theirEntry = theirEntries?.[i];
      const entryHash = theirEntry && leafHash(theirEntry);
      const tileFits = !tileHash || (hash !== undefined && tileHash.equals(hash));
      const bundleFits = !theirEntry || (entry !== undefined && theirEntry.equals(entry));
      if (tileFits && bundleFits) return hash;
      const apart = tileHash && entryHash && !tileHash.equals(entryHash);
      // Where neither fits it is the bundle that is told of: the tile is what the signed root rests on.
      const wrong = bundleFits ? hashes : entries;
      if (apart && !changed.has(wrong)) changed.set(wrong, position);
      if (apart && (tileFits || bundleFits)) return hash;
      if (entry) disputed.push({ position, paths: [hashes, entries].map(({ address }) => pathOf(address)) });
      return tileHash ?? entryHash;
    });
    if (theirEntries && theirEntries.length !== ours.length && !changed.has(entries)) this.changed(entries);
    for (const [tile, position] of changed) this.changed(tile, position);
    const theirs = leaves.every((leaf) => leaf !== undefined) ? [Buffer.concat(leaves as Buffer[])] : [];
    const ourHashes = hashTile(ours);
    this.comparePartials(hashes, ourHashes ? [ourHashes, ...theirs] : theirs);
    const bundles = [bundle(ours), entries.bytes].filter((bytes) => bytes !== undefined);
    this.comparePartials(entries, bundles);
    return { leaves, disputed };
  }

  /** Partial forms are the beginning of what the tile is now. */
  private comparePartials(tile: StoredTile, allowed: readonly Buffer[]): void {
    for (const { path, bytes } of tile.partials) {
      const fits = allowed.some((whole) => whole.subarray(0, bytes.length).equals(bytes));
      if (!fits && allowed.length > 0) this.report(finding('file_changed', { path }));
    }
  }

  private changed({ address }: StoredTile, position?: number): void {
    this.report(finding('file_changed', { path: pathOf(address), ...(position && { position }) }));
  }

  private async stored({ level, n }: Omit<TileAddress, 'width'>): Promise<StoredTile> {
    const address = { level, n, width: widthOf(level, n, this.size) };
    return { address, bytes: await this.read(address), partials: await this.partials(address) };
  }

  private async read(address: TileAddress): Promise<Buffer | undefined> {
    try {
      const bytes = await readTile(this.storage, address);
      if (!bytes) this.missing = { path: pathOf(address), ...this.missing, count: (this.missing?.count ?? 0) + 1 };
      return bytes;
    } catch (error) {
      if (!(error instanceof LogCorrupt)) throw error;
      this.report(finding('file_changed', { path: error.path }));
      return undefined;
    }
  }

  /** Partial forms narrower than the tile is now. Those that go while they are read have a full one. */
  private async partials({ level, n, width }: TileAddress): Promise<LogObject[]> {
    const names = await this.storage.list(partialsPath({ level, n }));
    const found: LogObject[] = [];
    for (const name of names) {
      const address = { level, n, width: Number(name) };
      if (!/^[1-9][0-9]{0,2}$/.test(name) || address.width >= width) continue;
      const bytes = await this.storage.read(pathOf(address));
      if (bytes && lengthFits(bytes, address)) found.push({ path: pathOf(address), bytes });
      else if (bytes) this.report(finding('file_changed', { path: pathOf(address) }));
    }
    return found;
  }
}

/** What an event gives; undefined for one that is damaged or not there. */
export interface OurLeaf {
  readonly entry: Buffer | undefined;
  readonly hash: Buffer | undefined;
}

const EMPTY = Buffer.alloc(0);
const ENTRY_LENGTH = Buffer.of(0, HASH_BYTES);

/** The tile of leaves; undefined when one is not known. */
function hashTile(leaves: readonly OurLeaf[]): Buffer | undefined {
  const hashes = leaves.flatMap(({ hash }) => hash ?? []);
  return hashes.length === leaves.length ? Buffer.concat(hashes) : undefined;
}

/** The bundle of entries (C2SP tlog-tiles); undefined when one is not known. */
function bundle(leaves: readonly OurLeaf[]): Buffer | undefined {
  const entries = leaves.flatMap(({ entry }) => (entry ? [ENTRY_LENGTH, entry] : []));
  return entries.length === 2 * leaves.length ? Buffer.concat(entries) : undefined;
}

const lengthFits = (bytes: Buffer, { level, width }: TileAddress): boolean =>
  bytes.length === width * (HASH_BYTES + (level === 'entries' ? ENTRY_LENGTH.length : 0));
