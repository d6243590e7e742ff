const { execFileSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/** Suites of several nodes share rows and keys in PostgreSQL 15 or later; where there is none, they are left to `npm test`. */
const INSTALLED = '/usr/lib/postgresql';
const END_TO_END = join(__dirname, '../end-to-end');
const lacking = whatLacks();
const left = lacking ? readdirSync(END_TO_END).filter(needsPostgres) : [];
if (lacking) console.error(`${lacking}: these suites are not run, everything else is: ${left.join(', ')}`);

function needsPostgres(name) {
  const source = readFileSync(join(END_TO_END, name), 'utf8');
  return name.endsWith('.test.ts') && /PostgresServer|freshSchema|inPostgres|'\.\/nodes'/.test(source);
}

function whatLacks() {
  if (process.env.MINGJING_TEST_POSTGRES) return undefined;
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED) : [];
  const found = versions.find((version) => existsSync(join(INSTALLED, version, 'bin/initdb')) && Number(version) >= 15);
  if (!found) return 'PostgreSQL 15 is not installed';
  try {
    if (process.getuid?.() === 0) execFileSync('id', ['-u', 'postgres'], { stdio: 'ignore' }); // it does not run as root
    execFileSync(join(INSTALLED, found, 'bin/initdb'), ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'PostgreSQL is installed, but cannot be started by this user';
  }
}

const base = require('../../jest.config');

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: join(__dirname, '../..'),
  testMatch: ['**/test/eventstoredb/*.real.ts', '**/test/end-to-end/*.test.ts'],
  testTimeout: 180_000, // a slow disk, and a server that others keep busy
  testPathIgnorePatterns: ['/node_modules/', ...left.map((name) => `/end-to-end/${name}$`)],
  globalSetup: lacking ? undefined : base.globalSetup,
};
