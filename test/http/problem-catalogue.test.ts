import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '../../src/api/problem';
import { problemCodesIn } from './problem-codes';
import { send, startServer, type TestServer } from './server';

/** Made by `UPDATE=1 npx jest test/http/problem-catalogue`. */
const COMMITTED = join(__dirname, '../../src/api/problem-catalogue.json');
const codes = problemCodesIn(join(__dirname, '../../src'));

test('the catalogue has every problem code of the sources', () => {
  const text = `${JSON.stringify(codes, null, 2)}\n`;
  if (process.env.UPDATE) writeFileSync(COMMITTED, text);
  expect(text).toBe(readFileSync(COMMITTED, 'utf8'));
});

test('every kind of failure has a status', () => {
  expect(Object.values(codes).filter(({ kind }) => !Object.hasOwn(KINDS, kind))).toEqual([]);
});

describe('where a problem’s type points', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  test('there is what it means', async () => {
    const problem = await send(server, 'GET', '/api/accounts');
    const type = await send(server, 'GET', String(problem.body.type));
    expect(type.status).toBe(200);
    expect(type.body).toMatchObject({ code: 'access.sign_in_required', status: 401, zh: '请先登录。' });
    expect((await send(server, 'GET', '/problems/no.such')).status).toBe(404);
  });

  test('all of them are listed', async () => {
    const all = (await send(server, 'GET', '/problems')).body.types as Array<{ code: string }>;
    expect(all.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['request.too_large', 'internal', 'command.key_reused']),
    );
  });
});
