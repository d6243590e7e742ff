import { Failure } from '../../kernel/errors';
import type { Appended } from '../event-store';
import type { AppendRequest } from '../append-request';
import type { Outcome } from './batch-writer';

const MAX_BATCH_EVENTS = 1024;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
const MAX_WAITING_REQUESTS = 8192;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

interface Waiting {
  readonly request: AppendRequest;
  resolve(appended: Appended): void;
  reject(error: unknown): void;
}

/**
 * Collects the appends that arrive in one turn of the event loop, and while the last batch was being synced, and writes them
 * with one fsync. Bounded: beyond the limits an append is refused at once, and repeating it later is safe.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private scheduled = false;

  /** `write` returns one outcome a request once they are durable, or throws when nothing was written. */
  constructor(private readonly write: (batch: readonly AppendRequest[]) => Outcome[]) {}

  add(request: AppendRequest): Promise<Appended> {
    if (this.waiting.length >= MAX_WAITING_REQUESTS || this.waitingBytes + request.bytes > MAX_WAITING_BYTES) {
      return Promise.reject(busy());
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, resolve, reject });
      this.waitingBytes += request.bytes;
      this.schedule();
    });
  }

  /** Writes everything that waits, now. */
  flush(): void {
    while (this.waiting.length > 0) this.writeOne();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      if (this.waiting.length > 0) this.writeOne();
      if (this.waiting.length > 0) this.schedule();
    });
  }

  private writeOne(): void {
    const batch = this.take();
    try {
      const outcomes = this.write(batch.map((waiting) => waiting.request));
      outcomes.forEach((outcome, i) => {
        if (outcome instanceof Error) batch[i].reject(outcome);
        else batch[i].resolve(outcome);
      });
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }

  private take(): Waiting[] {
    let count = 0;
    let events = 0;
    let bytes = 0;
    for (const { request } of this.waiting) {
      const fits = events + request.events.length <= MAX_BATCH_EVENTS && bytes + request.bytes <= MAX_BATCH_BYTES;
      if (count > 0 && !fits) break;
      count += 1;
      events += request.events.length;
      bytes += request.bytes;
    }
    this.waitingBytes -= bytes;
    return this.waiting.splice(0, count);
  }
}

const busy = (): Failure =>
  new Failure('unavailable', 'ledger.busy', {
    zh: '台账写入排队已满，请稍后重试。',
    en: 'Too many writes are waiting for the ledger; repeat the request later.',
  });
