import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { benchEvent } from './ledger';

const PAGE_EVENTS = 1024;
const STREAM_EVENTS = 20;

/** Fills a ledger, or opens, reads and appends to one, and reports how long opening took and how much memory it needed. */
async function run(task: string, directory: string, events: number): Promise<void> {
  const started = performance.now();
  const store = SqliteEventStore.open({ directory });
  const openMs = performance.now() - started;
  if (task === 'fill') {
    for (let n = 0; n < events;) {
      const streams = Array.from(
        { length: Math.min(50, Math.ceil((events - n) / STREAM_EVENTS)) },
        (_, s) => n + s * STREAM_EVENTS,
      );
      await Promise.all(
        streams.map((first) =>
          store.append(
            `case-${first}`,
            'no_stream',
            Array.from({ length: STREAM_EVENTS }, (_, i) => benchEvent(first + i)),
          ),
        ),
      );
      n += streams.length * STREAM_EVENTS;
    }
  } else {
    const last = await store.head();
    for (let from = 1; from <= last; from += PAGE_EVENTS) {
      const page = await store.readAll({ direction: 'forwards', from, limit: PAGE_EVENTS });
      for (let i = 0; i < page.length; i += STREAM_EVENTS) {
        await store.readStream(page[i].stream, { direction: 'backwards', limit: 1 });
      }
    }
    for (let n = 0; n < 20_000; n += STREAM_EVENTS) {
      await store.append(`case-${n}`, 'stream_exists', [benchEvent(n)]);
    }
  }
  await store.close();
  process.send?.({ openMs, peakRssBytes: process.resourceUsage().maxRSS * 1024 });
}

const [task, directory, events] = process.argv.slice(2);
void run(task, directory, Number(events));
