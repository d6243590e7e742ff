/** An answer, whole. */
export interface FetchedAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** From `Retry-After`, seconds or a date; at most an hour. */
  readonly retryAfterMs?: number;
}

const MAX_RETRY_AFTER_MS = 3600_000;

/** The answer is longer than it may be; what came is thrown away. */
export class AnswerTooLong extends Error {
  readonly code = 'ANSWER_TOO_LONG';
}

/**
 * An HTTP request whose answer is read up to a bound. Redirections are not followed: who is asked is who was named.
 * @throws AnswerTooLong; Error of the network, or of the signal
 */
export async function boundedFetch(
  url: string,
  maxBytes: number,
  init: { readonly method?: 'GET' | 'POST'; readonly body?: string; readonly signal: AbortSignal },
): Promise<FetchedAnswer> {
  const response = await fetch(url, { ...init, redirect: 'manual' });
  const retryAfterMs = retryAfter(response.headers.get('retry-after'));
  const body = await bounded(response, maxBytes);
  return { status: response.status, body, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

async function bounded(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxBytes) throw new AnswerTooLong(`the answer is above ${maxBytes} bytes`); // ends the connection too
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^[0-9]{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

/** A network error in a word or two, such as `ECONNREFUSED`, `TimeoutError` or `bad port`. */
export function networkReason(error: unknown): string {
  const { cause, code, name } = error as { cause?: { code?: string; message?: string }; code?: unknown; name?: string };
  return cause?.code ?? (typeof code === 'string' ? code : undefined) ?? cause?.message ?? name ?? 'error';
}
