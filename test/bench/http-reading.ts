import { DEMO_PASSWORD } from '../../src/demonstration/accounts';
import { entriesPath, TILE_WIDTH, tilePath } from '../../src/ledger/transparency/tile-path';
import { inTurn, Latencies, percentiles, rate, type Clients, type Request } from './http-clients';
import { postgresOf, type ServerProcess } from './http-server';
import type { Rate } from './scale-figures';

const CLIENTS = 16;
const ROUNDS = 3;
const NOTICES = 200;
const PROVEN_NOTICES = 50;
const SIGN_IN_CLIENTS = 8;
const LOGINS = ['cashier', 'disclosure', 'registrar', 'sfj-02'];

/** What reading is measured with. */
export interface ReadWorld {
  readonly server: ServerProcess;
  readonly clients: Clients;
  /** The same of a server that only answers. */
  readonly bare: Clients;
  /** Length of one of the turns. */
  readonly readMs: number;
}

/** Pages of the newest notices. */
export async function noticePages({ clients }: Pick<ReadWorld, 'clients'>): Promise<Request[]> {
  const { items } = await clients.json<{ items: Array<{ id: string }> }>(`/api/public-notices?limit=${NOTICES}`);
  return items.map(({ id }) => ({ path: `/notices/${id}` }));
}

/** What the public reads: pages, rows, the log's files, proofs. */
export async function measureReading(world: ReadWorld, pages: readonly Request[]): Promise<Rate[]> {
  const paths = pages.map(({ path }) => path);
  const checkpoint = (await world.clients.send({ path: '/log/checkpoint' })).body.toString();
  const tiles = Math.floor(Number(checkpoint.split('\n')[1]) / TILE_WIDTH);
  const ofTiles = (path: (n: number) => string): string[] => Array.from({ length: tiles }, (_, n) => `/log/${path(n)}`);
  const proofs: string[] = [];
  for (const path of paths.slice(0, PROVEN_NOTICES)) {
    const list = await world.clients.json<{ items: Array<{ href: string }> }>(`/api/public-${path.slice(1)}/proofs`);
    for (const { href } of list.items) proofs.push(href);
  }
  const targets: Readonly<Record<string, readonly string[]>> = {
    'page of a notice': paths,
    'notice as JSON': paths.map((path) => `/api/public-${path.slice(1)}`),
    'page of the newest notices': ['/notices'],
    'page of a search': ['商行', '价格', '食品', '未按规定'].map((word) => `/notices?q=${encodeURIComponent(word)}`),
    'list of 50 notices as JSON': ['/api/public-notices?limit=50'],
    'feed of notices': ['/feed.atom'],
    'tile of the log': ofTiles((n) => tilePath(0, n)),
    'bundle of 256 entries of the log': ofTiles((n) => entriesPath(n)),
    'proof of a notice': proofs,
  };
  const rates: Rate[] = [];
  for (const [what, asked] of Object.entries(targets))
    rates.push(await measureRead(world, what, inTurn(requests(asked))));
  rates.splice(1, 0, await measureRead(world, 'page of a notice, asked for the first time', neverTwice(paths)));
  return rates;
}

const requests = (paths: readonly string[]): Request[] => paths.map((path) => ({ path }));

/** The same pages, none of which the node has kept: each is another address to it. */
function* neverTwice(paths: readonly string[]): Generator<Request> {
  for (let n = 0; ; n++) yield { path: `${paths[n % paths.length]}?n=${n}` };
}

/** Real and bare answers in turn, so that whatever else the machine does meets both. */
async function measureRead(
  { server, clients, bare, readMs }: ReadWorld,
  what: string,
  asked: Iterator<Request>,
): Promise<Rate> {
  const [real, fixed] = [new Latencies(), new Latencies()];
  const spent = { realMs: 0, fixedMs: 0, nodeUs: 0, postgresUs: 0 };
  const turn = (of: Clients, from: Iterator<Request>, into: Latencies): Promise<number> => {
    const until = performance.now() + readMs;
    return of.read(CLIENTS, from, into, () => performance.now() < until);
  };
  await turn(clients, asked, new Latencies()); // warms up
  for (let round = 0; round < ROUNDS; round++) {
    const before = server.processorTime();
    spent.realMs += await turn(clients, asked, real);
    const after = server.processorTime();
    spent.nodeUs += after.nodeUs - before.nodeUs;
    spent.postgresUs += after.postgresUs - before.postgresUs;
    const answer = { path: `/${Math.round(real.bytes / real.count)}` };
    spent.fixedMs += await turn(bare, inTurn([answer]), fixed);
  }
  return {
    what: `${what}, ${CLIENTS} clients`,
    ...{ perSecond: rate(real.count, spent.realMs), limit: rate(fixed.count, spent.fixedMs) },
    ...percentiles(real),
    ...{ nodeUs: spent.nodeUs / real.count, bytes: real.bytes / real.count },
    ...postgresOf(spent.postgresUs / real.count),
  };
}

/** Signing in is argon2id, in threads of the node. */
export async function measureSignIn({ server, clients }: ReadWorld, signIns: number): Promise<Rate> {
  const latencies = new Latencies();
  const logins = Array.from({ length: signIns }, (_, n) => LOGINS[n % LOGINS.length]);
  const before = server.processorTime();
  const started = performance.now();
  await clients.work(SIGN_IN_CLIENTS, logins, async (login) => {
    const body = JSON.stringify({ login, password: DEMO_PASSWORD });
    latencies.add((await clients.send({ path: '/api/session', method: 'POST', body })).ms);
  });
  const ms = performance.now() - started;
  const after = server.processorTime();
  return {
    what: `signing in, ${SIGN_IN_CLIENTS} clients`,
    perSecond: rate(signIns, ms),
    ...percentiles(latencies),
    nodeUs: (after.nodeUs - before.nodeUs) / signIns,
    ...postgresOf((after.postgresUs - before.postgresUs) / signIns),
  };
}
