import { join } from 'node:path';
import { Failure } from '../kernel/errors';
import { systemClock, type Clock, type Instant } from '../kernel/time';
import { EMPTY_ROOT } from '../ledger/transparency/merkle';
import { parseTilePath } from '../ledger/transparency/tile-path';
import type { Policy } from '../verification/policy';
import { verifyCheckpoint, type VerifiedCheckpoint } from '../verification/verify-proof';
import { consistent, finding, worst, type Finding, type FindingCode, type Look } from './findings';
import { LogReader, type LogReaderOptions } from './log-reader';
import { Mirror, type OnTiles } from './mirror';
import { EvidenceFolder, filesUnder, recording } from './monitor-evidence';
import { MonitorStore, type SeenCheckpoint } from './monitor-store';
import { firstDifference, TileFault, VerifiedTree, type TileSource } from './verified-tree';

export interface MonitorOptions extends LogReaderOptions {
  /** What stands before `/checkpoint`. */
  readonly url: string;
  /** The log's key, and whose cosignatures are expected. */
  readonly policy: Policy;
  readonly directory: string;
  /** Without a newer checkpoint for so long the log is called frozen; 0 never. */
  readonly frozenAfterHours?: number;
  /** Tiles that one look copies at most. */
  readonly tilesPerLook?: number;
  readonly clock?: Clock;
  readonly onTiles?: OnTiles;
}

const FROZEN_AFTER_HOURS = 72;

/**
 * What an outsider runs: follows a log, keeps every checkpoint it has signed and a mirror of its tree, and tells when it shows
 * another history than before.
 *
 * Keeps in its directory: `monitor.db` (checkpoints), `mirror/` (tiles, as the log has them), `evidence/` (a folder a finding).
 * A look that ends half-way, by a crash or by the log going away, is taken up by the next.
 */
export class Monitor {
  private readonly reader: LogReader;
  private readonly evidence: EvidenceFolder;

  private constructor(
    private readonly options: MonitorOptions,
    private readonly store: MonitorStore,
    private readonly mirror: Mirror,
  ) {
    this.reader = new LogReader(options.url, options);
    this.evidence = new EvidenceFolder(join(options.directory, 'evidence'), options.url);
  }

  /** @throws Failure `monitor.locked` when another process has the directory */
  static async open(options: MonitorOptions): Promise<Monitor> {
    const store = MonitorStore.open(options.directory);
    try {
      return new Monitor(options, store, await Mirror.open(join(options.directory, 'mirror')));
    } catch (error) {
      store.close();
      throw error;
    }
  }

  /** Looks at the log once. Throws only what is wrong with this machine, or the signal. */
  async look(): Promise<Look> {
    const findings: Finding[] = [];
    const at = this.now();
    const found = await this.received(findings);
    if (found) await this.compare(found, findings);
    const { origin, size, root } = found?.verified.checkpoint ?? {};
    return {
      at,
      url: this.options.url,
      ...(root && { origin, size, root: Buffer.from(root).toString('base64') }),
      severity: worst(findings),
      findings,
    };
  }

  async close(): Promise<void> {
    await this.mirror.close();
    this.store.close();
  }

  /** The checkpoint that the log shows now, when it is one of this log, signed by a key of the policy. */
  private async received(findings: Finding[]): Promise<Received | undefined> {
    let note: string | undefined;
    try {
      note = (await this.reader.read('checkpoint'))?.toString('utf8');
      if (note === undefined) findings.push(finding('unreachable', `${this.options.url}/checkpoint (404)`));
      return note === undefined ? undefined : { note, verified: await verifyCheckpoint(note, this.options.policy) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const about = error.detail;
      if (note === undefined) return void findings.push(finding('unreachable', about));
      // Such a note binds no log, but that it was shown may matter to somebody.
      const files = { 'received.checkpoint': note };
      return void findings.push(await this.evidence.finding(codeOfNote(error), about, { id: note, files }));
    }
  }

  /** Compares a checkpoint with all that was seen before, and takes what is new into the mirror. */
  private async compare({ note, verified }: Received, findings: Finding[]): Promise<void> {
    const { origin, size, root } = verified.checkpoint;
    const followed = this.store.origin(origin);
    if (followed !== origin) return void findings.push(finding('other_log', `${origin} ≠ ${followed}`));
    if (!verified.met) findings.push(finding('quorum_not_met', cosignersOf(verified, this.options.policy)));
    const largest = this.store.largest();
    // Kept before anything else is asked of the log: should it be gone at the next look, its signature is not.
    const seen = this.store.add({ size, root: Buffer.from(root), note, seenAt: this.now() });
    const judged = (): Promise<Finding> => this.judged(seen, largest);
    // What disagrees is asked for once more: a cache on the way may have given an answer that was not whole.
    const again = (error: unknown): Promise<Finding> => (isDisagreement(error) ? judged() : Promise.reject(error));
    findings.push(
      await judged()
        .catch(again)
        .catch((error: unknown) => this.fault(error, seen)),
    );
    const frozen = this.frozenSince(verified);
    if (frozen) findings.push(finding('frozen', frozen));
  }

  private async judged(seen: SeenCheckpoint, largest: SeenCheckpoint | undefined): Promise<Finding> {
    const mirrored = this.store.mirrored();
    const contradiction = await this.contradiction(seen, mirrored);
    if (contradiction) {
      const { kept, outside } = contradiction;
      const [mirror, log] = [this.mirror.source, this.reader];
      const fork = await this.evidence.fork({ kept, received: seen, mirrored, mirror, log });
      if (outside) this.store.mark(outside, 'contradicts'); // after the evidence: a crash between them finds it again
      return fork;
    }
    if (!largest || largest.size <= seen.size) return consistent(seen.size, mirrored === undefined);
    const files = { 'kept.checkpoint': largest.note, 'received.checkpoint': seen.note };
    return this.evidence.finding('rollback', `${seen.size} < ${largest.size}`, { id: largest.note + seen.note, files });
  }

  /** What this checkpoint contradicts; undefined when it fits, and then the mirror reaches as far as it does. */
  private async contradiction(
    seen: SeenCheckpoint,
    mirrored: SeenCheckpoint | undefined,
  ): Promise<Contradiction | undefined> {
    const other = this.store.ofOtherRoot(seen);
    const ours = await this.mirror.tree(mirrored ?? NOTHING);
    if (mirrored && seen.size <= mirrored.size) {
      const fits = (await ours.rootAt(seen.size)).equals(seen.root);
      if (!fits) return { kept: other ?? mirrored, outside: seen };
      this.store.mark(seen, 'fits');
      return other && { kept: other };
    }
    if (other) return { kept: other }; // whatever the tiles are
    const theirs = await VerifiedTree.open(this.reader, seen.size, seen.root);
    if (mirrored && (await firstDifference(ours, theirs)) !== undefined) return { kept: mirrored, outside: seen };
    const since = mirrored?.size ?? 0;
    const { onTiles = () => undefined, tilesPerLook } = this.options;
    if (!(await this.mirror.copy(theirs, since, onTiles, tilesPerLook))) throw new TooLarge(since, seen.size);
    // A crash before this line: the next look copies again, and checks what is there. After it: old partial tiles stay.
    this.store.setMirrored(seen);
    await this.mirror.publish(seen.note, since, seen.size);
    return this.earlierOutside(seen);
  }

  /** Holds checkpoints whose tiles could not be had, when they were seen, against the mirror; gives one that does not fit. */
  private async earlierOutside(mirrored: SeenCheckpoint): Promise<Contradiction | undefined> {
    const tree = await this.mirror.tree(mirrored);
    let outside: SeenCheckpoint | undefined;
    for (const each of this.store.unchecked(mirrored.size)) {
      if ((await tree.rootAt(each.size)).equals(each.root)) this.store.mark(each, 'fits');
      else outside ??= each;
    }
    return outside && { kept: outside, outside };
  }

  /** What stands in the way of a judgement. */
  private async fault(error: unknown, seen: SeenCheckpoint): Promise<Finding> {
    if (error instanceof Failure) return finding('unreachable', error.detail);
    if (error instanceof TooLarge) return finding('too_large', error.message);
    if (!(error instanceof TileFault)) throw error;
    if (error.whose === 'mirror') return finding('mirror_damaged', error.path);
    if (error.what === 'missing') return finding('tile_missing', error.path);
    const source = recording(this.reader);
    await readAgain(source, seen, error.path);
    const files = { 'received.checkpoint': seen.note, ...filesUnder('received', source) };
    return this.evidence.finding('tiles_disagree', error.path, { id: seen.note, files });
  }

  /**
   * Since when nothing new is shown, if for too long: since the largest was seen here first, or earlier by what the witnesses
   * say. Their times can make it no later: one of them may be wrong, or asked again for the same.
   */
  private frozenSince({ cosigners }: VerifiedCheckpoint): Instant | undefined {
    const hours = this.options.frozenAfterHours ?? FROZEN_AFTER_HOURS;
    const seenAt = this.store.largest()?.seenAt;
    if (hours === 0 || seenAt === undefined) return undefined;
    const now = Date.parse(this.now());
    const told = cosigners.map(({ time }) => time * 1000).filter((time) => time <= now);
    const since = Math.min(Date.parse(seenAt), told.length > 0 ? Math.max(...told) : Infinity);
    return now - since > hours * 3600_000 ? new Date(since).toISOString() : undefined;
  }

  private now(): Instant {
    return (this.options.clock ?? systemClock).now();
  }
}

/** The log has grown by more than is copied in one look; the next goes on. */
class TooLarge extends Error {
  constructor(since: number, size: number) {
    super(`${since} → ${size}`);
  }
}

/** The mirror before the first checkpoint. */
const NOTHING = { size: 0, root: EMPTY_ROOT };

const isDisagreement = (error: unknown): boolean =>
  error instanceof TileFault && error.whose === 'log' && error.what === 'disagrees';

/** Reads what does not add up, and all that leads to it, as far as it can be read. */
async function readAgain(source: TileSource, { size, root }: SeenCheckpoint, path: string): Promise<void> {
  const address = parseTilePath(path);
  try {
    const tree = await VerifiedTree.open(source, size, root);
    if (address && address.level !== 'entries') await tree.tile(address.level, address.n);
  } catch (error) {
    if (!(error instanceof Failure || error instanceof TileFault)) throw error;
  }
}

/** Two checkpoints that cannot both be of one log. */
interface Contradiction {
  readonly kept: SeenCheckpoint;
  /** The one of the two that the mirror is not of, where that is known. */
  readonly outside?: SeenCheckpoint;
}

interface Received {
  /** The signed note, verbatim. */
  readonly note: string;
  readonly verified: VerifiedCheckpoint;
}

const UNSIGNED = ['proof.checkpoint_unsigned', 'proof.origin_mismatch', 'proof.signature_invalid'];

const codeOfNote = ({ code }: Failure): FindingCode => (UNSIGNED.includes(code) ? 'wrong_key' : 'malformed');

const cosignersOf = ({ cosigners }: VerifiedCheckpoint, { quorum, witnesses }: Policy): string =>
  `${quorum}: ${cosigners.map(({ name }) => name).join(', ') || '0'} / ${witnesses.length}`;
