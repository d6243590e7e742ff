import type { RecordedEvent } from '../../src/kernel/event';
import { LINK_OF } from './links';
import type { TimelineEntry } from './rows';

/**
 * One event as an act of the timeline. The timeline (时间线) is the case's stream itself: keeping it in the row as well would
 * write every act of a case again with each further one.
 */
export function timelineEntry(event: RecordedEvent): TimelineEntry {
  const { actor, occurredAt, recordedAt } = event.metadata;
  const named = (event.data as { officers?: unknown }).officers;
  return {
    eventId: event.id,
    position: event.position,
    revision: event.revision,
    type: event.type,
    link: LINK_OF[event.type],
    occurredAt,
    recordedAt,
    account: actor.account,
    officer: actor.officer,
    actorKind: actor.kind,
    officers: Array.isArray(named) ? (named as string[]) : [],
  };
}
