import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { source as axeSource } from 'axe-core';
import Database from 'better-sqlite3';
import type { BrowserContext, Page, Route } from 'playwright-core';
import { checksum } from '../../src/ledger/sqlite/event-row';
import { Postgres } from '../../src/ledger/postgres/postgres';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { describeInBrowser, launchBrowser, type TestBrowser } from './browser';
import { differences, openAll, verify } from './verifying';
import { LOG_ORIGIN, startWitnessedCity, type WitnessedCity } from './witnessed-city';

interface AxeResult {
  readonly violations: ReadonlyArray<{ id: string; nodes: ReadonlyArray<{ html: string }> }>;
}

interface Listed {
  readonly items: ReadonlyArray<{ readonly type: string; readonly href: string }>;
}

/** What a careful forger does to an event: past the trigger, and with the checksum that its new body has. */
function editEvent(db: Database.Database): void {
  const trigger = db.prepare("SELECT sql FROM sqlite_master WHERE name = 'event_no_update'").pluck().get() as string;
  const event = db.prepare("SELECT * FROM event WHERE body LIKE '%药品经营许可%'").get() as StoredEvent;
  const body = event.body.replaceAll('药品经营许可', '药品零售许可');
  db.exec('DROP TRIGGER event_no_update');
  const crc = checksum(event.position, event.stream, event.revision, body);
  db.prepare('UPDATE event SET body = ?, crc = ? WHERE position = ?').run(body, crc, event.position);
  db.exec(trigger);
}

interface StoredEvent {
  readonly position: number;
  readonly stream: number;
  readonly revision: number;
  readonly body: string;
}

/** Every kind of notice the city has: a penalty, a person's, a corrected, a withdrawn and a hostile one, a licence, old acts. */
const NOTICES = ['n-1', 'n-2', 'n-3', 'n-4', 'n-8', 'n-9', 'n-10', 'historical-h-1', 'historical-h-3'];

describeInBrowser('a notice is verified in the browser', () => {
  let city: WitnessedCity;
  let browser: TestBrowser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    [city, browser] = await Promise.all([startWitnessedCity(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await city?.close();
  });
  beforeEach(async () => {
    context = await browser.context();
    page = await context.newPage();
  });
  afterEach(() => context.close());

  const go = (path: string): Promise<unknown> => page.goto(city.origin + path);
  /** Changes what the page shows, as somebody who edits it would. */
  const edit = (mark: string, change: string): Promise<void> =>
    page.evaluate(`(() => { const e = document.querySelector('[data-proves="${mark}"]'); ${change}; })()`);
  /** Changes the proof files on their way. */
  const tamper = async (change: (proof: string, route: Route) => string): Promise<void> => {
    await context.route('**/*.tlog-proof', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: change(await response.text(), route) });
    });
  };

  test.each(NOTICES)('%s: one click, and every item shown is what was entered, in both languages', async (id) => {
    for (const lang of ['', '?lang=en']) {
      await go(`/notices/${id}${lang}`);
      const { verdict, text } = await verify(page);
      expect([id, lang, verdict, await differences(page)]).toEqual([id, lang, 'good', []]);
      expect(text).toContain(LOG_ORIGIN);
      expect(text).toContain('procuratorate');
    }
  });

  test('it says what was checked against which checkpoint, with whose keys, and how much is withheld', async () => {
    await go('/notices/n-1');
    const { title } = await verify(page);
    const marks = new Set(
      await page.evaluate<string[]>(
        '[...document.querySelectorAll("article [data-proves]")].map((e) => e.dataset.proves)',
      ),
    );
    expect(title).toBe(`已核实：页面所示 ${marks.size + 1} 项与登记内容一致`); // and the body, by its number
    await openAll(page);
    const told = await page.locator('.verify').innerText();
    const [, size, root] = (await (await fetch(`${city.origin}/log/checkpoint`)).text()).split('\n');
    for (const said of [`${size} 条`, root, '“university”于', '不公开内容', '公示信息起草', 'SHA-256 指纹']) {
      expect(told).toContain(said);
    }
    const log = await page.goto(`${city.origin}/log/`);
    expect(log?.status()).toBe(200);
    for (const fingerprint of told.match(/(?:[0-9a-f]{4} ){15}[0-9a-f]{4}/g) ?? []) {
      expect(await page.locator('main').innerText()).toContain(fingerprint);
    }
  });

  describe('a page that was altered', () => {
    test.each([
      ['a figure', 'fineYuan', 'e.textContent = "500 元"', ['罚款', '500 元', '12,500 元']],
      ['one character', 'facts', 'e.textContent = e.textContent.replace("超过", "未超过")', undefined],
      ['a line taken out', 'basis', 'e.closest("div").remove()', ['依据', '（页面没有显示）', undefined]],
      ['a line put in', 'id', 'e.dataset.proves = "remarks"', ['公示编号', 'n-1', '（登记中没有）']],
      ['a due date', 'channels.credit_site.dueOn', 'e.textContent = "2026-03-01"', undefined],
      ['the headline alone', 'partyPublicName', 'e.textContent = "别家公司"', ['当事人', '别家公司', undefined]],
    ])('%s', async (_, mark, change, row) => {
      await go('/notices/n-1');
      await edit(mark, change);
      const { verdict, title } = await verify(page);
      expect(verdict).toBe('bad');
      expect(title).toMatch(/核对未通过：有 [12] 项与登记内容不一致/);
      const [named] = await differences(page);
      row?.forEach((cell, i) => cell !== undefined && expect(named[i]).toBe(cell));
    });

    test('another body', async () => {
      await go('/notices/n-1');
      await page.evaluate('document.querySelector("[data-proves-link]").href = "/bodies/b-2"');
      const { verdict } = await verify(page);
      expect(verdict).toBe('bad');
      expect(await differences(page)).toEqual([['决定机关', 'b-2', 'b-1']]);
    });
  });

  describe('proofs that do not hold', () => {
    /** A disclosed value is replaced, with the salt it had. */
    const forged = (proof: string): string => {
      const lines = proof.split('\n');
      const extra = JSON.parse(Buffer.from(lines[1].slice('extra '.length), 'base64').toString()) as {
        disclosures: string[];
      };
      extra.disclosures = extra.disclosures.map((encoded) => {
        const text = Buffer.from(encoded, 'base64url').toString();
        return Buffer.from(text.replace('罚款 12500 元', '罚款 1250 元')).toString('base64url');
      });
      lines[1] = `extra ${Buffer.from(JSON.stringify(extra)).toString('base64')}`;
      return lines.join('\n');
    };
    test.each([
      ['a forged field', forged, '“data.content”'],
      ['another index', (p: string) => p.replace(/^index .*/m, 'index 3'), ''],
      [
        'a hash of the path',
        (p: string) => p.replace(/(\nindex .*\n)(.)/, (_, index: string, c: string) => index + (c === 'A' ? 'B' : 'A')),
        '',
      ],
      ['a larger tree', (p: string) => p.replace(/^\d+$/m, (size) => String(Number(size) + 1)), ''],
      ['no file at all', () => 'not a proof', ''],
    ])('%s: red, and the event is named', async (_, change, field) => {
      const { items } = (await (await fetch(`${city.origin}/api/public-notices/n-1/proofs`)).json()) as Listed;
      await tamper((proof, route) => (route.request().url().endsWith(items[0].href) ? change(proof) : proof));
      await go('/notices/n-1');
      const { verdict, text } = await verify(page);
      expect(verdict).toBe('bad');
      expect(text).toMatch(/第 \d+ 号登记“公示信息起草”：/);
      expect(text).toContain(field);
      expect(text).toContain('1 条登记的证明不成立');
    });

    test('proofs of another notice do not prove this one', async () => {
      const { items } = (await (await fetch(`${city.origin}/api/public-notices/n-3/proofs`)).json()) as {
        items: object[];
      };
      await context.route('**/proofs', (route) => route.fulfill({ json: { items } }));
      await go('/notices/n-1');
      const { verdict, text } = await verify(page);
      expect(verdict).toBe('bad');
      expect(text).toContain('证明属于公示 n-3，而不是本页的公示 n-1');
    });

    test('the correction left out by the server shows as a difference', async () => {
      await context.route('**/proofs', async (route) => {
        const { items } = (await (await route.fetch()).json()) as Listed;
        await route.fulfill({ json: { items: items.filter(({ type }) => type !== 'NoticeCorrected') } });
      });
      await go('/notices/n-3');
      const { verdict } = await verify(page);
      expect(verdict).toBe('bad');
      expect((await differences(page)).map(([item]) => item)).toContain('决定');
    });

    test('where the log contradicts the ledger, the server says so and it is no mere fault of the network', async () => {
      await context.route('**/*.tlog-proof', (route) =>
        route.fulfill({
          status: 503,
          json: { code: 'log.event_differs', detail_zh: '与透明日志不符。', detail_en: 'Not what the log holds.' },
        }),
      );
      await go('/notices/n-1');
      const { verdict, text } = await verify(page);
      expect(verdict).toBe('bad');
      expect(text).toContain('与透明日志不符。');
    });
  });

  describe('a database that somebody has edited, with all rights over it', () => {
    const inDatabase = (file: string, work: (db: Database.Database) => void): void => {
      const db = new Database(join(city.config.dataDirectory, file));
      db.pragma('busy_timeout = 5000');
      work(db);
      db.close();
    };

    /** Another text in whatever row of the read model has a key. */
    async function editRows(key: string, before: string, after: string): Promise<void> {
      const edit = (table: string): string =>
        `UPDATE "${table}" SET "row" = replace("row", '${before}', '${after}') WHERE key = '${key}'`;
      const { postgresUrl: url, postgresSchema: schema } = city.config;
      if (url) {
        const postgres = await Postgres.open({ url, schema, maxConnections: 1 });
        const tables = await postgres.query<{ name: string }>(
          `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = $1 AND column_name = 'row'`,
          [schema],
        );
        for (const { name } of tables) await postgres.query(edit(name));
        return postgres.close();
      }
      inDatabase('read-model.db', (db) => {
        const tables = db.prepare("SELECT name FROM sqlite_master WHERE sql LIKE '%row TEXT NOT NULL%'").pluck().all();
        for (const table of tables as string[]) db.exec(edit(table));
      });
    }

    test('a row of the read model: the page shows it, and it is named', async () => {
      await editRows('n-10', '价格欺诈', '价格公道');
      await go('/notices/n-10');
      expect(await page.locator('article').innerText()).toContain('价格公道');
      expect((await verify(page)).verdict).toBe('bad');
      expect(await differences(page)).toContainEqual(['违法行为', '价格公道', '价格欺诈']);
    });

    test('an event of the ledger, in its checksum as well: the server has no proof for it any more, and says why', async () => {
      inDatabase('ledger.db', editEvent);
      await go('/notices/n-8');
      const { verdict, text } = await verify(page);
      expect(verdict).toBe('bad');
      expect(text).toMatch(/第 \d+ 号登记“公示信息起草”：台账中的这条记录与透明日志不符/);
    });
  });

  describe('keys of one’s own', () => {
    const withKeys = async (pasted: string) => {
      await go('/notices/n-1');
      await page.getByText('用我自己信任的公钥').click();
      await page.getByLabel('公钥（每行一个）或信任策略').fill(pasted);
      return verify(page, () => page.getByRole('button', { name: '用这些公钥核对' }).click());
    };
    const otherKey = async (name: string): Promise<string> => {
      const directory = mkdtempSync(join(tmpdir(), 'mingjing-key-'));
      const [vkey] = (await LogKeys.open({ file: join(directory, 'k'), origin: name })).verifierKeys;
      rmSync(directory, { recursive: true });
      return vkey;
    };

    test('the right ones: verified, and it says that they were used', async () => {
      const { verdict, text } = await withKeys([city.vkey, ...city.witnesses, ''].join('\r\n'));
      expect(verdict).toBe('good');
      expect(text).toContain('您粘贴的公钥');
    });

    test('once pasted, the button above counts only them as well', async () => {
      const other = await otherKey(LOG_ORIGIN);
      expect((await withKeys(other)).verdict).toBe('bad');
      const again = await verify(page);
      expect([again.verdict, again.text]).toEqual(['bad', expect.stringContaining('没有信任策略所列日志的签名')]);
    });

    test('a policy that asks for one witness only', async () => {
      const policy = [`log ${city.vkey}`, `witness u ${city.witnesses[1]}`, 'quorum u'].join('\n');
      const { verdict, text } = await withKeys(policy);
      expect(verdict).toBe('good');
      expect(text).not.toContain('procuratorate');
    });

    test('the key of another log, under the same name: nothing that this site signed counts', async () => {
      const { verdict, text } = await withKeys(await otherKey(LOG_ORIGIN));
      expect(verdict).toBe('bad');
      expect(text).toContain('没有信任策略所列日志的签名');
    });

    test('a witness that has not cosigned is missed', async () => {
      const policy = [`log ${city.vkey}`, `witness a ${city.witnesses[0]}`, `witness b ${city.witnesses[1]}`];
      await context.route('**/*.tlog-proof', async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replace(/— university.*\n/, '');
        await route.fulfill({ response, body });
      });
      const { verdict, text } = await withKeys([...policy, 'group both all a b', 'quorum both'].join('\n'));
      expect(verdict).toBe('bad');
      expect(text).toContain('见证不足');
    });

    test('what is no key is said, and nothing is said of the record', async () => {
      const { verdict, text } = await withKeys('not a key');
      expect(verdict).toBe('unable');
      expect(text).toContain('信任策略第 1 行');
      expect(text).toContain('不表示记录有误');
    });
  });

  describe('where it is not possible', () => {
    test('without a network', async () => {
      await go('/notices/n-1');
      await context.setOffline(true);
      const { verdict, text } = await verify(page);
      expect([verdict, text]).toEqual(['unable', expect.stringContaining('联网后请再试')]);
      await context.setOffline(false);
      expect((await verify(page)).verdict).toBe('good');
    });

    test('in a browser without Ed25519', async () => {
      await context.addInitScript(
        'SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException("no", "NotSupportedError"))',
      );
      await go('/notices/n-1');
      const { verdict, text } = await verify(page);
      expect([verdict, text]).toEqual(['unable', expect.stringContaining('换用较新的浏览器')]);
    });

    test('on a page that came over plain http', async () => {
      await context.route('http://portal.example/**', async (route) => {
        const { pathname, search } = new URL(route.request().url());
        await route.fulfill({ response: await route.fetch({ url: city.origin + pathname + search }) });
      });
      await page.goto('http://portal.example/notices/n-1');
      const { verdict, text } = await verify(page);
      expect([verdict, text]).toEqual(['unable', expect.stringContaining('https')]);
    });

    test('before the newest act is in the log', async () => {
      await context.route('**/*.tlog-proof', (route) =>
        route.fulfill({
          status: 503,
          json: { code: 'log.not_sealed_in_time', detail_zh: '该记录尚未写入。', detail_en: 'Not yet.' },
        }),
      );
      await go('/notices/n-1');
      const { verdict, text } = await verify(page);
      expect([verdict, text]).toEqual(['unable', expect.stringContaining('请过几秒再试')]);
    });
  });

  test('it reads only this server, and breaks none of the page’s security policy', async () => {
    const outside: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(city.origin)) outside.push(request.url());
    });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await go('/notices/n-9');
    await verify(page);
    expect([outside, complaints]).toEqual([[], []]);
    expect(await page.locator('script:not([src])').count()).toBe(0);
    expect(await context.cookies()).toEqual([]);
  });

  test.each(['zh', 'en'])('axe finds nothing in any state, light or dark: %s', async (lang) => {
    const found: string[] = [];
    const look = async (state: string): Promise<void> => {
      await openAll(page);
      await page.evaluate(axeSource);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate<AxeResult>('axe.run("#verify")');
        for (const { id, nodes } of violations)
          found.push(`${state} ${colorScheme} ${id}: ${nodes[0].html.slice(0, 200)}`);
      }
    };
    await go(`/notices/n-3?lang=${lang}`);
    await verify(page);
    await look('verified');
    await go(`/notices/n-3?lang=${lang}`);
    await edit('content', 'e.textContent = "x"');
    await verify(page);
    await look('altered');
    await tamper(() => 'x');
    await go(`/notices/n-3?lang=${lang}`);
    await verify(page);
    await look('not proven');
    await context.setOffline(true);
    await verify(page);
    await look('unable');
    expect(found).toEqual([]);
  });

  test('with everything open it is no wider than a small phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of ['/notices/n-3', '/notices/n-3?lang=en', '/notices/historical-h-1']) {
      await go(path);
      await edit('decidedOn', 'e.textContent = "x".repeat(200)');
      await verify(page);
      await openAll(page);
      expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 360]);
    }
  });

  test('on paper the outcome stays, and what is only for the screen goes', async () => {
    await go('/notices/n-1');
    await verify(page);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.verdict').isVisible()).toBe(true);
    expect(await page.getByText('procuratorate').first().isVisible()).toBe(true);
    expect(await page.locator('[data-part=start]').isVisible()).toBe(false);
    expect(await page.locator('#own-keys').isVisible()).toBe(false);
  });

  test('everything is reached and worked by keyboard', async () => {
    await go('/notices/n-1');
    await page.locator('[data-part=start]').focus();
    const { verdict } = await verify(page, () => page.keyboard.press('Enter'));
    expect(verdict).toBe('good');
    expect(await page.evaluate('document.activeElement.dataset.part')).toBe('start');
    await page.keyboard.press('Tab'); // the copy
    await page.keyboard.press('Tab'); // the first part that opens
    await page.keyboard.press('Enter');
    expect(await page.locator('[data-part=report] details').first().getAttribute('open')).not.toBeNull();
  });
});
