import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../access/http-exchange';
import { LedgerCorrupt } from '../ledger/event-store';
import { describeError, type JsonLogger } from './logger';
import { MethodNotAllowed, type RouteTable } from './route-table';
import { sendProblem } from './send-problem';

/** The log has not come so far: no failure, and every reader meets it. Where it lasts, the watch of the log raises its alarm. */
const NOT_YET: ReadonlySet<string> = new Set(['log.not_published', 'log.not_sealed_in_time']);

/** The one place where an error becomes an answer. What went wrong inside is in the log, under the correlation id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: JsonLogger,
    private readonly routes: RouteTable,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<HttpRequest>();
    const reply = host.switchToHttp().getResponse<HttpReply>();
    const error = this.orMethodNotAllowed(thrown, request);
    if (error instanceof MethodNotAllowed && !reply.sent) reply.header('Allow', error.allowed.join(', '));
    const { status, code } = sendProblem(error, request, reply);
    if (status < 500) return;
    const told = { correlationId: request.id, status, problem: code };
    if (NOT_YET.has(code)) return this.logger.pino.warn(told, 'not yet');
    const position = thrown instanceof LedgerCorrupt && { position: thrown.position };
    this.logger.pino.error({ ...told, ...position, ...describeError(thrown) }, 'request failed');
  }

  private orMethodNotAllowed(error: unknown, request: HttpRequest): unknown {
    if (!(error instanceof NotFoundException)) return error;
    const allowed = this.routes.methodsAt(request.url);
    return allowed.length > 0 && !allowed.includes(request.method) ? new MethodNotAllowed(allowed) : error;
  }
}
