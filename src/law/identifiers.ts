import { isIdentityCard, registerDecorator, type ValidationOptions } from 'class-validator';

/** Identifiers of parties and officers, and how each is shown where the person's own data may not be. */

const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'; // without I, O, S, V, Z
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const USCC = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/;

/** Whether the text is a unified social credit code 统一社会信用代码 with the right check character (GB 32100). */
export function isValidUscc(code: string): boolean {
  if (!USCC.test(code)) return false;
  const sum = USCC_WEIGHTS.reduce((total, weight, i) => total + weight * USCC_ALPHABET.indexOf(code[i]), 0);
  return code[17] === USCC_ALPHABET[(31 - (sum % 31)) % 31];
}

/** Whether the text is an 18-digit identity number 公民身份号码: region, a real date of birth, check digit (GB 11643). */
export function isValidIdCard(number: string): boolean {
  return /^\d{17}[\dX]$/.test(number) && isIdentityCard(number, 'zh-CN');
}

/** Those in use today. A rare one that is also a surname with a given name is left out: better one character too few. */
const COMPOUND_SURNAMES = new Set(
  (
    '欧阳 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 ' +
    '司空 闾丘 亓官 司寇 巫马 公西 颛孙 壤驷 漆雕 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 左丘 西门 第五 即墨 达奚 褚师 ' +
    '歐陽 司馬 東方 獨孤 南宮 諸葛 尉遲 赫連 澹臺 濮陽 長孫 鮮于 鍾離 閭丘 軒轅 東郭 司徒'
  ).split(' '),
);
/** Parts of a name in another script that are shown; whatever was entered, its public form stays a line. */
const MAX_NAME_PARTS = 12;
const ALREADY_MASKED = /[某○〇Ｏ*＊×□●]/;
const HAN = /^\p{Script=Han}/u;

/**
 * A natural person's name as it may be published: 张三 → 张某, 李小明 → 李某某, 欧阳明 → 欧阳某. The names of other peoples keep
 * their first character, names in other scripts the initial of each part. A name that is masked already (姜○○) stays.
 */
export function maskPersonName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || ALREADY_MASKED.test(trimmed)) return trimmed;
  const characters = [...trimmed];
  if (!HAN.test(trimmed)) {
    return trimmed
      .split(/[\s·・.]+/)
      .filter(Boolean)
      .slice(0, MAX_NAME_PARTS)
      .map((part) => `${[...part][0]}***`)
      .join(' ');
  }
  if (/[·・•]/.test(trimmed)) return `${characters[0]}某某`;
  const compound = characters.length > 2 && COMPOUND_SURNAMES.has(characters.slice(0, 2).join(''));
  const surname = characters.slice(0, compound ? 2 : 1).join('');
  return surname + (characters.length - (compound ? 2 : 1) > 1 ? '某某' : '某');
}

/** The first three and the last two characters; nothing of an identifier that is too short to hide the rest. */
export function maskIdentifier(identifier: string): string {
  const characters = [...identifier.trim()];
  if (characters.length < 8) return '*'.repeat(characters.length);
  return [...characters.slice(0, 3), '*'.repeat(characters.length - 5), ...characters.slice(-2)].join('');
}

/** A telephone number with three digits in front and four at the end; nothing of a short number. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  if (digits.length < 10) return '*'.repeat(digits.length);
  return digits.slice(0, 3) + '*'.repeat(digits.length - 7) + digits.slice(-4);
}

// Parts before the district may not run past a sign of a street or a building; 小区, 社区 and the like are not districts.
const PART = '[^\\d省市区區县縣旗路街巷道弄号號楼樓室村镇鎮乡鄉]';
const ADDRESS = new RegExp(
  `^(?:${PART}{2,10}?(?:省|自治区|特别行政区))?(?:${PART}{1,12}?(?:市|自治州|地区|盟))?` +
    `(?:${PART}{1,12}?(?:(?<![小社园校厂矿厝])[区區]|自治县|[县縣]|旗|市))?`,
);

/** An address down to the district or county 区县 and nothing below; empty when it names none. */
export function maskAddress(address: string): string {
  return ADDRESS.exec(address.trim())?.[0] ?? '';
}

export type PartyNameKind = 'natural_person' | 'organisation' | 'individual_business';

/** The party's name as a public notice shows it: a natural person masked, an organisation or business by its registered name. */
export function publicPartyName(kind: PartyNameKind, name: string): string {
  return kind === 'natural_person' ? maskPersonName(name) : name.trim();
}

function validator(name: string, holds: (value: string) => boolean, message: string) {
  return (options?: ValidationOptions): PropertyDecorator =>
    (target, property) =>
      registerDecorator({
        name,
        target: target.constructor,
        propertyName: String(property),
        options: { message, ...options },
        validator: { validate: (value: unknown) => typeof value === 'string' && holds(value) },
      });
}

/** The field is a unified social credit code (GB 32100). */
export const IsUscc = validator(
  'isUscc',
  isValidUscc,
  '统一社会信用代码不正确（GB 32100）| not a valid unified social credit code (GB 32100)',
);

/** The field is a citizen identity number (GB 11643). */
export const IsIdCard = validator(
  'isIdCard',
  isValidIdCard,
  '公民身份号码不正确（GB 11643）| not a valid citizen identity number (GB 11643)',
);
