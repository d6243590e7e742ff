import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv6, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { systemClock, type Clock } from '../kernel/time';
import type { Logger } from '../ledger/projecting/logger';
import { listEvidence } from '../ledger/transparency/evidence';
import { toBase64 } from '../verification/bytes';
import { parseDecimal } from '../verification/checkpoint';
import { addCheckpoint, CONTRADICTION_KINDS, type Witness } from './cosigning';
import type { TrustedLogs } from './trusted-logs';
import { openWitness } from './open-witness';
import { witnessPage } from './witness-page';

export interface WitnessOptions {
  /** The key's name; needed when the directory is new. */
  readonly name?: string;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly directory: string;
  /** Takes up a key whose memory is lost: it may cosign what it has contradicted before. */
  readonly beginAnew?: boolean;
  readonly logs: TrustedLogs;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** How long a request may take to arrive, in ms. */
  readonly requestTimeoutMs?: number;
  /** Connections of one address at a time; by default 32, and any number from this machine, on which the proxy runs. */
  readonly perAddress?: number;
}

export interface RunningWitness {
  readonly url: string;
  readonly vkey: string;
  /** Takes no more requests, answers those under way, then closes the store. */
  close(): Promise<void>;
}

/** A checkpoint with 16 signatures and 63 hashes is some 10 KB; post-quantum signatures of others may be 5 KB each. */
export const MAX_BODY_BYTES = 128 * 1024;
const MAX_CONNECTIONS = 1024;
const MAX_PER_ADDRESS = 32;
/** Requests answered at a time, from when they have arrived; further ones are told to come back. */
const MAX_ANSWERING = 64;
const REQUEST_TIMEOUT_MS = 2000;
/** How long a connection may lie still, in ms. */
const IDLE_MS = 30_000;
const PAGE_CHECKPOINTS = 500;

/**
 * Opens the store, then the key, and listens.
 * @throws Failure what `openWitness` throws
 */
export async function startWitness(options: WitnessOptions): Promise<RunningWitness> {
  const { directory, logs, logger, clock = systemClock } = options;
  const { key, store } = await openWitness(directory, options);
  try {
    const witness = { key, logs, store, clock, logger, evidence: join(directory, 'evidence') };
    const requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
    const { server, underWay } = httpServer(witness, requestTimeoutMs);
    limitPerAddress(server, options.perAddress);
    const url = await listen(server, options);
    return {
      url,
      vkey: key.vkey,
      async close() {
        await closeServer(server, requestTimeoutMs);
        await Promise.all(underWay);
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A witness that answers over HTTP. */
interface Serving extends Witness {
  /** Requests that have arrived and are not answered. */
  answering: number;
}

type Route = readonly [
  method: 'GET' | 'POST',
  path: RegExp,
  reply: (
    request: IncomingMessage,
    witness: Serving,
    args: readonly string[],
    query: URLSearchParams,
  ) => Promise<Reply>,
];

/** Everything a witness answers to. `/health` is never told to come back: whoever watches over the witness asks there. */
const ROUTES: readonly Route[] = [
  ['POST', /^\/add-checkpoint$/, async (request, witness) => cosign(request, witness)],
  ['GET', /^\/$/, async (_, witness) => counted(witness, () => page(witness))],
  ['GET', /^\/vkey$/, async (_, { key }) => text(200, key.vkey)],
  ['GET', /^\/health$/, async (_, witness) => health(witness)],
  [
    'GET',
    /^\/log\/(.{1,1024})\/history$/,
    async (_, witness, [id], query) => counted(witness, async () => history(witness, id, query)),
  ],
  [
    'GET',
    /^\/evidence\/([a-z-]+)\/([0-9a-f-]+)\/([a-z]+\.[a-z]+)$/,
    async (_, witness, args) => counted(witness, () => evidenceFile(witness, args)),
  ],
];

/** The server, and the requests it is answering; it holds none of the store. */
function httpServer(witness: Witness, requestTimeout: number): { server: Server; underWay: Set<Promise<void>> } {
  const underWay = new Set<Promise<void>>();
  const limits = { requestTimeout, headersTimeout: requestTimeout, connectionsCheckingInterval: requestTimeout / 4 };
  const serving: Serving = { ...witness, answering: 0 };
  const server = createServer(limits, (request, response) => {
    const answered = reply(request, serving)
      .catch((error: Error & { code?: string }) => {
        if (!request.errored) witness.logger.error({ error: error.name, code: error.code }, 'a request failed');
        return text(500, 'internal error');
      })
      .then((answer) => send(request, response, answer))
      .finally(() => underWay.delete(answered));
    underWay.add(answered);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(IDLE_MS);
  return { server, underWay };
}

/** Cuts further connections of an address that has many: one sender in no hurry must not take all there are. */
function limitPerAddress(server: Server, limit?: number): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const network = networkOf(socket.remoteAddress ?? '');
    if (limit === undefined && isThisMachine(network)) return;
    const count = (open.get(network) ?? 0) + 1;
    open.set(network, count);
    socket.once('close', () => {
      const rest = (open.get(network) ?? 1) - 1;
      if (rest > 0) open.set(network, rest);
      else open.delete(network);
    });
    if (count > (limit ?? MAX_PER_ADDRESS)) socket.destroy();
  });
}

/** Answers what has arrived, or says that there is too much of it. */
async function counted(serving: Serving, answer: () => Promise<Reply>): Promise<Reply> {
  if (serving.answering >= MAX_ANSWERING) return { ...text(503, 'busy'), headers: { 'retry-after': '1' } };
  serving.answering++;
  try {
    return await answer();
  } finally {
    serving.answering--;
  }
}

async function reply(request: IncomingMessage, witness: Serving): Promise<Reply> {
  const [path, query] = (request.url ?? '/').split('?', 2);
  const onPath = ROUTES.filter(([, pattern]) => pattern.test(path));
  const route = onPath.find(([method]) => method === (request.method === 'HEAD' ? 'GET' : request.method));
  if (!route) return onPath.length > 0 ? text(405, 'method not allowed') : text(404, 'not found');
  const [, pattern, answer] = route;
  return answer(request, witness, (pattern.exec(path) ?? []).slice(1), new URLSearchParams(query));
}

async function cosign(request: IncomingMessage, witness: Serving): Promise<Reply> {
  const body = await readBody(request);
  if (!body) return text(413, `the body is above ${MAX_BODY_BYTES} bytes`);
  return counted(witness, () => addCheckpoint(body, witness));
}

/** Undefined when it is too long. A client that is too slow is cut off by the server's time limit. */
function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let left = MAX_BODY_BYTES;
    request.on('error', reject);
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      chunks.push(chunk);
      if (left >= 0) return;
      request.pause(); // not destroyed: the answer goes out first
      resolve(undefined);
    });
  });
}

async function page(witness: Witness): Promise<Reply> {
  const { key, logs, store } = witness;
  const rows = [...logs.keys()].map((origin) => ({ origin, id: idOf(origin), latest: store.latest(origin) }));
  const body = witnessPage({ vkey: key.vkey, logs: rows, evidence: await evidence(witness) });
  const headers = { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" };
  return { status: 200, type: 'text/html; charset=utf-8', body, headers };
}

async function health(witness: Witness): Promise<Reply> {
  const logs = [...witness.logs.keys()].map((origin) => ({ origin, size: witness.store.latest(origin)?.size ?? 0 }));
  return json(200, { status: 'ok', vkey: witness.key.vkey, logs, evidence: (await evidence(witness)).length });
}

/**
 * The checkpoints cosigned of one log, smallest first, each with the log's signature and the cosignature of its first time:
 * for a draw that names a later checkpoint, and for whoever compares a log's own account. Pages of `limit`, from `after`.
 */
function history({ logs, store }: Witness, id: string, query: URLSearchParams): Reply {
  const origin = [...logs.keys()].find((each) => id === idOf(each) || id === encodeURIComponent(each));
  const after = parseDecimal(query.get('after') ?? '0');
  const limit = parseDecimal(query.get('limit') ?? String(PAGE_CHECKPOINTS));
  if (!origin) return text(404, 'unknown log');
  if (after === undefined || !limit || limit > PAGE_CHECKPOINTS) return text(400, `limit is 1 to ${PAGE_CHECKPOINTS}`);
  const cosigned = store.history(origin, after, limit);
  return json(200, {
    origin,
    checkpoints: cosigned.map(({ size, root, time, note, cosignature }) => {
      return { size, root: toBase64(root), time, checkpoint: `${note}${cosignature}` };
    }),
    ...(cosigned.length === limit && { next: `?after=${cosigned.at(-1)?.size}&limit=${limit}` }),
  });
}

async function evidence(witness: Witness): Promise<string[]> {
  const kinds = CONTRADICTION_KINDS.map(async (kind) =>
    (await listEvidence(join(witness.evidence, kind))).map((name) => `${kind}/${name}`),
  );
  return (await Promise.all(kinds)).flat();
}

async function evidenceFile(witness: Witness, [kind, name, file]: readonly string[]): Promise<Reply> {
  const path = join(witness.evidence, kind, name, file);
  if (!(await evidence(witness)).includes(`${kind}/${name}`) || !existsSync(path)) return text(404, 'not found');
  return { status: 200, type: file.endsWith('.json') ? JSON_TYPE : TEXT_TYPE, body: await readFile(path) };
}

/** An IPv4 address; of an IPv6 address its network of 64 bits, all of which one household has. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/, '');
  if (!isIPv6(plain)) return plain;
  const [left, right = []] = plain.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = plain.includes('::') ? [...left, ...zeros, ...right] : left;
  return plain === '::1' ? plain : groups.slice(0, 4).join(':');
}

const isThisMachine = (network: string): boolean => network === '::1' || network.startsWith('127.');

/** A log's name in addresses: its origin's SHA-256, hexadecimal. */
const idOf = (origin: string): string => createHash('sha256').update(origin).digest('hex');

const TEXT_TYPE = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';
const text = (status: number, body: string): Reply => ({ status, type: TEXT_TYPE, body: `${body}\n` });
const json = (status: number, body: object): Reply => ({ status, type: JSON_TYPE, body: `${JSON.stringify(body)}\n` });

function send(request: IncomingMessage, response: ServerResponse, { status, type, body, headers }: Reply): void {
  if (response.destroyed) return;
  const rest = request.complete ? {} : { connection: 'close' }; // what was not read is not waited for
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': '*',
    'cache-control': 'no-store',
    ...rest,
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function listen(server: Server, { host, port }: Pick<WitnessOptions, 'host' | 'port'>): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const { port: taken } = server.address() as AddressInfo;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${taken}`);
    });
  });
}

/** Who is still sending after the time a request may take is cut off. */
function closeServer(server: Server, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
