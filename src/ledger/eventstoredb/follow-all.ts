import {
  START,
  streamNameFilter,
  type AllStreamRecordedEvent,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAfter, type Place } from './stored-form';

export interface FollowOptions {
  /** Streams whose names begin so, and their metadata. */
  readonly prefix: string;
  /** Where to begin: after this place, or at the start of the database. */
  readonly after?: Place;
  /** A subscription that has been silent for so long is opened anew: a stalled one cannot be told from a quiet one. */
  readonly silenceMs: number;
  /** Aborted when the subscription now open is doubted: then it is opened anew at once. Asked for with each subscription. */
  readonly doubted?: () => AbortSignal;
  readonly signal: AbortSignal;
  /** A sign of life. */
  heard?(): void;
  /** All that was there when the subscription was opened has been given and taken. */
  caughtUp?(): void;
  /** Why the subscription has to be opened again. */
  trouble?(error: unknown): void;
}

const BUFFERED_EVENTS = 256;
/** Events of others that the server looks through before it says how far it is. */
const SEARCH_WINDOW = 1000;
const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 2000;

/**
 * The events of `$all` under a prefix, in order, each once, for ever: resumed from the last place after an error, an end, a
 * close and a silence. The next ones are taken when the consumer asks. Ends when the signal aborts; throws nothing.
 */
export async function* followAll(
  client: EventStoreDBClient,
  options: FollowOptions,
): AsyncGenerator<AllStreamRecordedEvent[], void, void> {
  const { signal } = options;
  let last = options.after;
  for (let failures = 0; !signal.aborted; failures++) {
    const subscription = subscribe(client, options.prefix, last);
    try {
      for await (const resolved of arriving(subscription, options)) {
        failures = 0;
        options.heard?.();
        const fresh: AllStreamRecordedEvent[] = [];
        for (const { event } of resolved) {
          if (!event || !isAfter(event.position, last)) continue; // a link to nothing, or given already
          last = event.position;
          fresh.push(event);
        }
        if (fresh.length > 0) yield fresh;
      }
    } catch (error) {
      if (!signal.aborted) options.trouble?.(error);
    } finally {
      subscription.unsubscribe().catch(() => undefined);
      subscription.destroy();
    }
    await sleep(Math.min(MIN_PAUSE_MS * 2 ** failures, MAX_PAUSE_MS), undefined, { signal }).catch(() => undefined);
  }
}

function subscribe(client: EventStoreDBClient, prefix: string, after: Place | undefined): AllStreamSubscription {
  return client.subscribeToAll(
    {
      fromPosition: after ?? START,
      requiresLeader: true,
      filter: streamNameFilter({
        // Not by `prefixes`: those the server compares by the rules of a language, to which a letter and the accent after it are one.
        regex: `^(?:\\$\\$)?${prefix.replaceAll('.', '\\.')}`,
        maxSearchWindow: SEARCH_WINDOW,
        checkpointReached,
      }),
    },
    { highWaterMark: BUFFERED_EVENTS },
  );
}

/**
 * A sign of life on the way through others' events. Must not throw, which would freeze the subscription; and its place is not
 * where to resume: events that were given before it may still wait in the subscription's buffer.
 */
function checkpointReached(subscription: AllStreamSubscription): void {
  subscription.emit('alive');
}

/** What has arrived, again and again; ends with the subscription, or its silence. Throws its error. */
async function* arriving(
  subscription: AllStreamSubscription,
  { silenceMs, signal, doubted, caughtUp }: FollowOptions,
): AsyncGenerator<AllStreamResolvedEvent[], void, void> {
  const seen = { confirmed: false, caughtUp: false, ended: false, error: undefined as unknown };
  let wake = (): void => undefined;
  const on = (event: string, note: (error: unknown) => void): void => {
    (subscription as NodeJS.EventEmitter).on(event, (error: unknown) => {
      note(error);
      wake();
    });
  };
  for (const sign of ['readable', 'alive']) on(sign, () => undefined);
  on('confirmation', () => (seen.confirmed = true));
  on('caughtUp', () => (seen.caughtUp = true));
  on('end', () => (seen.ended = true));
  on('close', () => (seen.ended = true)); // a server that shuts down in good order shows in nothing else
  on('error', (error) => (seen.error ??= error ?? new Error('the subscription failed')));
  const stop = (): void => wake();
  signal.addEventListener('abort', stop);
  doubted?.().addEventListener('abort', () => {
    seen.ended = true;
    wake();
  });
  try {
    while (!signal.aborted) {
      const woken = new Promise<boolean>((resolve) => (wake = () => resolve(true)));
      const now = { ...seen };
      const events = drain(subscription);
      if (events.length > 0 || now.confirmed) {
        seen.confirmed = false;
        yield events;
        if (events.length === BUFFERED_EVENTS) continue; // there may be more
      }
      if (now.caughtUp) {
        seen.caughtUp = false;
        caughtUp?.();
      }
      if (events.length > 0 || now.confirmed || now.caughtUp) continue;
      if (now.error !== undefined) throw now.error;
      if (now.ended || !(await heard(woken, silenceMs))) return;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function drain(subscription: AllStreamSubscription): AllStreamResolvedEvent[] {
  const waiting: AllStreamResolvedEvent[] = [];
  for (let next: AllStreamResolvedEvent | null; waiting.length < BUFFERED_EVENTS; waiting.push(next)) {
    next = subscription.read() as AllStreamResolvedEvent | null;
    if (next === null) break;
  }
  return waiting;
}

/** False when the silence was longer. */
async function heard(woken: Promise<boolean>, silenceMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), silenceMs)));
  return Promise.race([woken, silence]).finally(() => clearTimeout(timer));
}
