import type { RecordedEvent } from '../../kernel/event';
import { finding, type Facts, type Finding } from './findings';
import { identityOf } from './stored-events';

/** How far around the first event that differs the others are looked for. */
const REACH = 16;
/** By how much a revision may have been moved with an event. */
const MAX_REVISIONS = 256;

/** The ledger as it is, and the leaves as they should be. */
export interface Displaced {
  readonly eventAt: (position: number) => Promise<RecordedEvent | undefined>;
  /** The leaf hash that the log, or a mirror of it, has for a position; undefined beyond its end. */
  readonly expectedAt: (position: number) => Promise<Buffer | undefined>;
  readonly leafOf: (event: RecordedEvent) => Buffer;
  /** Where else to look, in positions from the first that differs. */
  readonly distances: readonly number[];
}

/**
 * Says what was done at the first position that differs. The leaf of an event holds its position, so each event nearby is tried
 * in its supposed old place: whether the one that stands here belongs further on, or the one that belongs here
 * stands further on. When neither is found the event itself was changed.
 */
export async function displacement(position: number, ledger: Displaced): Promise<Finding> {
  const here = await ledger.eventAt(position);
  const leaves = {
    expected: (await ledger.expectedAt(position))?.toString('base64'),
    ...(here && { found: ledger.leafOf(here).toString('base64') }),
  };
  const nearby = [...Array(REACH).keys()].map((i) => i + 1);
  for (const distance of [...nearby, ...ledger.distances.filter((each) => each > REACH)]) {
    const there = await ledger.eventAt(position + distance);
    const belongsThere = here !== undefined && (await fits(here, there, position + distance, ledger));
    const belongsHere = there !== undefined && (await fits(there, here, position, ledger));
    if (belongsThere && belongsHere) return told('events_exchanged', position + distance);
    if (belongsThere) return told('events_removed', position + distance - 1, {});
    if (belongsHere) return told('events_inserted', position + distance - 1);
  }
  return told('event_changed', position);

  function told(
    code: 'events_exchanged' | 'events_removed' | 'events_inserted' | 'event_changed',
    through: number,
    about: Facts = identityOf(here), // of a removed event the ledger tells nothing
  ): Finding {
    return finding(code, { position, ...(code !== 'event_changed' && { through }), ...about, ...leaves });
  }
}

/** Whether an event, put at a position, has the leaf that is expected there. `replaced` is what stands there now. */
async function fits(
  event: RecordedEvent,
  replaced: RecordedEvent | undefined,
  position: number,
  { expectedAt, leafOf }: Displaced,
): Promise<boolean> {
  const expected = await expectedAt(position);
  if (!expected) return false;
  // Whoever moves events makes the revisions of their streams fit again, or does not: by one for each that went or came.
  const moved = position - event.position;
  const steps = Math.min(Math.abs(moved), MAX_REVISIONS);
  const near = Array.from({ length: steps + 1 }, (_, i) => event.revision + Math.sign(moved) * i);
  const revisions = new Set([...near, replaced?.revision ?? event.revision]);
  return [...revisions].some((revision) => leafOf({ ...event, position, revision }).equals(expected));
}
