import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Postgres } from '../../src/ledger/postgres/postgres';
import { binary, owner } from '../postgres/server';
import { BOUNDED } from '../child';
import { freePort } from '../free-port';
import { until } from '../until';
import { composition, DOCKER, SETTINGS_OF_COMPOSE } from './compositions';

/** The volume, the secrets and the settings of the composition’s PostgreSQL, on the PostgreSQL of this machine. */
const home = mkdtempSync(join(tmpdir(), 'mingjing-docker-pg-'));
const secrets = join(home, 'secrets');
const PASSWORD = 'not-that-of-anything-real';
const service = composition('compose.cluster.yaml', SETTINGS_OF_COMPOSE).services.postgres;
const { uid, gid } = owner();
let port = 0;
const log = join(home, 'log');
let server: ChildProcess;
let ended: Promise<unknown[]>;

/** A file of the container, with the paths of this machine. */
const here = (text: string): string =>
  text.replaceAll('/run/secrets', secrets).replaceAll('/var/run/postgresql', home).replaceAll('/etc/postgresql', home);

const run = (name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string =>
  execFileSync(name, args, { ...BOUNDED, uid, gid, cwd: home, encoding: 'utf8', env: { ...process.env, ...env } });

beforeAll(async () => {
  execFileSync('sh', [join(DOCKER, 'certificates/make.sh'), secrets], BOUNDED);
  writeFileSync(join(secrets, 'postgres-password'), `${PASSWORD}\n`);
  for (const file of ['postgresql.conf', 'pg_hba.conf', 'make-database.sh']) {
    writeFileSync(join(home, file), here(readFileSync(join(DOCKER, 'postgres', file), 'utf8')));
  }
  mkdirSync(join(home, 'data'));
  if (uid !== undefined && gid !== undefined) execFileSync('chown', ['-R', `${uid}:${gid}`, home], BOUNDED);
  chmodSync(home, 0o755);
  port = await freePort();
  const made = String(service.environment!.POSTGRES_INITDB_ARGS).split(' ');
  run(binary('initdb'), ['-D', join(home, 'data'), '-U', 'postgres', '--no-sync', ...made]);
  const [, ...args] = service.command!.map(here);
  const ofTest = ['-c', `port=${port}`, '-c', 'shared_buffers=16MB', '-c', 'min_wal_size=32MB'];
  server = spawn(binary('postgres'), ['-D', join(home, 'data'), ...args, ...ofTest], {
    uid,
    gid,
    cwd: home,
    stdio: ['ignore', 'ignore', openSync(log, 'w')],
  });
  ended = once(server, 'exit');
  const health = service.healthcheck!.test.slice(2);
  await until(() => {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
    return spawnSync(binary('pg_isready'), [...health, `--port=${port}`], BOUNDED).status === 0;
  }, 'postgres answers');
  run('sh', [join(home, 'make-database.sh')], { PGHOST: home, PGPORT: String(port) });
});

afterAll(async () => {
  server.kill('SIGINT');
  expect(await ended).toEqual([0, null]); // the composition's stop signal ends it in good order
  rmSync(home, { recursive: true });
});

/** The address that prepare.sh writes, with the port of this machine. */
function address({ password = PASSWORD, mode = 'verify-full', database = 'mingjing' } = {}): string {
  const script = readFileSync(join(DOCKER, 'prepare.sh'), 'utf8');
  const [, url] = /printf '(postgres:\/\/\S+)\\n'/.exec(script)!;
  return here(url)
    .replace('%s', password)
    .replace('@postgres:5432/mingjing', `@localhost:${port}/${database}`)
    .replace('verify-full', mode);
}

const opened = async (url: string): Promise<void> =>
  (await Postgres.open({ url, schema: 'mingjing', maxConnections: 1 })).close();

it('takes the nodes over TLS, by their password, into their own database', async () => {
  const postgres = await Postgres.open({ url: address(), schema: 'mingjing', maxConnections: 1 });
  const [session] = await postgres.query('SELECT version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
  expect(session).toMatchObject({ version: 'TLSv1.3' });
  const [rights] = await postgres.query<{ rolsuper: boolean }>(
    'SELECT rolsuper FROM pg_roles WHERE rolname = current_user',
  );
  expect(rights.rolsuper).toBe(false);
  await postgres.close();
});

it('takes nobody without TLS, without the password, or into another database', async () => {
  const refused = [address({ mode: 'disable' }), address({ password: 'guessed' }), address({ database: 'postgres' })];
  for (const url of refused) await expect(opened(url)).rejects.toThrow();
});

it('keeps what was acknowledged, with checksums', async () => {
  const postgres = await Postgres.open({ url: address(), schema: 'mingjing', maxConnections: 1 });
  const said = async (name: string): Promise<unknown> =>
    (await postgres.query<Record<string, unknown>>(`SHOW ${name}`))[0][name];
  for (const name of ['data_checksums', 'fsync', 'full_page_writes', 'ssl'])
    expect([name, await said(name)]).toEqual([name, 'on']);
  expect(await said('log_statement')).toBe('none');
  await postgres.close();
});

it('says in its log that a statement failed, and nothing of the values that it was about', async () => {
  const postgres = await Postgres.open({ url: address(), schema: 'mingjing', maxConnections: 1 });
  await postgres.query('CREATE TABLE person (name text PRIMARY KEY CHECK (length(name) < 9))');
  const enter = (name: string): Promise<unknown> => postgres.query('INSERT INTO person VALUES ($1)', [name]);
  await enter('PlantedA');
  await expect(enter('PlantedA')).rejects.toThrow();
  await expect(enter('PlantedTooLong')).rejects.toThrow();
  await postgres.close();
  const said = readFileSync(log, 'utf8');
  expect(said).toContain('duplicate key value');
  expect(said).toContain('violates check constraint');
  expect(said).not.toContain('PlantedA');
  expect(said).not.toContain('PlantedTooLong');
});
