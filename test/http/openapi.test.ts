import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { JsonLogger } from '../../src/api/logger';
import { buildOpenApi } from '../../src/api/openapi';
import { readConfig } from '../../src/config';
import { openMingjing, type Mingjing } from '../../src/server';

/** Made by `UPDATE=1 npx jest test/http/openapi`. */
const COMMITTED = join(__dirname, '../../docs/openapi.json');

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly security: ReadonlyArray<Record<string, unknown>>;
  readonly 'x-roles'?: readonly string[];
  readonly responses: Record<string, unknown>;
}
interface Schema {
  readonly type?: string;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly [key: string]: unknown;
}

let directory: string;
let mingjing: Mingjing;
let document: OpenAPIObject;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mingjing-openapi-'));
  const config = readConfig({ MINGJING_DATA: directory });
  mingjing = await openMingjing(config, { logger: new JsonLogger('silent'), seal: false });
  document = JSON.parse(JSON.stringify(buildOpenApi(mingjing.app))) as OpenAPIObject;
});
afterAll(async () => {
  await mingjing.close();
  rmSync(directory, { recursive: true });
});

const operations = (): Array<[string, Operation]> =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([verb, operation]): [string, Operation] => [
      `${verb} ${path}`,
      operation,
    ]),
  );

test('docs/openapi.json is the interface as it is', () => {
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (process.env.UPDATE) writeFileSync(COMMITTED, text);
  expect(text).toBe(readFileSync(COMMITTED, 'utf8'));
});

test('every command that a person may give is in it, with its article and who may', () => {
  const forPeople = mingjing.commands
    .all()
    .filter(({ rule }) => rule.may.some((m) => m !== 'system' && m !== 'import'));
  expect(forPeople.length).toBeGreaterThan(50);
  for (const { decider, name, rule } of forPeople) {
    const { post } = document.paths[`/api/${decider.collection}/{id}/${name}`] as { post: Operation };
    expect(post.description).toContain(rule.basis);
    expect(post['x-roles']).toEqual(rule.may);
  }
});

test('operation ids are unique, and each operation says what it does in both languages and who may', () => {
  const ids = operations().map(([, o]) => o.operationId);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  for (const [address, operation] of operations()) {
    expect([address, operation.summary]).toEqual([address, expect.stringMatching(/\p{Script=Han}.*[A-Za-z]/u)]);
    expect([address, operation.security]).toEqual([address, expect.any(Array)]);
    expect([address, Object.keys(operation.responses)]).toEqual([address, expect.arrayContaining(['429'])]);
  }
});

test('the law is for anyone to read, accounts are not', () => {
  const securityOf = (path: string): unknown => (document.paths[path] as { get: Operation }).get.security;
  expect(securityOf('/api/law/parameters')).toEqual([]);
  expect(securityOf('/api/accounts')).toEqual([{ bearer: [] }]);
});

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path);
  expect(references.length).toBeGreaterThan(0);
  for (const reference of new Set(references)) {
    const found = reference.split('/').reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], document);
    expect([reference, found]).toEqual([reference, expect.anything()]);
  }
});

test('every text, number and list that a command takes is bounded', () => {
  const unbounded: string[] = [];
  const walk = (schema: Schema, path: string): void => {
    const says = (...keys: string[]): boolean => keys.some((key) => key in schema);
    if (schema.type === 'string' && !says('maxLength', 'enum', 'pattern', 'format', 'const')) unbounded.push(path);
    if ((schema.type === 'number' || schema.type === 'integer') && !(says('minimum') && says('maximum'))) {
      unbounded.push(path);
    }
    if (schema.type === 'array') {
      if (!says('maxItems')) unbounded.push(`${path}[]`);
      if (schema.items) walk(schema.items, `${path}[]`);
    }
    for (const [name, property] of Object.entries(schema.properties ?? {})) walk(property, `${path}.${name}`);
  };
  const ours = new Set(['CommandResult', 'Problem', 'ProblemItem']);
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    if (!ours.has(name)) walk(schema as Schema, name);
  }
  expect(unbounded).toEqual([]);
});
