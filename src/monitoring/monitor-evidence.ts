import { createHash } from 'node:crypto';
import type { Bilingual } from '../kernel/errors';
import { keepEvidence, listEvidence, type EvidenceFiles } from '../ledger/transparency/evidence';
import { TILE_WIDTH } from '../ledger/transparency/tile-path';
import { finding, type Finding, type FindingCode } from './findings';
import type { SeenCheckpoint } from './monitor-store';
import { firstDifference, hashAt, VerifiedTree, type TileSource } from './verified-tree';

/** Folders of each kind: what anybody can make must not crowd out what only the log's signer can. */
const MAX_OF_KIND = { fork: 1000, wrong_key: 20, malformed: 20 } as const;
const MAX_OF_OTHERS = 200;

/** Keeps what a monitor finds: a folder each, `<code>-<digest>`, the same finding once. */
export class EvidenceFolder {
  constructor(
    private readonly directory: string,
    private readonly url: string,
  ) {}

  /**
   * A finding with what it rests on.
   * @param id what makes it the same finding as one before
   */
  async finding(
    code: FindingCode,
    about: string | Bilingual,
    { id, files, firstDifferentPosition }: { id: string; files: EvidenceFiles; firstDifferentPosition?: number },
  ): Promise<Finding> {
    const position = firstDifferentPosition === undefined ? {} : { firstDifferentPosition };
    const found = finding(code, about, position);
    const kind = code.replaceAll('_', '-');
    const name = `${kind}-${createHash('sha256').update(id).digest('hex').slice(0, 16)}`;
    const report = `${JSON.stringify({ ...found, url: this.url, at: new Date().toISOString() }, undefined, 2)}\n`;
    const most = code in MAX_OF_KIND ? MAX_OF_KIND[code as keyof typeof MAX_OF_KIND] : MAX_OF_OTHERS;
    const others = (await listEvidence(this.directory)).filter((each) => !each.startsWith(`${kind}-`)).length;
    const kept = await keepEvidence(this.directory, name, { ...files, 'report.json': report }, others + most);
    return { ...found, ...(kept && { evidence: kept.folder }) };
  }

  /**
   * Two signed histories: both notes, and of both trees the tiles that lead from the signed roots to the first leaf that
   * differs. When the log does not give its tiles the two notes must do.
   */
  async fork({ kept, received, mirrored, mirror, log }: Fork): Promise<Finding> {
    const [ours, theirs] = [recording(mirror), recording(log)];
    const leaves = mirrored && (await differingLeaves(ours, mirrored, theirs, received).catch(() => undefined));
    const notes = { 'kept.checkpoint': kept.note, 'received.checkpoint': received.note };
    const sizes = `${kept.size} ↔ ${received.size}`;
    if (!leaves) return this.finding('fork', sizes, { id: kept.note + received.note, files: notes });
    const { position } = leaves;
    const about = `${sizes}；首条不同的事件 first different event ${position}`;
    const tiles = { ...filesUnder('kept', ours), ...filesUnder('received', theirs) };
    const files = { ...notes, 'leaves.json': `${JSON.stringify(leaves, undefined, 2)}\n`, ...tiles };
    return this.finding('fork', about, { id: `${kept.note}${position}`, files, firstDifferentPosition: position });
  }
}

/** What a fork is found from. */
export interface Fork {
  readonly kept: SeenCheckpoint;
  readonly received: SeenCheckpoint;
  /** The checkpoint that the mirror is of. */
  readonly mirrored: SeenCheckpoint | undefined;
  readonly mirror: TileSource;
  readonly log: TileSource;
}

/** The first event that differs, and its leaf hash in both trees. */
interface DifferingLeaves {
  readonly position: number;
  readonly kept: string;
  readonly received: string;
}

async function differingLeaves(
  mirror: TileSource,
  mirrored: SeenCheckpoint,
  log: TileSource,
  received: SeenCheckpoint,
): Promise<DifferingLeaves | undefined> {
  const ours = await VerifiedTree.open(mirror, mirrored.size, mirrored.root);
  const theirs = await VerifiedTree.open(log, received.size, received.root);
  const leaf = await firstDifference(ours, theirs);
  if (leaf === undefined) return undefined;
  const hashIn = async (tree: VerifiedTree): Promise<string> =>
    hashAt(await tree.tile(0, Math.floor(leaf / TILE_WIDTH)), leaf % TILE_WIDTH).toString('base64');
  return { position: leaf + 1, kept: await hashIn(ours), received: await hashIn(theirs) };
}

interface RecordingSource extends TileSource {
  readonly objects: Map<string, Buffer>;
}

/** A source that remembers what was read from it. */
export function recording(source: TileSource): RecordingSource {
  const objects = new Map<string, Buffer>();
  return {
    whose: source.whose,
    objects,
    async read(path) {
      const bytes = await source.read(path);
      if (bytes) objects.set(path, bytes);
      return bytes;
    },
  };
}

export function filesUnder(folder: string, { objects }: RecordingSource): EvidenceFiles {
  return Object.fromEntries([...objects].map(([path, bytes]) => [`${folder}/${path}`, bytes]));
}
