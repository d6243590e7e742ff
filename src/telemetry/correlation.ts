import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';

/** What is being done at this moment, for the log and for traces. */
export interface Correlation {
  /** Of the request or command (关联编号): in every event and every log line that comes of it. */
  readonly correlationId: string;
  /** Id of the event that the program reacts to. */
  readonly causationId?: string;
  /** The span that further ones belong under; undefined while nothing is traced. */
  readonly span?: Span;
}

const current = new AsyncLocalStorage<Correlation>();

/** Does the work, and whatever it waits for, under a correlation. */
export const correlated = <T>(correlation: Correlation, work: () => T): T => current.run(correlation, work);

/** What is being done where this is called; undefined outside of requests and commands. */
export const correlation = (): Correlation | undefined => current.getStore();

/** The fields of a log line that is written now. */
export function correlationFields(): object {
  const now = current.getStore();
  if (!now) return {};
  const { correlationId, causationId, span } = now;
  return {
    correlationId,
    ...(causationId && { causationId }),
    ...(span && { traceId: span.spanContext().traceId }),
  };
}
