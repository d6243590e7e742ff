import type { AllStreamRecordedEvent, EventStoreDBClient } from '@eventstore/db-client';
import { LedgerCorrupt } from '../event-store';
import { closeClient, openClient } from './connection';
import { followAll } from './follow-all';
import { HiddenEvents } from './hidden-events';
import { OrderIndex, type OrderRecord } from './order-index';
import type { Patience } from './patience';
import { asFailure, storeUnavailable, verdictOf } from './store-failure';
import { fromServer, isOfLedger, type Place, type StoredEvent } from './stored-form';

/** What stands in `$all` where an event of the ledger should. */
export interface ScannedEvent {
  readonly place: Place;
  /** Or why it cannot be what was recorded. */
  readonly event: StoredEvent | LedgerCorrupt;
}

const PATIENCE: Patience = { attemptMs: 5000, totalMs: 15_000 };
const SILENCE_MS = 30_000;
/** Without any sign of the server. */
const GIVE_UP_MS = 60_000;

/**
 * The ledger as the server has it, for who trusts neither the order's records nor this node's count: every event under the prefix, in the
 * order of `$all`, damaged ones too. Writes nothing.
 */
export class LedgerScan {
  private constructor(
    private readonly client: EventStoreDBClient,
    private readonly index: OrderIndex,
    private readonly prefix: string,
  ) {}

  /** @throws Failure `ledger.bad_connection_string`, `ledger.store_unavailable`, `ledger.store_access_denied` */
  static async open(connectionString: string, prefix: string): Promise<LedgerScan> {
    const client = openClient(connectionString);
    const index = new OrderIndex(client, prefix, PATIENCE);
    try {
      await index.open(PATIENCE);
    } catch (error) {
      await closeClient(client);
      throw error;
    }
    return new LedgerScan(client, index, prefix);
  }

  /** How many records the order has: so many times 1,024 events were counted by some node. */
  get records(): number {
    return this.index.count;
  }

  /** A record of the order. @throws LedgerCorrupt when it is damaged */
  record(k: number): Promise<OrderRecord> {
    return this.index.record(k);
  }

  /**
   * The ledger's events after a place, or from the first, in runs, up to those that are there now.
   * @param hidden is told of metadata that hide events
   * @throws Failure `ledger.store_unavailable`, `ledger.store_access_denied`
   */
  async *events(after?: Place, hidden?: HiddenEvents): AsyncGenerator<ScannedEvent[], void, void> {
    const stop = new AbortController();
    let [failure, waiting]: [unknown, boolean] = [undefined, true];
    const fail = (error: unknown): void => {
      failure ??= error;
      stop.abort();
    };
    const timer = setTimeout(() => (waiting ? fail(storeUnavailable()) : timer.refresh()), GIVE_UP_MS);
    const following = followAll(this.client, {
      prefix: this.prefix,
      silenceMs: SILENCE_MS,
      after,
      signal: stop.signal,
      heard: () => timer.refresh(),
      caughtUp: () => stop.abort(),
      trouble: (error) => verdictOf(error) === 'denied' && fail(asFailure(error)),
    });
    try {
      for await (const events of following) {
        for (const event of events) hidden?.note(event);
        waiting = false;
        yield events.filter((event) => isOfLedger(event, this.prefix)).map((event) => this.scanned(event));
        waiting = true;
        timer.refresh();
      }
      if (failure !== undefined) throw failure;
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  }

  async close(): Promise<void> {
    await closeClient(this.client);
  }

  private scanned(event: AllStreamRecordedEvent): ScannedEvent {
    try {
      return { place: event.position, event: fromServer(event, this.prefix) };
    } catch (error) {
      if (!(error instanceof LedgerCorrupt)) throw error;
      return { place: event.position, event: error };
    }
  }
}
