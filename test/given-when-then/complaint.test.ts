import { Failure } from '../../src/kernel/errors';
import { event } from '../../src/kernel/event';
import { ClockMissed, ClockStarted, ClockStopped } from '../../src/clocks/clock-events';
import { validateCommand } from '../../src/ledger/deciding/command-validation';
import { NoteMissedClock } from '../../src/clocks/missed-clock';
import { startClock } from '../../src/clocks/stream-clocks';
import { complaintDecider } from '../../src/oversight/complaint';
import * as command from '../../src/oversight/complaint-commands';
import * as E from '../../src/oversight/complaint-events';
import { MISCONDUCT, SOURCES, TOPICS } from '../../src/oversight/complaint-lists';
import { bodyDecider } from '../../src/registry/body';
import { officerDecider } from '../../src/registry/officer';
import { BodyRegistered, OfficerRegistered } from '../../src/registry/registry-events';
import { given, past } from './specification';

const REGISTERED = event(BodyRegistered, {
  name: '明镜市城市管理局',
  kind: 'statutory',
  region: '明镜市',
  uscc: '11230500001755309F',
  legalRepresentative: '张某',
  legalBasis: ['行政处罚法第17条'],
  officeAddress: '明镜市清风路1号',
  supervisionPhone: '0000-12345',
  supervisionEmail: 'supervise@mingjing.example',
});
const staffOf = (bodyId: string): object =>
  event(OfficerRegistered, { name: '李四', bodyId, post: '科员', unit: '一中队', employment: 'civil_servant' });

const RECEIPT = 'T20260310-7KQM-2XWD-9HTR';
const REPORT = {
  topic: 'inaction',
  source: 'report',
  bodyId: 'body-1',
  misconduct: ['things_hard_to_do'],
  anonymous: false,
  text: '反映三次，无人答复。',
  name: '张三',
  contact: '000-0000-0001',
};
const NAMED = event(E.ComplaintLodged, { ...REPORT, complainantId: `complainant-${RECEIPT}`, reachable: true });
const ANONYMOUS = event(E.ComplaintLodged, {
  topic: 'charge',
  source: 'report',
  bodyId: 'body-1',
  misconduct: [],
  anonymous: true,
  complainantId: `complainant-${RECEIPT}`,
  reachable: false,
  text: '多收费。',
});
const MARCH_10 = '2026-03-10';
const ACCEPTING = startClock('complaints.acceptance', MARCH_10, 'body-1');
const ANSWERING = startClock('complaints.answer', MARCH_10, 'body-1');
const TELLING = startClock('complaints.inform_reporter', MARCH_10, 'body-1');
const ACCEPTED = event(E.ComplaintAccepted, { acceptedOn: MARCH_10 });
const FOUND = event(E.ComplaintFindingRecorded, {
  result: 'substantiated',
  facts: '属实。',
  misconduct: ['things_hard_to_do'],
  officerIds: ['officer-9'],
});
const ANSWERED = event(E.ComplaintAnswered, {
  answeredOn: MARCH_10,
  complainantId: `complainant-${RECEIPT}`,
  answer: '已批评教育。',
});
const TOLD = event(E.ComplainantInformed, { of: 'answer', informedOn: MARCH_10, means: 'telephone' });
const CITIZEN = { kind: 'public', account: 'public', officer: undefined, body: undefined, roles: [] } as const;

describe('lodging (J01, J02)', () => {
  const lodging = () =>
    given(complaintDecider).as(CITIZEN).addressedTo(RECEIPT).knowing(bodyDecider, 'body-1', REGISTERED);

  test('J01: anybody may lodge one, and the 7 working days to accept it start (投诉举报办法14)', () => {
    lodging().when(command.LodgeComplaint, REPORT).then(NAMED, ACCEPTING);
    expect(ACCEPTING).toMatchObject({ days: 7, dayKind: 'working', dueOn: '2026-03-19', bodyId: 'body-1' });
    expect(complaintDecider.rules.find((r) => r.command === command.LodgeComplaint)?.may).toContain('anyone');
  });

  test('an anonymous complaint is taken, and keeps no name', () => {
    const { name: _name, contact: _contact, ...unnamed } = REPORT;
    lodging()
      .when(command.LodgeComplaint, { ...unnamed, anonymous: true })
      .thenAmong(E.ComplaintLodged, { anonymous: true, reachable: false });
  });

  test('投诉举报办法9: named means a name and a way to be reached; anonymous means no name', () => {
    lodging()
      .when(command.LodgeComplaint, { ...REPORT, contact: undefined })
      .thenRefused('complaint.name_and_anonymity', '第9条');
    lodging()
      .when(command.LodgeComplaint, { ...REPORT, anonymous: true })
      .thenRefused('complaint.name_and_anonymity');
  });

  test('J02: what officials found by visiting is not for the public to claim', () => {
    lodging()
      .when(command.LodgeComplaint, { ...REPORT, source: 'inspection_visit' })
      .thenRefused('complaint.source_not_public', 'J02');
  });

  test('J03: without a receipt number nobody from outside learns whether a complaint is there', () => {
    for (const events of [[], [NAMED]]) {
      given(complaintDecider, ...events)
        .as(CITIZEN)
        .addressedTo('c-1')
        .knowing(bodyDecider, 'body-1', REGISTERED)
        .when(command.LodgeComplaint, REPORT)
        .thenRefused('complaint.receipt_required', 'J03');
    }
  });

  test('A01: a complaint about a body nobody registered is refused', () => {
    lodging()
      .when(command.LodgeComplaint, { ...REPORT, bodyId: 'body-7' })
      .thenRefused('complaint.unknown_body', 'A01');
  });

  test('J01, J02, C13: eleven topics, seven sources, a closed list of misconduct', () => {
    expect([TOPICS.length, SOURCES.length, MISCONDUCT.length]).toEqual([11, 7, 13]);
    const send = (fields: object) => () =>
      validateCommand(Object.assign(new command.LodgeComplaint(), { ...REPORT, ...fields }));
    expect(send({})).not.toThrow();
    for (const bad of [
      { topic: 'weather' },
      { source: 'rumour' },
      { misconduct: ['late'] },
      { text: '字'.repeat(5001) },
      { text: '' },
      { ip: '10.0.0.1' },
    ]) {
      expect(send(bad)).toThrow(Failure);
    }
  });
});

describe('acceptance (投诉举报办法14, 15)', () => {
  test('accepting starts the time to answer; the 7 days run on until the complainant is told', () => {
    given(complaintDecider, NAMED, ACCEPTING).when(command.AcceptComplaint, {}).then(ACCEPTED, ANSWERING);
    given(complaintDecider, NAMED, ACCEPTING, ACCEPTED)
      .when(command.InformComplainant, { of: 'acceptance', means: 'telephone' })
      .then(
        event(E.ComplainantInformed, { of: 'acceptance', informedOn: MARCH_10, means: 'telephone' }),
        event(ClockStopped, { clock: 'complaints.acceptance', item: '', stoppedOn: MARCH_10, inTime: true }),
      );
  });

  test('with nobody to tell, the decision itself stops the clock, late when it is late', () => {
    given(complaintDecider, ANONYMOUS, ACCEPTING)
      .at('2026-03-20T02:00:00.000Z')
      .when(command.AcceptComplaint, {})
      .thenAmong(ClockStopped, { clock: 'complaints.acceptance', inTime: false });
  });

  test('a refusal carries the article of its ground', () => {
    given(complaintDecider, NAMED, ACCEPTING)
      .when(command.RefuseComplaint, { ground: 'too_late', explanation: '已逾三年。' })
      .then(
        event(E.ComplaintRefused, {
          refusedOn: MARCH_10,
          ground: 'too_late',
          basis: '市场监督管理投诉举报处理暂行办法第15条第4项',
          explanation: '已逾三年。',
        }),
      );
  });

  test('what is accepted cannot be refused any more', () => {
    given(complaintDecider, NAMED, ACCEPTED)
      .when(command.RefuseComplaint, { ground: 'no_dispute', explanation: '无' })
      .thenRefused('complaint.wrong_stage', 'J03');
  });
});

describe('who handles it', () => {
  test('C07: the first owner stays first through every later assignment', () => {
    given(
      complaintDecider,
      NAMED,
      event(E.ComplaintAssigned, { officerId: 'o-1', unit: '一中队', firstOwnerId: 'o-1' }),
    )
      .knowing(officerDecider, 'o-2', staffOf('body-1'))
      .when(command.AssignComplaint, { officerId: 'o-2', unit: '法制科' })
      .then(event(E.ComplaintAssigned, { officerId: 'o-2', unit: '法制科', firstOwnerId: 'o-1' }));
  });

  test('C07: an officer of another body cannot own it', () => {
    given(complaintDecider, NAMED)
      .knowing(officerDecider, 'o-3', staffOf('body-2'))
      .when(command.AssignComplaint, { officerId: 'o-3', unit: '二中队' })
      .thenRefused('complaint.owner_of_other_body', 'C07');
  });

  test('投诉举报办法37: a transfer ends the clocks here and starts the other body’s', () => {
    given(complaintDecider, NAMED, ACCEPTING)
      .knowing(bodyDecider, 'body-2', REGISTERED)
      .when(command.TransferComplaint, { toBodyId: 'body-2', reason: '属其职责。' })
      .thenAmong(ClockStopped, { clock: 'complaints.acceptance' })
      .thenAmong(ClockStarted, { clock: 'complaints.acceptance', bodyId: 'body-2' });
    given(complaintDecider, NAMED)
      .knowing(bodyDecider, 'body-1', REGISTERED)
      .when(command.TransferComplaint, { toBodyId: 'body-1', reason: '无' })
      .thenRefused('complaint.transfer_to_itself');
  });

  test('J03: nobody looks into, or answers, a complaint about himself', () => {
    const finding = { result: 'partly', facts: '部分属实。', misconduct: [], officerIds: ['officer-1'] };
    given(complaintDecider, NAMED, ACCEPTED)
      .when(command.RecordComplaintFinding, finding)
      .thenRefused('complaint.own_cause');
    given(complaintDecider, NAMED, ACCEPTED, FOUND)
      .as({ officer: 'officer-9' })
      .when(command.AnswerComplaint, { answer: '无此事。' })
      .thenRefused('complaint.own_cause');
  });

  test('C13: what was not substantiated names no misconduct', () => {
    given(complaintDecider, NAMED, ACCEPTED)
      .when(command.RecordComplaintFinding, {
        result: 'unsubstantiated',
        facts: '查无实据。',
        misconduct: ['extortion'],
        officerIds: [],
      })
      .thenRefused('complaint.misconduct_without_finding', 'C13');
  });
});

describe('the answer (J03: 有案必查、有问必答)', () => {
  test('there is no answer before a finding', () => {
    given(complaintDecider, NAMED, ACCEPTED)
      .when(command.AnswerComplaint, { answer: '收悉。' })
      .thenRefused('complaint.not_looked_into', 'J03');
  });

  test('投诉举报办法31: the answer starts the 5 working days to tell the complainant', () => {
    given(complaintDecider, NAMED, ACCEPTED, ANSWERING, FOUND)
      .when(command.AnswerComplaint, { answer: '已批评教育。' })
      .then(
        ANSWERED,
        event(ClockStopped, { clock: 'complaints.answer', item: '', stoppedOn: MARCH_10, inTime: true }),
        TELLING,
      );
    expect(TELLING).toMatchObject({ days: 5, dayKind: 'working', dueOn: '2026-03-17' });
  });

  test('信访工作条例34: the time to answer is extended once, with a reason, while it still runs', () => {
    const extend = (...events: object[]) => given(complaintDecider, NAMED, ACCEPTED, ...events).as({ roles: ['head'] });
    extend(ANSWERING)
      .when(command.ExtendComplaint, { reason: '情况复杂。' })
      .thenAmong(E.ComplaintExtended, { reason: '情况复杂。' });
    extend().when(command.ExtendComplaint, { reason: '情况复杂。' }).thenRefused('clock.cannot_extend');
    extend(ANSWERING)
      .at('2026-07-01T02:00:00.000Z')
      .when(command.ExtendComplaint, { reason: '情况复杂。' })
      .thenRefused('clock.cannot_extend');
  });

  test('only what has happened can be told, and only to somebody who can be reached', () => {
    given(complaintDecider, NAMED, ACCEPTED)
      .when(command.InformComplainant, { of: 'answer', means: 'letter' })
      .thenRefused('complaint.nothing_to_tell');
    given(complaintDecider, ANONYMOUS, ACCEPTED, FOUND, ANSWERED)
      .when(command.InformComplainant, { of: 'answer', means: 'letter' })
      .thenRefused('complaint.nobody_to_inform');
  });
});

describe('no silent close (J03, J06)', () => {
  const accepted = [NAMED, ACCEPTED, FOUND];
  const ordered = event(E.ComplaintRectificationOrdered, { what: '整改窗口服务。', dueOn: '2026-04-10' });
  const confirmed = event(E.ComplaintRectificationConfirmed, { confirmedOn: MARCH_10, result: '已整改。' });

  test('refused before the answer, and before the complainant is told of it', () => {
    given(complaintDecider, ...accepted)
      .when(command.CloseComplaint, { closing: 'explained' })
      .thenRefused('complaint.not_answered', 'J03');
    given(complaintDecider, ...accepted, ANSWERED)
      .when(command.CloseComplaint, { closing: 'explained' })
      .thenRefused('complaint.not_informed', 'J03');
    given(complaintDecider, ...accepted, ANSWERED, TOLD, ANSWERED)
      .when(command.CloseComplaint, { closing: 'explained' })
      .thenRefused('complaint.not_informed');
  });

  test('closed once answered and told; an anonymous one once answered', () => {
    given(complaintDecider, ...accepted, ANSWERED, TOLD)
      .when(command.CloseComplaint, { closing: 'explained' })
      .then(event(E.ComplaintClosed, { closing: 'explained' }));
    given(complaintDecider, ANONYMOUS, ACCEPTED, FOUND, ANSWERED)
      .when(command.CloseComplaint, { closing: 'referred' })
      .then(event(E.ComplaintClosed, { closing: 'referred' }));
  });

  test('one that was not accepted closes only after its refusal is told', () => {
    const refused = event(E.ComplaintRefused, {
      refusedOn: MARCH_10,
      ground: 'no_dispute',
      basis: '第15条',
      explanation: '无',
    });
    given(complaintDecider, NAMED, refused)
      .when(command.CloseComplaint, { closing: 'not_accepted' })
      .thenRefused('complaint.not_informed');
    given(
      complaintDecider,
      NAMED,
      refused,
      event(E.ComplainantInformed, { of: 'refusal', informedOn: MARCH_10, means: 'letter' }),
    )
      .when(command.CloseComplaint, { closing: 'not_accepted' })
      .then(event(E.ComplaintClosed, { closing: 'not_accepted' }));
  });

  test('an ordered rectification keeps it open until it is confirmed', () => {
    given(complaintDecider, ...accepted, ordered, ANSWERED, TOLD)
      .when(command.CloseComplaint, { closing: 'rectified' })
      .thenRefused('complaint.rectification_open', 'J03');
    given(complaintDecider, ...accepted, ordered, confirmed, ANSWERED, TOLD)
      .when(command.CloseComplaint, { closing: 'rectified' })
      .then(event(E.ComplaintClosed, { closing: 'rectified' }));
  });

  test('J06: the closing code must be true', () => {
    for (const closing of ['rectified', 'unsubstantiated', 'not_accepted']) {
      given(complaintDecider, ...accepted, ANSWERED, TOLD)
        .when(command.CloseComplaint, { closing })
        .thenRefused('complaint.closing_does_not_fit', 'J06');
    }
  });

  test('rectification follows a finding, is due in the future, and is confirmed only if ordered', () => {
    const supervisor = (...events: object[]) => given(complaintDecider, ...events).as({ roles: ['supervisor'] });
    const order = { what: '整改窗口服务。', dueOn: '2026-04-10' };
    supervisor(...accepted)
      .when(command.OrderComplaintRectification, order)
      .then(ordered);
    supervisor(NAMED, ACCEPTED)
      .when(command.OrderComplaintRectification, order)
      .thenRefused('complaint.nothing_to_rectify');
    supervisor(...accepted)
      .when(command.OrderComplaintRectification, { ...order, dueOn: '2026-03-09' })
      .thenRefused('complaint.due_in_the_past');
    supervisor(...accepted)
      .when(command.ConfirmComplaintRectification, { result: '好' })
      .thenRefused('complaint.no_rectification_ordered');
    supervisor(...accepted, ordered)
      .when(command.ConfirmComplaintRectification, { result: '已整改。' })
      .then(confirmed);
  });

  test('J03: a reopened complaint owes a new finding, a new answer and a new word to the complainant', () => {
    const closed = [...accepted, ANSWERED, TOLD, event(E.ComplaintClosed, { closing: 'explained' })];
    const reopened = event(E.ComplaintReopened, { reason: '投诉人不服。' });
    given(complaintDecider, ...closed)
      .as({ roles: ['supervisor'] })
      .when(command.ReopenComplaint, { reason: '投诉人不服。' })
      .then(reopened, ANSWERING);
    given(complaintDecider, ...closed, reopened)
      .when(command.CloseComplaint, { closing: 'explained' })
      .thenRefused('complaint.not_answered');
  });

  test('J03: only a substantiated one is publicised as a typical case, once closed', () => {
    const typical = { title: '窗口服务典型案例', summary: '某窗口推诿，已整改。' };
    const publicize = (...events: object[]) => given(complaintDecider, ...events).as({ roles: ['supervisor'] });
    publicize(...accepted)
      .when(command.PublicizeComplaint, typical)
      .thenRefused('complaint.wrong_stage');
    const nothing = event(E.ComplaintFindingRecorded, { ...FOUND, result: 'unsubstantiated' });
    const closed = event(E.ComplaintClosed, { closing: 'unsubstantiated' });
    publicize(NAMED, ACCEPTED, nothing, closed)
      .when(command.PublicizeComplaint, typical)
      .thenRefused('complaint.not_a_typical_case');
    publicize(...accepted, closed)
      .when(command.PublicizeComplaint, { ...typical, summary: '投诉人电话 13800138000。' })
      .thenRefused('complaint.personal_data');
    publicize(...accepted, closed)
      .when(command.PublicizeComplaint, typical)
      .then(event(E.ComplaintPublicized, typical));
  });
});

describe('missed clocks (L01)', () => {
  const missed = { clock: 'complaints.acceptance' };
  const system = (now: string, ...events: object[]) =>
    given(complaintDecider, past('2026-03-10T02:00:00.000Z', NAMED), ACCEPTING, ...events)
      .as({ kind: 'system', roles: ['system'], officer: undefined })
      .at(now);

  test('on the due date itself it is not missed; the day after it is, once', () => {
    system('2026-03-19T15:59:59.000Z').when(NoteMissedClock, missed).thenNothing();
    const noted = system('2026-03-19T16:00:00.000Z').when(NoteMissedClock, missed);
    noted.thenAmong(ClockMissed, { clock: 'complaints.acceptance', dueOn: '2026-03-19', noticedOn: '2026-03-20' });
    system('2026-03-21T02:00:00.000Z', ...noted.events)
      .when(NoteMissedClock, missed)
      .thenNothing();
  });

  test('a missed clock still has to be stopped, and says that it was late', () => {
    const [noted] = system('2026-03-20T02:00:00.000Z').when(NoteMissedClock, missed).events;
    given(complaintDecider, NAMED, ACCEPTING, noted, ACCEPTED)
      .at('2026-03-23T02:00:00.000Z')
      .when(command.InformComplainant, { of: 'acceptance', means: 'letter' })
      .thenAmong(ClockStopped, { inTime: false });
  });

  test('a clock that does not run cannot be missed', () => {
    system('2026-06-01T02:00:00.000Z').when(NoteMissedClock, { clock: 'complaints.answer' }).thenNothing();
  });
});
