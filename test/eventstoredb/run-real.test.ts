import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

describe('npm run test:eventstoredb', () => {
  it('without a server says which setting is missing, and fails', () => {
    const env = { ...process.env, EVENTSTORE_URL: '' };
    const { status, stderr } = spawnSync(process.execPath, [join(__dirname, 'run-real.cjs')], {
      env,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/EVENTSTORE_URL is not set/);
  });
});
