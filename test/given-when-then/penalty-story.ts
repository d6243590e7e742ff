import type { Actor } from '../../src/kernel/event';
import type { Instant } from '../../src/kernel/time';
import * as Do from '../../src/enforcement/penalty-commands';
import { ClockStarted } from '../../src/clocks/clock-events';
import { penaltyCaseDecider } from '../../src/enforcement/penalty-case';
import {
  reviewItems,
  type DiscretionLevel,
  type Penalty,
  type RecordingLevel,
} from '../../src/enforcement/penalty-types';
import { benchmarkDecider } from '../../src/registry/benchmark';
import { bodyDecider } from '../../src/registry/body';
import { officerDecider } from '../../src/registry/officer';
import { powerDecider } from '../../src/registry/power';
import * as R from '../../src/registry/registry-events';
import { event } from '../../src/kernel/event';
import { given, past } from './specification';

// The world of the penalty tests: 明镜市市场监督管理局, its officers, one power with its benchmark, and a case told step by step.

export const SHA = 'a'.repeat(64);

export const officer = (id: string): Partial<Actor> => ({ account: `account-${id}`, officer: id, roles: ['officer'] });
export const head: Partial<Actor> = { account: 'account-l-1', officer: 'l-1', roles: ['head'] };
export const reviewer = (id = 'r-1'): Partial<Actor> => ({
  account: `account-${id}`,
  officer: id,
  roles: ['reviewer'],
});
export const cashier: Partial<Actor> = {
  account: 'account-bank',
  officer: undefined,
  body: 'bank-1',
  roles: ['cashier'],
};
export const program: Partial<Actor> = {
  kind: 'system',
  account: 'system',
  officer: undefined,
  body: undefined,
  roles: ['system'],
};

const registered = (name: string, bodyId = 'body-1') =>
  event(R.OfficerRegistered, { name, bodyId, post: '执法员', employment: 'civil_servant' });

const credential = (number: string, validUntil: string) =>
  event(R.CredentialIssued, {
    number,
    kind: 'enforcement',
    category: '市场监管',
    area: '明镜市',
    issuedBy: '明镜市司法局',
    validFrom: '2024-01-01',
    validUntil,
  });

const qualified = event(R.LegalQualificationGranted, { certificateNumber: 'A2020', grantedOn: '2020-05-01' });

const officers: Readonly<Record<string, object[]>> = {
  'o-1': [registered('张一'), credential('MJ-1', '2027-12-31')],
  'o-2': [registered('李二'), credential('MJ-2', '2027-12-31')],
  'o-3': [registered('王三'), credential('MJ-3', '2027-12-31')],
  /** Whose credential ran out the day before the filing of the story. */
  'o-expired': [registered('赵四'), credential('MJ-4', '2026-03-03')],
  'o-elsewhere': [registered('钱五', 'body-2'), credential('MJ-5', '2027-12-31')],
  /** An officer who is qualified to review as well. */
  'o-q': [registered('蒋十二'), credential('MJ-6', '2027-12-31'), qualified],
  'r-1': [registered('孙六'), qualified],
  'r-2': [registered('周七'), qualified],
  'r-unqualified': [registered('吴八')],
  'h-1': [registered('郑九')],
  'l-1': [registered('冯十')],
  'l-2': [registered('陈十一')],
};

const body = [
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
  event(R.BodyAnnounced, { announcedOn: '2020-01-01', medium: '明镜市人民政府网站' }),
];

const power = event(R.PowerListed, {
  code: 'CF-001',
  name: '对无照经营的处罚',
  powerClass: 'penalty',
  legalBasis: [{ instrument: '无证无照经营查处办法', article: '第13条' }],
  bodyId: 'body-1',
  office: '执法一科',
  disclosureForm: '网站',
  disclosureScope: '社会公开',
  disclosureTime: '长期',
  statutoryDays: 90,
  promisedDays: 60,
  validFrom: '2021-07-15',
});

const benchmark = event(R.BenchmarkPublished, {
  version: 1,
  powerCode: 'CF-001',
  bodyId: 'body-1',
  violation: '无照经营',
  legalBasis: [{ instrument: '无证无照经营查处办法', article: '第13条' }],
  penaltyKinds: ['fine'],
  unit: 'yuan',
  bands: [
    { level: 'minor', conditions: '首次', min: 100, max: 5000 },
    { level: 'general', conditions: '一般', min: 5000, max: 20000 },
    { level: 'serious', conditions: '较重', min: 20000, max: 40000 },
    { level: 'grave', conditions: '严重', min: 40000, max: 120000 },
  ],
  validFrom: '2022-01-01',
});

export const fine = (amountYuan: number) => [{ kind: 'fine', amountYuan, content: `罚款${amountYuan}元` }];

export const organisation = {
  partyId: 'party-1',
  partyKind: 'organisation' as const,
  partyName: '明镜市光明商贸有限公司',
  partyIdentifier: '91350100M000100Y43',
  priorOffences: 1,
};

export const citizen = {
  partyId: 'party-2',
  partyKind: 'natural_person' as const,
  partyName: '欧阳小明',
  birthDate: '1990-05-05',
  priorOffences: 1,
  partyIdentifier: undefined,
};

export interface Told {
  readonly name: string;
  readonly who: Partial<Actor>;
  readonly at: Instant;
  readonly command: new () => object;
  readonly fields: object;
}

/** A date in China as an instant of its working hours. */
export const on = (date: string, hour = 10): Instant =>
  new Date(Date.parse(`${date}T00:00:00Z`) + (hour - 8) * 3_600_000).toISOString();

export const inquiry = {
  inquiryId: 'inquiry-1',
  inquired: 'party',
  officers: ['o-1', 'o-2'],
  startedAt: on('2026-03-05', 9),
  endedAt: on('2026-03-05', 10),
  place: '明镜市明光路2号',
  summary: '当事人承认无照经营。',
  rightsTold: true,
  signed: true,
  recordSha256: SHA,
  pages: 4,
};

export const recording = (
  step: string,
  item: string | undefined,
  endedAt: Instant,
  level: RecordingLevel = 'partial',
): Do.AttachRecording => ({
  recordingId: `recording-${step}-${item ?? ''}`,
  step,
  item,
  deviceId: 'camera-1',
  officerId: 'o-1',
  level,
  startedAt: new Date(Date.parse(endedAt) - 3_600_000).toISOString(),
  endedAt,
  sha256: SHA,
});

export const conclusion = (
  penalties: Penalty[] = fine(12000),
  level: DiscretionLevel = 'general',
): Do.ConcludeInvestigation => ({
  facts: '当事人未取得营业执照从事经营活动。',
  evidenceIds: ['evidence-1'],
  outcome: 'penalty',
  penalties,
  legalBasis: ['无证无照经营查处办法第13条'],
  level,
  levelReason: '持续时间较短，尚无危害后果',
  benchmarkId: 'benchmark-1',
  pages: 6,
});

export const opinion = (failing?: string): Do.IssueReviewOpinion => ({
  items: reviewItems.map((item) => ({
    item,
    passed: item !== failing,
    reason: item === failing ? '证据不足' : '符合',
  })),
  advice: failing ? '退回补充' : '同意',
  pages: 3,
});

export const rightsNotice = (penalties: Penalty[] = fine(12000), hearingOffered = false): Do.ServeRightsNotice => ({
  facts: '无照经营',
  reasons: '违法事实清楚',
  legalBasis: ['无证无照经营查处办法第13条'],
  penalties,
  hearingOffered,
  method: 'in_person',
  officers: ['o-1', 'o-2'],
  receiptSha256: SHA,
  pages: 2,
});

export const decisionOn = (
  penalties: Penalty[] = fine(12000),
  level: DiscretionLevel = 'general',
): Do.DecidePenalty => ({
  documentNumber: '明市监处罚〔2026〕1号',
  outcome: 'penalty',
  violation: '无照经营',
  publicFacts: '当事人未取得营业执照从事经营活动。',
  evidence: '询问笔录、现场照片',
  legalBasis: ['无证无照经营查处办法第13条'],
  penalties,
  level,
  benchmarkId: 'benchmark-1',
  discretionReason: '属一般情节',
  defenceAnswer: '申辩意见部分采纳',
  remedies: '六十日内申请复议，六个月内起诉',
  performance: '十五日内缴纳',
  pages: 5,
});

export const service: Do.ServeDecision = {
  method: 'in_person',
  officers: ['o-1', 'o-2'],
  toldOfPublication: true,
  signatureRefused: false,
  receiptSha256: SHA,
  pages: 1,
};

export const clue = {
  bodyId: 'body-1',
  source: 'report',
  topic: '无照经营',
  summary: '接举报，明光路有商户无照经营。',
};

export const filing = {
  ...organisation,
  caseNumber: '明市监立〔2026〕1号',
  powerCode: 'CF-001',
  cause: '涉嫌无照经营',
  legalBasis: ['无证无照经营查处办法第13条'],
  officers: ['o-1', 'o-2'],
  violationEndedOn: '2026-03-01',
  graveHarm: false,
};

const evidence = {
  evidenceId: 'evidence-1',
  kind: 'documentary',
  description: '进货台账',
  provenance: '当事人提供',
  collectedBy: ['o-1', 'o-2'],
  original: true,
  sha256: SHA,
  pages: 10,
};

/** An ordinary case from the clue to the archive; every step lawful. */
export const ordinary: readonly Told[] = [
  { name: 'clue', who: officer('o-1'), at: on('2026-03-02'), command: Do.RecordClue, fields: clue },
  { name: 'filed', who: head, at: on('2026-03-04'), command: Do.FileCase, fields: filing },
  {
    name: 'shown',
    who: officer('o-1'),
    at: on('2026-03-05', 8),
    command: Do.ShowCredential,
    fields: { officers: ['o-1', 'o-2'], shownTo: 'party', place: '明光路2号' },
  },
  { name: 'inquiry', who: officer('o-1'), at: on('2026-03-05', 10), command: Do.RecordInquiry, fields: inquiry },
  {
    name: 'inquiry recorded',
    who: officer('o-1'),
    at: on('2026-03-05', 12),
    command: Do.AttachRecording,
    fields: recording('RecordInquiry', 'inquiry-1', on('2026-03-05', 10)),
  },
  { name: 'evidence', who: officer('o-1'), at: on('2026-03-05', 14), command: Do.CollectEvidence, fields: evidence },
  {
    name: 'prior notice',
    who: officer('o-1'),
    at: on('2026-03-05', 15),
    command: Do.GivePriorNotice,
    fields: { officers: ['o-1', 'o-2'], content: '告知无照经营的后果' },
  },
  {
    name: 'guidance',
    who: officer('o-1'),
    at: on('2026-03-05', 15),
    command: Do.GiveGuidance,
    fields: { officers: ['o-1', 'o-2'], content: '指导办理营业执照' },
  },
  {
    name: 'rectification',
    who: officer('o-1'),
    at: on('2026-03-05', 16),
    command: Do.OrderRectification,
    fields: { officers: ['o-1', 'o-2'], content: '限期办照', rectifyBy: '2026-03-15' },
  },
  {
    name: 'rectification checked',
    who: officer('o-2'),
    at: on('2026-03-16'),
    command: Do.CheckRectification,
    fields: { officers: ['o-1', 'o-2'], rectified: false, findings: '仍未办理' },
  },
  {
    name: 'concluded',
    who: officer('o-1'),
    at: on('2026-03-20'),
    command: Do.ConcludeInvestigation,
    fields: conclusion(),
  },
  {
    name: 'submitted',
    who: officer('o-1'),
    at: on('2026-03-20', 15),
    command: Do.SubmitForReview,
    fields: { documents: ['调查终结报告'] },
  },
  { name: 'reviewed', who: reviewer(), at: on('2026-03-24'), command: Do.IssueReviewOpinion, fields: opinion() },
  { name: 'noticed', who: officer('o-1'), at: on('2026-03-25'), command: Do.ServeRightsNotice, fields: rightsNotice() },
  {
    name: 'statement',
    who: officer('o-1'),
    at: on('2026-03-27'),
    command: Do.RecordStatement,
    fields: { statementId: 'statement-1', form: 'oral', points: ['经营困难', '已经改正'], recordSha256: SHA, pages: 2 },
  },
  {
    name: 'answered',
    who: officer('o-1'),
    at: on('2026-03-30'),
    command: Do.AnswerStatement,
    fields: {
      statementId: 'statement-1',
      answers: [
        { point: 1, accepted: false, reason: '不影响违法事实' },
        { point: 2, accepted: true, reason: '酌情考虑' },
      ],
      verification: '复核经营情况',
    },
  },
  { name: 'decided', who: head, at: on('2026-04-02'), command: Do.DecidePenalty, fields: decisionOn() },
  { name: 'served', who: officer('o-1'), at: on('2026-04-03'), command: Do.ServeDecision, fields: service },
  {
    name: 'service recorded',
    who: officer('o-1'),
    at: on('2026-04-03', 15),
    command: Do.AttachRecording,
    fields: recording('ServeDecision', undefined, on('2026-04-03', 10)),
  },
  {
    name: 'paid',
    who: cashier,
    at: on('2026-04-10'),
    command: Do.RecordPayment,
    fields: { amountYuan: 12000, receiptNumber: 'PJ-0001', payeeId: 'bank-1' },
  },
  {
    name: 'closed',
    who: head,
    at: on('2026-04-13'),
    command: Do.CloseCase,
    fields: { ground: 'performed', summary: '罚款已缴清' },
  },
  {
    name: 'archived',
    who: officer('o-1'),
    at: on('2026-04-14'),
    command: Do.ArchiveCase,
    fields: { fileNumber: '明市监卷2026-1' },
  },
];

export interface Telling {
  /** Steps by name: other fields, merged in. */
  readonly with?: Readonly<Record<string, object>>;
  readonly without?: readonly string[];
  /** What has happened already; nothing, unless said. */
  readonly startingFrom?: Story;
}

/** A case in the making: what has happened, and the next command to try. */
export class Story {
  constructor(
    readonly happened: readonly object[] = [],
    private readonly events: readonly object[] = [],
  ) {}

  /** When a clock that was started runs out; undefined when it never started. */
  dueOn(clock: string): string | undefined {
    return this.events.filter((e) => e instanceof ClockStarted).findLast((c) => c.clock === clock)?.dueOn;
  }

  /** The specification of the next command: finish it with `.when(...)`. `since` is what else befell the body or the power. */
  next(who: Partial<Actor>, at: Instant, since: { body?: object[]; power?: object[] } = {}) {
    let specification = given(penaltyCaseDecider, ...this.happened)
      .addressedTo('1')
      .knowing(bodyDecider, 'body-1', ...body, ...(since.body ?? []))
      .knowing(powerDecider, 'CF-001', power, ...(since.power ?? []))
      .knowing(benchmarkDecider, 'benchmark-1', benchmark)
      .knowing(benchmarkDecider, 'benchmark-2', event(R.BenchmarkPublished, { ...benchmark, powerCode: 'CF-002' }));
    for (const [id, events] of Object.entries(officers))
      specification = specification.knowing(officerDecider, id, ...events);
    return specification.as(who).at(at);
  }

  /** The story with one more step; throws when the step is refused. */
  then<C extends object>(who: Partial<Actor>, at: Instant, command: new () => C, fields: object): Story {
    const outcome = this.next(who, at).when(command, fields as C);
    if (outcome.failure) throw new Error(`${command.name} on ${at}: ${outcome.failure.message}`);
    return new Story(
      [...this.happened, ...outcome.events.map((e) => past(at, e, who))],
      [...this.events, ...outcome.events],
    );
  }
}

/** The lawful story told up to and including a step. */
export function upTo(last: string, telling: Telling = {}): Story {
  const end = ordinary.findIndex((t) => t.name === last);
  if (end < 0) throw new Error(`the story has no step ${last}`);
  return ordinary
    .slice(0, end + 1)
    .filter((t) => !telling.without?.includes(t.name))
    .reduce(
      (story, t) => story.then(t.who, t.at, t.command, { ...t.fields, ...telling.with?.[t.name] }),
      telling.startingFrom ?? new Story(),
    );
}
