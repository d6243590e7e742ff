import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Failure } from '../../kernel/errors';
import { LedgerCorrupt, MAX_PAGE_EVENTS } from '../event-store';
import { CheckedRows } from './checked-rows';
import { HeadMark } from './head-mark';
import { LedgerReader, orCorrupt } from './ledger-reader';
import { assertSchema, ledgerFile, openForReading, type Sqlite } from './schema';

/** How far a long piece of work is, in units of its step (events, or pages of the file). */
export interface Progress {
  readonly step: 'events' | 'streams' | 'file' | 'copy';
  readonly done: number;
  readonly total: number;
}

export type OnProgress = (progress: Progress) => void;

/** What a whole check has found to be sound. */
export interface CheckedLedger {
  readonly events: number;
  readonly streams: number;
}

/**
 * Verifies all of a ledger, beside a running writer too: the checksum of each row, no gap in the positions or in any stream's
 * revisions, indexes that agree with the rows, ids that are unique, no acknowledged event missing.
 * @throws LedgerCorrupt naming the first bad position (0 when the damage has no position)
 */
export async function checkLedger(directory: string, onProgress: OnProgress = () => {}): Promise<CheckedLedger> {
  return checkFile(existingLedger(directory), HeadMark.read(directory), onProgress);
}

/** The ledger's file. @throws Failure `ledger.none` when there is none */
export function existingLedger(directory: string): string {
  const file = ledgerFile(directory);
  if (existsSync(file)) return file;
  throw new Failure('not_found', 'ledger.none', {
    zh: `${directory} 中没有台账。`,
    en: `There is no ledger in ${directory}.`,
  });
}

/** `checkLedger` for a file of its own, such as a backup. `acknowledged`: the position it reaches at least. */
export async function checkFile(file: string, acknowledged: number, onProgress: OnProgress): Promise<CheckedLedger> {
  const db = orCorrupt(0, () => openForReading(file));
  try {
    db.exec('BEGIN'); // one snapshot, while a writer goes on
    const last = new LedgerReader(db, { cacheHeads: false }).lastPosition();
    if (last < acknowledged) throw new LedgerCorrupt(last + 1, `events up to ${acknowledged} were acknowledged`);
    await checkRows(db, last, onProgress);
    const streams = await checkStreams(db, last, onProgress);
    checkStructure(db, onProgress);
    return { events: last, streams };
  } finally {
    db.close();
  }
}

/** Every row in order of position. */
async function checkRows(db: Sqlite, last: number, onProgress: OnProgress): Promise<void> {
  const rows = new CheckedRows(db);
  for (let first = 1; first <= last; first += MAX_PAGE_EVENTS) {
    const damaged = rows
      .read(first, Math.min(MAX_PAGE_EVENTS, last - first + 1))
      .find((row) => row instanceof LedgerCorrupt);
    if (damaged) throw damaged;
    onProgress({ step: 'events', done: Math.min(first + MAX_PAGE_EVENTS - 1, last), total: last });
    await nextTurn();
  }
}

/** The index of streams from end to end: every event is in it, and each stream counts 0, 1, 2 … in the order of positions. */
export async function checkStreams(db: Sqlite, last: number, onProgress: OnProgress): Promise<number> {
  const page = db
    .prepare<[number, number, number], [stream: number, revision: number, position: number]>(
      'SELECT stream, revision, position FROM event WHERE (stream, revision) > (?, ?) ORDER BY stream, revision LIMIT ?',
    )
    .raw();
  let streams = 0;
  let seen = 0;
  let before = [0, -1, 0] as [stream: number, revision: number, position: number];
  for (;;) {
    const rows = orCorrupt(0, () => page.all(before[0], before[1], MAX_PAGE_EVENTS));
    for (const row of rows) {
      const [stream, revision, position] = row;
      const continues = stream === before[0];
      if (continues ? revision !== before[1] + 1 || position <= before[2] : revision !== 0) {
        throw new LedgerCorrupt(position, `revision ${revision} of its stream is out of order`);
      }
      if (!continues) streams += 1;
      before = row;
    }
    seen += rows.length;
    onProgress({ step: 'streams', done: seen, total: last });
    if (rows.length < MAX_PAGE_EVENTS) break;
    await nextTurn();
  }
  if (seen !== last) throw new LedgerCorrupt(0, `the index of streams has ${seen} of ${last} events`);
  const named = orCorrupt(0, () => db.prepare<[], number>('SELECT count(*) FROM stream').pluck().get());
  if (named !== streams) throw new LedgerCorrupt(0, `${named} streams are named, ${streams} have events`);
  return streams;
}

/** The schema with its triggers, then SQLite's own check: the trees, each index against its table, uniqueness. One call, so that its progress is all or nothing. */
export function checkStructure(db: Sqlite, onProgress: OnProgress): void {
  onProgress({ step: 'file', done: 0, total: 1 });
  orCorrupt(0, () => assertSchema(db));
  const found = orCorrupt(0, () => db.pragma('integrity_check(1)', { simple: true }));
  if (found !== 'ok') throw new LedgerCorrupt(0, String(found));
  onProgress({ step: 'file', done: 1, total: 1 });
}
