import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
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
