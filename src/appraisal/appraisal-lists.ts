import type { Bilingual } from '../kernel/errors';

interface Entry extends Bilingual {
  readonly code: string;
  readonly basis: string;
}

const entries = (basis: string, ...rows: ReadonlyArray<readonly [string, string, string]>): Entry[] =>
  rows.map(([code, zh, en]) => ({ code, zh, en, basis }));

export const codes = (list: readonly { readonly code: string }[]): string[] => list.map((e) => e.code);

/** How a criterion is checked: at random, or regularly (M03). */
export const CHECKS = ['spot', 'regular'] as const;

/** Whom a scheme appraises (M05). */
export const LEVELS = ['officer', 'unit', 'leader'] as const;

export interface Norm extends Entry {
  /** The seed fixes the check of six norms; the other two may be checked either way. */
  readonly check?: (typeof CHECKS)[number];
}

/** The eight norms 八项规范 (M03), in the order of the seed. */
export const NORMS: readonly Norm[] = [
  { code: 'attire', zh: '着装规范', en: 'Attire', basis: 'M03第1项', check: 'spot' },
  { code: 'language', zh: '工作文明用语规范', en: 'Civil language', basis: 'M03第2项', check: 'spot' },
  { code: 'bearing', zh: '仪容仪表言谈举止规范', en: 'Appearance and bearing', basis: 'M03第3项', check: 'spot' },
  { code: 'procedure', zh: '执法工作程序规范', en: 'Procedure', basis: 'M03第4项', check: 'regular' },
  { code: 'documents', zh: '文书填写规范', en: 'Documents', basis: 'M03第5项', check: 'regular' },
  { code: 'file_binding', zh: '卷宗装订规范', en: 'Binding of files', basis: 'M03第6项' },
  { code: 'conduct', zh: '执法行为规范', en: 'Conduct', basis: 'M03第7项' },
  { code: 'filing_for_record', zh: '备案规范', en: 'Filing for record', basis: 'M03第8项', check: 'regular' },
];

/** What a criterion may measure: conduct and quality, never yield. */
export const METRICS = entries(
  'M01、M06、国办发〔2022〕27号',
  ['credential_shown', '亮证执法', 'Credential shown'],
  ['steps_complete', '程序步骤完整', 'Steps of the procedure complete'],
  ['within_time_limit', '在法定期限内', 'Within the time limits'],
  ['evidence_lawful', '取证合法', 'Evidence lawfully collected'],
  ['recording_complete', '全过程记录完整', 'Full-process record complete'],
  ['legal_review_passed', '法制审核情况', 'Legal review'],
  ['statement_answered', '陈述申辩逐条答复', 'Statements answered point by point'],
  ['discretion_in_band', '按裁量基准', 'Discretion within the benchmark'],
  ['published_on_time', '按时公示', 'Published on time'],
  ['documents_complete', '文书规范', 'Documents complete'],
  ['file_archived', '案卷归档', 'File archived'],
  ['filed_for_record', '按规定备案', 'Filed for record'],
  ['act_upheld', '复议诉讼维持情况', 'Acts upheld on review'],
  ['complaint_substantiated', '投诉查实情况', 'Complaints substantiated'],
  ['misconduct_found', '不文明执法情形', 'Misconduct found'],
  ['spot_check', '抽查情况', 'Spot checks'],
  ['public_rating', '相对人评价', "The parties' ratings"],
  ['training', '学习培训', 'Training'],
  ['examination', '考试成绩', 'Examinations'],
);

/** What no criterion may measure, named so that the refusal can say why. */
export const FORBIDDEN_METRICS = entries(
  '行政处罚法第74条第3款、国办发〔2022〕27号',
  ['fine_amount', '罚款数额', 'Amount of fines'],
  ['confiscated_amount', '罚没数额', 'Amount confiscated'],
  ['penalty_count', '处罚数量', 'Number of penalties'],
  ['case_count', '办案数量', 'Number of cases'],
  ['fine_ranking', '罚款排名', 'Ranking by fines'],
  ['fine_target', '罚没指标完成率', 'Attainment of a fine target'],
  ['collection_rate', '罚款收缴率', 'Rate of fines collected'],
  ['average_fine', '案均罚款', 'Average fine'],
);

/** Events that say nothing but how much money came in: reading them could only reward yield. */
export const MONEY_EVENTS: readonly string[] = [
  'FinePaid',
  'FineCollectedOnTheSpot',
  'CollectedFineHandedOver',
  'LateSurchargeAssessed',
];

const SUBJECT = '罚款|罰款|罚没|罰沒|罚金|罰金|没收|沒收|处罚|處罰|办案|辦案|案件|立案';
const YIELD =
  '数额|數額|金额|金額|数量|數量|总额|總額|总数|總數|件数|件數|宗数|宗數|起数|起數|指标|指標|任务|任務|排名|收入|创收|創收|多少|增长|增長';
const SUBJECT_EN = '\\b(?:fines?|penalt(?:y|ies)|confiscat\\w+|cases?)\\b';
const YIELD_EN = '\\b(?:amounts?|sums?|totals?|numbers?|counts?|quotas?|targets?|rank\\w*|revenue|income|yields?)\\b';

/** Words by which a criterion on yield gives itself away, either order, within a few characters of each other. */
export const YIELD_WORDS: readonly RegExp[] = [
  new RegExp(`(?:${SUBJECT}).{0,6}?(?:${YIELD})|(?:${YIELD}).{0,6}?(?:${SUBJECT})`, 'u'),
  new RegExp(`${SUBJECT_EN}.{0,20}?${YIELD_EN}|${YIELD_EN}.{0,20}?${SUBJECT_EN}`, 'iu'),
];

const APPRAISAL_RULES = '交通运输行政执法评议考核规定';

/** One of these, and the year is not passed whatever the score (评议考核规定 15). */
export const VETOES = [
  ...entries(`${APPRAISAL_RULES}第15条第1项`, [
    'casualties',
    '违法执法致人伤亡或群体性事件',
    'Casualties or mass incident',
  ]),
  ...entries(`${APPRAISAL_RULES}第15条第2项`, [
    'long_petition',
    '拒不纠正致长期上访',
    'Refusal to correct led to lasting petitions',
  ]),
  ...entries(`${APPRAISAL_RULES}第15条第3项`, [
    'media_influence',
    '媒体集中报道、严重负面影响',
    'Grave influence through the media',
  ]),
  ...entries(`${APPRAISAL_RULES}第15条第4项`, [
    'not_corrected',
    '上级指出的严重问题未改正',
    'Grave fault pointed out and not corrected',
  ]),
  ...entries(`${APPRAISAL_RULES}第15条第5项`, [
    'file_doctored',
    '事后加工、修改已办结案卷',
    'Finished file doctored afterwards',
  ]),
  ...entries(`${APPRAISAL_RULES}第15条第6项`, [
    'obstruction',
    '拒绝或不配合评议考核',
    'Appraisal refused or obstructed',
  ]),
];

/** What earns marks beyond the full marks of a criterion (评议考核规定 17). */
export const BONUSES = [
  ...entries(`${APPRAISAL_RULES}第17条第1项`, [
    'major_event',
    '重大社会事件中履职及时适当',
    'Timely and proper in a major event',
  ]),
  ...entries(`${APPRAISAL_RULES}第17条第2项`, [
    'model_practice',
    '典型经验被上级推广',
    'Practice taken up by the superior',
  ]),
];

/** 优秀、达标、不达标 (评议考核规定 14). */
export const GRADES = entries(
  `${APPRAISAL_RULES}第14条`,
  ['excellent', '优秀', 'Excellent'],
  ['pass', '达标', 'Pass'],
  ['fail', '不达标', 'Fail'],
);

/** How far a result is made known (M07). */
export const SCOPES = ['body', 'public'] as const;
