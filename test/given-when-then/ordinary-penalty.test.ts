import * as Do from '../../src/enforcement/penalty-commands';
import * as E from '../../src/enforcement/penalty-events';
import { ClockStarted, ClockStopped } from '../../src/clocks/clock-events';
import { event } from '../../src/kernel/event';
import { BodyRemoved, PowerCancelled } from '../../src/registry/registry-events';
import { clue, filing, head, officer, on, Story, upTo } from './penalty-story';

describe('普通程序 the ordinary procedure, from the clue to the archive', () => {
  it('goes all the way (行政处罚法 54-67, G02)', () => {
    const archived = upTo('closed')
      .next(officer('o-1'), on('2026-04-14'))
      .when(Do.ArchiveCase, { fileNumber: '明市监卷2026-1' });
    archived.thenAmong(E.CaseArchived, { retentionYears: 30, retainUntil: '2056-04-14', pages: 44 });
    archived.thenAmong(E.StageEntered, { from: 'closed', stage: 'archived', link: 'execution' });
  });

  it('puts the file in the order of 市场监督管理行政处罚程序规定 78 with page numbers (G02)', () => {
    const { events } = upTo('closed').next(officer('o-1'), on('2026-04-14')).when(Do.ArchiveCase, { fileNumber: 'X' });
    const archived = events.find((e) => e instanceof E.CaseArchived);
    const lines = archived?.contents.map((c) => `${c.volume} ${c.number} ${c.zh} ${c.fromPage}-${c.toPage}`);
    expect(lines).toEqual([
      'main 1 立案审批表 1-1',
      'main 2 行政处罚决定书 2-6',
      'main 3 行政处罚决定书送达回证 7-7',
      'main 4 先行告知书 8-8',
      'main 5 指导服务记录 9-9',
      'main 6 责令改正通知书 10-10',
      'main 7 行政处罚告知书及送达回证 11-12',
      'main 8 询问笔录 13-16',
      'main 9 音像记录清单 17-17',
      'main 10 证据材料 18-27',
      'main 11 整改复查记录 28-28',
      'main 12 音像记录清单 29-29',
      'main 13 罚款缴纳票据 30-30',
      'main 14 陈述申辩笔录 31-32',
      'main 15 陈述申辩复核意见 33-33',
      'supplementary 1 案源登记表 1-1',
      'supplementary 2 调查终结报告 2-7',
      'supplementary 3 法制审核意见书 8-10',
      'supplementary 4 结案审批表 11-11',
    ]);
  });

  it('keeps the party’s name, number and address apart from what is published (I08, 内蒙古办法 10)', () => {
    upTo('clue')
      .next(head, on('2026-03-04'))
      .when(Do.FileCase, {
        ...filing,
        partyKind: 'natural_person',
        partyName: '欧阳小明',
        partyIdentifier: '11010519491231002X',
        birthDate: '1949-12-31',
        address: '明镜市明光路2号',
      })
      .thenAmong(E.CaseFiled, { partyPublicName: '欧阳某某', partyName: '欧阳小明' });
  });
});

describe('线索与立案 clue and filing', () => {
  it('starts fifteen working days for the check (市场监督管理行政处罚程序规定 18)', () => {
    new Story()
      .next(officer('o-1'), on('2026-03-02'))
      .when(Do.RecordClue, clue)
      .thenAmong(ClockStarted, { clock: 'penalty.filing_check', dueOn: '2026-03-23', dayKind: 'working' });
  });

  it('ends the check on the last working day of the year, and the next day is a holiday (18, 85)', () => {
    const begun = new Story().then(officer('o-1'), on('2025-12-10'), Do.RecordClue, clue);
    expect(begun.dueOn('penalty.filing_check')).toBe('2025-12-31');
    const file = (day: string) =>
      begun.next(head, on(day)).when(Do.FileCase, { ...filing, violationEndedOn: '2025-12-01' });
    file('2025-12-31').thenAmong(ClockStopped, { clock: 'penalty.filing_check', inTime: true });
    file('2026-01-04').thenAmong(ClockStopped, { clock: 'penalty.filing_check', inTime: false });
  });

  it('extends the check once (18)', () => {
    const extended = upTo('clue').then(head, on('2026-03-20'), Do.ExtendFilingCheck, { reason: '需要鉴定' });
    extended
      .next(head, on('2026-03-25'))
      .when(Do.ExtendFilingCheck, { reason: '再延' })
      .thenRefused('case.check_extended_already', '18');
  });

  it('does not extend a check that has run out (18)', () => {
    upTo('clue')
      .next(head, on('2026-03-24'))
      .when(Do.ExtendFilingCheck, { reason: '需要鉴定' })
      .thenRefused('case.check_extended_already', '18');
  });

  it('may decline, with its ground, and ends there (20)', () => {
    const declined = upTo('clue').then(head, on('2026-03-10'), Do.DeclineFiling, {
      ground: 'first_minor_corrected',
      reason: '初次违法，危害轻微并及时改正',
    });
    declined.next(head, on('2026-03-11')).when(Do.FileCase, filing).thenRefused('case.wrong_stage');
  });

  it('starts ninety days and the promised limit from filing (60, B06)', () => {
    const filed = upTo('clue').next(head, on('2026-03-04')).when(Do.FileCase, filing);
    filed.thenAmong(ClockStopped, { clock: 'penalty.filing_check', inTime: true });
    filed.thenAmong(ClockStarted, {
      clock: 'penalty.decision',
      dueOn: '2026-06-02',
      responsibleOfficers: ['o-1', 'o-2'],
    });
    filed.thenAmong(ClockStarted, { clock: 'power.promised', days: 60, dueOn: '2026-05-06' });
  });

  it.each([
    ['a second officer is missing (42)', { officers: ['o-1'] }, 'case.two_officers_required', '42'],
    ['a credential ran out that very day (A04)', { officers: ['o-1', 'o-expired'] }, 'case.credential_invalid', 'A04'],
    ['an officer is of another body (42)', { officers: ['o-1', 'o-elsewhere'] }, 'case.credential_invalid', '42'],
    ['the power is not in the catalogue (B03)', { powerCode: 'CF-999' }, 'case.power_not_live', 'B03'],
    [
      'the code of the party does not check (GB 32100)',
      { partyIdentifier: '91110000100000462T' },
      'case.party_identifier_invalid',
      'GB 32100',
    ],
    ['limitation is over (36)', { violationEndedOn: '2024-03-01' }, 'case.limitation_over', '36'],
    ['the violation lies ahead (36)', { violationEndedOn: '2026-03-09' }, 'case.violation_in_future', '36'],
  ])('is not filed when %s', (_, fields, code, basis) => {
    upTo('clue')
      .next(head, on('2026-03-04'))
      .when(Do.FileCase, { ...filing, ...fields })
      .thenRefused(code, basis);
  });

  it('is filed on the last day of limitation: two years, five with grave harm since that is law (36, 37)', () => {
    const try_ = (violationEndedOn: string, graveHarm: boolean) =>
      upTo('clue')
        .next(head, on('2026-03-04'))
        .when(Do.FileCase, { ...filing, violationEndedOn, graveHarm });
    try_('2024-03-02', false).thenAmong(E.CaseFiled);
    try_('2021-08-01', true).thenAmong(E.CaseFiled);
    try_('2021-07-14', true).thenRefused('case.limitation_over', '36');
  });

  it('accepts a credential on its last valid day (A04)', () => {
    upTo('clue')
      .next(head, on('2026-03-03'))
      .when(Do.FileCase, { ...filing, officers: ['o-1', 'o-expired'] })
      .thenAmong(E.CaseFiled);
  });

  it('needs a body that was announced and not removed by that day, and a power that still lives (A02, B03)', () => {
    const removed = event(BodyRemoved, { removedOn: '2026-03-04', reason: '机构撤并' });
    const cancelled = event(PowerCancelled, { cancelledOn: '2026-03-04', reason: '法律修改' });
    const file = (day: string, since: { body?: object[]; power?: object[] }) =>
      upTo('clue').next(head, on(day), since).when(Do.FileCase, filing);
    file('2026-03-04', { body: [removed] }).thenRefused('case.body_not_announced', 'A02');
    file('2026-03-03', { body: [removed] }).thenAmong(E.CaseFiled);
    file('2026-03-04', { power: [cancelled] }).thenRefused('case.power_not_live', 'B03');
    file('2026-03-03', { power: [cancelled] }).thenAmong(E.CaseFiled);
  });

  it('is refused to another body (17)', () => {
    upTo('clue')
      .next({ ...head, body: 'body-2' }, on('2026-03-04'))
      .when(Do.FileCase, filing)
      .thenRefused('case.other_body', '17');
  });

  it('is refused before its clue (D01)', () => {
    upTo('clue')
      .next(head, on('2026-03-04'))
      .occurred(on('2026-03-01'))
      .when(Do.FileCase, filing)
      .thenRefused('case.before_stage');
  });
});

describe('回避 recusal and assignment (43)', () => {
  const recuse = { officerId: 'o-2', requestedBy: 'party', granted: true, reason: '与当事人有亲属关系' };

  it('takes the officer off the case, for good', () => {
    const recused = upTo('filed').then(head, on('2026-03-05'), Do.RecuseOfficer, recuse);
    recused
      .next(head, on('2026-03-06'))
      .when(Do.AssignOfficers, { officers: ['o-1', 'o-2'], reason: '人手不足' })
      .thenRefused('case.officer_recused', '43');
    recused
      .next(head, on('2026-03-06'))
      .when(Do.AssignOfficers, { officers: ['o-1', 'o-3'], reason: '补派' })
      .then(Object.assign(new E.OfficersAssigned(), { officers: ['o-1', 'o-3'], reason: '补派' }));
  });

  it('is recorded when it is refused', () => {
    upTo('filed')
      .next(head, on('2026-03-05'))
      .when(Do.RecuseOfficer, { ...recuse, granted: false })
      .thenAmong(E.RecusalRefused, { officerId: 'o-2' });
  });

  it('needs an officer of the case', () => {
    upTo('filed')
      .next(head, on('2026-03-05'))
      .when(Do.RecuseOfficer, { ...recuse, officerId: 'o-3' })
      .thenRefused('case.officer_not_on_case', '43');
  });
});
