const { availableParallelism } = require('node:os');

// ES-module packages that Jest must transform to CommonJS; everything else in node_modules is left alone.
const esModules = [
  '@nestjs',
  'cookie',
  'content-disposition',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
  'feed',
  'kysely',
  'uuid',
];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  maxWorkers: Math.max(2, availableParallelism() - 1), // tests wait more than they compute
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  testTimeout: 180_000, // a busy machine is no failure: tests have no limits of their own unless they need more
  globalSetup: '<rootDir>/test/postgres/start-for-jest.ts',
  globalTeardown: '<rootDir>/test/end-of-run.ts',
  forceExit: true, // a test that failed before it closed what it opened is a failure, not a run without end
  setupFiles: ['reflect-metadata', '<rootDir>/test/set-up-threads.js'],
  transform: {
    '^.+\\.[cm]?[jt]sx?$': [
      '@swc/jest',
      {
        module: { type: 'commonjs' },
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', tsx: true, decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
            react: { runtime: 'automatic' },
          },
        },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
};
