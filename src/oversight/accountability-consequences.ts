import type { Circumstances } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { contentOf } from '../kernel/fields';
import { deadline } from '../law/clocks';
import type * as command from './accountability-commands';
import * as E from './accountability-events';
import { HEAVY_FAULTS, LEADER_ROLES, MEASURES, SEVERITIES, type Measure } from './accountability-lists';
import { checkFinding } from './accountability-inquiry';
import { atFault, cents, findingOf, inStage, notConcerned, type MatterState } from './accountability-state';
import { startClock, stopAll, stopClock } from '../clocks/stream-clocks';

const APPEAL_DECISION = 'accountability.civil_servant_appeal_decision';

const measureOf = (code: string): Measure => MEASURES.find((m) => m.code === code)!;

/** The person's finding, where it holds him answerable. */
function answerable(s: MatterState, officerId: string): E.PersonFinding & { readonly severity: string } {
  const finding = findingOf(s, officerId);
  require_(finding && atFault(finding), 'matter.no_fault', {
    zh: '未认定该人员有过错，不得采取措施。',
    en: 'No fault of this person has been found.',
    basis: 'L07、市场监督管理行政执法责任制规定第9、18条',
    field: 'officerId',
  });
  return { ...finding, severity: finding.severity ?? 'light' };
}

/** Only what the severity's row holds (L02), and no second discipline. Returns the event of one measure. */
function impose(d: command.PersonMeasure, s: MatterState, c: Circumstances): E.MatterMeasureImposed {
  const measure = measureOf(d.measure);
  const { severity } = answerable(s, d.officerId);
  require_(
    measure.severities.includes(severity) || measure.standDownFor?.includes(s.consequence),
    'matter.measure_not_allowed',
    {
      zh: `情节轻重与措施不符：“${measure.zh}”不适用。`,
      en: `“${measure.en}” is not among the measures for this severity.`,
      basis: `L02、${measure.basis}`,
      field: 'measures',
    },
  );
  require_(!measure.discipline || !s.disciplined.includes(d.officerId), 'matter.discipline_doubled', {
    zh: '监察机关已给予政务处分的，不再给予处分。',
    en: 'The supervision organ has disciplined this person for it; the body does not again.',
    basis: '公职人员政务处分法第16条、市场监督管理行政执法责任制规定第16条',
    field: 'measures',
  });
  return event(E.MatterMeasureImposed, {
    officerId: d.officerId,
    measure: d.measure,
    severity,
    basis: measure.basis,
    until: measure.period && deadline(measure.period, c.occurredOn).dueOn,
  });
}

/** 先停止执法、先停职或免职 (L04): in a wrong case or a grave influence, whoever did it comes off enforcement first. */
function checkStandDown(all: MatterState['measures'], s: MatterState): void {
  if (s.consequence === 'general') return;
  const officers = s.findings.filter((f) => f.role === 'officer' && atFault(f));
  const standing = officers.find(
    (f) => !all.some((m) => m.officerId === f.officerId && measureOf(m.measure).standDownFor?.includes(s.consequence)),
  );
  require_(!standing, 'matter.stand_down_required', {
    zh: '造成错案的一律先停止执法，造成恶劣影响的一律先停职或免职。',
    en: 'A wrong case takes the officer off enforcement first, a grave influence off the post.',
    basis: 'L04',
    field: 'measures',
  });
}

export function imposeMeasures(d: command.ImposeMeasures, s: MatterState, c: Circumstances): object[] {
  inStage(s, 'determined');
  notConcerned(s, c);
  const fresh = d.measures.filter(
    (m) => !s.measures.some((x) => x.officerId === m.officerId && x.measure === m.measure),
  );
  const imposed = fresh.map((m) => impose(m, s, c));
  const all = [...s.measures, ...fresh];
  const disciplinesOf = (id: string): number =>
    all.filter((m) => m.officerId === id && measureOf(m.measure).discipline).length;
  require_(!all.some((m) => disciplinesOf(m.officerId) > 1), 'matter.one_discipline', {
    zh: '对同一人员只执行一种（最重的）处分。',
    en: 'Only one discipline, the heaviest, is carried out on a person.',
    basis: '公职人员政务处分法第15条',
    field: 'measures',
  });
  checkStandDown(all, s);
  const leaders = new Set(fresh.map((m) => m.officerId).filter((id) => LEADER_ROLES.includes(findingOf(s, id)!.role)));
  return [
    ...imposed,
    ...fresh
      .filter((m) => measureOf(m.measure).standDownFor)
      .map((m) => event(E.StandDownOrdered, { officerId: m.officerId, measure: m.measure, from: c.occurredOn })),
    ...[...leaders]
      .filter((id) => !s.measures.some((m) => m.officerId === id))
      .map((officerId) => event(E.LeaderHeldLiable, { officerId, role: findingOf(s, officerId)!.role })),
  ];
}

/** A discipline of the body's own does not stand beside that of the supervision organ, whichever came first. */
export function recordSupervisionDiscipline(
  d: command.RecordSupervisionDiscipline,
  s: MatterState,
  c: Circumstances,
): object[] {
  inStage(s, 'investigating', 'determined');
  require_(d.decidedOn <= c.today, 'matter.decided_in_future', {
    zh: '决定日期不能晚于今天。',
    en: 'The decision cannot lie in the future.',
    basis: 'D01',
    field: 'decidedOn',
  });
  require_(
    !s.measures.some((m) => m.officerId === d.officerId && measureOf(m.measure).discipline),
    'matter.discipline_doubled',
    {
      zh: '本单位已就同一行为给予处分，不得重复。',
      en: 'The body has already disciplined this person for the same act.',
      basis: '公职人员政务处分法第16条',
      field: 'officerId',
    },
  );
  return [event(E.SupervisionDisciplineRecorded, contentOf(d))];
}

export function appeal(d: command.AppealDetermination, s: MatterState, c: Circumstances): object[] {
  inStage(s, 'determined', 'closed');
  const finding = findingOf(s, d.officerId);
  require_(
    finding && (c.actor.officer === d.officerId || c.actor.roles.includes('registrar')),
    'matter.not_the_person',
    {
      zh: '只有被认定责任的人员本人可以提出。',
      en: 'Only the person found responsible may appeal.',
      basis: 'L03、公务员法第95条',
      field: 'officerId',
    },
  );
  require_(!s.appeals[d.officerId], 'matter.appealed_already', {
    zh: '已提出过复核。',
    en: 'A review has been asked for already.',
    basis: '公务员法第95条',
  });
  require_(s.appealUntil && c.occurredOn <= s.appealUntil, 'matter.appeal_too_late', {
    zh: '已超过申请复核的期限。',
    en: 'The time to ask for a review has passed.',
    basis: '公务员法第95条',
  });
  return [
    event(E.MatterAppealed, { officerId: d.officerId, appealedOn: c.occurredOn, grounds: d.grounds }),
    startClock(APPEAL_DECISION, c.occurredOn, s.bodyId, [], d.officerId),
  ];
}

const weight = (f: E.PersonFinding): number => (atFault(f) ? SEVERITIES.findIndex((x) => x === f.severity) + 1 : 0);

export function decideAppeal(d: command.DecideDeterminationAppeal, s: MatterState, c: Circumstances): object[] {
  require_(s.appeals[d.officerId] === 'open', 'matter.no_open_appeal', {
    zh: '没有待决定的复核申请。',
    en: 'No review is waiting to be decided.',
    basis: 'L03',
    field: 'officerId',
  });
  notConcerned(s, c);
  const took = c.actor.account === s.determinedBy || (c.actor.officer && s.investigators.includes(c.actor.officer));
  require_(!took, 'matter.same_decider', {
    zh: '复核须由未参与原调查、认定的人员作出。',
    en: 'The review is decided by someone who neither investigated nor determined.',
    basis: 'L03、公职人员政务处分法第47条',
  });
  const before = findingOf(s, d.officerId)!;
  const changed = d.outcome === 'changed' ? d.finding : undefined;
  require_(d.outcome !== 'changed' || changed?.officerId === d.officerId, 'matter.changed_finding_missing', {
    zh: '变更须写明该人员的新认定。',
    en: 'A change needs the person’s new finding.',
    basis: 'L03',
    field: 'finding',
  });
  if (changed) {
    checkFinding(changed);
    require_(
      weight(changed) <= weight(before) && changed.sharePercent <= before.sharePercent,
      'matter.heavier_on_appeal',
      {
        zh: '不得因申请复核而加重。',
        en: 'Nobody is worse off for asking for a review.',
        basis: '公职人员政务处分法第56条',
        field: 'finding',
      },
    );
  }
  return [
    event(E.MatterAppealDecided, { officerId: d.officerId, outcome: d.outcome, reason: d.reason, finding: changed }),
    ...stopClock(s.clocks, APPEAL_DECISION, c.occurredOn, d.officerId),
  ];
}

export function recordCompensation(d: command.RecordCompensation, s: MatterState, c: Circumstances): object[] {
  inStage(s, 'investigating', 'determined', 'closed');
  return [event(E.CompensationPaid, { amountYuan: d.amountYuan, paidOn: c.occurredOn, decision: d.decision })];
}

const ordered = (s: MatterState): number => Object.values(s.recovery).reduce((sum, r) => sum + r.due, 0);

/**
 * 追偿: L08 has it from every person at fault; 国家赔偿法 16 only from those with intent or gross negligence. The law prevails,
 * so ordinary negligence is refused.
 */
export function orderRecovery(d: command.OrderRecovery, s: MatterState): object[] {
  inStage(s, 'determined');
  require_(HEAVY_FAULTS.includes(answerable(s, d.officerId).fault), 'matter.recovery_needs_heavy_fault', {
    zh: '只能向有故意或者重大过失的人员追偿。',
    en: 'Compensation is recovered only for intent or gross negligence.',
    basis: '国家赔偿法第16条、L08',
    field: 'officerId',
  });
  require_(cents(ordered(s) + d.amountYuan) <= cents(s.compensated), 'matter.recovery_over_compensation', {
    zh: '追偿总额不得超过已支付的赔偿。',
    en: 'No more can be recovered than was paid in compensation.',
    basis: '国家赔偿法第16条',
    field: 'amountYuan',
  });
  return [event(E.RecoveryOrdered, contentOf(d))];
}

export function recordRecoveryPayment(d: command.RecordRecoveryPayment, s: MatterState, c: Circumstances): object[] {
  const { due, paid } = s.recovery[d.officerId] ?? { due: 0, paid: 0 };
  require_(cents(paid + d.amountYuan) <= cents(due), 'matter.recovery_overpaid', {
    zh: '缴款超过尚欠的追偿款。',
    en: 'The payment is more than what is still owed.',
    basis: 'L08',
    field: 'amountYuan',
  });
  return [event(E.RecoveryPaid, { ...contentOf(d), paidOn: c.occurredOn })];
}

/** 不得以行政处分代替经济追偿: whatever the measures, what is to be recovered keeps the matter open (L08). */
export function close(_: command.CloseMatter, s: MatterState, c: Circumstances): object[] {
  inStage(s, 'determined');
  notConcerned(s, c);
  require_(!Object.values(s.appeals).includes('open'), 'matter.appeal_open', {
    zh: '复核尚未决定。',
    en: 'A review is still open.',
    basis: 'L03',
  });
  const guilty = s.findings.filter(atFault);
  const dealtWith = (id: string): boolean => s.disciplined.includes(id) || s.measures.some((m) => m.officerId === id);
  require_(
    guilty.every((f) => dealtWith(f.officerId)),
    'matter.measures_missing',
    {
      zh: '有过错人员尚未处理完毕。',
      en: 'Somebody at fault has not been dealt with yet.',
      basis: 'L02、L07',
    },
  );
  const heavy = guilty.some((f) => HEAVY_FAULTS.includes(f.fault));
  require_(!heavy || cents(s.compensated) === 0 || ordered(s) > 0, 'matter.recovery_not_ordered', {
    zh: '赔偿后应当责令有故意或者重大过失的人员承担部分或者全部赔偿费用。',
    en: 'After compensation, whoever acted with intent or gross negligence must be ordered to bear part or all of it.',
    basis: '国家赔偿法第16条、L08',
  });
  const owed = Object.values(s.recovery).some((r) => cents(r.paid) < cents(r.due));
  require_(!owed, 'matter.recovery_unpaid', {
    zh: '追偿款未缴清；不得以处分代替追偿。',
    en: 'Recovery is still owed; no sanction stands in for it.',
    basis: 'L08、国家赔偿法第16条',
  });
  const outcome = guilty.length > 0 ? 'measures_imposed' : s.revoked.length > 0 ? 'revoked' : 'no_fault';
  return [event(E.MatterClosed, { outcome }), ...stopAll(s.clocks, c.occurredOn)];
}

export function clearName(d: command.ClearName, s: MatterState, c: Circumstances): object[] {
  inStage(s, 'dismissed', 'determined', 'closed');
  notConcerned(s, c);
  const finding = findingOf(s, d.officerId);
  require_(s.concerned.includes(d.officerId) && !(finding && atFault(finding)), 'matter.not_cleared', {
    zh: '该人员不在本案所涉人员之中，或者过错认定仍然有效。',
    en: 'This person is not concerned by the matter, or a fault of his stands.',
    basis: '市场监督管理行政执法责任制规定第21条',
    field: 'officerId',
  });
  return [event(E.NameCleared, contentOf(d))];
}
