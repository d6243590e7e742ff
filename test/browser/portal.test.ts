import { source as axeSource } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { describeInBrowser, launchBrowser, type TestBrowser } from './browser';
import { HOSTILE, startPortalCity, type PortalCity } from './portal-city';
import { PAGES } from './portal-pages';

interface AxeResult {
  readonly violations: ReadonlyArray<{ id: string; nodes: ReadonlyArray<{ html: string; failureSummary?: string }> }>;
}

describeInBrowser('the public portal in a browser', () => {
  let city: PortalCity;
  let browser: TestBrowser;
  let plain: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    [city, browser] = await Promise.all([startPortalCity(), launchBrowser()]);
    plain = await browser.context({ javaScriptEnabled: false });
    page = await plain.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await city?.close();
  });

  const go = (path: string, on = page) => on.goto(city.origin + path);
  const found = () => page.locator('.notices h3').allInnerTexts();
  const h1 = () => page.locator('h1').innerText();

  describe('without JavaScript', () => {
    test('the search on the first page finds a party by a part of its name', async () => {
      await go('/');
      await page.getByRole('searchbox').fill('北城食品');
      await page.getByRole('button', { name: '检索' }).click();
      expect(await found()).toEqual(['明镜市北城食品有限公司']);
      await page.getByRole('link', { name: '明镜市北城食品有限公司' }).click();
      expect(new URL(page.url()).pathname).toBe('/notices/n-1');
      expect(await page.locator('main').innerText()).toContain('12,500 元');
    });

    test.each([
      ['document number', '文书号', '〔2026〕108号', ['明镜市东城药房有限公司']],
      ['a part of the number', '文书号', '10435585127', ['歷史第27股份有限公司']],
      ['body by its name', '执法机关', '明镜市城市管理综合行政执法局', ['明镜市南城酒楼']],
      ['body by a part of its name', '执法机关', '城市管理', ['明镜市南城酒楼']],
    ])('search by %s', async (_, field, typed, parties) => {
      await go('/notices');
      await page.getByLabel(field).fill(typed);
      await page.getByRole('button', { name: '检索' }).click();
      expect(await found()).toEqual(parties);
    });

    test('search by kind and by dates; what was asked stays in the form and in every further link', async () => {
      await go('/notices');
      await page.getByLabel('类别', { exact: true }).selectOption('行政许可');
      await page.getByLabel('决定日期自').fill('2026-01-01');
      await page.getByLabel('决定日期至').fill('2026-01-31');
      await page.getByRole('button', { name: '检索' }).click();
      expect(await found()).toEqual(['明镜市东城药房有限公司']);
      expect(await page.getByLabel('决定日期自').inputValue()).toBe('2026-01-01');
      const csv = await page.getByRole('link', { name: /CSV/ }).getAttribute('href');
      expect(csv).toContain('decidedFrom=2026-01-01&decidedTo=2026-01-31');
      await page.getByRole('navigation', { name: '按类别查看' }).getByRole('link', { name: '全部类别' }).click();
      expect(await found()).toHaveLength(3);
    });

    test('pages turn forwards and back again, newest decision first', async () => {
      await go('/notices');
      const first = await found();
      const dates = await page.locator('.notices time').allInnerTexts();
      expect(dates).toEqual([...dates].sort().reverse());
      await page.getByRole('link', { name: '下一页' }).click();
      const second = await found();
      expect(second.filter((party) => first.includes(party))).toEqual([]);
      expect(first.length + second.length).toBe(37);
      expect(await page.getByRole('link', { name: '下一页' }).count()).toBe(0);
      await page.getByRole('link', { name: '上一页' }).click();
      expect(await found()).toEqual(first);
      expect(await page.getByRole('link', { name: '上一页' }).count()).toBe(0);
    });

    test('a search that finds nothing helps', async () => {
      await go('/notices?q=没有这样的当事人');
      const text = await page.locator('main').innerText();
      expect(text).toContain('共 0 条');
      expect(text).toContain('只保留姓氏');
    });

    test('a corrected notice shows what it said before and why that changed', async () => {
      await go('/notices/n-3');
      expect(await page.locator('main').innerText()).toContain('罚款 3000 元');
      await page.getByText('查看当时的内容').click();
      const versions = await page.locator('.versions').innerText();
      expect(versions).toContain('金额笔误');
      expect(versions).toContain('罚款 5000 元');
    });

    test('a withdrawn notice says that it was and why, and nothing of the decision', async () => {
      await go('/notices/n-4');
      const text = await page.locator('main').innerText();
      expect(text).toContain('复议机关撤销原决定');
      expect(text).toContain('2026-03-12');
      expect(text).not.toContain('机密');
      expect(text).not.toContain('罚款');
    });

    test('a person’s name is masked, and the page says by what law', async () => {
      await go('/notices/n-2');
      expect(await h1()).toBe('张某某');
      expect(await page.locator('main').innerText()).toContain('个人信息保护法第6条');
      expect(await page.locator('meta[name=robots]').getAttribute('content')).toBe('noindex');
    });

    test('a historical act says from which file and row it is, which rules it passed and how the reconsideration ended', async () => {
      await go('/notices/historical-h-1');
      const text = await page.locator('main').innerText();
      for (const said of ['臺北市違反勞動基準法名單', 'ab'.repeat(32), 'import-rules-v1', '訴願駁回', '勞動部']) {
        expect(text).toContain(said);
      }
    });

    test('what a party typed stays text', async () => {
      await go('/notices/n-9');
      expect(await h1()).toBe(HOSTILE);
      expect(await page.locator('script:not([src^="/assets/"])').count()).toBe(0);
    });

    test('the English page stays English from link to link and in forms', async () => {
      await go('/notices');
      await page.getByRole('link', { name: 'English' }).click();
      expect(await h1()).toBe('Public notices');
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
      await page.getByLabel('Party or keyword').fill('北城');
      await page.getByRole('button', { name: 'Search' }).click();
      expect(await page.locator('main').innerText()).toContain('1 notices');
      await page.getByRole('link', { name: '明镜市北城食品有限公司' }).click();
      expect(await page.locator('h2').first().innerText()).toBe('The decision');
      expect(await page.locator('h1 [lang=zh-CN]').innerText()).toBe('明镜市北城食品有限公司');
      await page.getByRole('link', { name: 'Statistics' }).click();
      await page.getByRole('link', { name: '中文' }).click();
      expect(await h1()).toBe('统计');
      expect(new URL(page.url()).search).toBe('');
      expect(await plain.cookies()).toEqual([]);
    });

    test('a complaint is lodged anonymously and followed by its receipt number', async () => {
      await go('/complaints/new');
      await page.getByLabel('投诉的机关').selectOption({ label: '明镜市市场监督管理局' });
      await page.getByLabel('涉及方面').selectOption('inspection');
      await page.getByLabel('乱罚款').check();
      await page.getByLabel('请说明时间').fill('3月10日上午，未出示证件即入店检查。');
      await page.getByRole('button', { name: '提交' }).click();
      expect(await h1()).toBe('已收到');
      const number = await page.locator('.receipt strong').innerText();
      const said = await page.locator('main').innerText();
      expect(said).toContain('已登记，待受理');
      expect(said).not.toContain('入店检查');
      await go('/complaints/new');
      await page.getByLabel('受理编号').fill(number.toLowerCase());
      await page.getByRole('button', { name: '查询' }).click();
      expect(await page.locator('main').innerText()).toContain('明镜市市场监督管理局');
      await go('/statistics');
      const row = page.getByRole('row', { name: /检查未经审批/ });
      expect(await row.getByRole('cell').nth(1).innerText()).toBe('2');
    });

    test('a complaint that cannot be taken says why and loses nothing that was written', async () => {
      await go('/complaints/new');
      await page.getByLabel('投诉的机关').selectOption('b-1');
      await page.getByLabel('涉及方面').selectOption('charge');
      await page.getByLabel('请说明时间').fill('收费没有公示。');
      await page.getByRole('radio', { name: '实名' }).check();
      await page.getByRole('button', { name: '提交' }).click();
      expect(await page.getByRole('alert').innerText()).toContain('实名投诉举报须留姓名和联系方式');
      expect(await page.getByLabel('请说明时间').inputValue()).toBe('收费没有公示。');
      expect(await page.getByRole('radio', { name: '实名' }).isChecked()).toBe(true);
    });

    test('a rating with a wrong code is refused on the same page', async () => {
      await go('/ratings/new');
      await page.getByLabel('评价编号').fill('r-1');
      await page.getByLabel('评价码').fill('ABCDEFGH2345');
      await page.getByLabel('5 星').check();
      await page.getByRole('button', { name: '提交' }).click();
      expect(await page.getByRole('alert').innerText()).toContain('评价码无效');
    });

    test('the procedure of a power shows the seven elements of each step', async () => {
      await go('/powers/1500-CF-0001');
      await page.getByRole('link', { name: /普通程序/ }).click();
      const step = page.locator('.flow details').first();
      await step.locator('summary').click();
      const labels = await step.locator('dt').allInnerTexts();
      const seven = ['条件', '承办岗位', '程序与接口', '办理时限', '监督制约环节', '相对人权利', '投诉举报途径'];
      expect(labels).toEqual(expect.arrayContaining(seven));
      expect(await step.innerText()).toContain('0400-1234567');
    });
  });

  test('on paper a notice keeps its content and address and loses what is only for the screen', async () => {
    await page.emulateMedia({ media: 'print' });
    await go('/notices/n-1');
    expect(await page.getByRole('navigation', { name: '主导航' }).isVisible()).toBe(false);
    expect(await page.getByText('首次公示').isVisible()).toBe(true);
    expect(await page.locator('.printed').innerText()).toContain(`${city.origin}/notices/n-1`);
    await page.emulateMedia({ media: null });
  });

  test('nothing is wider than a small phone', async () => {
    const narrow = await browser.context({ viewport: { width: 360, height: 740 } });
    const phone = await narrow.newPage();
    const wide: string[] = [];
    for (const [path] of PAGES) {
      for (const lang of ['', 'lang=en']) {
        await go(`${path}${lang && (path.includes('?') ? '&' : '?')}${lang}`, phone);
        const width = await phone.evaluate('document.documentElement.scrollWidth');
        if (width !== 360) wide.push(`${path} ${lang} ${String(width)}`);
      }
    }
    expect(wide).toEqual([]);
    await narrow.close();
  });

  test('pages load nothing from elsewhere and break none of their own security policy', async () => {
    const context = await browser.context();
    const visitor = await context.newPage();
    const outside: string[] = [];
    const complaints: string[] = [];
    visitor.on('request', (request) => {
      if (!request.url().startsWith(city.origin)) outside.push(request.url());
    });
    visitor.on('console', (message) => {
      if (/Content.Security.Policy|Refused/i.test(message.text())) complaints.push(message.text());
    });
    for (const [path] of PAGES) await go(path, visitor);
    expect(outside).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test.each(['zh', 'en'])('axe finds nothing on any page, light or dark: %s', async (lang) => {
    const context = await browser.context({ colorScheme: 'light' });
    const visitor = await context.newPage();
    const found: string[] = [];
    for (const [path, status] of PAGES) {
      const address = lang === 'en' ? `${path}${path.includes('?') ? '&' : '?'}lang=en` : path;
      const response = await go(address, visitor);
      expect([address, response?.status()]).toEqual([address, status]);
      await visitor.evaluate(axeSource);
      const light = await visitor.evaluate<AxeResult>('axe.run()');
      await visitor.emulateMedia({ colorScheme: 'dark' });
      const dark = await visitor.evaluate<AxeResult>('axe.run({ runOnly: ["color-contrast"] })');
      await visitor.emulateMedia({ colorScheme: 'light' });
      for (const { id, nodes } of [...light.violations, ...dark.violations]) {
        found.push(`${address} ${id}: ${nodes[0].html.slice(0, 200)}`);
      }
    }
    expect(found).toEqual([]);
    await context.close();
  });
});
