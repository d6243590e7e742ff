import { BACKWARDS, END, type EventStoreDBClient, type ReadRevision, type ResolvedEvent } from '@eventstore/db-client';
import { collected } from './connection';
import { patiently, type Patience } from './patience';
import { verdictOf } from './store-failure';

export interface PageOptions {
  readonly direction: 'forwards' | 'backwards';
  readonly fromRevision: ReadRevision;
  readonly maxCount: number;
}

/**
 * A page of one stream as the server has it; empty when there is no such stream. Read again until the page is whole: a
 * backwards read reaches revision 0 or the limit; a short forwards one must reach the stream's end.
 * @throws Failure `ledger.store_unavailable`; LedgerCorrupt is the caller's to find: revisions are not checked here
 */
export function readPage(
  client: EventStoreDBClient,
  patience: Patience,
  stream: string,
  options: PageOptions,
): Promise<ResolvedEvent[]> {
  return patiently(patience, async () => {
    const [page, end] = await Promise.all([
      read(client, patience, stream, options),
      options.direction === BACKWARDS
        ? undefined
        : read(client, patience, stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 }),
    ]);
    if (!isWhole(page, end, options)) throw new Error(`the read of ${stream} was cut short`);
    return page ?? [];
  });
}

/** Undefined when the server says that there is no such stream. */
async function read(
  client: EventStoreDBClient,
  { attemptMs }: Patience,
  stream: string,
  options: PageOptions,
): Promise<ResolvedEvent[] | undefined> {
  try {
    return await collected(attemptMs, client.readStream(stream, { ...options, requiresLeader: true }));
  } catch (error) {
    if (verdictOf(error) === 'not_found') return undefined;
    throw error;
  }
}

/** A stream that exists has an end, so that a read from it that gives nothing was cut short too. */
function isWhole(
  page: readonly ResolvedEvent[] | undefined,
  end: readonly ResolvedEvent[] | undefined,
  { direction, maxCount, fromRevision }: PageOptions,
): boolean {
  if (!page) return true;
  if (page.length >= maxCount) return true;
  const last = page.at(-1)?.event?.revision;
  if (direction === BACKWARDS) return last === 0n;
  if (!end) return false; // the stream came to be between the two reads
  const endsAt = end[0]?.event?.revision;
  if (endsAt === undefined) return false;
  return last !== undefined ? last >= endsAt : typeof fromRevision === 'bigint' && fromRevision > endsAt;
}
