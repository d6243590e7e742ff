import fc from 'fast-check';
import { Failure } from '../../src/kernel/errors';
import type { NewEvent, RecordedEvent } from '../../src/kernel/event';
import {
  DuplicateEventId,
  MAX_APPEND_EVENTS,
  MAX_EVENT_BYTES,
  MAX_PAGE_EVENTS,
  WrongExpectedRevision,
  type EventStore,
  type ExpectedRevision,
  type PageRequest,
} from '../../src/ledger/event-store';
import { LedgerModel } from './ledger-model';
import { sampleEvent, sampleEvents } from './sample-events';

export interface OpenedStore {
  readonly store: EventStore;
  /** Closes the store and opens it again over the same data; left out where that means nothing. */
  reopen?(): Promise<EventStore>;
  close(): Promise<void>;
}

/** Everything the port promises. Every store passes it, each test on an empty ledger that `open` makes. */
export function eventStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} as an event store`, () => {
    let opened: OpenedStore;
    let store: EventStore;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    describe('append', () => {
      it('numbers revisions from 0 in each stream and positions from 1 in the ledger, without gaps', async () => {
        expect(await store.append('case-1', 'no_stream', sampleEvents(2))).toEqual({
          revision: 1,
          position: 2,
          repeated: false,
        });
        expect(await store.append('case-2', 'no_stream', sampleEvents(1))).toMatchObject({ revision: 0, position: 3 });
        expect(await store.append('case-1', 1, sampleEvents(1))).toMatchObject({ revision: 2, position: 4 });
        expect(await store.append('case-2', 'stream_exists', sampleEvents(3))).toMatchObject({
          revision: 3,
          position: 7,
        });
        expect((await everything(store)).map((e) => [e.position, e.stream, e.revision])).toEqual([
          [1, 'case-1', 0],
          [2, 'case-1', 1],
          [3, 'case-2', 0],
          [4, 'case-1', 2],
          [5, 'case-2', 1],
          [6, 'case-2', 2],
          [7, 'case-2', 3],
        ]);
        expect(await store.head()).toBe(7);
      });

      it('gives back what was recorded, Chinese, emoji, nesting, absence and line ends included', async () => {
        const data = {
          当事人: '张三🏛️',
          'a.b': [1, null, { c: 'x\u2028\n"\\' }],
          empty: '',
          zero: 0,
          no: false,
          big: 2 ** 53 - 1,
        };
        const event = sampleEvent(1, { data });
        await store.append('case-明镜', 'no_stream', [event]);
        expect(await store.readAll({ direction: 'forwards', limit: 1 })).toEqual([
          { ...event, stream: 'case-明镜', revision: 0, position: 1 },
        ]);
      });

      const wrong: ReadonlyArray<[found: number, expected: ExpectedRevision, actual: number]> = [
        [0, 'stream_exists', -1],
        [0, 0, -1],
        [0, 5, -1],
        [2, 'no_stream', 1],
        [2, 0, 1],
        [2, 2, 1],
      ];
      it.each(wrong)('a stream of %d events refuses an append that expects %s', async (found, expected, actual) => {
        if (found > 0) await store.append('case-1', 'no_stream', sampleEvents(found));
        const refusal = store.append('case-1', expected, sampleEvents(1));
        await expect(refusal).rejects.toThrow(WrongExpectedRevision);
        await expect(refusal).rejects.toMatchObject({ stream: 'case-1', expected, actual });
        expect(await store.head()).toBe(found);
      });

      it('takes the largest append whole', async () => {
        expect(await store.append('case-1', 'no_stream', sampleEvents(MAX_APPEND_EVENTS))).toMatchObject({
          position: MAX_APPEND_EVENTS,
        });
      });

      const outOfBounds: ReadonlyArray<[what: string, stream: string, events: () => NewEvent[]]> = [
        ['no events', 'case-1', () => []],
        ['too many events', 'case-1', () => sampleEvents(MAX_APPEND_EVENTS + 1)],
        ['too large an event', 'case-1', () => [sampleEvent(1, { data: { text: 'x'.repeat(MAX_EVENT_BYTES) } })]],
        ['an id that is no UUID', 'case-1', () => [sampleEvent(1, { id: 'e-1' })]],
        ['no stream name', '', () => sampleEvents(1)],
      ];
      it.each(outOfBounds)('refuses %s', async (_what, stream, events) => {
        await expect(store.append(stream, 'no_stream', events())).rejects.toMatchObject({ kind: 'invalid' });
        expect(await store.head()).toBe(0);
      });
    });

    describe('repetition', () => {
      const modes: ReadonlyArray<[expected: ExpectedRevision, before: number]> = [
        ['no_stream', 0],
        [1, 2],
        ['stream_exists', 2],
      ];
      it.each(modes)(
        'the same events expecting %s are recorded once and get the first result',
        async (expected, before) => {
          if (before > 0) await store.append('case-1', 'no_stream', sampleEvents(before));
          const events = sampleEvents(3);
          const first = await store.append('case-1', expected, events);
          await store.append('case-1', 'stream_exists', sampleEvents(2));
          await store.append('case-2', 'no_stream', sampleEvents(1));
          expect(await store.append('case-1', expected, events)).toEqual({ ...first, repeated: true });
          expect(await store.head()).toBe(before + 6);
        },
      );

      it.each(modes)('sent twice at once, expecting %s, they are recorded once', async (expected, before) => {
        if (before > 0) await store.append('case-1', 'no_stream', sampleEvents(before));
        const events = sampleEvents(3);
        const results = await Promise.all([1, 2, 3].map(() => store.append('case-1', expected, events)));
        expect(results.map((r) => r.repeated).sort()).toEqual([false, true, true]);
        expect(new Set(results.map((r) => r.position)).size).toBe(1);
        expect(await store.head()).toBe(before + 3);
      });

      it('is not recognised when order, place or number differ', async () => {
        const [a, b, c] = sampleEvents(3);
        await store.append('case-1', 'no_stream', [a, b]);
        await expect(store.append('case-1', 'no_stream', [b, a])).rejects.toThrow(WrongExpectedRevision);
        await expect(store.append('case-1', 'no_stream', [a, b, c])).rejects.toThrow(WrongExpectedRevision);
        await expect(store.append('case-1', 0, [a, b])).rejects.toThrow(WrongExpectedRevision);
        await expect(store.append('case-1', 'stream_exists', [b, a])).rejects.toThrow(DuplicateEventId);
        expect(await store.append('case-1', 'no_stream', [a])).toMatchObject({ revision: 0, repeated: true });
        expect(await store.head()).toBe(2);
      });

      it('an id that stands elsewhere is refused, by name', async () => {
        const [a, b] = sampleEvents(2);
        await store.append('case-1', 'no_stream', [a]);
        await expect(store.append('case-2', 'no_stream', [b, a])).rejects.toMatchObject({
          name: 'DuplicateEventId',
          eventId: a.id,
        });
        await expect(store.append('case-1', 0, [a])).rejects.toThrow(DuplicateEventId);
        await expect(store.append('case-3', 'no_stream', [b, b])).rejects.toThrow(DuplicateEventId);
        expect(await store.head()).toBe(1);
      });
    });

    describe('reading', () => {
      beforeEach(async () => {
        await store.append('case-1', 'no_stream', sampleEvents(3));
        await store.append('case-2', 'no_stream', sampleEvents(4, 3));
        await store.append('case-1', 2, sampleEvents(3, 7));
      });

      const pages: ReadonlyArray<[PageRequest, all: number[], stream: number[]]> = [
        [{ direction: 'forwards', limit: 100 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [0, 1, 2, 3, 4, 5]],
        [{ direction: 'backwards', limit: 100 }, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], [5, 4, 3, 2, 1, 0]],
        [{ direction: 'forwards', limit: 2 }, [1, 2], [0, 1]],
        [{ direction: 'backwards', limit: 2 }, [10, 9], [5, 4]],
        [{ direction: 'forwards', from: 2, limit: 3 }, [2, 3, 4], [2, 3, 4]],
        [{ direction: 'backwards', from: 2, limit: 3 }, [2, 1], [2, 1, 0]],
        [{ direction: 'forwards', from: 0, limit: 1 }, [1], [0]],
        [{ direction: 'backwards', from: 0, limit: 1 }, [], [0]],
        [{ direction: 'forwards', from: 99, limit: 3 }, [], []],
        [{ direction: 'backwards', from: 99, limit: 2 }, [10, 9], [5, 4]],
      ];
      it.each(pages)('%j', async (page, all, stream) => {
        expect((await store.readAll(page)).map((e) => e.position)).toEqual(all);
        expect((await store.readStream('case-1', page)).map((e) => e.revision)).toEqual(stream);
      });

      it('of a stream that does not exist gives nothing', async () => {
        expect(await store.readStream('case-3', { direction: 'forwards', limit: 10 })).toEqual([]);
        expect(await store.readStream('case-3', { direction: 'backwards', limit: 10 })).toEqual([]);
      });

      it.each([{ limit: 0 }, { limit: MAX_PAGE_EVENTS + 1 }, { limit: 1.5 }, { limit: NaN }, { limit: 1, from: -1 }])(
        'refuses the page %j',
        async (page) => {
          const request = { direction: 'forwards', ...page } as const;
          await expect(store.readAll(request)).rejects.toMatchObject({ kind: 'invalid', code: 'ledger.bad_page' });
          await expect(store.readStream('case-1', request)).rejects.toBeInstanceOf(Failure);
        },
      );
    });

    describe('concurrent writers', () => {
      it('lose nothing and write nothing twice: 64 writers on 5 streams, reading and trying again on a conflict', async () => {
        const perWriter = 10;
        await Promise.all(
          Array.from({ length: 64 }, async (_, writer) => {
            for (let i = 0; i < perWriter; i++) {
              const event = sampleEvent(writer * perWriter + i);
              await appendWithRetry(store, `case-${(writer + i) % 5}`, event);
            }
          }),
        );
        const all = await everything(store);
        expect(all.map((e) => e.position)).toEqual(all.map((_, i) => i + 1));
        expect(all.map((e) => e.data.n as number).sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
        expect(all).toHaveLength(64 * perWriter);
        for (let s = 0; s < 5; s++) {
          const stream = all.filter((e) => e.stream === `case-${s}`);
          expect(stream.map((e) => e.revision)).toEqual(stream.map((_, i) => i));
          expect(await store.readStream(`case-${s}`, { direction: 'forwards', limit: MAX_PAGE_EVENTS })).toEqual(
            stream,
          );
        }
      });

      it('one that conflicts or repeats an id is refused alone', async () => {
        const [known] = sampleEvents(1);
        await store.append('case-0', 'no_stream', [known]);
        const results = await Promise.allSettled([
          store.append('case-1', 'no_stream', sampleEvents(2)),
          store.append('case-1', 'no_stream', sampleEvents(2)),
          store.append('case-2', 'no_stream', [sampleEvent(1), known]),
          store.append('case-2', 'no_stream', sampleEvents(1)),
          store.append('case-1', 1, sampleEvents(1)),
        ]);
        expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled']);
        expect((await everything(store)).map((e) => `${e.position} ${e.stream} ${e.revision}`)).toEqual([
          '1 case-0 0',
          '2 case-1 0',
          '3 case-1 1',
          '4 case-2 0',
          '5 case-1 2',
        ]);
      });

      it('what is acknowledged can be read at once', async () => {
        const { position } = await store.append('case-1', 'no_stream', sampleEvents(1));
        expect(await store.readAll({ direction: 'forwards', from: position, limit: 1 })).toHaveLength(1);
        expect(await store.readStream('case-1', { direction: 'backwards', limit: 1 })).toHaveLength(1);
      });
    });

    describe('a subscription', () => {
      it('gives every event once, in order, across the line from the past to the present', async () => {
        await store.append('case-1', 'no_stream', sampleEvents(50));
        const seen: number[] = [];
        const reading = (async () => {
          for await (const page of store.subscribe({ after: 7, limit: 10 })) {
            expect(page.length).toBeLessThanOrEqual(10);
            seen.push(...page.map((e) => e.position));
            if (seen.includes(250)) break;
          }
        })();
        for (let i = 0; i < 200; i++) await store.append('case-1', 49 + i, sampleEvents(1));
        await reading;
        expect(seen).toEqual(Array.from({ length: 243 }, (_, i) => i + 8));
      });

      it('waits at the end, and a slow one reads on from where it was', async () => {
        const subscription = store.subscribe({ after: 0, limit: 2 })[Symbol.asyncIterator]();
        const first = subscription.next();
        await store.append('case-1', 'no_stream', sampleEvents(1));
        expect(positionsOf(await first)).toEqual([1]);
        await store.append('case-1', 0, sampleEvents(3));
        expect(positionsOf(await subscription.next())).toEqual([2, 3]);
        expect(positionsOf(await subscription.next())).toEqual([4]);
        await subscription.return?.();
      });

      it('from a position that is not reached yet starts there', async () => {
        const next = store.subscribe({ after: 2 })[Symbol.asyncIterator]().next();
        await store.append('case-1', 'no_stream', sampleEvents(1));
        await store.append('case-1', 0, sampleEvents(1));
        await store.append('case-1', 1, sampleEvents(1));
        expect(positionsOf(await next)).toEqual([3]);
      });

      it('serves several readers, each all of it', async () => {
        const readers = [0, 1, 2].map(async () => {
          const seen: number[] = [];
          for await (const page of store.subscribe({ after: 0 })) {
            seen.push(...page.map((e) => e.position));
            if (seen.length >= 20) break;
          }
          return seen;
        });
        for (let i = 0; i < 20; i++) await store.append(`case-${i}`, 'no_stream', sampleEvents(1));
        for (const seen of await Promise.all(readers))
          expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
      });

      it('ends when its signal aborts, waiting or not yet begun', async () => {
        const abort = new AbortController();
        const waiting = store.subscribe({ after: 0, signal: abort.signal })[Symbol.asyncIterator]().next();
        setImmediate(() => abort.abort());
        expect((await waiting).done).toBe(true);
        const late = store.subscribe({ after: 0, signal: abort.signal })[Symbol.asyncIterator]();
        expect((await late.next()).done).toBe(true);
      });

      it('ends when the store closes', async () => {
        const waiting = store.subscribe({ after: 0 })[Symbol.asyncIterator]().next();
        await store.append('case-1', 'no_stream', sampleEvents(1));
        expect(positionsOf(await waiting)).toEqual([1]);
        const atEnd = store.subscribe({ after: 1 })[Symbol.asyncIterator]().next();
        await store.close();
        expect((await atEnd).done).toBe(true);
      });
    });

    it('once closed, refuses', async () => {
      await store.close();
      await expect(store.append('case-1', 'no_stream', sampleEvents(1))).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(store.head()).rejects.toMatchObject({ kind: 'unavailable' });
      await store.close();
    });

    it('agrees with the model, whatever is appended, and again after opening it anew', async () => {
      await fc.assert(
        fc.asyncProperty(appends, async (steps) => {
          const run = await open();
          try {
            await behavesAsModel(run, steps);
          } finally {
            await run.close();
          }
        }),
        { numRuns: 60 },
      );
    });
  });
}

/** One random append: to which stream, expecting what, with which events of a small stock, so that ids do repeat. */
interface Step {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly number[];
  /** Sent without waiting for the one before. */
  readonly atOnce: boolean;
}

const STOCK = 24;
const appends = fc.array(
  fc.record<Step>({
    stream: fc.constantFrom('case-1', 'case-2', 'officer-1'),
    expected: fc.oneof(fc.constantFrom('no_stream' as const, 'stream_exists' as const), fc.nat({ max: 8 })),
    events: fc.oneof(
      fc.array(fc.nat({ max: STOCK - 1 }), { minLength: 1, maxLength: 4 }),
      fc.nat({ max: STOCK - 3 }).map((n) => [n, n + 1, n + 2]),
    ),
    atOnce: fc.boolean(),
  }),
  { maxLength: 40 },
);

async function behavesAsModel(run: OpenedStore, steps: readonly Step[]): Promise<void> {
  const model = new LedgerModel();
  const stock = sampleEvents(STOCK);
  const pending: Promise<void>[] = [];
  for (const { stream, expected, events, atOnce } of steps) {
    const chosen = events.map((n) => stock[n]);
    const wanted = model.append(stream, expected, chosen);
    const answered = run.store.append(stream, expected, chosen).then(
      (appended) => expect(appended).toEqual(wanted),
      (error: unknown) => expect(error).toEqual(wanted),
    );
    pending.push(answered);
    if (!atOnce) await answered;
  }
  await Promise.all(pending);
  await readsAsModel(run.store, model);
  if (run.reopen) await readsAsModel(await run.reopen(), model);
}

async function readsAsModel(store: EventStore, model: LedgerModel): Promise<void> {
  expect(await store.head()).toBe(model.events.length);
  expect(await everything(store)).toEqual(model.events);
  for (const stream of ['case-1', 'case-2', 'officer-1']) {
    const events = model.stream(stream);
    expect(await store.readStream(stream, { direction: 'forwards', limit: 1000 })).toEqual(events);
    expect(await store.readStream(stream, { direction: 'backwards', from: 3, limit: 2 })).toEqual(
      events.slice(0, 4).reverse().slice(0, 2),
    );
  }
}

async function appendWithRetry(store: EventStore, stream: string, event: NewEvent): Promise<void> {
  for (;;) {
    const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
    try {
      await store.append(stream, last ? last.revision : 'no_stream', [event]);
      return;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
    }
  }
}

const everything = (store: EventStore): Promise<RecordedEvent[]> =>
  store.readAll({ direction: 'forwards', limit: MAX_PAGE_EVENTS });

const positionsOf = (result: IteratorResult<RecordedEvent[]>): number[] =>
  result.done ? [] : result.value.map((e) => e.position);
