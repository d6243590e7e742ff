import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { Commands } from '../ledger/deciding/commands';
import { commandPaths, sharedComponents } from './openapi-commands';
import { completeOperation, operationIdOf, routeHandlers } from './openapi-routes';
import { SchemaBook, type Schema } from './openapi-schemas';

export const DOCS_PATH = '/api/docs';
export const OPENAPI_PATH = '/api/openapi.json';
/** The version of the HTTP interface, not of the program: it changes when a client must. */
const INTERFACE_VERSION = '1';

const isApi = (path: string): boolean => /^\/(api\/|healthz$|readyz$|problems)/.test(path);

/**
 * The OpenAPI document: every command from the registry of commands, every query from the controllers, all bounds from the
 * class-validator marks. `docs/openapi.json` is this, committed.
 */
export function buildOpenApi(app: INestApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('明镜 Mingjing')
    .setDescription(
      '行政执法台账接口：命令记录执法行为，查询读取投影。The ledger of administrative enforcement: commands record acts, queries read what became of them.',
    )
    .setVersion(INTERFACE_VERSION)
    .build();
  const scanned = SwaggerModule.createDocument(app, base, { operationIdFactory: operationIdOf });
  const book = new SchemaBook();
  const handlers = routeHandlers(app);
  const queries = Object.entries(scanned.paths)
    .filter(([path]) => isApi(path))
    .map(([path, item]): [string, Schema] => [
      path,
      Object.fromEntries(
        Object.entries(item as Record<string, Schema>).map(([verb, operation]) => {
          const handler = handlers.get(String(operation.operationId));
          return [verb, handler ? completeOperation(operation, handler, book) : operation];
        }),
      ),
    ]);
  const commands = Object.entries(commandPaths(app.get(Commands, { strict: false }).all(), book));
  const paths = [...queries, ...commands].sort(([a], [b]) => (a < b ? -1 : 1));
  const document: unknown = {
    ...scanned,
    paths: Object.fromEntries(paths),
    components: { ...sharedComponents, schemas: { ...sharedComponents.schemas, ...book.schemas() } },
  };
  return document as OpenAPIObject;
}

/** Serves the document, and the page on which to try it: Swagger UI from this server's own files. */
export function serveOpenApi(app: NestFastifyApplication): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup(DOCS_PATH.slice(1), app, () => (document ??= buildOpenApi(app)), {
    jsonDocumentUrl: OPENAPI_PATH.slice(1),
    raw: ['json'],
    customSiteTitle: '明镜接口 Mingjing API',
    swaggerOptions: { persistAuthorization: false, docExpansion: 'none', validatorUrl: null },
  });
}
