import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../kernel/errors';
import { boundedFetch, networkReason, type FetchedAnswer } from '../ledger/transparency/bounded-fetch';
import type { TileSource } from './verified-tree';

export interface LogReaderOptions {
  readonly timeoutMs?: number;
  /** Before the first repetition, in ms; doubled each time. */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal;
}

const ATTEMPTS = 4;
const TIMEOUT_MS = 10_000;
const PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
/** A tile is 8 KiB at most; a checkpoint with many post-quantum signatures may come near this. */
const MAX_BYTES = 256 * 1024;

/** Reads a log over HTTP as it is served (c2sp.org/tlog-tiles): bounded, and patient with what passes. */
export class LogReader implements TileSource {
  readonly whose = 'log';
  private readonly prefix: string;

  /** @param url what stands before `/checkpoint` */
  constructor(
    url: string,
    private readonly options: LogReaderOptions = {},
  ) {
    this.prefix = url.replace(/\/+$/, '');
  }

  /** An object by its path under the log's prefix; undefined when the log does not have it. @throws Failure `monitor.unreachable` */
  async read(path: string): Promise<Buffer | undefined> {
    for (let attempt = 1; ; attempt++) {
      const { answer, reason } = await this.attempt(path);
      if (answer?.status === 200) return answer.body;
      if (answer?.status === 404 || answer?.status === 410) return undefined;
      const passing = !answer || answer.status === 429 || answer.status >= 500;
      if (!passing || attempt === ATTEMPTS) throw unreachable(`${this.prefix}/${path}`, reason);
      await this.pause(attempt, answer);
    }
  }

  private async attempt(path: string): Promise<{ answer?: FetchedAnswer; reason: string }> {
    const { timeoutMs = TIMEOUT_MS, signal } = this.options;
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const both = signal ? AbortSignal.any([signal, limit]) : limit;
      const answer = await boundedFetch(`${this.prefix}/${path}`, MAX_BYTES, { signal: both });
      return { answer, reason: String(answer.status) };
    } catch (error) {
      signal?.throwIfAborted();
      return { reason: networkReason(error) };
    }
  }

  private async pause(attempt: number, answer: FetchedAnswer | undefined): Promise<void> {
    const { pauseMs = PAUSE_MS, signal } = this.options;
    const jittered = pauseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
    const ms = Math.min(MAX_PAUSE_MS, Math.max(jittered, answer?.retryAfterMs ?? 0));
    await sleep(ms, undefined, signal && { signal });
  }
}

const unreachable = (url: string, reason: string): Failure =>
  new Failure('unavailable', 'monitor.unreachable', {
    zh: `无法读取 ${url}（${reason}）。`,
    en: `${url} cannot be read (${reason}).`,
  });
