import { allInstruments, instrument, isPenaltyBasis, parseArticle } from '../../src/law/instruments';
import { band } from '../../src/law/discretion';
import {
  heaviestKind,
  isGravePenalty,
  isSimplePenalty,
  marketPublicity,
  penaltyKinds,
  triggersHearing,
} from '../../src/law/penalty-kinds';

const ON = '2026-05-06';
const fine = (amountYuan: number) => [{ kind: 'fine', amountYuan }];

describe('discretion bands (市场监管裁量指导意见 10; F01)', () => {
  test.each([
    ['minor', 5000, 20000],
    ['general', 20000, 40000],
    ['serious', 40000, 55000],
    ['grave', 40000, 55000],
  ] as const)('%s', (level, from, to) => expect(band(level, 5000, 55000, ON)).toMatchObject({ from, to }));

  test('a range upside down is refused', () => expect(() => band('minor', 10, 5, ON)).toThrow(/law.bad_range/));
});

describe('kinds of penalty (行政处罚法 9)', () => {
  test('all six items are there', () => {
    expect(new Set(penaltyKinds.map((k) => k.item))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
  });

  test('a decision of several kinds counts under the heaviest', () => {
    expect(heaviestKind([{ kind: 'fine' }, { kind: 'revoke_licence' }, { kind: 'warning' }])?.id).toBe(
      'revoke_licence',
    );
    expect(heaviestKind([{ kind: 'other' }, { kind: 'warning' }])?.id).toBe('warning');
    expect(heaviestKind([])).toBeUndefined();
  });

  test.each([
    ['a person at the threshold', fine(10_000), 'natural_person', true],
    ['a person below it', fine(9_999.99), 'natural_person', false],
    ['a one-person business as its owner', fine(10_000), 'individual_business', true],
    ['a company below its own', fine(99_999), 'organisation', false],
    [
      'gains and goods together',
      [
        { kind: 'confiscate_gains', amountYuan: 60_000 },
        { kind: 'confiscate_property', amountYuan: 40_000 },
      ],
      'organisation',
      true,
    ],
    ['an order to close', [{ kind: 'close_business' }], 'organisation', true],
    ['a warning', [{ kind: 'warning' }], 'natural_person', false],
  ] as const)('hearing (行政处罚法 63): %s', (_, penalties, party, expected) => {
    expect(triggersHearing(penalties, party, ON)).toBe(expected);
    expect(isGravePenalty(penalties, party, ON)).toBe(expected);
  });

  test('a restriction of business is a graver penalty, so that a hearing is offered (63 (5))', () => {
    expect(triggersHearing([{ kind: 'restrict_business' }], 'organisation', ON)).toBe(true);
    expect(isGravePenalty([{ kind: 'restrict_business' }], 'organisation', ON)).toBe(true);
  });

  test.each([
    ['a person, 200 yuan', fine(200), 'natural_person', true],
    ['a person, 201 yuan', fine(201), 'natural_person', false],
    ['a company, 3,000 yuan and a warning', [...fine(3000), { kind: 'warning' }], 'organisation', true],
    ['confiscation', [{ kind: 'confiscate_gains', amountYuan: 1 }], 'organisation', false],
    ['nothing', [], 'organisation', false],
  ] as const)('simple procedure (行政处罚法 51): %s', (_, penalties, party, expected) => {
    expect(isSimplePenalty(penalties, party, ON)).toBe(expected);
  });

  test('what the credit publicity system shows, and for how long (45号令 2, 13, 14)', () => {
    expect(marketPublicity([{ kind: 'warning' }], 'organisation', ON).shown).toBe(false);
    expect(marketPublicity(fine(2000), 'organisation', ON).period).toBe('disclosure.market_period_short');
    expect(marketPublicity(fine(50_000), 'organisation', ON).period).toBe('disclosure.market_period');
    expect(marketPublicity([{ kind: 'restrict_employment' }], 'natural_person', ON)).toEqual({
      shown: true,
      period: 'disclosure.market_period',
      untilRestrictionEnds: true,
      mayStopEarly: false,
    });
  });
});

describe('instruments and citations (B11, G01)', () => {
  test('a penalty rests on laws, regulations and rules, not on other documents', () => {
    expect(isPenaltyBasis('law')).toBe(true);
    expect(isPenaltyBasis('local_rule')).toBe(true);
    expect(isPenaltyBasis('normative_document')).toBe(false);
    expect(instrument('国办发〔2018〕118号')?.rank).toBe('normative_document');
  });

  test('a law is found by its short, full and quoted name', () => {
    for (const name of ['行政处罚法', '中华人民共和国行政处罚法', '《中华人民共和国行政处罚法》', '处罚法']) {
      expect(instrument(name)?.id).toBe('行政处罚法');
    }
    expect(instrument('某某法')).toBeUndefined();
  });

  test('every instrument is dated', () => {
    for (const i of allInstruments()) expect(i.validFrom < (i.validTo ?? '9999')).toBe(true);
  });

  test.each([
    ['行政处罚法第57条第1款', { instrument: '行政处罚法', known: true, article: 57, paragraph: 1 }],
    [
      '《中华人民共和国行政处罚法》第五十七条第一款第（三）项',
      { instrument: '行政处罚法', known: true, article: 57, paragraph: 1, item: 3 },
    ],
    ['行政诉讼法第一百零三条', { instrument: '行政诉讼法', known: true, article: 103 }],
    ['行政处罚法 60', { instrument: '行政处罚法', known: true, article: 60 }],
    ['行政处罚法48(2)', { instrument: '行政处罚法', known: true, article: 48, paragraph: 2 }],
    ['明镜市市容条例第12条之一', { instrument: '明镜市市容条例', known: false, article: 12, inserted: 1 }],
  ])('%s', (text, expected) => expect(parseArticle(text)).toEqual(expected));

  test.each(['', '行政处罚法', 'A07', '第5条', '行政处罚法第零条'])('%p names no article', (text) =>
    expect(parseArticle(text)).toBeUndefined(),
  );
});
