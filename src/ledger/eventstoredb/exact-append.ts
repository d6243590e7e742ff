import { FORWARDS, NO_STREAM, type EventStoreDBClient, type JSONEventData } from '@eventstore/db-client';
import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerCorrupt } from '../event-store';
import { within } from './connection';
import { patiently, type Patience } from './patience';
import { readPage } from './read-page';
import { verdictOf } from './store-failure';
import type { Place } from './stored-form';

/** What became of an append whose outcome is known. */
export interface Written {
  /** Where the last event was put, when the answer says so. */
  readonly place?: Place;
}

/**
 * Appends after an exact revision, -1 for a new stream. An unknown outcome is resolved by the ids: those that are found
 * where they belong were written; otherwise the same append is sent again, which the server takes once.
 * @returns undefined when the stream is not at that revision, and these events do not follow it
 * @throws Failure `ledger.store_unavailable`: the events may be there, or come to be; the same append later tells
 */
export async function writeExactly(
  client: EventStoreDBClient,
  patience: Patience,
  stream: string,
  revision: number,
  events: readonly JSONEventData[],
): Promise<Written | undefined> {
  const { attemptMs } = patience;
  const last = BigInt(revision + events.length);
  try {
    return await patiently(patience, async (tries) => {
      const once = { attemptMs, totalMs: 0 };
      if (tries > 0 && (await standThere(client, once, stream, revision, events))) return {};
      const sent = within(
        attemptMs,
        client.appendToStream(stream, [...events], {
          expectedRevision: revision < 0 ? NO_STREAM : BigInt(revision),
          requiresLeader: true,
          deadline: attemptMs,
        }),
      );
      const answered = new AbortController();
      const found = late(answered.signal, () => standThere(client, once, stream, revision, events));
      const answer = await Promise.race([sent, found]).finally(() => answered.abort());
      if (answer === true) return {};
      // A stream whose events were hidden takes an append as a new one and goes on counting.
      if (answer.nextExpectedRevision !== last) throw new LedgerCorrupt(0, `events of stream ${stream} are hidden`);
      return { place: answer.position };
    });
  } catch (error) {
    if (verdictOf(error) === 'conflict') return undefined;
    throw error;
  }
}

/** Longer than a healthy server takes. */
const QUIET_MS = 250;

/**
 * The server does not answer an append whose events another call has brought and which are not in its index yet: it drops it, and says so
 * two seconds later. So a look at the stream, once, when the answer is late. Settles only when they are there.
 */
async function late(answered: AbortSignal, look: () => Promise<boolean>): Promise<true> {
  const isLate = await sleep(QUIET_MS, true, { signal: answered }).catch(() => false);
  const there = isLate && (await look().catch(() => false));
  return there || new Promise(() => undefined);
}

/** Whether these events, and no others, come first after the revision. @throws Failure `ledger.store_unavailable` */
export async function standThere(
  client: EventStoreDBClient,
  patience: Patience,
  stream: string,
  revision: number,
  events: ReadonlyArray<{ readonly id: string }>,
): Promise<boolean> {
  const fromRevision = BigInt(revision + 1);
  const there = await readPage(client, patience, stream, {
    direction: FORWARDS,
    fromRevision,
    maxCount: events.length,
  });
  return there.length === events.length && there.every(({ event }, i) => event?.id === events[i].id);
}
