import {
  HistoricalOutcomeRecorded,
  HistoricalPenaltyImported,
} from '../../src/enforcement/historical/historical-events';
import { event, type NewEvent } from '../../src/kernel/event';
import { Running } from './running';

const server = new Running();

const imported = event(HistoricalPenaltyImported, {
  documentNumber: '府勞動字第1號',
  decidedOn: '2016-07-01',
  jurisdiction: '明镜市',
  bodyName: '明镜市人民政府劳动局',
  partyId: 'p-1',
  partyKind: 'organisation',
  partyName: '無名企業有限公司',
  partyPublicName: '無名企業有限公司',
  articles: [],
  violation: '未置備出勤紀錄',
  kind: 'fine',
  amount: 20000,
  currency: 'TWD',
  aggravation: [],
  repairs: [],
  rowSha256: 'x',
  gates: 'import-rules-v1',
});
const outcome = event(HistoricalOutcomeRecorded, { outcome: 'revoked', authority: '勞動部', text: '原處分撤銷' });

const recorded = (id: string, data: object): NewEvent => ({
  id,
  type: data.constructor.name,
  schemaVersion: 1,
  data: { ...data },
  metadata: {
    occurredAt: '2016-06-30T16:00:00.000Z',
    recordedAt: server.now,
    actor: { kind: 'import', account: 'import', roles: ['import'] },
    command: 'ImportHistoricalPenalty',
    commandId: id,
    commandDigest: '',
    correlationId: 'import',
    source: { name: 'penalties.csv', fileSha256: 'a'.repeat(64), row: 2 },
  },
});

beforeAll(async () => {
  server.now = '2026-03-01T02:00:00.000Z';
  await server.start();
  await server.account('officer', { roles: ['officer'], bodyId: 'body-1', officerId: 'o-1' });
  await server.account('supervisor', { roles: ['supervisor'] });
  await server.account('registrar', { roles: ['registrar'], bodyId: 'body-1' });
  const { store } = server.mingjing;
  await store.append('historical-h1', 'no_stream', [
    recorded('0196b000-0000-7000-8000-000000000001', imported),
    recorded('0196b000-0000-7000-8000-000000000002', outcome),
  ]);
});

afterAll(async () => {
  await server.stop();
  server.erase();
});

describe('an imported act is of none of today’s bodies', () => {
  const path = '/api/cases/historical-h1';

  it.each(['officer', 'supervisor'])('and is read by its id, now and at a past moment, by an %s', async (who) => {
    expect(await server.read(path, who)).toMatchObject({ procedure: 'historical', remedies: [{ outcome: 'revoked' }] });
    expect(await server.read(`${path}/history?atPosition=1`, who)).toMatchObject({ bodyId: '', remedies: [] });
    expect((await server.read(`${path}/events`, who)).items).toHaveLength(2);
    const { items } = await server.read(`${path}/differences?fromPosition=1&toPosition=2`, who);
    expect(items).toContainEqual(expect.objectContaining({ kind: 'added', path: 'remedies.0' }));
  });

  it('but stands in the list of those only who are of no body either', async () => {
    expect((await server.read('/api/cases', 'officer')).items).toEqual([]);
    expect((await server.read('/api/cases', 'supervisor')).items).toMatchObject([{ id: 'historical-h1' }]);
  });

  it('and is closed to those whose roles do not read cases', async () => {
    for (const part of ['', '/history', '/events']) {
      expect((await server.request('GET', path + part, { as: 'registrar' })).status).toBe(403);
      expect((await server.request('GET', path + part)).status).toBe(401);
    }
  });
});
