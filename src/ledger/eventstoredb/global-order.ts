import type { AllStreamRecordedEvent, EventStoreDBClient } from '@eventstore/db-client';
import { LRUCache } from 'lru-cache';
import type { RecordedEvent } from '../../kernel/event';
import { LedgerCorrupt } from '../event-store';
import { WakeUp } from '../wake-up';
import { NoAnswer } from './connection';
import { followAll } from './follow-all';
import { HiddenEvents } from './hidden-events';
import { keyOf, RECORD_POSITIONS, type OrderIndex, type OrderRecord } from './order-index';
import { asFailure, storeUnavailable, verdictOf } from './store-failure';
import { at, fromServer, isAfter, isOfLedger, type Place, type StoredEvent } from './stored-form';

/** Where an event of this node's memory stands. */
export interface Known {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
}

export interface OrderOptions {
  readonly prefix: string;
  readonly silenceMs: number;
  /** For an event to come by. */
  readonly arrivalMs: number;
  /** For a page of old events. */
  readonly pageMs: number;
  /** Holds its count against the records of others, and makes none. */
  readonly readOnly: boolean;
}

/** How the following goes; for metrics and health. */
export interface Following {
  readonly position: number;
  /** When the last sign came from the subscription, in milliseconds since 1970. */
  readonly heardAt: number;
  /** Why it had to be opened again; undefined while it is fine. */
  readonly trouble?: string;
}

/** Records behind the newest at which a node starts to count: so many events' ids are known at once. */
const RECORDS_AT_START = 8;
/** An event that stands in the store is waited for, and the subscription has been silent for so long: it may be stalled. */
const OVERDUE_MS = 2000;
const MAX_KNOWN_IDS = 65_536;
const MAX_TAIL_EVENTS = 2048;
const MAX_TAIL_CHARS = 16 * 1024 * 1024;
const MAX_PAGE_ENDS = 1024;
const MAX_STREAM_ENDS = 50_000;

/**
 * The one order: counts the ledger's events in `$all`. Every node counts for itself, and all of them the same; `OrderIndex`
 * keeps the count in the store.
 */
export class GlobalOrder {
  private position = 0;
  private place: Place | undefined;
  private readonly known = new Map<string, Known>();
  /** Where the known ids stand: `<stream> <revision>`. */
  private readonly slots = new Set<string>();
  /** The newest events, up to `position`. */
  private readonly tail: RecordedEvent[] = [];
  private readonly tailChars: number[] = [];
  private charsInTail = 0;
  /** Where in `$all` pages have ended: the next one begins there. */
  private readonly pageEnds = new LRUCache<number, Place>({ max: MAX_PAGE_ENDS });
  private readonly streamEnds = new LRUCache<string, number>({ max: MAX_STREAM_ENDS });
  private readonly hidden: HiddenEvents;
  private keys: Buffer[] = [];
  /** Full records that are not confirmed yet. */
  private readonly unconfirmed: Array<{ k: number; record: OrderRecord }> = [];
  private broken: unknown;
  private heardAt = Date.now();
  private trouble: unknown;
  private readonly stop = new AbortController();
  private doubt = new AbortController();
  private running: Promise<void> = Promise.resolve();
  /** Woken by every new event, and by the end. */
  readonly arrivals = new WakeUp();

  constructor(
    private readonly client: EventStoreDBClient,
    private readonly index: OrderIndex,
    private readonly options: OrderOptions,
  ) {
    this.hidden = new HiddenEvents(options.prefix);
  }

  /**
   * Counts up to the present, and from then on follows.
   * @throws Failure `ledger.events_hidden`, `ledger.store_access_denied`, `ledger.store_unavailable`; LedgerCorrupt
   */
  async start(limitMs: number, failed: (error: unknown) => void = () => undefined): Promise<void> {
    const from = Math.max(0, this.index.count - RECORDS_AT_START);
    this.position = from * RECORD_POSITIONS;
    if (from > 0) this.place = (await this.index.record(from - 1)).place;
    const started = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(asFailure(this.trouble ?? new NoAnswer(limitMs))), limitMs);
      const done = (error?: unknown): void => {
        clearTimeout(timer);
        if (error === undefined) resolve();
        else reject(error as Error);
      };
      this.running = this.follow(
        () => done(),
        (error) => {
          failed(error);
          if (verdictOf(error) === 'denied') done(asFailure(error));
        },
      ).catch((error: unknown) => {
        this.broken = error;
        this.arrivals.all();
        done(error);
      });
    });
    await started;
    this.assertSound();
  }

  get head(): number {
    return this.position;
  }

  /** Counts on from here to the end of the store, beside the following, and waits until that has come as far. @throws Failure `ledger.store_unavailable` */
  async present(): Promise<number> {
    const deadline = Date.now() + this.options.arrivalMs;
    const counted = new AbortController();
    const late = AbortSignal.timeout(this.options.pageMs);
    const signal = AbortSignal.any([this.stop.signal, counted.signal, late]);
    let { position } = this;
    const caughtUp = (): void => counted.abort();
    for await (const events of followAll(this.client, { ...this.options, after: this.place, signal, caughtUp })) {
      position += events.filter((event) => this.ledgerEvent(event)).length;
    }
    if (!counted.signal.aborted) throw storeUnavailable();
    while (this.position < position) {
      this.assertSound();
      const left = deadline - Date.now();
      if (left <= 0 || this.stop.signal.aborted) throw storeUnavailable();
      await this.arrivals.wait(undefined, left);
    }
    return position;
  }

  following(): Following {
    const trouble = this.broken ?? this.trouble;
    const { position, heardAt } = this;
    return { position, heardAt, ...(trouble !== undefined && { trouble: String(trouble) }) };
  }

  /** @throws LedgerCorrupt, Failure `ledger.events_hidden`: what is wrong with the ledger, which then answers nothing else */
  assertSound(): void {
    if (this.broken !== undefined) throw this.broken as Error;
    this.hidden.assertNone();
  }

  /** Of the events that this node remembers. */
  recall(id: string): Known | undefined {
    return this.known.get(id);
  }

  /** The end of a stream, if this node knows that some event of those that it remembers follows the revision. */
  endBeyond(stream: string, revision: number): number | undefined {
    return this.slots.has(`${stream} ${revision + 1}`) ? this.streamEnds.get(stream) : undefined;
  }

  /** Whether this node has gone past a place. */
  hasPassed(place: Place): boolean {
    return this.place !== undefined && !isAfter(place, this.place);
  }

  /** An event's position, waiting until it has come by. @throws Failure `ledger.store_unavailable` when that takes too long */
  async positionOf({ id, after }: { readonly id: string; readonly after: number }): Promise<number> {
    const asked = Date.now();
    const deadline = asked + this.options.arrivalMs;
    for (;;) {
      this.assertSound();
      const position =
        this.known.get(id)?.position ?? (await this.index.find(id, after)) ?? this.known.get(id)?.position;
      if (position !== undefined) return position;
      const left = deadline - Date.now();
      if (left <= 0 || this.stop.signal.aborted) throw storeUnavailable();
      await this.arrivals.wait(undefined, Math.min(left, OVERDUE_MS));
      if (Date.now() - Math.max(this.heardAt, asked) >= OVERDUE_MS) this.openAnew();
    }
  }

  private openAnew(): void {
    this.heardAt = Date.now();
    this.doubt.abort();
    this.doubt = new AbortController();
  }

  /** The events at positions `first` to `last`, all of which have come by. @throws Failure `ledger.store_unavailable`; LedgerCorrupt */
  async range(first: number, last: number): Promise<RecordedEvent[]> {
    const tailStart = this.position - this.tail.length + 1;
    if (first >= tailStart) return this.tail.slice(first - tailStart, last - tailStart + 1);
    const events: RecordedEvent[] = [];
    const signal = AbortSignal.any([this.stop.signal, AbortSignal.timeout(this.options.pageMs)]);
    let { position, place } = await this.before(first);
    for await (const some of followAll(this.client, { ...this.options, after: place, signal })) {
      for (const event of some) {
        const stored = this.ledgerEvent(event);
        if (!stored) continue;
        place = event.position;
        if (++position >= first) events.push(at(position, stored));
        if (position === last) {
          this.pageEnds.set(last, place);
          return events;
        }
      }
    }
    throw storeUnavailable();
  }

  async close(): Promise<void> {
    this.stop.abort();
    this.arrivals.all();
    await this.running;
  }

  /** The nearest known place before a position. */
  private async before(first: number): Promise<{ position: number; place: Place | undefined }> {
    const exact = this.pageEnds.get(first - 1);
    if (exact) return { position: first - 1, place: exact };
    const records = Math.min(Math.floor((first - 1) / RECORD_POSITIONS), this.index.count);
    const place = records > 0 ? (await this.index.record(records - 1)).place : undefined;
    return { position: records * RECORD_POSITIONS, place };
  }

  private async follow(caughtUp: () => void, trouble: (error: unknown) => void): Promise<void> {
    const { stop, place, options } = this;
    const following = followAll(this.client, {
      ...options,
      after: place,
      doubted: () => this.doubt.signal,
      signal: stop.signal,
      heard: () => {
        this.heardAt = Date.now();
        this.trouble = undefined;
      },
      caughtUp,
      trouble: (error) => {
        this.trouble = error;
        trouble(error);
      },
    });
    for await (const events of following) {
      for (const event of events) this.take(event);
      this.arrivals.all();
      await this.confirmRecords();
    }
  }

  private take(event: AllStreamRecordedEvent): void {
    this.hidden.note(event);
    this.place = event.position;
    const stored = this.ledgerEvent(event);
    if (!stored) return;
    const { id, stream, revision } = stored;
    const before = this.streamEnds.get(stream);
    if (before !== undefined && revision !== before + 1) {
      throw new LedgerCorrupt(this.position + 1, `revision ${before + 1} of stream ${stream} is missing`);
    }
    this.streamEnds.set(stream, revision);
    this.position += 1;
    this.remember(at(this.position, stored), event.position);
    this.keys.push(keyOf(id));
    if (this.position % RECORD_POSITIONS > 0) return;
    const k = this.position / RECORD_POSITIONS - 1;
    this.unconfirmed.push({ k, record: { place: event.position, keys: Buffer.concat(this.keys) } });
    this.keys = [];
  }

  /** Not while events are hidden: a node that starts behind the record would not see that they are. */
  private async confirmRecords(): Promise<void> {
    while (this.unconfirmed.length > 0 && this.hidden.none && !this.stop.signal.aborted) {
      const [{ k, record }] = this.unconfirmed;
      try {
        if (!(await this.index.confirm(k, record, this.options.readOnly))) return;
      } catch (error) {
        if (error instanceof LedgerCorrupt) throw error;
        this.trouble = error;
        return; // tried again after the next events; what is not in a record yet stays in memory
      }
      this.unconfirmed.shift();
    }
  }

  private ledgerEvent(event: AllStreamRecordedEvent): StoredEvent | undefined {
    const { prefix } = this.options;
    return isOfLedger(event, prefix) ? fromServer(event, prefix) : undefined;
  }

  private remember(event: RecordedEvent, place: Place): void {
    const { id, stream, revision, position } = event;
    this.known.set(id, { position, stream, revision });
    this.slots.add(`${stream} ${revision}`);
    for (const [old, there] of this.known) {
      if (this.known.size <= MAX_KNOWN_IDS || there.position > this.index.count * RECORD_POSITIONS) break;
      this.known.delete(old);
      this.slots.delete(`${there.stream} ${there.revision}`);
    }
    const chars = JSON.stringify(event.data).length;
    this.tail.push(event);
    this.tailChars.push(chars);
    this.charsInTail += chars;
    while (this.tail.length > MAX_TAIL_EVENTS || this.charsInTail > MAX_TAIL_CHARS) {
      this.tail.shift();
      this.charsInTail -= this.tailChars.shift() ?? 0;
    }
    this.pageEnds.set(position, place);
  }
}
