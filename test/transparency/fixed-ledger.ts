import { createPrivateKey } from 'node:crypto';
import type { RecordedEvent } from '../../src/kernel/event';
import type { Clock } from '../../src/kernel/time';
import { commitmentOf } from '../../src/ledger/commitment/commitment';
import type { EventStore, PageRequest } from '../../src/ledger/event-store';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import type { LogStorage } from '../../src/ledger/transparency/log-storage';
import type { SealerOptions } from '../../src/ledger/transparency/sealer';
import { sampleEvent } from '../contract/sample-events';

export const ORIGIN = 'ledger.example.cn/log';
export const COMMITMENT_KEY = Buffer.alloc(32, 7);
export const clock: Clock = { now: () => '2026-03-02T02:00:00.000Z' };

/** An event of a ledger, the same each time: only its position tells it from others, and `variant`. */
export function fixedEvent(position: number, variant = 0): RecordedEvent {
  const id = `018e0000-0000-7000-8000-${(variant * 1e9 + position).toString(16).padStart(12, '0')}`;
  return { ...sampleEvent(position, { id }), stream: `case-${position % 10}`, revision: position, position };
}

export const fixedEntry = (position: number): Buffer => commitmentOf(fixedEvent(position), COMMITMENT_KEY).entry;

/** As much of a ledger as a sealer reads, with its events made when they are read. */
export class FixedLedger implements Pick<EventStore, 'head' | 'readAll'> {
  /** Positions from here on hold other events than those of `fixedEvent`. */
  divergesAt = Infinity;

  constructor(public last = 0) {}

  async head(): Promise<number> {
    return this.last;
  }

  async readAll({ from = 1, limit }: PageRequest): Promise<RecordedEvent[]> {
    const count = Math.max(0, Math.min(limit, this.last - from + 1));
    return Array.from({ length: count }, (_, i) => fixedEvent(from + i, from + i >= this.divergesAt ? 1 : 0));
  }
}

/** Keys of which every byte is known, for tests alone. */
export function fixedKeys(seed = 1, origin = ORIGIN): Promise<LogKeys> {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]);
  return LogKeys.of(origin, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
}

/** A sealer's options, with fixed keys. */
export async function sealing(
  store: SealerOptions['store'],
  storage: LogStorage,
  more: Partial<SealerOptions> = {},
): Promise<SealerOptions> {
  const keys = more.keys ?? (await fixedKeys());
  return { store, storage, commitmentKey: COMMITMENT_KEY, clock, intervalMs: 100, ...more, keys };
}
