import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { correlated, type Correlation } from './correlation';
import type { Metrics } from './metrics';
import { readTraceParent } from './trace-id';
import type { Tracing } from './tracing';

type HttpServer = ReturnType<ReturnType<NestFastifyApplication['getHttpAdapter']>['getInstance']>;

/** Methods that are told by name; HTTP knows forty more, which nothing here answers. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Requests with their correlation id for the log, measured and traced by the pattern of their route: addresses hold ids and search words. */
export function observeRequests(server: HttpServer, metrics?: Metrics, tracing?: Tracing): void {
  const known = new WeakMap<object, Correlation>();
  server.addHook('onRequest', (request, _, done) => {
    const { id, headers } = request;
    const span = tracing?.request(id, readTraceParent(headers.traceparent));
    const correlation = { correlationId: id, span };
    known.set(request, correlation);
    correlated(correlation, done);
  });
  // Reading a body from the socket has left the context behind.
  server.addHook('preValidation', (request, _, done) => {
    const correlation = known.get(request);
    if (correlation) correlated(correlation, done);
    else done();
  });
  if (!metrics && !tracing) return;
  const told = ({ method, routeOptions }: { method: string; routeOptions: { url?: string } }) =>
    [METHODS.has(method) ? method : 'other', routeOptions.url ?? 'none'] as const;
  server.addHook('onResponse', (request, reply, done) => {
    const span = known.get(request)?.span;
    metrics?.request(...told(request), reply.statusCode, reply.elapsedTime / 1000);
    if (span) tracing?.requestEnded(span, ...told(request), reply.statusCode);
    done();
  });
  server.addHook('onRequestAbort', (request, done) => {
    const span = known.get(request)?.span;
    if (span) tracing?.requestEnded(span, ...told(request));
    done();
  });
}
