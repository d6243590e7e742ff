import type { LogStorage, Published } from './log-storage';

/** A note that the log has published, or was about to. */
export interface KeptCheckpoint {
  /** Grows with every note. */
  readonly id: number;
  readonly size: number;
  readonly note: string;
}

/** Notes kept: more than a day of one a second. */
export const MAX_KEPT_CHECKPOINTS = 100_000;

/**
 * The notes that the log has published, in their order: whoever needs the first checkpoint after an event, such as a random
 * draw, must not depend on having looked in time. Beside the tiles; the newest `MAX_KEPT_CHECKPOINTS` notes.
 *
 * A note is kept, durably, before it is published, so none that anybody has seen is missing. One that was kept and then not
 * published, because of a crash between the two, was signed and cosigned all the same.
 */
export abstract class PublishedCheckpoints {
  /** Keeps a note, durable when it resolves. The same note again is not kept twice in a row. */
  abstract keep(note: string): Promise<void>;

  /** Notes of trees of `size` leaves or more, oldest first, from the one after `after` (an id; 0 is the beginning). */
  abstract covering(size: number, after: number, limit: number): Promise<KeptCheckpoint[]>;

  abstract close(): Promise<void>;
}

/** The same storage; a checkpoint is kept before it is published. */
export function keepingPublished(storage: LogStorage, kept: Pick<PublishedCheckpoints, 'keep'>): LogStorage {
  const publish = async (text: string, as: Published = 'checkpoint'): Promise<void> => {
    if (as === 'checkpoint') await kept.keep(text);
    await storage.publish(text, as);
  };
  return Object.assign(Object.create(storage) as LogStorage, { publish });
}
