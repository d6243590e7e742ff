import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './kernel/errors';
import type { Logger } from './ledger/projecting/logger';
import { code, isUnavailable } from './ledger/postgres/postgres';

/** A store on another machine, as the log names it. */
export interface AwaitedStore {
  readonly store: 'EventStoreDB' | 'PostgreSQL';
  /** Host and port, without account or password. */
  readonly host: string;
}

/** Until the log says for the first time that a store does not answer; twice as long each time. */
const FIRST_WORD_MS = 2000;
/** A server that starts gives a store so long to come. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 1000;

/**
 * Opens a store at a start, and tells in the log what it waits for: at once, then at growing intervals with how the last attempt failed, and at
 * the end. `open` is given what is to be called with each failed attempt.
 * @throws what `open` throws
 */
export async function awaited<T>(
  about: AwaitedStore,
  logger: Pick<Logger, 'info' | 'warn'>,
  open: (failed: (error: unknown) => void) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  let attempts = 0;
  let last: unknown;
  let timer: NodeJS.Timeout;
  const told = (): object => ({ ...about, seconds: Math.round((performance.now() - started) / 1000) });
  const speakIn = (ms: number): void => {
    timer = setTimeout(() => {
      logger.warn(
        { ...told(), attempts, ...(attempts > 0 && { reason: reasonOf(last) }) },
        'the store does not answer yet',
      );
      speakIn(2 * ms);
    }, ms);
  };
  logger.info(about, 'connecting to the store');
  speakIn(FIRST_WORD_MS);
  try {
    const opened = await open((error) => {
      attempts += 1;
      last = error;
    });
    if (attempts > 0) logger.info({ ...told(), attempts }, 'the store answers');
    return opened;
  } finally {
    clearTimeout(timer!);
  }
}

/** Tries again while the database is away, for a minute. @throws what `open` throws last */
export async function patiently<T>(open: () => Promise<T>, failed: (error: unknown) => void): Promise<T> {
  for (const until = performance.now() + PATIENCE_MS; ; await sleep(RETRY_MS)) {
    try {
      return await open();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      failed(error);
      if (performance.now() + RETRY_MS > until) throw error;
    }
  }
}

/**
 * Host and port of an address; empty where they cannot be told from the rest of it. An address of several hosts has commas, which no
 * URL has; what is before the last `@` may be a password.
 */
export function hostOf(address: string): string {
  if (/^postgres/.test(address)) {
    if (!URL.canParse(address)) return '';
    const { host, searchParams } = new URL(address);
    return searchParams.get('host') ?? host;
  }
  const [, rest = ''] = /^[a-z+]+:\/\/(?:.*@)?(.*)$/.exec(address) ?? [];
  const [host] = rest.split(/[/?#]/, 1);
  return host.split(',').every((each) => HOST.test(each)) ? host : '';
}

/** What has another port is an account with its password, whose host was forgotten. */
const HOST = /^(\[[\da-f:]+\]|[\w.-]+)(:\d{1,5})?$/i;

/** Codes and names alone: messages hold addresses. */
function reasonOf(error: unknown): string {
  if (error instanceof Failure) return code(error.cause) || error.code;
  const { type, name } = (error ?? {}) as { type?: unknown; name?: unknown };
  return [type, name].find((each): each is string => typeof each === 'string') ?? 'unknown';
}
