import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_BODY_BYTES } from '../../src/api/http';
import { BOUNDED } from '../child';
import { freePort } from '../free-port';
import { until } from '../until';
import { DOCKER } from './compositions';

const NGINX = existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx';
const home = mkdtempSync(join(tmpdir(), 'mingjing-nginx-'));
const conf = join(home, 'nginx.conf');
const TILE = '/log/tile/0/000';
let nginx: ChildProcess;
let ended: Promise<unknown[]>;
let https = 0;
let health = 0;

/** A node as far as nginx sees one: counts what arrives, and answers as `answer` says. */
class Node {
  readonly seen: string[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  answer: (request: IncomingMessage, response: ServerResponse) => void = answered;
  private server: Server | undefined;

  constructor(
    readonly name: string,
    readonly port: number,
  ) {}

  async start(): Promise<void> {
    this.server = createServer((asked, response) => {
      this.seen.push(`${asked.method} ${asked.url}`);
      this.headers.push(asked.headers);
      asked.resume().on('end', () => {
        response.setHeader('X-Node', this.name);
        response.setHeader('X-Request-Id', String(asked.headers['x-request-id']));
        this.answer(asked, response);
      });
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** As if its process were killed. */
  async stop(): Promise<void> {
    const ended = this.server;
    this.server = undefined;
    if (!ended) return;
    ended.closeAllConnections();
    await new Promise((resolve) => ended.close(resolve));
  }
}

function answered(asked: IncomingMessage, response: ServerResponse): void {
  const kept: Record<string, string> = {
    [TILE]: 'public, max-age=31536000, immutable',
    '/notices': 'no-cache',
    '/complaints/new': 'no-store',
    '/api/public-notices': 'no-store',
  };
  const cache = kept[asked.url!.split('?')[0]];
  if (cache) response.setHeader('Cache-Control', cache);
  response.writeHead(200).end(`${asked.method} ${asked.url}`);
}

interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

function ask(method: string, path: string, headers: Record<string, string> = {}, body?: Buffer): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const options = { method, path, headers, host: '127.0.0.1', port: https, rejectUnauthorized: false, agent: false };
    const asked = request(options as object, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      const { statusCode: status = 0, headers } = response;
      response.on('end', () => resolve({ status, headers, body: Buffer.concat(chunks).toString() }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const nodes: Node[] = [];
const seen = (): string[] => nodes.flatMap((node) => node.seen.splice(0));

beforeAll(async () => {
  for (const name of ['node-1', 'node-2']) nodes.push(new Node(name, await freePort()));
  https = await freePort();
  const http = await freePort();
  health = await freePort();
  const key = ['-keyout', join(home, 'public.key'), '-out', join(home, 'public.crt'), '-subj', '/CN=localhost'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...key], {
    ...BOUNDED,
    stdio: 'ignore',
  });
  const text = readFileSync(join(DOCKER, 'nginx/nginx.conf'), 'utf8')
    .replaceAll(' /tmp/', ` ${home}/`)
    .replaceAll('/run/secrets', home)
    .replaceAll('/var/cache/nginx', join(home, 'cache'))
    .replace('/dev/stdout', join(home, 'access.log'))
    .replace('172.31.251.11:3000', `127.0.0.1:${nodes[0].port}`)
    .replace('172.31.251.12:3000', `127.0.0.1:${nodes[1].port}`)
    .replace('listen 8443', `listen 127.0.0.1:${https}`)
    .replace('listen 8080', `listen 127.0.0.1:${http}`)
    .replace('127.0.0.1:8081', `127.0.0.1:${health}`);
  writeFileSync(conf, process.getuid?.() === 0 ? `user root;\n${text}` : text);
  mkdirSync(join(home, 'cache'));
  execFileSync(NGINX, ['-t', '-q', '-c', conf], { ...BOUNDED, stdio: ['ignore', 'ignore', 'inherit'] });
});

/** It has forgotten which nodes failed, and not what it keeps. */
async function startNginx(): Promise<void> {
  nginx = spawn(NGINX, ['-c', conf, '-g', 'daemon off;'], { stdio: ['ignore', 'ignore', 'inherit'] });
  ended = once(nginx, 'exit');
  await until(async () => {
    const socket = connect(health, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return open;
  }, 'nginx answers');
}

beforeEach(async () => {
  for (const node of nodes) {
    await node.stop();
    node.answer = answered;
    node.headers.splice(0);
    await node.start();
  }
  seen();
  await startNginx();
});

/** As the composition stops it. */
async function stopNginx(): Promise<void> {
  nginx.kill('SIGQUIT');
  expect(await ended).toEqual([0, null]);
}

afterEach(stopNginx);

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  rmSync(home, { recursive: true });
});

it('a node that is gone is not noticed: reading and recording go to the other', async () => {
  await nodes[0].stop();
  for (let n = 0; n < 4; n++) expect((await ask('GET', `/api/cases?n=${n}`)).headers['x-node']).toBe('node-2');
  for (let n = 0; n < 4; n++) expect((await ask('POST', `/api/cases/${n}/file-case`)).headers['x-node']).toBe('node-2');
});

it('a node that dies over a question: the other is asked', async () => {
  nodes[0].answer = nodes[1].answer = (asked, response) => {
    if (nodes.flatMap((node) => node.seen).length === 1) asked.socket.destroy();
    else answered(asked, response);
  };
  expect((await ask('GET', '/api/cases?page=2')).status).toBe(200);
  expect(seen()).toEqual(['GET /api/cases?page=2', 'GET /api/cases?page=2']);
});

it('what a node says itself is passed on, and puts no node away', async () => {
  nodes[0].answer = nodes[1].answer = (_, response) =>
    response.writeHead(503, { 'Retry-After': '5' }).end('in its words');
  for (let n = 0; n < 10; n++) {
    const { status, headers, body } = await ask(n % 2 ? 'GET' : 'POST', '/api/cases/1/file-case', {
      'Idempotency-Key': 'k',
    });
    expect([status, headers['retry-after'], body]).toEqual([503, '5', 'in its words']);
  }
  expect(seen()).toHaveLength(10);
});

it('a node that dies over a command: nobody is given it a second time', async () => {
  nodes[0].answer = nodes[1].answer = (asked) => void asked.socket.destroy();
  expect((await ask('POST', '/api/cases/7/file-case', {}, Buffer.from('{}'))).status).toBe(502);
  expect(seen()).toEqual(['POST /api/cases/7/file-case']);
});

it('unless it carries a key, by which the ledger knows it again', async () => {
  nodes[0].answer = nodes[1].answer = (asked, response) => {
    if (nodes.flatMap((node) => node.seen).length === 1) asked.socket.destroy();
    else answered(asked, response);
  };
  const { status, body } = await ask('POST', '/api/cases/8/file-case', { 'Idempotency-Key': 'k-8' }, Buffer.from('{}'));
  expect([status, body]).toEqual([200, 'POST /api/cases/8/file-case']);
  expect(seen()).toHaveLength(2);
});

it('tiles of the log are served when no node runs; those that are not there yet are not kept', async () => {
  nodes[0].answer = nodes[1].answer = (_, response) => response.writeHead(404, { 'Cache-Control': 'no-store' }).end();
  expect((await ask('GET', TILE)).status).toBe(404);
  nodes[0].answer = nodes[1].answer = answered;
  expect((await ask('GET', TILE)).headers['x-cache']).toBe('MISS');
  for (const node of nodes) await node.stop();
  const { status, headers, body } = await ask('GET', TILE);
  expect([status, headers['x-cache'], body]).toEqual([200, 'HIT', `GET ${TILE}`]);
  expect(headers['cache-control']).toContain('immutable');
  expect((await ask('GET', '/notices?gone')).status).toBe(502);
});

it('a public page is asked for once, however many want it; what must not be kept is not', async () => {
  await ask('GET', '/notices?crowd');
  const crowd = await Promise.all([...Array(20).keys()].map(() => ask('GET', '/notices?crowd')));
  expect(crowd.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(seen().length).toBeLessThan(20);
  for (const path of ['/complaints/new', '/api/public-notices', '/readyz', '/notices?position=7']) {
    await ask('GET', path);
    await ask('GET', path);
    expect(seen()).toEqual([`GET ${path}`, `GET ${path}`]);
  }
  for (const header of ['Authorization', 'Mingjing-Position']) {
    await ask('GET', `/notices?${header}`, { [header]: '1' });
    await ask('GET', `/notices?${header}`, { [header]: '1' });
    expect(seen()).toHaveLength(2);
  }
});

it('what a page said a second ago is not said when the nodes are away', async () => {
  await ask('GET', '/notices?withdrawn');
  for (const node of nodes) await node.stop();
  const status = await until(async () => {
    const answer = await ask('GET', '/notices?withdrawn');
    return answer.status !== 200 && answer.status;
  });
  expect(status).toBe(502);
});

it('the nodes’ figures are not for the public', async () => {
  for (const path of ['/metrics', '/metrics?x', '/%6detrics', '//metrics']) {
    expect([path, (await ask('GET', path)).status]).toEqual([path, 404]);
  }
  expect(seen()).toEqual([]);
});

it('says whom a request is from, and believes nobody else; the request has one id everywhere', async () => {
  const lie = { 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Proto': 'http', 'X-Request-Id': 'from-the-visitor' };
  const { headers } = await ask('GET', '/api/session', lie);
  const [told] = nodes.flatMap((node) => node.headers.splice(0));
  expect(told).toMatchObject({
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'https',
    'x-request-id': 'from-the-visitor',
  });
  expect(headers['x-request-id']).toBe('from-the-visitor');
  const { headers: others } = await ask('GET', '/api/session', { 'X-Request-Id': 'no' });
  expect(others['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  expect(nodes.flatMap((node) => node.headers).at(-1)).toMatchObject({ 'x-request-id': others['x-request-id'] });
});

it('bodies that are too large for a node are refused by the node, in its words; much larger ones here', async () => {
  const status = (bytes: number): Promise<number> =>
    ask('POST', '/api/cases/9/file-case', {}, Buffer.alloc(bytes)).then(({ status }) => status);
  expect(await status(MAX_BODY_BYTES + 1)).toBe(200);
  expect(await status(3 * MAX_BODY_BYTES)).toBe(413);
});

it('its log says what happened, and not who looked for what', async () => {
  await ask('GET', '/notices?q=%E6%9D%8E%E5%9B%9B', { 'X-Request-Id': 'logged-as-this' });
  await stopNginx(); // the line is there
  await startNginx();
  const log = readFileSync(join(home, 'access.log'), 'utf8');
  const line = log
    .trim()
    .split('\n')
    .find((each) => each.includes('logged-as-this'))!;
  expect(JSON.parse(line)).toMatchObject({ requestId: 'logged-as-this', method: 'GET', status: 200 });
  expect(log).not.toMatch(/notices|%E6%9D%8E|"127\.0\.0\.1"/);
});
