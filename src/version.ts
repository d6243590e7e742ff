import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from './law/parameters';

/** The program's version, as its package says. */
export const { version: VERSION } = JSON.parse(readFileSync(join(dataFolder(), '../../package.json'), 'utf8')) as {
  version: string;
};
