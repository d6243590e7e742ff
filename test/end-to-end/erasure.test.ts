import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StageEntered } from '../../src/enforcement/filing-events';
import { CaseArchived } from '../../src/enforcement/execution-events';
import { ERASED } from '../../src/kernel/erased';
import { canonicalJson } from '../../src/kernel/canonical-json';
import { event, type RecordedEvent } from '../../src/kernel/event';
import { commitmentOf, disclosuresOf } from '../../src/ledger/commitment/commitment';
import { MAX_PAGE_EVENTS } from '../../src/ledger/event-store';
import { Postgres } from '../../src/ledger/postgres/postgres';
import { vaultCopy } from '../commitment/vault-copy';
import { personalCity, PLANTED, SUBJECTS } from '../projections/personal-city';
import { Running } from './running';
import { tellerOn } from './telling';
import { until } from '../until';

const server = new Running({ seal: true, settings: { eventStoreUrl: '' } }); // its files are looked into
const city = tellerOn(server);
let putVaultBack: () => Promise<void>;

const erase = (address: string, body: object, as = 'privacy') =>
  server.request('POST', `/api/subjects/${address}/erase-personal-data`, { as, body });

/** As a caller waits for it: until the row of the erasure says that the key is destroyed. */
async function gone(address: string, position: number): Promise<Record<string, unknown>> {
  return until(async () => {
    const path = `/api/erasures/${address}?position=${position}`;
    const { json } = await server.request('GET', path, { as: 'supervisor' });
    return json.destroyedAt ? json : undefined;
  }, `${address} is erased`);
}

const stored = (): Promise<RecordedEvent[]> =>
  server.mingjing.stored.readAll({ direction: 'forwards', from: 1, limit: MAX_PAGE_EVENTS });

async function entries(): Promise<string[]> {
  const key = await server.mingjing.vault.commitmentKey();
  return (await stored()).map((each) => commitmentOf(each, key).entry.toString('hex'));
}

/** Archives a case as it stands, to be kept until a day. */
const archived = (id: string, retainUntil: string): Promise<void> =>
  city.happened(
    `case-${id}`,
    event(StageEntered, { procedure: 'ordinary-penalty', from: 'closed', stage: 'archived', link: 'execution' }),
    event(CaseArchived, {
      ...{ fileNumber: `卷${id}`, contents: [], pages: 1, archivedOn: '2026-04-02', retentionYears: 30, retainUntil },
    }),
  );

function* filesIn(directory: string): Generator<string> {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (statSync(path).isDirectory()) yield* filesIn(path);
    else yield path;
  }
}

/** All that is kept: file by file, and table by table, there with bytes as hexadecimal digits. */
async function kept(): Promise<Map<string, Buffer>> {
  const found = new Map([...filesIn(server.directory)].map((path) => [path, readFileSync(path)]));
  const { postgresUrl: url, postgresSchema: schema = '' } = server.stores;
  if (!url) return found;
  const postgres = await Postgres.open({ url, schema, maxConnections: 1 });
  for (const { name } of await postgres.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()',
  )) {
    const rows = await postgres.query<{ row: string }>(`SELECT each::text AS row FROM "${name}" AS each`);
    found.set(name, Buffer.from(rows.map(({ row }) => row).join('\n')));
  }
  await postgres.close();
  return found;
}

/** Which of the planted bytes stand in which file or table. */
async function traces(needles: ReadonlyArray<string | Buffer>): Promise<string[]> {
  return [...(await kept())].flatMap(([name, bytes]) =>
    needles
      .filter((needle) => bytes.includes(needle) || bytes.includes(Buffer.from(needle as string).toString('hex')))
      .map((needle) => `${name}: ${needle.toString()}`),
  );
}

/** The search index stores a word by what differs from the one before: a character alone may be all that is left of a name. */
const characters = SUBJECTS.flatMap((subject) => PLANTED[subject])
  .flatMap((text) => [...text])
  .filter((c) => /[^\d路号巷龘]/u.test(c));

beforeAll(async () => {
  await server.start();
  for (const role of ['privacy', 'supervisor', 'officer']) {
    await server.account(role, { roles: [role], ...(role === 'officer' && { bodyId: 'b1', officerId: 'o-1' }) });
  }
  await personalCity(city);
  await server.settle();
});

afterAll(async () => {
  await server.stop();
  server.erase();
});

test('who may not, and what may not yet be erased, is refused with its article', async () => {
  expect((await erase('party.p-a', { ground: 'unlawful', document: 'x' }, 'officer')).status).toBe(403);
  const open = await erase('party.p-a', { ground: 'unlawful', document: '京01行终1号' });
  expect([open.status, open.json.code]).toEqual([422, 'privacy.record_open']);
  expect(open.text).toContain('a1');
  const complaint = await erase('complainant.complainant-c2', { ground: 'consent_withdrawn' });
  expect([complaint.json.code, complaint.text]).toEqual(['privacy.record_open', expect.stringContaining('c2')]);
  expect((await erase('officer.o-1', { ground: 'purpose_achieved' })).json.code).toBe('privacy.record_open');
  for (const id of ['a1', 'a2', 'a3']) await archived(id, '2056-04-02');
  await archived('b1', '2026-04-02');
  const kept = await erase('party.p-a', { ground: 'retention_ended' });
  expect([kept.json.code, kept.text]).toEqual(['privacy.must_be_kept', expect.stringContaining('2056-04-02')]);
  expect((await erase('party.p-x', { ground: 'unlawful', document: 'x' })).json.code).toBe('privacy.subject_unknown');
});

test('an idempotent command leaves no digest that a guess at its content could be tried on', async () => {
  const body = {
    ...{ topic: 'other', source: 'report', bodyId: 'b1', anonymous: false, text: '内容', name: '名' },
    contact: '13944440004',
  };
  const id = 'T20260403-7KQM-2XWD-9HTR';
  const headers = { 'idempotency-key': 'guessable' };
  const lodged = await server.request('POST', `/api/complaints/${id}/lodge-complaint`, { body, headers });
  expect(lodged.status).toBe(201);
  const again = await server.request('POST', `/api/complaints/${id}/lodge-complaint`, { body, headers });
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  const [first] = await server.mingjing.stored.readStream(`complaint-${id}`, { direction: 'forwards', limit: 1 });
  const content = canonicalJson({ name: 'LodgeComplaint', idempotencyKey: 'guessable', command: body });
  expect(first.metadata.commandDigest).not.toBe('');
  expect(first.metadata.commandDigest).not.toBe(createHash('sha256').update(content).digest('base64url'));
});

test('erased over HTTP, they are gone from every answer and page, and every proof stands', async () => {
  const { vault } = server.mingjing;
  const before = await entries();
  const keys = await vault.keysForReading(SUBJECTS);
  const keyBytes = [...keys.values()].map((key) => Buffer.from(key));
  await server.stop();
  putVaultBack = await vaultCopy(server.directory, server.stores);
  await server.start();

  const grounds: Record<string, object> = {
    'party.p-a': { ground: 'unlawful', document: '明市监〔2026〕12号', reason: '误录他人信息' },
    'party.p-b': { ground: 'retention_ended' },
    'party.p-h': { ground: 'purpose_achieved' },
    'complainant.complainant-c1': { ground: 'consent_withdrawn' },
    'rater.rater-r1': { ground: 'purpose_achieved' },
  };
  server.now = '2026-04-03T02:00:00.000Z';
  const seen = await server.read('/api/cases/a1', 'supervisor');
  expect(JSON.stringify(seen)).toContain(PLANTED['party:p-a'][0]);
  for (const [address, body] of Object.entries(grounds)) {
    const { status, json, text } = await erase(address, body);
    expect([address, status, text]).toEqual([address, 201, expect.any(String)]);
    expect(await gone(address, json.position as number)).toMatchObject({ decidedAt: server.now, ...body });
    expect((await erase(address, body)).status).toBe(200); // there was nothing more to do
  }
  await server.settle();

  const answers = [
    await server.read('/api/cases/a1', 'supervisor'),
    await server.read('/api/cases/a1/events', 'supervisor'),
    await server.read('/api/cases/a1/history?atDate=2026-04-02', 'supervisor'),
    await server.read('/api/cases/b1/events', 'supervisor'),
    await server.read('/api/cases/historical-h1', 'supervisor'),
    await server.read('/api/complaints/c1', 'supervisor'),
    await server.read('/api/erasures', 'privacy'),
    await server.read('/api/cases', 'supervisor'),
  ].map((answer) => JSON.stringify(answer));
  for (const path of [
    '/notices',
    '/notices/historical-h1',
    '/feeds/notices.atom',
    '/notices.csv',
    '/search?q=某商行',
  ]) {
    answers.push((await server.request('GET', path)).text);
  }
  const erased = SUBJECTS.filter((s) => !['complainant:complainant-c2', 'officer:o-1'].includes(s));
  for (const text of erased.flatMap((subject) => PLANTED[subject])) {
    expect(answers.filter((answer) => answer.includes(text))).toEqual([]);
  }
  expect(answers[0]).toContain(ERASED);
  expect(await server.read('/api/cases?q=龘靐', 'supervisor')).toMatchObject({ items: [] });

  const after = await entries();
  expect(after.slice(0, before.length)).toEqual(before);
  const commitmentKey = await server.mingjing.vault.commitmentKey();
  const [filed] = await server.mingjing.stored.readStream('case-a1', { direction: 'forwards', limit: 1 });
  const fields = [...disclosuresOf(filed, commitmentKey, new Map()).keys()];
  expect(fields).toContain('data.caseNumber');
  expect(fields).toContain('data.partyName#sealed');
  expect(fields).not.toContain('data.partyName');
  await expect(server.mingjing.vault.keysForWriting(['party:p-a'])).rejects.toMatchObject({
    code: 'privacy.subject_erased',
  });

  // No byte of what was erased, nor of the keys, is left where it was.
  const needles = erased.flatMap((subject) => PLANTED[subject]);
  expect(await traces(needles)).toEqual([]); // while it runs, write-ahead logs included
  await server.stop();
  expect(await traces(needles)).toEqual([]);
  const bytesOfKeys = [...keys.keys()].flatMap((subject, i) => (erased.includes(subject) ? [keyBytes[i]] : []));
  expect(bytesOfKeys).toHaveLength(erased.length);
  expect(await traces(bytesOfKeys)).toEqual([]);
  const rows = [...(await kept())].filter(([name]) => /read-model\.db$|^g\d/.test(name)).map(([, bytes]) => bytes);
  expect(rows).not.toEqual([]);
  const others = ['complainant:complainant-c2', 'officer:o-1'].flatMap((s) => PLANTED[s]).join('');
  expect(characters.filter((c) => !others.includes(c) && rows.some((bytes) => bytes.includes(c)))).toEqual([]);
  await server.start();
});

test('a vault restored from before the erasure loses the keys again before anything is read with it', async () => {
  await server.stop();
  await putVaultBack();
  await server.start();
  const keys = await server.mingjing.vault.keysForReading(SUBJECTS);
  expect([...keys.keys()].sort()).toEqual(['complainant:complainant-c2', 'officer:o-1']);
  const file = JSON.stringify(await server.read('/api/cases/a1', 'supervisor'));
  expect(file).toContain(ERASED);
  expect(file).not.toContain(PLANTED['party:p-a'][0]);
});
