import { Failure } from '../../kernel/errors';
import type { NewEvent } from '../../kernel/event';
import { MAX_APPEND_BYTES, MAX_APPEND_EVENTS, type ExpectedRevision } from '../event-store';
import type { AppendRequest } from './batch-writer';
import { encode, type EncodedEvent } from './event-row';

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
