import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { sharedEventStore } from '../eventstoredb/scripted-process';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { freePort } from '../free-port';
import { until } from '../until';
import { DOCKER, SETTINGS_OF_COMPOSE } from './compositions';
import { outside, Started } from './outside-containers';

const CLUSTER = 'compose.cluster.yaml';
const home = mkdtempSync(join(tmpdir(), 'mingjing-docker-nodes-'));
const volumes = join(home, 'volumes');
const file = (name: string): string => join(home, name);
const running: Started[] = [];
const ends: (() => Promise<void>)[] = [];

beforeAll(() => {
  process.env.MINGJING_PUBLIC_URL = SETTINGS_OF_COMPOSE.MINGJING_PUBLIC_URL;
  mkdirSync(volumes);
});
afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  for (const end of ends) await end();
  rmSync(home, { recursive: true });
});

/** A service of ours with its own command, at addresses of this machine. */
function started(composition: string, name: string, instead: Record<string, string>): Started {
  const service = Started.outside(outside(composition, name, { docker: DOCKER, volumes, instead }));
  running.push(service);
  return service;
}

const HERE = { MINGJING_HOST: '127.0.0.1', PORT: '0' };
const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

it('compose.yaml: the node is ready with its own volume alone, and ends in good order', async () => {
  const node = started('compose.yaml', 'mingjing', HERE);
  const [, url] = await node.says(/明镜 Mingjing {2}(http\S+)/);
  await until(() => isReady(url));
  expect(await node.stops()).toBe(0);
});

it('compose.cluster.yaml: two nodes and two witnesses; one leads, and when it stops the other does', async () => {
  const keys = await LogKeys.open({ file: file('log.key'), origin: 'jc.example.gov.cn/log' });
  writeFileSync(file('logs.txt'), keys.verifierKeys.map((line) => `${line}\n`).join(''));
  writeFileSync(file('vault.key'), `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });

  const witnesses: Array<{ witness: Started; line: string; name: string }> = [];
  for (const name of ['witness-1', 'witness-2']) {
    const at = { MINGJING_WITNESS_LISTEN: '127.0.0.1:0', MINGJING_WITNESS_LOGS: file('logs.txt') };
    const witness = started(CLUSTER, name, at);
    const [, url, vkey] = await witness.says(/witness {2}(http\S+)\n(\S+)\n/);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok' });
    witnesses.push({ witness, line: `witness ${name} ${vkey} ${url}\n`, name });
  }
  const group = `group both 2 ${witnesses.map(({ name }) => name).join(' ')}\nquorum both\n`;
  writeFileSync(file('policy.txt'), witnesses.map(({ line }) => line).join('') + group);

  const events = await sharedEventStore();
  ends.push(() => events.stop());
  const schema = freshSchema();
  ends.push(() => dropSchema(schema));
  writeFileSync(file('eventstore-url'), `${events.eventStoreUrl}\n`, { mode: 0o600 });
  writeFileSync(file('postgres-url'), `${schema.url}\n`, { mode: 0o600 });
  const nodes: Array<{ node: Started; leads: () => Promise<boolean> }> = [];
  for (const name of ['node-1', 'node-2']) {
    const metrics = await freePort();
    const node = started(CLUSTER, name, {
      ...HERE,
      MINGJING_METRICS_PORT: String(metrics),
      MINGJING_EVENTSTORE_FILE: file('eventstore-url'),
      MINGJING_EVENTSTORE_PREFIX: events.eventStorePrefix,
      MINGJING_POSTGRES_FILE: file('postgres-url'),
      MINGJING_POSTGRES_SCHEMA: schema.schema,
      MINGJING_LOG_KEY_FILE: file('log.key'),
      MINGJING_VAULT_KEY_FILE: file('vault.key'),
      MINGJING_WITNESS_POLICY: file('policy.txt'),
    });
    const leads = async (): Promise<boolean> =>
      /^mingjing_node_leads 1$/m.test(await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text());
    nodes.push({ node, leads });
  }
  for (const { node } of nodes) {
    const [, url] = await node.says(/明镜 Mingjing {2}(http\S+)/);
    await until(() => isReady(url));
  }
  const leading = async (): Promise<boolean[]> => Promise.all(nodes.map(({ leads }) => leads()));
  const only = await until(async () => {
    const all = await leading();
    return all.filter(Boolean).length === 1 && all;
  });
  const first = only.indexOf(true);
  const [leader, other] = [nodes[first], nodes[1 - first]];
  expect(await leader.node.stops()).toBe(0);
  await until(() => other.leads());
  expect(await other.node.stops()).toBe(0);
  for (const { witness } of witnesses) expect(await witness.stops()).toBe(0);
});
