import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createElement } from 'react';
import type { ApiConfig } from '../../src/api/api-config';
import type { LogCondition } from '../../src/api/log-health';
import { program } from '../../src/cli';
import { renderPage } from '../../src/portal/layout';
import { LogPage } from '../../src/portal/log.page';
import { viewOf } from '../../src/portal/view';
import { verifyScript, stylesheet } from '../../src/portal/assets';
import { parsePolicy } from '../../src/verification/policy';
import { verifyProof } from '../../src/verification/verify-proof';
import { logLines, trustedLogs } from '../../src/witness/trusted-logs';
import { BOUNDED } from '../child';
import { startPortalCity, type PortalCity } from '../browser/portal-city';

describe('a notice’s page for those who verify without its script', () => {
  let city: PortalCity;
  beforeAll(async () => {
    city = await startPortalCity();
  });
  afterAll(() => city?.close());

  const get = (path: string) => fetch(city.origin + path, { headers: { accept: 'text/html' } });
  const text = async (path: string): Promise<string> => (await get(path)).text();
  const links = (html: string): string[] => [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href);

  test('links to a proof file of every event and to the policy, and they hold', async () => {
    const page = await text('/notices/n-3');
    const files = links(page).filter((href) => href.endsWith('.tlog-proof'));
    expect(files).toHaveLength(4); // drafted, published twice, corrected
    expect(links(page)).toContain('/log/policy');
    expect(page).toContain('mingjing verify --policy');
    const policy = await parsePolicy(await text('/log/policy'));
    const reports = await Promise.all(files.map(async (file) => verifyProof(await text(file), policy)));
    expect(reports.map(({ disclosed }) => disclosed.stream)).toEqual(Array(4).fill('notice-n-3'));
  });

  test('what needs the script is hidden, and the page says what to do without', async () => {
    const page = await text('/notices/n-1');
    expect(page).toMatch(/<button[^>]*data-part="start" hidden=""/);
    expect(page).toContain('不用脚本也可以核对');
    const english = await text('/notices/n-1?lang=en');
    expect(english).toContain('Verify this record');
  });

  test('only pages that verify load the script, by a name that may be kept for ever', async () => {
    for (const path of ['/', '/notices', '/about', '/notices/n-5']) expect(await text(path)).not.toContain('<script');
    for (const path of ['/notices/n-1', '/notices/n-4', '/log/']) {
      expect(await text(path)).toContain(`<script type="module" src="${verifyScript.path}"></script>`);
    }
    const script = await get(verifyScript.path);
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(await script.text()).toBe(verifyScript.content);
  });

  test('a copy is a download, and nothing in script or style ends the element it stands in', async () => {
    const copy = await get('/notices/n-1/verifiable.html');
    expect(copy.headers.get('content-disposition')).toBe('attachment; filename="notice-n-1.html"');
    expect(copy.headers.get('cache-control')).toBe('no-cache');
    expect(verifyScript.content).not.toMatch(/<\/script|<!--|<script/i);
    expect(stylesheet.content).not.toMatch(/<\//);
    expect(await copy.text()).toContain('default-src &#x27;none&#x27;; script-src &#x27;sha256-');
  });

  test('the page of the log is there with and without the slash, in both languages', async () => {
    for (const path of ['/log/', '/log', '/log/?lang=en']) {
      const page = await text(path);
      for (const said of ['/log/checkpoint', '/log/vkey', '/log/policy', 'mingjing witness'])
        expect(page).toContain(said);
    }
    expect(await text('/log/')).toContain('目前不要求见证');
    expect(links(await text('/'))).toContain('/log/');
    expect(links(await text('/about'))).toContain('/log/');
  });

  test('the commands on the page of the log run as they are printed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mingjing-page-commands-'));
    const page = await text('/log/');
    const lines = [...page.matchAll(/<pre><code>(curl[^<]*)<\/code>/g)].flatMap(([, code]) => code.split('\n'));
    const printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const status = process.exitCode;
    const inFolder = (word: string): string =>
      /^(trust\.policy|monitor|witness|.*-proof)$/.test(word) ? join(folder, word) : word;
    try {
      const [proof] = links(await text('/notices/n-3')).filter((href) => href.endsWith('.tlog-proof'));
      writeFileSync(join(folder, 'FILE.tlog-proof'), await text(proof));
      const ran: string[] = [];
      for (const line of lines) {
        const [, url, file] = /^curl -fsS (\S+) -o (\S+)$/.exec(line) ?? [];
        if (url) {
          writeFileSync(join(folder, file), await (await fetch(url)).text());
          continue;
        }
        const [, name, ...words] = line.split(' ');
        const args = words.map(inFolder);
        ran.push(name);
        if (name === 'monitor') args.push('--once');
        // A witness runs until it is stopped: making its key shows that it takes these options and can trust this log.
        if (name === 'witness') args.unshift('vkey');
        await program.parseAsync([name, ...args], { from: 'user' });
        expect([name, process.exitCode ?? 0]).toEqual([name, 0]);
      }
      expect(ran).toEqual(['verify', 'monitor', 'witness']);
      expect(await trustedLogs(logLines(readFileSync(join(folder, 'trust.policy'), 'utf8')))).toHaveProperty('size', 1);
    } finally {
      printed.mockRestore();
      process.exitCode = status;
      rmSync(folder, { recursive: true });
    }
  });

  test('a log that stands still is an alarm on its page, which says why', () => {
    const view = viewOf({ publicUrl: 'https://mingjing.example' } as ApiConfig, {
      url: '/log/',
      query: {},
      headers: {},
    });
    const condition: LogCondition = {
      ...{ state: 'frozen', size: 7, behind: 3, ageMs: 65_000, cosignedBy: [], witnessTroubles: [] },
    };
    const shown = (more: Partial<LogCondition>): string => {
      const log = { condition: { ...condition, ...more }, cosigners: [], keys: [] };
      return renderPage(view, { title: '', content: createElement(LogPage, { log, keys: [] }) });
    };
    const page = shown({});
    const since = '2026-03-02T02:00:00.000Z';
    const trouble = (code: string) => ({ trouble: { code, since, zh: '', en: '' } });
    const witnessTroubles = [{ witness: 'university', code: 'witness.unreachable', zh: '', en: '' }];
    expect(page).toContain('程序或存储有故障');
    expect(shown({ ...trouble('ENOSPC'), witnessTroubles })).toContain('程序或存储有故障');
    expect(shown({ ...trouble('log.quorum_not_met'), witnessTroubles })).toContain('见证人没有附署（university）');
    expect(shown(trouble('log.witness_conflict'))).toContain('有见证人见过与此不同的日志');
    expect(page).toMatch(/role="alert".*警报：日志停住了.*有 3 条登记等候写入，最早的一条已等了 65 秒/s);
  });

  test('the committed script is what its sources make: npm run build:browser', () => {
    const directory = mkdtempSync(join(tmpdir(), 'mingjing-bundle-'));
    try {
      const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
      const [program, ...options] = scripts['build:browser'].split(' ');
      const outfile = join(directory, 'verify.js');
      const made = options.map((option) => (option.startsWith('--outfile=') ? `--outfile=${outfile}` : option));
      execFileSync(join('node_modules', '.bin', program), made, { ...BOUNDED, stdio: 'inherit' });
      expect(readFileSync(outfile, 'utf8')).toBe(verifyScript.content);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
