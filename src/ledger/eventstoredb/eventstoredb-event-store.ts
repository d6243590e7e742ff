import { BACKWARDS, END, FORWARDS, type EventStoreDBClient } from '@eventstore/db-client';
import { Failure } from '../../kernel/errors';
import type { NewEvent, RecordedEvent } from '../../kernel/event';
import { appendRequest } from '../append-request';
import {
  EventStore,
  LedgerCorrupt,
  type Appended,
  type ExpectedRevision,
  type LedgerIdentity,
  type PageRequest,
} from '../event-store';
import { bounds } from '../page-bounds';
import { Appender } from './appender';
import { closeClient, openClient } from './connection';
import { GlobalOrder, type Following } from './global-order';
import { keepIdentity, readIdentity } from './identity';
import { OrderIndex } from './order-index';
import type { Patience } from './patience';
import { readPage } from './read-page';
import { at, fromServer, PREFIX, type StoredEvent } from './stored-form';

export interface EventStoreDbOptions {
  /** `esdb://user:password@host:2113?…` or `esdb+discover://…`; the client's own syntax. Never logged. */
  readonly connectionString: string;
  /** Begins the name of every stream of this ledger, and of none besides. */
  readonly streamPrefix?: string;
  /** For one answer of the server. */
  readonly attemptTimeoutMs?: number;
  /** For a clear outcome of an append or a read, over all attempts. */
  readonly totalTimeoutMs?: number;
  /** For the first connection and for counting up to the present. */
  readonly startTimeoutMs?: number;
  /** Told of every attempt to reach the store at the start that failed. */
  readonly failed?: (error: unknown) => void;
  /** A silent subscription is opened anew after so long. */
  readonly silenceMs?: number;
  /** Appends to different streams that are sent without waiting for each other. 1: in the order in which they are asked. */
  readonly appendsInFlight?: number;
  /** Reads beside those that write: appends nothing, not even to the order's stream. */
  readonly readOnly?: boolean;
}

const DEFAULTS = {
  streamPrefix: 'mingjing-',
  attemptTimeoutMs: 5000,
  totalTimeoutMs: 15_000,
  startTimeoutMs: 60_000,
  silenceMs: 30_000,
  appendsInFlight: 32,
  readOnly: false,
};
const MAX_APPENDS_IN_FLIGHT = 256;
const SUBSCRIPTION_PAGE_EVENTS = 512;
/** Positions of a page that are looked up at the same time. */
const LOOKUPS_AT_ONCE = 32;

/** The ledger in EventStoreDB or KurrentDB. How it works and how it fails: README.md in this folder. */
export class EventStoreDbStore extends EventStore {
  private closed = false;

  private constructor(
    private readonly client: EventStoreDBClient,
    private readonly order: GlobalOrder,
    private readonly appender: Appender,
    private readonly prefix: string,
    private readonly patience: Patience,
    private readonly readOnly: boolean,
  ) {
    super();
  }

  /**
   * Connects, and counts up to the present.
   * @throws Failure `ledger.bad_connection_string`, `ledger.bad_stream_prefix`, `ledger.store_unavailable`,
   *   `ledger.store_access_denied`, `ledger.events_hidden`
   * @throws LedgerCorrupt when the events are not those that were recorded
   */
  static async connect(options: EventStoreDbOptions): Promise<EventStoreDbStore> {
    const settings = { ...DEFAULTS, ...options };
    const { streamPrefix: prefix, appendsInFlight } = settings;
    if (!PREFIX.test(prefix)) throw badPrefix();
    const patience = { attemptMs: settings.attemptTimeoutMs, totalMs: settings.totalTimeoutMs };
    const client = openClient(settings.connectionString);
    const index = new OrderIndex(client, prefix, patience);
    const order = new GlobalOrder(client, index, {
      prefix,
      silenceMs: settings.silenceMs,
      arrivalMs: patience.totalMs,
      pageMs: patience.totalMs,
      readOnly: settings.readOnly,
    });
    try {
      await index.open({ ...patience, totalMs: settings.startTimeoutMs, failed: settings.failed });
      await order.start(settings.startTimeoutMs, settings.failed);
    } catch (error) {
      await order.close();
      await closeClient(client);
      throw error;
    }
    const inFlight = Math.min(Math.max(appendsInFlight, 1), MAX_APPENDS_IN_FLIGHT);
    return new EventStoreDbStore(
      client,
      order,
      new Appender(client, order, { prefix, patience, inFlight }),
      prefix,
      patience,
      settings.readOnly,
    );
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    this.assertOpen();
    if (this.readOnly) throw notWritable();
    appendRequest(stream, expected, events); // its bounds
    if (stream.startsWith('$') || events.some(({ type }) => type.startsWith('$'))) throw reservedName();
    return this.appender.append({ stream, expected, events });
  }

  async readStream(stream: string, page: PageRequest): Promise<RecordedEvent[]> {
    this.assertOpen();
    const { direction, from, limit } = page;
    bounds(page, 0, Number.MAX_SAFE_INTEGER);
    if (stream.startsWith('$') || stream === '') return [];
    if (direction === 'forwards')
      return this.pageOf(stream, { direction: FORWARDS, fromRevision: BigInt(from ?? 0), maxCount: limit });
    if (from === undefined) return this.pageOf(stream, { direction: BACKWARDS, fromRevision: END, maxCount: limit });
    const [last] = await this.pageOf(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 });
    if (!last) return [];
    const fromRevision = BigInt(Math.min(from, last.revision));
    return this.pageOf(stream, { direction: BACKWARDS, fromRevision, maxCount: limit });
  }

  async readAll(page: PageRequest): Promise<RecordedEvent[]> {
    this.assertOpen();
    const { first, count, step } = bounds(page, 1, this.order.head);
    if (count === 0) return [];
    const last = first + (count - 1) * step;
    const events = await this.order.range(Math.min(first, last), Math.max(first, last));
    return step > 0 ? events : events.reverse();
  }

  /** As far as this node has counted: its own appends always, others' some milliseconds later. */
  async head(): Promise<number> {
    this.assertOpen();
    return this.order.head;
  }

  override async present(): Promise<number> {
    this.assertOpen();
    return this.order.present();
  }

  async *subscribe(options: {
    after: number;
    limit?: number;
    signal?: AbortSignal;
  }): AsyncGenerator<RecordedEvent[], void, void> {
    const { after, limit = SUBSCRIPTION_PAGE_EVENTS, signal } = options;
    const ended = (): boolean => this.closed || signal?.aborted === true;
    let from = after + 1;
    while (!ended()) {
      const page = await this.readAll({ direction: 'forwards', from, limit }).catch((error: unknown) => {
        if (!ended()) throw error;
        return [];
      });
      from += page.length;
      if (page.length > 0) yield page;
      else if (!ended()) await this.order.arrivals.wait(signal);
    }
  }

  override async identity(vault?: string): Promise<LedgerIdentity | undefined> {
    this.assertOpen();
    const { client, patience, prefix } = this;
    if (vault === undefined) return readIdentity(client, patience, prefix);
    if (this.readOnly) throw notWritable();
    return keepIdentity(client, patience, prefix, vault);
  }

  /** How the following of the store goes: the position reached, when it was last heard of, and what is wrong. */
  following(): Following {
    return this.order.following();
  }

  /** Lets what was asked come to its end, ends the subscriptions and lets the connection go. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.order.arrivals.all();
    await this.appender.idle();
    await this.order.close();
    await closeClient(this.client);
  }

  private async pageOf(stream: string, options: Parameters<typeof readPage>[3]): Promise<RecordedEvent[]> {
    const resolved = await readPage(this.client, this.patience, this.prefix + stream, options);
    const events = resolved.map(({ event }, i) => {
      if (!event) throw new LedgerCorrupt(0, `stream ${stream} has a link to nothing`);
      const stored = fromServer(event, this.prefix);
      const expected = this.revisionAt(resolved[0].event!.revision, options, i);
      if (stored.revision !== expected)
        throw new LedgerCorrupt(0, `revision ${expected} of stream ${stream} is missing`);
      return stored;
    });
    return this.placed(events);
  }

  /** Hidden events show as a page that does not begin where it was asked to. */
  private revisionAt(first: bigint, { direction, fromRevision }: Parameters<typeof readPage>[3], i: number): number {
    const start = typeof fromRevision === 'bigint' ? fromRevision : first;
    return Number(start) + (direction === FORWARDS ? i : -i);
  }

  private async placed(events: readonly StoredEvent[]): Promise<RecordedEvent[]> {
    const placed: RecordedEvent[] = [];
    for (let i = 0; i < events.length; i += LOOKUPS_AT_ONCE) {
      const some = events.slice(i, i + LOOKUPS_AT_ONCE);
      const positions = await Promise.all(some.map((event) => this.order.positionOf(event)));
      placed.push(...some.map((event, j) => at(positions[j], event)));
    }
    return placed;
  }

  private assertOpen(): void {
    if (this.closed) {
      throw new Failure('unavailable', 'ledger.closed', { zh: '台账已关闭。', en: 'The ledger is closed.' });
    }
    this.order.assertSound();
  }
}

const badPrefix = (): Failure =>
  new Failure('invalid', 'ledger.bad_stream_prefix', {
    zh: '流名前缀须为 1 至 64 个字母、数字或 _ . : -，以字母或数字开头。',
    en: 'A stream prefix has 1 to 64 letters, digits and _ . : -, and begins with a letter or digit.',
    field: 'streamPrefix',
  });

const notWritable = (): Failure =>
  new Failure('unavailable', 'ledger.not_writable', {
    zh: '台账目前只读。',
    en: 'The ledger is opened for reading only.',
  });

const reservedName = (): Failure =>
  new Failure('invalid', 'ledger.reserved_name', {
    zh: '流名与事件类型不得以 $ 开头。',
    en: 'Names of streams and types of events do not begin with $: those belong to the event store.',
  });
