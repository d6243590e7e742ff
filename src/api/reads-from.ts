import {
  Inject,
  Injectable,
  SetMetadata,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Observable } from 'rxjs';
import { headerOf, type HttpReply, type HttpRequest } from '../access/http-exchange';
import { CONFIG, type ApiConfig } from './api-config';
import { Failure } from '../kernel/errors';
import { ReadModel } from '../ledger/projecting/read-model';

const PROJECTION = 'api:projection';

/**
 * The route answers from this projection: it waits for the position that the reader has seen (`?position=` or the header
 * `Mingjing-Position`) and says in `Mingjing-Position` how far the answer reaches.
 */
export const ReadsFrom = (projection: string) => SetMetadata(PROJECTION, projection);

/**
 * The position a reader asks for; undefined when none.
 * @throws Failure `request.position_malformed`
 */
export function positionAskedFor(request: HttpRequest): number | undefined {
  const query = (request.query ?? {}) as Record<string, unknown>;
  const said = query.position ?? headerOf(request, 'mingjing-position');
  if (said === undefined) return undefined;
  const position = typeof said === 'string' && /^\d{1,15}$/.test(said) ? Number(said) : Number.NaN;
  if (Number.isNaN(position)) {
    throw new Failure('invalid', 'request.position_malformed', {
      zh: 'position 应为非负整数。',
      en: 'position must be a whole number from 0.',
      field: query.position === undefined ? 'Mingjing-Position' : 'position',
    });
  }
  return position;
}

@Injectable()
export class ReadsFromInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly readModel: ReadModel,
    @Inject(CONFIG) private readonly config: ApiConfig,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const projection = this.reflector.getAllAndOverride<string | undefined>(PROJECTION, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!projection) return next.handle();
    const http = context.switchToHttp();
    const position = positionAskedFor(http.getRequest<HttpRequest>());
    if (position !== undefined) {
      await this.readModel.waitFor(projection, position, this.config.readYourWritesTimeoutMs);
    }
    // Read before the answer is: rows may have moved on meanwhile, and the header must not promise more than the answer holds.
    const reached = await this.readModel.position(projection);
    http.getResponse<HttpReply>().header('Mingjing-Position', reached);
    return next.handle();
  }
}
