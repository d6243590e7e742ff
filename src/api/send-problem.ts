import { headerOf, type HttpReply, type HttpRequest } from '../access/http-exchange';
import { languageOf } from './language';
import { PROBLEM_MEDIA_TYPE, problemOf, type Problem } from './problem';
import { problemPage } from './problem-page';

/** Answers a request with what became of an error: a problem, or for a browser outside the API a page. Returns the problem. */
export function sendProblem(error: unknown, request: HttpRequest, reply: HttpReply): Problem {
  const language = languageOf(headerOf(request, 'accept-language'));
  const conditional = headerOf(request, 'if-match') !== undefined || headerOf(request, 'if-none-match') !== undefined;
  const { problem, headers } = problemOf(error, { id: request.id, language, conditional });
  if (problem.status >= 500) request.problem = problem.code;
  if (reply.sent) return problem; // the answer was already on its way, such as a stream that broke off
  reply.status(problem.status).header('Content-Language', language === 'zh' ? 'zh-CN' : 'en');
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  if (wantsPage(request)) {
    reply.header('Content-Type', 'text/html; charset=utf-8').send(problemPage(problem, request));
  } else {
    reply.header('Content-Type', `${PROBLEM_MEDIA_TYPE}; charset=utf-8`).send(JSON.stringify(problem));
  }
  return problem;
}

const wantsPage = (request: HttpRequest): boolean =>
  !request.url.startsWith('/api') && (headerOf(request, 'accept') ?? '').includes('text/html');
