import { registers } from '../../projections/registers/registers';
import {
  inForceOn,
  type BenchmarkRow,
  type BodyRow,
  type OfficerRow,
  type PowerRow,
} from '../../projections/registers/rows';
import { event } from '../../src/kernel/event';
import * as R from '../../src/registry/registry-events';
import { Story } from './folding';

const ON = '2026-03-01T02:00:00.000Z';
const registered = (name: string): R.BodyRegistered =>
  event(R.BodyRegistered, {
    name,
    kind: 'statutory',
    region: '明镜市',
    uscc: '11230500001755309F',
    legalRepresentative: '冯十',
    legalBasis: ['行政处罚法第17条'],
    officeAddress: '明镜市明光路1号',
    supervisionPhone: '12345',
    supervisionEmail: 'jd@mingjing.example',
  });
const officer = event(R.OfficerRegistered, {
  name: '张一',
  bodyId: 'b1',
  post: '执法员',
  unit: '执法一科',
  employment: 'civil_servant',
});
const credential = (number: string, kind: R.CredentialKind = 'enforcement'): R.CredentialIssued =>
  event(R.CredentialIssued, {
    number,
    kind,
    category: '市场监管',
    area: '明镜市',
    issuedBy: '明镜市司法局',
    validFrom: '2024-01-01',
    validUntil: '2027-12-31',
  });
const moved = (bodyId: string): R.OfficerReassigned =>
  event(R.OfficerReassigned, { bodyId, post: '科员', from: '2026-03-01', reason: '轮岗' });

function told(...events: Array<readonly [stream: string, event: object, at?: string]>): Story {
  const story = new Story();
  story.add('body-b1', ON, registered('明镜市市场监督管理局'));
  story.add('body-b2', ON, registered('明镜市城市管理局'));
  for (const [stream, e, at] of events) story.add(stream, at ?? ON, e);
  return story;
}
const get = <T>(story: Story, table: string, id: string): T => story.fold(registers).get<T>(table, id)!;
const officerOf = (story: Story): OfficerRow => get(story, 'officer', 'o1');
const counts = (story: Story, id = 'b1'): number[] => {
  const { officers, reviewers } = get<BodyRow>(story, 'body', id);
  return [officers, reviewers];
};

describe('bodies (A01-A03)', () => {
  it('are public once announced, and say when their certificate is suspended or they are removed', () => {
    const status = (...events: object[]) =>
      get<BodyRow>(told(...events.map((e) => ['body-b1', e] as const)), 'body', 'b1').status;
    const announced = event(R.BodyAnnounced, { announcedOn: '2026-03-01', medium: '政府网站' });
    const suspended = event(R.BodyCertificateSuspended, { suspendedOn: '2026-04-01', reason: '整改' });
    const reinstated = event(R.BodyCertificateReinstated, { reinstatedOn: '2026-05-01', reason: '整改完毕' });
    expect(status()).toBe('registered');
    expect(status(announced)).toBe('announced');
    expect(status(announced, suspended)).toBe('suspended');
    expect(status(announced, suspended, reinstated)).toBe('announced');
    expect(status(announced, event(R.BodyRemoved, { removedOn: '2026-06-01', reason: '机构改革' }))).toBe('removed');
  });

  it('carry a new name into every officer and power of theirs, and into no other', () => {
    const power = event(R.PowerListed, { ...listed, bodyId: 'b1' });
    const renamed = event(R.BodyDetailsChanged, { name: '明镜市市场监管局', changedOn: '2026-05-01' });
    const other = event(R.OfficerRegistered, { ...officer, bodyId: 'b2' });
    const story = told(['officer-o1', officer], ['officer-o2', other], ['power-CF-001', power], ['body-b1', renamed]);
    expect(officerOf(story).bodyName).toBe('明镜市市场监管局');
    expect(get<OfficerRow>(story, 'officer', 'o2').bodyName).toBe('明镜市城市管理局');
    expect(get<PowerRow>(story, 'power', 'CF-001')).toMatchObject({
      bodyName: '明镜市市场监管局',
      versions: [{ bodyName: '明镜市市场监管局' }],
    });
    const left = told(['officer-o1', officer], ['officer-o1', moved('b2')], ['body-b1', renamed]);
    expect(officerOf(left).bodyName).toBe('明镜市城市管理局');
  });
});

describe('officers (A04-A08)', () => {
  it('have the six published fields once they hold a credential', () => {
    expect(officerOf(told(['officer-o1', officer])).status).toBe('uncredentialled');
    expect(officerOf(told(['officer-o1', officer], ['officer-o1', credential('MJ-1')]))).toMatchObject({
      name: '张一',
      bodyName: '明镜市市场监督管理局',
      post: '执法员',
      credentialNumber: 'MJ-1',
      category: '市场监管',
      area: '明镜市',
      status: 'credentialled',
    });
    expect(officerOf(told(['officer-o1', officer]))).not.toHaveProperty('employment');
  });

  it('are judged by the credential concerned: an older or another kind’s suspension does not touch the one shown', () => {
    const of = (number: string) => event(R.CredentialSuspended, { number, suspendedOn: '2026-04-01', reason: '…' });
    const both = [
      ['officer-o1', officer],
      ['officer-o1', credential('MJ-1')],
      ['officer-o1', credential('JD-1', 'supervision')],
    ] as const;
    expect(officerOf(told(...both, ['officer-o1', of('JD-1')]))).toMatchObject({
      credentialNumber: 'MJ-1',
      status: 'credentialled',
    });
    const suspended = told(...both, ['officer-o1', of('MJ-1')]);
    expect(officerOf(suspended)).toMatchObject({ credentialNumber: 'MJ-1', status: 'suspended' });
    const revoked = event(R.CredentialRevoked, { number: 'MJ-1', revokedOn: '2026-05-01', reason: '…' });
    const renewed = told(...both, ['officer-o1', revoked], ['officer-o1', credential('MJ-2')]);
    expect(officerOf(renewed)).toMatchObject({ credentialNumber: 'MJ-2', status: 'credentialled' });
    expect(counts(renewed)).toEqual([1, 0]);
  });

  it('may not act for another body with the credential of the one they left (A05)', () => {
    const story = told(['officer-o1', officer], ['officer-o1', credential('MJ-1')], ['officer-o1', moved('b2')]);
    expect(officerOf(story)).toMatchObject({ bodyId: 'b2', status: 'uncredentialled' });
    expect(officerOf(story)).not.toHaveProperty('credentialNumber');
    expect([counts(story, 'b1'), counts(story, 'b2')]).toEqual([
      [0, 0],
      [0, 0],
    ]);
    story.add('officer-o1', ON, credential('CG-1'));
    expect([counts(story, 'b1'), counts(story, 'b2')]).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('leave the list while they are off duty, and come back', () => {
    const start = [
      ['officer-o1', officer],
      ['officer-o1', credential('MJ-1')],
    ] as const;
    const story = told(...start, ['officer-o1', event(R.OfficerStoodDown, { from: '2026-04-01', reason: '…' })]);
    expect(officerOf(story).status).toBe('off_duty');
    expect(counts(story)).toEqual([0, 0]);
    const back = event(R.OfficerReturnedToDuty, { after: 'stand_down', from: '2026-05-01', reason: '…' });
    story.add('officer-o1', ON, back);
    expect(officerOf(story).status).toBe('credentialled');
    story.add('officer-o1', ON, event(R.RemovedFromPost, { removedOn: '2026-06-01', reason: '两次审核不合格' }));
    expect(officerOf(story).status).toBe('removed');
    const struck = told(...start, [
      'officer-o1',
      event(R.OfficerDisqualified, { disqualifiedOn: '2026-04-01', reason: '…' }),
    ]);
    expect(officerOf(struck).status).toBe('disqualified');
  });

  it('are counted by body, credentialled officers and reviewers with legal qualification (A08)', () => {
    const lawyer = event(R.LegalQualificationGranted, { certificateNumber: 'A2020', grantedOn: '2020-05-01' });
    const story = told(
      ['officer-o1', officer],
      ['officer-o1', credential('MJ-1')],
      ['officer-o1', lawyer],
      ['officer-o1', lawyer], // said twice
      ['officer-o2', officer],
      ['officer-o2', credential('MJ-2')],
    );
    expect(counts(story)).toEqual([2, 1]);
    story.add('officer-o1', ON, moved('b2'));
    expect([counts(story), counts(story, 'b2')]).toEqual([
      [1, 0],
      [0, 1],
    ]);
    story.add('officer-o1', ON, event(R.OfficerDisqualified, { disqualifiedOn: '2026-04-01', reason: '…' }));
    expect(counts(story, 'b2')).toEqual([0, 0]);
  });
});

const listed: R.PowerListed = event(R.PowerListed, {
  code: 'CF-001',
  name: '对无照经营的处罚',
  powerClass: 'penalty',
  legalBasis: [{ instrument: '无证无照经营查处办法', article: '第13条' }],
  bodyId: 'b1',
  office: '执法一科',
  disclosureForm: '网站',
  disclosureScope: '社会公开',
  disclosureTime: '长期',
  statutoryDays: 90,
  promisedDays: 60,
  validFrom: '2021-07-15',
});

describe('powers (B03, B09)', () => {
  const power = (story: Story): PowerRow => get(story, 'power', 'CF-001');
  const amended = event(R.PowerAmended, {
    version: 2,
    reason: '提速',
    promisedDays: 30,
    fee: '无',
    validFrom: '2026-07-01',
  });

  it('do not show a version before the day it begins', () => {
    const story = told(['power-CF-001', listed], ['power-CF-001', amended]);
    expect(power(story)).toMatchObject({ version: 1, promisedDays: 60, versions: [{ version: 1 }, { version: 2 }] });
    expect(inForceOn(power(story), '2026-06-30')).toMatchObject({ version: 1, promisedDays: 60 });
    expect(inForceOn(power(story), '2026-07-01')).toMatchObject({
      code: 'CF-001',
      version: 2,
      promisedDays: 30,
      name: '对无照经营的处罚',
      fee: '无',
    });
  });

  it('read on an earlier day as they were, without what came later', () => {
    const story = told(['power-CF-001', listed], ['power-CF-001', amended, '2026-08-01T02:00:00.000Z']);
    expect(power(story)).toMatchObject({ version: 2, fee: '无' });
    expect(inForceOn(power(story), '2026-01-01')).toMatchObject({ version: 1, promisedDays: 60 });
    expect(inForceOn(power(story), '2026-01-01').fee).toBeUndefined();
  });

  it('go to another body on the day of the transfer, as a version of their own', () => {
    const transfer = event(R.PowerTransferred, {
      bodyId: 'b2',
      office: '执法队',
      reason: '职能划转',
      validFrom: '2026-07-01',
    });
    const story = told(['power-CF-001', listed], ['power-CF-001', transfer]);
    expect(power(story)).toMatchObject({ bodyId: 'b1', office: '执法一科' });
    expect(inForceOn(power(story), '2026-07-01')).toMatchObject({
      version: 2,
      bodyId: 'b2',
      bodyName: '明镜市城市管理局',
      office: '执法队',
      promisedDays: 60,
    });
  });

  it('say from which day they are cancelled', () => {
    const cancelled = event(R.PowerCancelled, { reason: '法律修改', cancelledOn: '2026-09-01' });
    expect(power(told(['power-CF-001', listed], ['power-CF-001', cancelled])).cancelledOn).toBe('2026-09-01');
  });
});

describe('discretion benchmarks (F01, F02)', () => {
  it('do not show a revision before the day it begins', () => {
    const items = {
      violation: '无照经营',
      legalBasis: listed.legalBasis,
      penaltyKinds: ['fine'],
      unit: 'yuan' as const,
    };
    const band = (max: number): R.BenchmarkBand[] => [{ level: 'minor', conditions: '首次', min: 100, max }];
    const first = {
      ...items,
      version: 1,
      powerCode: 'CF-001',
      bodyId: 'b1',
      bands: band(5000),
      validFrom: '2022-01-01',
    };
    const second = { ...items, version: 2, reason: '放宽', bands: band(3000), validFrom: '2026-07-01' };
    const story = told(
      ['benchmark-n1', event(R.BenchmarkPublished, first)],
      ['benchmark-n1', event(R.BenchmarkReplaced, second)],
    );
    const row = get<BenchmarkRow>(story, 'benchmark', 'n1');
    expect(row).toMatchObject({ id: 'n1', powerCode: 'CF-001', version: 1, bands: [{ max: 5000 }] });
    expect(inForceOn(row, '2026-07-01')).toMatchObject({ id: 'n1', bodyId: 'b1', version: 2, bands: [{ max: 3000 }] });
  });
});
