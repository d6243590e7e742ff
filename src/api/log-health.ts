import { Injectable } from '@nestjs/common';
import type { Bilingual } from '../kernel/errors';
import type { Instant } from '../kernel/time';
import type { EventStore } from '../ledger/event-store';
import type { Logger } from '../ledger/projecting/logger';
import type { PublishedCheckpoint, LogProver } from '../ledger/transparency/prover';
import type { Sealing, SealingTrouble } from '../ledger/transparency/sealing';
import { parseNote } from '../verification/note';

/** An event that waits longer than this for a checkpoint means that the log stands still: an alarm. */
export const FROZEN_AFTER_MS = 10_000;
const LOOK_MS = 5000;

/** How the transparency log is. Recording acts goes on whatever it says. */
export interface LogCondition {
  /** `frozen`: events wait and no checkpoint comes. `off`: this process does not seal. */
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
  /** What each witness is missing for. */
  readonly witnessTroubles: ReadonlyArray<Bilingual & { readonly witness: string; readonly code: string }>;
}

/** Looks at the sealing, and at what of it readers can see. */
@Injectable()
export class LogHealth {
  constructor(
    private readonly store: Pick<EventStore, 'head'>,
    private readonly prover: Pick<LogProver, 'checkpoint'>,
    private readonly sealing: Pick<Sealing, 'status'> | undefined,
  ) {}

  async now(): Promise<LogCondition> {
    const head = await this.store.head();
    const published = await this.prover.checkpoint().catch((): undefined => undefined);
    const status = this.sealing?.status();
    const ageMs = status?.ageMs ?? 0;
    return {
      state: !status ? 'off' : ageMs > FROZEN_AFTER_MS ? 'frozen' : 'live',
      ...(published && { origin: published.origin }),
      size: published?.size ?? 0,
      behind: Math.max(0, head - (published?.size ?? 0)),
      ageMs,
      ...(status?.checkpoint && { publishedAt: status.checkpoint.sealedAt }),
      cosignedBy: published ? cosigners(published) : [],
      ...(status?.trouble && { trouble: status.trouble }),
      witnessTroubles: (status?.witnessTroubles ?? []).map(({ witness, code, zh, en }) => ({ witness, code, zh, en })),
    };
  }
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
