import { copyFileSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { importFile, type ImportSummary } from '../../src/importing/import-file';
import { Running } from '../end-to-end/running';
import { haveRealFiles, TAIPEI_CP950, TAOYUAN } from '../import/import-ledger';
import { describeInBrowser, launchBrowser, type TestBrowser } from './browser';

const title = 'both real files, imported and looked at in a browser';
const suite = haveRealFiles
  ? describeInBrowser
  : (name: string, tests: () => void) =>
      describe.skip(`${name}: skipped, ../shared/data or MINGJING_SHARED does not hold them`, tests);

suite(title, () => {
  const server = new Running();
  let browser: TestBrowser;
  const summaries: ImportSummary[] = [];

  beforeAll(async () => {
    server.now = '2026-11-20T02:00:00.000Z';
    await server.start();
    for (const [file, profile] of [
      [TAIPEI_CP950, 'taipei-labour.cp950'],
      [TAOYUAN, 'taoyuan-labour'],
    ]) {
      const copy = join(server.directory, basename(file));
      copyFileSync(file, copy);
      summaries.push(await importFile({ file: copy, profile, commands: server.mingjing.commands }));
    }
    await server.account('inspector', { roles: ['supervisor'] });
    await server.settle();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server.stop();
    server.erase();
  });

  it('every row is a notice or a reject with line and reason', async () => {
    expect(summaries.map(({ rows, imported, rejected }) => ({ rows, imported, rejected }))).toEqual([
      { rows: 2969, imported: 2969, rejected: 0 },
      { rows: 1763, imported: 1757, rejected: 6 },
    ]);
    const rejects = readFileSync(summaries[1].rejectsFile, 'utf8').trim().split('\n').slice(1);
    expect(rejects).toHaveLength(6);
    const { rows } = server.mingjing;
    expect(await rows.readModel.count('public-notices', 'notice', { where: { public: 1 } })).toBe(2969 + 1757);
  });

  it('the product’s own statistics page says 16 to 476 days, median 67, 2,961 of 2,969 over 20', async () => {
    const page = await (await browser.context({ javaScriptEnabled: false })).newPage();
    await page.goto(`${server.url}/statistics`);
    const text = await page.locator('main').innerText();
    for (const figure of ['2,969', '16', '67', '476', '2,961']) expect(text).toContain(figure);
    expect(await server.read('/api/statistics/publication-lag')).toMatchObject({
      notices: 2969,
      min: 16,
      median: 67,
      max: 476,
      overLimit: 2961,
    });
  });

  it('the 54 reconsideration outcomes stand on their cases', async () => {
    const count = (outcome: string) =>
      server.mingjing.rows.readModel.count('case-file', 'case', { where: { remedy: outcome } });
    expect([await count('dismissed'), await count('not_accepted')]).toEqual([53, 1]);
    const { items } = await server.read('/api/cases?remedy=not_accepted', 'inspector');
    const [{ id }] = items as Array<{ id: string }>;
    expect(await server.read(`/api/cases/${id}`, 'inspector')).toMatchObject({
      procedure: 'historical',
      remedies: [{ kind: 'reconsideration', outcome: 'not_accepted' }],
    });
  });

  it('a notice is found by search, and says where it came from', async () => {
    const page = await (await browser.context({ javaScriptEnabled: false })).newPage();
    await page.goto(`${server.url}/`);
    await page.getByRole('searchbox').fill('府勞動字第10435585100號');
    await page.getByRole('button', { name: '检索' }).click();
    await page.getByRole('link', { name: '韓商連加股份有限公司台灣分公司' }).click();
    const text = await page.locator('main').innerText();
    for (const said of ['勞動基準法第30條第5項', '2015-10-29', 'taipei.cp950.csv', summaries[0].fileSha256]) {
      expect(text).toContain(said);
    }
    expect(text).not.toContain('姜○○');
  });

  it('document numbers that repeat are kept apart', async () => {
    const { rows } = server.mingjing;
    const numbers = new Map<string, number>();
    for await (const { row } of rows.readModel.scan<{ documentNumber: string; bodyName: string }>(
      'public-notices',
      'notice',
    )) {
      if (row.bodyName.startsWith('臺北市'))
        numbers.set(row.documentNumber, (numbers.get(row.documentNumber) ?? 0) + 1);
    }
    // 47 as the cells are written; one more number differs from its twin by a space at its end.
    expect([...numbers.values()].filter((n) => n > 1)).toHaveLength(48);
    expect([...numbers.values()].reduce((sum, n) => sum + n, 0)).toBe(2969);
  });
});
