// A thread that the sources start is a TypeScript file here; it reads the sources as the child processes of tests do.
const threads = require('node:worker_threads');
const { join } = require('node:path');

const { Worker } = threads;
if (!Worker.readsTypeScript) {
  threads.Worker = class extends Worker {
    static readsTypeScript = true;

    constructor(file, options) {
      const hook = /\.tsx?$/.test(String(file)) ? ['-r', join(__dirname, 'faults/run-ts.cjs')] : undefined;
      super(file, { ...options, ...(hook && { execArgv: hook }) });
    }
  };
}
