import { ERASED } from '../../src/kernel/erased';
import * as Do from '../../src/enforcement/penalty-commands';
import * as E from '../../src/enforcement/penalty-events';
import { ClockResumed, ClockStarted, ClockStopped, ClockSuspended } from '../../src/clocks/clock-events';
import {
  citizen,
  clue,
  conclusion,
  filing,
  fine,
  head,
  inquiry,
  officer,
  on,
  recording,
  SHA,
  Story,
  upTo,
} from './penalty-story';

const inspection = {
  inspectionId: 'inspection-1',
  officers: ['o-1', 'o-2'],
  startedAt: on('2026-03-06', 9),
  endedAt: on('2026-03-06', 10),
  place: '明光路2号',
  findings: '店内存放商品',
  partyPresent: true,
  inUniform: true,
  signed: true,
  recordSha256: SHA,
  pages: 3,
};

const evidence = {
  evidenceId: 'evidence-2',
  kind: 'physical' as const,
  description: '店招',
  provenance: '现场提取',
  collectedBy: ['o-1', 'o-2'],
  original: true,
  sha256: SHA,
  pages: 1,
};

const preserve = {
  preservationId: 'preservation-1',
  officers: ['o-1', 'o-2'],
  items: ['账册三本'],
  reason: '可能灭失',
  listSha256: SHA,
  pages: 2,
};

describe('调查 inquiry and inspection', () => {
  it.each([
    ['the credential was not shown (55)', 'filed', inquiry, 'case.credential_not_shown', '55'],
    ['one officer is alone (42)', 'shown', { ...inquiry, officers: ['o-1'] }, 'case.two_officers_required', '42'],
    [
      'an officer is not on the case (19)',
      'shown',
      { ...inquiry, officers: ['o-1', 'o-3'] },
      'case.officer_not_assigned',
      '19',
    ],
    [
      'the party is not told of the rights (21)',
      'shown',
      { ...inquiry, rightsTold: false },
      'case.rights_not_told',
      '21',
    ],
    [
      'an unsigned record does not say why (43)',
      'shown',
      { ...inquiry, signed: false },
      'case.signature_missing',
      '43',
    ],
    [
      'it ends before it begins (D01)',
      'shown',
      { ...inquiry, endedAt: inquiry.startedAt },
      'case.times_out_of_order',
      'D01',
    ],
  ])('is refused when %s', (_, after, fields, code, basis) => {
    upTo(after).next(officer('o-1'), on('2026-03-05', 11)).when(Do.RecordInquiry, fields).thenRefused(code, basis);
  });

  it('is recorded under its own id, once (D01)', () => {
    upTo('inquiry')
      .next(officer('o-1'), on('2026-03-05', 11))
      .when(Do.RecordInquiry, inquiry)
      .thenRefused('case.inquiry_exists', 'D01');
  });

  it('is an inspection under its own id, once (D01)', () => {
    upTo('shown')
      .then(officer('o-1'), on('2026-03-06', 11), Do.RecordInspection, inspection)
      .next(officer('o-1'), on('2026-03-06', 12))
      .when(Do.RecordInspection, inspection)
      .thenRefused('case.inspection_exists', 'D01');
  });

  it('may be an inspection of before the filing, entered later (市场监督管理行政处罚程序规定 23)', () => {
    upTo('shown')
      .next(officer('o-1'), on('2026-03-07'))
      .occurred(on('2026-03-03'))
      .when(Do.RecordInspection, inspection)
      .thenAmong(E.InspectionMade, { inspectionId: 'inspection-1' });
  });
});

describe('证据 evidence (46)', () => {
  it('takes each of the eight kinds with its hash', () => {
    upTo('evidence')
      .next(officer('o-1'), on('2026-03-06'))
      .when(Do.CollectEvidence, evidence)
      .thenAmong(E.EvidenceCollected, { sha256: SHA });
  });

  it.each([
    ['one officer collects it (42)', { collectedBy: ['o-1'] }, 'case.two_officers_required', '42'],
    ['it is a copy without a reason (24)', { original: false }, 'case.copy_without_reason', '24'],
    ['its id is taken (46)', { evidenceId: 'evidence-1' }, 'case.evidence_exists', '46'],
  ])('is refused when %s', (_, fields, code, basis) => {
    upTo('evidence')
      .next(officer('o-1'), on('2026-03-06'))
      .when(Do.CollectEvidence, { ...evidence, ...fields })
      .thenRefused(code, basis);
  });

  it('that was taken unlawfully is excluded and carries no conclusion (46 III)', () => {
    const excluded = upTo('rectification checked').then(officer('o-1'), on('2026-03-18'), Do.ExcludeEvidence, {
      evidenceId: 'evidence-1',
      reason: '非法取得',
      legalBasis: '行政处罚法第46条',
    });
    excluded
      .next(officer('o-1'), on('2026-03-20'))
      .when(Do.ConcludeInvestigation, conclusion())
      .thenRefused('case.evidence_not_usable', '46');
    excluded
      .next(officer('o-1'), on('2026-03-20'))
      .when(Do.ExcludeEvidence, { evidenceId: 'evidence-1', reason: '再次', legalBasis: '46' })
      .thenRefused('case.evidence_unknown', '46');
  });
});

describe('音像记录 recordings (D02, 内蒙古办法 20)', () => {
  const clip = recording('RecordInquiry', 'inquiry-1', on('2026-03-05', 10));

  it('is late after twenty-four hours, and says why', () => {
    const late = upTo('inquiry').next(officer('o-1'), on('2026-03-06', 11));
    late.when(Do.AttachRecording, clip).thenRefused('case.late_upload_unexplained', '20');
    upTo('inquiry')
      .next(officer('o-1'), on('2026-03-06', 11))
      .when(Do.AttachRecording, { ...clip, lateReason: '边远地区无网络' })
      .thenAmong(E.RecordingAttached, { late: true, uploadedAfterHours: 25 });
  });

  it('is in time up to twenty-four hours', () => {
    upTo('inquiry')
      .next(officer('o-1'), on('2026-03-06', 10))
      .when(Do.AttachRecording, clip)
      .thenAmong(E.RecordingAttached, { late: false });
  });

  it('belongs to an act of the case (D02)', () => {
    upTo('inquiry')
      .next(officer('o-1'), on('2026-03-05', 12))
      .when(Do.AttachRecording, { ...clip, item: 'inquiry-9' })
      .thenRefused('case.recording_of_unknown_act', 'D02');
  });

  it('must be there before the investigation is concluded (47)', () => {
    upTo('rectification checked', { without: ['inquiry recorded'] })
      .next(officer('o-1'), on('2026-03-20'))
      .when(Do.ConcludeInvestigation, conclusion())
      .thenRefused('case.recording_missing', '47');
  });

  it('is explained only for an act that needs one (D02)', () => {
    upTo('inquiry')
      .next(head, on('2026-03-06'))
      .when(Do.ExplainMissingRecording, { step: 'RecordInspection', item: 'inspection-9', reason: '设备故障' })
      .thenRefused('case.act_to_record_unknown', 'D02');
  });

  it('may be missing when the head accepts the reason (内蒙古办法 19)', () => {
    upTo('rectification checked', { without: ['inquiry recorded'] })
      .then(head, on('2026-03-18'), Do.ExplainMissingRecording, {
        step: 'RecordInquiry',
        item: 'inquiry-1',
        reason: '设备故障',
      })
      .next(officer('o-1'), on('2026-03-20'))
      .when(Do.ConcludeInvestigation, conclusion())
      .thenAmong(E.InvestigationConcluded);
  });
});

describe('先行登记保存 preservation (56)', () => {
  it('runs seven working days, over a public holiday too', () => {
    upTo('evidence')
      .next(head, on('2026-04-29'))
      .when(Do.PreserveEvidence, preserve)
      .thenAmong(ClockStarted, { clock: 'penalty.preservation', item: 'preservation-1', dueOn: '2026-05-12' });
  });

  it('is approved afterwards when it was urgent (33)', () => {
    const urgent = upTo('evidence').then(officer('o-1'), on('2026-03-06', 10), Do.PreserveEvidence, preserve);
    const approved = urgent
      .next(head, on('2026-03-06', 20))
      .when(Do.ApprovePreservation, { preservationId: 'preservation-1' });
    approved.thenAmong(E.PreservationApproved, { afterHours: 10 });
  });

  it('waits for no second approval (33)', () => {
    upTo('evidence')
      .then(head, on('2026-03-06', 10), Do.PreserveEvidence, preserve)
      .next(head, on('2026-03-06', 20))
      .when(Do.ApprovePreservation, { preservationId: 'preservation-1' })
      .thenRefused('case.preservation_not_pending', '33');
  });

  it('is disposed of on its last day, and only released after it (35)', () => {
    const kept = upTo('evidence').then(head, on('2026-03-06'), Do.PreserveEvidence, preserve);
    const dispose = { preservationId: 'preservation-1', measure: 'copied', reason: '已复制' };
    kept.next(head, on('2026-03-17')).when(Do.DisposePreservation, dispose).thenAmong(ClockStopped, { inTime: true });
    kept
      .next(head, on('2026-03-18'))
      .when(Do.DisposePreservation, dispose)
      .thenRefused('case.preservation_lapsed', '35');
    kept
      .next(head, on('2026-03-18'))
      .when(Do.DisposePreservation, { ...dispose, measure: 'released' })
      .thenAmong(ClockStopped, { inTime: false });
  });

  it('has its own id, and is disposed of once (56)', () => {
    const kept = upTo('evidence').then(head, on('2026-03-06'), Do.PreserveEvidence, preserve);
    kept.next(head, on('2026-03-07')).when(Do.PreserveEvidence, preserve).thenRefused('case.preservation_exists', '56');
    const release = { preservationId: 'preservation-1', measure: 'released', reason: '无需保存' };
    kept
      .then(head, on('2026-03-09'), Do.DisposePreservation, release)
      .next(head, on('2026-03-10'))
      .when(Do.DisposePreservation, release)
      .thenRefused('case.preservation_not_open', '56');
  });

  it('must be settled before the investigation is concluded (56)', () => {
    const kept = upTo('rectification checked')
      .then(head, on('2026-03-17', 9), Do.PreserveEvidence, preserve)
      .then(
        officer('o-1'),
        on('2026-03-17', 15),
        Do.AttachRecording,
        recording('PreserveEvidence', 'preservation-1', on('2026-03-17', 10), 'full'),
      );
    kept
      .next(officer('o-1'), on('2026-03-20'))
      .when(Do.ConcludeInvestigation, conclusion())
      .thenRefused('case.preservation_unsettled', '56');
  });

  it('needs the whole recorded, not a part (D02)', () => {
    upTo('rectification checked')
      .then(head, on('2026-03-17', 9), Do.PreserveEvidence, preserve)
      .then(
        officer('o-1'),
        on('2026-03-17', 15),
        Do.AttachRecording,
        recording('PreserveEvidence', 'preservation-1', on('2026-03-17', 10)),
      )
      .then(head, on('2026-03-18'), Do.DisposePreservation, {
        preservationId: 'preservation-1',
        measure: 'copied',
        reason: '已复制',
      })
      .next(officer('o-1'), on('2026-03-20'))
      .when(Do.ConcludeInvestigation, conclusion())
      .thenRefused('case.recording_missing', 'D02');
  });
});

describe('四步规程 the four steps before a penalty (C01)', () => {
  it.each([
    [
      'guidance before notice',
      'evidence',
      Do.GiveGuidance,
      { officers: ['o-1', 'o-2'], content: 'x' },
      'case.prior_notice_missing',
    ],
    [
      'an order before guidance',
      'prior notice',
      Do.OrderRectification,
      { officers: ['o-1', 'o-2'], content: 'x', rectifyBy: '2026-03-10' },
      'case.guidance_missing',
    ],
    [
      'a result without an order',
      'guidance',
      Do.CheckRectification,
      { officers: ['o-1', 'o-2'], rectified: true, findings: 'x' },
      'case.rectification_not_ordered',
    ],
  ])('refuses %s', (_, after, command: new () => object, fields, code) => {
    upTo(after).next(officer('o-1'), on('2026-03-09')).when(command, fields).thenRefused(code, 'C01');
  });

  it('refuses to propose a penalty without them, unless they are skipped for a reason', () => {
    const bare = upTo('rectification checked', {
      without: ['prior notice', 'guidance', 'rectification', 'rectification checked'],
    });
    bare
      .next(officer('o-1'), on('2026-03-20'))
      .when(Do.ConcludeInvestigation, conclusion())
      .thenRefused('case.prior_steps_missing', 'C01');
    bare
      .then(head, on('2026-03-10'), Do.SkipPriorSteps, {
        reason: '危害食品安全，须立即查处',
        legalBasis: '行政处罚法第54条',
      })
      .next(officer('o-1'), on('2026-03-20'))
      .when(Do.ConcludeInvestigation, conclusion())
      .thenAmong(E.InvestigationConcluded);
  });
});

describe('裁量 discretion in the proposal (F01, F03, 30)', () => {
  const propose = (fields: object, story: Story = upTo('rectification checked')) =>
    story.next(officer('o-1'), on('2026-03-20')).when(Do.ConcludeInvestigation, { ...conclusion(), ...fields });

  it.each([
    ['the fine leaves the band without a reason (F01)', { penalties: fine(21000) }, 'case.outside_band', 'F01'],
    ['no benchmark is named and no reason (34)', { benchmarkId: undefined }, 'case.outside_band', '34'],
    ['the benchmark is another power’s (F02)', { benchmarkId: 'benchmark-2' }, 'case.benchmark_of_other_power', 'F02'],
    ['there are two fines for one act (29)', { penalties: [...fine(6000), ...fine(7000)] }, 'case.fined_twice', '29'],
    ['a penalty imposes nothing (57)', { penalties: [] }, 'case.penalties_unfit', '57'],
    ['no penalty imposes something (57)', { outcome: 'no_penalty_minor' }, 'case.penalties_unfit', '57'],
  ])('is refused when %s', (_, fields, code, basis) => {
    propose(fields).thenRefused(code, basis);
  });

  it('may leave the band for a reason (F01)', () => {
    propose({ penalties: fine(21000), outsideBandReason: '拒不改正' }).thenAmong(E.InvestigationConcluded, {
      grave: false,
    });
  });

  it('is grave when the fine gives a right to a hearing (57, 58, 听证办法 5)', () => {
    propose({ penalties: fine(100000), level: 'grave' }).thenAmong(E.InvestigationConcluded, { grave: true });
  });

  it('fines a first and minor violation only for a reason (F03, 33)', () => {
    const first = upTo('rectification checked', { with: { filed: { priorOffences: 0 } } });
    propose({ penalties: fine(200), level: 'minor' }, first).thenRefused('case.first_offence_fined', '33');
    propose({ penalties: fine(200), level: 'minor', firstOffenceReason: '逾期不改' }, first).thenAmong(
      E.InvestigationConcluded,
    );
    propose({ penalties: [{ kind: 'warning', content: '警告' }], level: 'minor' }, first).thenAmong(
      E.InvestigationConcluded,
    );
  });

  it('does not punish a child under fourteen, and punishes up to eighteen more lightly (30)', () => {
    const born = (birthDate: string) => upTo('rectification checked', { with: { filed: { ...citizen, birthDate } } });
    propose({ penalties: fine(6000) }, born('2012-03-02')).thenRefused('case.party_under_fourteen', '30');
    propose({ penalties: fine(6000) }, born('2012-02-28')).thenRefused('case.minor_not_lighter', '30');
    propose({ penalties: fine(500), level: 'minor' }, born('2012-02-28')).thenAmong(E.InvestigationConcluded);
    propose({ penalties: fine(6000) }, born('2008-02-28')).thenAmong(E.InvestigationConcluded);
    propose({ penalties: fine(6000) }, born(ERASED)).thenAmong(E.InvestigationConcluded);
  });

  it('is for an investigator of the case (42)', () => {
    upTo('rectification checked')
      .next(officer('o-3'), on('2026-03-20'))
      .when(Do.ConcludeInvestigation, conclusion())
      .thenRefused('case.actor_not_acting', '42');
  });
});

describe('办案期限 the time to decide (60, 64)', () => {
  it('does not run while the case is suspended, over New Year too', () => {
    const filed = new Story()
      .then(officer('o-1'), on('2025-11-28'), Do.RecordClue, clue)
      .then(head, on('2025-12-01'), Do.FileCase, { ...filing, violationEndedOn: '2025-11-20' });
    const suspended = filed.next(head, on('2025-12-29')).when(Do.SuspendClock, { ground: 'testing', reason: '送检' });
    suspended.thenAmong(ClockSuspended, { clock: 'penalty.decision', suspendedOn: '2025-12-29' });
    suspended.thenAmong(ClockSuspended, { clock: 'power.promised' });
    // 28 days are used; 62 from 5 January end on Sunday 8 March, which is no statutory holiday.
    filed
      .then(head, on('2025-12-29'), Do.SuspendClock, { ground: 'testing', reason: '送检' })
      .next(head, on('2026-01-05'))
      .when(Do.ResumeClock, { ground: 'testing' })
      .thenAmong(ClockResumed, { clock: 'penalty.decision', days: 62, excludedDays: 7, dueOn: '2026-03-08' });
  });

  it('runs again only when the last of two grounds has ended (64)', () => {
    const twice = upTo('filed')
      .then(head, on('2026-03-10'), Do.SuspendClock, { ground: 'testing', reason: '送检' })
      .then(head, on('2026-03-12'), Do.SuspendClock, { ground: 'suspension', reason: '等待裁判' });
    twice
      .next(head, on('2026-03-20'))
      .when(Do.ResumeClock, { ground: 'testing' })
      .then(Object.assign(new E.CaseTimeResumed(), { ground: 'testing', resumedOn: '2026-03-20' }));
    twice
      .then(head, on('2026-03-20'), Do.ResumeClock, { ground: 'testing' })
      .next(head, on('2026-03-30'))
      .when(Do.ResumeClock, { ground: 'suspension' })
      .thenAmong(ClockResumed, { clock: 'penalty.decision', excludedDays: 20 });
  });

  it.each([
    ['twice on one ground', 'filed', { ground: 'testing' as const, reason: 'x' }],
    ['before filing on another ground than testing (18)', 'clue', { ground: 'announcement' as const, reason: 'x' }],
  ])('is not suspended %s (64)', (_, after, fields) => {
    const story = after === 'filed' ? upTo(after).then(head, on('2026-03-10'), Do.SuspendClock, fields) : upTo(after);
    story.next(head, on('2026-03-11')).when(Do.SuspendClock, fields).thenRefused('case.suspended_already', '64');
  });

  it('resumes nothing that is not suspended (46)', () => {
    upTo('filed')
      .next(head, on('2026-03-11'))
      .when(Do.ResumeClock, { ground: 'testing' })
      .thenRefused('case.not_suspended', '46');
  });

  it('is extended by thirty days by the head, then only by collective discussion (64)', () => {
    const once = upTo('filed').then(head, on('2026-06-02'), Do.ExtendDecisionTime, { reason: '案情复杂' });
    const again = { reason: '特别复杂', days: 20 };
    once
      .next(head, on('2026-06-20'))
      .when(Do.ExtendDecisionTime, again)
      .thenRefused('case.extension_needs_discussion', '64');
    once
      .then(head, on('2026-06-19'), Do.HoldCollectiveDiscussion, {
        matter: 'extension',
        members: ['l-1', 'l-2'],
        opinions: '同意',
        conclusion: '延长二十日',
        agreed: true,
        recordSha256: SHA,
        pages: 1,
      })
      .next(head, on('2026-06-20'))
      .when(Do.ExtendDecisionTime, again)
      .thenAmong(E.DecisionTimeExtended, { days: 20, collective: true });
  });

  it('cannot be extended once it has run out (64)', () => {
    upTo('filed')
      .next(head, on('2026-06-03'))
      .when(Do.ExtendDecisionTime, { reason: '案情复杂' })
      .thenRefused('case.extension_too_late', '64');
  });
});

describe('终止调查与补充调查 ending and reopening', () => {
  it('ends when nobody succeeds the party, and closes (47, 77)', () => {
    upTo('filed')
      .then(head, on('2026-03-20'), Do.EndInvestigation, { reason: '当事人终止，无权利义务承受人' })
      .next(head, on('2026-03-25'))
      .when(Do.CloseCase, { ground: 'investigation_ended', summary: '终止调查' })
      .thenAmong(E.CaseClosed, { ground: 'investigation_ended' });
  });

  it('goes back to the investigation after it was concluded (54)', () => {
    upTo('noticed')
      .then(head, on('2026-03-27'), Do.ReopenInvestigation, { reason: '当事人提出新证据' })
      .next(officer('o-1'), on('2026-03-28'))
      .when(Do.CollectEvidence, evidence)
      .thenAmong(E.EvidenceCollected);
  });
});
