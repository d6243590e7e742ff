import { evolveBy, rule, when, type Circumstances, type Decider } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { definitionNamed, event } from '../kernel/event';
import { Act, Day, Decimal, OneOf, Parts, Text, Texts } from '../kernel/fields';
import type { LocalDate } from '../kernel/time';
import { parameter } from '../law/parameters';
import * as E from './appraisal-events';
import { CHECKS, codes, FORBIDDEN_METRICS, LEVELS, METRICS, MONEY_EVENTS, NORMS, YIELD_WORDS } from './appraisal-lists';

export class SchemeCriterion {
  @Text(40) code!: string;
  @Text(200) zh!: string;
  @Text(300) en!: string;
  @OneOf(codes(NORMS)) norm!: string;
  @Decimal(0.5, 100, 1) points!: number;
  @OneOf(CHECKS) check!: string;
  /** The forbidden ones pass the shape, so that their refusal can name the article. */
  @OneOf([...codes(METRICS), ...codes(FORBIDDEN_METRICS)]) metric!: string;
  /** Names of the event types that it reads. */
  @Texts(20, 80) events!: string[];
}

export class DraftScheme extends Act {
  @Text(200) title!: string;
  @OneOf(LEVELS) level!: string;
  @Parts(() => SchemeCriterion, 1, 60) criteria!: SchemeCriterion[];
  @Decimal(0, 100, 1) excellentFrom!: number;
  @Decimal(0, 100, 1) passFrom!: number;
  @Decimal(0, 20, 1) bonusMax!: number;
}

/** A new version; the one published stays for the appraisals opened under it. */
export class ReviseScheme extends DraftScheme {
  @Text(1000) reason!: string;
}

export class PublishScheme extends Act {
  @Day() effectiveFrom!: string;
}

export interface SchemeVersion {
  readonly version: number;
  readonly level: string;
  readonly criteria: readonly E.Criterion[];
  readonly excellentFrom: number;
  readonly passFrom: number;
  readonly bonusMax: number;
  /** Absent while it is a draft. */
  readonly effectiveFrom?: LocalDate;
}

/** A scoring scheme 百分制评分细则 (M02): its versions in order, at most the last of them a draft. */
export interface SchemeState {
  readonly versions: readonly SchemeVersion[];
}

/** A published version; undefined when there is none of that number. */
export const publishedVersion = (state: SchemeState | undefined, version: number): SchemeVersion | undefined =>
  state?.versions.find((v) => v.version === version && v.effectiveFrom !== undefined);

/** 考核不得与罚没挂钩: by metric, by what it reads, and by what it calls itself. */
function checkNoYield(criterion: E.Criterion): void {
  const basis = '行政处罚法第74条第3款、国办发〔2022〕27号';
  const field = 'criteria';
  const forbidden = FORBIDDEN_METRICS.find((m) => m.code === criterion.metric);
  require_(!forbidden, 'scheme.metric_forbidden', {
    zh: `考核指标“${forbidden?.zh}”为法律所禁止：罚款、没收不得同考核考评直接或者变相挂钩。`,
    en: `The metric “${forbidden?.en}” is forbidden: fines may not be tied to appraisal, directly or in disguise.`,
    basis,
    field,
  });
  const money = criterion.events.find((e) => MONEY_EVENTS.includes(e));
  require_(!money, 'scheme.reads_money', {
    zh: `考核项目 ${criterion.code} 以收缴罚款的记录（${money}）为依据，法律不允许。`,
    en: `Criterion ${criterion.code} reads what was collected (${money}), which the law forbids.`,
    basis,
    field,
  });
  require_(!YIELD_WORDS.some((w) => w.test(criterion.zh) || w.test(criterion.en)), 'scheme.names_yield', {
    zh: `考核项目 ${criterion.code} 的名称涉及罚没或处罚的数额、数量、指标、排名。`,
    en: `Criterion ${criterion.code} speaks of the amount, number, target or rank of penalties.`,
    basis,
    field,
  });
}

function checkCriterion(criterion: E.Criterion): void {
  const field = 'criteria';
  checkNoYield(criterion);
  const norm = NORMS.find((n) => n.code === criterion.norm);
  require_(!norm?.check || norm.check === criterion.check, 'scheme.check_does_not_fit', {
    zh: `“${norm?.zh}”应当${norm?.check === 'spot' ? '抽查' : '定期检查'}。`,
    en: `“${norm?.en}” is checked ${norm?.check === 'spot' ? 'at random' : 'regularly'}.`,
    basis: 'M03',
    field,
  });
  const unknown = criterion.events.find((e) => !definitionNamed(e));
  require_(!unknown, 'scheme.unknown_event', {
    zh: `考核项目 ${criterion.code} 所依据的记录类型不存在。`,
    en: `Criterion ${criterion.code} reads an event type that does not exist.`,
    basis: 'M01',
    field,
  });
}

const tenths = (points: number): number => Math.round(points * 10);

function checkScheme(d: DraftScheme, on: LocalDate): void {
  const full = parameter('appraisal.full_marks', on);
  d.criteria.forEach(checkCriterion);
  const named = d.criteria.map((c) => c.code);
  require_(new Set(named).size === named.length, 'scheme.code_repeated', {
    zh: '考核项目代码重复。',
    en: 'Two criteria have the same code.',
    basis: 'M02',
    field: 'criteria',
  });
  const sum = d.criteria.reduce((total, c) => total + tenths(c.points), 0);
  require_(sum === tenths(full.value), 'scheme.not_full_marks', {
    zh: `各项分值合计应为 ${full.value} 分，现为 ${sum / 10} 分。`,
    en: `The points add up to ${sum / 10} instead of ${full.value}.`,
    basis: `${full.basis}、M02`,
    field: 'criteria',
  });
  require_(d.passFrom < d.excellentFrom && d.excellentFrom <= full.value, 'scheme.grades_out_of_order', {
    zh: '优秀分数线须高于达标分数线，且不超过满分。',
    en: 'Excellent begins above pass, and not above full marks.',
    basis: '交通运输行政执法评议考核规定第14条',
    field: 'excellentFrom',
  });
}

const draftOf = (d: DraftScheme, version: number, revisionReason?: string): E.SchemeDrafted =>
  event(E.SchemeDrafted, {
    title: d.title,
    version,
    level: d.level,
    criteria: d.criteria,
    excellentFrom: d.excellentFrom,
    passFrom: d.passFrom,
    bonusMax: d.bonusMax,
    revisionReason,
  });

function publish(d: PublishScheme, s: SchemeState, c: Circumstances): object[] {
  const draft = s.versions.at(-1);
  require_(draft && !draft.effectiveFrom, 'scheme.no_draft', {
    zh: '没有待公布的评分细则。',
    en: 'There is no draft to publish.',
    basis: 'M02',
  });
  const before = s.versions.at(-2)?.effectiveFrom ?? '';
  require_(d.effectiveFrom >= c.occurredOn && d.effectiveFrom > before, 'scheme.not_retroactive', {
    zh: '评分细则不得溯及既往，也不得早于前一版本。',
    en: 'A scheme does not reach back, nor before the version it replaces.',
    basis: 'M02',
    field: 'effectiveFrom',
  });
  return [event(E.SchemePublished, { version: draft.version, effectiveFrom: d.effectiveFrom })];
}

export const schemeDecider: Decider<SchemeState> = {
  category: 'scheme',
  collection: 'schemes',
  zh: '评分细则',
  en: 'Scoring schemes',
  initialState: { versions: [] },
  evolve: evolveBy<SchemeState>(
    when(E.SchemeDrafted, (s, d) => ({ versions: [...s.versions.filter((v) => v.version !== d.version), d] })),
    when(E.SchemePublished, (s, d) => ({
      versions: s.versions.map((v) => (v.version === d.version ? { ...v, effectiveFrom: d.effectiveFrom } : v)),
    })),
  ),
  rules: [
    rule({
      command: DraftScheme,
      may: ['appraiser'],
      basis: 'M02、行政处罚法第74条第3款',
      zh: '起草评分细则',
      en: 'Draft a scoring scheme',
      decide: (d, s: SchemeState, c) => {
        require_(s.versions.length === 0, 'scheme.exists', {
          zh: '该评分细则已存在，请修订。',
          en: 'The scheme exists; revise it.',
          basis: 'M02',
        });
        checkScheme(d, c.occurredOn);
        return [draftOf(d, 1)];
      },
    }),
    rule({
      command: ReviseScheme,
      may: ['appraiser'],
      basis: 'M02、行政处罚法第74条第3款',
      zh: '修订评分细则',
      en: 'Revise the scoring scheme',
      decide: (d, s: SchemeState, c) => {
        const last = s.versions.at(-1);
        require_(last, 'scheme.not_drafted', {
          zh: '尚无可修订的评分细则。',
          en: 'There is no scheme to revise.',
          basis: 'M02',
        });
        checkScheme(d, c.occurredOn);
        return [draftOf(d, last.effectiveFrom ? last.version + 1 : last.version, d.reason)];
      },
    }),
    rule({
      command: PublishScheme,
      may: ['appraiser', 'head'],
      basis: 'M02、M07',
      zh: '公布评分细则',
      en: 'Publish the scoring scheme',
      decide: publish,
    }),
  ],
};
