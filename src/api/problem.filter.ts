import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../access/http-exchange';
import { LedgerCorrupt } from '../ledger/event-store';
import { describeError, type JsonLogger } from './logger';
import { MethodNotAllowed, type RouteTable } from './route-table';
import { sendProblem } from './send-problem';

/** The log has not come so far: no failure, and every reader meets it. Where it lasts, the watch of the log raises its alarm. */
const NOT_YET: ReadonlySet<string> = new Set(['log.not_published', 'log.not_sealed_in_time']);

/** An outage meets every request: one line an interval tells it whole, and the line of each request its code. */
const OUTAGE_MS = 60_000;
/** More causes than there are; should they be, each is told again. */
const MAX_CAUSES = 200;

/** The one place where an error becomes an answer. What went wrong inside is in the log, under the correlation id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** By cause: when its line was written, by the monotonic clock in ms, and how many requests have met it since. */
  private readonly outages = new Map<string, { readonly toldAt: number; untold: number }>();

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
    const untold = status === 503 ? this.untold(code, thrown) : 0;
    if (untold === undefined) return;
    const told = { correlationId: request.id, status, problem: code, ...(untold > 0 && { untold }) };
    if (NOT_YET.has(code)) return this.logger.pino.warn(told, 'not yet');
    const position = thrown instanceof LedgerCorrupt && { position: thrown.position };
    this.logger.pino.error({ ...told, ...position, ...describeError(thrown) }, 'request failed');
  }

  /** How many requests have met this cause since the line that tells it; undefined while that line is recent. */
  private untold(problem: string, thrown: unknown): number | undefined {
    const { cause } = (thrown ?? {}) as { cause?: { code?: unknown } };
    const key = `${problem} ${String(cause?.code ?? '')}`;
    const outage = this.outages.get(key);
    if (outage && performance.now() - outage.toldAt < OUTAGE_MS) {
      outage.untold += 1;
      return undefined;
    }
    if (this.outages.size >= MAX_CAUSES) this.outages.clear();
    this.outages.set(key, { toldAt: performance.now(), untold: 0 });
    return outage?.untold ?? 0;
  }

  private orMethodNotAllowed(error: unknown, request: HttpRequest): unknown {
    if (!(error instanceof NotFoundException)) return error;
    const allowed = this.routes.methodsAt(request.url);
    return allowed.length > 0 && !allowed.includes(request.method) ? new MethodNotAllowed(allowed) : error;
  }
}
