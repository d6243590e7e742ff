import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { source as axeSource } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { describeInBrowser, launchBrowser, type TestBrowser } from './browser';
import { startPortalCity, type PortalCity } from './portal-city';
import { differences, openAll, verify, type Told } from './verifying';
import { startWitnessedCity, type WitnessedCity } from './witnessed-city';

interface AxeResult {
  readonly violations: ReadonlyArray<{ id: string; nodes: ReadonlyArray<{ html: string }> }>;
}

describeInBrowser('a copy for keeping', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-copies-'));
  let city: WitnessedCity;
  let browser: TestBrowser;
  let context: BrowserContext;
  let page: Page;
  let copy: string;

  beforeAll(async () => {
    [city, browser] = await Promise.all([startWitnessedCity(), launchBrowser()]);
    context = await browser.context();
    page = await context.newPage();
    await page.goto(`${city.origin}/notices/n-3`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '下载可离线验证的副本' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('notice-n-3.html');
    copy = readFileSync(await download.path(), 'utf8');
  });
  afterAll(async () => {
    await browser?.close();
    await city?.close();
    rmSync(directory, { recursive: true });
  });
  afterEach(() => context.setOffline(false));

  /** Opens a file from disk without any network, and verifies it there. */
  async function opened(html: string): Promise<Told> {
    const file = join(directory, 'notice.html');
    writeFileSync(file, html);
    await context.setOffline(true);
    await page.goto(`file://${file}`);
    return verify(page);
  }

  test('verifies from disk with no network, and asks for nothing', async () => {
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    const { verdict, title, text } = await opened(copy);
    expect([verdict, title]).toEqual(['good', expect.stringMatching(/^已核实：页面所示 \d+ 项与登记内容一致$/)]);
    expect(text).toContain('随副本保存的公钥');
    expect(text).toContain('university');
    expect(asked.filter((url) => !/^(file|data):/.test(url))).toEqual([]);
    expect(complaints).toEqual([]);
    page.removeAllListeners();
  });

  test('a byte of the shown text edited: it names the field', async () => {
    expect(copy.match(/罚款 3000 元/g)).not.toBeNull();
    const { verdict, title } = await opened(copy.replace('>罚款 3000 元<', '>罚款 8000 元<'));
    expect([verdict, title]).toEqual(['bad', '核对未通过：有 1 项与登记内容不一致']);
    expect(await differences(page)).toEqual([['决定', '罚款 8000 元', '罚款 3000 元']]);
  });

  test('any byte of a proof edited: not verified', async () => {
    const start = copy.indexOf('id="proofs">') + 'id="proofs">'.length;
    const at = (text: string): number => copy.indexOf(text, start);
    const places = [
      at('extra ') + 400,
      at('\\nindex ') + 20,
      at('mingjing.example/log\\n') + 28,
      at('— procuratorate') + 50,
    ];
    for (const place of places) {
      const other = copy[place] === 'A' ? 'B' : 'A';
      const { verdict } = await opened(copy.slice(0, place) + other + copy.slice(place + 1));
      expect([copy.slice(place - 10, place + 10), verdict]).toEqual([expect.anything(), 'bad']);
    }
    const { verdict, text } = await opened(copy.replace('id="proofs">{', 'id="proofs">'));
    expect([verdict, text]).toEqual(['bad', expect.stringContaining('文件已损坏或被改动')]);
  });

  test('what somebody puts into the file does not run, and an edited program does not run either', async () => {
    const put = copy.replace(
      '<article',
      '<img src="x" onerror="document.title=1"><script>document.title="pwned"</script><article',
    );
    expect((await opened(put)).verdict).toBe('good');
    expect(await page.title()).not.toMatch(/pwned|^1$/);
    writeFileSync(join(directory, 'edited.html'), copy.replace('textContent', 'textcontent'));
    await page.goto(`file://${join(directory, 'edited.html')}`);
    await page.locator('[data-part=script]').waitFor({ state: 'visible' });
    expect(await page.locator('[data-part=start]').isVisible()).toBe(false);
  });

  test('what was typed into a record stays text in the file', async () => {
    const hostile = await (await fetch(`${city.origin}/notices/n-9/verifiable.html`)).text();
    expect((await opened(hostile)).verdict).toBe('good');
    expect(await page.title()).not.toBe('pwned');
  });

  test('its links lead back to the site, it fits a phone and prints', async () => {
    await opened(copy);
    const links = await page.evaluate<string[]>('[...document.links].map((a) => a.getAttribute("href"))');
    expect(links.filter((href) => !href.startsWith('#') && !href.startsWith(city.origin))).toEqual([]);
    await openAll(page);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.verdict').isVisible()).toBe(true);
    expect(await page.getByText('http').first().isVisible()).toBe(true);
    await page.emulateMedia({ media: null });
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.goto('about:blank');
    await page.setContent(copy.replace(/<meta http-equiv[^>]*>/, ''));
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate<AxeResult>('axe.run()');
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  });

  test('an expired notice has none, a withdrawn one says no more than its page', async () => {
    expect((await fetch(`${city.origin}/notices/n-5/verifiable.html`)).status).toBe(410);
    expect((await fetch(`${city.origin}/notices/n-6/verifiable.html`)).status).toBe(404);
    const withdrawn = await (await fetch(`${city.origin}/notices/n-4/verifiable.html`)).text();
    expect(withdrawn).not.toContain('机密');
    expect((await opened(withdrawn)).verdict).toBe('good');
  });

  describe('a file that somebody was given, at the log’s page', () => {
    const checked = async (name: string, content: string): Promise<Told> => {
      await page.goto(`${city.origin}/log/`);
      return verify(page, async () => {
        await page.getByLabel('选择文件').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
        await page.getByRole('button', { name: '核对这个文件' }).click();
      });
    };
    const proof = async (): Promise<string> => {
      const { items } = (await (await fetch(`${city.origin}/api/public-notices/n-3/proofs`)).json()) as {
        items: Array<{ href: string }>;
      };
      return (await fetch(city.origin + items[0].href)).text();
    };

    test('a true copy, and a proof file', async () => {
      const { verdict, title } = await checked('notice.html', copy);
      expect([verdict, title]).toEqual(['good', expect.stringContaining('项与登记内容一致')]);
      const told = await checked('18.tlog-proof', await proof());
      expect([told.verdict, told.title]).toEqual(['good', '已核实：1 条登记都在日志中']);
    });

    test('an edited copy: the field is named, and nothing of the file runs', async () => {
      const edited = copy
        .replace('>罚款 3000 元<', '>罚款 8000 元<')
        .replace('<article', '<script>document.title="pwned"</script><article');
      const { verdict } = await checked('notice.html', edited);
      expect(verdict).toBe('bad');
      expect(await differences(page)).toEqual([['决定', '罚款 8000 元', '罚款 3000 元']]);
      expect(await page.title()).not.toBe('pwned');
    });

    test('a copy from another log is perfect by itself and does not pass here', async () => {
      const other: PortalCity = await startPortalCity({ logOrigin: 'mingjing.example/log' });
      try {
        const forged = await (await fetch(`${other.origin}/notices/n-3/verifiable.html`)).text();
        expect((await opened(forged)).verdict).toBe('good');
        await context.setOffline(false);
        const { verdict, text } = await checked('notice.html', forged);
        expect([verdict, text]).toEqual(['bad', expect.stringContaining('没有信任策略所列日志的签名')]);
      } finally {
        await other.close();
      }
    });

    test('nothing chosen, or something else', async () => {
      await page.goto(`${city.origin}/log/`);
      expect(await verify(page)).toMatchObject({ verdict: 'unable', title: '请先选择文件。' });
      for (const [name, content] of [
        ['cat.html', '<!doctype html><p>cat'],
        ['cat.txt', ''],
        ['decision.pdf', '%PDF-1.7\n\n%%EOF'],
      ]) {
        expect(await checked(name, content)).toMatchObject({ verdict: 'unable', title: '这不是证明文件' });
      }
      expect((await checked('1.tlog-proof', 'c2sp.org/tlog-proof@v1\n')).verdict).toBe('bad');
    });
  });

  test('the log’s page says how the log stands, whose keys it has, and how anyone checks it', async () => {
    await page.goto(`${city.origin}/`);
    await page.getByRole('contentinfo').getByRole('link', { name: '透明日志' }).click();
    const text = await page.locator('main').innerText();
    const [origin, size, root] = (await (await fetch(`${city.origin}/log/checkpoint`)).text()).split('\n');
    for (const said of [origin, `${size} 条`, root, '正常', city.vkey, ...city.witnesses, 'mingjing monitor']) {
      expect(text).toContain(said);
    }
    for (const file of ['/log/checkpoint', '/log/vkey', '/log/policy']) {
      expect(await page.locator(`a[href="${file}"]`).count()).toBe(1);
    }
  });
});
