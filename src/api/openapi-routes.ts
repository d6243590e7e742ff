import { RequestMethod, type INestApplication, type Type } from '@nestjs/common';
import { METHOD_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { ModulesContainer } from '@nestjs/core';
import { PUBLIC_ROUTE, ROUTE_ROLES } from '../access/access.decorators';
import { schemaOf, type MarkedClass, type Schema, type SchemaBook } from './openapi-schemas';
import { problemResponses } from './openapi-commands';

interface Handler {
  readonly controller: Type;
  readonly method: string;
}

/** The operation's name in the document: also how it is found again in the program. */
export const operationIdOf = (controller: string, method: string): string =>
  `${controller.replace(/Controller$/, '')}_${method}`;

/** Where @nestjs/swagger keeps what `@ApiOperation` says. */
const API_OPERATION = 'swagger/apiOperation';

/** Every route handler of the plain controllers by its operation id. */
export function routeHandlers(app: INestApplication): Map<string, Handler> {
  const handlers = new Map<string, Handler>();
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      const controller = metatype as Type;
      const prototype = controller.prototype as Record<string, object>;
      for (const method of Object.getOwnPropertyNames(prototype)) {
        if (method === 'constructor' || !Reflect.hasMetadata(METHOD_METADATA, prototype[method])) continue;
        const said = Reflect.getMetadata(API_OPERATION, prototype[method]) as { operationId?: string } | undefined;
        handlers.set(said?.operationId ?? operationIdOf(controller.name, method), { controller, method });
      }
    }
  }
  return handlers;
}

/**
 * Adds to an operation what the scanner cannot see: the fields of query and body classes from their class-validator marks,
 * the roles it needs, and the problems it may answer with.
 */
export function completeOperation(operation: Schema, { controller, method }: Handler, book: SchemaBook): Schema {
  const prototype = controller.prototype as Record<string, object>;
  const marks = [prototype[method], controller];
  const markOf = <T>(key: string): T | undefined =>
    marks.map((m) => Reflect.getMetadata(key, m) as T | undefined).find((m) => m !== undefined);
  const roles = markOf<string[]>(ROUTE_ROLES);
  const open = markOf<boolean>(PUBLIC_ROUTE) === true && !roles;
  const query = argumentClass(controller, method, RouteParamtypes.QUERY);
  const body = argumentClass(controller, method, RouteParamtypes.BODY);
  const changes = Reflect.getMetadata(METHOD_METADATA, prototype[method]) !== RequestMethod.GET;
  return {
    ...operation,
    ...(roles && { 'x-roles': roles }),
    security: open ? [] : [{ bearer: [] }],
    ...(query && { parameters: [...((operation.parameters as Schema[]) ?? []), ...queryParameters(query)] }),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: book.enter(body) } } } }),
    responses: {
      ...described(operation.responses as Record<string, { description?: string }>),
      ...problemResponses([400, ...(open ? [] : [401, 403]), 404, ...(changes ? [409, 413, 415] : []), 429, 503]),
    },
  };
}

const described = (responses: Record<string, { description?: string }>): Schema =>
  Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [
      status,
      { ...response, description: response.description || '成功 · Done' },
    ]),
  );

/** The class of a whole `@Query()` or `@Body()` argument; undefined for a single field of it or none. */
function argumentClass(controller: Type, method: string, kind: RouteParamtypes): MarkedClass | undefined {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as Record<
    string,
    { index: number; data?: unknown }
  >;
  const types = (Reflect.getMetadata('design:paramtypes', controller.prototype as object, method) ?? []) as Type[];
  const found = Object.entries(args).find(([key, { data }]) => key.startsWith(`${kind}:`) && data === undefined);
  const type = found && types[found[1].index];
  return type && type !== Object && type !== String ? type : undefined;
}

function queryParameters(type: MarkedClass): Schema[] {
  const { properties, required } = schemaOf(type);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required?.includes(name) ?? false,
    schema,
  }));
}
