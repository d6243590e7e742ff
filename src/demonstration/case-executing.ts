import { addCalendarDays, addMonths, onOrNextWorkingDay } from '../law/calendar';
import { deadline } from '../law/clocks';
import type { LateSurchargeAssessed } from '../enforcement/execution-events';
import * as Do from '../enforcement/penalty-commands';
import { actor } from './accounts';
import { by, ids, sha, stream, type DemoCase } from './demo-case';
import type { Diary } from './diary';

const cashier = actor('cashier');
const PAYEE = 'bank-mingjing';

const receipt = (c: DemoCase, n = 1): string =>
  `MJPJ-${c.body.id.toUpperCase()}-${String(c.number).padStart(5, '0')}-${n}`;

function pay(c: DemoCase, diary: Diary, amountYuan: number, n = 1): void {
  diary.enter(cashier, stream(c), Do.RecordPayment, { amountYuan, receiptNumber: receipt(c, n), payeeId: PAYEE });
}

/** The payment, in whichever way the course takes. The diary stands afterwards at the day of the last payment. */
export function settleFine(c: DemoCase, diary: Diary): void {
  const fine = c.decidedYuan;
  const due = deadline('penalty.payment', diary.on).dueOn;
  switch (c.course.payment ?? 'on_time') {
    case 'on_time':
      return pay(c, diary.wait(c.random.whole(3, 8)), fine);
    case 'late':
      return payLate(c, diary, due);
    case 'instalments':
      return payInstalments(c, diary);
    case 'never':
      return goToCourt(c, diary, due);
  }
}

/** Some days late: the surcharge is assessed to the day of the payment, and paid with it. */
function payLate(c: DemoCase, diary: Diary, due: string): void {
  diary
    .until(onOrNextWorkingDay(addCalendarDays(due, 9)))
    .enter(by(c.officers[0]), stream(c), Do.AssessLateSurcharge, {})
    .enter(cashier, stream(c), Do.RecordPayment, async (find) => {
      const { data } = await find(`case-${c.id}`, 'LateSurchargeAssessed');
      const { amountYuan } = data as Readonly<Record<string, unknown>> & LateSurchargeAssessed;
      return { amountYuan: c.decidedYuan + amountYuan, receiptNumber: receipt(c), payeeId: PAYEE };
    });
}

function payInstalments(c: DemoCase, diary: Diary): void {
  const third = Math.floor(c.decidedYuan / 3);
  const amounts = [third, third, c.decidedYuan - 2 * third];
  diary.wait(4);
  const plan = amounts.map((amountYuan, i) => ({ dueOn: onOrNextWorkingDay(addMonths(diary.on, i + 1)), amountYuan }));
  diary.enter(by(c.head), stream(c), Do.ApproveInstalments, { plan, reason: '当事人经济确有困难，提供了证明材料' });
  plan.forEach(({ dueOn, amountYuan }, i) => pay(c, diary.until(dueOn), amountYuan, i + 1));
}

/** Demanded in vain, and when the time for remedies is over the court is asked (行政强制法 53, 54). */
function goToCourt(c: DemoCase, diary: Diary, due: string): void {
  const remediesOver = deadline('remedies.litigation_apply', diary.on).dueOn;
  diary
    .until(onOrNextWorkingDay(addCalendarDays(due, 12)))
    .enter(by(c.officers[0]), stream(c), Do.AssessLateSurcharge, {})
    .enter(by(c.officers[0]), stream(c), Do.DemandPerformance, { receiptSha256: sha(c.id, 'demand'), pages: 1 })
    .until(onOrNextWorkingDay(addCalendarDays(remediesOver, 6)))
    .enter(by(c.head), stream(c), Do.ApplyToCourt, { court: '明镜市人民法院' });
}

type Ground = Do.CloseCase['ground'];

export function close(c: DemoCase, diary: Diary, ground: Ground): void {
  diary
    .wait(c.random.whole(2, 5))
    .enter(by(c.head), stream(c), Do.CloseCase, { ground, summary: '程序完毕，文书齐全，同意结案。' })
    .wait(c.random.whole(3, 8))
    .enter(by(c.officers[0]), stream(c), Do.ArchiveCase, {
      fileNumber: `${c.body.mark}档〔${diary.on.slice(0, 4)}〕${c.number}号`,
    });
}

/** Reconsideration 行政复议, beside what else happens after service. Returns the day of its decision. */
export function reconsider(c: DemoCase, diary: Diary, outcome: 'upheld' | 'revoked'): string {
  const officer = by(c.officers[0]);
  diary
    .wait(12)
    .enter(officer, stream(c), Do.RecordRemedySought, {
      remedyId: 'reconsideration-1',
      kind: 'reconsideration',
      authority: '明镜市人民政府',
    })
    .wait(32)
    .enter(officer, stream(c), Do.RecordRemedyEnded, { remedyId: 'reconsideration-1', outcome });
  if (outcome === 'revoked') {
    diary.enter(by(c.head), stream(c), Do.RevokeDecision, {
      revokingDocument: `明政复决〔${diary.on.slice(0, 4)}〕${c.number}号`,
      authority: 'reconsideration',
      effect: 'revoked',
      publicReason: '复议机关认定主要事实不清，决定撤销。',
    });
  }
  return diary.on;
}

/** The whole of an on-the-spot penalty (行政处罚法 51-53, 67-71). */
export function punishOnTheSpot(
  c: DemoCase,
  diary: Diary,
  decision: Omit<Do.DecideOnTheSpot, 'formNumber' | 'bodyId'>,
): void {
  const officer = by(c.officers[0]);
  const form = `${c.body.mark}当罚〔${diary.on.slice(0, 4)}〕${c.number}号`;
  diary.enter(officer, stream(c), Do.DecideOnTheSpot, { ...decision, formNumber: form, bodyId: c.body.id });
  diary.enter(by(c.officers[1]), stream(c), Do.AttachRecording, {
    recordingId: 'rec-1',
    step: 'DecideOnTheSpot',
    deviceId: `cam-${c.body.id}-${(c.number % 9) + 1}`,
    officerId: c.officers[1].id,
    level: 'partial',
    startedAt: diary.before(90),
    endedAt: diary.before(60),
    sha256: sha(c.id, 'rec-1'),
  });
  const { simple } = c.course;
  if (simple === 'collected') {
    const handed = { amountYuan: c.decidedYuan, voucher: receipt(c, 2) };
    diary
      .enter(officer, stream(c), Do.CollectOnTheSpot, {
        amountYuan: c.decidedYuan,
        receiptNumber: receipt(c),
        ground: 'small',
        officers: ids(c),
      })
      .wait(1)
      .enter(officer, stream(c), Do.ReportOnTheSpot, {})
      .enter(officer, stream(c), Do.HandOverCollectedFine, { ...handed, handedTo: 'body' })
      .wait(1)
      .enter(officer, stream(c), Do.HandOverCollectedFine, { ...handed, handedTo: 'bank', voucher: receipt(c, 3) });
  } else {
    diary.wait(1).enter(officer, stream(c), Do.ReportOnTheSpot, {});
    if (simple === 'paid') pay(c, diary.wait(c.random.whole(1, 7)), c.decidedYuan);
  }
  close(c, diary, 'performed');
}
