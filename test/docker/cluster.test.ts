import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type Server } from 'node:tls';
import { WrappingKeys } from '../../src/ledger/commitment/wrapping-keys';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { parsePolicy } from '../../src/verification/policy';
import { ScriptedServer } from '../eventstoredb/scripted-server';
import { BOUNDED } from '../child';
import { composition, DOCKER, secretsOf, SETTINGS_OF_COMPOSE } from './compositions';
import { engineStandIn, outside, Started } from './outside-containers';

const isRoot = process.getuid?.() === 0;
const CLUSTER = 'compose.cluster.yaml';
const home = mkdtempSync(join(tmpdir(), 'mingjing-prepare-'));
const docker = join(home, 'docker');
const volumes = join(home, 'volumes');
const secret = (name: string): string => readFileSync(join(docker, 'secrets', name), 'utf8');
const engine = engineStandIn(volumes);

/** The script, on a copy of the folder. Who is not root is taken for root, and gives nothing away. */
function prepare(): string {
  if (!isRoot)
    for (const [name, does] of [
      ['id', 'echo 0'],
      ['chown', ':'],
    ])
      writeFileSync(join(engine.path, name), `#!/bin/sh\n${does}\n`, { mode: 0o755 });
  const env = { ...process.env, ...SETTINGS_OF_COMPOSE, PATH: `${engine.path}:${process.env.PATH}` };
  return execFileSync('sh', [join(docker, 'prepare.sh')], { ...BOUNDED, env, encoding: 'utf8' });
}

beforeAll(() => {
  cpSync(DOCKER, docker, { recursive: true, filter: (path) => !path.endsWith('/secrets') });
  process.env.MINGJING_PUBLIC_URL = SETTINGS_OF_COMPOSE.MINGJING_PUBLIC_URL;
  expect(prepare()).toContain('up --detach --wait');
});
afterAll(() => {
  engine.remove();
  rmSync(home, { recursive: true });
});

describe('prepare.sh', () => {
  it('makes every secret that the cluster declares, each for the one account that reads it', () => {
    const whole = composition(CLUSTER);
    for (const service of Object.values(whole.services)) {
      for (const { file } of secretsOf(whole, service)) {
        const { mode, uid } = statSync(join(docker, file));
        const shared = (mode & 0o777) === 0o444;
        expect([file, (mode & 0o077) === 0 || shared]).toEqual([file, true]);
        const reader = Number((service.user ?? '1000').split(':')[0]);
        if (isRoot && !shared) expect([file, uid]).toEqual([file, reader]);
        expect(readFileSync(join(docker, file), 'utf8')).not.toBe('');
      }
    }
    expect(statSync(join(docker, 'secrets/certificates')).mode & 0o077).toBe(0);
  });

  it('makes certificates of one authority, for the names by which the stores are called', () => {
    const authority = new X509Certificate(secret('ca.crt'));
    expect(authority.ca).toBe(true);
    for (const name of ['kurrentdb-1', 'kurrentdb-2', 'kurrentdb-3', 'postgres']) {
      const certificate = new X509Certificate(secret(`${name}.crt`));
      expect(certificate.verify(authority.publicKey)).toBe(true);
      expect(certificate.checkHost(name)).toBe(name);
      // TLS both ways: a node of KurrentDB is a client of the others.
      expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
      expect(certificate.subject).toContain(name === 'postgres' ? 'CN=postgres' : 'CN=mingjing-kurrentdb');
    }
    expect(new X509Certificate(secret('public.crt')).checkHost('jc.example.gov.cn')).toBe('jc.example.gov.cn');
  });

  it('makes keys of the log and the vault that the nodes can use, and a policy of both witnesses', async () => {
    const keys = await LogKeys.read(join(docker, 'secrets/keys/log.key'));
    expect(keys!.origin).toBe('jc.example.gov.cn/log');
    expect(secret('logs.txt').trim()).toBe(keys!.verifierKeys.join('\n'));
    expect(WrappingKeys.open({ file: join(docker, 'secrets/keys/vault.key') }).ids).toHaveLength(1);
    const policy = await parsePolicy(secret('policy.txt'));
    expect(policy.witnesses.map(({ url }) => url)).toEqual(['http://witness-1:7380', 'http://witness-2:7380']);
    expect(policy.groups).toMatchObject([{ threshold: 2, members: ['one', 'two'] }]);
  });

  it('draws every password anew, and keeps what is there when it is run again', () => {
    const names = [
      'kurrentdb-admin-password',
      'kurrentdb-password',
      'postgres-admin-password',
      'postgres-password',
      'grafana-password',
    ];
    const passwords = names.map(secret);
    expect(new Set(passwords).size).toBe(names.length);
    for (const password of passwords) expect(password).toMatch(/^[0-9a-f]{64}\n$/);
    const kept = ['keys/log.key', 'keys/vault.key', 'policy.txt', 'kurrentdb-1.key', 'eventstore-url', ...names];
    const before = kept.map(secret);
    prepare();
    expect(kept.map(secret)).toEqual(before);
  });
});

describe('the job that sets the rights', () => {
  const served = new ScriptedServer();
  const accounts = new Map<string, string>();
  let front: Server;
  beforeAll(async () => {
    await served.start();
    front = await inFrontOf(served, accounts);
  });
  afterAll(async () => {
    front.close();
    await served.stop();
  });

  it('makes the account and the access lists over TLS, once; run again, it changes nothing but the account’s password', async () => {
    const job = (): Started => {
      const host = `localhost:${(front.address() as AddressInfo).port}`;
      const run = outside(CLUSTER, 'rights', {
        docker,
        volumes,
        instead: {
          EVENTSTORE_HOSTS: host,
          EVENTSTORE_CA: join(docker, 'secrets/ca.crt'),
          NODE_EXTRA_CA_CERTS: join(docker, 'secrets/ca.crt'),
          NODE_PATH: join(__dirname, '../../node_modules'),
        },
      });
      return Started.outside(run);
    };
    const first = job();
    expect([await first.ends(), first.said]).toEqual([
      0,
      'account mingjing: made\ndefault rights: made\nrights of $all: made\n',
    ]);
    accounts.set('mingjing', 'forgotten');
    const second = job();
    expect([await second.ends(), second.said]).toEqual([
      0,
      'account mingjing: there\ndefault rights: there\nrights of $all: there\n',
    ]);
    expect([...accounts]).toEqual([['mingjing', secret('kurrentdb-password').trim()]]);
    const admin = Buffer.from(`admin:${secret('kurrentdb-admin-password').trim()}`).toString('base64');
    expect([...served.calls.authorization]).toEqual([`Basic ${admin}`]);
    const written = served.log.events.map(({ stream, type }) => `${stream} ${type}`);
    expect(written).toEqual(['$settings update-default-acl', '$$$all $metadata']);
  });
});

/** TLS with a node's certificate: HTTP/2 goes to the scripted server, HTTP to where users are kept. */
async function inFrontOf(served: ScriptedServer, accounts: Map<string, string>): Promise<Server> {
  const http = createHttpServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { loginName, password, newPassword } = JSON.parse(body) as Record<string, string>;
      const [, login] = /^\/users\/(\w+)\/command\/reset-password$/.exec(request.url!) ?? [];
      const taken = accounts.has(loginName);
      if (login) accounts.set(login, newPassword);
      else if (!taken) accounts.set(loginName, password);
      response.writeHead(login ? 200 : taken ? 409 : 201).end();
    });
  });
  const options = {
    cert: secret('kurrentdb-1.crt'),
    key: secret('kurrentdb-1.key'),
    ALPNProtocols: ['h2', 'http/1.1'],
  };
  const front = createTlsServer(options, (socket) => {
    socket.on('error', () => undefined);
    if (socket.alpnProtocol !== 'h2') return void http.emit('connection', socket);
    const to: Socket = connect(served.port, '127.0.0.1');
    to.on('error', () => socket.destroy());
    socket.pipe(to).pipe(socket);
  });
  await new Promise((resolve) => front.listen(0, 'localhost', () => resolve(undefined)));
  return front;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body || '{}';
}
