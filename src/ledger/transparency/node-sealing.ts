import { setTimeout as sleep } from 'node:timers/promises';
import { parseCheckpoint } from '../../verification/checkpoint';
import { parseNote } from '../../verification/note';
import type { LogStorage } from './log-storage';
import { notSealedInTime, type Sealing, type SealingStatus } from './sealing';

/** Between two looks at what another node has published. */
const POLL_MS = 200;

/** Sealing as one node among several knows it: its own while it leads, what is published while another does. */
export class NodeSealing {
  private current: Sealing | undefined;

  constructor(private readonly storage: Pick<LogStorage, 'read'>) {}

  /** From here on this node seals. */
  begin(sealing: Sealing): void {
    this.current = sealing;
  }

  /** From here on another does. */
  end(): void {
    this.current = undefined;
  }

  /** This node's own, while it leads. */
  get own(): Sealing | undefined {
    return this.current;
  }

  /** Undefined while another node seals. */
  status(): SealingStatus | undefined {
    return this.current?.status();
  }

  /**
   * Resolves when a published checkpoint covers the position.
   * @throws Failure `log.not_sealed_in_time`
   */
  async sealed(position: number, timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs;
    while (performance.now() < until) {
      if (this.current) {
        await this.current.sealed(position, until - performance.now());
        return;
      }
      if ((await this.publishedSize()) >= position) return;
      await sleep(Math.min(POLL_MS, Math.max(0, until - performance.now())));
    }
    throw notSealedInTime();
  }

  /** Leaves of the newest published checkpoint; -1 when there is none. */
  private async publishedSize(): Promise<number> {
    const note = (await this.storage.read('checkpoint'))?.toString('utf8');
    return note === undefined ? -1 : parseCheckpoint(parseNote(note).text).size;
  }
}
