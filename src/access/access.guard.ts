import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Failure } from '../kernel/errors';
import type { Actor } from '../kernel/event';
import { PUBLIC_ACTOR, PUBLIC_ROUTE, ROUTE_ROLES } from './access.decorators';
import { Accounts } from './accounts';
import { headerOf, type HttpRequest } from './http-exchange';

const BEARER = /^Bearer ([A-Za-z0-9._~+/-]{16,256}=*)$/i;

/** The bearer token of a request; undefined when there is none that could be one. */
export function bearerToken(request: HttpRequest): string | undefined {
  return BEARER.exec(headerOf(request, 'authorization') ?? '')?.[1];
}

/** Nobody is signed in. `presented`: a token came, but it is unknown, revoked or expired. */
export const unauthenticated = (presented: boolean): Failure =>
  presented
    ? new Failure('unauthenticated', 'access.token_invalid', {
        zh: '登录已失效，请重新登录。',
        en: 'This token is unknown, revoked or expired. Sign in again.',
      })
    : new Failure('unauthenticated', 'access.sign_in_required', {
        zh: '请先登录。',
        en: 'Sign in first: POST /api/session, then send the token as Authorization: Bearer.',
      });

/** Who is asking, and may they? Every route is closed unless it says `@Public()`. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly accounts: Accounts,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const marks = [context.getHandler(), context.getClass()];
    const actor = await this.actor(request);
    request.actor = actor;

    const roles = this.reflector.getAllAndOverride<readonly string[] | undefined>(ROUTE_ROLES, marks);
    const open = this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, marks) === true;
    if (actor.kind === 'public' && (roles || !open)) throw unauthenticated(false);
    if (roles && !roles.some((role) => actor.roles.includes(role))) {
      throw new Failure('forbidden', 'access.role_required', {
        zh: `此操作需要以下角色之一：${roles.join('、')}。`,
        en: `This needs one of the roles: ${roles.join(', ')}.`,
      });
    }
    return true;
  }

  private async actor(request: HttpRequest): Promise<Actor> {
    if (headerOf(request, 'authorization') === undefined) return PUBLIC_ACTOR;
    const token = bearerToken(request);
    const resolved = token && (await this.accounts.resolveToken(token));
    // Also on a public route: someone who believes to be signed in should learn that they are not.
    if (!resolved) throw unauthenticated(true);
    return resolved.actor;
  }
}
