import { plainToInstance } from 'class-transformer';
import { Failure } from '../../src/kernel/errors';
import { event } from '../../src/kernel/event';
import { ClockStarted, ClockStopped } from '../../src/clocks/clock-events';
import { validateCommand } from '../../src/ledger/deciding/command-validation';
import { matterDecider } from '../../src/oversight/accountability';
import * as command from '../../src/oversight/accountability-commands';
import * as E from '../../src/oversight/accountability-events';
import { GROUNDS, MEASURES, SEVERITIES } from '../../src/oversight/accountability-lists';
import { bodyDecider } from '../../src/registry/body';
import { officerDecider } from '../../src/registry/officer';
import { BodyRegistered, LeadersSet, OfficerRegistered } from '../../src/registry/registry-events';
import { given, past } from './specification';

const BODY = event(BodyRegistered, {
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
const LEADERS = event(LeadersSet, {
  from: '2026-01-01',
  leaders: [
    { role: 'first', officerId: 'director' },
    { role: 'deputy', officerId: 'deputy', unit: '一中队' },
    { role: 'deputy', officerId: 'other-deputy', unit: '二中队' },
    { role: 'unit_head', officerId: 'captain', unit: '一中队' },
  ],
});
const OFFICER = event(OfficerRegistered, {
  name: '李四',
  bodyId: 'body-1',
  post: '科员',
  unit: '一中队',
  employment: 'civil_servant',
});

const CHAIN = [
  { role: 'officer', officerId: 'lisi' },
  { role: 'unit_head', officerId: 'captain' },
  { role: 'deputy', officerId: 'deputy' },
  { role: 'first', officerId: 'director' },
];
const MISSED = { kind: 'missed_clock', stream: 'case-1', eventId: '0193-a' };
const RAISED = event(E.ClueRaised, {
  ground: 'limit_overrun',
  origin: MISSED,
  bodyId: 'body-1',
  officerIds: ['lisi'],
  chain: CHAIN,
  summary: '九十日未作决定。',
});
const OPENED = event(E.MatterInvestigationOpened, { investigatorIds: ['inv-1', 'inv-2'] });
const EVIDENCE = event(E.MatterEvidenceRecorded, {
  kind: 'record',
  title: '逾期记录',
  stream: 'case-1',
  eventId: '0193-a',
});
const DISTINGUISHED = event(E.ResponsibilityDistinguished, {
  unitResponsible: false,
  unitReason: '制度健全。',
  persons: [{ officerId: 'lisi', part: 'direct', reason: '承办。' }],
});
const OFFERED = event(E.MatterStatementOffered, { officerId: 'lisi', offeredOn: '2026-03-01', until: '2026-03-09' });
const SPOKE = event(E.MatterStatementRecorded, { officerId: 'lisi', outcome: 'given', statement: '当时在抢险。' });
const INVESTIGATED = [RAISED, OPENED, EVIDENCE, DISTINGUISHED];

const finding = (fields: Partial<E.PersonFinding> = {}): E.PersonFinding => ({
  officerId: 'lisi',
  role: 'officer',
  fault: 'gross_negligence',
  severity: 'serious',
  sharePercent: 100,
  reason: '未尽审查之责。',
  ...fields,
});
const determined = (f: Partial<E.PersonFinding> = {}, consequence = 'general') =>
  past(
    '2026-03-10T01:00:00.000Z',
    event(E.MatterDetermined, {
      unitResponsible: false,
      consequence,
      findings: [finding(f)],
      facts: '属实。',
      appealUntil: '2026-04-09',
    }),
    { account: 'head-account' },
  );
const imposed = (measure: string) =>
  event(E.MatterMeasureImposed, { officerId: 'lisi', measure, severity: 'serious', basis: 'L02第2项' });

const SYSTEM = { kind: 'system', account: 'system', officer: undefined, body: undefined, roles: ['system'] } as const;
const SUPERVISOR = { officer: 'sup', body: undefined, roles: ['supervisor'] };
const INVESTIGATOR = { officer: 'inv-1', body: undefined, roles: ['investigator'] };
const HEAD = { account: 'head-account', officer: 'chief', roles: ['head'] };
const OTHER_HEAD = { account: 'other-head', officer: 'chief-2', roles: ['head'] };

describe('clues (L01, L06)', () => {
  const raising = (actor: object) =>
    given(matterDecider)
      .as(actor)
      .knowing(bodyDecider, 'body-1', BODY, LEADERS)
      .knowing(officerDecider, 'lisi', OFFICER);
  const clue = {
    ground: 'limit_overrun',
    origin: MISSED,
    bodyId: 'body-1',
    officerIds: ['lisi'],
    summary: '九十日未作决定。',
  };

  test('L01: ten grounds, of which the ledger itself raises 2, 3, 4, 5, 7 and 9', () => {
    expect(GROUNDS).toHaveLength(10);
    expect(GROUNDS.flatMap((g, i) => (g.byLedger ? [i + 1] : []))).toEqual([2, 3, 4, 5, 7, 9]);
  });

  test('L06: the chain is drawn from the body of that day: officer, unit head, deputy in charge, first responsible', () => {
    raising(SYSTEM).when(command.RaiseClue, clue).then(RAISED);
  });

  test('the same event noticed twice is one clue', () => {
    given(matterDecider, RAISED)
      .as(SYSTEM)
      .knowing(bodyDecider, 'body-1', BODY)
      .knowing(officerDecider, 'lisi', OFFICER)
      .when(command.RaiseClue, clue)
      .thenNothing();
  });

  test('L01: a ground that needs judgement is not raised by the program', () => {
    raising(SYSTEM)
      .when(command.RaiseClue, {
        ...clue,
        ground: 'fraud',
        origin: { kind: 'complaint', stream: 'complaint-1', eventId: 'x' },
      })
      .thenRefused('matter.ground_needs_judgement', 'L01');
  });

  test('L01: a clue from the ledger names its event, and its ground fits', () => {
    raising(SUPERVISOR)
      .when(command.RaiseClue, { ...clue, origin: { kind: 'missed_clock' } })
      .thenRefused('matter.origin_without_event', 'L01');
    raising(SUPERVISOR)
      .when(command.RaiseClue, { ...clue, ground: 'false_disclosure' })
      .thenRefused('matter.ground_does_not_fit', 'L01');
  });

  test('L06: a chain that does not go upwards is refused', () => {
    raising(SUPERVISOR)
      .when(command.RaiseClue, { ...clue, chain: [...CHAIN].reverse() })
      .thenRefused('matter.chain_out_of_order', 'L06');
  });

  test('A01, A06: bodies and officers must be registered', () => {
    const manual = { ...clue, origin: { kind: 'manual' } };
    raising(SUPERVISOR)
      .when(command.RaiseClue, { ...manual, bodyId: 'body-7' })
      .thenRefused('matter.unknown_body', 'A01');
    raising(SUPERVISOR)
      .when(command.RaiseClue, { ...manual, officerIds: ['nobody'] })
      .thenRefused('matter.unknown_officer', 'A06');
  });

  test('a clue is dismissed with a reason, but not by those it concerns', () => {
    given(matterDecider, RAISED)
      .as(SUPERVISOR)
      .when(command.DismissClue, { reason: '时钟误计。' })
      .then(event(E.ClueDismissed, { reason: '时钟误计。' }));
    given(matterDecider, RAISED)
      .as({ officer: 'captain', roles: ['supervisor'] })
      .when(command.DismissClue, { reason: '无' })
      .thenRefused('matter.own_cause');
  });
});

describe('investigation (L03)', () => {
  const opening = () =>
    ['inv-1', 'inv-2', 'director'].reduce(
      (spec, id) => spec.knowing(officerDecider, id, OFFICER),
      given(matterDecider, RAISED).as(SUPERVISOR),
    );

  test('政务处分法42: two investigators, neither concerned nor in the chain', () => {
    opening()
      .when(command.OpenMatterInvestigation, { investigatorIds: ['inv-1', 'inv-2'] })
      .then(OPENED);
    opening()
      .when(command.OpenMatterInvestigation, { investigatorIds: ['inv-1'] })
      .thenRefused('matter.too_few_investigators', '第42条');
    opening()
      .when(command.OpenMatterInvestigation, { investigatorIds: ['inv-1', 'inv-1'] })
      .thenRefused('matter.too_few_investigators');
    opening()
      .when(command.OpenMatterInvestigation, { investigatorIds: ['inv-1', 'director'] })
      .thenRefused('matter.investigator_concerned');
    opening()
      .when(command.OpenMatterInvestigation, { investigatorIds: ['inv-1', 'stranger'] })
      .thenRefused('matter.unknown_officer');
  });

  test('only the investigators named take evidence, and evidence has a source', () => {
    const taken = { kind: 'record', title: '逾期记录', stream: 'case-1', eventId: '0193-a' };
    given(matterDecider, RAISED, OPENED).as(INVESTIGATOR).when(command.RecordMatterEvidence, taken).then(EVIDENCE);
    given(matterDecider, RAISED, OPENED)
      .as({ ...INVESTIGATOR, officer: 'inv-9' })
      .when(command.RecordMatterEvidence, taken)
      .thenRefused('matter.not_investigator', 'L03');
    given(matterDecider, RAISED, OPENED)
      .as(INVESTIGATOR)
      .when(command.RecordMatterEvidence, { kind: 'record', title: '口说' })
      .thenRefused('matter.evidence_without_source');
  });

  test('L03: evidence first, then whose responsibility it is', () => {
    const parts = {
      unitResponsible: false,
      unitReason: '制度健全。',
      persons: [{ officerId: 'lisi', part: 'direct', reason: '承办。' }],
    };
    const distinguishing = (...events: object[]) =>
      given(matterDecider, RAISED, OPENED, ...events)
        .as(INVESTIGATOR)
        .knowing(officerDecider, 'lisi', OFFICER)
        .knowing(officerDecider, 'inv-2', OFFICER);
    distinguishing().when(command.DistinguishResponsibility, parts).thenRefused('matter.no_evidence', 'L03');
    distinguishing(EVIDENCE).when(command.DistinguishResponsibility, parts).then(DISTINGUISHED);
    distinguishing(EVIDENCE)
      .when(command.DistinguishResponsibility, {
        ...parts,
        persons: [{ officerId: 'inv-2', part: 'leading', reason: '分管。' }],
      })
      .thenRefused('matter.investigator_concerned');
  });

  test('L03: the statement is offered to those examined, with time to make it', () => {
    const offer = (fields: Partial<command.OfferMatterStatement>) =>
      given(matterDecider, ...INVESTIGATED)
        .as(INVESTIGATOR)
        .when(command.OfferMatterStatement, { officerId: 'lisi', until: '2026-03-17', ...fields });
    offer({}).thenAmong(E.MatterStatementOffered, { offeredOn: '2026-03-10', until: '2026-03-17' });
    offer({ until: '2026-03-10' }).thenRefused('matter.statement_time', '第43条');
    offer({ officerId: 'captain' }).thenRefused('matter.person_not_examined');
    given(matterDecider, ...INVESTIGATED)
      .as(INVESTIGATOR)
      .when(command.RecordMatterStatement, { officerId: 'lisi', outcome: 'waived' })
      .thenRefused('matter.statement_not_offered');
  });
});

describe('determination (L02, L03, L07)', () => {
  const heard = [...INVESTIGATED, OFFERED, SPOKE];
  const decision = {
    consequence: 'general',
    findings: [finding()],
    facts: '属实。',
    answersToStatements: '抢险属实，但可委托他人办理。',
  };
  const determining = (...events: object[]) => given(matterDecider, ...events).as(HEAD);

  test('is made once everybody is heard, and says until when a review may be asked for (公务员法95)', () => {
    determining(...heard)
      .when(command.DetermineResponsibility, decision)
      .then(event(E.MatterDetermined, { ...decision, unitResponsible: false, appealUntil: '2026-04-09' }));
  });

  test('L03: refused before the statement was offered, and while its time runs; silence past its day is enough', () => {
    determining(...INVESTIGATED)
      .when(command.DetermineResponsibility, decision)
      .thenRefused('matter.not_heard', 'L03');
    determining(...INVESTIGATED, OFFERED)
      .at('2026-03-09T02:00:00.000Z')
      .when(command.DetermineResponsibility, decision)
      .thenRefused('matter.not_heard');
    determining(...INVESTIGATED, OFFERED)
      .at('2026-03-10T02:00:00.000Z')
      .when(command.DetermineResponsibility, { ...decision, answersToStatements: undefined })
      .thenAmong(E.MatterDetermined);
  });

  test('L03: a statement that was made is answered', () => {
    determining(...heard)
      .when(command.DetermineResponsibility, { ...decision, answersToStatements: undefined })
      .thenRefused('matter.statements_unanswered', '第43条');
  });

  test('L03: unit and persons must have been told apart', () => {
    determining(RAISED, OPENED, EVIDENCE)
      .when(command.DetermineResponsibility, decision)
      .thenRefused('matter.responsibility_not_distinguished', 'L03');
  });

  test('neither an investigator nor anybody concerned decides', () => {
    given(matterDecider, ...heard)
      .as({ officer: 'inv-2', roles: ['head'] })
      .when(command.DetermineResponsibility, decision)
      .thenRefused('matter.investigator_decides', 'C10');
    given(matterDecider, ...heard)
      .as({ officer: 'director', roles: ['head'] })
      .when(command.DetermineResponsibility, decision)
      .thenRefused('matter.own_cause');
  });

  test('one finding on each person examined, and their shares add up', () => {
    determining(...heard)
      .when(command.DetermineResponsibility, { ...decision, findings: [] })
      .thenRefused('matter.findings_incomplete');
    determining(...heard)
      .when(command.DetermineResponsibility, { ...decision, findings: [finding(), finding({ officerId: 'captain' })] })
      .thenRefused('matter.findings_incomplete');
    determining(...heard)
      .when(command.DetermineResponsibility, { ...decision, findings: [finding({ sharePercent: 60 })] })
      .thenRefused('matter.shares', 'L06');
  });

  test('L07: severity goes with a fault, and mere negligence is light (责任制规定9)', () => {
    const refuse = (f: Partial<E.PersonFinding>, code: string, basis: string) =>
      determining(...heard)
        .when(command.DetermineResponsibility, { ...decision, findings: [finding(f)] })
        .thenRefused(code, basis);
    refuse({ severity: undefined }, 'matter.severity_and_fault', 'L07');
    refuse({ fault: 'none' }, 'matter.severity_and_fault', 'L07');
    refuse({ fault: 'negligence' }, 'matter.negligence_is_light', '第9条');
    determining(...heard)
      .when(command.DetermineResponsibility, {
        ...decision,
        findings: [finding({ fault: 'negligence', severity: 'light' })],
      })
      .thenAmong(E.MatterDetermined);
  });

  test('责任制规定11, 12: an exemption leaves no severity and no share, and does not reach intent', () => {
    const exempt = { severity: undefined, sharePercent: 0, exemption: 'unclear_law' };
    determining(...heard)
      .when(command.DetermineResponsibility, { ...decision, findings: [finding({ ...exempt, fault: 'negligence' })] })
      .thenAmong(E.MatterDetermined);
    determining(...heard)
      .when(command.DetermineResponsibility, { ...decision, findings: [finding({ ...exempt, fault: 'intent' })] })
      .thenRefused('matter.exemption_excluded', '第11条第1项');
  });

  test('L04: where the influence is grave, the leaders of the chain are examined too', () => {
    determining(...heard)
      .when(command.DetermineResponsibility, { ...decision, consequence: 'grave_influence' })
      .thenRefused('matter.leaders_not_examined', 'L04');
  });
});

describe('measures (L02, L04)', () => {
  const base = [...INVESTIGATED, OFFERED, SPOKE];
  const imposing = (f: Partial<E.PersonFinding>, consequence: string, ...events: object[]) => ({
    measures: (...codes: string[]) =>
      given(matterDecider, ...base, determined(f, consequence), ...events)
        .as(HEAD)
        .when(command.ImposeMeasures, { measures: codes.map((measure) => ({ officerId: 'lisi', measure })) }),
  });

  test('L02: each severity allows the measures of its own row, and no others', () => {
    for (const severity of SEVERITIES) {
      for (const measure of MEASURES.filter((m) => !m.standDownFor)) {
        const outcome = imposing({ severity, fault: 'intent' }, 'general').measures(measure.code);
        if (measure.severities.includes(severity)) outcome.thenAmong(E.MatterMeasureImposed, { severity });
        else outcome.thenRefused('matter.measure_not_allowed', 'L02');
      }
    }
  });

  test('政务处分法8: a discipline runs for its lawful period', () => {
    imposing({ severity: 'grave', fault: 'intent' }, 'general')
      .measures('demerit')
      .thenAmong(E.MatterMeasureImposed, { measure: 'demerit', until: '2027-03-10' });
  });

  test('政务处分法15: one discipline, the heaviest', () => {
    imposing({ severity: 'grave', fault: 'intent' }, 'general')
      .measures('warning', 'demerit')
      .thenRefused('matter.one_discipline', '第15条');
  });

  test('责任制规定16: none where the supervision organ has given one, in either order', () => {
    const organ = event(E.SupervisionDisciplineRecorded, {
      officerId: 'lisi',
      measure: 'demerit',
      organ: '明镜市监察委员会',
      decidedOn: '2026-03-05',
    });
    const graveIntent = { severity: 'grave', fault: 'intent' };
    imposing(graveIntent, 'general', organ).measures('warning').thenRefused('matter.discipline_doubled', '第16条');
    imposing(graveIntent, 'general', organ).measures('disqualification').thenAmong(E.MatterMeasureImposed);
    const recording = (...events: object[]) =>
      given(matterDecider, ...base, determined(graveIntent), ...events)
        .as(INVESTIGATOR)
        .when(command.RecordSupervisionDiscipline, {
          officerId: 'lisi',
          measure: 'demerit',
          organ: '明镜市监察委员会',
          decidedOn: '2026-03-05',
        });
    recording().then(organ);
    recording(imposed('warning')).thenRefused('matter.discipline_doubled', '第16条');
  });

  test('L04: a wrong case takes the officer off enforcement first', () => {
    imposing({}, 'wrong_case').measures('circulated_criticism').thenRefused('matter.stand_down_required', 'L04');
    imposing({}, 'wrong_case')
      .measures('circulated_criticism', 'stop_enforcement')
      .thenAmong(E.StandDownOrdered, { officerId: 'lisi', measure: 'stop_enforcement', from: '2026-03-10' });
    imposing({}, 'general').measures('stop_enforcement').thenRefused('matter.measure_not_allowed', 'L04');
  });

  test('L04: a grave influence takes the officer off the post; stopping enforcement is not enough', () => {
    imposing({}, 'grave_influence').measures('no_honours').thenRefused('matter.stand_down_required', 'L04');
    imposing({}, 'grave_influence').measures('suspension').thenAmong(E.StandDownOrdered, { measure: 'suspension' });
  });

  test('L04, L06: a leader who answers is recorded as such', () => {
    imposing({ role: 'deputy' }, 'general')
      .measures('circulated_criticism')
      .thenAmong(E.LeaderHeldLiable, { role: 'deputy' });
  });

  test('责任制规定18: nobody without a fault is sanctioned', () => {
    imposing({ fault: 'none', severity: undefined, sharePercent: 0 }, 'general')
      .measures('talk')
      .thenRefused('matter.no_fault', '第9、18条');
  });

  test('imposing the same measure again adds nothing', () => {
    imposing({}, 'general', imposed('no_honours')).measures('no_honours').thenNothing();
  });
});

describe('review of the determination (L03, 公务员法95, 政务处分法56)', () => {
  const decided = [...INVESTIGATED, OFFERED, SPOKE, determined(), imposed('transfer')];
  const APPEALED = event(E.MatterAppealed, { officerId: 'lisi', appealedOn: '2026-03-10', grounds: '量责过重。' });
  const LISI = { account: 'lisi-account', officer: 'lisi', roles: ['officer'] };
  const asking = { officerId: 'lisi', grounds: '量责过重。' };

  test('the person may ask for it until the last day, and 30 days to decide start', () => {
    given(matterDecider, ...decided)
      .as(LISI)
      .at('2026-04-09T15:00:00.000Z')
      .when(command.AppealDetermination, asking)
      .thenAmong(E.MatterAppealed, { appealedOn: '2026-04-09' })
      .thenAmong(ClockStarted, { clock: 'accountability.civil_servant_appeal_decision', item: 'lisi', days: 30 });
    given(matterDecider, ...decided)
      .as(LISI)
      .at('2026-04-09T16:00:00.000Z')
      .when(command.AppealDetermination, asking)
      .thenRefused('matter.appeal_too_late', '第95条');
  });

  test('nobody else may, and only once', () => {
    given(matterDecider, ...decided)
      .as({ officer: 'captain', roles: ['officer'] })
      .when(command.AppealDetermination, asking)
      .thenRefused('matter.not_the_person');
    given(matterDecider, ...decided, APPEALED)
      .as(LISI)
      .when(command.AppealDetermination, asking)
      .thenRefused('matter.appealed_already');
  });

  const reviewing = (actor: object) => given(matterDecider, ...decided, APPEALED).as(actor);
  const upheld = { officerId: 'lisi', outcome: 'upheld', reason: '认定适当。' };

  test('someone else decides it', () => {
    reviewing(OTHER_HEAD)
      .when(command.DecideDeterminationAppeal, upheld)
      .thenAmong(E.MatterAppealDecided, { outcome: 'upheld' });
    reviewing(HEAD).when(command.DecideDeterminationAppeal, upheld).thenRefused('matter.same_decider');
    reviewing({ account: 'x', officer: 'inv-1', roles: ['head'] })
      .when(command.DecideDeterminationAppeal, upheld)
      .thenRefused('matter.same_decider');
    given(matterDecider, ...decided)
      .as(OTHER_HEAD)
      .when(command.DecideDeterminationAppeal, upheld)
      .thenRefused('matter.no_open_appeal');
  });

  test('政务处分法56: asking for a review never makes it worse', () => {
    const change = (f: Partial<E.PersonFinding>) =>
      reviewing(OTHER_HEAD).when(command.DecideDeterminationAppeal, {
        ...upheld,
        outcome: 'changed',
        finding: finding(f),
      });
    change({ severity: 'grave' }).thenRefused('matter.heavier_on_appeal', '第56条');
    change({ officerId: 'captain' }).thenRefused('matter.changed_finding_missing');
    change({ severity: 'light' }).thenAmong(E.MatterAppealDecided, { outcome: 'changed' });
  });

  test('a change lifts the measures, so that they are imposed anew', () => {
    const changed = event(E.MatterAppealDecided, {
      officerId: 'lisi',
      outcome: 'changed',
      reason: '减轻。',
      finding: finding({ severity: 'light' }),
    });
    given(matterDecider, ...decided, APPEALED, changed)
      .as(INVESTIGATOR)
      .when(command.CloseMatter, {})
      .thenRefused('matter.measures_missing', 'L02');
    given(matterDecider, ...decided, APPEALED, changed)
      .as(HEAD)
      .when(command.ImposeMeasures, { measures: [{ officerId: 'lisi', measure: 'transfer' }] })
      .thenRefused('matter.measure_not_allowed');
  });

  test('责任制规定21: after a revocation the name is cleared; while a fault stands it is not', () => {
    const clearing = { officerId: 'lisi', form: 'notice', statement: '经复核，李四无过错。' };
    const revoked = event(E.MatterAppealDecided, { officerId: 'lisi', outcome: 'revoked', reason: '事实不清。' });
    given(matterDecider, ...decided, APPEALED, revoked)
      .as(OTHER_HEAD)
      .when(command.ClearName, clearing)
      .then(event(E.NameCleared, clearing));
    given(matterDecider, ...decided)
      .as(OTHER_HEAD)
      .when(command.ClearName, clearing)
      .thenRefused('matter.not_cleared', '第21条');
    given(matterDecider, RAISED, event(E.ClueDismissed, { reason: '不实。' }))
      .as(OTHER_HEAD)
      .when(command.ClearName, clearing)
      .thenAmong(E.NameCleared);
  });
});

describe('recovery after compensation (L08, 国家赔偿法16)', () => {
  const base = [...INVESTIGATED, OFFERED, SPOKE];
  const PAID = event(E.CompensationPaid, { amountYuan: 1000.1, paidOn: '2026-03-01', decision: '明赔决〔2026〕1号' });
  const ORDERED = event(E.RecoveryOrdered, { officerId: 'lisi', amountYuan: 300.3, reason: '重大过失。' });
  const payment = (amountYuan: number) =>
    event(E.RecoveryPaid, { officerId: 'lisi', amountYuan, paidOn: '2026-03-09', receipt: '收1' });
  const order = (amountYuan: number, f: Partial<E.PersonFinding>, ...events: object[]) =>
    given(matterDecider, ...base, determined(f), ...events)
      .as(HEAD)
      .when(command.OrderRecovery, { officerId: 'lisi', amountYuan, reason: '重大过失。' });

  test('国家赔偿法16: only for intent or gross negligence, though L08 would reach every fault', () => {
    order(300.3, {}, PAID).then(ORDERED);
    order(300.3, { fault: 'intent' }, PAID).then(ORDERED);
    order(300.3, { fault: 'negligence', severity: 'light' }, PAID).thenRefused(
      'matter.recovery_needs_heavy_fault',
      '国家赔偿法第16条',
    );
    order(300.3, { fault: 'none', severity: undefined, sharePercent: 0 }, PAID).thenRefused('matter.no_fault');
  });

  test('no more than was paid, in all', () => {
    order(1000.1, {}, PAID).thenAmong(E.RecoveryOrdered);
    order(1000.11, {}, PAID).thenRefused('matter.recovery_over_compensation', '第16条');
    order(699.8, {}, PAID, ORDERED).thenAmong(E.RecoveryOrdered);
    order(699.81, {}, PAID, ORDERED).thenRefused('matter.recovery_over_compensation');
    order(0.01, {}).thenRefused('matter.recovery_over_compensation');
  });

  test('L08: payments reach the cent and no further', () => {
    const paying = (amountYuan: number) =>
      given(matterDecider, ...base, determined(), PAID, ORDERED, payment(100.1), payment(100.1))
        .as({ kind: 'person', account: 'bank', officer: undefined, body: 'bank', roles: ['cashier'] })
        .when(command.RecordRecoveryPayment, { officerId: 'lisi', amountYuan, receipt: '收3' });
    paying(100.1).thenAmong(E.RecoveryPaid, { amountYuan: 100.1, paidOn: '2026-03-10' });
    paying(100.11).thenRefused('matter.recovery_overpaid', 'L08');
  });

  test('L08: whatever the sanction, the matter stays open until the recovery is paid', () => {
    const closing = (...events: object[]) =>
      given(matterDecider, ...base, determined(), ...events)
        .as(INVESTIGATOR)
        .when(command.CloseMatter, {});
    closing().thenRefused('matter.measures_missing', 'L02');
    closing(imposed('transfer')).then(event(E.MatterClosed, { outcome: 'measures_imposed' }));
    closing(imposed('transfer'), PAID).thenRefused('matter.recovery_not_ordered', '第16条');
    closing(imposed('transfer'), PAID, ORDERED).thenRefused('matter.recovery_unpaid', 'L08');
    closing(imposed('transfer'), PAID, ORDERED, payment(300.29)).thenRefused('matter.recovery_unpaid', 'L08');
    closing(imposed('transfer'), PAID, ORDERED, payment(200.2), payment(100.1)).thenAmong(E.MatterClosed);
  });

  test('L08: compensation paid after the matter was closed opens it again', () => {
    const closed = [...base, determined(), imposed('transfer'), event(E.MatterClosed, { outcome: 'measures_imposed' })];
    given(matterDecider, ...closed)
      .as(INVESTIGATOR)
      .when(command.RecordCompensation, { amountYuan: 1000.1, decision: '明赔决〔2026〕1号' })
      .thenAmong(E.CompensationPaid, { amountYuan: 1000.1 });
    given(matterDecider, ...closed, PAID)
      .as(HEAD)
      .when(command.OrderRecovery, { officerId: 'lisi', amountYuan: 300.3, reason: '重大过失。' })
      .then(ORDERED);
  });

  test('an open review keeps the matter open, and its decision stops the clock', () => {
    const appealed = event(E.MatterAppealed, { officerId: 'lisi', appealedOn: '2026-03-10', grounds: '重。' });
    const [, clock] = given(matterDecider, ...base, determined())
      .as({ officer: 'lisi', roles: ['officer'] })
      .when(command.AppealDetermination, { officerId: 'lisi', grounds: '重。' }).events;
    given(matterDecider, ...base, determined(), imposed('transfer'), appealed, clock)
      .as(INVESTIGATOR)
      .when(command.CloseMatter, {})
      .thenRefused('matter.appeal_open', 'L03');
    given(matterDecider, ...base, determined(), appealed, clock)
      .as(OTHER_HEAD)
      .when(command.DecideDeterminationAppeal, { officerId: 'lisi', outcome: 'revoked', reason: '事实不清。' })
      .thenAmong(ClockStopped, { item: 'lisi', inTime: true });
  });
});

describe('what the commands let in', () => {
  const check =
    <C extends object>(type: new () => C, fields: object) =>
    () =>
      validateCommand(plainToInstance(type, fields));

  test('nested parts are checked too: closed lists, bounds, nothing unknown', () => {
    const clue = {
      ground: 'limit_overrun',
      origin: MISSED,
      bodyId: 'body-1',
      officerIds: ['lisi'],
      chain: CHAIN,
      summary: '逾期。',
    };
    expect(check(command.RaiseClue, clue)).not.toThrow();
    expect(check(command.RaiseClue, { ...clue, ground: 'whim' })).toThrow(Failure);
    expect(check(command.RaiseClue, { ...clue, origin: { kind: 'hearsay' } })).toThrow(Failure);
    expect(check(command.RaiseClue, { ...clue, chain: [{ role: 'friend', officerId: 'x' }] })).toThrow(Failure);
    const decision = { consequence: 'general', findings: [finding()], facts: '属实。' };
    expect(check(command.DetermineResponsibility, decision)).not.toThrow();
    for (const bad of [
      { sharePercent: 101 },
      { fault: 'bad' },
      { severity: 'mild' },
      { exemption: 'luck' },
      { mood: 1 },
    ]) {
      expect(check(command.DetermineResponsibility, { ...decision, findings: [{ ...finding(), ...bad }] })).toThrow(
        Failure,
      );
    }
    const statement = { officerId: 'lisi', outcome: 'given' };
    expect(check(command.RecordMatterStatement, statement)).toThrow(Failure);
    expect(check(command.RecordMatterStatement, { ...statement, outcome: 'waived' })).not.toThrow();
    expect(check(command.RecordCompensation, { amountYuan: 0.001, decision: '1' })).toThrow(Failure);
  });
});
