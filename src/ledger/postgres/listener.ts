import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, QueryConfig } from 'pg';
import { hangUp, type Postgres } from './postgres';

export interface ListenerOptions {
  readonly postgres: Postgres;
  /** Of `NOTIFY`; a name that needs no quotes. */
  readonly channel: string;
  readonly applicationName: string;
  /** A notification has come. */
  heard(payload: string): void;
  /** From here on nothing is missed; what was said before, or while the connection was broken, was. */
  resumed(): void;
}

const BEAT_MS = 1000;
/** Longest wait for an answer on the connection, before another one is made. */
const ANSWER_MS = 5000;
/** An answer proves that everything said before the question was asked has been heard. It is relied upon for so long. */
const CURRENT_MS = 3000;
const RETRY_MS = 500;

/**
 * Hears what is notified on a channel, on a connection of its own that is asked for a sign of life every second and made anew when it breaks:
 * a connection that was cut off without a word must not pass for one on which nothing is said.
 */
export class Listener {
  private readonly closing = new AbortController();
  private readonly running: Promise<void>;
  /** When the question was asked that was answered last, by the monotonic clock in ms. */
  private provenAt = -Infinity;

  private constructor(private readonly options: ListenerOptions) {
    this.running = this.run();
  }

  /** Begins to listen, and goes on until it is closed. */
  static start(options: ListenerOptions): Listener {
    return new Listener(options);
  }

  /** Whether everything that was said until 3 s ago has been heard. */
  get isCurrent(): boolean {
    return performance.now() - this.provenAt < CURRENT_MS;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await this.listen().catch(() => undefined); // whoever relies on it asks `isCurrent`
      this.provenAt = -Infinity;
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Listens on one connection until it breaks. */
  private async listen(): Promise<void> {
    const { postgres, channel, applicationName, heard, resumed } = this.options;
    const connection = await postgres.connection(applicationName);
    const ended = new AbortController();
    connection.once('end', () => {
      this.provenAt = -Infinity;
      ended.abort();
    });
    connection.on('notification', ({ payload = '' }) => heard(payload));
    try {
      await ask(connection, `LISTEN ${channel}`);
      resumed();
      const signal = AbortSignal.any([this.closing.signal, ended.signal]);
      while (!signal.aborted) {
        const asked = performance.now();
        await ask(connection, 'SELECT 1');
        this.provenAt = asked;
        await sleep(BEAT_MS, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      await hangUp(connection);
    }
  }
}

const ask = (connection: Client, text: string): Promise<unknown> =>
  connection.query({ text, query_timeout: ANSWER_MS } as QueryConfig);
