const { join } = require('node:path');

/** @type {import('jest').Config} */
module.exports = {
  ...require('../../jest.config'),
  rootDir: join(__dirname, '../..'),
  testMatch: ['**/test/eventstoredb/*.real.ts', '**/test/end-to-end/*.test.ts'],
  testTimeout: 60_000,
  globalSetup: undefined, // what these suites need besides the server is embedded
  globalTeardown: join(__dirname, 'clean-after-jest.ts'),
};
