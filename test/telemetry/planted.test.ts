import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { tracing as sdk } from '@opentelemetry/sdk-node';
import { v7 as uuidV7 } from 'uuid';
import { projections } from '../../projections/all';
import { JsonLogger } from '../../src/api/logger';
import { ClockMissed } from '../../src/clocks/clock-events';
import { Failure } from '../../src/kernel/errors';
import { definitionOf, event } from '../../src/kernel/event';
import { startOfDay } from '../../src/kernel/time';
import { Postgres } from '../../src/ledger/postgres/postgres';
import { formatVerifierKey, verifierKeyOf } from '../../src/verification/verifier-key';
import { Running } from '../end-to-end/running';
import { freshSchema } from '../postgres/fresh-schema';
import { personalCity, PLANTED as CITY, SUBJECTS, type Teller } from '../projections/personal-city';
import { until } from '../until';
import { freePort, scrape } from './free-port';

/** What must stand in no signal, by the door through which it comes. Everything below plants values of this list. */
const PLANTED = {
  lodgedName: '欧阳灪鬱',
  lodgedContact: '13877778888',
  lodgedText: '举报厵麤路九百号鱻品店夜间偷排',
  lodgedId: 'T20260403-7KQM-2XWD-9HTR',
  formName: '司马爨籱',
  ratedText: '窗口钃豔同志态度恶劣',
  refusedName: '慕容齾齉',
  identity: '11010519491231002X',
  address: '龗灩街道二百五十六号',
  fieldName: '上官虋虌',
  fieldOfWrongType: '诸葛麷鑿',
  missed: '东方鱺齉',
  malformed: '夏侯齇饢',
  pathName: '皇甫靐驫',
  searched: '尉迟鱺鸝',
  cookie: 'cookie-ouyang-7731',
  agent: '公孙钁鑾浏览器',
  requestId: '轩辕讟灪',
  idempotencyKey: 'key-of-13866665555',
  token: 'ZmFsc2UtdG9rZW4tb2Ytb3V5YW5n',
  password: '错误密码-爨麤-9942',
  accountPassword: '新账户密码-鬱麣-3317',
  displayName: '令狐黂麷',
  erasureDocument: '京籱终字第七千号',
  erasureReason: '误录宇文灥麤的信息',
  stalledBy: '长孙癵籲',
  stalledKey: '鲜于灎爩',
  fault: '闾丘齾鱻',
  storePassword: 'esdb-password-5521',
  databasePassword: 'postgres-password-8842',
  witnessPassword: 'witness-password-6631',
  witnessAnswer: '见证人说厵灪',
  imported: '子车鸞鱺',
} as const;

const VALUES: readonly string[] = [...Object.values(PLANTED), ...SUBJECTS.flatMap((subject) => CITY[subject])];

/** As a value may stand in some bytes: as it is, in an address, in JSON of ASCII alone, in base64. */
const formsOf = (value: string): string[] => [
  value,
  encodeURIComponent(value),
  value.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  Buffer.from(value).toString('base64').replace(/=+$/, ''),
];

const foundIn = (text: string, values = VALUES): string[] =>
  values.filter((value) => formsOf(value).some((form) => text.includes(form)));

const folder = mkdtempSync(join(tmpdir(), 'mingjing-planted-'));
const lines: string[] = [];
const written: string[] = [];
const answers: string[] = [];
const metrics: string[] = [];
const memory = new sdk.InMemorySpanExporter();
let server: Running;
let port: number;
let witness: Server;

const city: Teller = {
  on(date) {
    server.now = `${startOfDay(date).slice(0, 10)}T23:00:00.000Z`;
    return city;
  },
  async happened(stream, ...events) {
    const { store } = server.mingjing;
    for (const each of events) {
      const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
      const { name } = definitionOf(each.constructor as new () => object);
      const metadata = {
        ...{ occurredAt: server.now, recordedAt: server.now, command: 'Told', commandId: uuidV7(), commandDigest: '' },
        ...{ actor: { kind: 'person', account: 'a-1', roles: ['officer'] } as const, correlationId: 'told-in-a-test' },
      };
      const data = JSON.parse(JSON.stringify(each)) as Record<string, unknown>;
      await store.append(stream, last?.revision ?? 'no_stream', [
        { id: uuidV7(), type: name, schemaVersion: 1, data, metadata },
      ]);
    }
  },
};

/** A request; what it is answered is kept when it is a refusal. `raw`: the body as it is. */
async function send(
  method: string,
  path: string,
  { raw, body, headers }: { raw?: string; body?: object; headers?: Record<string, string> } = {},
): Promise<number> {
  const response = await fetch(server.url + path, {
    method,
    headers: { ...((body || raw !== undefined) && { 'content-type': 'application/json' }), ...headers },
    body: raw ?? (body && JSON.stringify(body)),
    redirect: 'manual',
  });
  const text = await response.text();
  if (response.status >= 400) answers.push(text);
  return response.status;
}

async function signedIn(login: string): Promise<Record<string, string>> {
  const body = { login, password: 'mirror-of-the-bench-1' };
  const { json } = await server.request('POST', '/api/session', { body });
  return { authorization: `Bearer ${String(json.token)}` };
}

const lodged = {
  ...{ topic: 'other', source: 'report', bodyId: 'b1', anonymous: false },
  ...{ text: PLANTED.lodgedText, name: PLANTED.lodgedName, contact: PLANTED.lodgedContact },
};

/** A policy that asks two witnesses: one that answers nonsense and one that is away, both behind passwords. */
async function witnessPolicy(): Promise<string> {
  witness = createServer((request, response) => {
    request.resume();
    response.writeHead(500, PLANTED.witnessPassword).end(PLANTED.witnessAnswer);
  }).listen(0, '127.0.0.1');
  await once(witness, 'listening');
  const { port: at } = witness.address() as { port: number };
  const key = async (name: string): Promise<string> => {
    const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    const bytes = new Uint8Array(Buffer.from(x!, 'base64url'));
    return formatVerifierKey(await verifierKeyOf(name, 'cosignature/v1', bytes));
  };
  const file = join(folder, 'policy.txt');
  writeFileSync(
    file,
    [
      `witness procuratorate ${await key('witness.example/p')} http://127.0.0.1:${at}/${PLANTED.witnessPassword}/`,
      `witness university ${await key('witness.example/u')} http://127.0.0.1:9/${PLANTED.witnessPassword}/`,
      'group either any procuratorate university',
      'quorum either',
      '',
    ].join('\n'),
  );
  return file;
}

beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(Buffer.from(chunk).toString());
      return true;
    });
  }
  port = await freePort();
  server = new Running({
    seal: true,
    settings: { metricsPort: port, tracing: 'on', witnessPolicyFile: await witnessPolicy(), logLevel: 'trace' },
  });
  server.telling = {
    logger: new JsonLogger('trace', { write: (line: string) => void lines.push(line) }, 'node-1'),
    spanProcessors: [new sdk.SimpleSpanProcessor(memory)],
  };
  await server.start();
  for (const role of ['privacy', 'officer', 'supervisor', 'admin']) {
    await server.account(role, { roles: [role], ...(role === 'officer' && { bodyId: 'b1', officerId: 'o-1' }) });
  }
});

afterAll(async () => {
  await server.stop();
  server.erase();
  witness.close();
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

test('what the rows and processes of a city are told', async () => {
  await personalCity(city);
  // Whose body nobody has registered: the process that would raise a clue is refused.
  const missed = { clock: 'reply', item: '', zh: PLANTED.missed, en: PLANTED.missed, dueOn: '2026-03-01', basis: 'x' };
  const of = { bodyId: 'unknown', bindsParty: false, responsibleOfficers: [] };
  await city.happened('complaint-c3', event(ClockMissed, { ...missed, ...of } as never));
  await server.settle();
});

test('what people send: accepted, refused, unreadable', async () => {
  server.now = '2026-04-03T02:00:00.000Z';
  const complaint = `/api/complaints/${PLANTED.lodgedId}/lodge-complaint`;
  expect(await send('POST', complaint, { body: lodged, headers: { 'idempotency-key': PLANTED.idempotencyKey } })).toBe(
    201,
  );
  const { lodgedId: id, formName, identity, address, agent, requestId, cookie } = PLANTED;
  const other = complaint.replace(id, 'T20260403-7KQM-2XWD-9HTA');
  const refused = { ...lodged, name: PLANTED.refusedName, contact: `${identity} ${address}`, topic: 'no such topic' };
  expect(await send('POST', other, { body: refused })).toBe(400);
  expect(await send('POST', other, { body: { ...lodged, name: [PLANTED.fieldOfWrongType] } })).toBe(400);
  expect(await send('POST', other, { raw: `{"name": "${PLANTED.malformed}` })).toBe(400);
  expect(await send('POST', other, { raw: PLANTED.malformed, headers: { 'content-type': 'text/plain' } })).toBe(415);
  expect(await send('POST', other, { raw: `"${'鱻'.repeat(500_000)}${PLANTED.malformed}"` })).toBe(413);
  expect(await send('POST', `/api/complaints/${encodeURIComponent(PLANTED.pathName)}/lodge-complaint`)).toBe(400);
  expect(await send('GET', `/${encodeURIComponent(PLANTED.pathName)}`)).toBe(404);
  expect(await send('GET', `/%ff${encodeURIComponent(PLANTED.pathName)}`)).toBe(400);
  expect(await send('GET', `/notices?q=${encodeURIComponent(PLANTED.searched)}`)).toBe(200);
  const headers = { cookie, 'user-agent': encodeURIComponent(agent), 'x-request-id': encodeURIComponent(requestId) };
  expect(await send('GET', `/api/cases?q=${encodeURIComponent(PLANTED.searched)}&limit=x`, { headers })).toBe(401);
  // A form that is not accepted is given back as it was filled in, and a field's name is told: to whoever sent them.
  const before = answers.length;
  const form = new URLSearchParams({ ...lodged, anonymous: 'false', name: formName, id: 'x' }).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  await send('POST', '/complaints/new', { raw: form, headers: type });
  await send('POST', '/ratings/new', { raw: `text=${encodeURIComponent(PLANTED.ratedText)}&stars=9`, headers: type });
  expect(await send('POST', other, { body: { ...lodged, [PLANTED.fieldName]: 1 } })).toBe(400);
  answers.splice(before);
});

test('who signs in, and with what', async () => {
  const bearer = { authorization: `Bearer ${PLANTED.token}` };
  expect(await send('GET', '/api/cases', { headers: bearer })).toBe(401);
  const wrong = { login: 'officer', password: PLANTED.password };
  expect(await send('POST', '/api/session', { body: wrong })).toBe(401);
  expect(await send('POST', '/api/session', { body: { ...wrong, login: PLANTED.lodgedContact } })).toBe(401);
  const admin = await signedIn('admin');
  const account = { login: 'new', password: PLANTED.accountPassword, displayName: PLANTED.displayName };
  await send('POST', '/api/accounts', { body: { ...account, roles: ['no such role'] }, headers: admin });
  await send('POST', '/api/accounts', { body: { ...account, roles: ['clerk', 'officer'] }, headers: admin });
  const changed = { current: PLANTED.password, password: PLANTED.accountPassword };
  await send('POST', '/api/session/password', { body: changed, headers: admin });
  const supervisor = await signedIn('supervisor');
  expect(await send('GET', '/api/cases/a1', { headers: supervisor })).toBe(200);
});

test('an erasure, with its grounds', async () => {
  const privacy = await signedIn('privacy');
  const body = { ground: 'unlawful', document: PLANTED.erasureDocument, reason: PLANTED.erasureReason };
  expect(await send('POST', '/api/subjects/party.p-a/erase-personal-data', { body, headers: privacy })).toBe(422);
  const rater = '/api/subjects/rater.rater-r1/erase-personal-data';
  expect(await send('POST', rater, { body: { ...body, ground: 'unlawful' }, headers: privacy })).toBe(201);
  await server.settle();
});

test('a store, a database and code that fail', async () => {
  const { stored } = server.mingjing;
  const append = jest.spyOn(stored, 'append');
  const away = new Failure('unavailable', 'ledger.store_unavailable', { zh: '不可用', en: 'away' });
  away.cause = new Error(`connect ECONNREFUSED esdb://ledger:${PLANTED.storePassword}@10.0.0.1:2113`);
  for (const thrown of [
    away,
    away.cause as Error,
    new TypeError(`${PLANTED.fault}\n    at ${PLANTED.fault} (x.ts:1:1)`),
  ]) {
    append.mockRejectedValueOnce(thrown);
    const id = `T20260403-7KQM-2XWD-9HT${'BCD'[append.mock.calls.length % 3]}`;
    expect(await send('POST', `/api/complaints/${id}/lodge-complaint`, { body: lodged })).toBeGreaterThanOrEqual(500);
  }
  append.mockRestore();
  const url = new URL(freshSchema().url);
  url.port = '9';
  url.password = PLANTED.databasePassword;
  const { logger } = server.telling;
  for (const bad of [url.href, `postgres:/${PLANTED.databasePassword}`]) {
    const error: unknown = await Postgres.open({ url: bad, schema: 'planted' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Failure);
    logger?.error(error);
    answers.push(`${String(error)} ${JSON.stringify(error)}`);
  }
});

test('rows that stall over what an event says, and processes that are refused', async () => {
  const complaints = projections.find(({ name }) => name === 'complaints')!;
  const registers = projections.find(({ name }) => name === 'registers')!;
  const noneOf = undefined as unknown as Record<string, Record<string, string>>;
  jest.spyOn(complaints, 'apply').mockImplementation(() => {
    throw new RangeError(`no column for ${PLANTED.stalledBy}\n    at ${PLANTED.stalledBy}`);
  });
  jest.spyOn(registers, 'apply').mockImplementation(() => noneOf[PLANTED.stalledKey]);
  const id = 'T20260403-7KQM-2XWD-9HTE';
  expect(await send('POST', `/api/complaints/${id}/lodge-complaint`, { body: lodged })).toBe(201);
  const stalled = async (): Promise<number> =>
    (await server.mingjing.rows.readModel.status()).filter(({ state }) => state === 'stalled').length;
  await until(async () => (await stalled()) === 2);
  expect(await send('GET', '/readyz')).toBe(503);
  await send('GET', '/api/operations/projections', { headers: await signedIn('admin') });
});

test('a file of which rows cannot be imported', async () => {
  const file = join(folder, 'acts.csv');
  const header =
    '公告日期,處分日期,處分字號,事業單位名稱/自然人姓名,事業單位代表人,違反勞動基準法條款,違反法規內容,備註';
  writeFileSync(file, `${header}\n何時,何日,${PLANTED.imported},${PLANTED.imported},${PLANTED.imported},x,y,z\n`);
  const command = ['-r', './test/faults/run-ts.cjs', 'src/cli.ts', 'import', file, '--profile', 'taipei-labour.utf8'];
  const told = await new Promise<string>((resolve) => {
    const options = {
      cwd: join(__dirname, '../..'),
      env: { ...process.env, MINGJING_DATA: join(folder, 'data'), MINGJING_LOG_LEVEL: 'trace' },
    };
    execFile(process.execPath, command, options, (_, stdout, stderr) => resolve(stdout + stderr));
  });
  expect(told).not.toBe('');
  written.push(told);
});

test('none of it stands in a metric, a span, a line of the log, the terminal or a refusal', async () => {
  metrics.push(
    await until(async () => {
      const text = await scrape(port);
      return text.includes('witness_missing{witness="university"} 1') && text;
    }),
  );
  const spans = memory.getFinishedSpans().map((span) => {
    const { name, attributes, links, events, status, resource } = span;
    return JSON.stringify([name, attributes, links, events, status, resource.attributes, span.spanContext()]);
  });
  const signals = { metrics, spans, log: lines, terminal: written, answers };
  for (const [signal, texts] of Object.entries(signals)) {
    expect([signal, texts.length > 0]).toEqual([signal, true]);
    expect([signal, texts.flatMap((text) => foundIn(text).map((value) => [value, text]))]).toEqual([signal, []]);
  }
  // The search finds what is there, and the doors above led where they should.
  expect(foundIn(JSON.stringify(lodged))).toHaveLength(3);
  expect(formsOf(PLANTED.stalledKey).map((form) => foundIn(`x${form}y`))).toEqual(Array(4).fill([PLANTED.stalledKey]));
  const log = lines.join('');
  for (const message of ['request failed', 'projection stalled', 'process refused', 'sealing: ']) {
    expect(log).toContain(message);
  }
  for (const name of ['command complaint/lodge-complaint', 'append', 'project', 'erase-personal-data']) {
    expect(spans.join('')).toContain(name);
  }
  expect(metrics[0]).toContain('command="lodge-complaint",outcome="unavailable"');
  expect(metrics[0]).toContain('mingjing_projection_state{projection="complaints",state="stalled"} 1');
  expect(metrics[0]).toContain('mingjing_log_witness_missing{witness="university"} 1');
});

test('every line written for a request or a command bears its correlation id, and the node’s name', () => {
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(told.filter(({ node }) => node !== 'node-1')).toEqual([]);
  const ofRequests = told.filter(({ msg }) => ['request', 'request failed', 'process refused'].includes(String(msg)));
  expect(ofRequests.length).toBeGreaterThan(10);
  expect(ofRequests.filter(({ correlationId }) => typeof correlationId !== 'string')).toEqual([]);
  const stalls = told.filter(({ msg }) => msg === 'projection stalled');
  expect(stalls.map(({ correlationId, position }) => [correlationId, typeof position])).toEqual([
    [undefined, 'number'],
    [undefined, 'number'],
  ]);
});
