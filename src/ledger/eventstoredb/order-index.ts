import { BACKWARDS, END, FORWARDS, type EventStoreDBClient, type ResolvedEvent } from '@eventstore/db-client';
import { LRUCache } from 'lru-cache';
import { v5 as uuidV5 } from 'uuid';
import { idBytes } from '../event-id';
import { LedgerCorrupt } from '../event-store';
import { writeExactly } from './exact-append';
import type { Patience } from './patience';
import { readPage } from './read-page';
import { isAfter, orderStream, type Place } from './stored-form';

/** Positions that one record covers: record k covers k × 1024 + 1 to (k + 1) × 1024. */
export const RECORD_POSITIONS = 1024;
const KEY_BYTES = 8;
const MAX_CACHED_RECORDS = 2048;
const RECORD_TYPE = 'LedgerOrder';
const NAMESPACE = '0d3f5a52-3f0e-5d0b-9a86-5b1f6e3e2c74';

/** One record: which events have its positions. */
export interface OrderRecord {
  /** The place of its last event. */
  readonly place: Place;
  /** `keyOf` each event, in order. */
  readonly keys: Buffer;
}

/** The second half of an event id: its random part. */
export const keyOf = (id: string): Buffer => idBytes(id).subarray(-KEY_BYTES);

/**
 * The order as it is recorded in the store, in the stream `<prefix>$order`: revision k is record k. Nodes that write the same
 * record write the same bytes, so it does not matter which of them is first.
 */
export class OrderIndex {
  private readonly cache = new LRUCache<number, OrderRecord>({ max: MAX_CACHED_RECORDS });
  /** Records known to be durable. */
  private recorded = 0;

  constructor(
    private readonly client: EventStoreDBClient,
    private readonly prefix: string,
    private readonly patience: Patience,
  ) {}

  get count(): number {
    return this.recorded;
  }

  /** Finds out how many records there are. */
  async open(patience: Patience): Promise<void> {
    const stream = orderStream(this.prefix);
    const end = { direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
    const [last] = await readPage(this.client, patience, stream, end);
    this.recorded = last?.event ? Number(last.event.revision) + 1 : 0;
  }

  /** A durable record. @throws LedgerCorrupt */
  async record(k: number): Promise<OrderRecord> {
    const cached = this.cache.get(k);
    if (cached) return cached;
    const page = { direction: FORWARDS, fromRevision: BigInt(k), maxCount: 1 } as const;
    const [resolved] = await readPage(this.client, this.patience, orderStream(this.prefix), page);
    const record = decode(k, resolved);
    this.cache.set(k, record);
    return record;
  }

  /**
   * Makes sure that record k is durable and says what was counted here. A crash before leaves it to the next node, as reading alone does: false
   * while nobody else has made it.
   * @throws LedgerCorrupt when it says otherwise: events of the ledger have been removed from the store, or changed
   */
  async confirm(k: number, counted: OrderRecord, readOnly = false): Promise<boolean> {
    if (k >= this.recorded && !readOnly) await this.write(k, counted);
    if (k >= this.recorded && readOnly && !(await this.exists(k))) return false;
    const { place, keys } = await this.record(k);
    if (!keys.equals(counted.keys) || isAfter(place, counted.place) || isAfter(counted.place, place)) {
      throw new LedgerCorrupt(
        k * RECORD_POSITIONS + 1,
        `the events up to ${(k + 1) * RECORD_POSITIONS} are not those recorded`,
      );
    }
    this.recorded = Math.max(this.recorded, k + 1);
    return true;
  }

  private async exists(k: number): Promise<boolean> {
    const page = { direction: FORWARDS, fromRevision: BigInt(k), maxCount: 1 } as const;
    return (await readPage(this.client, this.patience, orderStream(this.prefix), page)).length > 0;
  }

  /** The position of an event that stands after position `after`; undefined when no record holds it yet. */
  async find(id: string, after: number): Promise<number | undefined> {
    const key = keyOf(id);
    for (let k = Math.floor(after / RECORD_POSITIONS); k < this.recorded; k++) {
      const { keys } = await this.record(k);
      for (let i = keys.indexOf(key); i >= 0; i = keys.indexOf(key, i + 1)) {
        const position = k * RECORD_POSITIONS + i / KEY_BYTES + 1;
        if (i % KEY_BYTES === 0 && position > after) return position;
      }
    }
    return undefined;
  }

  private async write(k: number, { place, keys }: OrderRecord): Promise<void> {
    const stream = orderStream(this.prefix);
    await writeExactly(this.client, this.patience, stream, k - 1, [
      {
        id: uuidV5(`${stream} ${k}`, NAMESPACE),
        type: RECORD_TYPE,
        contentType: 'application/json',
        data: { commit: String(place.commit), prepare: String(place.prepare), keys: keys.toString('base64') },
        metadata: undefined,
      },
    ]);
  }
}

function decode(k: number, resolved: ResolvedEvent | undefined): OrderRecord {
  const event = resolved?.event;
  const data = event?.data as { commit?: string; prepare?: string; keys?: string } | undefined;
  const keys = Buffer.from(data?.keys ?? '', 'base64');
  if (event?.revision !== BigInt(k) || event.type !== RECORD_TYPE || keys.length !== KEY_BYTES * RECORD_POSITIONS) {
    throw new LedgerCorrupt(k * RECORD_POSITIONS + 1, `record ${k} of the order is missing or damaged`);
  }
  return { place: { commit: BigInt(data?.commit ?? ''), prepare: BigInt(data?.prepare ?? '') }, keys };
}
