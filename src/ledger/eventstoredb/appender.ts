import { BACKWARDS, END, type EventStoreDBClient } from '@eventstore/db-client';
import { Failure } from '../../kernel/errors';
import type { NewEvent } from '../../kernel/event';
import { DuplicateEventId, WrongExpectedRevision, type Appended, type ExpectedRevision } from '../event-store';
import { standThere, writeExactly } from './exact-append';
import type { GlobalOrder } from './global-order';
import { patiently, type Patience } from './patience';
import { readPage } from './read-page';
import { fromServer, toServer } from './stored-form';

export interface AppendRequest {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
}

const MAX_WAITING = 4096;
const SEARCH_PAGE = 512;

/** Appends as the port promises them, over a server that knows exact revisions only. */
export class Appender {
  /** Resolves when every append before has been sent on its way. */
  private turn: Promise<unknown> = Promise.resolve();
  /** Appends under way, by the stream and the ids that they hold. */
  private readonly held = new Map<string, Promise<unknown>>();
  private readonly underWay = new Set<Promise<unknown>>();
  private waiting = 0;

  constructor(
    private readonly client: EventStoreDBClient,
    private readonly order: GlobalOrder,
    private readonly options: { readonly prefix: string; readonly patience: Patience; readonly inFlight: number },
  ) {}

  /** In turn: after those before it that are on its stream or share an id, and while there is room. */
  async append(request: AppendRequest): Promise<Appended> {
    if (this.waiting >= MAX_WAITING) throw busy();
    this.waiting += 1;
    const admitted = this.turn.then(async () => {
      const holds = [`stream ${request.stream}`, ...request.events.map(({ id }) => id)];
      await Promise.all(holds.flatMap((hold) => this.held.get(hold) ?? []));
      while (this.underWay.size >= this.options.inFlight) await Promise.race(this.underWay);
      return { outcome: this.hold(holds, this.judge(request)) };
    });
    this.turn = admitted.catch(() => undefined);
    try {
      return await (
        await admitted
      ).outcome;
    } finally {
      this.waiting -= 1;
    }
  }

  /** Resolves when nothing is waiting or under way. */
  async idle(): Promise<void> {
    while (this.waiting > 0) {
      await this.turn;
      await Promise.allSettled(this.underWay);
    }
  }

  private hold(holds: readonly string[], outcome: Promise<Appended>): Promise<Appended> {
    const settled: Promise<unknown> = outcome
      .catch(() => undefined)
      .then(() => {
        this.underWay.delete(settled);
        for (const hold of holds) if (this.held.get(hold) === settled) this.held.delete(hold);
      });
    this.underWay.add(settled);
    for (const hold of holds) this.held.set(hold, settled);
    return outcome;
  }

  private async judge(request: AppendRequest): Promise<Appended> {
    const { stream, expected, events } = request;
    const known = this.knownId(events);
    if (known === undefined && expected !== 'stream_exists') {
      const taken = this.order.endBeyond(stream, revisionOf(expected));
      // By an event that this node remembers, so by none of these.
      if (taken !== undefined) throw new WrongExpectedRevision(stream, expected, taken);
    }
    for (;;) {
      const repeated =
        known !== undefined || expected === 'stream_exists' ? await this.alreadyThere(request) : undefined;
      if (repeated) return repeated;
      const end = known !== undefined || expected === 'stream_exists' ? await this.endOf(stream) : undefined;
      if (end !== undefined && !fits(expected, end)) throw new WrongExpectedRevision(stream, expected, end);
      if (known !== undefined) throw new DuplicateEventId(known);
      const written = await this.write(request, expected === 'stream_exists' ? end! : revisionOf(expected));
      if (written) return written;
      if (expected === 'stream_exists') continue; // another writer was faster
      return (await this.alreadyThere(request)) ?? this.conflict(request);
    }
  }

  /** Undefined when the stream is not at that revision. */
  private async write({ stream, events }: AppendRequest, revision: number): Promise<Appended | undefined> {
    const { prefix, patience } = this.options;
    const after = this.order.head;
    const written = await writeExactly(
      this.client,
      patience,
      prefix + stream,
      revision,
      events.map((event) => toServer(event, after)),
    );
    if (!written) return undefined;
    const last = { revision: revision + events.length, id: events[events.length - 1].id, after };
    // What stood there before this node's memory begins was taken as a success too, and will not come by.
    const isOld = !this.order.recall(last.id) && (!written.place || this.order.hasPassed(written.place));
    const there = isOld ? await this.eventAt(stream, last.revision) : last;
    const position = await this.order.positionOf(there);
    return { revision: last.revision, position, repeated: there.after !== after };
  }

  /** The first result of these very events, when they stand in the stream where this append would have put them. */
  private async alreadyThere(request: AppendRequest): Promise<Appended | undefined> {
    const { prefix, patience } = this.options;
    const { stream, expected, events } = request;
    const first = expected === 'stream_exists' ? await this.find(stream, events[0].id) : revisionOf(expected) + 1;
    if (first === undefined) return undefined;
    if (!(await standThere(this.client, patience, prefix + stream, first - 1, events))) return undefined;
    const revision = first + events.length - 1;
    return { revision, position: await this.order.positionOf(await this.eventAt(stream, revision)), repeated: true };
  }

  /** The server judges by all that it has taken; readers see that when it is in the index, a moment later. */
  private async conflict({ stream, expected }: AppendRequest): Promise<never> {
    const end = await patiently(this.options.patience, async () => {
      const read = await this.endOf(stream);
      if (fits(expected, read)) throw new Error(`the end of ${stream} is not in the index yet`);
      return read;
    });
    throw new WrongExpectedRevision(stream, expected, end);
  }

  /** The revision of an event in its stream; looks through all of the stream when this node does not remember the id. */
  private async find(stream: string, id: string): Promise<number | undefined> {
    const known = this.order.recall(id);
    if (known) return known.stream === stream ? known.revision : undefined;
    for (let from: bigint | typeof END = END; ;) {
      const page = await this.page(stream, from, SEARCH_PAGE);
      const found = page.find(({ event }) => event?.id === id);
      const oldest = page.at(-1)?.event?.revision ?? 0n;
      if (found?.event) return Number(found.event.revision);
      if (oldest === 0n) return undefined;
      from = oldest - 1n;
    }
  }

  private async endOf(stream: string): Promise<number> {
    const [last] = await this.page(stream, END, 1);
    return last?.event ? Number(last.event.revision) : -1;
  }

  private async eventAt(stream: string, revision: number): Promise<{ id: string; after: number }> {
    const [resolved] = await this.page(stream, BigInt(revision), 1);
    return fromServer(resolved.event!, this.options.prefix);
  }

  private page(stream: string, fromRevision: bigint | typeof END, maxCount: number): ReturnType<typeof readPage> {
    const { prefix, patience } = this.options;
    return readPage(this.client, patience, prefix + stream, { direction: BACKWARDS, fromRevision, maxCount });
  }

  /** The first id that this node remembers, or that is twice in the request. */
  private knownId(events: readonly NewEvent[]): string | undefined {
    const seen = new Set<string>();
    for (const { id } of events) {
      if (seen.has(id) || this.order.recall(id)) return id;
      seen.add(id);
    }
    return undefined;
  }
}

const revisionOf = (expected: number | 'no_stream'): number => (expected === 'no_stream' ? -1 : expected);

const fits = (expected: ExpectedRevision, end: number): boolean =>
  expected === 'no_stream' ? end < 0 : expected === 'stream_exists' ? end >= 0 : expected === end;

const busy = (): Failure =>
  new Failure('unavailable', 'ledger.busy', {
    zh: '台账写入排队已满，请稍后重试。',
    en: 'Too many writes are waiting for the ledger; repeat the request later.',
  });
