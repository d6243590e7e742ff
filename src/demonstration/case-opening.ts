import { addCalendarDays } from '../law/calendar';
import * as Do from '../enforcement/penalty-commands';
import { benchmark, by, fine, ids, sha, slow, stream, type DemoCase } from './demo-case';
import type { Diary } from './diary';

/** How long a step's recording and record are. */
const RECORDED = { from: 95, to: 45 };

/** Attaches the recording of a step of that day. */
export function record(
  c: DemoCase,
  diary: Diary,
  step: string,
  item: string | undefined,
  level: 'partial' | 'full',
): void {
  const recordingId = `rec-${diary.steps.length}`;
  diary.enter(by(c.officers[1]), stream(c), Do.AttachRecording, {
    recordingId,
    step,
    item,
    deviceId: `cam-${c.body.id}-${(c.number % 9) + 1}`,
    officerId: c.officers[1].id,
    level,
    startedAt: diary.before(RECORDED.from),
    endedAt: diary.before(RECORDED.to),
    sha256: sha(c.id, recordingId),
  });
}

const times = (diary: Diary) => ({ startedAt: diary.before(RECORDED.from), endedAt: diary.before(RECORDED.to) });

/** The clue, and the check on the spot before a case is filed. */
export function clue(c: DemoCase, diary: Diary, complaintId?: string): void {
  const [lead] = c.officers;
  const { course, power } = c;
  diary.enter(by(lead), stream(c), Do.RecordClue, {
    bodyId: c.body.id,
    source: complaintId ? 'report' : c.random.pick(['inspection', 'field_visit', 'superior']),
    sourceReference: complaintId,
    topic: power.cause,
    summary: complaintId ? `群众举报：${power.cause}。` : `日常检查发现涉嫌${power.cause}。`,
  });
  if (course.stands === 'clue') return;
  diary.wait(1);
  const seen = diary.before(RECORDED.from);
  const inspected = times(diary);
  if (course.enteredLate) diary.wait(course.enteredLate);
  const late = course.enteredLate ? { lateEntryReason: '执法终端故障，恢复后补录。' } : {};
  diary
    .enter(by(lead), stream(c), Do.ShowCredential, {
      officers: ids(c),
      shownTo: 'party',
      place: '当事人经营场所',
      occurredAt: seen,
      ...late,
    })
    .enter(by(lead), stream(c), Do.RecordInspection, {
      officers: ids(c),
      inspectionId: 'inspection-1',
      ...inspected,
      place: c.party.address,
      findings: `${power.found}。`,
      partyPresent: true,
      inUniform: true,
      signed: true,
      recordSha256: sha(c.id, 'inspection-1'),
      pages: 2,
      occurredAt: inspected.endedAt,
      ...late,
    });
  if (course.enteredLate) {
    diary.enter(by(c.head), stream(c), Do.ExplainMissingRecording, {
      step: 'RecordInspection',
      item: 'inspection-1',
      reason: '执法记录仪存储故障，已由维修单位出具说明',
    });
  } else record(c, diary, 'RecordInspection', 'inspection-1', 'partial');
}

export function decline(c: DemoCase, diary: Diary): void {
  diary
    .wait(4)
    .enter(by(c.head), stream(c), Do.DeclineFiling, {
      ground: 'minor_corrected',
      reason: '违法行为轻微并及时改正，没有造成危害后果，决定不予立案。',
    })
    .wait(3)
    .enter(by(c.officers[0]), stream(c), Do.ArchiveCase, {
      fileNumber: `${c.body.mark}档〔${diary.on.slice(0, 4)}〕${c.number}号`,
    });
}

export function fileCase(c: DemoCase, diary: Diary): void {
  const { party, power, body } = c;
  diary.wait(2 + slow(c, 'filed')).enter(by(c.head), stream(c), Do.FileCase, {
    ...party,
    priorOffences: c.priorOffences,
    caseNumber: `${body.mark}立〔${diary.on.slice(0, 4)}〕${c.number}号`,
    powerCode: power.code,
    cause: `涉嫌${power.cause}`,
    legalBasis: [`${power.instrument}${power.article}`],
    officers: ids(c),
    violationEndedOn: addCalendarDays(diary.on, -5),
    graveHarm: false,
  });
}

/** The four steps before a penalty (C01), the evidence, and the report in which the investigation ends. */
export function investigate(c: DemoCase, diary: Diary): void {
  const officer = by(c.officers[0]);
  const officers = ids(c);
  diary.wait(1);
  if (c.course.outcome === 'transfer') {
    diary.enter(by(c.head), stream(c), Do.SkipPriorSteps, {
      reason: '违法行为涉嫌犯罪，先行告知可能影响取证。',
      legalBasis: '行政处罚法第27条',
    });
  } else {
    diary
      .enter(officer, stream(c), Do.GivePriorNotice, { officers, content: `告知${c.power.cause}的法律要求和后果。` })
      .enter(officer, stream(c), Do.GiveGuidance, { officers, content: '现场讲解整改要点，发放合规提示单。' })
      .enter(officer, stream(c), Do.OrderRectification, {
        officers,
        content: `责令立即改正：${c.power.cause}。`,
        rectifyBy: addCalendarDays(diary.on, 7),
      });
  }
  if (c.course.preserved) preserve(c, diary);
  if (c.course.stands === 'filed') return;
  if (c.course.tested) test(c, diary);
  diary.wait(6);
  if (c.course.outcome !== 'transfer') {
    diary.enter(officer, stream(c), Do.CheckRectification, { officers, rectified: true, findings: '复查时已经改正。' });
  }
  diary.enter(officer, stream(c), Do.RecordInquiry, {
    officers,
    inquiryId: 'inquiry-1',
    inquired: 'party',
    ...times(diary),
    place: `${c.body.shortName}询问室`,
    summary: `被询问人承认${c.power.cause}的事实，对检查记录没有异议。`,
    rightsTold: true,
    signed: true,
    recordSha256: sha(c.id, 'inquiry-1'),
    pages: 3,
  });
  record(c, diary, 'RecordInquiry', 'inquiry-1', 'partial');
  const evidence = [
    ['inspection_record', '现场检查笔录', '现场检查形成'],
    ['party_statement', '询问笔录', '询问当事人形成'],
    ['documentary', '主体资格证明复印件', '当事人提供'],
  ] as const;
  evidence.forEach(([kind, description, provenance], i) =>
    diary.enter(officer, stream(c), Do.CollectEvidence, {
      evidenceId: `evidence-${i + 1}`,
      kind,
      description,
      provenance,
      collectedBy: officers,
      original: kind !== 'documentary',
      copyReason: kind === 'documentary' ? '原件由当事人留存，复印件经核对无异并签名' : undefined,
      sha256: sha(c.id, `evidence-${i + 1}`),
      pages: i + 1,
    }),
  );
}

function preserve(c: DemoCase, diary: Diary): void {
  const preservationId = 'preservation-1';
  diary.enter(by(c.officers[0]), stream(c), Do.PreserveEvidence, {
    officers: ids(c),
    preservationId,
    items: ['涉案物品一批', '进货单据一册'],
    reason: '证据可能灭失，以后难以取得',
    listSha256: sha(c.id, preservationId),
    pages: 2,
  });
  record(c, diary, 'PreserveEvidence', preservationId, 'full');
  diary
    .enter(by(c.head), stream(c), Do.ApprovePreservation, { preservationId })
    .meanwhile()
    .wait(4)
    .enter(by(c.head), stream(c), Do.DisposePreservation, {
      preservationId,
      measure: 'copied',
      reason: '已复制、拍照取证，物品返还',
    });
}

function test(c: DemoCase, diary: Diary): void {
  diary
    .wait(5)
    .enter(by(c.head), stream(c), Do.SuspendClock, { ground: 'testing', reason: '送法定机构检验' })
    .wait(18)
    .enter(by(c.head), stream(c), Do.ResumeClock, { ground: 'testing' })
    .wait(1)
    .enter(by(c.head), stream(c), Do.ExtendDecisionTime, { reason: '检验结论需当事人确认，案情复杂' });
}

export function conclude(c: DemoCase, diary: Diary): void {
  const { course } = c;
  const outcome = course.outcome ?? 'penalty';
  const penalty = outcome === 'penalty';
  diary.wait(3 + slow(c, 'concluded')).enter(by(c.officers[0]), stream(c), Do.ConcludeInvestigation, {
    facts: `${c.power.found}。以上事实有现场检查笔录、询问笔录等证据证明。`,
    evidenceIds: ['evidence-1', 'evidence-2', 'evidence-3'],
    outcome,
    ...(penalty && { penalties: fine(c.proposedYuan), ...benchmark(c) }),
    legalBasis: [`${c.power.instrument}${c.power.article}`],
    level: c.level,
    levelReason: levelReasons[c.level],
    ...(penalty && c.level === 'minor' && { firstOffenceReason: '已经两次口头劝导仍未改正，确有必要罚款。' }),
    pages: 4,
  });
}

export const levelReasons: Readonly<Record<DemoCase['level'], string>> = {
  minor: '初次违法，主动改正，危害后果轻微。',
  general: '没有从轻、从重情节，按一般情节裁量。',
  serious: '两年内再次违法，按从重情节裁量。',
  grave: '涉案数额巨大，涉嫌犯罪。',
};
