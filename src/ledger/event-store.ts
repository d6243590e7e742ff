import type { NewEvent, RecordedEvent } from '../kernel/event';

/**
 * What the writer knows of the stream. There is no "any": an append that does not say what it read is refused by the type.
 * A number is the revision of the last event that was read.
 */
export type ExpectedRevision = number | 'no_stream' | 'stream_exists';

/** Where the last event of an append stands. */
export interface Appended {
  /** Revision of the stream's last event of this append. */
  readonly revision: number;
  /** Global position of the last event of this append. */
  readonly position: number;
  /** True when these very events (same ids, same order) were in the stream already. */
  readonly repeated: boolean;
}

/** Which ledger some events are: what tells them from those of another place, be they alike (台账标识). No secret. */
export interface LedgerIdentity {
  readonly id: string;
  /** `KeyVault.fingerprint` of the vault that they were begun with, where several nodes can reach them. */
  readonly vault?: string;
}

/** A bounded page: `from` is included. Forwards starts at the beginning and backwards at the end when it is left out. */
export interface PageRequest {
  readonly direction: 'forwards' | 'backwards';
  readonly from?: number;
  /** 1 to `MAX_PAGE_EVENTS`. */
  readonly limit: number;
}

export interface SubscribeRequest {
  readonly after: number;
  /** Events of a page at most. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  /** Names of who reads, for traces; no store looks at them. */
  readonly readers?: readonly string[];
}

/** Events of a page, at most. */
export const MAX_PAGE_EVENTS = 4096;
/** Events of one append, at most. */
export const MAX_APPEND_EVENTS = 1024;
/** Bytes of one append as JSON. */
export const MAX_APPEND_BYTES = 8 * 1024 * 1024;
/** Bytes of one event as JSON. */
export const MAX_EVENT_BYTES = 1024 * 1024;

/**
 * The ledger (台账): one global order, gapless, append-only. The port that every store implements and one contract suite checks
 * (`test/contract/event-store.contract.ts`). An abstract class, so that Nest can inject it.
 *
 * A store gives events as they were stored, which is what the log commits to. The program reads and writes through
 * `commitment/vaulted-event-store.ts`, which seals and opens personal fields and brings old events to the current version.
 */
export abstract class EventStore {
  /**
   * Appends 1 to `MAX_APPEND_EVENTS` events atomically; resolves once they are durable.
   * @throws WrongExpectedRevision when the stream is not as expected (and the events are not there already)
   * @throws DuplicateEventId when an event id is in the ledger elsewhere
   */
  abstract append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended>;

  /** A page of one stream by revision; empty when the stream does not exist. */
  abstract readStream(stream: string, page: PageRequest): Promise<RecordedEvent[]>;

  /** A page of the whole ledger by position. */
  abstract readAll(page: PageRequest): Promise<RecordedEvent[]>;

  /** The last position; 0 when the ledger is empty. */
  abstract head(): Promise<number>;

  /**
   * The last position of all that is durable when this is asked, by whichever node; this one reads that far when it resolves, where `head` may
   * be some milliseconds behind others, or more when it is cut off.
   * @throws Failure `ledger.store_unavailable`
   */
  present(): Promise<number> {
    return this.head();
  }

  /**
   * Pages in order, exactly once, from the event after `after`: first what is there, then what comes. Ends when the signal
   * aborts or the store closes. The next page is read when the consumer asks, so a slow consumer holds nothing in memory.
   */
  abstract subscribe(options: SubscribeRequest): AsyncIterable<RecordedEvent[]>;

  /**
   * Which ledger this is. `vault`: the fingerprint of the vault that it is opened with, which a store that several nodes can reach keeps when it
   * knows of none; of nodes that start together the first one's stands. Without it nothing is written.
   * Undefined of a ledger that nobody has opened together with a vault yet, and of a store that keeps no identity.
   */
  async identity(vault?: string): Promise<LedgerIdentity | undefined> {
    void vault;
    return undefined;
  }

  abstract close(): Promise<void>;
}

/** The stream is not where the append expected it: somebody else has written meanwhile. */
export class WrongExpectedRevision extends Error {
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    /** The stream's revision, or -1 when there is no such stream. */
    readonly actual: number,
  ) {
    super(`stream ${stream}: expected ${expected}, found ${actual < 0 ? 'no stream' : `revision ${actual}`}`);
    this.name = 'WrongExpectedRevision';
  }
}

/** An event id that the ledger has already, in another place or with another content. */
export class DuplicateEventId extends Error {
  constructor(readonly eventId: string) {
    super(`event id ${eventId} is in the ledger already`);
    this.name = 'DuplicateEventId';
  }
}

/** The stored bytes are not what was written: a torn page or a flipped byte. Never answered with a wrong event. */
export class LedgerCorrupt extends Error {
  constructor(
    readonly position: number,
    readonly reason: string,
  ) {
    super(`ledger corrupt at position ${position}: ${reason}`);
    this.name = 'LedgerCorrupt';
  }
}

/** Another process has the ledger open for writing. */
export class LedgerLocked extends Error {
  constructor(readonly directory: string) {
    super(`another process is using the ledger in ${directory}`);
    this.name = 'LedgerLocked';
  }
}
