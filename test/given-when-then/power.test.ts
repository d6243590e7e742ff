import { event } from '../../src/kernel/event';
import { ClockMissed, ClockStarted, ClockStopped } from '../../src/clocks/clock-events';
import { NoteMissedClock } from '../../src/clocks/missed-clock';
import { bodyDecider } from '../../src/registry/body';
import { isLive, isPowerOf, powerDecider, powerOn } from '../../src/registry/power';
import * as C from '../../src/registry/power-commands';
import * as E from '../../src/registry/registry-events';
import { evolved } from './evolved';
import { given } from './specification';

const CODE = 'CG-CF-0101';
const body = event(E.BodyRegistered, {
  name: '明镜市城市管理行政执法局',
  kind: 'statutory',
  region: '明镜市',
  uscc: '11230500001755309F',
  legalRepresentative: '张三',
  legalBasis: ['行政处罚法第17条'],
  officeAddress: '明镜市镜湖路1号',
  supervisionPhone: '0000-0000000',
  supervisionEmail: 'jiandu@mingjing.example',
});
const terms = {
  name: '擅自占用道路摆摊的处罚',
  powerClass: 'penalty' as const,
  legalBasis: [{ instrument: '行政处罚法', article: '第九条' }],
  bodyId: 'body-1',
  office: '执法一中队',
  disclosureForm: '网站',
  disclosureScope: '社会',
  disclosureTime: '长期',
  statutoryDays: 90,
  promisedDays: 60,
  validFrom: '2026-01-01',
};
const listed = event(E.PowerListed, { code: CODE, ...terms });
const list = () => given(powerDecider).addressedTo(CODE).knowing(bodyDecider, 'body-1', body);
const amended = event(E.PowerAmended, {
  version: 2,
  reason: '内设机构调整',
  office: '执法二中队',
  validFrom: '2026-03-10',
});
const flowchartDue = event(ClockStarted, {
  clock: 'registry.flowchart_revision',
  item: '2',
  zh: '依据变更后修订流程图',
  en: 'Revise the flowchart after its basis changed',
  startedOn: '2026-03-10',
  dueOn: '2026-04-08',
  days: 20,
  dayKind: 'working',
  basis: 'B07',
  provisional: false,
  bodyId: 'body-1',
  responsiblePost: 'officer',
  responsibleOfficers: [],
  bindsParty: false,
});

describe('B03, B10 the catalogue of powers', () => {
  it('lists a power under its code', () => list().when(C.ListPower, terms).then(listed));

  it('refuses a code that is taken', () =>
    given(powerDecider, listed).addressedTo(CODE).when(C.ListPower, terms).thenRefused('power.code_taken', 'B10'));

  it.each(['cg-0101', '摆摊', 'A', 'CG--01', `${'A'.repeat(41)}`])('refuses the code %s', (code) =>
    given(powerDecider)
      .addressedTo(code)
      .knowing(bodyDecider, 'body-1', body)
      .when(C.ListPower, terms)
      .thenRefused('power.code_format', 'B10'),
  );

  it('refuses a body that is not registered', () =>
    given(powerDecider).addressedTo(CODE).when(C.ListPower, terms).thenRefused('power.unknown_body', 'B03'));

  it('is in force from its first day, and never before it is listed', () => {
    const state = evolved(powerDecider, listed);
    expect(isLive(state, '2025-12-31')).toBe(false);
    expect(isLive(state, '2026-01-01')).toBe(true);
    expect(isLive(undefined, '2026-01-01')).toBe(false);
    expect(isPowerOf(state, 'body-2', '2026-01-01')).toBe(false);
  });

  it('refuses to amend, transfer or cancel what is not listed', () => {
    const unlisted = () => given(powerDecider).addressedTo(CODE).knowing(bodyDecider, 'body-1', body);
    unlisted().when(C.AmendPower, { reason: '调整', validFrom: '2026-03-10' }).thenRefused('power.not_listed', 'B03');
    unlisted()
      .when(C.TransferPower, { reason: '调整', bodyId: 'body-1', office: '一队', validFrom: '2026-03-10' })
      .thenRefused('power.not_listed', 'B03');
    unlisted()
      .when(C.CancelPower, { reason: '废止', cancelledOn: '2026-03-10' })
      .thenRefused('power.not_listed', 'B03');
  });
});

describe('B01 classes of power', () => {
  const approval = { ...terms, powerClass: 'non_licence_approval' as const };

  it('lists nothing new as 非行政许可审批, abolished in 2015 (国发〔2015〕27号)', () =>
    list().when(C.ListPower, approval).thenRefused('power.class_closed', '国发〔2015〕27号'));

  it('keeps what was listed before, in force until the class was closed', () => {
    const state = evolved(
      powerDecider,
      event(E.PowerListed, { code: CODE, ...approval, legalBasis: [], validFrom: '2010-01-01' }),
    );
    expect(isLive(state, '2015-05-09')).toBe(true);
    expect(isLive(state, '2015-05-10')).toBe(false);
  });
});

describe('B02, G01 legal basis', () => {
  it('refuses an instrument that the dictionary does not have', () =>
    list()
      .when(C.ListPower, { ...terms, legalBasis: [{ instrument: '明镜市摆摊通知', article: '第一条' }] })
      .thenRefused('power.unknown_instrument', 'B02'));

  it('refuses a normative document as the basis of a penalty power', () =>
    list()
      .when(C.ListPower, { ...terms, legalBasis: [{ instrument: '国办发〔2018〕118号', article: '（六）' }] })
      .thenRefused('power.basis_rank', 'G01'));

  it('refuses a law that was not in force on the first day', () =>
    list()
      .when(C.ListPower, { ...terms, validFrom: '2021-07-14' })
      .thenRefused('power.basis_not_in_force', 'B02'));
});

describe('B06 promised time', () => {
  it('is shorter than the statutory time by a third at least', () => {
    list()
      .when(C.ListPower, { ...terms, promisedDays: 61 })
      .thenRefused('power.promise_too_long', 'B06');
    list()
      .when(C.ListPower, { ...terms, statutoryDays: 20, promisedDays: 13 })
      .thenAmong(E.PowerListed, { promisedDays: 13 });
    list()
      .when(C.ListPower, { ...terms, statutoryDays: 20, promisedDays: 14 })
      .thenRefused('power.promise_too_long', 'B06');
  });

  it('is checked against the version it changes', () =>
    given(powerDecider, listed)
      .when(C.AmendPower, { reason: '法定时限缩短', statutoryDays: 60, validFrom: '2026-03-10' })
      .thenRefused('power.promise_too_long', 'B06'));
});

describe('B07, B09 changes', () => {
  it('an amendment is a new version, and starts the 20 working days for the flowchart (over 清明)', () =>
    given(powerDecider, listed)
      .when(C.AmendPower, { reason: '内设机构调整', office: '执法二中队', validFrom: '2026-03-10' })
      .then(amended, flowchartDue));

  it('keeps each version for its own days', () => {
    const state = evolved(powerDecider, listed, amended);
    expect(powerOn(state, '2026-03-09')?.office).toBe('执法一中队');
    expect(powerOn(state, '2026-03-10')).toMatchObject({ office: '执法二中队', name: terms.name });
  });

  it('refuses a version that does not start after the last', () =>
    given(powerDecider, listed, amended)
      .when(C.AmendPower, { reason: '调整', validFrom: '2026-03-10' })
      .thenRefused('power.version_order', 'B09'));

  it('a transfer moves it to another body from that day', () => {
    const transfer = { bodyId: 'body-2', office: '综合科', reason: '职责划转', validFrom: '2026-04-01' };
    given(powerDecider, listed)
      .knowing(bodyDecider, 'body-2', body)
      .when(C.TransferPower, transfer)
      .thenAmong(E.PowerTransferred, transfer)
      .thenAmong(ClockStarted, { bodyId: 'body-2', item: '2' });
    given(powerDecider, listed).when(C.TransferPower, transfer).thenRefused('power.unknown_body', 'B03');
    const state = evolved(powerDecider, listed, event(E.PowerTransferred, transfer));
    expect([isPowerOf(state, 'body-1', '2026-03-31'), isPowerOf(state, 'body-1', '2026-04-01')]).toEqual([true, false]);
  });

  it('a cancelled power is out of force from that day and is changed no more', () => {
    const cancelled = event(E.PowerCancelled, { reason: '依据废止', cancelledOn: '2026-03-15' });
    given(powerDecider, listed).when(C.CancelPower, { reason: '依据废止', cancelledOn: '2026-03-15' }).then(cancelled);
    const state = evolved(powerDecider, listed, cancelled);
    expect([isLive(state, '2026-03-14'), isLive(state, '2026-03-15')]).toEqual([true, false]);
    given(powerDecider, listed, cancelled)
      .when(C.AmendPower, { reason: '调整', validFrom: '2026-04-01' })
      .thenRefused('power.cancelled', 'B09');
  });

  it('revising the flowchart stops the clock, in time or not', () => {
    const revise = (at: string, inTime: boolean) =>
      given(powerDecider, listed, amended, flowchartDue)
        .at(`${at}T02:00:00.000Z`)
        .when(C.ReviseFlowchart, {})
        .then(
          event(E.FlowchartRevised, { powerVersion: 2, revisedOn: at }),
          event(ClockStopped, { clock: 'registry.flowchart_revision', item: '2', stoppedOn: at, inTime }),
        );
    revise('2026-04-08', true);
    revise('2026-04-09', false);
  });

  it('the program notes a flowchart not revised in time, once, and not on the last day', () => {
    const noteOn = (day: string, ...more: object[]) =>
      given(powerDecider, listed, amended, flowchartDue, ...more)
        .at(`${day}T02:00:00.000Z`)
        .as({ kind: 'system', roles: ['system'] })
        .when(NoteMissedClock, { clock: 'registry.flowchart_revision', item: '2' });
    noteOn('2026-04-08').thenNothing();
    noteOn('2026-04-09').thenAmong(ClockMissed, { dueOn: '2026-04-08', basis: 'B07' });
    noteOn('2026-04-10', event(ClockMissed, { ...flowchartDue, noticedOn: '2026-04-09' })).thenNothing();
  });
});
