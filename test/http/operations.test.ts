import { refused } from '../../src/kernel/errors';
import type { ProcessManager } from '../../src/ledger/projecting/process-manager';
import { PLANTED } from './sample';
import { PASSWORD, send, startServer, type TestServer } from './server';
import { until } from '../until';

let server: TestServer;
beforeAll(async () => {
  const refusing: ProcessManager = {
    name: 'refusing',
    react: () => Promise.reject(refused('note.refused', { zh: PLANTED.name, en: PLANTED.name, basis: 'L01' })),
  };
  server = await startServer({ requestsPerMinute: 60 }, [refusing]);
});
afterAll(() => server.close());

test('alive and ready, and how far the projections are', async () => {
  expect((await send(server, 'GET', '/healthz')).body).toEqual({ alive: true });
  const ready = await send(server, 'GET', '/readyz');
  expect(ready.status).toBe(200);
  expect(ready.body).toMatchObject({ ready: true, ledger: 'open', projections: [{ name: 'notes', state: 'live' }] });
  const token = await server.signedIn('operator', ['admin']);
  const status = await send(server, 'GET', '/api/operations/projections', { token });
  expect(status.text).toContain('lagEvents');
});

test('what processes were refused is told to those who look after the server, and does not make it unready', async () => {
  const token = await server.signedIn('operator-2', ['admin']);
  const writer = await server.signedIn('writer', ['officer']);
  const opened = await send(server, 'POST', '/api/notes/refused/open-note', {
    token: writer,
    body: { title: '甲', party: { name: PLANTED.name, kind: 'person' } },
  });
  expect(opened.status).toBe(201);
  const { body, text } = await until(async () => {
    const told = await send(server, 'GET', '/api/operations/processes', { token });
    const [process] = told.body.items as { lagEvents: number; refusals: number }[];
    return process.refusals > 0 && process.lagEvents === 0 && told;
  });
  expect(body).toMatchObject({
    items: [{ name: 'refusing', state: 'running', lagEvents: 0, refusals: 1 }],
    refusals: [{ process: 'refusing', position: opened.body.position, code: 'note.refused' }],
  });
  expect(text).not.toContain(PLANTED.name);
  const ready = await send(server, 'GET', '/readyz');
  expect([ready.status, ready.body.processes]).toEqual([200, { stalled: 0, refusals: 1 }]);
  expect((await send(server, 'GET', '/api/operations/processes', { token: writer })).status).toBe(403);
});

test('an answer carries the headers that bind a browser', async () => {
  const { headers } = await send(server, 'GET', '/healthz');
  expect(headers['content-security-policy']).toContain("default-src 'self'");
  expect(headers['content-security-policy']).not.toContain('unsafe');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect((await send(server, 'GET', '/api/notes')).headers['cache-control']).toBe('no-store');
});

test('a person with a browser gets a page, a program a problem', async () => {
  const page = await send(server, 'GET', '/nowhere', { headers: { accept: 'text/html,*/*' } });
  expect(page.status).toBe(404);
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.text).toContain('没有此地址');
  expect((await send(server, 'GET', '/nowhere')).body.code).toBe('request.no_such_address');
});

test('a position that is not reached in time is 503 with when to come back', async () => {
  const token = await server.signedIn('impatient', ['officer']);
  const answer = await send(server, 'GET', '/api/notes/x?position=999999', { token });
  expect(answer.status).toBe(503);
  expect(answer.headers['retry-after']).toBe('5');
  expect((await send(server, 'GET', '/api/notes/x?position=-1', { token })).body.field).toBe('position');
  expect((await send(server, 'GET', '/api/notes?limit=201', { token })).body.field).toBe('limit');
});

test('too many requests from one address are 429; other addresses are served', async () => {
  const answers = [];
  for (let i = 0; i < 70; i++) answers.push(await send(server, 'GET', '/api/notes', { from: '198.51.100.9' }));
  const refused = answers.filter((a) => a.status === 429);
  expect(refused.length).toBe(10);
  expect(refused[0].body.code).toBe('request.throttled');
  expect(Number(refused[0].headers['retry-after'])).toBeGreaterThan(0);
  expect((await send(server, 'GET', '/api/notes', { from: '198.51.100.10' })).status).toBe(200);
});

test('the documentation page is served from here, without inline script', async () => {
  const page = await send(server, 'GET', '/api/docs');
  expect(page.status).toBe(200);
  expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
  const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
  for (const source of sources.filter((s) => !s.startsWith('#') && !s.startsWith('data:'))) {
    expect(source).not.toMatch(/^(https?:)?\/\//);
    expect((await send(server, 'GET', new URL(source, 'http://x/api/docs').pathname)).status).toBe(200);
  }
});

test('the log knows the request and nothing of what it carried', async () => {
  const token = await server.signedIn('logged', ['officer']);
  const body = { title: PLANTED.name, party: { name: PLANTED.name, kind: 'person' } };
  const from = '203.0.113.77';
  const headers = { 'x-request-id': 'request-for-the-log' };
  await send(server, 'POST', '/api/notes/logged-id/open-note', { token, body, from, headers });
  await send(server, 'POST', '/api/notes/logged-id/open-note', { token, body: { title: [PLANTED.identity] }, from });
  await send(server, 'POST', '/api/notes/logged-id/open-note', { token, body: `{"title": "${PLANTED.name}`, from });
  await send(server, 'POST', '/api/notes/logged-id/break-note', { token, from });
  await send(server, 'GET', `/api/notes?name=${encodeURIComponent(PLANTED.search)}`, { token, from });
  await send(server, 'GET', `/search/${encodeURIComponent(PLANTED.search)}`, { from });
  await send(server, 'POST', '/api/session', { body: { login: PLANTED.phone, password: PASSWORD }, from });
  const log = server.log.join('');
  for (const secret of [
    ...Object.values(PLANTED),
    encodeURIComponent(PLANTED.search),
    PASSWORD,
    token,
    from,
    'logged-id',
  ]) {
    expect(log).not.toContain(secret);
  }
  const lines = server.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toContainEqual(
    expect.objectContaining({
      correlationId: 'request-for-the-log',
      method: 'POST',
      route: '/api/:collection/:id/:command',
      status: 201,
      account: expect.any(String) as unknown,
    }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ status: 500, problem: 'internal', error: 'Error' }));
});
