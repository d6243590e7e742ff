import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WAIT_MS } from '../until';
import { chromium, type BrowserContext, type BrowserContextOptions } from 'playwright-core';

/** `CHROMIUM`, or where Debian puts it. */
const executable = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Why browser tests cannot run here; undefined when they can. */
export const noBrowser: string | undefined = existsSync(executable)
  ? undefined
  : `no browser at ${executable}: install chromium, or set CHROMIUM to one`;

/** A suite that needs a browser. Without one it is skipped, and its name says why. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (noBrowser) process.stderr.write(`skipped: ${name}: ${noBrowser}\n`);
  (noBrowser ? describe.skip : describe)(noBrowser ? `${name} (skipped: ${noBrowser})` : name, tests);
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser with a fresh profile. A test asks for a context of its own kind: without scripts, dark, narrow. */
export interface TestBrowser {
  context(options?: BrowserContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}

export async function launchBrowser(): Promise<TestBrowser> {
  const scratch = mkdtempSync(join(tmpdir(), 'mingjing-browser-'));
  const browser = await chromium.launch({
    executablePath: executable,
    headless: true,
    timeout: WAIT_MS,
    args: FLAGS,
    env: { ...process.env, HOME: scratch, XDG_CONFIG_HOME: scratch, XDG_CACHE_HOME: scratch },
  });
  return {
    context: async (options) => {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(WAIT_MS);
      return context;
    },
    close: async () => {
      await browser.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
