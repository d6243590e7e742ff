import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../kernel/errors';
import { parseCheckpoint } from '../../verification/checkpoint';
import { parseNote } from '../../verification/note';
import type { LogStorage } from './log-storage';
import { notSealedInTime, type Sealing, type SealingStatus } from './sealing';
import type { SealingTroubles, ToldSealing } from './told-sealing';

/** Between two looks at what another node has published. */
const POLL_MS = 200;
/** Longest wait for this node's own sealing before it is asked again who seals. */
const TURN_MS = 1000;

/** Sealing as one node among several knows it: its own while it leads, what is published while another does. */
export class NodeSealing {
  private current: Sealing | undefined;

  constructor(
    private readonly storage: Pick<LogStorage, 'read'>,
    /** Where several nodes share the log. */
    private readonly others?: Pick<ToldSealing, 'read'>,
  ) {}

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

  /** What is wrong with it, whichever node seals. @throws Failure `postgres.unavailable` */
  async troubles(): Promise<SealingTroubles> {
    return this.status() ?? (await this.others?.read()) ?? { witnessTroubles: [] };
  }

  /**
   * Resolves when a published checkpoint covers the position.
   * @throws Failure `log.not_sealed_in_time`
   */
  async sealed(position: number, timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs;
    while (performance.now() < until) {
      const rest = Math.max(0, until - performance.now());
      if (this.current) {
        // In turns: another node may come to seal meanwhile, of whose publications this one's sealing knows nothing.
        const turn = this.current.sealed(position, Math.min(TURN_MS, rest));
        if (await turn.then(() => true, isLate)) return;
        continue;
      }
      if ((await this.publishedSize()) >= position) return;
      await sleep(Math.min(POLL_MS, rest));
    }
    throw notSealedInTime();
  }

  /** Leaves of the newest published checkpoint; -1 when there is none. */
  private async publishedSize(): Promise<number> {
    const note = (await this.storage.read('checkpoint'))?.toString('utf8');
    return note === undefined ? -1 : parseCheckpoint(parseNote(note).text).size;
  }
}

/** @throws what it is given, unless it says that the time was too short */
function isLate(error: unknown): false {
  if (error instanceof Failure && error.code === notSealedInTime().code) return false;
  throw error;
}
