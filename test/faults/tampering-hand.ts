import type Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { eventIds } from '../../src/ledger/event-id';
import type { NewEvent } from '../../src/kernel/event';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { parseCheckpoint, formatCheckpoint } from '../../src/verification/checkpoint';
import { parseNote } from '../../src/verification/note';
import { ORIGIN, type SealedLedger } from '../transparency/sealed-ledger';

/** What somebody does who may do anything on the machine, by name. Checksums are made to fit again by `SealedLedger.edit`. */

type Written = NewEvent & { stream: string };

/** Changes an event where it stands; the JSON keeps the form in which events are written. */
export function changeEvent(ledger: SealedLedger, position: number, change: (event: Changeable) => void): void {
  ledger.edit((db) => {
    const body = db.prepare<[number], string>('SELECT body FROM event WHERE position = ?').pluck().get(position)!;
    const event = JSON.parse(body) as Changeable;
    change(event);
    db.prepare('UPDATE event SET body = ? WHERE position = ?').run(JSON.stringify(event), position);
  });
}

/** An event without its `readonly`. */
export interface Changeable {
  data: Record<string, unknown>;
  metadata: { recordedAt: string; occurredAt: string; actor: { account: string } } & Record<string, unknown>;
}

/** Takes events out, and closes the gap in the positions and in their streams. */
export function removeEvent(ledger: SealedLedger, position: number, count = 1): void {
  ledger.edit((db) => {
    for (let last = position + count - 1; last >= position; last--) {
      const [stream, revision] = placeOf(db, last);
      db.prepare('DELETE FROM event WHERE position = ?').run(last);
      shift(db, 'revision', -1, `stream = ${stream} AND revision > ${revision}`);
    }
    shift(db, 'position', -count, `position > ${position}`);
  });
}

/** Puts an event in at a position, as the next of the stream of the one that stood there, and moves the rest down. */
export function insertEvent(ledger: SealedLedger, position: number): void {
  ledger.edit((db) => {
    const [stream, revision] = placeOf(db, position);
    const body = db.prepare<[number], string>('SELECT body FROM event WHERE position = ?').pluck().get(position)!;
    const event = JSON.parse(body) as Written;
    const id = eventIds()();
    const { facts: _, ...data } = event.data;
    const metadata = { ...event.metadata, commandDigest: 'b1946ac92492d2347c6235b4d2611184' };
    shift(db, 'position', 1, `position >= ${position}`);
    shift(db, 'revision', 1, `stream = ${stream} AND revision >= ${revision}`);
    const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
    const insert = 'INSERT INTO event (position, stream, revision, id, crc, body) VALUES (?, ?, ?, ?, 0, ?)';
    db.prepare(insert).run(position, stream, revision, bytes, JSON.stringify({ ...event, id, data, metadata }));
  });
}

/** Lets two events change places in the ledger's order; each keeps its stream. */
export function exchangeEvents(ledger: SealedLedger, a: number, b: number): void {
  ledger.edit((db) => {
    const move = db.prepare('UPDATE event SET position = ? WHERE position = ?');
    move.run(-1, a);
    move.run(a, b);
    move.run(b, -1);
  });
}

/** Changes a byte of a file of the log. */
export function changeByte(ledger: SealedLedger, path: string, offset: number): void {
  ledger.editFile(path, (bytes) => void (bytes[offset] ^= 1));
}

/** A checkpoint of the log's newest size: with its root or another one, signed by its own keys or by somebody's. */
export async function signedBy(
  whose: 'own key' | 'another key',
  root: 'its root' | 'another root',
  ledger: SealedLedger,
) {
  const { size, root: own } = parseCheckpoint(parseNote(readFileSync(ledger.file('log/checkpoint'), 'utf8')).text);
  const file = whose === 'own key' ? ledger.file('log.key') : ledger.outside('stranger.key');
  const keys = await LogKeys.open({ file, origin: ORIGIN });
  return keys.signedNote(formatCheckpoint({ origin: ORIGIN, size, root: root === 'its root' ? own : randomBytes(32) }));
}

export function publish(ledger: SealedLedger, note: string): void {
  for (const name of ['log/signed', 'log/checkpoint']) writeFileSync(ledger.file(name), note);
}

/** Makes a new log of the ledger as it is now, with the log's own key: all that there was of the old one is gone. */
export async function signAllAnew(ledger: SealedLedger): Promise<void> {
  rmSync(ledger.file('log'), { recursive: true });
  ledger.editVault((db) => db.exec('DELETE FROM sealed_mark'));
  await ledger.seal({ witnessed: false });
}

function placeOf(db: Database.Database, position: number): [stream: number, revision: number] {
  return db
    .prepare<[number], [number, number]>('SELECT stream, revision FROM event WHERE position = ?')
    .raw()
    .get(position)!;
}

/** Moves numbers that have to stay unique: out of the way first. */
function shift(db: Database.Database, column: 'position' | 'revision', by: number, where: string): void {
  const away = 1_000_000;
  db.exec(`UPDATE event SET ${column} = ${column} + ${away} WHERE ${where}`);
  db.exec(`UPDATE event SET ${column} = ${column} - ${away} + ${by} WHERE ${column} > ${away}`);
}
