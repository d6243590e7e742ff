import type { NewEvent, RecordedEvent } from '../../src/kernel/event';
import {
  DuplicateEventId,
  WrongExpectedRevision,
  type Appended,
  type ExpectedRevision,
} from '../../src/ledger/event-store';

/** The ledger's rules in their plainest form: an array. Answers an append with its result or with the error. */
export class LedgerModel {
  readonly events: RecordedEvent[] = [];

  stream(name: string): RecordedEvent[] {
    return this.events.filter((e) => e.stream === name);
  }

  append(name: string, expected: ExpectedRevision, events: readonly NewEvent[]): Appended | Error {
    const stream = this.stream(name);
    const actual = stream.length - 1;
    const known = events.find((e, i) => this.has(e.id) || events.findIndex((other) => other.id === e.id) < i);
    const fits =
      expected === 'no_stream'
        ? actual < 0
        : expected === 'stream_exists'
          ? actual >= 0
          : expected === actual && actual >= 0;
    if (!fits || known) {
      const standsAt = stream.findIndex((e) => e.id === events[0].id);
      const wanted = expected === 'no_stream' ? 0 : expected === 'stream_exists' ? standsAt : expected + 1;
      const there = standsAt >= 0 && standsAt === wanted ? stream.slice(standsAt, standsAt + events.length) : [];
      if (there.length === events.length && there.every((e, i) => e.id === events[i].id)) {
        const last = there[there.length - 1];
        return { revision: last.revision, position: last.position, repeated: true };
      }
      if (!fits) return new WrongExpectedRevision(name, expected, actual);
      return new DuplicateEventId(known ? known.id : '');
    }
    for (const event of events) {
      this.events.push({
        ...event,
        stream: name,
        revision: this.stream(name).length,
        position: this.events.length + 1,
      });
    }
    return { revision: actual + events.length, position: this.events.length, repeated: false };
  }

  private has(id: string): boolean {
    return this.events.some((e) => e.id === id);
  }
}
