import type { RecordedEvent } from '../../kernel/event';
import { LedgerCorrupt } from '../event-store';
import { checkStreams, checkStructure, existingLedger, type OnProgress } from '../sqlite/check-ledger';
import { HeadMark } from '../sqlite/head-mark';
import { LedgerReader, orCorrupt } from '../sqlite/ledger-reader';
import { openForReading, type Sqlite } from '../sqlite/schema';
import type { AuditedLedger, DerivationKeys } from './audited-ledger';
import { derivedPages } from './derivation';
import { MAX_BEYOND, PAGE_EVENTS } from './event-pass';
import { finding, type Finding } from './findings';
import { StoredEvents, type DerivedPage } from './stored-events';

/** `ledger.db`: every byte of each row, the indexes, the schema and SQLite's own check. */
export class EmbeddedLedger implements AuditedLedger {
  private readonly events: StoredEvents;

  private constructor(
    private readonly db: Sqlite,
    private readonly directory: string,
    private readonly keys: DerivationKeys,
    readonly head: number,
    readonly acknowledged: AuditedLedger['acknowledged'],
  ) {
    this.events = new StoredEvents(db, keys.vault, keys.commitmentKey);
  }

  /** @throws LedgerCorrupt */
  static open(directory: string, keys: DerivationKeys): EmbeddedLedger {
    const acknowledged = { position: HeadMark.read(directory), source: 'ledger.head' }; // it follows the rows
    const db = orCorrupt(0, () => openForReading(existingLedger(directory)));
    try {
      return new EmbeddedLedger(db, directory, keys, boundedHead(db), acknowledged);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  derived(first: number): AsyncGenerator<DerivedPage, void, void> {
    const { vault, vaultDirectory, commitmentKey } = this.keys;
    const task = { ledgerDirectory: this.directory, vaultDirectory, commitmentKey };
    // Threads open the vault by its directory; another one is asked here.
    const threads = vault && vaultDirectory === undefined ? { threads: 0 } : {};
    return derivedPages(first, this.head, { ...task, ...threads, here: this.events, pageEvents: PAGE_EVENTS });
  }

  async at(position: number): Promise<RecordedEvent | undefined> {
    return this.events.at(position);
  }

  /** On one snapshot. */
  async structure(
    known: ReadonlySet<number | undefined>,
    onProgress: OnProgress,
  ): Promise<{ streams: number; findings: Finding[] }> {
    let streams = 0;
    const findings: Finding[] = [];
    const attempt = async (check: () => unknown): Promise<void> => {
      try {
        await check();
      } catch (error) {
        if (!(error instanceof LedgerCorrupt)) throw error;
        const { position, reason } = error;
        if (!known.has(position)) findings.push(finding('ledger_damaged', { position, reason }));
      }
    };
    this.db.exec('BEGIN');
    const last = new LedgerReader(this.db, { cacheHeads: false }).lastPosition();
    await attempt(async () => (streams = await checkStreams(this.db, last, onProgress)));
    await attempt(() => checkStructure(this.db, onProgress));
    return { streams, findings };
  }

  async close(): Promise<void> {
    this.db.close();
  }
}

/** The last position, within bounds of the number of rows. A gap is told where it begins. */
function boundedHead(db: Sqlite): number {
  const last = new LedgerReader(db, { cacheHeads: false }).lastPosition();
  const rows = orCorrupt(0, () => db.prepare<[], number>('SELECT count(*) FROM event').pluck().get()) ?? 0;
  return Math.min(last, rows + MAX_BEYOND);
}
