import { ClockStarted } from '../../src/clocks/clock-events';
import { DecisionRevoked, PenaltyDecided } from '../../src/enforcement/decision-events';
import { CaseFiled } from '../../src/enforcement/filing-events';
import { event } from '../../src/kernel/event';
import { MatterDetermined, type PersonFinding } from '../../src/oversight/accountability-events';
import * as R from '../../src/registry/registry-events';

// Invented acts of 明镜市市场监督管理局 (b1).

export const body = [
  event(R.BodyRegistered, {
    name: '明镜市市场监督管理局',
    kind: 'statutory',
    region: '明镜市',
    uscc: '11230500001755309F',
    legalRepresentative: '冯十',
    legalBasis: ['行政处罚法第17条'],
    officeAddress: '明镜市明光路1号',
    supervisionPhone: '12345',
    supervisionEmail: 'jd@mingjing.example',
  }),
  event(R.LeadersSet, {
    leaders: [
      { role: 'first', officerId: 'l-1' },
      { role: 'deputy', officerId: 'l-2', unit: '执法一科' },
      { role: 'unit_head', officerId: 'h-1', unit: '执法一科' },
      { role: 'unit_head', officerId: 'h-2', unit: '执法二科' },
    ],
    from: '2020-01-01',
  }),
];

export const officer = (name: string): R.OfficerRegistered =>
  event(R.OfficerRegistered, { name, bodyId: 'b1', post: '执法员', unit: '执法一科', employment: 'civil_servant' });

/** The case against a person, as it was filed. */
export const filed = (fields: Partial<CaseFiled> = {}): CaseFiled =>
  event(CaseFiled, {
    partyId: 'party-1',
    partyKind: 'natural_person',
    partyPublicName: '张某某',
    partyName: '张建国',
    partyIdentifier: '11010519491231002X',
    phone: '13800000000',
    address: '明镜市高新区云杉路8号',
    caseNumber: '明市监立〔2026〕1号',
    bodyId: 'b1',
    powerCode: 'CF-001',
    cause: '无照经营',
    legalBasis: ['行政处罚法第33条'],
    officers: ['o-1', 'o-2'],
    approvedBy: 'l-1',
    filedOn: '2026-03-02',
    violationEndedOn: '2026-03-01',
    graveHarm: false,
    priorOffences: 0,
    ...fields,
  });

export const decided = (fields: Partial<PenaltyDecided> = {}): PenaltyDecided =>
  event(PenaltyDecided, {
    procedure: 'ordinary-penalty',
    documentNumber: '明市监处罚〔2026〕1号',
    outcome: 'penalty',
    decidedOn: '2026-04-02',
    bodyId: 'b1',
    powerCode: 'CF-001',
    partyId: 'party-1',
    partyKind: 'organisation',
    partyPublicName: '明镜市光明商贸有限公司',
    partyPublicIdentifier: '91350100M000100Y43',
    violation: '无照经营',
    publicFacts: '当事人未取得营业执照从事经营活动。',
    evidence: '现场照片',
    legalBasis: ['无证无照经营查处办法第13条', '行政处罚法第33条'],
    penalties: [{ kind: 'fine', amountYuan: 12000, content: '罚款12000元' }],
    fineYuan: 12000,
    confiscatedYuan: 0,
    level: 'general',
    withinBand: true,
    discretionReason: '一般情节',
    defenceAnswer: '已答复',
    grave: false,
    remedies: '六十日内申请复议',
    performance: '十五日内缴纳',
    officers: ['o-1', 'o-2'],
    decidedBy: 'l-1',
    pages: 5,
    ...fields,
  });

export const revoked = event(DecisionRevoked, {
  documentNumber: '明市监处罚〔2026〕1号',
  revokingDocument: '明府复〔2026〕3号',
  authority: 'reconsideration',
  effect: 'revoked',
  revokedOn: '2026-04-20',
  publicReason: '主要证据不足',
  approvedBy: 'l-1',
});

/** The time to decide of a case, until 30 May 2026. */
export const clock = (fields: Partial<ClockStarted> = {}): ClockStarted =>
  event(ClockStarted, {
    clock: 'penalty.decision',
    item: '',
    zh: '作出处罚决定',
    en: 'Time to decide',
    startedOn: '2026-03-01',
    dueOn: '2026-05-30',
    days: 90,
    dayKind: 'calendar',
    basis: '行政处罚法第60条',
    provisional: false,
    bodyId: 'b1',
    responsiblePost: 'officer',
    responsibleOfficers: ['o-1', 'o-2'],
    bindsParty: false,
    ...fields,
  });

export const finding = (officerId: string, fields: Partial<PersonFinding> = {}): PersonFinding => ({
  officerId,
  role: 'officer',
  fault: 'negligence',
  severity: 'light',
  sharePercent: 100,
  reason: '未按期办理',
  ...fields,
});

export const determined = (...findings: PersonFinding[]): MatterDetermined =>
  event(MatterDetermined, {
    unitResponsible: false,
    consequence: 'general',
    findings,
    facts: '逾期未办',
    appealUntil: '2026-12-31',
  });
