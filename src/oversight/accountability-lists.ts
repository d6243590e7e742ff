import type { Entry } from './complaint-lists';

const LIABILITY = '市场监督管理行政执法责任制规定';
const DISCIPLINE = '公职人员政务处分法';

export interface Ground extends Entry {
  /** Raised by the ledger itself from its events; the others need a person's judgement. */
  readonly byLedger: boolean;
}

const ground = (code: string, byLedger: boolean, zh: string, en: string, n: number): Ground => ({
  code,
  byLedger,
  zh,
  en,
  basis: `L01第${n}项`,
});

/** The ten grounds 追责十情形 (L01), in the order of the seed. */
export const GROUNDS: readonly Ground[] = [
  ground('improper_exercise', false, '不按要求行使权力', 'Power not exercised as required', 1),
  ground('not_disclosed', true, '应当公开而不公开', 'What must be public is not', 2),
  ground('false_disclosure', true, '公开不真实', 'What was made public is untrue', 3),
  ground('change_not_disclosed', true, '内容变更不及时公开', 'A change was not made public in time', 4),
  ground('benchmark_ignored', true, '裁量不执行细化标准', 'Discretion against the benchmark', 5),
  ground('licence_condition_added', false, '擅自增设许可条件', 'Licence conditions added without authority', 6),
  ground('limit_overrun', true, '未按时限办结', 'Not finished within the time limit', 7),
  ground('fraud', false, '弄虚作假损害利益', 'Falsification that harmed lawful interests', 8),
  ground('resisting_supervision', true, '消极配合或抵制监督', 'Supervision obstructed or resisted', 9),
  ground('other', false, '其他应当追究的行为', 'Other', 10),
];

/** Where clues come from, and the ground that each stands for when the ledger itself raises it. */
export const ORIGINS: Readonly<Record<string, { readonly zh: string; readonly en: string; readonly ground?: string }>> =
  {
    manual: { zh: '人工提出', en: 'Raised by hand' },
    missed_clock: { zh: '法定期限逾期', en: 'A statutory clock was missed', ground: 'limit_overrun' },
    notice_late: { zh: '公示逾期', en: 'A notice was published late', ground: 'not_disclosed' },
    notice_unpublished: { zh: '应公示未公示', en: 'A notice was not published', ground: 'not_disclosed' },
    promised_limit_overrun: { zh: '超过承诺时限', en: 'A promised limit was overrun', ground: 'limit_overrun' },
    complaint: { zh: '投诉举报查实', en: 'A complaint was substantiated' },
    litigation_loss: { zh: '复议纠错、败诉', en: 'Lost in reconsideration or litigation' },
    fault: { zh: '执法过错', en: 'A fault in enforcement' },
  };

/** The responsibility chain 责任链 (L06), from the officer upwards; the upper three as the body's own chain names them. */
export const CHAIN_ROLES = ['officer', 'unit_head', 'deputy', 'first'] as const;
export const LEADER_ROLES: readonly string[] = ['deputy', 'first'];

/** A person's part in the act (L03). */
export const PARTS = ['direct', 'reviewing', 'approving', 'leading'] as const;

/** Degrees of fault 过错程度 (L07), lightest first. */
export const FAULTS = ['none', 'negligence', 'gross_negligence', 'intent'] as const;
/** 国家赔偿法 16 and 责任制规定 9 reach only these; the seed's 过错 (L08) is wider. */
export const HEAVY_FAULTS: readonly string[] = ['gross_negligence', 'intent'];

/** 情节较轻、较重、严重 (L02), lightest first. */
export const SEVERITIES = ['light', 'serious', 'grave'] as const;

/** What came of the act (L04): an ordinary fault, a wrong case 错案, a grave influence 恶劣影响. */
export const CONSEQUENCES = ['general', 'wrong_case', 'grave_influence'] as const;

export interface Measure extends Entry {
  readonly severities: readonly string[];
  /** A discipline 处分: at most one, and none where the supervision organ has given one. */
  readonly discipline?: true;
  /** Parameter of src/law with the period of the discipline. */
  readonly period?: string;
  /** Takes the officer off enforcement while it lasts; allowed, and for those consequences required, whatever the severity. */
  readonly standDownFor?: readonly string[];
}

const of =
  (severities: readonly string[], basis: string) =>
  (code: string, zh: string, en: string, more: Partial<Measure> = {}): Measure => ({
    code,
    zh,
    en,
    basis,
    severities,
    ...more,
  });
const light = of(['light'], 'L02第1项');
const education = of(['light'], `${LIABILITY}第15条`);
const serious = of(['serious'], 'L02第2项');
const grave = of(['grave'], `L02第3项、${DISCIPLINE}第7条`);
const standDown = of([], 'L04');

/** Every measure there is. What is not in the severity's row may not be imposed (L02). */
export const MEASURES: readonly Measure[] = [
  light('order_rectification', '责令整改', 'Ordered to put right'),
  light('admonition', '诫勉教育', 'Admonition'),
  education('talk', '谈话提醒', 'Reminder in a talk'),
  education('criticism', '批评教育', 'Criticism and education'),
  education('self_examination', '责令检查', 'Ordered to examine oneself'),
  of(['light'], 'L04')('training', '学习培训', 'Study and training'),
  serious('written_self_criticism', '书面检讨', 'Written self-criticism'),
  serious('circulated_criticism', '通报批评', 'Circulated criticism'),
  serious('efficiency_warning', '效能告诫', 'Efficiency warning'),
  serious('performance_deduction', '绩效扣分', 'Marks deducted'),
  serious('no_honours', '取消评先评优资格', 'Excluded from honours'),
  serious('off_post_training', '离岗培训', 'Training off the post'),
  serious('transfer', '调离岗位', 'Transferred from the post'),
  of(['serious', 'grave'], `${LIABILITY}第15条`)(
    'disqualification',
    '取消行政执法资格',
    'Disqualified from enforcement',
  ),
  grave('warning', '警告', 'Warning', { discipline: true, period: 'accountability.warning' }),
  grave('demerit', '记过', 'Demerit', { discipline: true, period: 'accountability.demerit' }),
  grave('major_demerit', '记大过', 'Major demerit', { discipline: true, period: 'accountability.major_demerit' }),
  grave('demotion', '降级', 'Demotion', { discipline: true, period: 'accountability.demotion' }),
  grave('removal', '撤职', 'Removal from office', { discipline: true, period: 'accountability.demotion' }),
  grave('dismissal', '开除', 'Dismissal', { discipline: true }),
  of(['grave'], `${LIABILITY}第16条`)('referral_supervision', '移送纪检监察机关', 'Referred to the supervision organ'),
  grave('referral_justice', '移送司法机关', 'Referred to the judicial organs'),
  standDown('stop_enforcement', '先停止执法', 'Stopped from enforcing', { standDownFor: ['wrong_case'] }),
  standDown('suspension', '先停职', 'Suspended from office', { standDownFor: ['wrong_case', 'grave_influence'] }),
  standDown('relief', '免职', 'Relieved of office', { standDownFor: ['grave_influence'] }),
];

export interface Exemption extends Entry {
  /** The article itself excepts those who acted on purpose (or, for the fifth, by gross negligence). */
  readonly notFor?: readonly string[];
}

const exemption = (code: string, n: string, zh: string, en: string, notFor?: readonly string[]): Exemption => ({
  code,
  zh,
  en,
  basis: `${LIABILITY}第${n}`,
  notFor,
});

/** What is no fault of the officer's (责任制规定 11, 12). */
export const EXEMPTIONS: readonly Exemption[] = [
  exemption('unclear_law', '11条第1项', '执法依据不明确或理解认识不一致', 'The law or facts were unclear', ['intent']),
  exemption(
    'deceived_by_party',
    '11条第2项',
    '相对人隐瞒或提供虚假材料',
    'Deceived by the party after due examination',
  ),
  exemption(
    'expert_report',
    '11条第3项',
    '依据检验检测鉴定或专家意见',
    'Relied on an expert report after due examination',
  ),
  exemption('unreported', '11条第4项', '未接到举报或客观上未能发现', 'Not reported and could not be found'),
  exemption('new_evidence', '11条第5项', '出现新的证据', 'New evidence appeared', ['intent', 'gross_negligence']),
  exemption('inspected_as_planned', '11条第6项', '已按计划认真履行检查职责', 'Inspected as planned'),
  exemption('technical_limits', '11条第7项', '科学技术、监管手段限制', 'Beyond technical means'),
  exemption('accident', '11条第8项', '事故非由履职不当直接引起', 'An accident not caused by the duty'),
  exemption('party_defied', '11条第9项', '已依法处置而相对人拒不改正', 'Dealt with, but the party defied it'),
  exemption('dissented', '11条第10项', '集体决策中明确反对或保留意见', 'Dissented in the collective decision'),
  exemption('objected_to_superior', '11条第11项', '已向上级提出改正意见', 'Objected to the superior’s order'),
  exemption('force_majeure', '11条第12项', '不可抗力等难以克服的因素', 'Force majeure'),
  exemption('other_lawful', '11条第13项', '其他依法不应追究的情形', 'Other lawful exemption'),
  exemption('reform', '12条', '改革创新、先行先试中的无意过失', 'An unintended mistake in reform', ['intent']),
];

export const CLEARING_FORMS = ['notice', 'meeting', 'letter', 'media'] as const;
export const EVIDENCE_KINDS = ['record', 'document', 'testimony', 'recording', 'file', 'other'] as const;
export const APPEAL_OUTCOMES = ['upheld', 'changed', 'revoked'] as const;
