import { LRUCache } from 'lru-cache';
import { Failure } from '../../kernel/errors';

/** A tile or an entry bundle with its path under the log's prefix. */
export interface LogObject {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What is replaced rather than added: the newest checkpoint, and the verifier keys, one a line. */
export type Published = 'checkpoint' | 'vkey';

const MAX_KEPT_BYTES = 16 * 1024 * 1024;

/** Full tiles and bundles by path, as a reader keeps the last that were asked for: they never change. */
export const keptTiles = (): LRUCache<string, Buffer> =>
  new LRUCache({ maxSize: MAX_KEPT_BYTES, sizeCalculation: (bytes) => bytes.length + 1 });

/**
 * Where the log is kept. One writer at a time; any number of readers. What a method promises to be durable survives a power
 * cut at the next line.
 */
export abstract class LogStorage {
  /** `checkpoint`, `vkey`, a tile or an entry bundle by its path under the log's prefix; undefined when there is none. */
  abstract read(path: string): Promise<Buffer | undefined>;

  /** What is in a folder of partial tiles (`tile/0/000.p`): names without the folder's, in no order. */
  abstract list(folder: string): Promise<string[]>;

  /**
   * Adds objects, durable when it resolves. The same bytes again are fine.
   * @throws LogCorrupt when other bytes are there: an object never changes
   */
  abstract write(objects: readonly LogObject[]): Promise<void>;

  /** Removes objects, or folders of partial tiles with all that is in them; those that are missing are fine. */
  abstract remove(paths: readonly string[]): Promise<void>;

  /** The newest note that was ever signed, published or not; undefined before the first. */
  abstract signed(): Promise<string | undefined>;

  /**
   * Replaces the newest signed note, durable when it resolves, if it still is `before`. Nobody may see a note before this
   * has resolved.
   * @throws Fenced when it is another: somebody else has signed since
   */
  abstract fence(before: string | undefined, next: string): Promise<void>;

  /** Shows readers a note, or the verifier keys: they see the one before or this one, whole. */
  abstract publish(text: string, as?: Published): Promise<void>;

  /** Lets the next writer in. */
  abstract close(): Promise<void>;
}

/** Another sealer has signed a checkpoint since this one last did. This one has published nothing and must stop. */
export class Fenced extends Failure {
  constructor() {
    super('unavailable', 'log.fenced', {
      zh: '另有进程已签署新的检查点，本进程停止封存。',
      en: 'Another process has signed a newer checkpoint; this one stops sealing.',
    });
    this.name = 'Fenced';
  }
}

/** What is opened for reading does not write. */
export const logReadOnly = (): Failure =>
  new Failure('unavailable', 'log.read_only', {
    zh: '日志以只读方式打开。',
    en: 'The log is open for reading only.',
  });

/** Another process writes this log. */
export class LogLocked extends Failure {
  constructor(where: string) {
    super('unavailable', 'log.locked', {
      zh: `另有进程正在写入 ${where} 中的日志。`,
      en: `Another process is writing the log in ${where}.`,
    });
    this.name = 'LogLocked';
  }
}

/** A stored tile is not what the ledger's events give. */
export class LogCorrupt extends Failure {
  constructor(
    readonly path: string,
    reason: string,
  ) {
    super('unavailable', 'log.corrupt', {
      zh: `日志文件 ${path} 已损坏或被改动。`,
      en: `The log's file ${path} is damaged or was changed: ${reason}.`,
    });
    this.name = 'LogCorrupt';
  }
}
