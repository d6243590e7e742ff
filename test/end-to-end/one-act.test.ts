import * as Appraise from '../../src/appraisal/appraisal-commands';
import * as Notice from '../../src/disclosure/notice-commands';
import * as Scheme from '../../src/appraisal/scheme';
import * as Body from '../../src/registry/body-commands';
import * as Benchmark from '../../src/registry/benchmark-commands';
import * as Officer from '../../src/registry/officer-commands';
import * as Power from '../../src/registry/power-commands';
import { on, ordinary } from '../given-when-then/penalty-story';
import { Running } from './running';

const server = new Running();

beforeAll(async () => {
  await server.start();
  await server.account('registrar', { roles: ['registrar', 'supervisor'] });
  await server.account('account-o-1', { roles: ['officer'], bodyId: 'body-1', officerId: 'o-1' });
  await server.account('account-o-2', { roles: ['officer'], bodyId: 'body-1', officerId: 'o-2' });
  await server.account('account-l-1', { roles: ['head'], bodyId: 'body-1', officerId: 'l-1' });
  await server.account('account-r-1', { roles: ['reviewer'], bodyId: 'body-1', officerId: 'r-1' });
  await server.account('account-bank', { roles: ['cashier'], bodyId: 'bank-1' });
  await server.account('clerk', { roles: ['disclosure'], bodyId: 'body-1' });
  await server.account('investigator', { roles: ['investigator'] });
  await server.account('appraiser', { roles: ['appraiser'] });
  await server.account('stranger', { roles: ['officer'], bodyId: 'body-2', officerId: 'o-9' });
  await registry();
});

afterAll(async () => {
  await server.stop();
  server.erase();
});

/** 明镜市市场监督管理局 with its people, one power and its benchmark, through the same addresses as everything else. */
async function registry(): Promise<void> {
  const give = (collection: string, id: string, command: new () => object, fields: object): Promise<number> =>
    server.give('registrar', collection, id, command, fields);
  server.now = '2023-03-01T02:00:00.000Z';
  await give('bodies', 'body-1', Body.RegisterBody, {
    name: '明镜市市场监督管理局',
    kind: 'statutory',
    region: '明镜市',
    uscc: '11230500001755309F',
    legalRepresentative: '冯十',
    legalBasis: ['行政处罚法第17条'],
    officeAddress: '明镜市明光路1号',
    supervisionPhone: '12345',
    supervisionEmail: 'jd@mingjing.example',
  });
  await give('bodies', 'body-1', Body.ReviewBody, { qualified: true });
  await give('bodies', 'body-1', Body.FileBodyForRecord, { filedWith: '明镜市司法局', reference: '备案〔2023〕1号' });
  await give('bodies', 'body-1', Body.AnnounceBody, { medium: '明镜市人民政府网站' });
  for (const [i, [id, name]] of [
    ['o-1', '张一'],
    ['o-2', '李二'],
    ['r-1', '孙六'],
    ['l-1', '冯十'],
  ].entries()) {
    await give('officers', id, Officer.RegisterOfficer, {
      name,
      bodyId: 'body-1',
      post: '执法员',
      employment: 'civil_servant',
    });
    await give('officers', id, Officer.RecordTraining, { subject: '行政处罚法', hours: 40 });
    await give('officers', id, Officer.RecordExamination, { kind: 'credential', score: 90, passed: true });
    await give('officers', id, Officer.IssueCredential, {
      number: `MJ-000${i}`,
      kind: 'enforcement',
      category: '市场监管',
      area: '明镜市',
      issuedBy: '明镜市司法局',
      validFrom: '2024-01-01',
      validUntil: '2028-12-31',
    });
  }
  await give('officers', 'r-1', Officer.RecordExamination, { kind: 'legal_qualification', score: 200, passed: true });
  await give('officers', 'r-1', Officer.GrantLegalQualification, { certificateNumber: 'A2020' });
  await give('bodies', 'body-1', Body.SetLeaders, { leaders: [{ role: 'first', officerId: 'l-1' }] });
  await give('powers', 'CF-001', Power.ListPower, {
    name: '对无照经营的处罚',
    powerClass: 'penalty',
    legalBasis: [{ instrument: '无证无照经营查处办法', article: '第13条' }],
    bodyId: 'body-1',
    office: '执法一科',
    disclosureForm: '网站',
    disclosureScope: '社会公开',
    disclosureTime: '长期',
    validFrom: '2023-03-01',
  });
  await give('benchmarks', 'benchmark-1', Benchmark.PublishBenchmark, {
    powerCode: 'CF-001',
    violation: '无照经营',
    legalBasis: [{ instrument: '无证无照经营查处办法', article: '第13条' }],
    penaltyKinds: ['fine'],
    unit: 'yuan',
    bands: [
      { level: 'minor', conditions: '首次', min: 100, max: 5000 },
      { level: 'general', conditions: '一般', min: 5000, max: 20000 },
      { level: 'serious', conditions: '较重', min: 20000, max: 40000 },
      { level: 'grave', conditions: '严重', min: 40000, max: 120000 },
    ],
    validFrom: '2023-03-01',
  });
}

interface CaseAnswer {
  stage: string;
  timeline: Array<{ eventId: string; type: string; position: number; occurredAt: string; recordedAt: string }>;
  gaps: Array<{ link: string; state: string }>;
  clocks: Array<{ clock: string; state: string; inTime?: boolean }>;
  contents: unknown[];
}

describe('one act, all the way', () => {
  it('goes from the clue to the archived file through the API', async () => {
    for (const { who, at, command, fields } of ordinary) {
      server.now = at;
      await server.give(who.account!, 'cases', '1', command, fields);
    }
    const file = (await server.read('/api/cases/1', 'investigator')) as unknown as CaseAnswer;
    expect(file.stage).toBe('archived');
    expect(file.gaps.map((g) => [g.link, g.state])).toEqual([
      ['filing', 'complete'],
      ['investigation', 'complete'],
      ['evidence', 'complete'],
      ['review', 'complete'],
      ['decision', 'complete'],
      ['service', 'complete'],
      ['execution', 'complete'],
    ]);
    expect(file.clocks.filter((c) => c.state !== 'stopped' || c.inTime === false)).toEqual([]);
    expect(file.contents.length).toBeGreaterThan(5);
  });

  it('can be looked at as it was on any day, and what changed since (an inspector)', async () => {
    const then = (await server.read('/api/cases/1/history?atDate=2026-03-24', 'investigator')) as unknown as CaseAnswer;
    expect(then.stage).toBe('reviewed');
    expect(then.timeline.at(-1)?.recordedAt.slice(0, 10)).toBe('2026-03-24');
    const { items } = await server.read(
      '/api/cases/1/differences?fromDate=2026-03-24&toDate=2026-04-14',
      'investigator',
    );
    const changes = items as Array<{ kind: string; path: string; before?: unknown; after?: unknown }>;
    expect(changes).toContainEqual({ kind: 'changed', path: 'stage', before: 'reviewed', after: 'archived' });
    expect(changes).toContainEqual(expect.objectContaining({ path: 'paidYuan', before: 0, after: 12000 }));
  });

  it('is closed to staff of another body and to the public, and readings are on record', async () => {
    expect((await server.request('GET', '/api/cases/1')).status).toBe(401);
    expect((await server.request('GET', '/api/cases/1', { as: 'stranger' })).status).toBe(404);
    expect((await server.request('GET', '/api/cases/1/events', { as: 'stranger' })).status).toBe(404);
    const readings = await server.read('/api/readings?collection=cases', 'investigator');
    expect(JSON.stringify(readings)).toContain('cases');
  });

  it('a decision makes a draft notice, which a second person reviews and the portal then shows (I04, I05)', async () => {
    const draft = await server.read('/api/notices/1', 'clerk');
    expect(draft).toMatchObject({ status: 'draft', documentNumber: '明市监处罚〔2026〕1号', bodyId: 'body-1' });
    expect((await server.request('GET', '/notices/1')).status).toBe(404);

    server.now = on('2026-04-09');
    await server.give('account-l-1', 'notices', '1', Notice.ReviewNotice, { outcome: 'approve' });
    await server.give('clerk', 'notices', '1', Notice.PublishNotice, { channel: 'agency_site' });
    const shown = await server.read('/api/public-notices/1');
    expect(shown).toMatchObject({ status: 'published', publishedOn: '2026-04-09', lagDays: 7 });
    const page = await server.request('GET', '/notices/1');
    expect(page.status).toBe(200);
    expect(page.text).toContain('明市监处罚〔2026〕1号');
    const { items } = await server.read(`/api/public-notices?q=${encodeURIComponent('光明商贸')}`);
    expect(items).toHaveLength(1);
  });

  it('a duty to publish that is missed becomes a clue with the chain of responsibility (L01, L06)', async () => {
    server.now = on('2026-06-30');
    await server.lookAtClocks();
    const { items } = await server.read('/api/matters', 'investigator');
    const clues = items as Array<{ id: string; origin: { kind: string; stream: string } }>;
    const clue = clues.find(({ origin }) => origin.kind === 'notice_unpublished' && origin.stream === 'notice-1');
    expect(await server.read(`/api/matters/${clue?.id}`, 'investigator')).toMatchObject({
      raisedBy: 'ledger',
      chain: [{ role: 'first', officerId: 'l-1' }],
    });
    const before = clues.length;
    await server.lookAtClocks();
    expect((await server.read('/api/matters', 'investigator')).items).toHaveLength(before);
  });

  it('an officer’s score rests on events of the ledger (M01), and fines cannot be scored (行政处罚法 74)', async () => {
    server.now = on('2026-06-30');
    const criterion = (code: string, points: number, metric: string) => ({
      code,
      zh: `执法规范${code}`,
      en: `Conduct ${code}`,
      norm: 'procedure',
      points,
      check: 'regular',
      metric,
      events: ['InquiryMade'],
    });
    const scheme = { title: '执法评议考核办法', level: 'officer', excellentFrom: 90, passFrom: 60, bonusMax: 5 };
    const refusal = await server.request('POST', '/api/schemes/scheme-2/draft-scheme', {
      as: 'appraiser',
      body: { ...scheme, criteria: [criterion('A', 100, 'fine_amount')] },
    });
    expect(refusal.status).toBe(422);
    expect(refusal.json.basis).toMatch(/行政处罚法第74条/);

    const criteria = [criterion('A', 60, 'steps_complete'), criterion('B', 40, 'recording_complete')];
    await server.give('appraiser', 'schemes', 'scheme-1', Scheme.DraftScheme, { ...scheme, criteria });
    await server.give('appraiser', 'schemes', 'scheme-1', Scheme.PublishScheme, { effectiveFrom: '2026-07-01' });
    server.now = on('2026-07-02');
    const appraisal = { schemeId: 'scheme-1', schemeVersion: 1, officerId: 'o-1', year: 2026 };
    await server.give('appraiser', 'appraisals', 'o-1-2026', Appraise.OpenAppraisal, appraisal);
    const file = (await server.read('/api/cases/1', 'appraiser')) as unknown as CaseAnswer;
    const cited = file.timeline.find((t) => t.type === 'RecordingAttached')!;
    await server.give('appraiser', 'appraisals', 'o-1-2026', Appraise.MarkCase, {
      criterion: 'B',
      points: -2.5,
      caseId: '1',
      reason: '录像角度不当',
      citations: [{ stream: 'case-1', eventId: cited.eventId }],
    });
    const row = await server.read('/api/appraisals/o-1-2026', 'appraiser');
    expect(row).toMatchObject({
      officerName: '张一',
      score: 97.5,
      scores: [
        { code: 'A', score: 60 },
        { code: 'B', score: 37.5 },
      ],
      marks: [{ points: -2.5, citations: [{ stream: 'case-1', eventId: cited.eventId }] }],
    });
    expect((await server.read('/api/officer-files/o-1', 'appraiser')).trainingHours).toEqual({ '2023': 40 });
  });

  it('survives a restart: everything acknowledged is there, and nothing is doubled', async () => {
    server.now = on('2026-07-03');
    const before = await server.read('/api/cases/1', 'investigator');
    await server.restart();
    expect(await server.read('/api/cases/1', 'investigator')).toEqual(before);
    expect((await server.read('/api/notices/1', 'clerk')).status).toBe('published');
  });
});
