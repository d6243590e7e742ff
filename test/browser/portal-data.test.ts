import { parse } from 'csv-parse/sync';
import { penaltyColumns } from '../../src/disclosure/credit-fields';
import { messages } from '../../src/portal/messages';
import { binsOf } from '../../src/portal/histogram';
import { lagStatistics } from '../../src/disclosure/statistics.queries';
import { FORMULA, HOSTILE, SECRETS, startPortalCity, type PortalCity } from './portal-city';
import { PAGES } from './portal-pages';

interface JsonFeed {
  readonly version: string;
  readonly feed_url: string;
  readonly items: ReadonlyArray<{
    id: string;
    url: string;
    title: string;
    content_html: string;
    date_modified: string;
  }>;
}

describe('what the portal hands out', () => {
  let city: PortalCity;
  beforeAll(async () => {
    city = await startPortalCity();
  });
  afterAll(() => city?.close());

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(city.origin + path, { headers: { accept: 'text/html', ...headers } });
  const text = async (path: string) => (await get(path)).text();
  const table = async (path: string): Promise<string[][]> => parse(await text(path), { bom: true });

  test('nothing that is not public turns up on any page, in any feed or table', async () => {
    const paths = [
      ...PAGES.map(([path]) => path),
      ...[
        '/feed.atom',
        '/feed.json',
        '/notices.csv',
        '/api/public-notices',
        '/api/public-notices/n-2',
        '/notices/n-6',
        '/notices/n-7',
        '/bodies/b-3',
        '/officers?body=b-3',
      ],
      ...Object.values(SECRETS).flatMap((secret) => {
        const q = encodeURIComponent(secret.slice(0, 3));
        return [`/notices?body=${q}`, `/officers?q=${q}`, `/bodies?q=${q}`];
      }),
    ];
    for (const path of paths) {
      const page = await text(path);
      // The page repeats what was asked for; what it must not do is complete it.
      for (const secret of Object.values(SECRETS)) expect([path, page.includes(secret)]).toEqual([path, false]);
    }
  });

  test('of a notice that showed personal data the page says what was corrected, not what it said (内蒙古办法 10)', async () => {
    const page = await text('/notices/n-2');
    expect(page).toContain('当事人未取得许可。');
    expect(page).toContain('隐去姓名');
    expect(page.split(messages['notice.version.hidden'].zh)).toHaveLength(3);
    expect(page).not.toContain(messages['notice.version.old'].zh);
  });

  test('drafts and withheld notices are not there, an expired one is gone, and all look like the rest of the site', async () => {
    for (const [path, status] of [
      ['/notices/n-6', 404],
      ['/notices/n-7', 404],
      ['/bodies/b-3', 404],
      ['/complaints/c-1', 404],
      ['/notices/n-5', 410],
    ] as const) {
      const response = await get(path);
      expect([path, response.status]).toEqual([path, status]);
      expect(await response.text()).toContain('rel="stylesheet"');
    }
  });

  test('a mangled address shows a page or a problem, never an error inside', async () => {
    for (const path of [
      '/notices?after=%00%ff',
      '/notices?after=bm9wZQ',
      '/notices?q=' + 'x'.repeat(5000),
      '/notices?q=' + encodeURIComponent('a '.repeat(60)),
      '/notices?q=a&q=b&category=nope&decidedFrom=2026-02-30',
      '/notices?q=%22%20OR%201=1%20--',
      '/officers?before=bm9wZQ&body=nobody',
      '/statistics?body=nobody',
      '/law?on=0000-00-00&q=%25',
      '/powers/..%2f..%2fetc',
    ]) {
      const { status } = await get(path);
      expect([path, status < 500]).toEqual([path, true]);
    }
    expect(city.log.filter((line) => line.includes('request failed'))).toEqual([]);
  });

  test('the style sheet may be kept for ever and pages are asked for anew', async () => {
    const page = await get('/');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const path = /href="(\/assets\/portal\.[0-9a-f]{16}\.css)"/.exec(await page.text())?.[1] ?? '';
    const sheet = await get(path);
    expect(sheet.headers.get('content-type')).toContain('text/css');
    expect(sheet.headers.get('cache-control')).toContain('immutable');
  });

  test('every page announces the feeds and its other language', async () => {
    const page = await text('/notices?q=%E9%A3%9F%E5%93%81&lang=en');
    expect(page).toContain('type="application/atom+xml"');
    expect(page).toContain('type="application/feed+json"');
    expect(page).toContain('hrefLang="zh-CN"');
  });

  describe('the feeds', () => {
    test('Atom: one entry a public notice, permanent ids, the latest change first, party names as text', async () => {
      const response = await get('/feed.atom');
      expect(response.headers.get('content-type')).toContain('application/atom+xml');
      const atom = await response.text();
      const ids = [...atom.matchAll(/<entry>[\s\S]*?<id>(.*?)<\/id>/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(37);
      expect(ids).toContain(`${city.origin}/notices/n-1`);
      const updated = [...atom.matchAll(/<entry>[\s\S]*?<updated>(.*?)<\/updated>/g)].map(([, at]) => at);
      expect(updated).toEqual([...updated].sort().reverse());
      expect(atom).toContain('&lt;script&gt;');
      expect(atom).not.toContain('<script>');
    });

    test('JSON Feed: the same notices; a withdrawn one is an update without its facts', async () => {
      const response = await get('/feed.json');
      expect(response.headers.get('content-type')).toContain('application/feed+json');
      const feed = (await response.json()) as JsonFeed;
      expect(feed.version).toMatch(/^https:\/\/jsonfeed\.org\/version\/1/);
      expect(feed.feed_url).toBe(`${city.origin}/feed.json`);
      expect(feed.items).toHaveLength(37);
      const withdrawn = feed.items.find(({ url }) => url.endsWith('/notices/n-4'));
      expect(withdrawn?.title).toBe('已撤回：明市监罚〔2026〕104号');
      expect(withdrawn?.content_html).not.toContain('罚款');
      expect(withdrawn?.date_modified).toBe('2026-03-11T16:00:00.000Z');
      expect(feed.items.find(({ url }) => url.endsWith('/notices/n-9'))?.title).toContain(HOSTILE);
    });

    test('of one body only', async () => {
      const body = encodeURIComponent('明镜市城市管理综合行政执法局');
      const feed = (await (await get(`/feed.json?body=${body}`)).json()) as JsonFeed;
      expect(feed.items.map(({ url }) => url)).toEqual([`${city.origin}/notices/n-3`]);
    });

    test('are not sent again to who has them', async () => {
      const first = await get('/feed.atom');
      const etag = first.headers.get('etag') ?? '';
      expect(Date.parse(first.headers.get('last-modified') ?? '')).toBe(Date.parse('2026-03-16T16:00:00Z'));
      expect((await get('/feed.atom', { 'if-none-match': etag })).status).toBe(304);
      expect((await get('/feed.atom', { 'if-none-match': '"other"' })).status).toBe(200);
    });
  });

  describe('the table', () => {
    test('has the columns of 双公示 in their order, and a row a public penalty', async () => {
      const [head, ...rows] = await table('/notices.csv');
      expect(head).toEqual(penaltyColumns.map(({ zh }) => zh));
      expect(rows).toHaveLength(36);
      const row = rows.find((cells) => cells.includes('明市监罚〔2026〕101号')) ?? [];
      const cell = (zh: string) => row[head.indexOf(zh)];
      expect(cell('行政相对人名称')).toBe('明镜市北城食品有限公司');
      expect(cell('罚款金额(万元)')).toBe('1.25');
      expect(cell('处罚类别')).toBe('罚款');
      expect(cell('公示截止期')).toBe('2029-03-01');
    });

    test('of a search holds what the search finds', async () => {
      const [, ...rows] = await table('/notices.csv?decidedFrom=2026-02-15');
      expect(rows.map((cells) => cells[0]).sort()).toEqual(
        ['张某某', '明镜市北城食品有限公司', '明镜市南城酒楼'].sort(),
      );
    });

    test('runs no formula in a spreadsheet', async () => {
      const [, ...rows] = await table('/notices.csv?q=价格欺诈');
      expect(rows[0][0]).toBe(`'${FORMULA}`);
      const bytes = new Uint8Array(await (await get('/notices.csv')).arrayBuffer());
      expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    });

    test('keeps of a withdrawn notice its number and that it is gone', async () => {
      const [head, ...rows] = await table('/notices.csv?document=104号');
      const row = rows.find((cells) => cells.includes('明市监罚〔2026〕104号')) ?? [];
      const filled = head.filter((_, i) => row[i] !== '');
      expect(filled).not.toContain('行政相对人名称');
      expect(row.at(-1)).toBe('已撤回：复议机关撤销原决定');
    });

    test('has historical acts with what their file says', async () => {
      const [head, ...rows] = await table('/notices.csv?document=10435585101');
      expect(rows[0][head.indexOf('处罚机关')]).toBe('臺北市政府');
      expect(rows[0].at(-1)).toContain('臺北市違反勞動基準法名單 2');
    });
  });

  test('the bars of the histogram hold every notice, and the limit falls between two of them', () => {
    const rows = [0, 1, 20, 21, 67, 476].map((lagDays) => ({ scope: 'all', lagDays, notices: 2 }));
    const statistics = lagStatistics('all', rows, 20);
    const bins = binsOf(statistics);
    expect(bins.reduce((sum, bin) => sum + bin.notices, 0)).toBe(12);
    expect(bins.filter((bin) => bin.over).reduce((sum, bin) => sum + bin.notices, 0)).toBe(statistics.overLimit);
    expect(bins.length).toBeLessThanOrEqual(24);
  });

  test('every text of the portal is there in both languages, with the same places for values', () => {
    const places = (said: string) => (said.match(/\{\d\}/g) ?? []).sort();
    for (const [key, { zh, en }] of Object.entries(messages)) {
      expect([key, places(zh)]).toEqual([key, places(en)]);
    }
  });
});
