import { ValidationPipe } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { v7 as uuidV7 } from 'uuid';
import type { HttpReply, HttpRequest } from '../access/http-exchange';
import { Commands } from '../ledger/deciding/commands';
import { invalidFields } from '../ledger/deciding/command-validation';
import { readTraceParent } from '../telemetry/trace-id';
import type { ApiConfig } from './api-config';
import { serveOpenApi, DOCS_PATH } from './openapi';
import { JsonLogger } from './logger';
import { ProblemFilter } from './problem.filter';
import { RouteTable } from './route-table';
import { sendProblem } from './send-problem';

export const MAX_BODY_BYTES = 1024 * 1024;
/** A whole request must have arrived within this time: slow senders hold no connection for ever. */
const REQUEST_TIMEOUT_MS = 30_000;
const CORRELATION_ID = /^[A-Za-z0-9._-]{8,64}$/;

/**
 * The HTTP server under Nest, with its bounds. Every request has a correlation id: the sender's `X-Request-Id`, else the trace of its
 * `traceparent` (W3C), else a new one.
 */
export function httpAdapter({ trustedProxies = '' }: { trustedProxies?: string } = {}): FastifyAdapter {
  return new FastifyAdapter({
    // A visitor's address is what a trusted proxy says it is; from anybody else X-Forwarded-For is only a claim.
    trustProxy: trustedProxies ? trustedProxies.split(',').map((address) => address.trim()) : false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // While it closes: what is on its way is still answered, and the connection ends with the answer.
    return503OnClosing: false,
    // The log's page is at `/log/`, everything else without a slash at the end; people type both.
    routerOptions: { maxParamLength: 128, ignoreTrailingSlash: true },
    // Errors before any route is found, such as an address that is not UTF-8.
    frameworkErrors: (error: Error, request: HttpRequest, reply: HttpReply) => void sendProblem(error, request, reply),
    genReqId: ({ headers }: Pick<HttpRequest, 'headers'>) => {
      const said = headers['x-request-id'];
      if (typeof said === 'string' && CORRELATION_ID.test(said)) return said;
      return readTraceParent(headers.traceparent)?.traceId ?? uuidV7();
    },
  });
}

/**
 * Everything between the socket and the controllers: correlation ids, security headers, problems, validation, the access log
 * and the API documentation. Call it once, before `app.init()` or `app.listen()`.
 */
export function configureHttp(
  app: NestFastifyApplication,
  config: ApiConfig,
  logger: JsonLogger = new JsonLogger(config.logLevel),
): void {
  const commands = app.get(Commands, { strict: false });
  const routes = new RouteTable((collection, name) => commands.find(collection, name) !== undefined);
  app.useLogger(logger);
  app.useGlobalFilters(new ProblemFilter(logger, routes));
  app.useGlobalPipes(
    new ValidationPipe({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => invalidFields('request.invalid', errors),
    }),
  );

  const secure = securityHeaders(config);
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRoute', (route) => routes.add(route.method, route.url));
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('X-Request-Id', request.id);
    for (const [name, value] of secure(request.url)) reply.header(name, value);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { actor, problem } = request as HttpRequest;
    logger.pino.info(
      {
        correlationId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'none', // the pattern: ids and search words stay out of the log
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        ...(problem && { problem }),
        ...(actor?.kind === 'person' && { account: actor.account }),
      },
      'request',
    );
    done();
  });
  serveOpenApi(app);
}

/** Every site's scripts may read the log and the proofs of public notices: that is how anybody verifies them. */
const READ_ANYWHERE = /^\/(log\/|notices\/[^/]+\/proofs\/)/;

/** No script, style, frame or form from elsewhere; answers to someone signed in are not kept by caches. */
function securityHeaders(config: ApiConfig): (url: string) => Array<[string, string]> {
  const policy =
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  const always: Array<[string, string]> = [
    ['X-Content-Type-Options', 'nosniff'],
    ['Referrer-Policy', 'same-origin'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Permissions-Policy', 'camera=(), microphone=(), geolocation=()'],
    ...(config.publicUrl.startsWith('https:')
      ? [['Strict-Transport-Security', 'max-age=31536000'] satisfies [string, string]]
      : []),
  ];
  return (url) => [
    ...always,
    // The documentation page of Swagger UI styles itself inline; its scripts are files of this server.
    ['Content-Security-Policy', url.startsWith(DOCS_PATH) ? `${policy}; style-src 'self' 'unsafe-inline'` : policy],
    ...(url.startsWith('/api/') ? [['Cache-Control', 'no-store'] satisfies [string, string]] : []),
    ...(READ_ANYWHERE.test(url) ? [['Access-Control-Allow-Origin', '*'] satisfies [string, string]] : []),
  ];
}
