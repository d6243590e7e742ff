import type { HttpRequest } from '../access/http-exchange';
import type { Problem } from './problem';

const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** A problem for a person with a browser, as a whole page. */
export type ProblemPage = (problem: Problem, request: HttpRequest) => string;

let page: ProblemPage = plainPage;

/** Shows problems on pages like all others once there are others. */
export const useProblemPage = (other: ProblemPage): void => {
  page = other;
};

export const problemPage: ProblemPage = (problem, request) => page(problem, request);

/** Plain, bilingual, and without any script or style. */
function plainPage(problem: Problem): string {
  return `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${problem.status} ${escape(problem.title)}</title></head>
<body><main>
<h1>${problem.status} ${escape(problem.title)}</h1>
<p>${escape(problem.detail_zh)}</p>
<p lang="en">${escape(problem.detail_en)}</p>
${problem.basis ? `<p>依据 <span lang="en">Basis</span>: ${escape(problem.basis)}</p>\n` : ''}<p><small>${escape(problem.code)} · ${escape(problem.instance)}</small></p>
<p><a href="/">返回首页 <span lang="en">Home</span></a></p>
</main></body>
</html>
`;
}
