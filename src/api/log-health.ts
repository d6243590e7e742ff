import { Injectable } from '@nestjs/common';
import type { Bilingual } from '../kernel/errors';
import type { Clock, Instant } from '../kernel/time';
import type { EventStore } from '../ledger/event-store';
import { isUnavailable } from '../ledger/postgres/postgres';
import type { Logger } from '../ledger/projecting/logger';
import type { PublishedCheckpoint, LogProver } from '../ledger/transparency/prover';
import type { NodeSealing } from '../ledger/transparency/node-sealing';
import type { SealingTrouble } from '../ledger/transparency/sealing';
import { parseNote } from '../verification/note';

/** An event that waits longer than this for a checkpoint means that the log stands still: an alarm. */
export const FROZEN_AFTER_MS = 10_000;
const LOOK_MS = 5000;

/** How the transparency log is. Recording acts goes on whatever it says. */
export interface LogCondition {
  /** `frozen`: events wait and no checkpoint comes, whichever node seals. `off`: this process never seals. */
  readonly state: 'live' | 'frozen' | 'off';
  /** Undefined before the first checkpoint. */
  readonly origin?: string;
  readonly size: number;
  /** Events that no published checkpoint covers. */
  readonly behind: number;
  /** How long the oldest of them has waited; 0 when there is none. */
  readonly ageMs: number;
  /** When this process published last. */
  readonly publishedAt?: Instant;
  /** Names of the keys that have cosigned the newest checkpoint. */
  readonly cosignedBy: readonly string[];
  readonly trouble?: SealingTrouble;
  /** What each witness is missing for, as the node that seals has told; it may be another. */
  readonly witnessTroubles: ReadonlyArray<Bilingual & { readonly witness: string; readonly code: string }>;
}

/** Looks at the sealing, and at what of it readers can see. */
@Injectable()
export class LogHealth {
  constructor(
    private readonly store: Pick<EventStore, 'head' | 'readAll'>,
    private readonly prover: Pick<LogProver, 'checkpoint'>,
    private readonly sealing: Pick<NodeSealing, 'status' | 'troubles'> | undefined,
    private readonly clock: Clock,
  ) {}

  async now(): Promise<LogCondition> {
    const head = await this.store.head();
    const published = await this.prover.checkpoint().catch(noneYet);
    const status = this.sealing?.status();
    const { trouble, witnessTroubles = [] } = (await this.sealing?.troubles()) ?? {};
    const size = published?.size ?? 0;
    const ageMs = !this.sealing ? 0 : (status?.ageMs ?? (await this.waitingMs(size + 1)));
    return {
      state: !this.sealing ? 'off' : ageMs > FROZEN_AFTER_MS ? 'frozen' : 'live',
      ...(published && { origin: published.origin }),
      size,
      behind: Math.max(0, head - size),
      ageMs,
      ...(status?.checkpoint && { publishedAt: status.checkpoint.sealedAt }),
      cosignedBy: published ? cosigners(published) : [],
      ...(trouble && { trouble }),
      witnessTroubles: witnessTroubles.map(({ witness, code, zh, en }) => ({ witness, code, zh, en })),
    };
  }

  /** Since when an event waits that another node is to seal, by the clocks of the nodes; 0 when there is none. */
  private async waitingMs(position: number): Promise<number> {
    const [event] = await this.store.readAll({ direction: 'forwards', from: position, limit: 1 });
    return event ? Math.max(0, Date.parse(this.clock.now()) - Date.parse(event.metadata.recordedAt)) : 0;
  }
}

/** What is damaged is not published; what cannot be read now may well be. @throws Failure `postgres.unavailable` */
function noneYet(error: unknown): undefined {
  if (isUnavailable(error)) throw error;
}

const cosigners = ({ note, origin }: PublishedCheckpoint): string[] =>
  parseNote(note)
    .signatures.map(({ name }) => name)
    .filter((name) => name !== origin);

/** Raises the alarm, an error in the program's own log, when the log stands still, and says when it moves again. Returns how to stop. */
export function watchLog(health: Pick<LogHealth, 'now'>, logger: Logger): () => void {
  let frozen = false;
  const look = async (): Promise<void> => {
    const { state, size, behind, ageMs, trouble } = await health.now();
    if ((state === 'frozen') === frozen) return;
    frozen = !frozen;
    const figures = { size, behind, ageMs, ...(trouble && { code: trouble.code }) };
    if (frozen) logger.error(figures, 'the transparency log stands still: events wait and no checkpoint comes');
    else logger.info(figures, 'the transparency log moves again');
  };
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  return () => clearInterval(timer);
}
