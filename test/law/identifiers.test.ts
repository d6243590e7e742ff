import fc from 'fast-check';
import { validateSync } from 'class-validator';
import {
  IsIdCard,
  IsUscc,
  isValidIdCard,
  isValidUscc,
  maskAddress,
  maskIdentifier,
  maskPersonName,
  maskPhone,
  publicPartyName,
} from '../../src/law/identifiers';

describe('unified social credit code (GB 32100)', () => {
  const good = ['91230500MA1B3N1N2M', '11230500001755309F', '91350100M000100Y43', '91440300708461136T'];
  test.each(good)('%s', (code) => expect(isValidUscc(code)).toBe(true));
  test.each(['91110000100000462T', '91350100m000100y43', '91350100M000100Y4', '91350100I000100Y43', ''])(
    '%p is refused',
    (code) => expect(isValidUscc(code)).toBe(false),
  );

  test('one mistyped character is always found', () => {
    const alphabet = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'];
    fc.assert(
      fc.property(fc.constantFrom(...good), fc.nat(17), fc.constantFrom(...alphabet), (code, at, character) => {
        fc.pre(code[at] !== character);
        expect(isValidUscc(code.slice(0, at) + character + code.slice(at + 1))).toBe(false);
      }),
    );
  });
});

describe('citizen identity number (GB 11643)', () => {
  test.each(['11010519491231002X', '440524188001010014'])('%s', (number) => expect(isValidIdCard(number)).toBe(true));
  test.each([
    ['wrong check digit', '110105194912310021'],
    ['30 February', '110105194902300028'],
    ['no such province', '990105194912310021'],
    ['fifteen digits', '130503670401001'],
    ['lower-case x', '11010519491231002x'],
  ])('%s', (_, number) => expect(isValidIdCard(number)).toBe(false));
});

test('a command says in both languages what is wrong', () => {
  class Party {
    @IsUscc() code = '91110000100000462T';
    @IsIdCard() number = '1';
  }
  const messages = validateSync(new Party()).flatMap((e) => Object.values(e.constraints ?? {}));
  expect(messages).toHaveLength(2);
  expect(messages[0]).toMatch(/统一社会信用代码.*unified social credit code/);
});

describe('masks', () => {
  test.each([
    ['张三', '张某'],
    ['李小明', '李某某'],
    ['欧阳明', '欧阳某'],
    ['司马相如', '司马某某'],
    ['欧阳', '欧某'],
    ['王某某', '王某某'],
    ['姜○○', '姜○○'],
    ['陳大文', '陳某某'],
    ['阿卜杜拉·买买提', '阿某某'],
    ['John Smith', 'J*** S***'],
    ['  张三 ', '张某'],
    ['', ''],
  ])('name %s → %s', (name, shown) => expect(maskPersonName(name)).toBe(shown));

  test.each([
    ['明镜省明镜市镜湖区人民路1号3栋201室', '明镜省明镜市镜湖区'],
    ['明镜市城东区某某街道12号', '明镜市城东区'],
    ['明镜省清水县水口镇三村', '明镜省清水县'],
    ['北京市朝阳区建国路88号', '北京市朝阳区'],
    ['内蒙古自治区呼和浩特市新城区中山路5号', '内蒙古自治区呼和浩特市新城区'],
    ['明镜市人民路小区3号', '明镜市'],
    ['明镜市玉兰小区3号', '明镜市'],
    ['臺北市中正區重慶南路一段122號', '臺北市中正區'],
    ['人民路1号', ''],
  ])('address %s → %s', (address, shown) => expect(maskAddress(address)).toBe(shown));

  test('identifiers and telephones', () => {
    expect(maskIdentifier('11010519491231002X')).toBe('110*************2X');
    expect(maskIdentifier('1234567')).toBe('*******');
    expect(maskPhone('138 0013 8000')).toBe('138****8000');
    expect(maskPhone('1234567')).toBe('*******');
  });

  test('an organisation is named in full, a person is not', () => {
    expect(publicPartyName('organisation', '明镜市清泉食品有限公司')).toBe('明镜市清泉食品有限公司');
    expect(publicPartyName('individual_business', '城东区老王面馆')).toBe('城东区老王面馆');
    expect(publicPartyName('natural_person', '王小二')).toBe('王某某');
  });

  test('a mask keeps no given name and masking twice changes nothing', () => {
    const han = fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((c) => String.fromCodePoint(c));
    fc.assert(
      fc.property(fc.array(han, { minLength: 2, maxLength: 4 }), (characters) => {
        const name = characters.join('');
        fc.pre(!/某/.test(name));
        const masked = maskPersonName(name);
        expect(masked).not.toContain(characters.slice(-1)[0] + characters.slice(-2)[0]);
        expect(masked.endsWith('某')).toBe(true);
        expect(maskPersonName(masked)).toBe(masked);
      }),
    );
  });
});
