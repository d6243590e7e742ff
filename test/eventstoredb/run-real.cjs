// npm run test:eventstoredb: the contract, the sealing and the product from end to end, on the server that EVENTSTORE_URL names.
const { spawnSync } = require('node:child_process');
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
const env = { ...process.env, MINGJING_TEST_EVENTSTORE_RUN: `mjtest-${randomUUID().slice(0, 8)}-` };
const run = (command, ...args) => {
  const { status } = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
};
const jest = join(root, 'node_modules/jest/bin/jest.js');
if (!existsSync(jest)) run('npm', 'ci'); // a fresh clone
const config = join(__dirname, 'jest.real.cjs');
run(process.execPath, jest, '--config', config, '--runInBand', ...process.argv.slice(2));
