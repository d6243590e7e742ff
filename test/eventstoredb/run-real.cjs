// npm run test:eventstoredb: the contract, the sealing and the product from end to end, on the server that EVENTSTORE_URL names. Also when
// it is broken off, the streams that it made are deleted.
const { spawn } = require('node:child_process');
const { randomUUID } = require('node:crypto');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

if (!process.env.EVENTSTORE_URL) {
  console.error(
    'EVENTSTORE_URL is not set. Example: EVENTSTORE_URL="esdb://127.0.0.1:2113?tls=false" npm run test:eventstoredb',
  );
  process.exit(2);
}

const root = join(__dirname, '../..');
const RUN = process.env.MINGJING_TEST_EVENTSTORE_RUN || `mjtest-${randomUUID().slice(0, 8)}-`;
const env = { ...process.env, MINGJING_TEST_EVENTSTORE_RUN: RUN };
if (/[?&]tlsVerifyCert=false/i.test(env.EVENTSTORE_URL)) {
  console.error(
    'tlsVerifyCert=false has no effect in this client: name the certificate that signs by tlsCAFile=<path>.',
  );
}
const IS_WINDOWS = process.platform === 'win32';
let running;
let brokenOff = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (!brokenOff && running) pass(signal);
    brokenOff = true;
  });
}

/** To all that were started, such as PostgreSQL. */
function pass(signal) {
  try {
    process.kill(IS_WINDOWS ? running.pid : -running.pid, signal);
  } catch {
    // it has ended
  }
}

/** @returns its exit status */
function run(command, ...args) {
  // A group of its own: Ctrl-C at the terminal is for this program to pass on.
  running = spawn(command, args, { cwd: root, env, stdio: 'inherit', shell: IS_WINDOWS, detached: !IS_WINDOWS });
  return new Promise((resolve) => {
    running.on('error', (error) => resolve(console.error(error.message) ?? 1));
    running.on('exit', (status) => resolve(status ?? 1));
  });
}

const jest = join(root, 'node_modules/jest/bin/jest.js');
const step = (name) =>
  run(process.execPath, '-r', join(root, 'test/faults/run-ts.cjs'), join(__dirname, 'real-run.ts'), name);

async function main() {
  if (!existsSync(jest) && (await run('npm', 'ci')) !== 0) return 1; // a fresh clone
  if ((await step('before')) !== 0) return 1;
  const config = join(__dirname, 'jest.real.cjs');
  const tested = await run(process.execPath, jest, '--config', config, '--runInBand', ...process.argv.slice(2));
  const cleaned = await step('after');
  return tested || cleaned;
}

void main().then((status) => process.exit(brokenOff ? 130 : status));
