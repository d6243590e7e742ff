import type { AllStreamRecordedEvent } from '@eventstore/db-client';
import { eventsHidden } from './store-failure';

const HIDING = ['$tb', '$maxAge', '$maxCount'];
const METADATA = '$metadata';
const TOMBSTONE = '$streamDeleted';

/**
 * Streams of the ledger whose metadata hide events, or would in time, and deleted ones. Fed with what comes by in `$all`; since no
 * record of the order is made while there are any, a node that starts at the last record sees all that came after it.
 */
export class HiddenEvents {
  private readonly streams = new Map<string, string>();

  constructor(private readonly prefix: string) {}

  get none(): boolean {
    return this.streams.size === 0;
  }

  note({ streamId, type, data }: AllStreamRecordedEvent): void {
    if (type === TOMBSTONE && streamId.startsWith(this.prefix)) this.streams.set(streamId, 'deleted');
    if (type !== METADATA || !streamId.startsWith(`$$${this.prefix}`)) return;
    const stream = streamId.slice(2);
    const hiding = HIDING.filter((name) => ((data ?? {}) as Record<string, unknown>)[name] !== undefined);
    if (hiding.length > 0) this.streams.set(stream, hiding.join(', '));
    else if (this.streams.get(stream) !== 'deleted') this.streams.delete(stream);
  }

  /** Each stream, and by what its events are hidden. */
  found(): ReadonlyMap<string, string> {
    return this.streams;
  }

  /** @throws Failure `ledger.events_hidden` */
  assertNone(): void {
    if (!this.none) throw eventsHidden([...this.streams].map(([stream, how]) => `${stream}: ${how}`));
  }
}
