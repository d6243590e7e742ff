import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/config';
import { Monitor } from '../../src/monitoring/monitor';
import * as Body from '../../src/registry/body-commands';
import { parsePolicy } from '../../src/verification/policy';
import { logLines, trustedLogs } from '../../src/witness/trusted-logs';
import { Running } from '../end-to-end/running';
import { Outsider } from '../http/log-outsider';
import { atEnd, newDirectory, runningWitness } from '../witness/running-witness';
import { syntheticLog } from '../witness/synthetic-log';

const body = {
  name: '明镜市市场监督管理局',
  kind: 'statutory',
  region: '明镜市',
  uscc: '11230500001755309F',
  legalRepresentative: '冯十',
  legalBasis: ['行政处罚法第17条'],
  officeAddress: '明镜市明光路1号',
  supervisionPhone: '12345',
  supervisionEmail: 'jd@mingjing.example',
};

it('an agency records, a university cosigns, and an outsider follows with the policy that the log shows', async () => {
  const settings: { -readonly [K in keyof Config]?: Config[K] } = {};
  const agency = new Running({ seal: true, settings });
  await agency.start();
  atEnd(async () => {
    await agency.stop();
    agency.erase();
  });
  await agency.account('registrar', { roles: ['registrar', 'supervisor'] });
  const directory = newDirectory();

  const vkeys = await new Outsider(agency.url).text('/log/vkey');
  const witness = await runningWitness(await syntheticLog(1), { logs: await trustedLogs(logLines(vkeys)) });
  settings.witnessPolicyFile = join(directory, 'witnesses.txt');
  writeFileSync(settings.witnessPolicyFile, `witness university ${witness.vkey} ${witness.url}\nquorum university\n`);
  await agency.restart();
  const outsider = new Outsider(agency.url);
  const position = await agency.give('registrar', 'bodies', 'b-1', Body.RegisterBody, body);
  await outsider.sealed(position);

  const policy = await parsePolicy(await outsider.text('/log/policy'));
  const monitor = await Monitor.open({ url: `${agency.url}/log`, policy, directory: join(directory, 'monitor') });
  atEnd(() => monitor.close());
  const look = await monitor.look();
  expect(look).toMatchObject({ findings: [{ code: 'monitor.consistent' }] });
  expect(look.size).toBeGreaterThanOrEqual(position);
  expect(policy.quorum).toBe('university');
  const shown = await outsider.text('/log/checkpoint');
  expect(readFileSync(join(directory, 'monitor/mirror/checkpoint'), 'utf8')).toBe(shown);
  expect(await (await fetch(`${witness.url}/health`)).json()).toMatchObject({ logs: [{ size: look.size }] });
});
