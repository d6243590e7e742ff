import { send, startServer, type TestServer } from './server';

let server: TestServer;
let officer: string;
beforeAll(async () => {
  server = await startServer();
  officer = await server.signedIn('wang.wu', ['officer'], 'body-1');
});
afterAll(() => server.close());

const open = (id: string, sent: object = {}) =>
  send(server, 'POST', `/api/notes/${id}/open-note`, { token: officer, body: { title: '检查' }, ...sent });

test('a command is carried out: 201, the revision as ETag, the position to read from', async () => {
  const answer = await open('first');
  expect(answer.status).toBe(201);
  expect(answer.headers.etag).toBe('"0"');
  expect(answer.body).toMatchObject({ id: 'first', stream: 'note-first', revision: 0, repeated: false });
  const read = await send(server, 'GET', '/api/notes/first', {
    token: officer,
    headers: { 'mingjing-position': String(answer.headers['mingjing-position']) },
  });
  expect(read.body).toEqual({ title: '检查' });
  expect(Number(read.headers['mingjing-position'])).toBeGreaterThanOrEqual(Number(answer.headers['mingjing-position']));
  const byQuery = await send(server, 'GET', `/api/notes/first?position=${answer.body.position}`, { token: officer });
  expect(byQuery.status).toBe(200);
});

test('the same command with the same key is answered with the first result', async () => {
  const headers = { 'idempotency-key': 'k-1' };
  const first = await open('keyed', { headers });
  const again = await open('keyed', { headers });
  expect(again.status).toBe(201);
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(first.headers['idempotent-replayed']).toBeUndefined();
  expect(again.body).toEqual({ ...first.body, repeated: true });
});

test('a key is not taken for other content', async () => {
  const headers = { 'idempotency-key': 'k-2' };
  await open('reused', { headers });
  const other = await open('reused', { headers, body: { title: '另一件' } });
  expect(other.status).toBe(400);
  expect(other.body).toMatchObject({ code: 'command.key_reused', field: 'Idempotency-Key' });
});

test('If-Match: carried out at the revision that was read, otherwise 412 and nothing recorded', async () => {
  await open('matched');
  const stale = await open('matched', { headers: { 'if-match': '"7"' } });
  expect(stale.status).toBe(412);
  expect(stale.body.code).toBe('command.changed_meanwhile');
  const fresh = await open('matched', { headers: { 'if-match': '"0"' } });
  expect(fresh.headers.etag).toBe('"1"');
});

test('If-Match with a key: of two copies on their way at once neither is told that the other changed the record', async () => {
  const headers = { 'if-match': '"-1"', 'idempotency-key': 'k-3' };
  const answers = await Promise.all([open('twice', { headers }), open('twice', { headers })]);
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect(answers.map(({ body }) => body.repeated).sort()).toEqual([false, true]);
});

test('If-None-Match: * and If-Match "-1" make a record only where there is none', async () => {
  expect((await open('new-1', { headers: { 'if-none-match': '*' } })).status).toBe(201);
  expect((await open('new-1', { headers: { 'if-none-match': '*' } })).status).toBe(412);
  expect((await open('new-2', { headers: { 'if-match': '"-1"' } })).status).toBe(201);
  expect((await open('new-2', { headers: { 'if-match': '"-1"' } })).status).toBe(412);
});

test.each([
  ['If-Match', { 'if-match': '7' }],
  ['If-Match', { 'if-match': 'W/"7"' }],
  ['If-Match', { 'if-match': '*' }],
  ['If-None-Match', { 'if-none-match': '"1"' }],
  ['If-None-Match', { 'if-match': '"1"', 'if-none-match': '*' }],
])('a malformed %s is refused, not overlooked', async (field, headers) => {
  const answer = await open('never', { headers });
  expect(answer.status).toBe(400);
  expect(answer.body.field).toBe(field);
});

test.each(['', 'a b', '中', 'x'.repeat(129)])('Idempotency-Key %j is refused', async (key) => {
  const answer = await open('never', { headers: { 'idempotency-key': Buffer.from(key).toString('latin1') } });
  expect(answer.body.code).toBe('request.idempotency_key_malformed');
});

test('every bad field is named, nested ones and unknown ones too', async () => {
  const answer = await open('never', {
    body: { title: 'x'.repeat(21), party: { name: '', kind: 'ship' }, colour: 'red' },
  });
  expect(answer.status).toBe(400);
  expect(answer.body.code).toBe('command.invalid');
  const fields = (answer.body.errors as Array<{ field: string; code: string }>).map((e) => [e.field, e.code]);
  expect(fields).toEqual(
    expect.arrayContaining([
      ['title', 'field.max_length'],
      ['party.name', 'field.min_length'],
      ['party.kind', 'field.is_in'],
      ['colour', 'field.whitelist_validation'],
    ]),
  );
});

test('a refusal names its article and speaks both languages, the asked one first', async () => {
  const zh = await send(server, 'POST', '/api/notes/unopened/close-note', { token: officer });
  expect(zh.status).toBe(422);
  expect(zh.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(zh.body).toMatchObject({
    type: '/problems/note.not_open',
    title: '依法或按规则不予办理',
    status: 422,
    code: 'note.not_open',
    basis: '行政处罚法 57',
    detail: '记录未开立，不能关闭。',
    detail_zh: '记录未开立，不能关闭。',
    detail_en: 'A note that is not open cannot be closed.',
  });
  const headers = { 'accept-language': 'en-GB,en;q=0.9,zh;q=0.5' };
  const en = await send(server, 'POST', '/api/notes/unopened/close-note', { token: officer, headers });
  expect(en.body.detail).toBe(en.body.detail_en);
  expect(en.headers['content-language']).toBe('en');
});

test('an act that lies in the future is refused', async () => {
  const answer = await open('never', { body: { title: '检查', occurredAt: '2031-01-01T00:00:00Z' } });
  expect(answer.body).toMatchObject({ status: 400, code: 'command.occurred_in_future', field: 'occurredAt' });
});

test('a mistyped address is answered with what it may have meant', async () => {
  const command = await send(server, 'POST', '/api/notes/x/opn-note', { token: officer, body: {} });
  expect(command.status).toBe(404);
  expect(command.body.detail_en).toContain('open-note');
  const collection = await send(server, 'POST', '/api/note/x/open-note', { token: officer, body: {} });
  expect(collection.body).toMatchObject({ status: 404, code: 'request.no_such_collection' });
  expect(collection.body.detail_en).toContain('notes');
});

test.each(['-x', 'a%20b', 'a%2Fb', '%E4%B8%AD', 'x'.repeat(65)])('id %s is refused', async (id) => {
  expect((await open(id)).body.code).toBe('request.id_malformed');
});

test('a wrong method is told from a wrong address', async () => {
  const method = await send(server, 'PUT', '/api/notes/x/open-note', { token: officer, body: {} });
  expect(method.status).toBe(405);
  expect(method.headers.allow).toBe('POST');
  expect((await send(server, 'PUT', '/api/nothing', { token: officer, body: {} })).status).toBe(404);
  expect((await send(server, 'DELETE', '/healthz')).headers.allow).toContain('GET');
});

test.each([
  ['not JSON', '{"title":', 'application/json', 400, 'request.malformed'],
  ['a poisoned prototype', '{"__proto__":{"x":1}}', 'application/json', 400, 'request.malformed'],
  ['a list', '[{"title":"x"}]', 'application/json', 400, 'request.not_an_object'],
  ['a null', 'null', 'application/json', 201, undefined],
  ['a form', 'title=x', 'application/x-www-form-urlencoded', 415, 'request.unsupported_media_type'],
  ['plain text', '{"title":"x"}', 'text/plain', 415, 'request.unsupported_media_type'],
  ['something else', '<x/>', 'application/xml', 415, 'request.unsupported_media_type'],
  ['too much', `{"title":"${'x'.repeat(1024 * 1024)}"}`, 'application/json', 413, 'request.too_large'],
  [
    'nested without end',
    `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
    'application/json',
    400,
    'request.too_complex',
  ],
  ['wide without end', JSON.stringify({ a: Array(30_000).fill(1) }), 'application/json', 400, 'request.too_complex'],
])('a body that is %s', async (_, body, type, status, code) => {
  const id = `body-${status}`;
  if (status === 201) await open(id);
  const name = status === 201 ? 'close-note' : 'open-note';
  const answer = await send(server, 'POST', `/api/notes/${id}/${name}`, {
    token: officer,
    body,
    headers: { 'content-type': type },
  });
  expect(answer.status).toBe(status);
  expect(answer.body.code).toBe(code);
});

test('a thousand unknown fields are answered with a bounded problem', async () => {
  const body = Object.fromEntries(Array.from({ length: 15_000 }, (_, i) => [`f${i}${'x'.repeat(40)}`, 1]));
  const answer = await open('never', { body });
  expect(answer.status).toBe(400);
  expect(answer.text.length).toBeLessThan(100_000);
});

test('the sender’s correlation id is kept; a bad one is replaced', async () => {
  const kept = await open('traced', { headers: { 'x-request-id': 'request-2026-0001' } });
  expect(kept.headers['x-request-id']).toBe('request-2026-0001');
  const bad = await send(server, 'POST', '/api/notes/x/close-note', { headers: { 'x-request-id': 'a b<script>' } });
  expect(bad.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(bad.body.instance).toBe(bad.headers['x-request-id']);
});

test('something broken inside is a 500 that says nothing of it', async () => {
  const answer = await send(server, 'POST', '/api/notes/x/break-note', { token: officer });
  expect(answer.status).toBe(500);
  expect(answer.body.code).toBe('internal');
  expect(answer.text).not.toContain('cannot read');
});

test('a malformed address is a problem too', async () => {
  const answer = await send(server, 'GET', '/api/%zz');
  expect(answer.status).toBe(400);
  expect(answer.body.code).toBe('request.malformed');
});
