import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src/kernel/event';
import { MAX_PAGE_EVENTS, type EventStore } from '../../src/ledger/event-store';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { sampleEvents } from '../contract/sample-events';

/** A new directory for each test of the file, removed after it. */
export function temporaryDirectory(): { readonly path: string } {
  const current = { path: '' };
  beforeEach(() => {
    current.path = mkdtempSync(join(tmpdir(), 'mingjing-ledger-'));
  });
  afterEach(() => rmSync(current.path, { recursive: true, force: true }));
  return current;
}

/** A ledger of `streams` streams with `perStream` events each, closed again; returns what is in it. */
export async function writtenLedger(directory: string, streams: number, perStream: number): Promise<RecordedEvent[]> {
  const store = SqliteEventStore.open({ directory });
  for (let s = 0; s < streams; s++)
    await store.append(`case-${s}`, 'no_stream', sampleEvents(perStream, s * perStream));
  const events = await everything(store);
  await store.close();
  return events;
}

export async function everything(store: EventStore): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (;;) {
    const page = await store.readAll({ direction: 'forwards', from: events.length + 1, limit: MAX_PAGE_EVENTS });
    events.push(...page);
    if (page.length < MAX_PAGE_EVENTS) return events;
  }
}
