import { findPersonalData, hidePartyData } from '../../src/disclosure/redaction';
import type { PartyKind } from '../../src/disclosure/notice-events';

const found = (facts: string, party: PartyKind = 'organisation'): string[] =>
  findPersonalData({ facts }, party).map((f) => f.datum.code);

describe('内蒙古办法 10, I08: what is never published', () => {
  it.each([
    ['id_number', '身份证11010519491231002X'],
    ['id_number', '身份证号码为11010519491231002x，已核实'],
    ['id_number', '旧证110105491231002'],
    ['id_number', '号码写错一位110105194912310021'],
    ['phone', '电话13800000000'],
    ['phone', '电话138-0000-0000'],
    ['phone', '电话+86 13800000000'],
    ['phone', '固话0000-12345678'],
    ['contact', '邮箱zhangsan@mingjing.example'],
    ['contact', '微信号：zhangsan_01'],
    ['bank_account', '开户行账号：1234 5678 9012'],
    ['bank_card', '付款至4111111111111111'],
    ['property_title', '明镜不动产权第0012345号不动产权证书0012345'],
    ['finances', '其银行存款30万元'],
    ['home_address', '家住镜湖路8号'],
    ['home_address', '住址：明镜市镜湖路8号'],
  ])('finds %s', (code, text) => expect(found(text)).toContain(code));

  it.each([
    '统一社会信用代码91350100M000100Y43',
    '统一社会信用代码112305000017553098',
    '文书号明城罚〔2026〕第0001234号',
    '2026年3月10日10时30分，罚款12345.67元',
    '证号110105********002X，电话138****0000',
    '食品经营许可证JY13301050012345',
    '经营地址：明镜市镜湖路8号',
    '快递单号1234567890123456',
  ])('leaves alone: %s', (text) => expect(found(text)).toEqual([]));

  it('an address down to the flat is a home in a notice about a person, and premises in one about a firm', () => {
    const text = '在镜湖小区3栋2单元501室检查';
    expect(found(text, 'natural_person')).toEqual(['dwelling']);
    expect(found(text, 'organisation')).toEqual([]);
  });

  it('names every field and kind once', () =>
    expect(
      findPersonalData(
        { facts: '电话13800000000、13900000000', content: '卡号622202000000000', fine: 3 },
        'organisation',
      ).map((f) => [f.field, f.datum.code]),
    ).toEqual([
      ['facts', 'phone'],
      ['content', 'bank_account'],
    ]));
});

describe('内蒙古办法 10: what a case knows of its party is hidden in what is shown', () => {
  const party = {
    partyName: '张建国',
    partyIdentifier: '11010519491231002X',
    phone: '13800000000',
    address: '明镜市高新区云杉路8号3栋501室',
  };

  it.each([
    ['张建国与张 建国', '张某某与张某某'],
    ['证号11010519491231002x', '证号110*************2X'],
    ['电话138-0000 0000', '电话138****0000'],
    ['在明镜市高新区云杉路8号3栋501室查获', '在明镜市高新区某处查获'],
    ['编号9138000000001', '编号9138000000001'],
    ['李四在云杉路占道', '李四在云杉路占道'],
  ])('%s', (text, shown) => expect(hidePartyData(text, party)).toBe(shown));

  it('what is not known, or too short to be told from other words, hides nothing', () => {
    expect(hidePartyData('罚款12345元，张某', {})).toBe('罚款12345元，张某');
    expect(hidePartyData('罚款12345元，张某', { phone: '12345', partyName: '张', address: '明镜市' })).toBe(
      '罚款12345元，张某',
    );
  });
});
