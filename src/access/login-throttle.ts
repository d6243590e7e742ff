import { LRUCache } from 'lru-cache';

const WINDOW_MS = 15 * 60 * 1000;
const MAX_FAILURES_PER_LOGIN = 5;
/** An office stands behind one address, so this is far above one person's mistakes. */
const MAX_FAILURES_PER_ADDRESS = 100;
const MAX_REMEMBERED = 20_000;

/**
 * Slows down guessing: five failures per login and address, a hundred per address, in a quarter of an hour. An attempt counts
 * from when it begins, so that a hundred at once are not a hundred free guesses.
 *
 * Each node counts by itself: with ten nodes fifty guesses are still too few for ten characters, and a count that all share would let
 * whoever guesses write to the database with every try.
 */
export class LoginThrottle {
  private readonly failures = new LRUCache<string, number>({ max: MAX_REMEMBERED, ttl: WINDOW_MS });

  /** Counts an attempt. Returns 0, or the seconds to wait when there have been too many. */
  begin(login: string, address: string): number {
    const keys = this.keys(login, address);
    for (const [key, most] of keys) {
      if ((this.failures.get(key) ?? 0) >= most) {
        return Math.max(1, Math.ceil(this.failures.getRemainingTTL(key) / 1000));
      }
    }
    for (const [key] of keys) this.add(key, 1);
    return 0;
  }

  /** The attempt was right: the login starts afresh and the address gets its attempt back. */
  succeeded(login: string, address: string): void {
    const [[pair], [alone]] = this.keys(login, address);
    this.failures.delete(pair);
    this.add(alone, -1);
  }

  private add(key: string, by: number): void {
    this.failures.set(key, Math.max(0, (this.failures.get(key) ?? 0) + by));
  }

  private keys(login: string, address: string): [[string, number], [string, number]] {
    return [
      [`${address}\n${login}`, MAX_FAILURES_PER_LOGIN],
      [address, MAX_FAILURES_PER_ADDRESS],
    ];
  }
}
