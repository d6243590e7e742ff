import { caseFile } from '../../projections/case-file/case-file';
import { gaps, LINK_OF } from '../../projections/case-file/links';
import { caseFileAfter } from '../../projections/case-file/details';
import type { CaseFileRow } from '../../projections/case-file/rows';
import { timelineEntry } from '../../projections/case-file/timeline';
import { ClockExtended, ClockMissed, ClockResumed, ClockStopped, ClockSuspended } from '../../src/clocks/clock-events';
import {
  HistoricalOutcomeRecorded,
  HistoricalPenaltyImported,
} from '../../src/enforcement/historical/historical-events';
import * as E from '../../src/enforcement/penalty-events';
import { definitionNamed, event } from '../../src/kernel/event';
import { missedClock, startedClock } from './clocks';
import { Story } from './folding';
import { toldOrdinary } from './told';

const fileOf = (events: Story['events']): CaseFileRow =>
  events.reduce<CaseFileRow | undefined>((file, e) => caseFileAfter(file, e), undefined)!;
const file = (story: Story): CaseFileRow => fileOf(story.events);
const timeline = (story: Story) => story.events.map(timelineEntry);
const gapsOf = (story: Story) => gaps(file(story), timeline(story));
const gapOf = (story: Story, link: string) => gapsOf(story).find((g) => g.link === link)!;

const clue = event(E.ClueRecorded, {
  bodyId: 'body-1',
  source: 'report',
  topic: '无照经营',
  summary: '明光路有商户无照经营',
  discoveredOn: '2026-03-01',
});
const shown = event(E.CredentialShown, { officers: ['o-1', 'o-2'], shownTo: 'party', place: '明光路2号' });
const served = event(E.DecisionServed, {
  documentNumber: '明市监罚〔2026〕1号',
  method: 'in_person',
  servedOn: '2026-04-01',
  officers: ['o-1', 'o-2'],
  toldOfPublication: true,
  signatureRefused: false,
  receiptSha256: 'a'.repeat(64),
  pages: 1,
});
const recorded = event(E.RecordingAttached, {
  recordingId: 'r-1',
  step: 'RecordInspection',
  item: 'i-1',
  deviceId: 'camera-1',
  officerId: 'o-1',
  level: 'full',
  startedAt: '2026-03-03T01:00:00.000Z',
  endedAt: '2026-03-03T02:00:00.000Z',
  sha256: 'b'.repeat(64),
  uploadedAfterHours: 30,
  late: true,
  lateReason: '网络故障',
});
const opened = event(E.OnTheSpotCaseOpened, {
  formNumber: '明市监当罚〔2026〕7号',
  bodyId: 'body-1',
  powerCode: 'CF-001',
  cause: '占道经营',
  legalBasis: ['行政处罚法第51条'],
  officers: ['o-1', 'o-2'],
  place: '明光路',
  priorOffences: 0,
  partyId: 'party-1',
  partyKind: 'natural_person',
  partyPublicName: '张某',
  partyName: '张三',
});

describe('the seven links of full-process recording (D01)', () => {
  it('have a place for every event of a penalty case, stages apart', () => {
    const names = Object.keys(E).filter(
      (name) => definitionNamed(name) && !['StageEntered', 'LateEntryExplained'].includes(name),
    );
    expect(Object.keys(LINK_OF).sort()).toEqual(names.sort());
  });

  it('are all there, with every clock stopped, in a case that was handled lawfully to the end', () => {
    const story = toldOrdinary();
    const row = file(story);
    expect(row).toMatchObject({
      procedure: 'ordinary-penalty',
      stage: 'archived',
      bodyId: 'body-1',
      outcome: 'penalty',
      fineYuan: 12000,
      paidYuan: 12000,
      revoked: false,
      reviewerId: 'r-1',
      reviews: [{ round: 1, reviewerId: 'r-1', passed: true }],
      statements: [{ id: 'statement-1', points: 2, answered: true }],
      filedOn: '2026-03-04',
      decidedOn: '2026-04-02',
      servedOn: '2026-04-03',
      closedOn: '2026-04-13',
      archivedOn: '2026-04-14',
    });
    expect(row.contents!.length).toBeGreaterThan(5);
    expect(gapsOf(story).map(({ link, state }) => `${link} ${state}`)).toEqual([
      'filing complete',
      'investigation complete',
      'evidence complete',
      'review complete',
      'decision complete',
      'service complete',
      'execution complete',
    ]);
    expect(row.clocks.filter((c) => c.state !== 'stopped' && !c.bindsParty)).toEqual([]);
  });

  it('show a link that was skipped as missing, and one not reached yet as ahead', () => {
    const story = new Story();
    story.add('case-1', '2026-03-01T02:00:00.000Z', clue);
    story.add('case-1', '2026-04-01T02:00:00.000Z', served);
    expect(gapsOf(story).map((g) => g.state)).toEqual([
      'complete',
      'missing',
      'missing',
      'missing',
      'missing',
      'complete',
      'ahead',
    ]);
  });

  it('do not ask a review of a penalty imposed on the spot (行政处罚法 51)', () => {
    const story = new Story();
    story.add('case-1', '2026-03-01T02:00:00.000Z', opened);
    story.add('case-1', '2026-03-01T02:00:00.000Z', served);
    expect(gapOf(story, 'review').state).toBe('ahead');
  });

  it('name the longest silence before or within each link, by when things happened', () => {
    const story = new Story();
    story.add('case-1', '2026-03-01T02:00:00.000Z', clue);
    story.add('case-1', '2026-03-11T02:00:00.000Z', shown); // ten days after the clue
    story.add('case-1', '2026-03-14T02:00:00.000Z', shown);
    story.add('case-1', '2026-04-15T02:00:00.000Z', served);
    // Entered last, but it happened in the midst of the silence before service.
    story.add('case-1', '2026-04-05T02:00:00.000Z', shown, { recordedAt: '2026-04-16T02:00:00.000Z' });
    expect(gapOf(story, 'filing').longestSilence).toBeUndefined();
    expect(gapOf(story, 'investigation').longestSilence).toEqual({ days: 22, from: 3, to: 5 });
    expect(gapOf(story, 'service').longestSilence).toEqual({ days: 10, from: 5, to: 4 });
  });
});

describe('the case file', () => {
  it('keeps both times of every act and counts those entered more than a day late', () => {
    const story = new Story();
    story.add('case-1', '2026-03-01T02:00:00.000Z', clue);
    story.add('case-1', '2026-03-02T02:00:00.000Z', shown, { recordedAt: '2026-03-02T20:00:00.000Z' });
    story.add('case-1', '2026-03-02T03:00:00.000Z', shown, { recordedAt: '2026-03-09T02:00:00.000Z' });
    const row = file(story);
    expect(timeline(story).map(({ type, occurredAt, recordedAt }) => [type, occurredAt, recordedAt])).toEqual([
      ['ClueRecorded', '2026-03-01T02:00:00.000Z', '2026-03-01T02:00:00.000Z'],
      ['CredentialShown', '2026-03-02T02:00:00.000Z', '2026-03-02T20:00:00.000Z'],
      ['CredentialShown', '2026-03-02T03:00:00.000Z', '2026-03-09T02:00:00.000Z'],
    ]);
    expect(timeline(story)[1]).toMatchObject({ officers: ['o-1', 'o-2'], account: 'account-1', actorKind: 'person' });
    expect(gapOf(story, 'investigation')).toMatchObject({ acts: 2, lateEntries: 1 });
    expect(row.updatedAt).toBe('2026-03-09T02:00:00.000Z');
  });

  it('follows a clock through suspension, extension, resumption, the due date and the late act', () => {
    const story = new Story();
    const of = { clock: 'penalty.decision', item: '' };
    const clock = () => file(story).clocks[0];
    story.add('case-1', '2026-03-01T02:00:00.000Z', startedClock());
    expect(clock()).toMatchObject({ state: 'running', dueOn: '2026-05-30', days: 90, missed: false });

    const basis = '市场监督管理行政处罚程序规定第64条';
    const suspended = event(ClockSuspended, { ...of, suspendedOn: '2026-04-01', ground: 'testing', basis });
    story.add('case-1', '2026-04-01T02:00:00.000Z', suspended);
    expect(clock().state).toBe('suspended');

    const longer = { ...of, days: 30, dayKind: 'calendar', dueOn: '2026-06-29', basis, provisional: false };
    story.add('case-1', '2026-04-02T02:00:00.000Z', event(ClockExtended, longer));
    expect(clock()).toMatchObject({ state: 'suspended', dueOn: '2026-06-29', days: 120 });

    const resumed = { ...of, resumedOn: '2026-04-11', days: 89, excludedDays: 10, dueOn: '2026-07-09' };
    story.add('case-1', '2026-04-11T02:00:00.000Z', event(ClockResumed, { ...resumed, provisional: true }));
    expect(clock()).toMatchObject({ state: 'running', dueOn: '2026-07-09', provisional: true, days: 120 });

    story.add('case-1', '2026-07-10T00:00:00.000Z', missedClock({ dueOn: '2026-07-09' }));
    expect(clock()).toMatchObject({ state: 'running', missed: true });

    const stopped = event(ClockStopped, { ...of, stoppedOn: '2026-07-12', inTime: false });
    story.add('case-1', '2026-07-12T02:00:00.000Z', stopped);
    expect(clock()).toMatchObject({ state: 'stopped', stoppedOn: '2026-07-12', inTime: false, missed: true });
    expect(file(story).clocks).toHaveLength(1);
  });

  it('keeps two clocks of one parameter apart by their item, and does not invent one that never started', () => {
    const story = new Story();
    story.add('case-1', '2026-03-01T02:00:00.000Z', startedClock({ clock: 'penalty.preservation', item: 'p-1' }));
    story.add('case-1', '2026-03-01T02:00:00.000Z', startedClock({ clock: 'penalty.preservation', item: 'p-2' }));
    const missed = missedClock({ clock: 'penalty.preservation', item: 'p-2' });
    story.add('case-1', '2026-06-01T02:00:00.000Z', missed);
    story.add('case-1', '2026-06-01T02:00:00.000Z', event(ClockMissed, { ...missed, item: 'p-9' }));
    expect(file(story).clocks.map(({ item, missed: m }) => [item, m])).toEqual([
      ['p-1', false],
      ['p-2', true],
    ]);
  });

  it('shows excluded evidence with its reason in law, and recordings with their lateness', () => {
    const story = toldOrdinary('evidence');
    story.add(
      'case-1',
      '2026-03-06T02:00:00.000Z',
      event(E.EvidenceExcluded, { evidenceId: 'evidence-1', reason: '取证程序违法', legalBasis: '行政处罚法第46条' }),
    );
    story.add('case-1', '2026-03-06T02:00:00.000Z', recorded);
    const row = file(story);
    expect(row.evidence).toMatchObject([{ id: 'evidence-1', excludedFor: '行政处罚法第46条' }]);
    expect(row.recordings.at(-1)).toMatchObject({ id: 'r-1', step: 'RecordInspection', late: true });
    expect(row.recordings.at(-1)).not.toHaveProperty('lateReason');
    expect(gapOf(story, 'evidence').recordings).toBe(row.recordings.length);
  });

  it('follows remedies, a change and a revocation of the decision', () => {
    const story = toldOrdinary('served');
    const remedy = { remedyId: 'remedy-1', kind: 'reconsideration' };
    const sought = event(E.RemedySought, { ...remedy, soughtOn: '2026-04-20', authority: '明镜市人民政府' });
    story.add('case-1', '2026-04-20T02:00:00.000Z', sought);
    const amended = event(E.DecisionAmended, {
      documentNumber: '明市监处罚〔2026〕1号',
      amendingDocument: '明府复〔2026〕3号',
      authority: 'reconsideration',
      amendedOn: '2026-06-01',
      publicReason: '量罚过重',
      penalties: [{ kind: 'fine', amountYuan: 6000, content: '罚款6000元' }],
      fineYuan: 6000,
      confiscatedYuan: 0,
      approvedBy: 'l-1',
    });
    story.add('case-1', '2026-06-01T02:00:00.000Z', amended);
    const ended = event(E.RemedyEnded, { ...remedy, outcome: 'changed', endedOn: '2026-06-01' });
    story.add('case-1', '2026-06-01T02:00:00.000Z', ended);
    expect(file(story)).toMatchObject({
      fineYuan: 6000,
      revoked: false,
      remedies: [{ id: 'remedy-1', soughtOn: '2026-04-20', outcome: 'changed', endedOn: '2026-06-01' }],
    });
    expect(caseFile.tables.case.columns?.remedy(file(story))).toBe('changed');
    const revoked = event(E.DecisionRevoked, {
      documentNumber: '明市监处罚〔2026〕1号',
      revokingDocument: '（2026）明01行初9号',
      authority: 'court',
      effect: 'revoked',
      revokedOn: '2026-09-01',
      publicReason: '主要证据不足',
      approvedBy: 'l-1',
    });
    story.add('case-1', '2026-09-01T02:00:00.000Z', revoked);
    expect(file(story).revoked).toBe(true);
  });

  it('dates a penalty on the spot by the day in China', () => {
    const story = new Story();
    story.add('case-1', '2026-03-01T17:30:00.000Z', opened); // half past one at night on the second
    expect(file(story)).toMatchObject({
      procedure: 'simple-penalty',
      caseNumber: '明市监当罚〔2026〕7号',
      filedOn: '2026-03-02',
      party: { publicName: '张某', name: '张三' },
    });
  });

  it('holds historical acts under the name of their own stream, with the outcome of a reconsideration', () => {
    const story = new Story();
    story.add(
      'historical-h1',
      '2016-07-01T00:00:00.000Z',
      event(HistoricalPenaltyImported, {
        documentNumber: '府勞動字第1號',
        decidedOn: '2016-07-01',
        jurisdiction: '臺北市',
        bodyName: '臺北市政府勞動局',
        partyId: 'p',
        partyKind: 'organisation',
        partyName: '無名企業有限公司',
        partyPublicName: '無名企業有限公司',
        articles: [],
        violation: '未置備出勤紀錄',
        kind: 'fine',
        amount: 20000,
        currency: 'TWD',
        aggravation: [],
        repairs: [],
        rowSha256: 'x',
        gates: 'import-rules-v1',
      }),
    );
    const outcome = { outcome: 'revoked', authority: '勞動部', decidedOn: '2017-01-01', text: '原處分撤銷' } as const;
    story.add('historical-h1', '2017-01-01T00:00:00.000Z', event(HistoricalOutcomeRecorded, outcome));
    const row = file(story);
    expect(row).toMatchObject({
      id: 'historical-h1',
      procedure: 'historical',
      stage: 'historical',
      fineYuan: 0, // not yuan
      remedies: [{ id: 'remedy-1', kind: 'reconsideration', outcome: 'revoked', authority: '勞動部' }],
    });
    expect(gaps(row, timeline(story)).every((g) => g.state === 'ahead')).toBe(true);
    expect(caseFile.tables.case.columns?.body(row)).toBe('臺北市政府勞動局');
  });

  it('passes over what is no case', () => {
    const story = new Story();
    story.add('notice-1', '2026-03-01T02:00:00.000Z', startedClock());
    expect(story.fold(caseFile).all('case')).toEqual([]);
  });
});
