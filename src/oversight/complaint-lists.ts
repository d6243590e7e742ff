import type { Bilingual } from '../kernel/errors';

/** One entry of a closed list: stable code, both languages, and where it comes from. */
export interface Entry extends Bilingual {
  readonly code: string;
  readonly basis: string;
}

const entries = (basis: string, ...rows: ReadonlyArray<readonly [string, string, string]>): Entry[] =>
  rows.map(([code, zh, en]) => ({ code, zh, en, basis }));

export const codes = (list: readonly { readonly code: string }[]): string[] => list.map((e) => e.code);

/** The eleven hot topics 十一个热点方面 (J01), in the order of the seed. */
export const TOPICS = entries(
  'J01',
  ['inspection', '检查未经审批、重复检查、粗暴检查', 'Inspections without approval, repeated or rough'],
  ['credential', '无证上岗执法', 'Enforcement without a credential'],
  [
    'penalty',
    '处罚依据、程序、罚款指标、罚缴分离',
    'Basis and procedure of penalties, fine targets, separation of payment',
  ],
  ['licence', '行政许可不公开、超时限、违法设定', 'Licences: openness, time limits, unlawful conditions'],
  ['charge', '行政收费无依据、超标准', 'Charges without basis or over the standard'],
  ['compulsion', '行政强制违法或粗暴', 'Unlawful or rough compulsion'],
  ['abuse', '滥用职权、吃拿卡要、谋取私利', 'Abuse of power, extortion, private gain'],
  ['inaction', '不作为、推诿扯皮、刁难', 'Inaction, shifting of responsibility, obstruction'],
  ['livelihood', '民生方面的执法问题', "Enforcement touching people's livelihood"],
  ['economy', '制约经济发展的执法问题', 'Enforcement holding back the economy'],
  ['other', '其他执法问题', 'Other'],
);

/** The seven sources of clues 线索七途径 (J02). A citizen writes by the first two; the others are what officials do. */
export const SOURCES = entries(
  'J02',
  ['report', '受理举报', 'Report received'],
  ['opinion_form', '征求意见表', 'Opinion form'],
  ['reception', '接待上访', 'Petitioner received'],
  ['business_meeting', '企业座谈', 'Meeting with businesses'],
  ['visit', '走访', 'Visit'],
  ['file_review', '抽查案卷', 'Case-file sample'],
  ['inspection_visit', '明察暗访', 'Open or covert check'],
);
export const PUBLIC_SOURCES = ['report', 'opinion_form'];

/** Misconduct 文明执法禁令 (C13): 四难, 四乱 and the rest; used by complaints and by scoring. */
export const MISCONDUCT = entries(
  'C13',
  ['door_hard_to_enter', '门难进', 'Hard to get in'],
  ['face_hard_to_see', '脸难看', 'Unfriendly faces'],
  ['words_hard_to_hear', '话难听', 'Harsh words'],
  ['things_hard_to_do', '事难办', 'Hard to get things done'],
  ['arbitrary_inspection', '乱检查', 'Arbitrary inspection'],
  ['arbitrary_charge', '乱收费', 'Arbitrary charge'],
  ['arbitrary_fine', '乱罚款', 'Arbitrary fine'],
  ['arbitrary_levy', '乱摊派', 'Arbitrary levy'],
  ['penalty_trap', '设置处罚“陷阱”', 'Entrapment into a penalty'],
  ['verbal_conflict', '言语冲突', 'Verbal conflict'],
  ['physical_conflict', '肢体冲突', 'Physical conflict'],
  ['extortion', '吃拿卡要', 'Extortion of favours'],
  ['favour_case', '人情案、关系案', 'Cases decided by favour'],
);

const RULES = '市场监督管理投诉举报处理暂行办法';

/** Grounds for not accepting; each stands in the rules, so none is left to whoever refuses. */
export const REFUSAL_GROUNDS: readonly Entry[] = [
  ...entries(`${RULES}第15条第1项`, [
    'not_competent',
    '不属于本机关职责或无处理权限',
    'Not within this body’s duties or powers',
  ]),
  ...entries(`${RULES}第15条第2项`, ['dealt_with', '已受理或者处理过', 'Already accepted or dealt with elsewhere']),
  ...entries(`${RULES}第15条第3项`, ['no_dispute', '不能证明存在争议', 'No dispute shown']),
  ...entries(`${RULES}第15条第4项`, ['too_late', '超过可投诉期间', 'Brought too late']),
  ...entries(`${RULES}第15条第5项`, ['incomplete', '未提供必要材料', 'Necessary particulars missing']),
  ...entries(`${RULES}第39条`, ['other_channel', '应当通过其他途径提出', 'To be raised through another channel']),
  ...entries(`${RULES}第15条第6项`, ['other_law', '法律、法规、规章规定的其他情形', 'Another case laid down by law']),
];

export const FINDING_RESULTS = ['substantiated', 'partly', 'unsubstantiated'] as const;

/** What the complainant can be told of. */
export const INFORMED_OF = ['acceptance', 'refusal', 'transfer', 'answer'] as const;

export const MEANS = entries(
  'J03',
  ['letter', '书面', 'Letter'],
  ['telephone', '电话', 'Telephone'],
  ['message', '短信', 'Text message'],
  ['email', '电子邮件', 'E-mail'],
  ['in_person', '当面', 'In person'],
  ['platform', '网上平台', 'Online platform'],
);

/** Closing codes 办结方式 (J03, J06). */
export const CLOSINGS = entries(
  'J03、J06',
  ['rectified', '已整改', 'Rectified'],
  ['explained', '已答复说明', 'Answered and explained'],
  ['unsubstantiated', '查无实据', 'Not substantiated'],
  ['referred', '已转责任追究或立案查处', 'Referred to accountability or a case'],
  ['not_accepted', '不予受理', 'Not accepted'],
);
