const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

/** Suites of several nodes share rows and keys in PostgreSQL 15 or later; where there is none, they are left to `npm test`. */
const INSTALLED = '/usr/lib/postgresql';
const hasPostgres =
  Boolean(process.env.MINGJING_TEST_POSTGRES) ||
  (existsSync(INSTALLED) && readdirSync(INSTALLED).some((version) => Number(version) >= 15));
if (!hasPostgres) console.error('PostgreSQL 15 is not installed: end-to-end/many-nodes is not run.');

const base = require('../../jest.config');

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: join(__dirname, '../..'),
  testMatch: ['**/test/eventstoredb/*.real.ts', '**/test/end-to-end/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(hasPostgres ? [] : ['/many-nodes'])],
  globalSetup: hasPostgres ? base.globalSetup : undefined,
  globalTeardown: join(__dirname, 'clean-after-jest.ts'),
};
