import type { Database } from 'better-sqlite3';
import type { Actor } from '../kernel/event';
import type { Clock, Instant } from '../kernel/time';

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

interface Row {
  n: number;
  at: string;
  account_id: string;
  body_id: string | null;
  collection: string;
  record_id: string;
  correlation_id: string;
}

/** The record of who read what (查阅记录). What the public may read anyway is not in it, nor is anyone without an account. */
export class ReadingRecord {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Enters a reading. It is durable when this returns, so call it before handing out what was read. */
  enter(actor: Actor, collection: string, record: string, correlationId: string): void {
    if (actor.kind !== 'person') return;
    this.db
      .prepare(
        'INSERT INTO readings (at, account_id, body_id, collection, record_id, correlation_id) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(this.clock.now(), actor.account, actor.body ?? null, collection, record, correlationId);
  }

  /** Readings, newest first. */
  list(filter: ReadingFilter): Reading[] {
    return this.db
      .prepare<object, Row>(
        `SELECT * FROM readings
         WHERE (@collection IS NULL OR collection = @collection) AND (@record IS NULL OR record_id = @record)
           AND (@account IS NULL OR account_id = @account) AND (@body IS NULL OR body_id = @body)
           AND (@before IS NULL OR n < @before)
         ORDER BY n DESC LIMIT @limit`,
      )
      .all({
        collection: filter.collection ?? null,
        record: filter.record ?? null,
        account: filter.account ?? null,
        body: filter.body ?? null,
        before: filter.before ?? null,
        limit: filter.limit,
      })
      .map((row) => ({
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
