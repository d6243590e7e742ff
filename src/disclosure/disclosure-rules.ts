import type { Bilingual } from '../kernel/errors';
import { isValidIdCard, isValidUscc } from '../law/identifiers';

// What is never published, and what is not published at all. Each row cites its article; the local rule of 内蒙古 is the only
// text that lists them one by one, and stands for the general duty in 行政处罚法 50 and 政府信息公开条例 14, 15 and 37.

/** Why a decision is not published (I08). */
export interface WithholdingGround extends Bilingual {
  readonly code: string;
  readonly basis: string;
}

const article11 = '内蒙古自治区行政执法公示执法全过程记录重大执法决定法制审核办法第11条';

export const withholdingGrounds = [
  { code: 'minor', zh: '当事人属于未成年人', en: 'the party is a minor', basis: `${article11}第1项` },
  { code: 'state_secret', zh: '涉及国家秘密', en: 'a state secret', basis: `I08、${article11}第2项` },
  { code: 'trade_secret', zh: '涉及商业秘密', en: 'a trade secret', basis: `I08、行政处罚法第50条、${article11}第2项` },
  { code: 'privacy', zh: '涉及个人隐私', en: 'personal privacy', basis: `I08、行政处罚法第50条、${article11}第2项` },
  {
    code: 'security',
    zh: '公开后可能影响国家安全、公共安全、经济安全或者社会稳定',
    en: 'security or social stability',
    basis: `${article11}第3项`,
  },
  {
    code: 'related_case',
    zh: '公开后可能影响相关其他案件调查处理',
    en: 'would harm the inquiry of a related case',
    basis: `${article11}第4项`,
  },
  { code: 'suspected_crime', zh: '案件涉嫌犯罪', en: 'a suspected crime', basis: `${article11}第5项` },
  { code: 'other_law', zh: '法律、法规、规章规定不予公开', en: 'another law forbids it', basis: `${article11}第6项` },
  {
    code: 'decision_fallen',
    zh: '决定在公示前已被变更、撤销、确认违法或者无效',
    en: 'the decision was changed, revoked or found unlawful or void before it was published',
    basis: '行政处罚法第48条第2款',
  },
] as const satisfies readonly WithholdingGround[];

export type WithholdingCode = (typeof withholdingGrounds)[number]['code'];

/** A kind of personal or property data that a published text may not hold, and how it is recognised. */
export interface ForbiddenDatum extends Bilingual {
  readonly code: string;
  readonly basis: string;
  readonly pattern: RegExp;
  /** Of what the pattern finds, what counts; everything, when absent. */
  readonly counts?: (found: string) => boolean;
  /** Only in notices about natural persons: a firm's premises are no home. */
  readonly onlyNaturalPersons?: boolean;
}

const article10 = '内蒙古自治区行政执法公示执法全过程记录重大执法决定法制审核办法第10条';

const looksLikeBirthDate = (yyyymmdd: string): boolean =>
  /^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(yyyymmdd);

const isIdNumber = (n: string): boolean => {
  const number = n.toUpperCase();
  if (number.length === 15) return looksLikeBirthDate(`19${number.slice(6, 12)}`);
  return isValidIdCard(number) || (looksLikeBirthDate(number.slice(6, 14)) && !isValidUscc(number));
};

/** Payment cards carry a Luhn check digit; an account number without one is found by the word before it. */
function passesLuhn(text: string): boolean {
  const digits = [...text.replace(/\D/g, '')].reverse().map(Number);
  const sum = digits.reduce((total, d, i) => total + (i % 2 === 0 ? d : d * 2 > 9 ? d * 2 - 9 : d * 2), 0);
  return sum % 10 === 0;
}

/** The more specific first: a text is reported once for each kind. */
export const forbiddenData: readonly ForbiddenDatum[] = [
  {
    code: 'id_number',
    zh: '身份证号',
    en: 'an identity number',
    basis: article10,
    pattern: /(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])/g,
    counts: isIdNumber,
  },
  {
    code: 'phone',
    zh: '电话号码',
    en: 'a telephone number',
    basis: article10,
    pattern: /(?<![0-9A-Za-z])(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]\d{7,8})(?![0-9A-Za-z])/g,
  },
  {
    code: 'contact',
    zh: '电子邮箱、微信、QQ 等通讯方式',
    en: 'an e-mail or messenger address',
    basis: article10,
    pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:微信号?|QQ号?)\s*[:：为]?\s*[A-Za-z0-9_-]{5,}/gi,
  },
  {
    code: 'bank_account',
    zh: '银行账号',
    en: 'a bank account number',
    basis: article10,
    pattern: /(?:账号|帐号|账户|帐户|卡号)\s*[:：为是]?\s*\d(?:[ -]?\d){8,}/g,
  },
  {
    code: 'bank_card',
    zh: '银行卡号',
    en: 'a payment card number',
    basis: article10,
    pattern: /(?<![0-9A-Za-z])\d(?:[ -]?\d){15,18}(?![0-9A-Za-z])/g,
    counts: passesLuhn,
  },
  {
    code: 'property_title',
    zh: '动产或不动产权属证书编号',
    en: 'the number of a title to property',
    basis: article10,
    pattern: /(?:不动产权|房权证|房产证|产权证|土地使用证|机动车登记证书)[^，。；\n]{0,24}?\d{4,}/g,
  },
  {
    code: 'finances',
    zh: '财产状况',
    en: 'somebody’s financial position',
    basis: article10,
    pattern: /(?:存款|账户余额|银行余额|月收入|年收入|家庭财产)[^，。；\n]{0,10}?\d/g,
  },
  {
    code: 'home_address',
    zh: '家庭住址',
    en: 'a home address',
    basis: article10,
    pattern: /(?:家庭住址|住址|现住|户籍地址?|户籍所在地|居住地|居住于|家住)\s*[:：为是在]?\s*[\p{Script=Han}\d]{2,}/gu,
  },
  {
    code: 'dwelling',
    zh: '精确到单元、门牌的住址',
    en: 'an address down to the dwelling',
    basis: article10,
    pattern: /\d+\s*(?:号楼|栋|幢|单元)[\p{Script=Han}\d\s-]*?\d+\s*(?:室|号|单元)/gu,
    onlyNaturalPersons: true,
  },
];
