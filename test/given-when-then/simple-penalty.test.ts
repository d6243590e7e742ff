import * as Do from '../../src/enforcement/penalty-commands';
import * as E from '../../src/enforcement/penalty-events';
import { ClockStarted, ClockStopped } from '../../src/clocks/clock-events';
import { cashier, citizen, fine, head, officer, on, organisation, recording, SHA, Story } from './penalty-story';

const onTheSpot: Do.DecideOnTheSpot = {
  ...organisation,
  bodyId: 'body-1',
  formNumber: '明市监当罚〔2026〕0001',
  powerCode: 'CF-001',
  cause: '占道经营',
  place: '明镜市明光路口',
  officers: ['o-1', 'o-2'],
  credentialShown: true,
  rightsTold: true,
  publicFacts: '当事人占道经营。',
  evidence: '现场照片两张',
  legalBasis: ['无证无照经营查处办法第13条'],
  penalties: fine(100),
  level: 'minor',
  benchmarkId: 'benchmark-1',
  discretionReason: '再次违法，情节轻微',
  defenceAnswer: '当事人未陈述申辩',
  remedies: '六十日内申请复议，六个月内起诉',
  performance: '当场或者十五日内缴纳',
  signatureRefused: false,
  toldOfPublication: true,
  receiptSha256: SHA,
  pages: 1,
};

const decide = (fields: Partial<Do.DecideOnTheSpot> = {}) =>
  new Story().next(officer('o-1'), on('2026-03-02')).when(Do.DecideOnTheSpot, { ...onTheSpot, ...fields });

const decided = (fields: Partial<Do.DecideOnTheSpot> = {}) =>
  new Story().then(officer('o-1'), on('2026-03-02'), Do.DecideOnTheSpot, { ...onTheSpot, ...fields });

const recorded = (story: Story) =>
  story.then(
    officer('o-1'),
    on('2026-03-02', 15),
    Do.AttachRecording,
    recording('DecideOnTheSpot', undefined, on('2026-03-02', 10)),
  );

describe('简易程序 the simple procedure (51-53)', () => {
  it('is one act: opened, credential shown, decided, delivered; and its clocks start', () => {
    const spot = decide();
    expect(spot.events.slice(0, 4).map((e) => e.constructor.name)).toEqual([
      'OnTheSpotCaseOpened',
      'CredentialShown',
      'PenaltyDecided',
      'DecisionServed',
    ]);
    spot.thenAmong(E.PenaltyDecided, {
      procedure: 'simple-penalty',
      documentNumber: onTheSpot.formNumber,
      fineYuan: 100,
    });
    spot.thenAmong(ClockStarted, {
      clock: 'penalty.simple_file',
      dueOn: '2026-03-11',
      responsibleOfficers: ['o-1', 'o-2'],
    });
    spot.thenAmong(ClockStarted, { clock: 'penalty.payment', dueOn: '2026-03-17', bindsParty: true });
    spot.thenAmong(E.StageEntered, { procedure: 'simple-penalty', from: 'unopened', stage: 'served' });
  });

  it.each([
    ['200 yuan for a citizen', { ...citizen, penalties: fine(200) }],
    ['3,000 yuan for an organisation', { penalties: fine(3000) }],
    ['a warning', { penalties: [{ kind: 'warning', content: '警告' }] }],
  ])('allows %s (51)', (_, fields) => {
    decide(fields).thenAmong(E.PenaltyDecided);
  });

  it.each([
    ['201 yuan for a citizen (51)', { ...citizen, penalties: fine(201) }, 'case.simple_procedure_not_allowed', '51'],
    ['3,001 yuan for an organisation (51)', { penalties: fine(3001) }, 'case.simple_procedure_not_allowed', '51'],
    [
      'confiscation (51)',
      { penalties: [{ kind: 'confiscate_property', amountYuan: 10, content: '没收' }] },
      'case.simple_procedure_not_allowed',
      '51',
    ],
    ['one officer (42)', { officers: ['o-1'] }, 'case.two_officers_required', '42'],
    ['an expired credential (A04)', { officers: ['o-1', 'o-elsewhere'] }, 'case.credential_invalid', 'A04'],
    ['an officer who was not there (52)', { officers: ['o-2', 'o-3'] }, 'case.actor_not_acting', '52'],
    ['a credential that was not shown (52)', { credentialShown: false }, 'case.credential_not_shown', '52'],
    ['a party that was not told and heard (44)', { rightsTold: false }, 'case.rights_not_told', '44'],
    ['a power that is not listed (B03)', { powerCode: 'CF-999' }, 'case.power_not_live', 'B03'],
    ['a first minor offence fined without a reason (F03)', { priorOffences: 0 }, 'case.first_offence_fined', 'F03'],
    ['a child (30)', { ...citizen, birthDate: '2013-01-01' }, 'case.party_under_fourteen', '30'],
  ])('refuses %s', (_, fields, code, basis) => {
    decide(fields).thenRefused(code, basis);
  });

  it('goes on from report to archive (52, 70, 77, 78)', () => {
    const archived = recorded(decided())
      .then(officer('o-1'), on('2026-03-03'), Do.ReportOnTheSpot, {})
      .then(cashier, on('2026-03-04'), Do.RecordPayment, { amountYuan: 100, receiptNumber: 'PJ-1', payeeId: 'bank-1' })
      .then(head, on('2026-03-05'), Do.CloseCase, { ground: 'performed', summary: '已缴清' })
      .next(officer('o-1'), on('2026-03-06'))
      .when(Do.ArchiveCase, { fileNumber: '明市监卷2026-2' });
    archived.thenAmong(E.CaseArchived, { fileNumber: '明市监卷2026-2' });
  });

  it('takes no step of the ordinary procedure', () => {
    decided()
      .next(head, on('2026-03-03'))
      .when(Do.AssignOfficers, { officers: ['o-1', 'o-2'], reason: 'x' })
      .thenRefused('case.wrong_stage');
  });
});

describe('备案 report (52)', () => {
  it('needs the recording (D02), comes once, and stops its clock', () => {
    decided()
      .next(officer('o-1'), on('2026-03-03'))
      .when(Do.ReportOnTheSpot, {})
      .thenRefused('case.recording_missing', 'D02');
    const ready = recorded(decided());
    ready
      .next(officer('o-1'), on('2026-03-03'))
      .when(Do.ReportOnTheSpot, {})
      .thenAmong(ClockStopped, { clock: 'penalty.simple_file', inTime: true });
    ready
      .then(officer('o-1'), on('2026-03-03'), Do.ReportOnTheSpot, {})
      .next(officer('o-1'), on('2026-03-04'))
      .when(Do.ReportOnTheSpot, {})
      .thenRefused('case.reported_already', '52');
  });

  it('comes before closing (52)', () => {
    recorded(decided({ penalties: [{ kind: 'warning', content: '警告' }] }))
      .next(head, on('2026-03-05'))
      .when(Do.CloseCase, { ground: 'performed', summary: 'x' })
      .thenRefused('case.not_reported', '52');
  });
});

describe('当场收缴 collection on the spot (68-71)', () => {
  const collect = { amountYuan: 100, receiptNumber: 'DS-1', ground: 'small', officers: ['o-1', 'o-2'] };

  it('takes up to 100 yuan, and starts two working days to hand over (71)', () => {
    const collected = decided().next(officer('o-1'), on('2026-03-02')).when(Do.CollectOnTheSpot, collect);
    collected.thenAmong(E.FineCollectedOnTheSpot, { receiptNumber: 'DS-1' });
    collected.thenAmong(ClockStarted, { clock: 'penalty.receipt_handover', dueOn: '2026-03-04' });
    collected.thenAmong(ClockStopped, { clock: 'penalty.payment' });
  });

  it('takes more only where it would be hard to enforce later, or on request in a remote area (68, 69)', () => {
    const larger = decided({ penalties: fine(101) });
    larger
      .next(officer('o-1'), on('2026-03-02'))
      .when(Do.CollectOnTheSpot, { ...collect, amountYuan: 101 })
      .thenRefused('case.may_not_collect', '68');
    larger
      .next(officer('o-1'), on('2026-03-02'))
      .when(Do.CollectOnTheSpot, { ...collect, amountYuan: 101, ground: 'hard_later' })
      .thenRefused('case.may_not_collect', '68');
    larger
      .next(officer('o-1'), on('2026-03-02'))
      .when(Do.CollectOnTheSpot, { ...collect, amountYuan: 101, ground: 'hard_later', reason: '流动摊贩，无固定住所' })
      .thenAmong(E.FineCollectedOnTheSpot);
  });

  it('hands over to the body and then to the bank, whole, before closing (71)', () => {
    const collected = recorded(decided().then(officer('o-1'), on('2026-03-02'), Do.CollectOnTheSpot, collect)).then(
      officer('o-1'),
      on('2026-03-03'),
      Do.ReportOnTheSpot,
      {},
    );
    const hand = (handedTo: string, amountYuan = 100) => ({ handedTo, amountYuan, voucher: 'V-1' });
    collected
      .next(officer('o-1'), on('2026-03-03'))
      .when(Do.HandOverCollectedFine, hand('bank'))
      .thenRefused('case.hand_over_out_of_order', '71');
    collected
      .next(officer('o-1'), on('2026-03-03'))
      .when(Do.HandOverCollectedFine, hand('body', 90))
      .thenRefused('case.hand_over_out_of_order', '71');
    const inBody = collected.then(officer('o-1'), on('2026-03-03'), Do.HandOverCollectedFine, hand('body'));
    inBody
      .next(head, on('2026-03-04'))
      .when(Do.CloseCase, { ground: 'performed', summary: 'x' })
      .thenRefused('case.collected_fine_not_banked', '71');
    inBody
      .then(officer('o-1'), on('2026-03-05'), Do.HandOverCollectedFine, hand('bank'))
      .next(head, on('2026-03-06'))
      .when(Do.CloseCase, { ground: 'performed', summary: '已缴清' })
      .thenAmong(E.CaseClosed);
  });
});
