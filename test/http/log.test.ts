import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { event, definitionOf } from '../../src/kernel/event';
import { eventIds } from '../../src/ledger/event-id';
import { BodyAnnounced } from '../../src/registry/registry-events';
import { Running } from '../end-to-end/running';
import { Outsider } from './log-outsider';

/** Made by `UPDATE=1 npx jest test/http/log.test`. */
const GOLDEN = join(__dirname, 'golden/log-headers.json');
/** Of these the golden file holds the values. The rest every answer of the server has, or changes with each. */
const HEADERS = [
  'content-type',
  'content-length',
  'cache-control',
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-max-age',
  'allow',
];

const server = new Running({ seal: true, settings: { logOrigin: 'mingjing.example/log', requestsPerMinute: 300 } });
let outsider: Outsider;
const nextId = eventIds();

/** Events as an importer would bring them in, each batch in a stream of its own. */
async function record(count: number): Promise<void> {
  const definition = definitionOf(BodyAnnounced);
  const head = await server.mingjing.store.head();
  for (let made = 0; made < count; made += 100) {
    const events = Array.from({ length: Math.min(100, count - made) }, (_, i) => ({
      id: nextId(),
      type: definition.name,
      schemaVersion: definition.version,
      data: { ...event(BodyAnnounced, { announcedOn: '2026-01-05', medium: `第${head + made + i}号公报` }) },
      metadata: {
        occurredAt: server.now,
        recordedAt: server.now,
        actor: { kind: 'system' as const, account: 'test', roles: ['system'] },
        command: 'AnnounceBody',
        commandId: nextId(),
        commandDigest: '',
        correlationId: 'log-test',
      },
    }));
    await server.mingjing.store.append(`body-${head + made}`, 'no_stream', events);
  }
  await outsider.sealed(head + count);
}

beforeAll(async () => {
  await server.start();
  outsider = new Outsider(server.url);
  await outsider.sealed(0);
});
afterAll(async () => {
  await server.stop();
  server.erase();
});

describe('the log, read by somebody who has only its address and key', () => {
  test('before the first event is the empty tree, signed', async () => {
    expect(await outsider.checkpoint()).toEqual({ size: 0, root: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' });
    expect((await outsider.text('/log/checkpoint')).split('\n').slice(0, 2)).toEqual(['mingjing.example/log', '0']);
    const keys = (await outsider.text('/log/vkey')).trimEnd().split('\n');
    expect(keys).toEqual([expect.stringMatching(/^mingjing\.example\/log\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/)]);
    expect((await outsider.policy()).logs).toHaveLength(1);
  });

  test('has every event: the root that is signed is the one that its entries and hashes give', async () => {
    await record(120);
    const first = await outsider.checkpoint();
    expect(first.size).toBe(120);
    expect(await outsider.recomputedRoot(120)).toBe(first.root);
    await record(480);
    const second = await outsider.checkpoint();
    expect(second.size).toBe(600);
    expect(await outsider.recomputedRoot(600)).toBe(second.root);
    // Also the tree that was published before, from the tiles there are now.
    expect(await outsider.recomputedRoot(120)).toBe(first.root);
  });

  test('is the same log under the same key after a restart', async () => {
    const [keys, before] = [await outsider.text('/log/vkey'), await outsider.checkpoint()];
    await server.restart();
    outsider = new Outsider(server.url);
    expect(await outsider.text('/log/vkey')).toBe(keys);
    expect(await outsider.checkpoint()).toEqual(before);
    await record(1);
    expect(await outsider.recomputedRoot(before.size)).toBe(before.root);
  });
});

describe('the files of the log', () => {
  test.each([
    '/log/tile/0/000.p/256',
    '/log/tile/0/000.p/0',
    '/log/tile/0/000.p/07',
    '/log/tile/0/002.p/255', // not that many yet
    '/log/tile/0/002.p/3', // no checkpoint had that size
    '/log/tile/0/002', // not full yet
    '/log/tile/0/003',
    '/log/tile/0/0',
    '/log/tile/0/0000',
    '/log/tile/0/x000/000',
    '/log/tile/00/000',
    '/log/tile/64/000',
    '/log/tile/1/000.p/3',
    '/log/tile/2/000.p/1',
    '/log/tile/entries/003',
    '/log/tile/entries/000/',
    '/log/tile/0/000?x=1',
    '/log/tile/0/%30%30%30',
    '/log/tile/0/..%2f..%2f..%2flog.key',
    '/log/tile/../signed',
    '/log/signed',
    '/log/lock',
    '/log/tile',
    '/log/tile/',
    '/log/log.key',
  ])('%s is 404', async (path) => {
    const answer = await raw(path);
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([404, '*']);
    expect(answer.headers['content-type']).toContain('json');
  });

  test('say who may read them, what they are and how long they may be kept', async () => {
    const asked: ReadonlyArray<readonly [string, string]> = [
      ['GET', '/log/tile/0/000'],
      ['HEAD', '/log/tile/0/000'],
      ['GET', '/log/tile/1/000.p/2'],
      ['GET', '/log/tile/entries/001'],
      ['GET', '/log/checkpoint'],
      ['GET', '/log/vkey'],
      ['GET', '/log/policy'],
      ['GET', '/log/tile/0/009'],
      ['OPTIONS', '/log/tile/0/000'],
      ['OPTIONS', '/log/checkpoint'],
      ['POST', '/log/checkpoint'],
    ];
    const answers: Record<string, unknown> = {};
    for (const [method, path] of asked) {
      const { status, headers } = await raw(path, method);
      const shown = HEADERS.filter((h) => headers[h] !== undefined && !(h === 'content-length' && status >= 400));
      answers[`${method} ${path}`] = { status, ...Object.fromEntries(shown.map((h) => [h, headers[h]])) };
    }
    const text = `${JSON.stringify(answers, null, 2)}\n`;
    if (process.env.UPDATE || !existsSync(GOLDEN)) writeFileSync(GOLDEN, text);
    expect(text).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  test('that change are sent again only when they have changed', async () => {
    const first = await outsider.get('/log/checkpoint');
    const etag = first.headers.get('etag')!;
    expect((await outsider.get('/log/checkpoint', { headers: { 'if-none-match': etag } })).status).toBe(304);
    await record(1);
    const second = await outsider.get('/log/checkpoint', { headers: { 'if-none-match': etag } });
    expect([second.status, second.headers.get('etag') === etag]).toEqual([200, false]);
  });

  test('are read as fast as anybody likes; proofs count against the limit', async () => {
    const statuses = new Set<number>();
    for (let i = 0; i < 350; i++) statuses.add((await raw('/log/tile/0/000', 'HEAD')).status);
    expect([...statuses]).toEqual([200]);
    for (let i = 0; i < 350; i++) statuses.add((await raw('/notices/none/proofs/1.tlog-proof')).status);
    expect([...statuses].sort()).toEqual([200, 404, 429]);
  });
});

/** One request with the address exactly as it is written, which `fetch` would tidy up. */
function raw(
  path: string,
  method = 'GET',
): Promise<{ status: number; headers: Record<string, string | string[] | undefined> }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method }, (response) => {
      response.resume().on('end', () => resolve({ status: response.statusCode!, headers: response.headers }));
    })
      .on('error', reject)
      .end();
  });
}
