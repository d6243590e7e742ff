import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerCorrupt } from '../event-store';
import { asFailure, verdictOf } from './store-failure';

/** How long to wait, in milliseconds. */
export interface Patience {
  /** For one answer. */
  readonly attemptMs: number;
  /** For a clear outcome, over all attempts. */
  readonly totalMs: number;
  /** Told of every attempt that came to nothing clear. */
  readonly failed?: (error: unknown) => void;
}

const MIN_PAUSE_MS = 25;
const MAX_PAUSE_MS = 1000;

/**
 * Tries until there is an answer. Only for what may be done twice: reads, and appends with an exact revision and the same ids.
 * @throws what the server says clearly; Failure `ledger.store_unavailable` when the time is over
 */
export async function patiently<T>({ totalMs, failed }: Patience, attempt: (tries: number) => Promise<T>): Promise<T> {
  const deadline = Date.now() + totalMs;
  for (let tries = 0; ; tries++) {
    try {
      return await attempt(tries);
    } catch (error) {
      if (error instanceof LedgerCorrupt || verdictOf(error) !== 'unknown') throw asFailure(error);
      failed?.(error);
      const pause = Math.min(MIN_PAUSE_MS * 2 ** tries, MAX_PAUSE_MS);
      if (Date.now() + pause > deadline) throw asFailure(error);
      await sleep(pause);
    }
  }
}
