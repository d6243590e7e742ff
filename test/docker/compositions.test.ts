import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { program } from '../../src/cli';
import { readConfig, SETTINGS } from '../../src/config';
import { MAX_APPEND_BYTES } from '../../src/ledger/event-store';
import {
  composition,
  COMPOSITIONS,
  DOCKER,
  networksOf,
  secretsOf,
  SETTINGS_OF_COMPOSE,
  type Service,
} from './compositions';

const OURS = 'mingjing:0.1.0';
/** What a service does once and ends with, so that nobody asks after its health. */
const JOBS = ['rights', 'keys', 'vault-keys'];
const cluster = composition('compose.cluster.yaml', SETTINGS_OF_COMPOSE);
const all = COMPOSITIONS.flatMap((file) => {
  const whole = composition(file, SETTINGS_OF_COMPOSE);
  return Object.entries(whole.services).map(([name, service]) => ({ file, name, service, whole }));
});
const ours = all.filter(({ service }) => service.image === OURS);
const each = all.map(({ file, name, service, whole }) => [file, name, service, whole] as const);
const text = (file: string): string => readFileSync(join(DOCKER, file), 'utf8');

/** Every file of a folder, by its path in it. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

it('every YAML file can be read, with no key given twice', () => {
  const files = filesIn(DOCKER).filter((file) => /\.ya?ml$/.test(file));
  expect(files.length).toBeGreaterThanOrEqual(6);
  for (const file of files) expect(parse(readFileSync(file, 'utf8'), { merge: true, uniqueKeys: true })).toBeTruthy();
});

describe.each(each)('%s: %s', (_, name, service, whole) => {
  it('is an image of one version', () => {
    expect(service.image).toMatch(/^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?[a-z0-9.-]*$/);
    if (service.build) expect(service.build).toEqual({ context: '..', dockerfile: 'docker/Dockerfile' });
  });

  it('has no rights that it does not need', () => {
    if (service.image !== OURS) expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/); // ours says so in its Dockerfile
    expect(service.user ?? '1000:1000').not.toMatch(/^(0|root)/);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    // Whether KurrentDB runs on a root it cannot write could not be tried.
    if (!name.startsWith('kurrentdb')) expect(service.read_only).toBe(true);
  });

  it('has bounds: memory, processors, processes, log, time to stop', () => {
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.cpus).toBeGreaterThan(0);
    expect(service.pids_limit).toBeGreaterThan(0);
    expect(service.logging?.options).toHaveProperty('max-size');
    expect(service.init).toBe(true);
    if (!JOBS.includes(name)) expect(service.stop_grace_period).toMatch(/^\d+s$/);
  });

  it('comes back, and says whether it is well', () => {
    if (JOBS.includes(name)) return expect(['no', 'on-failure:5']).toContain(service.restart);
    expect(service.restart).toBe('unless-stopped');
    expect(service.healthcheck?.test[0]).toBe('CMD');
    expect(Object.keys(service.healthcheck!).sort()).toEqual([
      'interval',
      'retries',
      'start_period',
      'test',
      'timeout',
    ]);
  });

  it('uses what is declared, and waits for what is there', () => {
    for (const volume of service.volumes ?? []) {
      const [source] = volume.split(':');
      if (source === './secrets/keys') continue; // prepare.sh makes it
      if (source.startsWith('.')) expect([source, existsSync(join(DOCKER, source))]).toEqual([source, true]);
      else expect(whole.volumes).toHaveProperty([source]);
    }
    for (const { path, file } of secretsOf(whole, service)) {
      expect([path, file]).toEqual([path, expect.stringMatching(/^\.\/secrets\//)]);
    }
    for (const network of networksOf(service)) expect(whole.networks).toHaveProperty([network]);
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      const { healthcheck } = whole.services[other];
      expect(condition).toBe(healthcheck ? 'service_healthy' : 'service_completed_successfully');
    }
  });

  it('names no secret that is not in a file, and no file that it is not given', () => {
    const given = secretsOf(whole, service).map(({ path }) => path);
    for (const value of Object.values(service.environment ?? {}).map(String)) {
      if (value.startsWith('/run/secrets/')) expect(given).toContain(value);
      expect(value).not.toMatch(/:\/\/[^/]*:[^/]*@/);
    }
    expect(Object.keys(service.environment ?? {}).filter((key) => /PASSWORD$|_KEY$/.test(key))).toEqual([]);
  });
});

it('only nginx is reached from outside; the others’ ports are this machine’s', () => {
  const published = all.flatMap(({ file, name, service }) => (service.ports ?? []).map((p) => `${file} ${name} ${p}`));
  expect(published).toEqual([
    'compose.yaml mingjing 127.0.0.1:3000:3000',
    'compose.cluster.yaml nginx 443:8443',
    'compose.cluster.yaml nginx 80:8080',
    'compose.cluster.yaml grafana 127.0.0.1:3001:3000',
  ]);
  const open = Object.entries(cluster.networks!).filter(([, network]) => !network?.internal);
  expect(open.map(([name]) => name)).toEqual(['edge', 'panel']);
  const outside = Object.entries(cluster.services).filter(([, s]) => networksOf(s).some((n) => /edge|panel/.test(n)));
  expect(outside.map(([name]) => name).sort()).toEqual(['grafana', 'nginx']);
});

it('declares nothing that nobody uses', () => {
  for (const file of COMPOSITIONS) {
    const { services, volumes = {}, networks = {}, secrets = {} } = composition(file, SETTINGS_OF_COMPOSE);
    const used = Object.values(services);
    const mounted = used.flatMap((s) => (s.volumes ?? []).map((v) => v.split(':')[0]));
    expect(Object.keys(volumes).filter((v) => !mounted.includes(v))).toEqual([]);
    expect(Object.keys(networks).filter((n) => !used.some((s) => networksOf(s).includes(n)))).toEqual([]);
    const files = used.flatMap((s) => (s.secrets ?? []).map((x) => (typeof x === 'string' ? x : x.source)));
    expect(Object.keys(secrets).filter((secret) => !files.includes(secret))).toEqual([]);
  }
});

it('the two compositions can run side by side, and none starts without an address', () => {
  expect(composition('compose.yaml', {}).name).not.toBe(cluster.name);
  expect(() => composition('compose.cluster.yaml', {})).toThrow('MINGJING_PUBLIC_URL');
});

describe('Mingjing’s own services', () => {
  it.each(ours.map(({ file, name, service }) => [file, name, service] as const))(
    '%s: %s has settings that there are, with values they take',
    (_, __, { environment = {} }) => {
      const known = [...Object.values(SETTINGS).map(({ env }) => env), ...witnessOptions()] as string[];
      expect(Object.keys(environment).filter((key) => key.startsWith('MINGJING_') && !known.includes(key))).toEqual([]);
      const inContainer = Object.entries(environment).filter(
        ([key]) => !/^MINGJING_(EVENTSTORE|POSTGRES)_FILE$/.test(key),
      );
      expect(() => readConfig(Object.fromEntries(inContainer.map(([k, v]) => [k, String(v)])))).not.toThrow();
    },
  );

  it.each(ours.filter(({ service }) => !service.entrypoint).map(({ file, name, service }) => [file, name, service]))(
    '%s: %s runs a command that there is',
    (_, __, service) => {
      let command = program;
      for (const word of (service as Service).command ?? []) {
        const next = command.commands.find((c) => c.name() === word);
        expect([word, next?.name()]).toEqual([word, word]);
        command = next!;
      }
    },
  );

  it('the nodes are one program with one log, one vault and one pair of stores, under two names', () => {
    const [one, two] = ['node-1', 'node-2'].map((name) => cluster.services[name]);
    const { MINGJING_NODE: nameOfOne, ...settings } = one.environment!;
    const { MINGJING_NODE: nameOfTwo, ...others } = two.environment!;
    expect([nameOfOne, nameOfTwo]).toEqual(['node-1', 'node-2']);
    expect(others).toEqual(settings);
    expect(two.secrets).toEqual(one.secrets);
  });

  it('ends in its own time: the engine waits longer than the longest request and its command', () => {
    // src/api/http.ts: 30 s for a request to arrive; eventstoredb-event-store.ts: 15 s for an append.
    for (const { name, service } of ours.filter(({ name }) => /^(mingjing|node-\d)$/.test(name))) {
      expect([name, Number(service.stop_grace_period!.slice(0, -1))]).toEqual([name, 60]);
    }
  });
});

it('an address of a store that is in a file is read from there, or the start says which file is missing', () => {
  const file = join(DOCKER, 'Dockerfile.dockerignore'); // any file
  expect(readConfig({ MINGJING_POSTGRES_FILE: file }).postgresUrl).toBe(readFileSync(file, 'utf8').trim());
  const missing = {
    code: 'config.file_unreadable',
    detail: expect.objectContaining({ field: 'MINGJING_POSTGRES_FILE' }) as object,
  };
  expect(() => readConfig({ MINGJING_POSTGRES_FILE: '/nowhere' })).toThrow(expect.objectContaining(missing) as Error);
});

describe('the stores', () => {
  it('three nodes of KurrentDB know the two others, themselves and one authority, and take the largest act', () => {
    const names = ['kurrentdb-1', 'kurrentdb-2', 'kurrentdb-3'];
    for (const name of names) {
      const { environment, secrets } = cluster.services[name];
      const others = names.filter((other) => other !== name).map((other) => `${other}:2113`);
      expect(environment).toMatchObject({
        KURRENTDB_CLUSTER_SIZE: names.length,
        KURRENTDB_GOSSIP_SEED: others.join(','),
        KURRENTDB_NODE_HOST_ADVERTISE_AS: name,
        KURRENTDB_REPLICATION_HOST_ADVERTISE_AS: name,
      });
      expect(secrets).toContainEqual({ source: `${name}.key`, target: 'node.key' });
      expect(Object.keys(environment!).filter((key) => /INSECURE|DISABLE_TLS|^KURRENTDB_DEV/.test(key))).toEqual([]);
      expect(environment!.KURRENTDB_MAX_APPEND_SIZE).toBeGreaterThan(MAX_APPEND_BYTES);
    }
  });

  it('the rights that the job sets are those that the store asks for', () => {
    const readme = readFileSync(join(__dirname, '../../src/ledger/eventstoredb/README.md'), 'utf8');
    const written = [...readme.matchAll(/^ {4}(\{"\$(?:userStreamAcl|acl)[^]*?\}\})$/gm)].map(
      ([, json]) => JSON.parse(json.replace(/\s*\n\s*/g, '')) as object,
    );
    const job = text('kurrentdb/rights.cjs');
    const [, defaults] = /const DEFAULT_ACL = ([^]*?);\n/.exec(job)!;
    const [, ofAll] = /const ALL_ACL = ([^]*?);\n/.exec(job)!;
    const [, account] = /const ACCOUNT = '(\w+)'/.exec(job)!;
    const said = [defaults, ofAll].map((code) => parse(code.replaceAll('ACCOUNT', account)) as object);
    expect(said).toEqual(written);
  });
});

it('nginx sends visitors to the nodes where they are, and they believe nobody else about addresses', () => {
  const conf = text('nginx/nginx.conf');
  const addresses = [...conf.matchAll(/^ {4}server ([\d.]+):3000 /gm)].map(([, address]) => address);
  const of = (name: string): string | undefined =>
    (cluster.services[name].networks as Record<string, { ipv4_address?: string }>).front.ipv4_address;
  expect(addresses).toEqual([of('node-1'), of('node-2')]);
  const front = cluster.networks!.front as unknown as { ipam: { config: [{ subnet: string }] } };
  expect(cluster.services['node-1'].environment!.MINGJING_TRUSTED_PROXIES).toBe(front.ipam.config[0].subnet);
  const inside = all.filter(({ service }) => networksOf(service).includes('front')).map(({ name }) => name);
  expect(inside.sort()).toEqual(['nginx', 'node-1', 'node-2']);
});

/** What `mingjing witness` reads from the environment. */
function witnessOptions(): string[] {
  const witness = program.commands.find((c) => c.name() === 'witness')!;
  return witness.options.flatMap(({ envVar }) => envVar ?? []);
}
