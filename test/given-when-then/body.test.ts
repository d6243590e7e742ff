import { event } from '../../src/kernel/event';
import { bodyDecider, isAnnounced, leadersOn } from '../../src/registry/body';
import * as C from '../../src/registry/body-commands';
import * as E from '../../src/registry/registry-events';
import { evolved } from './evolved';
import { given } from './specification';

const details = {
  name: '明镜市城市管理行政执法局',
  region: '明镜市',
  uscc: '11230500001755309F',
  legalRepresentative: '张三',
  legalBasis: ['行政处罚法第17条'],
  officeAddress: '明镜市镜湖路1号',
  supervisionPhone: '0000-0000000',
  supervisionEmail: 'jiandu@mingjing.example',
};
const registered = event(E.BodyRegistered, { ...details, kind: 'statutory' });
const qualified = event(E.BodyReviewed, { qualified: true, reviewedOn: '2026-01-05' });
const filed = event(E.BodyFiledForRecord, { filedWith: '明镜市司法局', filedOn: '2026-01-06', reference: '备1' });
const announced = event(E.BodyAnnounced, { announcedOn: '2026-01-10', medium: '明镜日报' });
const certified = event(E.BodyCertificateIssued, { number: '证1', issuedBy: '明镜市政府', issuedOn: '2026-01-08' });

const entrustment = {
  document: '委托书〔2026〕1号',
  entrustingBodyId: 'body-1',
  scope: '市容处罚',
  from: '2026-03-01',
  until: '2026-12-31',
};
const station = { ...details, name: '镜湖街道执法站', kind: 'entrusted' as const };

describe('A01 kinds of body', () => {
  it('registers one of the four kinds with the published details', () =>
    given(bodyDecider)
      .when(C.RegisterBody, { ...details, kind: 'statutory' })
      .then(registered));

  it('refuses a second registration', () =>
    given(bodyDecider, registered)
      .when(C.RegisterBody, { ...details, kind: 'statutory' })
      .thenRefused('body.registered_already', 'A01'));

  it('refuses a unified social credit code that does not check (GB 32100)', () =>
    given(bodyDecider)
      .when(C.RegisterBody, { ...details, uscc: '91110000100000462T', kind: 'statutory' })
      .thenRefused('body.uscc_invalid'));

  it('refuses an entrusted organisation without its written entrustment (行政处罚法 20)', () =>
    given(bodyDecider).when(C.RegisterBody, station).thenRefused('body.entrustment_required', '行政处罚法第20条'));

  it('registers an entrusted organisation under an announced organ', () => {
    given(bodyDecider)
      .knowing(bodyDecider, 'body-1', registered, announced)
      .when(C.RegisterBody, { ...station, entrustment })
      .thenAmong(E.BodyRegistered, { kind: 'entrusted', entrustment });
  });

  it('refuses an entrustment handed on by an entrusted organisation (行政处罚法 20)', () =>
    given(bodyDecider)
      .knowing(bodyDecider, 'body-1', event(E.BodyRegistered, { ...station, entrustment }), announced)
      .when(C.RegisterBody, { ...station, entrustment })
      .thenRefused('body.entrusting_body_unfit', '行政处罚法第20条'));

  it('refuses an entrustment by a body that is not announced', () =>
    given(bodyDecider)
      .knowing(bodyDecider, 'body-1', registered)
      .when(C.RegisterBody, { ...station, entrustment })
      .thenRefused('body.entrusting_body_unfit'));

  it('refuses an entrustment that ends before it begins', () =>
    given(bodyDecider)
      .when(C.RegisterBody, { ...station, entrustment: { ...entrustment, until: '2026-02-01' } })
      .thenRefused('body.entrustment_term'));

  it('refuses an entrustment for a body that acts in its own right', () =>
    given(bodyDecider)
      .knowing(bodyDecider, 'body-1', registered, announced)
      .when(C.RegisterBody, { ...details, kind: 'authorised', entrustment })
      .thenRefused('body.entrustment_not_applicable', 'A01'));
});

describe('A01, A02 review, record, announcement', () => {
  it('refuses to file a body that did not pass its review', () =>
    given(bodyDecider, registered)
      .when(C.FileBodyForRecord, { filedWith: '明镜市司法局', reference: '备1' })
      .thenRefused('body.not_qualified', 'A01'));

  it('refuses to announce before the filing for record', () =>
    given(bodyDecider, registered, qualified)
      .when(C.AnnounceBody, { medium: '明镜日报' })
      .thenRefused('body.not_ready_to_announce', 'A02'));

  it('announces on the day it happened', () =>
    given(bodyDecider, registered, qualified, filed)
      .occurred('2026-01-09T16:30:00.000Z')
      .when(C.AnnounceBody, { medium: '明镜日报' })
      .then(announced));

  it('announcing again records nothing', () =>
    given(bodyDecider, registered, qualified, filed, announced)
      .when(C.AnnounceBody, { medium: '明镜日报' })
      .thenNothing());

  it('a removed body is reviewed anew before it is announced again', () =>
    given(
      bodyDecider,
      registered,
      qualified,
      filed,
      announced,
      event(E.BodyRemoved, { removedOn: '2026-02-01', reason: '机构撤并' }),
    )
      .when(C.AnnounceBody, { medium: '明镜日报' })
      .thenRefused('body.not_ready_to_announce'));

  it('refuses to remove what is not announced', () =>
    given(bodyDecider, registered).when(C.RemoveBody, { reason: '机构撤并' }).thenRefused('body.not_announced', 'A02'));

  it('refuses any act on a body that is not registered', () =>
    given(bodyDecider).when(C.ReviewBody, { qualified: true }).thenRefused('body.not_registered', 'A01'));

  it('a change of published details names only what changed; none is no event', () => {
    given(bodyDecider, registered)
      .when(C.ChangeBodyDetails, { officeAddress: '明镜市镜湖路2号' })
      .then(event(E.BodyDetailsChanged, { officeAddress: '明镜市镜湖路2号', changedOn: '2026-03-10' }));
    given(bodyDecider, registered).when(C.ChangeBodyDetails, {}).thenNothing();
  });

  it('may act from the day of its announcement until the day before its removal', () => {
    const removed = event(E.BodyRemoved, { removedOn: '2026-02-01', reason: '机构撤并' });
    const state = evolved(bodyDecider, registered, qualified, filed, announced, removed);
    expect(['2026-01-09', '2026-01-10', '2026-01-31', '2026-02-01'].map((on) => isAnnounced(state, on))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isAnnounced(undefined, '2026-01-10')).toBe(false);
  });

  it('may act only within the term of its entrustment (行政处罚法 20)', () => {
    const state = evolved(bodyDecider, event(E.BodyRegistered, { ...station, entrustment }), announced);
    expect(['2026-02-28', '2026-03-01', '2026-12-31', '2027-01-01'].map((on) => isAnnounced(state, on))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('A03 certificate', () => {
  it('is issued to a qualified body once', () => {
    const issue = { number: '证1', issuedBy: '明镜市政府' };
    given(bodyDecider, registered, qualified)
      .occurred('2026-01-08T02:00:00.000Z')
      .when(C.IssueBodyCertificate, issue)
      .then(certified);
    given(bodyDecider, registered).when(C.IssueBodyCertificate, issue).thenRefused('body.not_qualified', 'A03');
    given(bodyDecider, registered, qualified, certified)
      .when(C.IssueBodyCertificate, issue)
      .thenRefused('body.certificate_held', 'A03');
  });

  it('cannot be suspended, reinstated or revoked when there is none', () => {
    for (const command of [C.SuspendBodyCertificate, C.ReinstateBodyCertificate, C.RevokeBodyCertificate]) {
      given(bodyDecider, registered).when(command, { reason: '清理' }).thenRefused('body.no_certificate', 'A03');
    }
  });

  it('bars the body while it is suspended', () => {
    const suspended = event(E.BodyCertificateSuspended, { suspendedOn: '2026-02-01', reason: '整改' });
    const reinstated = event(E.BodyCertificateReinstated, { reinstatedOn: '2026-02-10', reason: '整改完成' });
    const state = evolved(bodyDecider, registered, qualified, filed, certified, announced, suspended, reinstated);
    expect(['2026-01-31', '2026-02-01', '2026-02-09', '2026-02-10'].map((on) => isAnnounced(state, on))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('bars the body once revoked, until a new one is issued', () => {
    const revoked = event(E.BodyCertificateRevoked, { revokedOn: '2026-02-01', reason: '违法' });
    const again = event(E.BodyCertificateIssued, { number: '证2', issuedBy: '明镜市政府', issuedOn: '2026-03-01' });
    const state = evolved(bodyDecider, registered, qualified, filed, certified, announced, revoked, again);
    expect(['2026-02-01', '2026-02-28', '2026-03-01'].map((on) => isAnnounced(state, on))).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('L06 responsibility chain', () => {
  const first = { role: 'first' as const, officerId: 'o-1' };
  const head = { role: 'unit_head' as const, officerId: 'o-3', unit: '执法一中队' };

  it('is set as a whole, from a day on', () => {
    given(bodyDecider, registered)
      .when(C.SetLeaders, { leaders: [first, head] })
      .then(event(E.LeadersSet, { leaders: [first, head], from: '2026-03-10' }));
    const state = evolved(bodyDecider, registered, event(E.LeadersSet, { leaders: [first], from: '2026-03-10' }));
    expect(leadersOn(state, '2026-03-09')).toEqual([]);
    expect(leadersOn(state, '2026-03-10')).toEqual([first]);
  });

  it('has exactly one first responsible person', () =>
    given(bodyDecider, registered)
      .when(C.SetLeaders, { leaders: [head] })
      .thenRefused('body.one_first_responsible', 'L06'));

  it('names the unit a deputy or head answers for', () =>
    given(bodyDecider, registered)
      .when(C.SetLeaders, { leaders: [first, { role: 'deputy', officerId: 'o-2' }] })
      .thenRefused('body.leader_without_unit', 'L06'));
});
