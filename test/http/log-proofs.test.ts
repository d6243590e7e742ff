import { Accounts } from '../../src/access/accounts';
import * as N from '../../src/disclosure/notice-events';
import { definitionNamed, event, type RecordedEvent } from '../../src/kernel/event';
import { eventIds } from '../../src/ledger/event-id';
import { EventProofs } from '../../src/transparency/event-proofs';
import type { NoticeProof } from '../../src/transparency/notice-proofs';
import { verifyProof, type VerificationReport } from '../../src/verification/verify-proof';
import { SECRETS, startPortalCity, type PortalCity } from '../browser/portal-city';
import { toldOrdinary } from '../projections/told';
import { Outsider } from './log-outsider';

let city: PortalCity;
let outsider: Outsider;
const tokens: Record<string, string> = {};
const nextId = eventIds();

beforeAll(async () => {
  city = await startPortalCity();
  outsider = new Outsider(city.origin);
  await toldOrdinary('decided').appendTo(city.mingjing.store);
  const accounts = city.mingjing.app.get(Accounts);
  const staff: ReadonlyArray<readonly [login: string, roles: string[], bodyId?: string, officerId?: string]> = [
    ['investigator', ['investigator']],
    ['o-1', ['officer'], 'body-1', 'o-1'],
    ['o-9', ['officer'], 'b-2', 'o-9'],
    ['clerk', ['disclosure'], 'b-1'],
    ['officer-b-1', ['officer'], 'b-1', 'o-8'],
    ['supervisor-b-1', ['supervisor'], 'b-1'],
    ['cashier', ['cashier'], 'b-1'],
  ];
  for (const [login, roles, bodyId, officerId] of staff) {
    const fields = { login, displayName: login, password: 'mirror-of-the-bench-1', roles, bodyId, officerId };
    const { account } = await accounts.create(fields, 'test');
    tokens[login] = (await accounts.issueToken(account.id)).token;
  }
  await outsider.sealed(await city.mingjing.store.head());
});
afterAll(() => city.close());

const events = async (): Promise<RecordedEvent[]> =>
  city.mingjing.store.readAll({ direction: 'forwards', limit: 4096 });

/** The first event of a type in a stream; any stream, when left out. */
async function first(type: string, stream?: string): Promise<RecordedEvent> {
  const found = (await events()).find((e) => e.type === type && (stream === undefined || e.stream === stream));
  if (!found) throw new Error(`there is no ${type}`);
  return found;
}

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly text: string;
  readonly headers: Headers;
}

async function get(path: string, as?: string): Promise<Answer> {
  const headers = as ? { authorization: `Bearer ${tokens[as]}` } : undefined;
  const response = await outsider.get(path, { headers });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json');
  const code = json ? (JSON.parse(text) as { code?: string }).code : undefined;
  return { status: response.status, code, text, headers: response.headers };
}

async function proven(path: string, as?: string): Promise<VerificationReport> {
  const { status, text } = await get(path, as);
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${text}`);
  return verifyProof(text, await outsider.policy());
}

const proofsOf = async (id: string): Promise<NoticeProof[]> => {
  const { status, text } = await get(`/api/public-notices/${id}/proofs`);
  if (status !== 200) throw new Error(`${id}: ${status} ${text}`);
  return (JSON.parse(text) as { items: NoticeProof[] }).items;
};

/** Further events of a notice, as its decider would record them. */
async function then(id: string, ...data: object[]): Promise<void> {
  const sample = await first('NoticeDrafted', `notice-${id}`);
  const recorded = data.map((d) => ({
    id: nextId(),
    type: d.constructor.name,
    schemaVersion: definitionNamed(d.constructor.name)!.version,
    data: { ...d },
    metadata: { ...sample.metadata, commandId: nextId() },
  }));
  const { position } = await city.mingjing.store.append(`notice-${id}`, 'stream_exists', recorded);
  await outsider.sealed(position);
}

describe('the proofs of a public notice', () => {
  test('verify, and say of each event what was recorded', async () => {
    const proofs = await proofsOf('n-1');
    expect(proofs.map(({ type }) => type)).toEqual(['NoticeDrafted', 'NoticePublished', 'NoticePublished']);
    expect(proofs[0]).toMatchObject({
      title: { zh: '公示信息起草', en: 'Notice drafted' },
      href: `/notices/n-1/proofs/${proofs[0].position}.tlog-proof`,
    });
    const { disclosed, position, withheld } = await proven(proofs[0].href);
    const stored = await first('NoticeDrafted', 'notice-n-1');
    expect(position).toBe(stored.position);
    expect(withheld).toBeGreaterThan(5);
    expect(disclosed).toMatchObject({
      type: 'NoticeDrafted',
      stream: 'notice-n-1',
      revision: 0,
      'metadata.recordedAt': stored.metadata.recordedAt,
      'data.partyPublicName': '明镜市北城食品有限公司',
      'data.facts': stored.data.facts,
      'data.channels': stored.data.channels,
    });
    expect(Object.keys(disclosed).filter((p) => /actor|command|partyId|legal|source|correlation|^id$/.test(p))).toEqual(
      [],
    );
  });

  test('come as files that anybody’s script may read and no cache may keep unasked', async () => {
    const [{ href, position }] = await proofsOf('n-1');
    const { headers } = await get(href);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="mingjing-${position}.tlog-proof"`,
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
    });
  });

  test('of every notice verify, and none holds what nobody may see', async () => {
    const { items } = JSON.parse((await get('/api/public-notices?limit=200')).text) as { items: Array<{ id: string }> };
    expect(items.length).toBeGreaterThan(35);
    const read: string[] = [];
    for (const { id } of items) {
      for (const { href } of await proofsOf(id)) read.push(JSON.stringify((await proven(href)).disclosed));
    }
    expect(read.length).toBeGreaterThan(50);
    for (const secret of Object.values(SECRETS)) expect(read.filter((text) => text.includes(secret))).toEqual([]);
  });

  test('of what a correction hid are kept back, and the rest of those events is not (内蒙古办法 10)', async () => {
    const proofs = await proofsOf('n-2');
    const corrected = proofs.filter(({ type }) => type === 'NoticeCorrected');
    const [hidden, now] = await Promise.all(corrected.map(({ href }) => proven(href)));
    expect(hidden.disclosed).toMatchObject({ 'data.version': 2, 'data.correctedOn': '2026-03-17' });
    for (const kept of ['data.facts', 'data.reason']) expect(Object.keys(hidden.disclosed)).not.toContain(kept);
    expect(now.disclosed).toMatchObject({ 'data.facts': '当事人未取得许可。', 'data.reason': '隐去姓名' });
    const drafted = await proven(proofs[0].href);
    expect(Object.keys(drafted.disclosed)).toContain('data.violation');
    expect(Object.keys(drafted.disclosed)).not.toContain('data.facts');
  });

  test('of an act from before the ledger say which row of which file it is', async () => {
    const [{ href }, outcome] = await proofsOf('historical-h-1');
    const { disclosed } = await proven(href);
    expect(disclosed['metadata.source']).toMatchObject({ name: '臺北市違反勞動基準法名單', row: 2 });
    expect(Object.keys(disclosed)).not.toContain('data.partyId');
    expect((await proven(outcome.href)).disclosed).toMatchObject({ 'data.text': '訴願駁回' });
  });

  test('are not there for a draft, a withheld notice, somebody else’s event or none at all', async () => {
    const draft = await first('NoticeDrafted', 'notice-n-6');
    const withheld = await first('NoticeDrafted', 'notice-n-7');
    const [{ position }] = await proofsOf('n-1');
    for (const path of [
      '/api/public-notices/n-6/proofs',
      '/api/public-notices/n-7/proofs',
      '/api/public-notices/none/proofs',
      `/notices/n-6/proofs/${draft.position}.tlog-proof`,
      `/notices/n-7/proofs/${withheld.position}.tlog-proof`,
      `/notices/n-3/proofs/${position}.tlog-proof`,
      `/notices/n-1/proofs/${draft.position}.tlog-proof`,
      '/notices/n-1/proofs/0.tlog-proof',
      `/notices/n-1/proofs/${position}`,
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  test('end with the notice: what was withdrawn is gone, which it was and that it was withdrawn is provable', async () => {
    const before = await proofsOf('n-8');
    const held = await Promise.all(before.map(async ({ href }) => (await get(href)).text));
    await then(
      'n-8',
      event(N.NoticeWithdrawn, { withdrawnOn: '2026-03-20', cause: 'never_publishable', reason: '错误公示' }),
    );
    const [drafted, ...gone] = before;
    for (const { href } of gone) {
      expect(await get(href)).toMatchObject({ status: 410, code: 'notice.no_longer_shown' });
    }
    const [which, withdrawn, ...others] = await proofsOf('n-8');
    expect([which.href, others]).toEqual([drafted.href, []]);
    const left = Object.keys((await proven(which.href)).disclosed).filter((path) => path.startsWith('data.'));
    expect(left.sort()).toEqual(['data.bodyId', 'data.decidedOn', 'data.documentNumber']);
    expect((await proven(withdrawn.href)).disclosed).toMatchObject({ 'data.reason': '错误公示' });
    // Whoever holds one from before can still show what was published.
    for (const proof of held) expect((await verifyProof(proof, await outsider.policy())).position).toBeGreaterThan(0);
    expect((await verifyProof(held[0], await outsider.policy())).disclosed['data.violation']).toBe('药品经营许可');
  });

  test('end when every channel’s period has ended', async () => {
    expect(await get('/api/public-notices/n-5/proofs')).toMatchObject({ status: 410, code: 'notice.no_longer_shown' });
    const [drafted] = await proofsOf('n-9');
    const held = (await get(drafted.href)).text;
    const ended = (channel: N.Channel): object => event(N.NoticeExpired, { channel, expiredOn: '2026-03-20' });
    await then('n-9', ended('agency_site'));
    expect((await get(drafted.href)).status).toBe(200);
    await then('n-9', ended('credit_site'));
    expect((await get(drafted.href)).status).toBe(410);
    expect((await get('/api/public-notices/n-9/proofs')).status).toBe(410);
    expect((await verifyProof(held, await outsider.policy())).disclosed['data.documentNumber']).toContain('109');
  });
});

describe('the proof of any event, for staff', () => {
  const proofAt = ({ position }: RecordedEvent): string => `/api/events/${position}/proof`;
  const personal = (report: VerificationReport): unknown => report.disclosed['data.partyName'];

  test('discloses what a reader of the record sees, and is a reading of it', async () => {
    const filed = await first('CaseFiled');
    const report = await proven(proofAt(filed), 'o-1');
    expect(report.disclosed).toMatchObject({
      'data.partyName': filed.data.partyName,
      'data.caseNumber': filed.data.caseNumber,
      'metadata.actor': filed.metadata.actor,
    });
    expect(Object.keys(report.disclosed).filter((path) => /commandId|commandDigest/.test(path))).toEqual([]);
    const readings = JSON.parse((await get('/api/readings?collection=cases&record=1', 'investigator')).text) as {
      items: object[];
    };
    expect(readings.items).toHaveLength(1);
    const bare = await proven(`${proofAt(filed)}?disclose=none`, 'o-1');
    expect([bare.position, bare.disclosed]).toEqual([filed.position, {}]);
    const again = JSON.parse((await get('/api/readings?collection=cases&record=1', 'investigator')).text) as {
      items: object[];
    };
    expect(again.items).toHaveLength(1);
    expect((await get(`${proofAt(filed)}?disclose=all`, 'o-1')).status).toBe(400);
  });

  test('does not tell who may not read the record whether there is one', async () => {
    const filed = await first('CaseFiled');
    expect((await get(proofAt(filed))).status).toBe(401);
    const head = await city.mingjing.store.head();
    const none = await get(`/api/events/${head + 1000}/proof`, 'o-9');
    const ofOthers = await get(proofAt(filed), 'o-9');
    const withoutRole = await get(proofAt(filed), 'cashier');
    const malformed = await get('/api/events/abc/proof', 'o-1');
    const answers = [none, ofOthers, withoutRole, malformed].map(({ status, text }) => {
      const { instance: _, ...problem } = JSON.parse(text) as { instance: string };
      return { status, problem };
    });
    expect(answers[0].status).toBe(404);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  test('names a complainant to those who oversee, not to the officer’s colleagues', async () => {
    const lodged = await first('ComplaintLodged');
    const colleague = await proven(proofAt(lodged), 'officer-b-1');
    expect(JSON.stringify(colleague)).not.toContain(SECRETS.complaint);
    expect(colleague.disclosed).toMatchObject({ 'data.topic': 'inspection' });
    const overseer = await proven(proofAt(lodged), 'supervisor-b-1');
    expect(overseer.disclosed['data.text']).toBe(SECRETS.complaint);
    expect((await get(proofAt(lodged), 'o-9')).status).toBe(404);
  });

  test('of a public register says to other bodies what is open', async () => {
    const power = await first('PowerListed');
    const { disclosed } = await proven(proofAt(power), 'o-9');
    expect(disclosed).toMatchObject({ 'data.code': power.data.code, type: 'PowerListed' });
    expect(Object.keys(disclosed).filter((path) => /actor|command|correlation/.test(path))).toEqual([]);
  });

  test('of a draft is for those who manage notices, without the party’s name', async () => {
    const draft = await first('NoticeDrafted', 'notice-n-6');
    const { disclosed } = await proven(proofAt(draft), 'clerk');
    expect(disclosed).toMatchObject({ 'data.source': 'case-2026-6', 'data.partyId': 'p-6' });
    expect(JSON.stringify(disclosed)).not.toContain(SECRETS.fullName);
  });

  test('still verifies once a subject is erased, and does not disclose the subject any more', async () => {
    const filed = await first('CaseFiled');
    const held = (await get(proofAt(filed), 'o-1')).text;
    await city.mingjing.vault.destroy(`party:${String(filed.data.partyId)}`, '2026-03-20T02:00:00.000Z');
    const after = await proven(proofAt(filed), 'o-1');
    expect(personal(after)).toBeUndefined();
    expect(after.disclosed['data.caseNumber']).toBe(filed.data.caseNumber);
    expect(personal(await verifyProof(held, await outsider.policy()))).toBe(filed.data.partyName);
  });

  test('every event of the ledger has one that holds', async () => {
    const proofs = city.mingjing.app.get(EventProofs);
    const policy = await outsider.policy();
    for (const { position } of await events()) {
      const stored = (await proofs.eventAt(position))!;
      expect((await verifyProof(await proofs.proofOf(stored, () => true), policy)).position).toBe(position);
    }
  });

  test('of an event that was changed in the ledger is not handed out', async () => {
    const proofs = city.mingjing.app.get(EventProofs);
    const stored = (await proofs.eventAt(7))!;
    const { recordedAt } = stored.metadata;
    const changed = { ...stored, metadata: { ...stored.metadata, recordedAt: recordedAt.replace('2026', '2025') } };
    await expect(proofs.proofOf(changed, () => true)).rejects.toMatchObject({ code: 'log.event_differs' });
  });
});
