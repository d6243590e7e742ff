import { send, startServer, type TestServer } from './server';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ publicWritesPerHour: 2 });
});
afterAll(() => server.close());

const rate = (id: string, token?: string, headers?: Record<string, string>) =>
  send(server, 'POST', `/api/notes/${id}/rate-note`, { token, headers, body: { stars: 5 } });

test('without an account an address may write little: the ledger keeps it for ever', async () => {
  const statuses = [];
  for (const id of ['s-1', 's-2', 's-3']) statuses.push((await rate(id)).status);
  expect(statuses).toEqual([201, 201, 429]);
  expect((await send(server, 'GET', '/healthz')).status).toBe(200);
});

test('whom nobody trusts as a proxy cannot pass for another address', async () => {
  expect((await rate('s-4', undefined, { 'x-forwarded-for': '203.0.113.9' })).status).toBe(429);
});
