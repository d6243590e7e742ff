import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { headerOf, type HttpReply, type HttpRequest } from '../access/http-exchange';
import { languageOf } from './language';
import { describeError, type JsonLogger } from './logger';
import { problemOf, PROBLEM_MEDIA_TYPE } from './problem';
import { problemPage } from './problem-page';
import { MethodNotAllowed, type RouteTable } from './route-table';

/** The one place where an error becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: JsonLogger,
    private readonly routes: RouteTable,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const reply = http.getResponse<HttpReply>();
    const error = this.orMethodNotAllowed(thrown, request);
    const language = languageOf(headerOf(request, 'accept-language'));
    const conditional = headerOf(request, 'if-match') !== undefined || headerOf(request, 'if-none-match') !== undefined;
    const { problem, headers } = problemOf(error, { id: request.id, language, conditional });

    if (problem.status >= 500) {
      this.logger.pino.error(
        { correlationId: request.id, status: problem.status, problem: problem.code, ...describeError(thrown) },
        'request failed',
      );
    }
    if (reply.sent) return; // the answer was already on its way, such as a stream that broke off

    reply.status(problem.status).header('Content-Language', language === 'zh' ? 'zh-CN' : 'en');
    for (const [name, value] of Object.entries(headers)) reply.header(name, value);
    if (error instanceof MethodNotAllowed) reply.header('Allow', error.allowed.join(', '));
    if (wantsPage(request)) {
      reply.header('Content-Type', 'text/html; charset=utf-8').send(problemPage(problem));
    } else {
      reply.header('Content-Type', `${PROBLEM_MEDIA_TYPE}; charset=utf-8`).send(JSON.stringify(problem));
    }
  }

  private orMethodNotAllowed(error: unknown, request: HttpRequest): unknown {
    if (!(error instanceof NotFoundException)) return error;
    const allowed = this.routes.methodsAt(request.url);
    return allowed.length > 0 && !allowed.includes(request.method) ? new MethodNotAllowed(allowed) : error;
  }
}

const wantsPage = (request: HttpRequest): boolean =>
  !request.url.startsWith('/api') && (headerOf(request, 'accept') ?? '').includes('text/html');
