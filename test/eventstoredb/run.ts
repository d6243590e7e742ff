import { randomUUID } from 'node:crypto';

/**
 * Begins the name of every stream that this run makes. No ledger's prefix: one that begins another's would count its events.
 * `run-real.cjs` gives one to all its suites.
 */
export const RUN = process.env.MINGJING_TEST_EVENTSTORE_RUN ?? `mjtest-${randomUUID().slice(0, 8)}-`;

/** Of the real server; empty when there is none. */
export const connectionString = process.env.EVENTSTORE_URL ?? '';

/** Of an empty ledger on the real server. */
export const freshPrefix = (): string => `${RUN}${randomUUID().slice(0, 8)}-`;
