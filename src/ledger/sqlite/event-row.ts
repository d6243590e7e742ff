import { crc32 } from 'node:zlib';
import type { NewEvent, RecordedEvent } from '../../kernel/event';
import { LedgerCorrupt } from '../event-store';

/** A row as `.raw()` gives it. */
export type EventRow = [position: number, stream: number, revision: number, crc: number, body: string];

export const ROW = 'position, stream, revision, crc, body';

/**
 * CRC-32 of the body, started from a mix of the row's place, so that an intact body in a wrong place is found too. Each factor
 * is odd: a change of one number, modulo 2^32, always changes the start, and another start always gives another CRC.
 */
export function checksum(position: number, stream: number, revision: number, body: string | Buffer): number {
  const place = Math.imul(position, 0x9e3779b1) ^ Math.imul(stream, 0x85ebca77) ^ Math.imul(revision, 0xc2b2ae3d);
  return crc32(body, place >>> 0);
}

/** The event of a row, as it was stored. @throws LedgerCorrupt when the row is not what was written */
export function decode(row: EventRow): RecordedEvent {
  const [position, stream, revision, crc, body] = row;
  // One flipped bit turns a stored 0 into NULL, or a text into a blob, which the arithmetic would not tell apart.
  const intact =
    Number.isInteger(stream) &&
    Number.isInteger(revision) &&
    typeof body === 'string' &&
    checksum(position, stream, revision, body) === crc;
  if (!intact) throw new LedgerCorrupt(position, 'the row is not what was written');
  const { id, stream: name, type, schemaVersion, data, metadata } = JSON.parse(body) as NewEvent & { stream: string };
  return { id, stream: name, type, schemaVersion, data, metadata, revision, position };
}
