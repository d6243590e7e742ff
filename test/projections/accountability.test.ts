import { accountability } from '../../projections/accountability/accountability';
import type { AnswerRow, BodyTallyRow, MatterRow, StreamClockRow } from '../../projections/accountability/rows';
import { NoticePublishedLate } from '../../src/disclosure/notice-events';
import { ClockStopped } from '../../src/clocks/clock-events';
import { event, type RecordedEvent } from '../../src/kernel/event';
import * as E from '../../src/oversight/accountability-events';
import { missedClock, startedClock } from './clocks';
import { PROGRAM, Story } from './folding';

const answers = (story: Story): AnswerRow[] => story.fold(accountability).all<AnswerRow>('answer');
const tally = (story: Story): BodyTallyRow => story.fold(accountability).get<BodyTallyRow>('body', 'body-1')!;
const matter = (story: Story, id = 'm1'): MatterRow => story.fold(accountability).get<MatterRow>('matter', id)!;

const clueOf = (missed: Pick<RecordedEvent, 'stream' | 'id'>, chain: E.ChainLink[]): E.ClueRaised =>
  event(E.ClueRaised, {
    ground: 'limit_overrun',
    origin: { kind: 'missed_clock', stream: missed.stream, eventId: missed.id },
    bodyId: 'body-1',
    officerIds: ['o-1', 'o-2'],
    chain,
    summary: '逾期未办',
  });
const byHand = event(E.ClueRaised, {
  ground: 'fraud',
  origin: { kind: 'manual' },
  bodyId: 'body-1',
  officerIds: ['o-1'],
  chain: [{ role: 'officer', officerId: 'o-1' }],
  summary: '涉嫌伪造送达回证',
});
const chain: E.ChainLink[] = [
  { role: 'officer', officerId: 'o-1' },
  { role: 'officer', officerId: 'o-2' },
  { role: 'unit_head', officerId: 'o-2' }, // who handled it also heads the unit
  { role: 'deputy', officerId: 'l-2' },
  { role: 'first', officerId: 'l-1' },
];
const finding = (officerId: string, share: number): E.PersonFinding => ({
  officerId,
  role: 'officer',
  fault: 'gross_negligence',
  severity: 'serious',
  sharePercent: share,
  reason: '未依法送达',
});
const measure = (officerId: string): E.MatterMeasureImposed =>
  event(E.MatterMeasureImposed, { officerId, measure: 'efficiency_warning', severity: 'serious', basis: 'L02第2项' });

function missedStory(): { story: Story; missed: RecordedEvent } {
  const story = new Story();
  story.add('case-1', '2026-03-01T02:00:00.000Z', startedClock());
  return { story, missed: story.add('case-1', '2026-05-31T00:00:00.000Z', missedClock()) };
}

function determinedStory(): Story {
  const story = new Story();
  story.add('matter-m1', '2026-06-01T02:00:00.000Z', byHand);
  const opened = event(E.MatterInvestigationOpened, { investigatorIds: ['i-1', 'i-2'] });
  story.add('matter-m1', '2026-06-02T02:00:00.000Z', opened);
  const determined = event(E.MatterDetermined, {
    unitResponsible: false,
    consequence: 'general',
    findings: [finding('o-1', 60), finding('o-2', 40)],
    facts: '送达回证系伪造',
    appealUntil: '2026-07-20',
  });
  story.add('matter-m1', '2026-06-20T02:00:00.000Z', determined);
  story.add('matter-m1', '2026-06-21T02:00:00.000Z', measure('o-1'));
  story.add('matter-m1', '2026-06-21T02:00:00.000Z', measure('o-2'));
  return story;
}

describe('who answers for a missed clock (L06)', () => {
  it('are at once the officers it was entrusted to, and with the ledger’s clue everybody above them', () => {
    const { story, missed } = missedStory();
    expect(answers(story).map((a) => [a.officerId, a.role])).toEqual([
      ['o-1', 'officer'],
      ['o-2', 'officer'],
    ]);
    story.add('matter-auto', '2026-05-31T00:00:01.000Z', clueOf(missed, chain), { actor: PROGRAM });
    expect(answers(story).map((a) => [a.officerId, a.role])).toEqual([
      ['o-1', 'officer'],
      ['o-2', 'officer'],
      ['l-2', 'deputy'],
      ['l-1', 'first'],
    ]);
    expect(answers(story)[3]).toMatchObject({
      bodyId: 'body-1',
      stream: 'case-1',
      clock: 'penalty.decision',
      dueOn: '2026-05-30',
      basis: '行政处罚法第60条',
      eventId: missed.id,
      position: missed.position,
    });
  });

  it('are not extended by a clue that a person raises with a chain of his own', () => {
    const { story, missed } = missedStory();
    story.add('matter-m2', '2026-06-01T02:00:00.000Z', clueOf(missed, chain));
    expect(answers(story)).toHaveLength(2);
  });

  it('leave out the clocks that bind the party', () => {
    const story = new Story();
    story.add('case-1', '2026-03-01T02:00:00.000Z', startedClock({ clock: 'penalty.payment', bindsParty: true }));
    const missed = missedClock({ clock: 'penalty.payment', bindsParty: true });
    story.add('case-1', '2026-05-31T00:00:00.000Z', missed);
    expect(answers(story)).toEqual([]);
    expect(tally(story)).toBeUndefined();
    expect(story.fold(accountability).all<StreamClockRow>('clock')).toMatchObject([{ missed: true, bindsParty: true }]);
  });
});

describe('the board', () => {
  it('knows each clock with the events that started and missed it, to the late act that stops it', () => {
    const { story, missed } = missedStory();
    const [started] = story.events;
    const clock = () => story.fold(accountability).all<StreamClockRow>('clock');
    expect(clock()).toMatchObject([
      { stream: 'case-1', state: 'running', missed: true, startedBy: started.id, missedEventId: missed.id },
    ]);
    const stopped = { clock: 'penalty.decision', item: '', stoppedOn: '2026-06-03', inTime: false };
    story.add('case-1', '2026-06-03T00:00:00.000Z', event(ClockStopped, stopped));
    expect(clock()).toMatchObject([
      { state: 'stopped', inTime: false, startedBy: started.id, missedEventId: missed.id },
    ]);
  });

  it('counts missed clocks, late notices, and matters raised by the ledger and by hand', () => {
    const { story, missed } = missedStory();
    story.add('matter-auto', '2026-05-31T00:00:01.000Z', clueOf(missed, chain), { actor: PROGRAM });
    story.add('matter-m1', '2026-06-01T02:00:00.000Z', byHand);
    story.add(
      'notice-1',
      '2026-06-01T02:00:00.000Z',
      startedClock({ clock: 'disclosure.penalty', item: 'agency_site' }),
    );
    const late = event(NoticePublishedLate, {
      channel: 'agency_site',
      dueOn: '2026-06-08',
      publishedOn: '2026-06-10',
      daysLate: 2,
      dayKind: 'working',
      basis: '国办发〔2018〕118号',
    });
    story.add('notice-1', '2026-06-10T02:00:00.000Z', late);
    expect(tally(story)).toEqual({
      bodyId: 'body-1',
      clocksMissed: 1,
      noticesLate: 1,
      mattersRaised: 2,
      mattersByLedger: 1,
      mattersClosed: 0,
      recoveryOutstandingYuan: 0,
    });
    expect(matter(story)).toMatchObject({ raisedBy: 'person', status: 'clue' });
    expect(matter(story, 'auto')).toMatchObject({ raisedBy: 'ledger', origin: { kind: 'missed_clock' } });
  });
});

describe('a matter (L02, L03)', () => {
  it('goes from the clue to findings and measures, every event in order', () => {
    const row = matter(determinedStory());
    expect(row).toMatchObject({
      status: 'determined',
      investigators: ['i-1', 'i-2'],
      findings: [{ officerId: 'o-1', sharePercent: 60 }, { officerId: 'o-2' }],
      measures: [{ officerId: 'o-1', measure: 'efficiency_warning' }, { officerId: 'o-2' }],
    });
    expect(row.events.map((e) => e.position)).toEqual([1, 2, 3, 4, 5]);
    expect(row.position).toBe(5);
  });

  it('stays under appeal until the last appeal is decided; one that succeeds lifts that person’s finding and measures', () => {
    const story = determinedStory();
    const appealed = (officerId: string) =>
      event(E.MatterAppealed, { officerId, appealedOn: '2026-07-01', grounds: '…' });
    story.add('matter-m1', '2026-07-01T02:00:00.000Z', appealed('o-1'));
    story.add('matter-m1', '2026-07-01T03:00:00.000Z', appealed('o-2'));
    const revoked = event(E.MatterAppealDecided, { officerId: 'o-1', outcome: 'revoked', reason: '证据不足' });
    story.add('matter-m1', '2026-07-20T02:00:00.000Z', revoked);
    expect(matter(story)).toMatchObject({
      status: 'appealed',
      findings: [{ officerId: 'o-2' }],
      measures: [{ officerId: 'o-2' }],
    });
    const lighter = { ...finding('o-2', 20), severity: 'light' };
    story.add(
      'matter-m1',
      '2026-07-21T02:00:00.000Z',
      event(E.MatterAppealDecided, { officerId: 'o-2', outcome: 'changed', reason: '情节较轻', finding: lighter }),
    );
    expect(matter(story)).toMatchObject({
      status: 'determined',
      findings: [lighter],
      measures: [],
      appeals: [
        { officerId: 'o-1', outcome: 'revoked' },
        { officerId: 'o-2', outcome: 'changed' },
      ],
    });
  });

  it('keeps findings and measures when an appeal is turned down', () => {
    const story = determinedStory();
    story.add(
      'matter-m1',
      '2026-07-01T02:00:00.000Z',
      event(E.MatterAppealed, { officerId: 'o-1', appealedOn: '2026-07-01', grounds: '…' }),
    );
    const upheld = event(E.MatterAppealDecided, { officerId: 'o-1', outcome: 'upheld', reason: '认定无误' });
    story.add('matter-m1', '2026-07-20T02:00:00.000Z', upheld);
    expect(matter(story)).toMatchObject({ status: 'determined', findings: [{}, {}], measures: [{}, {}] });
  });

  it('leaves recovery outstanding to the cent, whatever the sanction (L08)', () => {
    const story = determinedStory();
    const add = (e: object) => story.add('matter-m1', '2026-08-01T02:00:00.000Z', e);
    add(event(E.CompensationPaid, { amountYuan: 0.3, paidOn: '2026-08-01', decision: '明赔〔2026〕1号' }));
    add(event(E.RecoveryOrdered, { officerId: 'o-1', amountYuan: 0.3, reason: '重大过失' }));
    add(event(E.RecoveryPaid, { officerId: 'o-1', amountYuan: 0.1, paidOn: '2026-08-02', receipt: 'PJ-1' }));
    expect(matter(story)).toMatchObject({
      compensationYuan: 0.3,
      recoveries: [{ officerId: 'o-1', orderedYuan: 0.3, paidYuan: 0.1 }],
      recoveryOutstandingYuan: 0.2,
    });
    expect(accountability.tables.matter.columns?.recovery(matter(story))).toBe(1);
    add(event(E.RecoveryPaid, { officerId: 'o-1', amountYuan: 0.2, paidOn: '2026-08-03', receipt: 'PJ-2' }));
    expect(matter(story).recoveryOutstandingYuan).toBe(0);
    expect(tally(story).recoveryOutstandingYuan).toBe(0);
    expect(accountability.tables.matter.columns?.recovery(matter(story))).toBe(0);
  });

  it('is closed once, though compensation settled later opens it again', () => {
    const story = determinedStory();
    const close = event(E.MatterClosed, { outcome: 'measures_imposed' });
    story.add('matter-m1', '2026-08-01T02:00:00.000Z', close);
    expect(tally(story).mattersClosed).toBe(1);
    const paid = event(E.CompensationPaid, { amountYuan: 1000, paidOn: '2027-01-01', decision: '明赔〔2027〕1号' });
    story.add('matter-m1', '2027-01-01T02:00:00.000Z', paid);
    expect(matter(story).status).toBe('determined');
    expect(tally(story).mattersClosed).toBe(0);
    story.add('matter-m1', '2027-02-01T02:00:00.000Z', close);
    expect(tally(story)).toMatchObject({ mattersRaised: 1, mattersClosed: 1 });
  });

  it('that was dismissed stays on record as a clue that was dismissed', () => {
    const story = new Story();
    story.add('matter-m1', '2026-06-01T02:00:00.000Z', byHand);
    story.add('matter-m1', '2026-06-02T02:00:00.000Z', event(E.ClueDismissed, { reason: '查无实据' }));
    expect(matter(story)).toMatchObject({ status: 'dismissed', ground: 'fraud' });
  });
});
