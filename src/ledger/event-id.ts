import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { Failure } from '../kernel/errors';
import { systemClock, type Clock } from '../kernel/time';

const MAX_SEQUENCE = 0xffff_ffff;

/**
 * A source of event ids: UUIDv7 (RFC 9562, 5.7) by the given clock, each greater than the one before, also within one
 * millisecond and when the clock steps back. Time order keeps the ledger's id index growing at its end only.
 */
export function eventIds(clock: Clock = systemClock): () => string {
  let msecs = -1;
  let seq = 0;
  return () => {
    const now = Date.parse(clock.now());
    if (now > msecs || seq === MAX_SEQUENCE) {
      msecs = Math.max(now, msecs + 1);
      seq = randomBytes(4).readUInt32BE() >>> 1; // the lower half, so that the millisecond has room to count up
    } else {
      seq += 1;
    }
    return v7({ msecs, seq });
  };
}

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
