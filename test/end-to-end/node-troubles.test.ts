import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as Body from '../../src/registry/body-commands';
import { formatVerifierKey, verifierKeyOf } from '../../src/verification/verifier-key';
import { sharedEventStore, type SharedEventStore } from '../eventstoredb/scripted-process';
import { PostgresServer } from '../postgres/server';
import { freePort, scrape as scrapeAt } from '../telemetry/free-port';
import { until } from '../until';
import { Running } from './running';

const home = mkdtempSync(join(tmpdir(), 'mingjing-troubles-'));
const nodes: Running[] = [];
const metricsPorts: number[] = [];
let postgres: PostgresServer;
let events: SharedEventStore;

const witnessLine = async (name: string): Promise<string> => {
  const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const key = await verifierKeyOf(
    `witness.example/${name}`,
    'cosignature/v1',
    new Uint8Array(Buffer.from(x!, 'base64url')),
  );
  return `witness ${name} ${formatVerifierKey(key)} http://127.0.0.1:9/\n`;
};

/** Two nodes over a PostgreSQL that can be stopped, and witnesses of whom none answers. */
beforeAll(async () => {
  postgres = await PostgresServer.start();
  events = await sharedEventStore();
  const witnessPolicyFile = join(home, 'policy.txt');
  const lines = [await witnessLine('procuratorate'), await witnessLine('university')];
  writeFileSync(witnessPolicyFile, `${lines.join('')}group both all procuratorate university\nquorum both\n`);
  const { eventStoreUrl, eventStorePrefix } = events;
  for (const nodeName of ['甲', '乙']) {
    const metricsPort = await freePort();
    metricsPorts.push(metricsPort);
    const node = new Running({
      seal: true,
      settings: {
        ...{ nodeName, eventStoreUrl, eventStorePrefix, witnessPolicyFile, metricsPort },
        ...{ postgresUrl: postgres.url, postgresSchema: 'mingjing', publicUrl: 'https://mingjing.example' },
      },
    });
    const [first] = nodes;
    if (first)
      for (const key of ['log.key', 'vault.key']) copyFileSync(join(first.directory, key), join(node.directory, key));
    nodes.push(node);
    await node.start();
  }
  await nodes[0].account('registrar', { roles: ['registrar', 'admin', 'investigator'] });
}, 120_000);
afterAll(async () => {
  await postgres.resume().catch(() => undefined); // it runs already, unless a test failed
  for (const node of nodes) {
    await node.stop();
    node.erase();
  }
  await events.stop();
  await postgres.remove();
  rmSync(home, { recursive: true });
});

const scrape = (n: number): Promise<string> => scrapeAt(metricsPorts[n]);

const register = async (node: Running, id: string): Promise<number> =>
  node.give('registrar', 'bodies', id, Body.RegisterBody, {
    ...{ name: `${id}执法局`, kind: 'statutory', region: '明镜市', uscc: '11230500001755309F' },
    ...{ legalRepresentative: '冯十', legalBasis: ['行政处罚法 17'], officeAddress: '明镜市示例路 1 号' },
    ...{ supervisionPhone: '12345', supervisionEmail: 'supervision@mingjing.example' },
  });

it('tells on every node which witnesses are missing, whichever seals', async () => {
  await register(nodes[0], 'unwitnessed');
  const names = ['procuratorate', 'university'];
  for (const [n, node] of nodes.entries()) {
    const told = await until(async () => {
      const { json } = await node.request('GET', '/api/operations/log', { as: 'registrar' });
      return (json.witnessTroubles as { witness: string }[]).length > 0 && json;
    });
    expect(told).toMatchObject({
      trouble: { code: 'log.quorum_not_met' },
      witnessTroubles: names.map(
        (witness) => expect.objectContaining({ witness, code: 'witness.unreachable' }) as object,
      ),
    });
    expect((await node.request('GET', '/readyz')).json.log).toMatchObject({ trouble: 'log.quorum_not_met' });
    const metrics = await scrape(n);
    for (const name of names) expect(metrics).toContain(`mingjing_log_witness_missing{witness="${name}"} 1`);
    expect(metrics).toContain('mingjing_log_trouble 1');
  }
  expect(nodes.map(({ mingjing }) => mingjing.lease!.fence !== undefined).sort()).toEqual([false, true]);
});

it('with PostgreSQL away names that one cause on every node, and is ready again when it is back', async () => {
  for (const node of nodes) {
    // Its rows are built first, which takes as long as its stores let it.
    const { json } = await until(async () => {
      const answer = await node.request('GET', '/readyz');
      return answer.status === 200 && answer;
    });
    expect(json.postgres).toBe('open');
  }
  await postgres.stop('immediate');
  for (const [n, node] of nodes.entries()) {
    const ready = await node.request('GET', '/readyz');
    expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '5']);
    expect(ready.json).toMatchObject({
      ...{ ready: false, ledger: 'open', postgres: 'away' },
      cause: { code: 'postgres.unavailable', zh: expect.stringContaining('PostgreSQL') as string },
    });
    expect(ready.text).not.toMatch(/stalled|"projections"|"processes"/);
    expect((await node.request('GET', '/healthz')).status).toBe(200);
    const read = await node.request('GET', '/api/public-notices');
    expect([read.status, read.json.code, read.headers.get('retry-after')]).toEqual([503, 'postgres.unavailable', '2']);
    const metrics = await scrape(n);
    expect(metrics).toMatch(/^mingjing_postgres_up 0$/m);
    expect(metrics).not.toMatch(/state="stalled"/);
  }
  await postgres.resume();
  for (const [n, node] of nodes.entries()) {
    await until(async () => (await node.request('GET', '/readyz')).status === 200);
    expect(await scrape(n)).toMatch(/^mingjing_postgres_up 1$/m);
  }
});
