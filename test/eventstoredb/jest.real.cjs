const { join } = require('node:path');

/** @type {import('jest').Config} */
module.exports = {
  ...require('../../jest.config'),
  rootDir: join(__dirname, '../..'),
  testMatch: ['**/test/eventstoredb/*.real.ts'],
  testTimeout: 60_000,
};
