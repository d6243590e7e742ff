import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { systemClock, type Clock } from '../kernel/time';
import type { Logger } from '../ledger/projecting/logger';
import { listEvidence } from '../ledger/transparency/evidence';
import { toBase64 } from '../verification/bytes';
import { parseDecimal } from '../verification/checkpoint';
import { parseNote } from '../verification/note';
import { addCheckpoint, CONTRADICTION_KINDS, type Witness } from './cosigning';
import type { TrustedLogs } from './trusted-logs';
import { witnessKey } from './witness-key';
import { witnessPage } from './witness-page';
import { WitnessStore } from './witness-store';

export interface WitnessOptions {
  /** The key's name; needed when the directory is new. */
  readonly name?: string;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly directory: string;
  readonly logs: TrustedLogs;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** How long a request may take to arrive, in ms. */
  readonly requestTimeoutMs?: number;
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
/** Requests verified at a time; further ones are told to come back. */
const MAX_UNDER_WAY = 64;
const REQUEST_TIMEOUT_MS = 10_000;
const PAGE_CHECKPOINTS = 500;

/**
 * Opens the store, then the key, and listens.
 * @throws Failure `witness.locked` when another process has the directory, or what `witnessKey` throws
 */
export async function startWitness(options: WitnessOptions): Promise<RunningWitness> {
  const { directory, logs, logger, clock = systemClock } = options;
  const store = WitnessStore.open(directory);
  try {
    const key = await witnessKey(directory, options.name);
    const witness = { key, logs, store, clock, logger, evidence: join(directory, 'evidence') };
    const requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
    const { server, underWay } = httpServer(witness, requestTimeoutMs);
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

type Route = readonly [
  method: 'GET' | 'POST',
  path: RegExp,
  reply: (
    request: IncomingMessage,
    witness: Witness,
    args: readonly string[],
    query: URLSearchParams,
  ) => Promise<Reply>,
];

/** Everything a witness answers to. */
const ROUTES: readonly Route[] = [
  ['POST', /^\/add-checkpoint$/, async (request, witness) => cosign(request, witness)],
  ['GET', /^\/$/, async (_, witness) => page(witness)],
  ['GET', /^\/vkey$/, async (_, { key }) => text(200, key.vkey)],
  ['GET', /^\/health$/, async (_, witness) => health(witness)],
  ['GET', /^\/log\/(.{1,1024})\/history$/, async (_, witness, [id], query) => history(witness, id, query)],
  ['GET', /^\/evidence\/([a-z-]+)\/([0-9a-f-]+)\/([a-z.]+)$/, async (_, witness, args) => evidenceFile(witness, args)],
];

/** The server, and the requests it is answering; it holds none of the store. */
function httpServer(witness: Witness, requestTimeout: number): { server: Server; underWay: Set<Promise<void>> } {
  const underWay = new Set<Promise<void>>();
  const limits = { requestTimeout, headersTimeout: requestTimeout, connectionsCheckingInterval: requestTimeout / 4 };
  const server = createServer(limits, (request, response) => {
    if (underWay.size >= MAX_UNDER_WAY) {
      return send(request, response, { ...text(503, 'busy'), headers: { 'retry-after': '1' } });
    }
    const answered = reply(request, witness)
      .catch((error: Error & { code?: string }) => {
        if (!request.errored) witness.logger.error({ error: error.name, code: error.code }, 'a request failed');
        return text(500, 'internal error');
      })
      .then((answer) => send(request, response, answer))
      .finally(() => underWay.delete(answered));
    underWay.add(answered);
  });
  server.maxConnections = MAX_CONNECTIONS;
  return { server, underWay };
}

async function reply(request: IncomingMessage, witness: Witness): Promise<Reply> {
  const [path, query] = (request.url ?? '/').split('?', 2);
  const onPath = ROUTES.filter(([, pattern]) => pattern.test(path));
  const route = onPath.find(([method]) => method === (request.method === 'HEAD' ? 'GET' : request.method));
  if (!route) return onPath.length > 0 ? text(405, 'method not allowed') : text(404, 'not found');
  const [, pattern, answer] = route;
  return answer(request, witness, (pattern.exec(path) ?? []).slice(1), new URLSearchParams(query));
}

async function cosign(request: IncomingMessage, witness: Witness): Promise<Reply> {
  const body = await readBody(request);
  return body ? addCheckpoint(body, witness) : text(413, `the body is above ${MAX_BODY_BYTES} bytes`);
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
function history({ key, logs, store }: Witness, id: string, query: URLSearchParams): Reply {
  const origin = [...logs.keys()].find((each) => id === idOf(each) || id === encodeURIComponent(each));
  const after = parseDecimal(query.get('after') ?? '0');
  const limit = parseDecimal(query.get('limit') ?? String(PAGE_CHECKPOINTS));
  if (!origin) return text(404, 'unknown log');
  if (after === undefined || !limit || limit > PAGE_CHECKPOINTS) return text(400, `limit is 1 to ${PAGE_CHECKPOINTS}`);
  const cosigned = store.history(origin, after, limit);
  return json(200, {
    origin,
    checkpoints: cosigned.map(({ size, root, time, note }) => {
      const checkpoint = `${note}${key.cosign(parseNote(note).text, time)}`;
      return { size, root: toBase64(root), time, checkpoint };
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
