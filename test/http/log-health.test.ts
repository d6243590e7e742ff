import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FROZEN_AFTER_MS, LogHealth } from '../../src/api/log-health';
import { JsonLogger } from '../../src/api/logger';
import { logOriginOf, readConfig, SETTINGS } from '../../src/config';
import { serveCommand } from '../../src/cli/serve.command';
import { openMingjing } from '../../src/server';
import { logPolicy, retiredKeyLines } from '../../src/transparency/log-policy';
import { parsePolicy, quorumMet } from '../../src/verification/policy';
import { formatVerifierKey, hexKeyId, verifierKeyOf } from '../../src/verification/verifier-key';
import * as Body from '../../src/registry/body-commands';
import { Running } from '../end-to-end/running';
import { Outsider } from './log-outsider';
import { until } from '../until';

const folder = mkdtempSync(join(tmpdir(), 'mingjing-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

const publicKey = (): Uint8Array => {
  const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return new Uint8Array(Buffer.from(x!, 'base64url'));
};
const witnessKey = async (name: string): Promise<string> =>
  formatVerifierKey(await verifierKeyOf(name, 'cosignature/v1', publicKey()));

async function policyFile(): Promise<string> {
  const file = join(folder, 'witnesses.txt');
  const lines = [
    '# 见证人',
    `witness procuratorate ${await witnessKey('witness.example/procuratorate')} http://127.0.0.1:9/`,
    `witness university ${await witnessKey('witness.example/university')} http://127.0.0.1:9/`,
    'group both all procuratorate university',
    'quorum both',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

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

describe('while the log cannot move', () => {
  let server: Running;
  beforeAll(async () => {
    server = new Running({
      seal: true,
      settings: { witnessPolicyFile: await policyFile(), readYourWritesTimeoutMs: 200 },
    });
    await server.start();
    await server.account('registrar', { roles: ['registrar', 'supervisor'] });
    await server.account('operator', { roles: ['admin'] });
  });
  afterAll(async () => {
    await server.stop();
    server.erase();
  });

  test('acts are recorded all the same, and it is told what the log waits for', async () => {
    const position = await server.give('registrar', 'bodies', 'body-1', Body.RegisterBody, body);
    await server.settle(); // the node is ready once there are rows
    const log = await until(async () => {
      const { status, json } = await server.request('GET', '/readyz');
      expect(status).toBe(200);
      const told = json.log as Record<string, unknown>;
      return told.trouble ? told : undefined;
    });
    expect(log).toMatchObject({
      state: 'live',
      size: 0,
      behind: position,
      trouble: 'log.quorum_not_met',
      cosignedBy: [],
    });
    const { json, text } = await server.request('GET', '/api/operations/log', { as: 'operator' });
    expect(json).toMatchObject({ trouble: { code: 'log.quorum_not_met' } });
    expect(json.witnessTroubles).toEqual([
      expect.objectContaining({ witness: 'procuratorate' }),
      expect.objectContaining({ witness: 'university' }),
    ]);
    expect(text).not.toContain(server.directory);
    expect((await server.request('GET', '/api/operations/log', { as: 'registrar' })).status).toBe(403);
  });

  test('a proof is to be asked for again in a moment', async () => {
    const { status, json, headers } = await server.request('GET', '/api/events/1/proof', { as: 'registrar' });
    // A body that is not announced yet is nobody’s to read; the proof waits only for those who may have it.
    expect([status, json.code]).toEqual([404, 'record.not_found']);
    for (const [command, fields] of [
      [Body.ReviewBody, { qualified: true }],
      [Body.FileBodyForRecord, { filedWith: '明镜市司法局', reference: '备案〔2023〕1号' }],
      [Body.AnnounceBody, { medium: '明镜市人民政府网站' }],
    ] as const) {
      await server.give('registrar', 'bodies', 'body-1', command, fields);
    }
    const waiting = await server.request('GET', '/api/events/1/proof', { as: 'registrar' });
    expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([503, '1']);
    expect(['log.not_sealed_in_time', 'log.not_published']).toContain(waiting.json.code);
    expect(headers.get('content-type')).toContain('problem+json');
  });
});

test('a log is frozen when events have waited too long for a checkpoint', async () => {
  const at = '2026-03-20T02:00:00.000Z';
  const conditionAfter = async (ageMs: number): Promise<string> => {
    const status = { at, ageMs, checkpoint: undefined, witnessTroubles: [], trouble: undefined };
    const sealing = { status: () => status, troubles: () => Promise.resolve(status) };
    const prover = { checkpoint: () => Promise.reject(new Error('none')) };
    const store = { head: () => Promise.resolve(7), readAll: () => Promise.resolve([]) };
    return (await new LogHealth(store, prover, sealing, { now: () => at }).now()).state;
  };
  expect(await conditionAfter(FROZEN_AFTER_MS)).toBe('live');
  expect(await conditionAfter(FROZEN_AFTER_MS + 1)).toBe('frozen');
});

describe('the policy that the log offers', () => {
  test('names its keys and its witnesses, not where they are asked', async () => {
    const [current, earlier] = await Promise.all(
      [1, 2].map(async () => formatVerifierKey(await verifierKeyOf('mingjing.example/log', 'ed25519', publicKey()))),
    );
    const configured = `log ${current} https://other.example\n\twitness  w ${await witnessKey('w')} http://10.0.0.7/secret \ngroup g any w\nquorum g\n`;
    const text = logPolicy(`${current}\n${earlier}\n`, 'https://mingjing.example/log', configured);
    const policy = await parsePolicy(text);
    expect(policy.logs.map(({ key, url }) => [formatVerifierKey(key), url])).toEqual([
      [current, 'https://mingjing.example/log'],
      [earlier, 'https://mingjing.example/log'],
    ]);
    expect(text).not.toMatch(/secret|other\.example/);
    expect([quorumMet(policy, new Set()), quorumMet(policy, new Set(['w']))]).toEqual([false, true]);
    expect((await parsePolicy(logPolicy(current, undefined, ''))).quorum).toBe('none');
  });

  test('says of a retired key what it cannot have signed', async () => {
    const verifier = await verifierKeyOf('mingjing.example/log', 'ed25519', publicKey());
    const key = formatVerifierKey(verifier);
    const known = retiredKeyLines([{ verifier, below: 1200 }, { verifier }]);
    const text = logPolicy(`${key}\n`, undefined, known.join('\n'));
    expect(text.split('\n').filter((line) => line.includes('1200'))).toEqual([
      expect.stringMatching(
        new RegExp(`^# .*mingjing\\.example/log\\+${hexKeyId(verifier)} .*no checkpoint of 1200 entries`),
      ),
    ]);
    expect((await parsePolicy(text)).logs).toHaveLength(1);
  });

  test('is served with the witnesses of the settings', async () => {
    const server = new Running({ seal: true, settings: { witnessPolicyFile: await policyFile() } });
    await server.start();
    try {
      const outsider = new Outsider(server.url);
      await until(async () => (await outsider.get('/log/policy')).status !== 503);
      const { witnesses, quorum } = await outsider.policy();
      expect([witnesses.map(({ name, url }) => [name, url]), quorum]).toEqual([
        [
          ['procuratorate', undefined],
          ['university', undefined],
        ],
        'both',
      ]);
    } finally {
      await server.stop();
      server.erase();
    }
  });
});

describe('the settings of the log', () => {
  test.each([
    ['ledger.example.gov.cn/log', { logOrigin: 'ledger.example.gov.cn/log', publicUrl: 'https://other.example' }],
    ['mingjing.example/log', { logOrigin: '', publicUrl: 'https://mingjing.example/' }],
    [
      'mingjing.example:8443/enforcement/log',
      { logOrigin: '', publicUrl: 'https://mingjing.example:8443/enforcement' },
    ],
    [undefined, { logOrigin: '', publicUrl: '' }],
  ])('name it %s', (origin, config) => expect(logOriginOf(config)).toBe(origin));

  test.each([
    { logOrigin: 'two words', publicUrl: '' },
    { logOrigin: 'a+b', publicUrl: '' },
    { logOrigin: '', publicUrl: 'not an address' },
  ])('are refused where they give no name: %j', (config) => {
    expect(() => logOriginOf(config)).toThrow(expect.objectContaining({ code: 'config.log_origin' }));
  });

  test('never print the key', () => {
    const secret = 'MC4CAQAwBQYDK2VwBCIEIA-nothing-of-this';
    const log: string[] = [];
    const config = readConfig({ MINGJING_LOG_KEY: secret });
    expect(config.logKey).toBe(secret);
    new JsonLogger('trace', { write: (line: string) => void log.push(line) }).pino.info({ config }, 'settings');
    let help = '';
    serveCommand()
      .configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    expect(help).toContain(SETTINGS.logKey.env);
    expect(help).toMatch(new RegExp(`${SETTINGS.logKey.env}.*lines of such a file$`, 'm'));
    expect([...log, help].join('')).not.toContain(secret);
  });

  test('are told at once when they are wrong, and leave nothing locked', async () => {
    const directory = mkdtempSync(join(folder, 'data-'));
    const base = { ...readConfig({ MINGJING_DATA: directory }), logOrigin: 'first.example/log' };
    const open = (more: object) => openMingjing({ ...base, ...more }, { logger: new JsonLogger('silent') });
    await (await open({})).close();
    await expect(open({ logOrigin: 'second.example/log' })).rejects.toMatchObject({ code: 'log.origin_changed' });
    await expect(open({ witnessPolicyFile: join(folder, 'none') })).rejects.toMatchObject({
      code: 'config.witness_policy',
    });
    chmodSync(join(directory, 'log.key'), 0o644);
    await expect(open({})).rejects.toMatchObject({ code: 'log.key_exposed' });
    chmodSync(join(directory, 'log.key'), 0o600);
    // Without a name in the settings it keeps the one it has.
    const again = await open({ logOrigin: '' });
    expect((await again.app.get(LogHealth).now()).origin).toBe('first.example/log');
    await again.close();
  });
});
