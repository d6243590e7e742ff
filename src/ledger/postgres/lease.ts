import type { Session } from './postgres';
import { Failure } from '../../kernel/errors';

/**
 * The right to write what only one node may write (rows, public log), with a number that grows with every holder (栅栏号). Plain data, so
 * that a thread can be given it.
 */
export interface Fence {
  readonly lease: string;
  readonly epoch: number;
}

/** Another node holds the lease now: this one has written nothing and must stop. */
export class LeaseLost extends Failure {
  constructor() {
    super('unavailable', 'lease.lost', {
      zh: '本节点已不再持有写入租约。',
      en: 'Another node holds the lease now; this one has stopped writing.',
    });
    this.name = 'LeaseLost';
  }
}

/**
 * To be asked in the transaction of every batch: whether the lease is still this holder's. Until that transaction ends nobody else can take it,
 * so a batch of a paused former holder is either before the next holder or not at all.
 * @throws LeaseLost
 */
export async function assertHolds(session: Session, { lease, epoch }: Fence): Promise<void> {
  const held = await session.query('SELECT 1 AS held FROM lease WHERE name = $1 AND epoch = $2 FOR SHARE', [lease, epoch]);
  if (held.length === 0) throw new LeaseLost();
}
