import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calendarHorizon } from '../../src/law/calendar';
import { instrument, parseArticle } from '../../src/law/instruments';
import { allParameters, parameter, parameterVersions, useParameters } from '../../src/law/parameters';

const file = (yaml: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'law-')), 'own.yaml');
  writeFileSync(path, yaml);
  return path;
};

const row = (fields: Record<string, string | number | boolean>): string =>
  `parameters:\n  - ${JSON.stringify({ unit: 'day', dayKind: 'working', basis: '某省规定第1条', validFrom: '2026-01-01', mark: 'K', zh: '某', en: 'own', ...fields })}\n`;

afterEach(() => useParameters());

describe('every figure', () => {
  const all = allParameters();

  test('is there', () => expect(all.length).toBeGreaterThan(180));

  test('cites an article of a known instrument, or a system of the agency', () => {
    const uncited = all.filter(
      ({ basis }) => !/^[A-P]\d\d(、[A-P]\d\d)*$/.test(basis) && !parseArticle(basis)?.known && !instrument(basis),
    );
    expect(uncited.map((p) => `${p.id}: ${p.basis}`)).toEqual([]);
  });

  test('is cited from an instrument that was in force when the figure began', () => {
    const early = all.filter((p) => {
      const cited = instrument(parseArticle(p.basis)?.instrument ?? p.basis);
      return cited && (p.validFrom < cited.validFrom || (cited.validTo && (p.validTo ?? '9999') > cited.validTo));
    });
    expect(early.map((p) => p.id)).toEqual([]);
  });

  test('has no two values on one day', () => {
    for (const { id } of all) {
      const versions = parameterVersions(id);
      versions.slice(1).forEach((next, i) => expect((versions[i].validTo ?? '9999') < next.validFrom).toBe(true));
    }
  });
});

test('every id that the program names is in force today', () => {
  const fields = [...new Set(allParameters().map((p) => p.id.split('.')[0]))].join('|');
  // An error code looks the same, but the failure's detail follows it.
  const literal = new RegExp(`'((?:${fields})\\.[a-z0-9_]+)'(?!,\\s*\\{)`, 'g');
  const used = ['src', 'projections'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(literal)].map((m) => m[1])),
  );
  const inForce = (id: string): boolean => parameterVersions(id).some((p) => p.validTo === undefined);
  expect([...new Set(used)].filter((id) => !inForce(id))).toEqual([]);
});

describe('figures of the law as read', () => {
  test.each([
    ['penalty.decision', '2026-01-05', 90],
    ['penalty.decision_extension', '2026-01-05', 30],
    ['penalty.simple_max_citizen', '2021-07-14', 50],
    ['penalty.simple_max_citizen', '2021-07-15', 200],
    ['penalty.simple_max_organisation', '2026-01-05', 3000],
    ['penalty.late_surcharge_rate', '2026-01-05', 3],
    ['penalty.hearing_threshold_organisation', '2026-01-05', 100000],
    ['disclosure.penalty', '2026-01-05', 7],
    ['disclosure.other', '2026-01-05', 20],
    ['disclosure.credit_period_max', '2026-03-31', 3],
    ['disclosure.credit_period_max', '2026-04-01', 1],
    ['remedies.litigation_apply', '2015-04-30', 3],
    ['accountability.major_demerit', '2026-01-05', 18],
  ])('%s on %s is %d', (id, on, value) => expect(parameter(id, on).value).toBe(value));

  test('a promised limit of two thirds of thirty days is twenty, not less', () => {
    expect(30 * parameter('registry.promised_ratio', '2026-01-05').value).toBe(20);
  });
});

test.each([
  ['penalty.no_such_thing', '2026-01-05'],
  ['penalty.age_none', '1949-10-01'],
])('%s on %s fails by name', (id, on) => expect(() => parameter(id, on)).toThrow(/law.no_parameter/));

describe("an operator's own file", () => {
  test('replaces a local figure from its date on, and keeps the old one before', () => {
    useParameters(
      file(
        row({ id: 'penalty.hearing_threshold_citizen', value: 5000, unit: 'yuan', dayKind: '' }).replace(
          '"dayKind":"",',
          '',
        ),
      ),
    );
    expect(parameter('penalty.hearing_threshold_citizen', '2025-12-31').value).toBe(10000);
    expect(parameter('penalty.hearing_threshold_citizen', '2026-01-01')).toMatchObject({
      value: 5000,
      basis: '某省规定第1条',
    });
  });

  test('adds a figure of its own', () => {
    useParameters(file(row({ id: 'penalty.city_report', value: 3 })));
    expect(parameter('penalty.city_report', '2026-02-01').value).toBe(3);
    useParameters();
    expect(parameterVersions('penalty.city_report')).toEqual([]);
  });

  test('adds a calendar year', () => {
    useParameters(file('calendar:\n  - { year: 2077, basis: 国办发明电, holidays: ["2077-01-01"], workdays: [] }\n'));
    expect(calendarHorizon()).toBe('2077-12-31');
    useParameters();
    expect(calendarHorizon() < '2077').toBe(true);
  });

  test.each([
    ['a figure the law fixes', row({ id: 'penalty.service', value: 30 }), /fixes this figure/],
    [
      'two values on one day',
      row({ id: 'x.y', value: 1 }) + row({ id: 'x.y', value: 2 }).split('\n')[1],
      /in force on one day/,
    ],
    ['a figure without its article', row({ id: 'x.y', value: 1, basis: '' }), /basis is missing/],
    ['days of no kind', row({ id: 'x.y', value: 1, dayKind: 'lunar' }), /dayKind/],
    ['a misspelt field', row({ id: 'x.y', value: 1, validUntil: '2030-01-01' }), /unknown field validUntil/],
    ['a date that is none', row({ id: 'x.y', value: 1, validFrom: '2026-02-30' }), /validFrom/],
    ['an empty file', '', /empty/],
  ])('is refused with %s, and nothing changes', (_, yaml, message) => {
    const before = allParameters();
    expect(() => useParameters(file(yaml))).toThrow(message);
    expect(allParameters()).toEqual(before);
  });
});
