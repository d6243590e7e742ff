import Database from 'better-sqlite3';
import type { RecordedEvent } from '../../kernel/event';
import { LedgerCorrupt } from '../event-store';
import { HiddenEvents } from '../eventstoredb/hidden-events';
import { LedgerScan, type ScannedEvent } from '../eventstoredb/ledger-scan';
import { keyOf, RECORD_POSITIONS } from '../eventstoredb/order-index';
import { at, isAfter, orderStream, type Place } from '../eventstoredb/stored-form';
import type { OnProgress } from '../sqlite/check-ledger';
import type { CheckedRow } from '../sqlite/checked-rows';
import { TILE_WIDTH } from '../transparency/tile-path';
import type { AuditedLedger, DerivationKeys } from './audited-ledger';
import { PAGE_EVENTS } from './event-pass';
import { finding, Findings, type Facts, type Finding } from './findings';
import { derive, type DerivedPage } from './stored-events';

interface Counted {
  /** The last position, and where `$all` has each 256th. */
  readonly head: number;
  readonly places: readonly Place[];
  readonly streams: number;
  readonly findings: readonly Finding[];
}

/**
 * A ledger in EventStoreDB or KurrentDB, read from `$all` twice: once to count it and to see how it hangs together (ids, revisions, the
 * recorded order, what hides events), once to derive its entries.
 */
export class RemoteLedger implements AuditedLedger {
  /** The run of events that `at` has read last. */
  private last: { readonly n: number; readonly rows: readonly CheckedRow[] } | undefined;

  private constructor(
    private readonly scan: LedgerScan,
    private readonly keys: DerivationKeys,
    private readonly counted: Counted,
    readonly acknowledged: AuditedLedger['acknowledged'],
  ) {}

  /** @throws Failure `ledger.store_unavailable`, `ledger.store_access_denied` */
  static async open(
    { eventStore, prefix }: { readonly eventStore: string; readonly prefix: string },
    keys: DerivationKeys,
    onProgress: OnProgress,
  ): Promise<RemoteLedger> {
    const scan = await LedgerScan.open(eventStore, prefix);
    try {
      const acknowledged = { position: scan.records * RECORD_POSITIONS, source: orderStream(prefix) };
      const counting = new Counting(scan, prefix);
      try {
        return new RemoteLedger(scan, keys, await counting.all(onProgress), acknowledged);
      } finally {
        counting.close();
      }
    } catch (error) {
      await scan.close();
      throw error;
    }
  }

  get head(): number {
    return this.counted.head;
  }

  async *derived(first: number): AsyncGenerator<DerivedPage, void, void> {
    const { vault, commitmentKey } = this.keys;
    let from = first;
    for await (const rows of this.rows(first, PAGE_EVENTS)) {
      yield await derive(from, rows, vault, commitmentKey);
      from += rows.length;
    }
  }

  async at(position: number): Promise<RecordedEvent | undefined> {
    if (position < 1 || position > this.head) return undefined;
    const n = Math.floor((position - 1) / TILE_WIDTH);
    if (this.last?.n !== n) {
      for await (const rows of this.rows(n * TILE_WIDTH + 1, TILE_WIDTH)) {
        this.last = { n, rows };
        break;
      }
    }
    const row = this.last?.rows[(position - 1) % TILE_WIDTH];
    return row instanceof LedgerCorrupt ? undefined : row;
  }

  async structure(): Promise<{ streams: number; findings: readonly Finding[] }> {
    return this.counted;
  }

  async close(): Promise<void> {
    await this.scan.close();
  }

  /** Whole pages from a position, which follows a whole tile, to the head. */
  private async *rows(first: number, size: number): AsyncGenerator<CheckedRow[], void, void> {
    let page: CheckedRow[] = [];
    let position = first;
    if (first > this.head) return;
    const tiles = (first - 1) / TILE_WIDTH;
    for await (const events of this.scan.events(tiles > 0 ? this.counted.places[tiles - 1] : undefined)) {
      for (const { event } of events) {
        page.push(rowOf(position, event));
        position += 1;
        const done = position > this.head;
        if (page.length < size && !done) continue;
        yield page;
        if (done) return;
        page = [];
      }
    }
    throw new LedgerCorrupt(position, 'events have gone from the store since the check began');
  }
}

const rowOf = (position: number, event: ScannedEvent['event']): CheckedRow =>
  event instanceof LedgerCorrupt ? new LedgerCorrupt(position, event.reason) : at(position, event);

const SCRATCH = `
  PRAGMA journal_mode = OFF;
  CREATE TABLE id (id TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE stream (name TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID`;

const statementsOf = (scratch: Database.Database) => ({
  positionOf: scratch.prepare<[string], number>('SELECT position FROM id WHERE id = ?').pluck(),
  keepId: scratch.prepare<[string, number]>('INSERT INTO id VALUES (?, ?)'),
  revisionOf: scratch.prepare<[string], number>('SELECT revision FROM stream WHERE name = ?').pluck(),
  keepRevision: scratch.prepare<[string, number]>('INSERT OR REPLACE INTO stream VALUES (?, ?)'),
});

/** The first reading. What it must remember of every event is in a temporary file that SQLite removes. */
class Counting {
  private readonly scratch = new Database('');
  private readonly statements: ReturnType<typeof statementsOf>;
  private readonly findings = new Findings();
  private readonly hidden: HiddenEvents;
  private readonly places: Place[] = [];
  private keys: Buffer[] = [];
  private position = 0;
  /** Whether the positions are still those that were recorded, as far as one can tell. */
  private inOrder = true;

  constructor(
    private readonly scan: LedgerScan,
    private readonly prefix: string,
  ) {
    this.hidden = new HiddenEvents(prefix);
    this.scratch.exec(SCRATCH);
    this.statements = statementsOf(this.scratch);
  }

  async all(onProgress: OnProgress): Promise<Counted> {
    const take = this.scratch.transaction((events: readonly ScannedEvent[]) => {
      for (const event of events) this.take(event);
    });
    const acknowledged = this.scan.records * RECORD_POSITIONS;
    for await (const events of this.scan.events(undefined, this.hidden)) {
      // Up to the end of each record, so that its place is at hand.
      for (let from = 0; from < events.length;) {
        const some = events.slice(from, from + RECORD_POSITIONS - (this.position % RECORD_POSITIONS));
        take(some);
        from += some.length;
        if (this.position % RECORD_POSITIONS === 0) await this.compareRecord(some[some.length - 1].place);
      }
      onProgress({ step: 'streams', done: this.position, total: Math.max(this.position, acknowledged) });
    }
    for (const [stream, how] of this.hidden.found()) {
      this.findings.add(finding('events_hidden', { stream: stream.slice(this.prefix.length), reason: how }));
    }
    const streams = this.scratch.prepare<[], number>('SELECT count(*) FROM stream').pluck().get() ?? 0;
    return { head: this.position, places: this.places, streams, findings: this.findings.all() };
  }

  close(): void {
    this.scratch.close();
  }

  private take({ place, event }: ScannedEvent): void {
    this.position += 1;
    const { position } = this;
    if (position % TILE_WIDTH === 0) this.places.push(place);
    if (event instanceof LedgerCorrupt) {
      this.inOrder = false;
      this.keys.push(NO_KEY); // told of by the second reading
      return;
    }
    const { id, stream, revision, type } = event;
    this.keys.push(keyOfAny(id));
    const facts = { position, id, stream, type };
    const { positionOf, keepId, revisionOf, keepRevision } = this.statements;
    const first = positionOf.get(id);
    if (first !== undefined) this.damaged(facts, `its id is that of event ${first}`);
    else keepId.run(id, position);
    const before = revisionOf.get(stream);
    if (revision !== (before ?? -1) + 1) this.damaged(facts, `revision ${revision} of its stream is out of order`);
    keepRevision.run(stream, revision);
    if (this.inOrder && event.after >= position) this.damaged(facts, 'it says that it follows a later event');
  }

  private damaged(facts: Facts, reason: string): void {
    this.inOrder = false;
    this.findings.add(finding('ledger_damaged', { ...facts, reason }));
  }

  /** What some node recorded of the order, when all of it was there. The first difference tells of all that follow. */
  private async compareRecord(place: Place): Promise<void> {
    const k = this.position / RECORD_POSITIONS - 1;
    const keys = Buffer.concat(this.keys);
    this.keys = [];
    if (k >= this.scan.records || this.recordsDiffer) return;
    try {
      const record = await this.scan.record(k);
      if (record.keys.equals(keys) && !isAfter(place, record.place) && !isAfter(record.place, place)) return;
      throw new LedgerCorrupt(
        0,
        `events ${this.position - RECORD_POSITIONS + 1} to ${this.position} are not those recorded`,
      );
    } catch (error) {
      if (!(error instanceof LedgerCorrupt)) throw error;
      this.recordsDiffer = true;
      this.findings.add(finding('ledger_damaged', { reason: `${orderStream(this.prefix)}: ${error.reason}` }));
    }
  }

  private recordsDiffer = false;
}

const NO_KEY = Buffer.alloc(8);

/** Of an id that is none: what no record has. */
function keyOfAny(id: string): Buffer {
  try {
    return keyOf(id);
  } catch {
    return NO_KEY;
  }
}
