import { createHash } from 'node:crypto';

/** Where a caller's span is, as its `traceparent` says (W3C Trace Context, version 00). */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const TRACE_PARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
const AS_TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;

/** What a `traceparent` header says; undefined when there is none, or none that can be read. */
export function readTraceParent(header: unknown): TraceParent | undefined {
  const read = typeof header === 'string' ? TRACE_PARENT.exec(header) : null;
  return read ? { traceId: read[1], spanId: read[2], sampled: (Number.parseInt(read[3], 16) & 1) === 1 } : undefined;
}

/**
 * The trace that everything of a correlation id is in: the id itself where it is 32 hexadecimal digits, such as a UUID without its
 * hyphens, and otherwise the beginning of its SHA-256. So a projection finds the trace of an event from the event alone.
 */
export function traceIdOf(correlationId: string): string {
  const plain = correlationId.replaceAll('-', '').toLowerCase();
  return AS_TRACE_ID.test(plain) ? plain : digest(correlationId, 32);
}

/** The span of the append that made a command's events durable. */
export const appendSpanIdOf = (commandId: string): string => digest(`append ${commandId}`, 16);

const digest = (text: string, digits: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, digits);
