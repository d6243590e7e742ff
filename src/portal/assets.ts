import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataFolder } from '../law/parameters';

/** A file that pages refer to. Its name holds its digest, so a browser may keep it for ever. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly content: string;
}

function asset(file: string, type: string): Asset {
  const content = readFileSync(join(dirname(dataFolder()), 'portal', 'assets', file), 'utf8');
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16);
  return { path: `/assets/${file.replace('.', `.${digest}.`)}`, type, content };
}

export const stylesheet = asset('portal.css', 'text/css; charset=utf-8');
export const mark = asset('mark.svg', 'image/svg+xml');
/** Made of `verifier/` by `npm run build:browser`. */
export const verifyScript = asset('verify.js', 'text/javascript; charset=utf-8');
export const assets: readonly Asset[] = [stylesheet, mark, verifyScript];
