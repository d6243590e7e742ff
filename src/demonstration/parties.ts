import { isValidIdCard, isValidUscc } from '../law/identifiers';
import type { PartyKind } from '../enforcement/penalty-types';
import { addYears } from '../law/calendar';
import type { LocalDate } from '../kernel/time';
import type { Random } from './random';

/** A party 当事人 nobody has met. */
export interface Party {
  readonly partyId: string;
  readonly partyKind: PartyKind;
  readonly partyName: string;
  readonly partyIdentifier: string;
  readonly legalRepresentative?: string;
  readonly address: string;
  readonly phone: string;
  readonly birthDate?: LocalDate;
}

const surnames = [
  ...'赵钱孙周吴郑冯陈蒋沈韩杨朱秦许何吕施孔曹金魏陶姜谢邹喻苏潘葛范彭郎马苗方俞任袁唐薛雷贺倪汤滕罗郝安常于傅齐康伍余顾孟黄',
];
const compound = ['欧阳', '上官', '司徒', '诸葛'];
const given = [...'安澄川帆歌禾泓佳景凯岚敏宁朋清然舒桐薇熙雅贻舟卓云松柏竹溪梅岩峰浩宇晨曦'];
const brands = [
  '青禾',
  '云舒',
  '长庚',
  '拾光',
  '半山',
  '望川',
  '知味',
  '晴野',
  '听涛',
  '向阳',
  '星河',
  '木棉',
  '初九',
  '归林',
  '百味',
  '锦程',
  '恒岳',
  '广陌',
];
const companies = [
  '食品',
  '商贸',
  '餐饮管理',
  '建设工程',
  '环保科技',
  '物流',
  '网络科技',
  '机械制造',
  '文化传媒',
  '化工',
];
const shops = ['小吃店', '百货商行', '便利店', '果蔬店', '五金店', '烧烤店', '面馆', '汽修店'];

export function personName(random: Random): string {
  const surname = random.next() < 0.05 ? random.pick(compound) : random.pick(surnames);
  return surname + random.pick(given) + (random.next() < 0.6 ? random.pick(given) : '');
}

/** 160 is a prefix no operator has. */
export const phone = (random: Random): string => `160${random.digits(8)}`;

/** A check character is whatever makes the number check, so that there is no second formula of it. */
const withCheck = (body: string, alphabet: string, checks: (text: string) => boolean): string => {
  const check = [...alphabet].find((c) => checks(body + c));
  if (check === undefined) throw new Error(`nothing completes ${body}`);
  return body + check;
};

/** A unified social credit code that checks, in a region that does not exist. `kind`: the two characters it begins with. */
export const uscc = (random: Random, kind: string): string =>
  withCheck(`${kind}990101${random.digits(9)}`, '0123456789ABCDEFGHJKLMNPQRTUWXY', isValidUscc);

/** An identity number that checks and is nobody's: 910099 is no region of the country. */
const idNumber = (random: Random, birthDate: LocalDate): string =>
  withCheck(`910099${birthDate.replaceAll('-', '')}${random.digits(3)}`, '0123456789X', isValidIdCard);

/** A party of a kind. `age` in years on a date, for a natural person. */
export function party(id: string, kind: PartyKind, random: Random, on: LocalDate, age = random.whole(22, 68)): Party {
  const birthDate = addYears(`${on.slice(0, 4)}-${String(random.whole(1, 9)).padStart(2, '0')}-15`, -age);
  const street = `明镜市高新区${random.pick(['云杉', '长风', '清渠', '望岳', '锦屏'])}路${random.whole(1, 399)}号`;
  const base = { partyId: `party-${id}`, partyKind: kind, address: street, phone: phone(random) };
  if (kind === 'natural_person') {
    return { ...base, partyName: personName(random), partyIdentifier: idNumber(random, birthDate), birthDate };
  }
  const brand = random.pick(brands) + random.pick(given);
  const organisation = kind === 'organisation';
  return {
    ...base,
    partyName: organisation
      ? `明镜市${brand}${random.pick(companies)}有限公司`
      : `明镜市高新区${brand}${random.pick(shops)}`,
    partyIdentifier: uscc(random, organisation ? '91' : '92'),
    legalRepresentative: personName(random),
  };
}
