import { randomBytes } from 'node:crypto';
import type { RecordedEvent } from '../../src/kernel/event';
import { commitmentOf } from '../../src/ledger/commitment/commitment';
import { SUBJECT_KEY_BYTES } from '../../src/ledger/commitment/key-vault';
import { seal } from '../../src/ledger/commitment/sealed-field';
import { benchEvent } from './ledger';
import { atLeast, type Measured } from './measured';

const EVENTS = 2000;
const ROUNDS = 21;
/** Leaves the sealer a third of its time for reading and for the tree at 20,000 events a second. */
const TARGET_EVENTS_PER_SECOND = 30_000;

/** Commitments per second of processor time, of events as a case produces them: every fifth names its party in two sealed fields. */
export function commitmentSpeed(): Measured {
  const commitmentKey = randomBytes(32);
  const events = Array.from({ length: EVENTS }, (_, n) => storedEvent(n));
  const digests = events.reduce((sum, event) => sum + commitmentOf(event, commitmentKey).digests.length, 0);
  const took = Array.from({ length: ROUNDS }, () => {
    const started = process.cpuUsage();
    for (const event of events) commitmentOf(event, commitmentKey);
    const { user, system } = process.cpuUsage(started);
    return user + system;
  });
  const medianUs = took.sort((a, b) => a - b)[ROUNDS >> 1];
  const name = `commitments to events of ${Math.round(digests / EVENTS)} fields`;
  return atLeast(name, 'events/s', (EVENTS * 1e6) / medianUs, TARGET_EVENTS_PER_SECOND);
}

function storedEvent(n: number): RecordedEvent {
  const event = benchEvent(n);
  const sealed = n % 5 === 0 ? { partyName: '明镜市第一商行', address: '明镜市文明路一百二十三号' } : {};
  const key = randomBytes(SUBJECT_KEY_BYTES);
  const data = Object.entries(sealed).map(([name, value]) => {
    return [name, seal({ eventId: event.id, path: `data.${name}` }, value, 'party:p-1', key)] as const;
  });
  const stored = { ...event, data: { ...event.data, ...Object.fromEntries(data) } };
  return {
    ...(JSON.parse(JSON.stringify(stored)) as typeof stored),
    stream: `case-${n}`,
    revision: 0,
    position: n + 1,
  };
}
