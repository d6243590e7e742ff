import type { Actor } from '../kernel/event';
import type { Clock, Instant } from '../kernel/time';
import type { AccountsDb } from './accounts-db';

/** One reading of a record by a member of staff. */
export interface Reading {
  readonly n: number;
  readonly at: Instant;
  readonly account: string;
  readonly body?: string;
  readonly collection: string;
  readonly record: string;
  readonly correlationId: string;
}

export interface ReadingFilter {
  readonly collection?: string;
  readonly record?: string;
  readonly account?: string;
  readonly body?: string;
  /** Only readings before this number: the next page. */
  readonly before?: number;
  readonly limit: number;
}

/** The record of who read what (查阅记录). What the public may read anyway is not in it, nor is anyone without an account. */
export class ReadingRecord {
  constructor(
    private readonly db: AccountsDb,
    private readonly clock: Clock,
  ) {}

  /** Enters a reading. It is durable when this resolves, so await it before handing out what was read. */
  async enter(actor: Actor, collection: string, record: string, correlationId: string): Promise<void> {
    if (actor.kind !== 'person') return;
    await this.db
      .insertInto('readings')
      .values({
        at: this.clock.now(),
        account_id: actor.account,
        body_id: actor.body ?? null,
        collection,
        record_id: record,
        correlation_id: correlationId,
      })
      .execute();
  }

  /** Readings, newest first. */
  async list({ collection, record, account, body, before, limit }: ReadingFilter): Promise<Reading[]> {
    let found = this.db.selectFrom('readings').selectAll();
    if (collection !== undefined) found = found.where('collection', '=', collection);
    if (record !== undefined) found = found.where('record_id', '=', record);
    if (account !== undefined) found = found.where('account_id', '=', account);
    if (body !== undefined) found = found.where('body_id', '=', body);
    if (before !== undefined) found = found.where('n', '<', before);
    return (await found.orderBy('n', 'desc').limit(limit).execute()).map((row) => ({
      n: row.n,
      at: row.at,
      account: row.account_id,
      ...(row.body_id && { body: row.body_id }),
      collection: row.collection,
      record: row.record_id,
      correlationId: row.correlation_id,
    }));
  }
}
