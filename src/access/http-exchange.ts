import type { Actor } from '../kernel/event';

/** What this program reads of a request, whichever HTTP server carries it. `id` is the correlation id. */
export interface HttpRequest {
  readonly id: string;
  readonly ip: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query?: unknown;
  readonly params?: unknown;
  readonly routeOptions?: { readonly url?: string };
  /** Who is asking; set by `AccessGuard`. */
  actor?: Actor;
  /** The code that was answered, where it is 500 or more; set by `sendProblem`, for the log. */
  problem?: string;
}

/** What this program says on a reply besides its body. */
export interface HttpReply {
  readonly sent: boolean;
  status(code: number): HttpReply;
  header(name: string, value: string | number): HttpReply;
  send(body?: unknown): unknown;
}

/** One header as a string; undefined when it is missing or sent twice. */
export function headerOf(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return typeof value === 'string' ? value : undefined;
}

/** Whether the reader has this very answer (`If-None-Match`), of whose tag a proxy that compressed it says that it is weak. */
export function isKnown(request: HttpRequest, etag: string): boolean {
  const tags = headerOf(request, 'if-none-match') ?? '';
  return tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
