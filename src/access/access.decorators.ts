import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Actor } from '../kernel/event';
import type { HttpRequest } from './http-exchange';

export const PUBLIC_ROUTE = 'access:public';
export const ROUTE_ROLES = 'access:roles';
export const RECORDED_READING = 'access:reading';

/** Whoever asks without an account. */
export const PUBLIC_ACTOR: Actor = { kind: 'public', account: 'public', roles: [] };

/** The route needs no account. Every other route does. */
export const Public = () => SetMetadata(PUBLIC_ROUTE, true);

/** The route needs an account with one of these roles. On a method it takes the place of what the class says. */
export const Roles = (...roles: string[]) => SetMetadata(ROUTE_ROLES, roles);

/**
 * Each successful answer of this route is entered in the record of who read what, under `<collection>/<id>`, before it is
 * handed out. `parameter` names the route parameter that holds the id.
 */
export const RecordReading = (collection: string, parameter = 'id') =>
  SetMetadata(RECORDED_READING, { collection, parameter });

/** The account behind the request; `PUBLIC_ACTOR` when nobody is signed in. */
export const CurrentActor = createParamDecorator(
  (_: unknown, context: ExecutionContext): Actor =>
    context.switchToHttp().getRequest<HttpRequest>().actor ?? PUBLIC_ACTOR,
);
