import type { ThrottlerStorage } from '@nestjs/throttler';
import { LRUCache } from 'lru-cache';

interface Count {
  hits: number;
  /** In ms. From then on it is counted anew. */
  readonly endsAt: number;
  /** In ms; 0: there were not too many. Until then all are refused, and then counted anew. */
  waitsUntil: number;
}

const MAX_REMEMBERED = 100_000;

/**
 * Requests of each address (限流), counted from the first one on for as long as the limit is for. The library's own store keeps the time
 * of every request and goes through all of them at each: with many visitors behind one address that is most of the work.
 */
export class RequestCounts implements ThrottlerStorage {
  private readonly counts = new LRUCache<string, Count>({ max: MAX_REMEMBERED });

  constructor(private readonly now: () => number = Date.now) {}

  async increment(
    key: string,
    ttl: number,
    limit: number,
    blockDuration: number,
  ): Promise<{ totalHits: number; timeToExpire: number; isBlocked: boolean; timeToBlockExpire: number }> {
    const now = this.now();
    let count = this.counts.get(key);
    if (!count || (count.waitsUntil || count.endsAt) <= now) {
      count = { hits: 0, endsAt: now + ttl, waitsUntil: 0 };
      this.counts.set(key, count);
    }
    if (count.waitsUntil === 0 && ++count.hits > limit) count.waitsUntil = now + blockDuration;
    return {
      totalHits: count.hits,
      timeToExpire: seconds(count.endsAt - now),
      isBlocked: count.waitsUntil > 0,
      timeToBlockExpire: count.waitsUntil > 0 ? seconds(count.waitsUntil - now) : 0,
    };
  }
}

const seconds = (ms: number): number => Math.max(0, Math.ceil(ms / 1000));
