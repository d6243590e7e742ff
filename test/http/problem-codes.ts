import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface ProblemCode {
  kind: string;
  zh: string;
  en: string;
  basis?: string;
}

/** Which argument is the code; the texts are the next one. `refused` and `require_` are refusals, a `Failure` says its kind. */
const MAKERS: Readonly<Record<string, number>> = { refused: 0, require_: 1, Failure: 1 };

/** Every problem code that the program's sources spell out, with its texts; `…` stands for what is filled in at run time. */
export function problemCodesIn(directory: string): Record<string, ProblemCode> {
  const found = new Map<string, ProblemCode>();
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.tsx?$/.test(name) || name.endsWith('.d.ts')) continue;
    const file = join(directory, name);
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) collect(node, found);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function collect(call: ts.CallExpression | ts.NewExpression, found: Map<string, ProblemCode>): void {
  const isSuper = call.expression.kind === ts.SyntaxKind.SuperKeyword; // of a class that extends Failure
  const maker = isSuper ? 'Failure' : ts.isIdentifier(call.expression) ? call.expression.text : '';
  const at = Object.hasOwn(MAKERS, maker) ? MAKERS[maker] : undefined;
  const args = call.arguments ?? [];
  const code = at === undefined ? undefined : textOf(args[at]);
  if (at === undefined || !code || !/^[a-z0-9_]+(\.[a-z0-9_]+)+$/.test(code)) return;
  const kind = maker === 'Failure' ? (textOf(args[0]) ?? 'invalid') : 'refused';
  const detail = args[at + 1];
  const said = (name: string): string | undefined =>
    detail && ts.isObjectLiteralExpression(detail)
      ? detail.properties
          .filter((p) => ts.isPropertyAssignment(p))
          .filter((p) => p.name.getText() === name)
          .map((p) => textOf(p.initializer))[0]
      : undefined;
  const before = found.get(code);
  const basis = said('basis') ?? before?.basis;
  const zh = said('zh') ?? before?.zh ?? '';
  const en = said('en') ?? before?.en ?? '';
  // One code said in several places: the first text stands.
  found.set(code, before && before.zh ? before : { kind, zh, en, ...(basis && { basis }) });
}

/** The text of a literal, a template or a sum of these; undefined for anything else. */
function textOf(node: ts.Expression | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join('');
  }
  if (ts.isBinaryExpression(node)) return `${textOf(node.left) ?? '…'}${textOf(node.right) ?? '…'}`;
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  return undefined;
}
