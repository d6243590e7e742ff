import type { Circumstances } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { contentOf } from '../kernel/fields';
import { deadline } from '../law/clocks';
import { parameter } from '../law/parameters';
import { bodyDecider, leadersOn } from '../registry/body';
import { officerDecider, postingOn } from '../registry/officer';
import type * as command from './accountability-commands';
import * as E from './accountability-events';
import { CHAIN_ROLES, EXEMPTIONS, GROUNDS, HEAVY_FAULTS, LEADER_ROLES, ORIGINS } from './accountability-lists';
import { atFault, inStage, notConcerned, type MatterState } from './accountability-state';

/** Appeals follow the civil-servant rules: the body sanctions its own staff. */
const APPEAL = 'accountability.civil_servant_appeal';

/** Officers, then the heads of their units, the deputies in charge of these, and the first responsible person (L06). */
function chainFromRegistry(d: command.RaiseClue, c: Circumstances): E.ChainLink[] {
  const units = d.officerIds.map((id) => postingOn(c.lookUp(officerDecider, id), c.occurredOn)?.unit);
  const above = leadersOn(c.lookUp(bodyDecider, d.bodyId), c.occurredOn).filter(
    (l) => !l.unit || units.includes(l.unit),
  );
  return [
    ...d.officerIds.map((officerId) => ({ role: 'officer', officerId })),
    ...CHAIN_ROLES.flatMap((role) => above.filter((l) => l.role === role)).map(({ role, officerId }) => ({
      role,
      officerId,
    })),
  ];
}

function officerKnown(id: string, c: Circumstances, field: string): void {
  require_(c.lookUp(officerDecider, id)?.registered, 'matter.unknown_officer', {
    zh: '所列人员不在执法人员名册。',
    en: 'An officer named is not registered.',
    basis: 'A06、L06',
    field,
  });
}

export function raise(d: command.RaiseClue, s: MatterState, c: Circumstances): object[] {
  // The program may notice the same event twice; the clue stands once.
  const { kind, stream, eventId } = d.origin;
  if (s.stage !== 'none' && kind !== 'manual' && s.origin.eventId === eventId && s.origin.kind === kind) return [];
  inStage(s, 'none');
  const ground = GROUNDS.find((g) => g.code === d.ground)!;
  const byProgram = c.actor.kind === 'system';
  require_(!byProgram || (ground.byLedger && kind !== 'manual'), 'matter.ground_needs_judgement', {
    zh: '该情形须由人员判断，不由系统自动提出。',
    en: 'This ground needs a person’s judgement; the program does not raise it.',
    basis: ground.basis,
    field: 'ground',
  });
  require_(kind === 'manual' || (stream && eventId), 'matter.origin_without_event', {
    zh: '线索须指明其来源的记录。',
    en: 'The clue must name the event that it comes from.',
    basis: 'L01',
    field: 'origin.eventId',
  });
  const due = ORIGINS[kind].ground;
  require_(!due || due === d.ground, 'matter.ground_does_not_fit', {
    zh: '追责情形与线索来源不符。',
    en: 'The ground does not fit what the clue comes from.',
    basis: 'L01',
    field: 'ground',
  });
  require_(c.lookUp(bodyDecider, d.bodyId)?.registered, 'matter.unknown_body', {
    zh: '该执法主体未登记。',
    en: 'This enforcement body is not registered.',
    basis: 'A01',
    field: 'bodyId',
  });
  // What the program found in the ledger is recorded whatever the register says today.
  if (!byProgram) d.officerIds.forEach((id) => officerKnown(id, c, 'officerIds'));
  const chain = (d.chain ?? chainFromRegistry(d, c)).map(({ role, officerId }) => ({ role, officerId }));
  const ranks = chain.map((l) => CHAIN_ROLES.findIndex((r) => r === l.role));
  require_(!ranks.some((r, i) => i > 0 && r < ranks[i - 1]), 'matter.chain_out_of_order', {
    zh: '责任链须自承办人员逐级向上。',
    en: 'The chain goes from the officer upwards.',
    basis: 'L06',
    field: 'chain',
  });
  const { bodyId, officerIds, summary } = d;
  return [
    event(E.ClueRaised, { ground: d.ground, origin: { kind, stream, eventId }, bodyId, officerIds, chain, summary }),
  ];
}

export function dismiss(d: command.DismissClue, s: MatterState, c: Circumstances): object[] {
  inStage(s, 'clue');
  notConcerned(s, c);
  return [event(E.ClueDismissed, contentOf(d))];
}

export function openInvestigation(d: command.OpenMatterInvestigation, s: MatterState, c: Circumstances): object[] {
  inStage(s, 'clue');
  notConcerned(s, c);
  const least = parameter('accountability.min_supervisors', c.occurredOn);
  require_(new Set(d.investigatorIds).size >= least.value, 'matter.too_few_investigators', {
    zh: `调查人员不得少于 ${least.value} 人。`,
    en: `At least ${least.value} investigators are needed.`,
    basis: `${least.basis}、公职人员政务处分法第42条`,
    field: 'investigatorIds',
  });
  require_(!d.investigatorIds.some((id) => s.concerned.includes(id)), 'matter.investigator_concerned', {
    zh: '涉事人员及其责任链上的人员不得参与调查。',
    en: 'Nobody concerned, nor in the chain, may investigate.',
    basis: '公职人员政务处分法第47条、L03',
    field: 'investigatorIds',
  });
  d.investigatorIds.forEach((id) => officerKnown(id, c, 'investigatorIds'));
  return [event(E.MatterInvestigationOpened, contentOf(d))];
}

/** The steps of the investigation are the investigators' own. */
function byInvestigator(s: MatterState, { actor }: Circumstances): void {
  inStage(s, 'investigating');
  require_(actor.officer && s.investigators.includes(actor.officer), 'matter.not_investigator', {
    zh: '调查由指定的调查人员进行。',
    en: 'Only the investigators named may do this.',
    basis: 'L03',
  });
}

export function recordEvidence(d: command.RecordMatterEvidence, s: MatterState, c: Circumstances): object[] {
  byInvestigator(s, c);
  require_(d.sha256 ?? d.eventId, 'matter.evidence_without_source', {
    zh: '证据须附文件摘要或所引用的记录。',
    en: 'Evidence needs the digest of a file or the event it refers to.',
    basis: 'L03',
    field: 'sha256',
  });
  return [event(E.MatterEvidenceRecorded, contentOf(d))];
}

export function distinguish(d: command.DistinguishResponsibility, s: MatterState, c: Circumstances): object[] {
  byInvestigator(s, c);
  require_(s.evidence > 0, 'matter.no_evidence', {
    zh: '应当先调查取证，再区分责任。',
    en: 'Evidence comes before anybody’s responsibility.',
    basis: 'L03',
  });
  require_(!d.persons.some((p) => s.investigators.includes(p.officerId)), 'matter.investigator_concerned', {
    zh: '调查人员与被调查人员不得为同一人。',
    en: 'An investigator cannot be a person examined.',
    basis: '公职人员政务处分法第47条、L03',
    field: 'persons',
  });
  d.persons.forEach((p) => officerKnown(p.officerId, c, 'persons'));
  return [event(E.ResponsibilityDistinguished, contentOf(d))];
}

function examined(s: MatterState, officerId: string): void {
  require_(s.persons.includes(officerId), 'matter.person_not_examined', {
    zh: '该人员不在责任区分所列人员之中。',
    en: 'This person is not among those whose responsibility is examined.',
    basis: 'L03',
    field: 'officerId',
  });
}

export function offerStatement(d: command.OfferMatterStatement, s: MatterState, c: Circumstances): object[] {
  byInvestigator(s, c);
  examined(s, d.officerId);
  require_(d.until > c.occurredOn, 'matter.statement_time', {
    zh: '须给予陈述申辩的时间。',
    en: 'There must be time to make the statement.',
    basis: 'L03、公职人员政务处分法第43条',
    field: 'until',
  });
  return [event(E.MatterStatementOffered, { officerId: d.officerId, offeredOn: c.occurredOn, until: d.until })];
}

export function recordStatement(d: command.RecordMatterStatement, s: MatterState, c: Circumstances): object[] {
  byInvestigator(s, c);
  require_(s.statements[d.officerId], 'matter.statement_not_offered', {
    zh: '尚未告知该人员陈述申辩权。',
    en: 'The statement has not been offered to this person.',
    basis: 'L03',
    field: 'officerId',
  });
  return [event(E.MatterStatementRecorded, contentOf(d))];
}

/** One person's finding in itself: fault, exemption and severity must go together (L02, L07). */
export function checkFinding(f: E.PersonFinding): void {
  const field = 'findings';
  const exemption = EXEMPTIONS.find((e) => e.code === f.exemption);
  require_(!exemption?.notFor?.includes(f.fault), 'matter.exemption_excluded', {
    zh: '该过错程度不适用所引的免责情形。',
    en: 'The exemption does not reach this degree of fault.',
    basis: exemption?.basis ?? 'L07',
    field,
  });
  require_(
    atFault(f) === (f.severity !== undefined) && (atFault(f) || f.sharePercent === 0),
    'matter.severity_and_fault',
    {
      zh: '有过错且不免责的须定情节轻重；无过错或免责的不定情节、不分担责任。',
      en: 'Severity and a share go with a fault that is not exempt, and only with that.',
      basis: 'L02、L07、市场监督管理行政执法责任制规定第11条',
      field,
    },
  );
  require_(!f.severity || f.severity === 'light' || HEAVY_FAULTS.includes(f.fault), 'matter.negligence_is_light', {
    zh: '一般过失只能按情节较轻处理；较重以上须有故意或者重大过失。',
    en: 'Mere negligence is dealt with as light; more needs intent or gross negligence.',
    basis: '市场监督管理行政执法责任制规定第9条、L07',
    field,
  });
}

function allHeard(s: MatterState, c: Circumstances): void {
  const open = s.persons.find((id) => {
    const statement = s.statements[id];
    return !statement || (!statement.outcome && c.occurredOn <= statement.until);
  });
  require_(!open, 'matter.not_heard', {
    zh: '未告知并听取（或期满未提出）陈述申辩的，不得认定责任。',
    en: 'Nobody is found responsible before being offered a statement and heard, or letting its time pass.',
    basis: 'L03、公职人员政务处分法第43条',
  });
}

export function determine(d: command.DetermineResponsibility, s: MatterState, c: Circumstances): object[] {
  inStage(s, 'investigating');
  notConcerned(s, c);
  require_(!c.actor.officer || !s.investigators.includes(c.actor.officer), 'matter.investigator_decides', {
    zh: '调查人员不得认定责任。',
    en: 'Those who investigate do not decide.',
    basis: 'L03、C10',
  });
  require_(s.unitResponsible !== undefined, 'matter.responsibility_not_distinguished', {
    zh: '须先区分单位与人员责任。',
    en: 'Unit and personal responsibility must be distinguished first.',
    basis: 'L03',
  });
  allHeard(s, c);
  const named = d.findings.map((f) => f.officerId);
  require_(
    new Set(named).size === named.length &&
      named.length === s.persons.length &&
      s.persons.every((p) => named.includes(p)),
    'matter.findings_incomplete',
    {
      zh: '须对每一名被调查人员各作一项认定。',
      en: 'There must be one finding on each person examined, and on nobody else.',
      basis: 'L03',
      field: 'findings',
    },
  );
  d.findings.forEach(checkFinding);
  const shares = d.findings.reduce((sum, f) => sum + f.sharePercent, 0);
  const whole = d.findings.some(atFault) && !s.unitResponsible;
  require_(whole ? shares === 100 : shares <= 100, 'matter.shares', {
    zh: '责任份额合计应为 100%（单位亦有责任的，不超过 100%）。',
    en: 'The shares add up to 100 %, or to no more where the unit answers too.',
    basis: 'L06、公职人员政务处分法第9条',
    field: 'findings',
  });
  const leaders = s.chain.filter((l) => LEADER_ROLES.includes(l.role)).map((l) => l.officerId);
  require_(
    d.consequence !== 'grave_influence' || leaders.every((id) => named.includes(id)),
    'matter.leaders_not_examined',
    {
      zh: '造成恶劣影响的，须一并追究主要、分管领导的责任。',
      en: 'Where the influence is grave, the leaders of the chain are examined as well.',
      basis: 'L04、L06',
      field: 'findings',
    },
  );
  const spoke = Object.values(s.statements).some((x) => x.outcome === 'given');
  require_(!spoke || d.answersToStatements, 'matter.statements_unanswered', {
    zh: '须说明对陈述申辩采纳与否的理由。',
    en: 'Say why the statements are accepted or not.',
    basis: 'L03、公职人员政务处分法第43条',
    field: 'answersToStatements',
  });
  return [
    event(E.MatterDetermined, {
      unitResponsible: s.unitResponsible,
      consequence: d.consequence,
      findings: d.findings,
      facts: d.facts,
      answersToStatements: d.answersToStatements,
      appealUntil: deadline(APPEAL, c.occurredOn).dueOn,
    }),
  ];
}
