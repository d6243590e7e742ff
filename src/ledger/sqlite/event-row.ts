import { crc32 } from 'node:zlib';
import { Failure } from '../../kernel/errors';
import type { NewEvent, RecordedEvent } from '../../kernel/event';
import { LedgerCorrupt, MAX_EVENT_BYTES } from '../event-store';

/** A row as `.raw()` gives it. */
export type EventRow = [position: number, stream: number, revision: number, crc: number, body: string];

export const ROW = 'position, stream, revision, crc, body';

/** An event ready to be written: everything but its place. */
export interface EncodedEvent {
  readonly id: Buffer;
  readonly body: string;
  /** An upper bound of the body's length in UTF-8. */
  readonly bytes: number;
}

const MAX_BYTES_PER_UTF16_UNIT = 3;

const UUID_CHARS = 36;
const DASHES = [8, 13, 18, 23];
const HEX_DIGITS = '0123456789abcdef';
/** The value of each lower-case hexadecimal digit by character code; 255 for every other. */
const HEX_VALUE = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = HEX_DIGITS.indexOf(String.fromCharCode(code));
  return value < 0 ? 255 : value;
});

/** The 16 bytes of an event id. @throws Failure `ledger.bad_event_id` unless it is a UUID in lower case */
export function idBytes(id: string): Buffer {
  const bytes = Buffer.allocUnsafe(16);
  let valid = id.length === UUID_CHARS && DASHES.every((at) => id[at] === '-');
  for (let at = 0, i = 0; valid && i < 16; at += 2, i++) {
    if (id[at] === '-') at += 1;
    const high = HEX_VALUE[id.charCodeAt(at)];
    const low = HEX_VALUE[id.charCodeAt(at + 1)];
    valid = high < 16 && low < 16; // also false for a character beyond the table
    bytes[i] = (high << 4) | low;
  }
  if (valid) return bytes;
  throw new Failure('invalid', 'ledger.bad_event_id', {
    zh: '事件编号须为小写 UUID。',
    en: 'An event id must be a UUID in lower case.',
    field: 'id',
  });
}

/** @throws Failure when the id is no UUID or the JSON is longer than `MAX_EVENT_BYTES` */
export function encode(stream: string, event: NewEvent): EncodedEvent {
  const { id, type } = event;
  const body = bodyOf(stream, event);
  let bytes = body.length * MAX_BYTES_PER_UTF16_UNIT;
  if (bytes > MAX_EVENT_BYTES && (bytes = Buffer.byteLength(body)) > MAX_EVENT_BYTES) {
    throw new Failure('invalid', 'ledger.event_too_large', {
      zh: `单个事件不得超过 ${MAX_EVENT_BYTES} 字节。`,
      en: `One event may have at most ${MAX_EVENT_BYTES} bytes; ${type} has ${bytes}.`,
    });
  }
  return { id: idBytes(id), body, bytes };
}

/** The one form in which an event is written. */
export function bodyOf(stream: string, { id, type, schemaVersion, data, metadata }: NewEvent): string {
  return JSON.stringify({ id, stream, type, schemaVersion, data, metadata });
}

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
