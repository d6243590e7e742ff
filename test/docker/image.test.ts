import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BOUNDED } from '../child';
import { RUN_MARK } from '../end-of-run';
import { imageEnvironment, Started } from './outside-containers';

const ROOT = join(__dirname, '../..');
const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The Dockerfile’s instructions by stage; a stage begins with FROM. */
const stages = text('docker/Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter(Boolean)
  .reduce<Instruction[][]>(
    (all, line) => {
      const [, name, rest] = /^([A-Z]+) +(.*)$/.exec(line)!;
      return name === 'FROM' ? [...all, [{ name, rest }]] : [...all.slice(0, -1), [...all.at(-1)!, { name, rest }]];
    },
    [[]],
  );
const last = stages.at(-1)!;
const of = (name: string, stage = last): string[] => stage.filter((i) => i.name === name).map(({ rest }) => rest);
const nameOf = (stage: Instruction[]): string | undefined => / AS (\w+)$/.exec(stage[0].rest)?.[1];

describe('the Dockerfile', () => {
  it('starts from one version of Node, one that the program takes', () => {
    const [[argument], ...others] = stages;
    expect(argument).toMatchObject({ name: 'ARG' });
    const [, major, minor] = /^NODE=node:(\d+)\.(\d+)\.\d+-\w+-slim$/.exec(argument.rest)!;
    const { engines } = JSON.parse(text('package.json')) as { engines: { node: string } };
    const [, least, leastMinor] = /^>=(\d+)\.(\d+)$/.exec(engines.node)!;
    expect(Number(major)).toBe(Number(least));
    expect(Number(minor)).toBeGreaterThanOrEqual(Number(leastMinor));
    const named = others.map(nameOf);
    for (const [{ rest }] of others) expect(['${NODE}', ...named]).toContain(rest.split(' ')[0]);
  });

  it('leaves compilers and package managers behind, and runs as nobody in particular', () => {
    expect(last.map(({ rest }) => rest).join('\n')).not.toMatch(/apt-get|npm (ci|install)/);
    expect(of('RUN').join()).toMatch(/rm -rf \S*\/node_modules \S*\/npm/);
    expect(of('USER')).toEqual(['node']);
    const at = (name: string): number => last.findIndex((i) => i.name === name);
    expect(at('USER')).toBeGreaterThan(last.findLastIndex(({ name }) => name === 'RUN' || name === 'COPY'));
    expect(of('VOLUME')).toEqual(['/data']);
    expect(stages.flat().filter(({ name }) => name === 'ADD')).toEqual([]);
    for (const stage of stages.slice(1, -1)) {
      for (const run of of('RUN', stage).filter((r) => r.includes('apt-get install'))) {
        expect(run).toMatch(/--no-install-recommends.*rm -rf \/var\/lib\/apt\/lists/);
      }
    }
  });

  it('gives signals to the program itself', () => {
    for (const name of ['ENTRYPOINT', 'CMD']) expect(JSON.parse(of(name)[0])).toBeInstanceOf(Array);
    expect(of('STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(of('HEALTHCHECK')[0]).toMatch(/CMD \["node"/);
  });

  it('is given what it copies, and nothing else', () => {
    const copied = stages.flatMap((stage) => of('COPY', stage)).filter((rest) => !rest.startsWith('--from'));
    const sources = copied.flatMap((rest) => rest.split(/ +/).slice(0, -1)).map((source) => source.split('/')[0]);
    const [nothing, ...given] = text('docker/Dockerfile.dockerignore')
      .split('\n')
      .filter((l) => l && !l.startsWith('#'));
    expect(nothing).toBe('*');
    expect(given.map((line) => line.slice(1)).sort()).toEqual([...new Set(sources)].sort());
  });
});

describe('what the Dockerfile builds, put together here', () => {
  const home = mkdtempSync(join(tmpdir(), 'mingjing-image-'));
  const context = join(home, 'context');
  const program = join(home, 'mingjing');
  afterAll(() => rmSync(home, { recursive: true }));

  /** Carries out the COPY instructions of a stage from the repository, or from what the stage `build` has made. */
  const copy = (stage: Instruction[], to: string): void => {
    mkdirSync(to, { recursive: true });
    for (const rest of of('COPY', stage)) {
      const words = rest.split(/ +/);
      const from = /^--from=(\w+)$/.exec(words[0])?.[1];
      const target = words.at(-1)!;
      for (const source of words.slice(from ? 1 : 0, -1)) {
        if (from === 'dependencies') continue; // the packages are those of this machine
        const origin = from ? join(context, source.replace('/mingjing/', '')) : join(ROOT, source);
        const place = target.endsWith('/') ? join(to, target, source.split('/').at(-1)!) : join(to, target);
        mkdirSync(dirname(place), { recursive: true });
        cpSync(origin, place, { recursive: true });
      }
    }
    symlinkSync(join(ROOT, 'node_modules'), join(to, 'node_modules'));
  };
  const files = (): string[] =>
    (readdirSync(program, { recursive: true }) as string[])
      .filter((path) => !path.startsWith('node_modules/'))
      .map((path) => `${path} ${statSync(join(program, path)).mtimeMs}`)
      .sort();

  beforeAll(() => {
    const build = stages.find((stage) => nameOf(stage) === 'build')!;
    copy([...stages.find((stage) => nameOf(stage) === 'tools')!, ...build], context);
    expect(of('RUN', build).at(-1)).toBe('npm run build');
    execFileSync('npm', ['run', '-s', 'build'], { ...BOUNDED, cwd: context, stdio: ['ignore', 'inherit', 'inherit'] });
    copy(last, program);
  }, 300_000); // the compiler on a busy machine

  /** The image’s start command, or another command of the program, with the image’s environment. */
  const start = (command: string[], env: Record<string, string>): Started => {
    const [node, script] = JSON.parse(of('ENTRYPOINT')[0]) as string[];
    expect(node).toBe('node');
    const { PATH = '', [RUN_MARK]: run = '' } = process.env;
    const child = spawn(process.execPath, [script.replace('/mingjing', program), ...command], {
      cwd: program,
      env: { PATH, [RUN_MARK]: run, ...imageEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Started(child);
  };

  it('serves, says that it is healthy, has its pages’ files, ends on TERM, and writes to its volume alone', async () => {
    const before = files();
    const data = join(home, 'data');
    const server = start(JSON.parse(of('CMD')[0]) as string[], {
      MINGJING_DATA: data,
      MINGJING_HOST: '127.0.0.1',
      PORT: '0',
    });
    const [, url, port] = await server.says(/(http:\/\/127\.0\.0\.1:(\d+))/);
    const [, health] = /CMD (\[.*\])/.exec(of('HEALTHCHECK')[0])!;
    const [node, ...asks] = JSON.parse(health) as string[];
    execFileSync(
      node,
      asks.map((word) => word.replace('3000', port)),
      BOUNDED,
    );
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const page = await (await fetch(url)).text();
    const linked = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    expect(linked.length).toBeGreaterThan(0);
    for (const path of [...linked, '/api/law/parameters', '/log/']) {
      expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
    }
    expect([await server.stops(), existsSync(join(data, 'ledger.db'))]).toEqual([0, true]);
    expect(files()).toEqual(before);
  });

  it('runs the other commands too', async () => {
    const told = start(['import', '--help'], {});
    expect([await told.ends(), told.said]).toEqual([0, expect.stringContaining('--profile')]);
    const version = start(['--version'], {});
    await version.ends();
    expect(version.said.trim()).toBe((JSON.parse(text('package.json')) as { version: string }).version);
  });
});
