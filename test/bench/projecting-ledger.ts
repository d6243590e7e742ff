import type { NewEvent } from '../../src/kernel/event';
import { eventIds } from '../../src/ledger/event-id';
import { openLedger } from '../../src/ledger/commitment/open-ledger';
import type { EventStore } from '../../src/ledger/event-store';

const nextId = eventIds();
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const OFFICERS = 120;
const BODIES = 12;
const CASES_AT_A_TIME = 400;

type Written = readonly [stream: string, type: string, data: Record<string, unknown>];

const started = (clock: string, days: number, body: string, officers: string[]): Record<string, unknown> => ({
  clock,
  item: '',
  zh: '办案期限',
  en: 'Time limit of the case',
  startedOn: '2026-03-02',
  dueOn: '2026-06-01',
  days,
  dayKind: 'calendar',
  basis: '行政处罚法第60条',
  provisional: false,
  bodyId: body,
  responsiblePost: 'officer',
  responsibleOfficers: officers,
  bindsParty: false,
});

/** The 26 events of one case from clue to published notice, in the order they are recorded. */
function story(n: number): Written[] {
  const body = `b-${n % BODIES}`;
  const officers = [`o-${n % OFFICERS}`, `o-${(n * 7 + 1) % OFFICERS}`];
  const [id, notice] = [`case-2026-${n}`, `notice-2026-${n}`];
  const documentNumber = `明镜市监罚字〔2026〕${n}号`;
  const party = {
    partyId: `p-${n}`,
    partyKind: 'organisation',
    partyPublicName: `明镜市第${n}号商行`,
    partyName: `明镜市第${n}号商行`,
  };
  const penalties = [{ kind: 'fine', amountYuan: 5000, content: '罚款人民币五千元' }];
  const act = (type: string, data: Record<string, unknown>): Written => [id, type, data];
  const stage = (from: string, to: string, link: string): Written =>
    act('StageEntered', { procedure: 'ordinary-penalty', from, stage: to, link });
  const evidence = (e: number): Written =>
    act('EvidenceCollected', {
      evidenceId: `e-${e}`,
      kind: 'documentary',
      description: '经营场所现场照片与进货票据复印件',
      provenance: '当事人经营场所',
      collectedBy: officers,
      original: true,
      sha256: SHA256,
      pages: 3,
    });
  const recording = (r: number): Written =>
    act('RecordingAttached', {
      recordingId: `r-${r}`,
      step: 'inspection',
      item: '',
      deviceId: 'd-9',
      officerId: officers[0],
      level: 'full',
      startedAt: '2026-03-02T01:02:03.004Z',
      endedAt: '2026-03-02T02:02:03.004Z',
      sha256: SHA256,
      uploadedAfterHours: 4,
      late: false,
    });
  return [
    act('ClueRecorded', {
      bodyId: body,
      source: 'inspection',
      topic: '价格',
      summary: '未按规定明码标价',
      discoveredOn: '2026-03-01',
    }),
    act('ClockStarted', started('penalty.filing_check', 15, body, officers)),
    act('CaseFiled', {
      ...party,
      caseNumber: `明镜市监立〔2026〕${n}号`,
      bodyId: body,
      powerCode: `P-${n % 300}`,
      cause: '涉嫌未按规定明码标价',
      legalBasis: ['价格法第42条'],
      officers,
      approvedBy: 'h-1',
      filedOn: '2026-03-02',
      violationEndedOn: '2026-03-01',
      graveHarm: false,
      priorOffences: 0,
    }),
    act('ClockStopped', { clock: 'penalty.filing_check', item: '', stoppedOn: '2026-03-02', inTime: true }),
    act('ClockStarted', started('penalty.decision', 90, body, officers)),
    stage('clue', 'investigation', 'filing'),
    evidence(1),
    recording(1),
    evidence(2),
    recording(2),
    evidence(3),
    act('SubmittedForReview', {
      round: 1,
      submittedOn: '2026-04-01',
      documents: ['调查终结报告'],
      afterHearing: false,
    }),
    stage('investigation', 'review', 'review'),
    act('ReviewOpinionIssued', { round: 1, reviewerId: 'o-3', passed: true, items: [], advice: '同意', pages: 2 }),
    act('StatementHeard', {
      statementId: 's-1',
      partyId: `p-${n}`,
      receivedOn: '2026-04-09',
      form: 'written',
      points: ['已改正'],
      pointCount: 1,
    }),
    act('StatementAnswered', { statementId: 's-1', answers: ['已作为从轻情节考虑'] }),
    act('PenaltyDecided', {
      ...party,
      procedure: 'ordinary-penalty',
      documentNumber,
      outcome: 'penalty',
      decidedOn: '2026-04-20',
      bodyId: body,
      powerCode: `P-${n % 300}`,
      violation: '未按规定明码标价',
      publicFacts: '经查,当事人在其经营场所销售商品未标明价格,现场检查笔录与照片为证。'.repeat(4),
      evidence: '现场检查笔录、照片。',
      legalBasis: ['价格法第42条'],
      penalties,
      fineYuan: 5000,
      confiscatedYuan: 0,
      withinBand: true,
      discretionReason: '没有从轻、从重情节。',
      defenceAnswer: '已作为从轻情节考虑。',
      grave: false,
      remedies: '六十日内申请行政复议，或者六个月内提起行政诉讼。',
      performance: '十五日内缴纳罚款。',
      officers,
      decidedBy: 'h-1',
      pages: 3,
    }),
    act('ClockStopped', { clock: 'penalty.decision', item: '', stoppedOn: '2026-04-20', inTime: true }),
    stage('noticed', 'decided', 'decision'),
    [
      notice,
      'NoticeDrafted',
      {
        source: id,
        category: 'penalty',
        bodyId: body,
        documentNumber,
        decidedOn: '2026-04-20',
        ...party,
        fineYuan: 5000,
        confiscatedYuan: 0,
        violation: '未按规定明码标价',
        facts: '经查,当事人在其经营场所销售商品未标明价格。',
        basis: '价格法第42条',
        penaltyKinds: ['fine'],
        content: '罚款人民币五千元',
        publicityClass: 'standard',
        channels: [{ channel: 'agency_site', required: true, basis: '行政处罚法第48条', dueOn: '2026-04-29' }],
      },
    ],
    act('DecisionServed', { servedOn: '2026-04-22', method: 'direct' }),
    act('FinePaid', { amountYuan: 5000, paidOn: '2026-05-01' }),
    [
      notice,
      'NoticePublished',
      {
        channel: 'agency_site',
        version: 1,
        publishedOn: '2026-04-27',
        publicUntil: '2029-04-27',
        url: `/notices/${n}`,
      },
    ],
    act('CaseClosed', { closedOn: '2026-05-03' }),
    act('ClockMissed', { ...started('penalty.archive', 30, body, officers), missedOn: '2026-06-05' }),
    act('CaseArchived', { archivedOn: '2026-06-10', contents: [], retainUntil: '2056-06-10' }),
  ];
}

function newEvent(stream: string, type: string, data: Record<string, unknown>): NewEvent {
  const officer = `o-${stream.length % OFFICERS}`;
  return {
    id: nextId(),
    type,
    schemaVersion: 1,
    data,
    metadata: {
      occurredAt: '2026-03-02T01:02:03.004Z',
      recordedAt: '2026-03-02T01:05:00.000Z',
      actor: { kind: 'person', account: `a-${officer}`, officer, body: 'b-1', roles: ['officer'] },
      command: 'RecordAct',
      commandId: nextId(),
      commandDigest: SHA256,
      correlationId: stream,
    },
  };
}

/** Fills the ledger of a directory, which nobody has open. */
export async function fillCaseLedger(directory: string, events: number): Promise<void> {
  const { store } = await openLedger({ ledger: directory, vault: directory });
  await fillCases(store, events);
  await store.close();
}

/** Fills a ledger as a city's offices do: many cases are open at a time, and each gets its next event in turn. */
export async function fillCases(store: EventStore, events: number): Promise<void> {
  const revisions = new Map<string, number>();
  const open = Array.from({ length: CASES_AT_A_TIME }, (_, n) => story(n));
  let next = open.length;
  for (let written = 0; written < events;) {
    const appends = new Map<string, NewEvent[]>();
    for (let i = 0; i < open.length && written < events; i++, written++) {
      if (open[i].length === 0) open[i] = story(next++);
      const [stream, type, data] = open[i].shift()!;
      appends.set(stream, [...(appends.get(stream) ?? []), newEvent(stream, type, data)]);
    }
    await Promise.all(
      [...appends].map(async ([stream, batch]) => {
        const known = revisions.get(stream);
        revisions.set(stream, (await store.append(stream, known ?? 'no_stream', batch)).revision);
      }),
    );
  }
}
