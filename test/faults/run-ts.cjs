// Lets a child process of a test run TypeScript straight from the sources: `node -r ./test/faults/run-ts.cjs some-child.ts`.
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');
require('reflect-metadata');

const options = {
  module: { type: 'commonjs' },
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', tsx: true, decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};

for (const extension of ['.ts', '.tsx']) {
  require.extensions[extension] = (module, filename) => {
    const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename, swcrc: false });
    module._compile(code, filename);
  };
}
