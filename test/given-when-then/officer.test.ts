import { event } from '../../src/kernel/event';
import { bodyDecider } from '../../src/registry/body';
import { credentialOn, holdsCredential, officerDecider, postingOn } from '../../src/registry/officer';
import * as C from '../../src/registry/officer-commands';
import * as E from '../../src/registry/registry-events';
import { evolved } from './evolved';
import { given } from './specification';

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
const person = { name: '李四', bodyId: 'body-1', post: '科员', employment: 'civil_servant' as const };
const registered = event(E.OfficerRegistered, person);
const trained = event(E.OfficerTrained, { subject: '行政处罚法', hours: 40, trainedOn: '2026-01-10' });
const examined = event(E.OfficerExamined, { kind: 'credential', score: 88, passed: true, examinedOn: '2026-01-20' });
const credential = {
  number: 'MJ0001',
  kind: 'enforcement' as const,
  category: '城市管理',
  area: '明镜市',
  issuedBy: '明镜市政府',
  validFrom: '2026-02-01',
  validUntil: '2031-01-31',
};
const issued = event(E.CredentialIssued, credential);
const ready = [registered, trained, examined];

const days = (events: object[], ...on: string[]) => {
  const state = evolved(officerDecider, ...events);
  return on.map((day) => holdsCredential(state, day));
};

describe('A04 training and examination before a credential', () => {
  it('registers an officer of a registered body', () => {
    given(officerDecider).knowing(bodyDecider, 'body-1', body).when(C.RegisterOfficer, person).then(registered);
    given(officerDecider).when(C.RegisterOfficer, person).thenRefused('officer.unknown_body', 'A06');
    given(officerDecider, registered)
      .knowing(bodyDecider, 'body-1', body)
      .when(C.RegisterOfficer, person)
      .thenRefused('officer.registered_already', 'A06');
  });

  it('refuses anything about an officer who is not registered', () =>
    given(officerDecider).when(C.StandDown, { reason: '调查' }).thenRefused('officer.not_registered', 'A06'));

  it('issues a credential after training and a passed examination', () =>
    given(officerDecider, ...ready)
      .when(C.IssueCredential, credential)
      .then(issued));

  it('refuses without training', () =>
    given(officerDecider, registered, examined)
      .when(C.IssueCredential, credential)
      .thenRefused('officer.training_required', 'A04'));

  it('refuses without a passed examination', () => {
    given(officerDecider, registered, trained)
      .when(C.IssueCredential, credential)
      .thenRefused('officer.examination_required', 'A04');
    const failed = event(E.OfficerExamined, { kind: 'credential', score: 40, passed: false, examinedOn: '2026-01-25' });
    given(officerDecider, ...ready, failed)
      .when(C.IssueCredential, credential)
      .thenRefused('officer.examination_required', 'A04');
  });

  it('refuses a credential that starts before the examination', () =>
    given(officerDecider, ...ready)
      .when(C.IssueCredential, { ...credential, validFrom: '2026-01-19' })
      .thenRefused('officer.examination_required', 'A04'));

  it('refuses one that ends before it begins, or a second of its kind', () => {
    given(officerDecider, ...ready)
      .when(C.IssueCredential, { ...credential, validUntil: '2026-01-31' })
      .thenRefused('officer.credential_term', 'A04');
    given(officerDecider, ...ready, issued)
      .when(C.IssueCredential, { ...credential, number: 'MJ0002' })
      .thenRefused('officer.credential_held', 'A04');
  });

  it('renews it from the day after the old one ends', () => {
    given(officerDecider, ...ready, issued)
      .when(C.IssueCredential, { ...credential, number: 'MJ0002', validFrom: '2031-02-01', validUntil: '2036-01-31' })
      .thenAmong(E.CredentialIssued, { number: 'MJ0002' });
  });

  it('is valid from its first to its last day, and not the day after', () =>
    expect(days([...ready, issued], '2026-01-31', '2026-02-01', '2031-01-31', '2031-02-01')).toEqual([
      false,
      true,
      true,
      false,
    ]));

  it('is void while suspended and after revocation', () => {
    const suspended = event(E.CredentialSuspended, { number: 'MJ0001', suspendedOn: '2026-03-01', reason: '调查' });
    const reinstated = event(E.CredentialReinstated, { number: 'MJ0001', reinstatedOn: '2026-03-10', reason: '查清' });
    const revoked = event(E.CredentialRevoked, { number: 'MJ0001', revokedOn: '2026-04-01', reason: '转岗' });
    expect(
      days([...ready, issued, suspended, reinstated, revoked], '2026-02-28', '2026-03-01', '2026-03-10', '2026-04-01'),
    ).toEqual([true, false, true, false]);
  });

  it('suspending twice records once; an unknown number is refused', () => {
    const suspended = event(E.CredentialSuspended, { number: 'MJ0001', suspendedOn: '2026-03-10', reason: '调查' });
    given(officerDecider, ...ready, issued)
      .when(C.SuspendCredential, { number: 'MJ0001', reason: '调查' })
      .then(suspended);
    given(officerDecider, ...ready, issued, suspended)
      .when(C.SuspendCredential, { number: 'MJ0001', reason: '调查' })
      .thenNothing();
    for (const command of [C.SuspendCredential, C.ReinstateCredential, C.RevokeCredential]) {
      given(officerDecider, ...ready, issued)
        .when(command, { number: 'MJ9', reason: '调查' })
        .thenRefused('officer.no_such_credential', 'A04');
    }
  });

  it('a supervision credential does not stand in for an enforcement credential', () => {
    const state = evolved(officerDecider, ...ready, event(E.CredentialIssued, { ...credential, kind: 'supervision' }));
    expect(holdsCredential(state, '2026-03-10')).toBe(false);
    expect(credentialOn(state, '2026-03-10', 'supervision')?.number).toBe('MJ0001');
  });
});

describe('A05 who may not enforce', () => {
  it.each(['contract', 'temporary'] as const)('refuses a credential to %s staff', (employment) =>
    given(officerDecider, event(E.OfficerRegistered, { ...person, employment }), trained, examined)
      .when(C.IssueCredential, credential)
      .thenRefused('officer.not_eligible', 'A05'),
  );

  it('a disqualified officer acts no more and gets no credential', () => {
    const disqualified = event(E.OfficerDisqualified, { disqualifiedOn: '2026-03-01', reason: '严重违法' });
    expect(days([...ready, issued, disqualified], '2026-02-28', '2026-03-01')).toEqual([true, false]);
    given(officerDecider, ...ready, disqualified)
      .when(C.IssueCredential, credential)
      .thenRefused('officer.disqualified', 'A05');
  });

  it('disqualifying twice records once', () => {
    const disqualified = event(E.OfficerDisqualified, { disqualifiedOn: '2026-03-10', reason: '严重违法' });
    given(officerDecider, registered).when(C.Disqualify, { reason: '严重违法' }).then(disqualified);
    given(officerDecider, registered, disqualified).when(C.Disqualify, { reason: '严重违法' }).thenNothing();
  });

  it('a credential is of the body it was issued in: in another one it is no longer valid', () => {
    const moved = event(E.OfficerReassigned, { bodyId: 'body-2', post: '科员', from: '2026-03-01', reason: '调动' });
    expect(days([...ready, issued, moved], '2026-02-28', '2026-03-01')).toEqual([true, false]);
    const state = evolved(officerDecider, ...ready, issued, moved);
    expect(state.bodyId).toBe('body-2');
    expect(postingOn(state, '2026-02-28')?.bodyId).toBe('body-1');
    given(officerDecider, registered)
      .knowing(bodyDecider, 'body-2', body)
      .when(C.Reassign, { bodyId: 'body-2', post: '科员', reason: '调动' })
      .thenAmong(E.OfficerReassigned, { bodyId: 'body-2', from: '2026-03-10' });
    given(officerDecider, registered)
      .when(C.Reassign, { bodyId: 'body-9', post: '科员', reason: '调动' })
      .thenRefused('officer.unknown_body');
  });
});

describe('A07 annual review', () => {
  const opened = event(E.AnnualReviewOpened, { year: 2026, cause: 'annual', openedOn: '2026-03-01', faults: [] });
  const failed = event(E.AnnualReviewFailed, { year: 2026, failedOn: '2026-03-05', reason: '考核不合格' });
  const retraining = event(E.SentForRetraining, { from: '2026-03-05' });
  const retrained = event(E.OfficerTrained, { subject: '补训', hours: 20, trainedOn: '2026-03-08' });

  it('is opened once a year', () => {
    given(officerDecider, ...ready)
      .occurred('2026-03-01T02:00:00.000Z')
      .when(C.OpenAnnualReview, { year: 2026 })
      .then(opened);
    given(officerDecider, ...ready, opened)
      .when(C.OpenAnnualReview, { year: 2026 })
      .thenNothing();
    given(officerDecider, ...ready, opened)
      .when(C.OpenAnnualReview, { year: 2027 })
      .thenRefused('officer.review_open', 'A07');
    given(officerDecider, ...ready, opened, event(E.AnnualReviewPassed, { year: 2026, passedOn: '2026-03-02' }))
      .when(C.OpenAnnualReview, { year: 2026 })
      .thenNothing();
  });

  it('passing or failing needs an open review', () => {
    given(officerDecider, ...ready)
      .when(C.PassAnnualReview, {})
      .thenRefused('officer.no_open_review', 'A07');
    given(officerDecider, ...ready)
      .when(C.FailAnnualReview, { reason: '不合格' })
      .thenRefused('officer.no_open_review', 'A07');
  });

  it('failing it takes the officer off duty for retraining', () => {
    given(officerDecider, ...ready, issued, opened)
      .occurred('2026-03-05T02:00:00.000Z')
      .when(C.FailAnnualReview, { reason: '考核不合格' })
      .then(failed, retraining);
    expect(days([...ready, issued, opened, failed, retraining], '2026-03-04', '2026-03-05')).toEqual([true, false]);
  });

  it('after a failure retraining comes before the next review', () =>
    given(officerDecider, ...ready, opened, failed, retraining)
      .when(C.PassAnnualReview, {})
      .thenRefused('officer.retraining_required', 'A07'));

  it('passing after retraining returns the officer to duty', () => {
    given(officerDecider, ...ready, opened, failed, retraining, retrained)
      .when(C.PassAnnualReview, {})
      .thenAmong(E.AnnualReviewPassed, { year: 2026 })
      .thenAmong(E.OfficerReturnedToDuty, { after: 'retraining', from: '2026-03-10' });
    const back = event(E.OfficerReturnedToDuty, { after: 'retraining', from: '2026-03-10', reason: '合格' });
    expect(days([...ready, issued, opened, failed, retraining, retrained, back], '2026-03-09', '2026-03-10')).toEqual([
      false,
      true,
    ]);
  });

  it('failing again removes the officer from post', () => {
    given(officerDecider, ...ready, opened, failed, retraining, retrained)
      .when(C.FailAnnualReview, { reason: '仍不合格' })
      .thenAmong(E.RemovedFromPost, { removedOn: '2026-03-10' });
    given(officerDecider, ...ready, event(E.RemovedFromPost, { removedOn: '2026-03-10', reason: '仍不合格' }))
      .when(C.IssueCredential, credential)
      .thenRefused('officer.removed_from_post', 'A07');
  });
});

describe('A07, L05 two faults within rolling twelve months', () => {
  const first = event(E.OfficerFaultRecorded, { faultOn: '2025-03-10', description: '超期', matterId: 'matter-1' });
  const second = { description: '程序错误', matterId: 'matter-2' };
  const investigator = { roles: ['investigator'] };

  it('the first is recorded and opens nothing', () =>
    given(officerDecider, registered)
      .as(investigator)
      .when(C.RecordFault, second)
      .then(event(E.OfficerFaultRecorded, { ...second, faultOn: '2026-03-10' })));

  it('the second on the last day of the twelve months opens a review naming both', () => {
    given(officerDecider, registered, first)
      .as(investigator)
      .when(C.RecordFault, second)
      .thenAmong(E.AnnualReviewOpened, { cause: 'faults', faults: ['matter-1', 'matter-2'], openedOn: '2026-03-10' });
  });

  it('one day later it does not', () =>
    given(officerDecider, registered, first)
      .at('2026-03-11T02:00:00.000Z')
      .when(C.RecordFault, second)
      .then(event(E.OfficerFaultRecorded, { ...second, faultOn: '2026-03-11' })));

  it('counts by when the fault happened, not by when it was recorded', () => {
    given(officerDecider, registered, first)
      .at('2026-11-10T02:00:00.000Z')
      .occurred('2025-04-01T02:00:00.000Z')
      .when(C.RecordFault, second)
      .thenAmong(E.AnnualReviewOpened, { cause: 'faults', faults: ['matter-1', 'matter-2'] });
  });

  it('opens no second review while one is open', () =>
    given(
      officerDecider,
      registered,
      first,
      event(E.AnnualReviewOpened, { year: 2026, cause: 'annual', openedOn: '2026-03-01', faults: [] }),
    )
      .when(C.RecordFault, second)
      .then(event(E.OfficerFaultRecorded, { ...second, faultOn: '2026-03-10' })));

  it('the same fault told twice counts once; one without a source is refused', () => {
    given(officerDecider, registered, first)
      .when(C.RecordFault, { description: '超期', matterId: 'matter-1' })
      .thenNothing();
    given(officerDecider, registered)
      .when(C.RecordFault, { description: '超期' })
      .thenRefused('officer.fault_without_source', 'L05');
  });
});

describe('A07, L03, L05 a fault that an appeal lifts', () => {
  const fault = (number: number, faultOn: string) =>
    event(E.OfficerFaultRecorded, { faultOn, description: '超期', matterId: `matter-${number}` });
  const first = fault(1, '2025-09-10');
  const second = fault(2, '2026-01-10');
  const opened = (...faults: string[]) =>
    event(E.AnnualReviewOpened, { year: 2026, cause: 'faults', openedOn: '2026-01-10', faults });
  const lift = { matterId: 'matter-1', reason: '复核撤销认定' };
  const lifted = event(E.OfficerFaultLifted, { ...lift, liftedOn: '2026-03-10' });
  const program = { roles: ['system'] };

  it('is lifted once, and nothing when there is none', () => {
    given(officerDecider, registered, first).as(program).when(C.LiftFault, lift).then(lifted);
    given(officerDecider, registered, first, lifted).as(program).when(C.LiftFault, lift).thenNothing();
    given(officerDecider, registered, second).as(program).when(C.LiftFault, lift).thenNothing();
  });

  it('counts no longer towards the two in twelve months, and is not recorded again', () => {
    const next = { description: '程序错误', matterId: 'matter-3' };
    given(officerDecider, registered, first, lifted)
      .when(C.RecordFault, next)
      .then(event(E.OfficerFaultRecorded, { ...next, faultOn: '2026-03-10' }));
    given(officerDecider, registered, first, lifted)
      .when(C.RecordFault, { description: '超期', matterId: 'matter-1' })
      .thenNothing();
  });

  it('ends the review that was opened only because of it', () => {
    const lapsed = event(E.AnnualReviewLapsed, { year: 2026, lapsedOn: '2026-03-10', fault: 'matter-1' });
    const record = [registered, first, second, opened('matter-1', 'matter-2')];
    given(officerDecider, ...record)
      .as(program)
      .when(C.LiftFault, lift)
      .then(lifted, lapsed);
    given(officerDecider, ...record, lifted, lapsed)
      .occurred('2026-03-01T02:00:00.000Z')
      .when(C.OpenAnnualReview, { year: 2026 })
      .thenAmong(E.AnnualReviewOpened, { cause: 'annual' });
  });

  it('leaves a review open that other faults, its own failure or the year call for', () => {
    const third = fault(3, '2026-02-10');
    given(officerDecider, registered, first, second, opened('matter-1', 'matter-2'), third)
      .as(program)
      .when(C.LiftFault, lift)
      .then(lifted);
    const failed = event(E.AnnualReviewFailed, { year: 2026, failedOn: '2026-02-01', reason: '考核不合格' });
    given(officerDecider, registered, first, second, opened('matter-1', 'matter-2'), failed)
      .as(program)
      .when(C.LiftFault, lift)
      .then(lifted);
    const yearly = event(E.AnnualReviewOpened, { year: 2026, cause: 'annual', openedOn: '2026-01-05', faults: [] });
    given(officerDecider, registered, first, yearly).as(program).when(C.LiftFault, lift).then(lifted);
  });

  it('older faults that led to a review of their own do not keep this one open', () => {
    const older = [fault(8, '2020-01-01'), fault(9, '2020-02-01')];
    given(officerDecider, registered, ...older, first, second, opened('matter-1', 'matter-2'))
      .as(program)
      .when(C.LiftFault, lift)
      .thenAmong(E.AnnualReviewLapsed, { fault: 'matter-1' });
  });
});

describe('L04 stand-down', () => {
  const stoodDown = event(E.OfficerStoodDown, { from: '2026-03-10', reason: '错案调查' });

  it('takes the officer off duty at once, once', () => {
    given(officerDecider, registered).when(C.StandDown, { reason: '错案调查' }).then(stoodDown);
    given(officerDecider, registered, stoodDown).when(C.StandDown, { reason: '错案调查' }).thenNothing();
    expect(days([...ready, issued, stoodDown], '2026-03-09', '2026-03-10')).toEqual([true, false]);
  });

  it('ends with the return to duty, which lifts no other bar', () => {
    given(officerDecider, registered, stoodDown)
      .when(C.ReturnToDuty, { reason: '查清' })
      .thenAmong(E.OfficerReturnedToDuty, { after: 'stand_down' });
    given(officerDecider, registered).when(C.ReturnToDuty, { reason: '查清' }).thenNothing();
    const back = event(E.OfficerReturnedToDuty, { after: 'stand_down', from: '2026-03-20', reason: '查清' });
    const retraining = event(E.SentForRetraining, { from: '2026-03-15' });
    expect(days([...ready, issued, stoodDown, back], '2026-03-19', '2026-03-20')).toEqual([false, true]);
    expect(days([...ready, issued, stoodDown, retraining, back], '2026-03-20')).toEqual([false]);
  });

  it('does not bring a disqualified officer back', () =>
    given(
      officerDecider,
      registered,
      stoodDown,
      event(E.OfficerDisqualified, { disqualifiedOn: '2026-03-10', reason: '错案' }),
    )
      .when(C.ReturnToDuty, { reason: '查清' })
      .thenRefused('officer.disqualified', 'A05'));
});

describe('A08 legal qualification of reviewers', () => {
  const passed = event(E.OfficerExamined, {
    kind: 'legal_qualification',
    score: 200,
    passed: true,
    examinedOn: '2025-11-30',
  });

  it('is recorded after the national examination', () => {
    given(officerDecider, registered, passed)
      .when(C.GrantLegalQualification, { certificateNumber: 'A2025' })
      .then(event(E.LegalQualificationGranted, { certificateNumber: 'A2025', grantedOn: '2026-03-10' }));
    const granted = event(E.LegalQualificationGranted, { certificateNumber: 'A2025', grantedOn: '2026-03-10' });
    expect(evolved(officerDecider, registered, passed, granted).legalQualification).toBe(true);
  });

  it('is refused without it', () =>
    given(officerDecider, registered, examined)
      .when(C.GrantLegalQualification, { certificateNumber: 'A2025' })
      .thenRefused('officer.legal_examination_required', 'A08'));
});
