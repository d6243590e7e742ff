import { send, startServer, type TestServer } from './server';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ readYourWritesTimeoutMs: 20 });
});
afterAll(() => server.close());

test('an outage is told whole once, and every request that met it in one short line', async () => {
  const token = await server.signedIn('in-outage', ['officer']);
  server.log.length = 0;
  for (let i = 0; i < 5; i++) {
    const answer = await send(server, 'GET', '/api/notes/x?position=999998', { token });
    expect([answer.status, answer.body.code]).toEqual([503, 'read_model.behind']);
  }
  const lines = server.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  const whole = lines.filter(({ at }) => at !== undefined);
  expect(whole).toEqual([expect.objectContaining({ msg: 'request failed', problem: 'read_model.behind' })]);
  const short = lines.filter(({ msg }) => msg === 'request');
  expect(short).toHaveLength(5);
  for (const line of short) expect(line).toMatchObject({ status: 503, problem: 'read_model.behind' });
  expect(lines).toHaveLength(6);

  // What failed inside is told each time: whoever quotes its number finds it.
  const writer = await server.signedIn('breaking', ['officer']);
  server.log.length = 0;
  for (let i = 0; i < 2; i++) await send(server, 'POST', `/api/notes/broken-${i}/break-note`, { token: writer });
  expect(server.log.filter((line) => line.includes('"msg":"request failed"'))).toHaveLength(2);

  // Later it is told again, with how often it was met meanwhile.
  const now = performance.now();
  const clock = jest.spyOn(performance, 'now').mockReturnValue(now + 61_000);
  server.log.length = 0;
  await send(server, 'GET', '/api/notes/x?position=999998', { token });
  clock.mockRestore();
  expect(server.log.map((line) => JSON.parse(line) as object)).toContainEqual(
    expect.objectContaining({ msg: 'request failed', untold: 4 }),
  );
});
