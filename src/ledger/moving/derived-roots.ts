import { Failure } from '../../kernel/errors';
import type { RecordedEvent } from '../../kernel/event';
import { equalBytes } from '../../verification/bytes';
import { parseCheckpoint, type Checkpoint } from '../../verification/checkpoint';
import { parseNote } from '../../verification/note';
import { parseVerifierKey, verifyNote, type VerifierKey } from '../../verification/verifier-key';
import { commitmentOf } from '../commitment/commitment';
import type { LogObject } from '../transparency/log-storage';
import { TreeEdge } from '../transparency/tree-edge';
import { archivedCheckpoints, damaged, LOG_FILES, PUBLISHED_FILE, textOf, type Manifest } from './archive';

/** A checkpoint, and where in the archive it stands. */
interface Expected {
  readonly checkpoint: Checkpoint;
  readonly at: string;
}

/**
 * The log's tree, grown anew from events in their order, and held against every checkpoint of an archive on the way: those it has published,
 * the one that readers see and the one that was signed last. Bounded: one checkpoint is looked at after the other.
 */
export class DerivedRoots {
  private readonly edge = TreeEdge.empty();
  private next: Expected | undefined;
  /** Checkpoints that agreed. */
  compared = 0;

  private constructor(
    private readonly commitmentKey: Buffer,
    private readonly published: AsyncIterator<Expected, void>,
    /** Not in the order of what was published: the newest one was perhaps never shown. */
    private readonly single: readonly Expected[],
  ) {}

  /** @throws Failure `moving.damaged` when a checkpoint is not of this log, or signed by none of its keys */
  static async open(directory: string, { log }: Manifest, commitmentKey: Buffer): Promise<DerivedRoots> {
    if (!log) return new DerivedRoots(commitmentKey, nothing(), []);
    const keys = await Promise.all((await textOf(directory, LOG_FILES.vkey)).trim().split('\n').map(parseVerifierKey));
    const has = (file: string): boolean => log.files.some((each) => each.file === file);
    const read = (note: string, at: string): Promise<Expected> => genuine(note, at, log.origin, keys);
    const single: Expected[] = [];
    for (const file of [LOG_FILES.signed, LOG_FILES.checkpoint]) {
      if (has(file)) single.push(await read(await textOf(directory, file), file));
    }
    const [signed] = single;
    if (signed?.checkpoint.size !== log.size || Buffer.from(signed.checkpoint.root).toString('base64') !== log.root) {
      throw damaged(LOG_FILES.signed, 'it is not the checkpoint that the manifest names');
    }
    const published = async function* (): AsyncGenerator<Expected, void, void> {
      for await (const { note, at } of archivedCheckpoints(directory)) yield read(note, at);
    };
    const roots = new DerivedRoots(commitmentKey, has(PUBLISHED_FILE) ? published() : nothing(), single);
    roots.next = (await roots.published.next()).value ?? undefined;
    await roots.compare();
    return roots;
  }

  get size(): number {
    return this.edge.size;
  }

  /** What the newest size of the tree has besides full tiles. */
  partials(): LogObject[] {
    return this.edge.partials();
  }

  /** Adds the next event; gives the tiles that it fills. @throws Failure `moving.root_differs` */
  async add(event: RecordedEvent): Promise<LogObject[]> {
    const full = this.edge.append(commitmentOf(event, this.commitmentKey).entry);
    await this.compare();
    return full;
  }

  /** @throws Failure `moving.damaged` when there is a checkpoint of more events than were added */
  end(): void {
    const beyond = [...(this.next ? [this.next] : []), ...this.single].find(
      ({ checkpoint }) => checkpoint.size > this.size,
    );
    if (beyond) throw damaged(beyond.at, `it covers ${beyond.checkpoint.size} events of ${this.size}`);
  }

  private async compare(): Promise<void> {
    const due = this.single.filter(({ checkpoint }) => checkpoint.size === this.size);
    for (
      ;
      this.next && this.next.checkpoint.size <= this.size;
      this.next = (await this.published.next()).value ?? undefined
    ) {
      if (this.next.checkpoint.size < this.size) throw damaged(this.next.at, 'it is older than the one before it');
      due.push(this.next);
    }
    if (due.length === 0) return;
    const root = this.edge.root();
    for (const { checkpoint, at } of due) {
      if (!equalBytes(checkpoint.root, root)) throw rootDiffers(checkpoint.size, at);
      this.compared += 1;
    }
  }
}

async function genuine(source: string, at: string, origin: string, keys: readonly VerifierKey[]): Promise<Expected> {
  try {
    const note = parseNote(source);
    const checkpoint = parseCheckpoint(note.text);
    if (checkpoint.origin === origin && (await verifyNote(note, keys)).length > 0) return { checkpoint, at };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  throw damaged(at, `it is not a checkpoint of ${origin} that one of its keys has signed`);
}

async function* nothing(): AsyncGenerator<Expected, void, void> {
  return;
}

const rootDiffers = (size: number, at: string): Failure =>
  new Failure('damaged', 'moving.root_differs', {
    zh: `前 ${size} 条事件算出的根哈希与检查点 ${at} 不符：事件、检查点或密钥库不是原来的。`,
    en: `The first ${size} events do not give the root of the checkpoint at ${at}: the events, the checkpoint or the vault are not those that were sealed.`,
  });
