import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import { matchViolations, readCitations } from '../../src/importing/articles';
import { readDate } from '../../src/importing/dates';
import { Occurrences } from '../../src/importing/occurrences';
import { loadProfile } from '../../src/importing/profile';
import { RecordCutter, type CsvRecord } from '../../src/importing/records';
import { Failure } from '../../src/kernel/errors';

describe('dates', () => {
  test.each([
    ['105/07/29', '2016-07-29'],
    ['104/5/11', '2015-05-11'],
    ['104/03/23.', '2015-03-23'],
    [' 105/02/29 ', '2016-02-29'],
    ['1050729', '2016-07-29'],
    ['民國99年1月2日', '2010-01-02'],
    ['2016-07-29', '2016-07-29'],
  ])('%s is %s', (cell, date) => {
    expect(readDate(cell, ['roc-slash', 'roc-compact', 'roc-han', 'iso'])).toBe(date);
  });

  test.each([
    '',
    '104/02/29',
    '105/13/01',
    '105/00/10',
    '0108-10-24',
    '適用勞基法第80-1條',
    '2016/7',
    '105/07/29 105/07/30',
  ])('“%s” is no date', (cell) =>
    expect(readDate(cell, ['roc-slash', 'roc-compact', 'roc-han', 'iso'])).toBeUndefined(),
  );
});

describe('citations', () => {
  const rules = { instrument: '勞動基準法', instruments: { 勞基法: '勞動基準法' }, ignore: ['違反', '規定', '及'] };
  const texts = (cell: string) => readCitations(cell, rules).articles.map((a) => a.text.replace('勞動基準法', ''));

  test.each([
    ['勞動基準法第24條;勞動基準法第32條第1項；', ['第24條', '第32條第1項']],
    ['勞動基準法第36條勞動基準法第24條', ['第36條', '第24條']],
    ['勞動基準法第30條第5項。勞動基準法第32條第1項。', ['第30條第5項', '第32條第1項']],
    ['勞動基準法第16條第3項 第22條第2項', ['第16條第3項', '第22條第2項']],
    ['勞動基準法第21條第1項及;勞動基準法30條第1項', ['第21條第1項', '第30條第1項']],
    ['勞動基準法第32條第1項;第2項;勞動基準法第38條規定', ['第32條第1項', '第32條第2項', '第38條']],
    ['勞動基準法第24條勞動基準法;第30條第5項', ['第24條', '第30條第5項']],
    ['勞基法第59條第1項第2款、第80-1條', ['第59條第1項第2款', '第80條之1']],
    ['第80條之1', ['第80條之1']],
    ['勞動基準法第59條第1項第1款第2款', ['第59條第1項第1款', '第59條第1項第2款']],
    ['勞動基準法第59條第1項第1款;第2款;第2項', ['第59條第1項第1款', '第59條第1項第2款', '第59條第2項']],
    ['勞動基準法第14條第6款', ['第14條第6款']],
    ['第三十二条第一款第二项、第一百〇五条', ['第32条第1款第2项', '第105条']],
    ['', []],
  ])('%s', (cell, expected) => {
    expect(texts(cell)).toEqual(expected);
    expect(readCitations(cell, rules).unread).toBe('');
  });

  test.each(['勞動基準法', '詳如附件', '勞動基準法第24條(詳附件)', '第2項'])('“%s” is not silently dropped', (cell) => {
    const { articles, unread } = readCitations(cell, rules);
    expect(articles.length === 0 || unread !== '').toBe(true);
  });

  test('violations are matched one to one, or not at all', () => {
    const matched = readCitations('勞動基準法第24條;第36條', rules).articles;
    matchViolations(matched, '未加給工資。;未予例假。', [';；', ';；。']);
    expect(matched.map((a) => a.violation)).toEqual(['未加給工資', '未予例假']);

    const byStops = readCitations('勞動基準法第24條;第36條', rules).articles;
    matchViolations(byStops, '未加給工資。未予例假。', [';；', ';；。']);
    expect(byStops.map((a) => a.violation)).toEqual(['未加給工資', '未予例假']);

    const unequal = readCitations('勞動基準法第24條', rules).articles;
    matchViolations(unequal, '未加給工資;未予例假', [';；', ';；。']);
    expect(unequal[0].violation).toBeUndefined();
  });
});

describe('records', () => {
  const cut = (text: string, columns: number, piece = text.length): CsvRecord[] => {
    const cutter = new RecordCutter(',', columns);
    const records: CsvRecord[] = [];
    for (let i = 0; i < text.length; i += piece) records.push(...cutter.push(text.slice(i, i + piece)));
    return [...records, ...cutter.end()];
  };
  const brief = (records: CsvRecord[]) =>
    records.map((r) => ('problem' in r ? `${r.line}: ${r.problem}` : `${r.line}: ${r.cells.join('|')}`));

  test('quotes, quoted line breaks and both line ends', () => {
    expect(brief(cut('a,"b,c"\r\n"d\ne","f ""g"""\n\nh,i', 2))).toEqual(['1: a|b,c', '2: d\ne|f "g"', '5: h|i']);
  });

  test('a quote that is never closed costs its own line only', () => {
    expect(brief(cut('a,"b\nc,d\ne,f\n', 2))).toEqual(['1: quote_broken', '2: c|d', '3: e|f']);
  });

  test('two broken quotes do not swallow the lines between them', () => {
    expect(brief(cut('"a,b\nc,d\ne,f\n"g,h\ni,j\n', 2))).toEqual([
      '1: quote_broken',
      '2: c|d',
      '3: e|f',
      '4: quote_broken',
      '5: i|j',
    ]);
  });

  test('a quote amid a cell and a wrong number of cells are told apart', () => {
    expect(brief(cut('a "b" c,d\na\n,,\n', 2))).toEqual(['1: quote_broken', '2: columns_wrong', '3: columns_wrong']);
  });

  test('a line of ten million characters is one reject, and is not kept', () => {
    const [first, second] = cut(`${'x'.repeat(10_000_000)},b\nc,d\n`, 2, 65_536);
    expect(first).toMatchObject({ line: 1, problem: 'record_too_long' });
    expect('text' in first && first.text.length).toBeLessThan(1000);
    expect(second).toEqual({ line: 2, cells: ['c', 'd'] });
  });

  test('whatever is written as CSV is read back the same, however it is cut into pieces', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '勞', '"', ',', '\n', ' ', '；'), maxLength: 8 });
    const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 8 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 40 }), (cells, piece) => {
        const records = cut(stringify(cells, { quoted: true }), 3, piece);
        expect(records.map((r) => ('cells' in r ? r.cells : r))).toEqual(cells);
      }),
    );
  });
});

test('equal rows are counted, many different ones are told apart', () => {
  const seen = new Occurrences();
  const digest = (i: number) => i.toString(16).padStart(12, '0').padEnd(32, 'f');
  for (let i = 0; i < 20_000; i++) expect(seen.count(digest(i))).toBe(1);
  expect(seen.count(digest(7))).toBe(2);
  expect(seen.count(digest(7))).toBe(3);
  expect(seen.count(digest(8))).toBe(2);
});

describe('profiles', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-profiles-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const failure = (text: string): Failure => {
    const path = join(directory, 'p.yaml');
    writeFileSync(path, text);
    try {
      loadProfile(path);
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
    throw new Error('the profile was accepted');
  };

  const GOOD = [
    'family: f',
    'name: n',
    'encoding: utf-8',
    'jurisdiction: 明镜市',
    'columns: { 文号: documentNumber, 日期: decidedOn, 当事人: partyName, 条款: articles }',
    'dates: [iso]',
    'articles: { instrument: 勞動基準法 }',
    "party: [{ match: '公司$', kind: organisation }]",
  ];
  const but = (n: number, line: string): string => GOOD.map((l, i) => (i === n ? line : l)).join('\n');

  test.each(['taipei-labour.cp950', 'taipei-labour.utf8', 'taoyuan-labour'])('%s comes with the program', (name) => {
    expect(loadProfile(name).columns.size).toBe(8);
  });

  test('the encodings of one list share the family, so that a row is one act', () => {
    expect(loadProfile('taipei-labour.cp950').family).toBe(loadProfile('taipei-labour.utf8').family);
  });

  test.each([
    ['an unknown key', but(1, 'title: n'), 'p.yaml:2 title'],
    ['an unknown encoding', but(2, 'encoding: klingon'), 'p.yaml:3 encoding'],
    ['an unknown date form', but(5, 'dates: [iso, roc]'), 'p.yaml:6 dates.2'],
    ['a broken pattern', but(7, "party: [{ match: '(', kind: organisation }]"), 'p.yaml:8 party.1.match'],
    ['an unknown kind', but(7, "party: [{ match: 'x', kind: people }]"), 'p.yaml:8 party.1.kind'],
    ['a key left empty', but(3, 'jurisdiction:'), 'p.yaml:4 jurisdiction'],
    ['a missing column', but(4, 'columns: { 文号: documentNumber }'), 'p.yaml:5 columns'],
    ['no YAML at all', 'a: [', 'p.yaml:1'],
    ['an empty file', '', 'p.yaml:1'],
  ])('%s is told with its line', (_name, text, place) => {
    const { code, detail } = failure(text);
    expect(code).toBe('profile.invalid');
    expect(detail.en).toContain(place);
    expect(detail.zh).toContain(place.split(' ')[0]);
  });

  test('a profile that is not there', () => {
    expect(() => loadProfile('no-such-list')).toThrow('profile.not_found');
  });
});
