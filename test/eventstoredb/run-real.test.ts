import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from './opened-stores';
import { ScriptedProcess } from './scripted-process';
import { BOUNDED } from '../child';

describe('npm run test:eventstoredb', () => {
  it('without a server says which setting is missing, and fails', () => {
    const env = { ...process.env, EVENTSTORE_URL: '' };
    const { status, stderr } = spawnSync(process.execPath, [join(__dirname, 'run-real.cjs')], {
      ...BOUNDED,
      env,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/EVENTSTORE_URL is not set/);
  });

  describe('on a server that others use too', () => {
    let server: ScriptedProcess;
    beforeEach(async () => {
      server = await ScriptedProcess.start();
      await server.share(5);
    });
    afterEach(() => server.stop());

    /** Its exit status and what it said. */
    async function ran(
      run: string,
      suite: string,
      meanwhile?: (child: ChildProcess) => Promise<void>,
    ): Promise<[status: number, said: string]> {
      const env = { ...process.env, EVENTSTORE_URL: server.connectionString, MINGJING_TEST_EVENTSTORE_RUN: run };
      const child = spawn(process.execPath, [join(__dirname, 'run-real.cjs'), suite], { env });
      let said = '';
      for (const out of [child.stdout, child.stderr]) out.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const exited = once(child, 'exit');
      await meanwhile?.(child);
      const [status] = (await exited) as [number];
      return [status, said];
    }

    it('passes, and leaves nothing of its own', async () => {
      const [status, said] = await ran('mjtest-whole-', 'ledger.real');
      expect(said).toMatch(/[1-9]\d* streams of this run are deleted, none is left/);
      expect(status).toBe(0);
      expect([await server.living('mjtest-whole-'), await server.living('mjtest-')]).toEqual([0, 1]);
    }, 120_000);

    it('leaves nothing when it is broken off in the middle either', async () => {
      const [status, said] = await ran('mjtest-broken-', 'contract.real', async (child) => {
        await until(async () => (await server.living('mjtest-broken-')) > 3);
        child.kill('SIGTERM');
      });
      expect(said).toMatch(/streams of this run are deleted, none is left/);
      expect(status).toBe(130);
      expect(await server.living('mjtest-broken-')).toBe(0);
    }, 120_000);
  });
});
