import { Failure } from '../kernel/errors';
import type { NewEvent } from '../kernel/event';
import { idBytes } from './event-id';
import { MAX_APPEND_BYTES, MAX_APPEND_EVENTS, MAX_EVENT_BYTES, type ExpectedRevision } from './event-store';

/** An event ready to be written: everything but its place. */
export interface EncodedEvent {
  readonly id: Buffer;
  readonly body: string;
  /** An upper bound of the body's length in UTF-8. */
  readonly bytes: number;
}

/** One `append` on its way into a store. */
export interface AppendRequest {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly EncodedEvent[];
  /** An upper bound of the bodies' length together. */
  readonly bytes: number;
}

const MAX_BYTES_PER_UTF16_UNIT = 3;
const MAX_STREAM_NAME_CHARS = 256;

/** An append with its events as bytes. @throws Failure of kind `invalid` when it is out of bounds */
export function appendRequest(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): AppendRequest {
  if (stream.length < 1 || stream.length > MAX_STREAM_NAME_CHARS) {
    throw new Failure('invalid', 'ledger.bad_stream_name', {
      zh: `流名须为 1 至 ${MAX_STREAM_NAME_CHARS} 个字符。`,
      en: `A stream name has 1 to ${MAX_STREAM_NAME_CHARS} characters.`,
      field: 'stream',
    });
  }
  if (typeof expected === 'number' ? !Number.isSafeInteger(expected) || expected < 0 : !isMode(expected)) {
    throw new Failure('invalid', 'ledger.bad_expectation', {
      zh: '须说明所读到的流的版次。',
      en: 'An append says which revision of the stream it has read, or no_stream, or stream_exists.',
      field: 'expected',
    });
  }
  if (events.length < 1 || events.length > MAX_APPEND_EVENTS) {
    throw new Failure('invalid', 'ledger.bad_append', {
      zh: `一次写入须为 1 至 ${MAX_APPEND_EVENTS} 个事件。`,
      en: `One append has 1 to ${MAX_APPEND_EVENTS} events.`,
      field: 'events',
    });
  }
  const encoded = events.map((event) => encode(stream, event));
  const bytes = encoded.reduce((sum, event) => sum + event.bytes, 0);
  if (bytes > MAX_APPEND_BYTES && exactBytes(encoded) > MAX_APPEND_BYTES) {
    throw new Failure('invalid', 'ledger.append_too_large', {
      zh: `一次写入不得超过 ${MAX_APPEND_BYTES} 字节。`,
      en: `One append may have at most ${MAX_APPEND_BYTES} bytes.`,
      field: 'events',
    });
  }
  return { stream, expected, events: encoded, bytes };
}

const exactBytes = (events: readonly EncodedEvent[]): number =>
  events.reduce((sum, event) => sum + Buffer.byteLength(event.body), 0);

const isMode = (expected: string): boolean => expected === 'no_stream' || expected === 'stream_exists';

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
