import { crc32 } from 'node:zlib';
import { Failure } from '../../kernel/errors';
import { upcast, type NewEvent, type RecordedEvent } from '../../kernel/event';
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

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_BYTES_PER_UTF16_UNIT = 3;

/** The 16 bytes of an event id. @throws Failure `ledger.bad_event_id` unless it is a UUID in lower case */
export function idBytes(id: string): Buffer {
  if (!UUID.test(id)) {
    throw new Failure('invalid', 'ledger.bad_event_id', {
      zh: '事件编号须为小写 UUID。',
      en: 'An event id must be a UUID in lower case.',
      field: 'id',
    });
  }
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

/** @throws Failure when the id is no UUID or the JSON is longer than `MAX_EVENT_BYTES` */
export function encode(stream: string, event: NewEvent): EncodedEvent {
  const { id, type, schemaVersion, data, metadata } = event;
  const body = JSON.stringify({ id, stream, type, schemaVersion, data, metadata });
  let bytes = body.length * MAX_BYTES_PER_UTF16_UNIT;
  if (bytes > MAX_EVENT_BYTES && (bytes = Buffer.byteLength(body)) > MAX_EVENT_BYTES) {
    throw new Failure('invalid', 'ledger.event_too_large', {
      zh: `单个事件不得超过 ${MAX_EVENT_BYTES} 字节。`,
      en: `One event may have at most ${MAX_EVENT_BYTES} bytes; ${type} has ${bytes}.`,
    });
  }
  return { id: idBytes(id), body, bytes };
}

/** Over the place as well as the body, so that an intact body in the wrong place is found too. */
export function checksum(position: number, stream: number, revision: number, body: string): number {
  return crc32(`${position} ${stream} ${revision}\n${body}`);
}

/** The event of a row, in its current schema version. @throws LedgerCorrupt when the row is not what was written */
export function decode(row: EventRow): RecordedEvent {
  const [position, stream, revision, crc, body] = row;
  if (checksum(position, stream, revision, body) !== crc) throw new LedgerCorrupt(position, 'checksum does not match');
  const recorded = JSON.parse(body) as RecordedEvent & { revision: number; position: number };
  recorded.revision = revision;
  recorded.position = position;
  return upcast(recorded);
}
