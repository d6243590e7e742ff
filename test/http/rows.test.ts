import { CaseFiled } from '../../src/enforcement/filing-events';
import { event, definitionOf, type EventClass } from '../../src/kernel/event';
import { ClueRaised } from '../../src/oversight/accountability-events';
import { ComplaintAssigned, ComplaintLodged } from '../../src/oversight/complaint-events';
import { BodyAnnounced, BodyRegistered, OfficerRegistered, OfficerTrained } from '../../src/registry/registry-events';
import { missedClock, startedClock } from '../projections/clocks';
import { Running } from '../end-to-end/running';

const server = new Running();
let n = 0;

/** Acts as they stand in the ledger, whatever commands made them. */
async function happened(stream: string, ...acts: object[]): Promise<void> {
  await server.mingjing.store.append(
    stream,
    'no_stream',
    acts.map((act) => {
      const id = `0196b000-0000-7000-8000-${String(++n).padStart(12, '0')}`;
      const { name, version } = definitionOf(act.constructor as EventClass);
      return {
        id,
        type: name,
        schemaVersion: version,
        data: { ...act },
        metadata: {
          occurredAt: server.now,
          recordedAt: server.now,
          actor: { kind: 'person', account: 'account-o-1', officer: 'o-1', body: 'body-1', roles: ['officer'] },
          command: 'Told',
          commandId: id,
          commandDigest: '',
          correlationId: 'rows',
        },
      };
    }),
  );
}

const complaint = 'T20260301-7KQM-2XWD-9HTR';
const SECRETS = ['李小明', '13800000000', '举报后未见处理', '王大力', '110101199003077774', '明镜路9号', '收受红包'];

beforeAll(async () => {
  server.now = '2026-03-02T02:00:00.000Z';
  await server.start();
  for (const [login, role, bodyId] of [
    ['o-1', 'officer', 'body-1'],
    ['o-2', 'officer', 'body-1'],
    ['o-3', 'officer', 'body-2'],
    ['head', 'head', 'body-1'],
    ['overseer', 'supervisor', 'body-1'],
    ['overseer-2', 'supervisor', 'body-2'],
    ['investigator', 'investigator', undefined],
  ] as const) {
    await server.account(login, { roles: [role], bodyId, officerId: login });
  }
  for (const [bodyId, officerId] of [
    ['body-1', 'o-1'],
    ['body-2', 'o-3'],
  ] as const) {
    await happened(
      `body-${bodyId}`,
      event(BodyRegistered, {
        name: `明镜市${bodyId}局`,
        kind: 'statutory',
        region: '明镜市',
        uscc: '11230500001755309F',
        legalRepresentative: '张某',
        legalBasis: ['行政处罚法第17条'],
        officeAddress: '明镜市清风路1号',
        supervisionPhone: '0000-12345',
        supervisionEmail: 'supervise@mingjing.example',
      }),
      event(BodyAnnounced, { announcedOn: '2026-03-01', medium: '政府网站' }),
    );
    await happened(
      `officer-${officerId}`,
      event(OfficerRegistered, { name: '赵六', bodyId, post: '科员', employment: 'civil_servant' }),
      ...Array.from({ length: 4 }, () =>
        event(OfficerTrained, { subject: '行政处罚法', hours: 8, trainedOn: '2026-03-01' }),
      ),
    );
    await happened(
      `case-of-${bodyId}`,
      event(CaseFiled, {
        caseNumber: `立〔2026〕${bodyId}号`,
        bodyId,
        powerCode: 'p-1',
        cause: '涉嫌无照经营',
        legalBasis: [],
        officers: [officerId],
        approvedBy: 'head',
        filedOn: '2026-03-01',
        violationEndedOn: '2026-02-27',
        graveHarm: false,
        priorOffences: 0,
        partyId: 'party-1',
        partyKind: 'natural_person',
        partyPublicName: '王某某',
        partyName: '王大力',
        partyIdentifier: '110101199003077774',
        address: '明镜路9号',
      }),
      startedClock({ bodyId, responsibleOfficers: [officerId] }),
      missedClock({ bodyId, responsibleOfficers: [officerId] }),
    );
  }
  await happened(
    `complaint-${complaint}`,
    event(ComplaintLodged, {
      topic: 'inaction',
      source: 'report',
      bodyId: 'body-1',
      misconduct: [],
      anonymous: false,
      complainantId: `complainant-${complaint}`,
      reachable: true,
      text: '举报后未见处理。',
      name: '李小明',
      contact: '13800000000',
    }),
    event(ComplaintAssigned, { officerId: 'o-1', unit: '一科', firstOwnerId: 'o-1' }),
  );
  await happened(
    'matter-m-1',
    event(ClueRaised, {
      ground: 'other',
      origin: { kind: 'manual' },
      bodyId: 'body-1',
      officerIds: ['o-1'],
      chain: [],
      summary: '反映其收受红包。',
    }),
  );
  await server.settle();
});
afterAll(async () => {
  await server.stop();
  server.erase();
});

const items = async (path: string, as: string): Promise<Array<Record<string, unknown>>> =>
  (await server.read(path, as)).items as Array<Record<string, unknown>>;

test('who complained of what is for whoever handles it and those who oversee', async () => {
  const path = `/api/complaints/${complaint}`;
  for (const as of ['o-1', 'head', 'overseer', 'investigator']) {
    expect(await server.read(path, as)).toMatchObject({ name: '李小明', contact: '13800000000', ownerId: 'o-1' });
  }
  const colleague = await server.read(path, 'o-2');
  expect(colleague).toMatchObject({ status: 'lodged', ownerId: 'o-1' });
  expect(SECRETS.filter((secret) => JSON.stringify(colleague).includes(secret))).toEqual([]);
  expect((await server.request('GET', path, { as: 'o-3' })).status).toBe(404);
});

test('lists hand out nothing personal, and still find a person by name', async () => {
  for (const path of ['/api/cases', '/api/complaints', '/api/matters', '/api/appraisals', '/api/officer-files']) {
    const text = JSON.stringify(await items(path, 'investigator'));
    expect([path, SECRETS.filter((secret) => text.includes(secret))]).toEqual([path, []]);
  }
  expect(await items('/api/cases?q=王大力', 'o-1')).toMatchObject([{ id: 'of-body-1', partyPublicName: '王某某' }]);
  expect(await items('/api/matters', 'investigator')).toContainEqual(
    expect.objectContaining({ id: 'm-1', status: 'clue', revision: 0 }),
  );
});

test('each reading of one record is on record, of whatever kind', async () => {
  const read = ['cases/of-body-1', `complaints/${complaint}`, 'matters/m-1', 'officer-files/o-1'];
  for (const path of [...read, 'officer-files/o-1/entries']) await server.read(`/api/${path}`, 'overseer');
  const readings = await items('/api/readings?limit=5', 'investigator');
  expect(readings.map((r) => `${String(r.collection)}/${String(r.record)}`).reverse()).toEqual([
    ...read,
    'officer-files/o-1',
  ]);
});

test('staff of one body see what is their own body’s', async () => {
  const bodies = async (path: string, as: string): Promise<unknown[]> =>
    (await items(path, as)).map(({ bodyId }) => bodyId).sort();
  for (const path of ['/api/accountability-board', '/api/officer-work', '/api/cases', '/api/clocks']) {
    expect([path, await bodies(path, 'overseer-2')]).toEqual([path, ['body-2']]);
  }
  expect(await bodies('/api/accountability-board', 'investigator')).toEqual(['body-1', 'body-2']);
  expect(await bodies('/api/officer-work?officer=o-1', 'investigator')).toEqual(expect.arrayContaining(['body-1']));
  for (const part of ['', '/entries']) {
    expect((await server.request('GET', `/api/officer-files/o-1${part}`, { as: 'overseer-2' })).status).toBe(404);
  }
});

test('a file’s entries come in pages, oldest first', async () => {
  const path = '/api/officer-files/o-1/entries?limit=4';
  const first = await server.read(path, 'overseer');
  const second = await server.read(`${path}&cursor=${String(first.next)}`, 'overseer');
  const types = [first, second].map((page) => (page.items as Array<{ type: string }>).map(({ type }) => type));
  expect(types).toEqual([
    ['OfficerRegistered', 'OfficerTrained', 'OfficerTrained', 'OfficerTrained'],
    ['OfficerTrained', 'ClockMissed'],
  ]);
  expect(second.next).toBeUndefined();
});

test('what one reads says its revision, and a command on it conflicts once it has changed', async () => {
  const etag = async (path: string, as?: string): Promise<string> =>
    (await server.request('GET', path, { as })).headers.get('etag') ?? 'none';
  expect(await etag('/api/bodies/body-1')).toBe('"1"');
  expect(await etag('/api/matters/m-1', 'investigator')).toBe('"0"');
  expect(await etag('/api/cases/of-body-1', 'o-1')).toBe('"2"');
  const path = `/api/complaints/${complaint}`;
  const seen = await etag(path, 'overseer');
  expect(seen).toBe('"1"');
  const accept = () =>
    server.request('POST', `${path}/accept-complaint`, { as: 'overseer', body: {}, headers: { 'if-match': seen } });
  const accepted = await accept();
  expect(accepted.status).toBe(201);
  const again = await accept();
  expect([again.status, again.json.code]).toEqual([412, 'command.changed_meanwhile']);
  await server.settle();
  expect(await etag(path, 'overseer')).toBe(accepted.headers.get('etag'));
});

test('from outside nothing tells whether a complaint is there', async () => {
  await happened(
    'complaint-walk-in',
    event(ComplaintLodged, {
      topic: 'inaction',
      source: 'reception',
      bodyId: 'body-1',
      misconduct: [],
      anonymous: true,
      complainantId: 'complainant-walk-in',
      reachable: false,
      text: '窗口无人。',
    }),
  );
  const body = { topic: 'inaction', source: 'report', bodyId: 'body-1', anonymous: true, text: '无人办理。' };
  const answers: string[] = [];
  const preconditions: Array<Record<string, string>> = [{}, { 'if-match': '"7"' }, { 'if-none-match': '*' }];
  for (const headers of preconditions) {
    for (const id of ['walk-in', 'nothing-here']) {
      const { status, json } = await server.request('POST', `/api/complaints/${id}/lodge-complaint`, { body, headers });
      answers.push(`${status} ${String(json.code)}`);
    }
  }
  expect(new Set(answers)).toEqual(new Set(['422 complaint.receipt_required']));
  const lodged = await server.request('POST', '/api/complaints/T20260302-8KQM-2XWD-9HTR/lodge-complaint', { body });
  expect(lodged.status).toBe(201);
});
