import fc from 'fast-check';
import { officerPerformance } from '../../projections/officer-performance/officer-performance';
import type {
  AppraisalRow,
  FileEntryRow,
  OfficerFileRow,
  RatingRow,
  WorkRow,
} from '../../projections/officer-performance/rows';
import * as E from '../../src/appraisal/appraisal-events';
import { evolveAppraisal, initialAppraisal, result } from '../../src/appraisal/appraisal-state';
import { DecisionServed, FinePaid, OfficersAssigned } from '../../src/enforcement/penalty-events';
import { event } from '../../src/kernel/event';
import { MatterAppealDecided, MatterMeasureImposed } from '../../src/oversight/accountability-events';
import * as R from '../../src/registry/registry-events';
import { missedClock } from './clocks';
import { Story } from './folding';

const criterion = (code: string, points: number): E.Criterion => ({
  code,
  zh: `项目${code}`,
  en: `criterion ${code}`,
  norm: 'procedure',
  points,
  check: 'spot',
  metric: 'procedure_faults',
  events: ['ClockMissed'],
});
const scheme = event(E.SchemeDrafted, {
  title: '明镜市行政执法评议考核细则',
  version: 1,
  level: 'officer',
  criteria: [criterion('a', 60), criterion('b', 30.5), criterion('c', 9.5)],
  excellentFrom: 90,
  passFrom: 60,
  bonusMax: 5,
});
const citations = [{ stream: 'case-1', eventId: 'e-1' }];
const marked = (code: string, points: number, bonus?: string): E.CaseMarked =>
  event(E.CaseMarked, { criterion: code, points, caseId: '1', reason: '超期办理', citations, bonus });

/** Officer o-1 registered, a scheme, and the appraisal of 2026 opened. */
function openedStory(): Story {
  const story = new Story();
  const registered = event(R.OfficerRegistered, {
    name: '张一',
    bodyId: 'body-1',
    post: '执法员',
    employment: 'civil_servant',
  });
  story.add('officer-o-1', '2026-01-05T02:00:00.000Z', registered);
  story.add('scheme-s1', '2026-01-06T02:00:00.000Z', scheme);
  const opened = event(E.AppraisalOpened, {
    schemeId: 's1',
    schemeVersion: 1,
    officerId: 'o-1',
    bodyId: 'body-1',
    year: 2026,
  });
  story.add('appraisal-o-1-2026', '2026-02-01T02:00:00.000Z', opened);
  return story;
}

const add = (story: Story, e: object) => story.add('appraisal-o-1-2026', '2026-03-01T02:00:00.000Z', e);
const appraisal = (story: Story): AppraisalRow =>
  story.fold(officerPerformance).get<AppraisalRow>('appraisal', 'o-1-2026')!;
const entriesOf = (story: Story): FileEntryRow[] => story.fold(officerPerformance).all<FileEntryRow>('entry');
const fileOf = (story: Story): OfficerFileRow => story.fold(officerPerformance).get<OfficerFileRow>('file', 'o-1')!;

describe('the running score (M01, M02)', () => {
  it('starts at full marks and says under each criterion what is left', () => {
    const story = openedStory();
    expect(appraisal(story)).toMatchObject({ officerName: '张一', status: 'open', score: 100, bonusMax: 5 });
    add(story, marked('a', -2.5));
    add(story, marked('b', -0.1));
    add(story, marked('b', -0.2));
    expect(appraisal(story)).toMatchObject({
      score: 97.2,
      scores: [
        { code: 'a', points: 60, score: 57.5 },
        { code: 'b', points: 30.5, score: 30.2 },
        { code: 'c', points: 9.5, score: 9.5 },
      ],
    });
  });

  it('names for every point the events that it rests on; a spot check is one itself', () => {
    const story = openedStory();
    const mark = add(story, marked('a', -2));
    const check = add(
      story,
      event(E.SpotCheckRecorded, {
        criterion: 'c',
        checkedOn: '2026-03-01',
        place: '政务大厅',
        found: '未佩戴标识',
        points: -1,
        checkerIds: ['s-1'],
      }),
    );
    expect(appraisal(story).marks).toMatchObject([
      { eventId: mark.id, points: -2, citations },
      { eventId: check.id, points: -1, reason: '未佩戴标识', citations: [{ stream: check.stream, eventId: check.id }] },
    ]);
    expect(appraisal(story).marks.every((m) => m.citations.length > 0)).toBe(true);
  });

  it('takes back a withdrawn mark, which stays readable', () => {
    const story = openedStory();
    const mark = add(story, marked('a', -10));
    add(story, event(E.MarkWithdrawn, { markId: mark.id, reason: '误记' }));
    expect(appraisal(story)).toMatchObject({ score: 100, marks: [{ eventId: mark.id, withdrawn: true }] });
  });

  it('adds merit up to the scheme’s limit and never beyond full marks (评议考核规定 17)', () => {
    const story = openedStory();
    add(story, marked('a', -20));
    add(story, marked('a', 4, 'commended'));
    expect(appraisal(story).score).toBe(84);
    add(story, marked('b', 4, 'commended'));
    expect(appraisal(story).score).toBe(85);
    const untouched = openedStory();
    add(untouched, marked('a', 5, 'commended'));
    expect(appraisal(untouched).score).toBe(100);
  });

  it('is, for whatever marks, given or withdrawn, the score that is confirmed', () => {
    const mark = fc.record({
      code: fc.constantFrom('a', 'b', 'c'),
      tenths: fc.integer({ min: -300, max: 50 }),
      withdrawn: fc.boolean(),
    });
    const bonus = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 12 }), bonus, (marks, merit) => {
        const story = openedStory();
        const given = marks.map((m) => add(story, marked(m.code, m.tenths / 10)));
        if (merit > 0) add(story, marked('a', merit / 10, 'commended'));
        marks.forEach((m, i) => {
          if (m.withdrawn) add(story, event(E.MarkWithdrawn, { markId: given[i].id, reason: '误记' }));
        });
        const state = story.events
          .filter((e) => e.stream === 'appraisal-o-1-2026')
          .reduce(evolveAppraisal, initialAppraisal);
        expect(appraisal(story).score).toBe(result(scheme, state.marks, [], 100).score);
      }),
    );
  });

  it('follows confirmation, appeal and publication', () => {
    const story = openedStory();
    const mark = add(story, marked('a', -50));
    const vetoes: E.Veto[] = [{ code: 'fabricated_record', reason: '伪造笔录', citations }];
    const confirmed = { score: 50, grade: 'fail', vetoes, notifiedOn: '2027-01-10', appealUntil: '2027-01-25' };
    add(story, event(E.AppraisalConfirmed, confirmed));
    expect(appraisal(story)).toMatchObject({ status: 'confirmed', score: 50, grade: 'fail', vetoes });
    add(story, event(E.AppraisalAppealed, { appealedOn: '2027-01-12', officerId: 'o-1', grounds: '…' }));
    expect(appraisal(story).status).toBe('appealed');
    const decided = { outcome: 'changed', reason: '记分有误', withdrawnMarkIds: [mark.id], vetoes: [] };
    add(story, event(E.AppraisalAppealDecided, { ...decided, score: 100, grade: 'excellent' }));
    expect(appraisal(story)).toMatchObject({
      status: 'decided',
      score: 100,
      grade: 'excellent',
      vetoes: [],
      scores: [{ score: 60 }, {}, {}],
      marks: [{ withdrawn: true }],
    });
    expect(officerPerformance.tables.appraisal.columns?.public(appraisal(story))).toBe(0);
    add(story, event(E.AppraisalPublished, { scope: 'public', score: 100, grade: 'excellent' }));
    expect(officerPerformance.tables.appraisal.columns?.public(appraisal(story))).toBe(1);
  });

  it('keeps the criteria of the version it was opened under', () => {
    const story = openedStory();
    const next = { ...scheme, version: 2, criteria: [criterion('z', 100)], revisionReason: '修订' };
    story.add('scheme-s1', '2026-06-01T02:00:00.000Z', event(E.SchemeDrafted, next));
    add(story, marked('b', -1));
    expect(appraisal(story).scores.map((s) => s.code)).toEqual(['a', 'b', 'c']);
  });
});

describe('the officer’s file (执法档案, M01)', () => {
  it('holds what was recorded of the officer, and counts hours, faults, measures and missed clocks', () => {
    const story = openedStory();
    const on = '2026-05-01T02:00:00.000Z';
    const trained = event(R.OfficerTrained, { subject: '行政处罚法', hours: 16, trainedOn: '2026-05-01' });
    story.add('officer-o-1', on, trained);
    story.add('officer-o-1', on, event(R.OfficerTrained, { ...trained, hours: 8 }));
    story.add('officer-o-1', on, event(R.OfficerTrained, { ...trained, trainedOn: '2027-01-04' }));
    story.add('officer-o-1', on, event(R.OfficerFaultRecorded, { faultOn: '2026-05-01', description: '过错' }));
    story.add('case-1', on, missedClock());
    story.add('case-1', on, missedClock({ clock: 'penalty.payment', bindsParty: true }));
    const imposed = { officerId: 'o-1', measure: 'admonition', severity: 'light', basis: 'L02第1项' };
    story.add('matter-m1', on, event(MatterMeasureImposed, imposed));
    expect(fileOf(story)).toMatchObject({
      name: '张一',
      trainingHours: { 2026: 24, 2027: 16 },
      faults: 1,
      measures: 1,
      clocksMissed: 1,
    });
    expect(entriesOf(story).map((e) => e.type)).toEqual([
      'OfficerRegistered',
      'AppraisalOpened',
      'OfficerTrained',
      'OfficerTrained',
      'OfficerTrained',
      'OfficerFaultRecorded',
      'ClockMissed',
      'MatterMeasureImposed',
    ]);
    expect(fileOf(story)).not.toHaveProperty('entries');
  });

  it('counts no longer a fault that was lifted, and keeps both entries', () => {
    const story = openedStory();
    const at = (e: object) => story.add('officer-o-1', '2026-06-01T02:00:00.000Z', e);
    at(event(R.OfficerFaultRecorded, { faultOn: '2026-05-01', description: '过错', matterId: 'm1' }));
    at(event(R.OfficerFaultRecorded, { faultOn: '2026-05-02', description: '过错', matterId: 'm2' }));
    at(event(R.OfficerFaultLifted, { matterId: 'm1', liftedOn: '2026-06-01', reason: '复核撤销' }));
    expect(fileOf(story).faults).toBe(1);
    expect(entriesOf(story).filter((e) => e.type.startsWith('OfficerFault'))).toHaveLength(3);
  });

  it('counts no longer the measures that an appeal lifted, and those imposed anew', () => {
    const story = openedStory();
    const imposed = { officerId: 'o-1', measure: 'admonition', severity: 'light', basis: 'L02第1项' };
    const at = (e: object, stream = 'matter-m1') => story.add(stream, '2026-06-01T02:00:00.000Z', e);
    at(event(MatterMeasureImposed, imposed));
    at(event(MatterMeasureImposed, { ...imposed, measure: 'training' }));
    at(event(MatterMeasureImposed, imposed), 'matter-m2');
    at(event(MatterAppealDecided, { officerId: 'o-1', outcome: 'upheld', reason: '…' }));
    expect(fileOf(story).measures).toBe(3);
    at(event(MatterAppealDecided, { officerId: 'o-1', outcome: 'changed', reason: '…' }));
    expect(fileOf(story).measures).toBe(1);
    at(event(MatterMeasureImposed, { ...imposed, measure: 'talk' }));
    expect(fileOf(story).measures).toBe(2);
  });

  it('goes with the officer to another body', () => {
    const story = openedStory();
    const moved = { bodyId: 'body-2', post: '执法员', from: '2026-07-01', reason: '轮岗' };
    story.add('officer-o-1', '2026-07-01T02:00:00.000Z', event(R.OfficerReassigned, moved));
    expect(fileOf(story)).toMatchObject({ bodyId: 'body-2' });
  });
});

describe('work', () => {
  it('counts the acts of a case an officer took part in, however large the fine was', () => {
    const story = new Story();
    const served = event(DecisionServed, {
      documentNumber: '明市监罚〔2026〕1号',
      method: 'in_person',
      servedOn: '2026-04-01',
      officers: ['o-1', 'o-2'],
      toldOfPublication: true,
      signatureRefused: false,
      receiptSha256: 'a'.repeat(64),
      pages: 1,
    });
    const by = (officer?: string) => ({ actor: { kind: 'person', account: 'a', officer, roles: [] } as const });
    story.add(
      'case-1',
      '2026-03-05T02:00:00.000Z',
      event(OfficersAssigned, { officers: ['o-1'], reason: '增派' }),
      by('l-1'),
    );
    story.add('case-1', '2026-04-01T02:00:00.000Z', served, by('o-1')); // named and acting: one act
    const paid = { receiptNumber: 'PJ-1', payeeId: 'bank-1', paidOn: '2026-04-10', outstandingYuan: 0 };
    story.add('case-1', '2026-04-10T02:00:00.000Z', event(FinePaid, { ...paid, amountYuan: 900000 }), by());
    const work = story.fold(officerPerformance).all<WorkRow>('work');
    expect(work.map((w) => [w.officerId, w.acts, w.firstAt, w.lastAt])).toEqual([
      ['o-1', 2, '2026-03-05T02:00:00.000Z', '2026-04-01T02:00:00.000Z'],
      ['l-1', 1, '2026-03-05T02:00:00.000Z', '2026-03-05T02:00:00.000Z'],
      ['o-2', 1, '2026-04-01T02:00:00.000Z', '2026-04-01T02:00:00.000Z'],
    ]);
    expect(JSON.stringify(work)).not.toContain('900000');
  });
});

test('ratings are added up by body (I10)', () => {
  const story = new Story();
  for (const [i, stars] of [5, 4, 1].entries()) {
    const rated = event(E.ServiceRated, { bodyId: 'body-1', stars, raterId: `rater-${i}` });
    story.add(`rating-${i}`, '2026-03-01T02:00:00.000Z', rated);
  }
  expect(story.fold(officerPerformance).all<RatingRow>('rating')).toEqual([
    { bodyId: 'body-1', ratings: 3, stars: 10 },
  ]);
});
