import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_MARK } from '../end-of-run';
import { composition, secretsOf, type Service } from './compositions';

const ROOT = join(__dirname, '../..');
const SOURCES = ['-r', join(ROOT, 'test/faults/run-ts.cjs'), join(ROOT, 'src/cli.ts')];

/** A command of our image with its environment, as it runs on this machine: paths of the container lead into folders of the test. */
export interface Outside {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface OutsideOptions {
  /** The folder with the compositions and `secrets/`. */
  readonly docker: string;
  /** Where the volumes are, a folder each. */
  readonly volumes: string;
  /** Instead of the service's own command. */
  readonly command?: readonly string[];
  /** Other values, for what one machine has once: ports, addresses of stores. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** What the Dockerfile sets for every container. */
export function imageEnvironment(): Record<string, string> {
  const [, values] = /^ENV (.*)$/m.exec(readFileSync(join(ROOT, 'docker/Dockerfile'), 'utf8'))!;
  return Object.fromEntries(values.split(' ').map((pair) => pair.split('=') as [string, string]));
}

/** How a service’s command is run outside a container. */
export function outside(file: string, name: string, options: OutsideOptions): Outside {
  const { docker, volumes, instead = {} } = options;
  const whole = composition(file, process.env, docker);
  const service: Service | undefined = whole.services[name];
  if (!service) throw new Error(`no service ${name} in ${file}`);
  const places = (service.volumes ?? []).map((volume): [inside: string, outside: string] => {
    const [source, target] = volume.split(':');
    const folder = source.startsWith('.') ? join(docker, source) : join(volumes, source);
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
    return [target, folder];
  });
  for (const { path, file: secret } of secretsOf(whole, service)) places.push([path, join(docker, secret)]);
  const here = (value: string): string => {
    const [inside, folder] = places.find(([at]) => value === at || value.startsWith(`${at}/`)) ?? ['', ''];
    return folder + value.slice(inside.length);
  };
  const said = { ...imageEnvironment(), ...service.environment };
  const mapped = Object.entries(said).map(([key, value]) => [key, here(String(value))]);
  const { PATH = '', HOME = '', EVENTSTORE_URL, [RUN_MARK]: run = '' } = process.env;
  const env = {
    PATH,
    HOME,
    [RUN_MARK]: run,
    ...(EVENTSTORE_URL && { EVENTSTORE_URL }),
    ...Object.fromEntries(mapped),
    ...instead,
  };
  const words = options.command ?? service.command ?? [];
  const own = service.entrypoint?.slice(1).map(here);
  return { args: own ? [...own, ...words] : [...SOURCES, ...words], env };
}

/** A process that was started, with what it has said. */
export class Started {
  said = '';
  private readonly closed: Promise<unknown[]>;

  constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    }
    this.closed = once(child, 'close');
  }

  /** `input` is what it reads. */
  static outside({ args, env }: Outside, input = ''): Started {
    const child = spawn(process.execPath, args, { env, cwd: tmpdir(), stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.end(input);
    return new Started(child);
  }

  /** What it says, as soon as it does. @throws what it said, when it ends before */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const ended = this.closed.then(() => true);
    for (;;) {
      const found = pattern.exec(this.said);
      if (found) return found;
      const more = Promise.race([once(this.child.stdout!, 'data'), once(this.child.stderr!, 'data')]).then(() => false);
      if ((await Promise.race([more, ended])) && !pattern.test(this.said)) throw new Error(`it ended: ${this.said}`);
    }
  }

  /** Its exit code, or the signal that ended it. */
  async ends(): Promise<number | NodeJS.Signals> {
    const [code, signal] = (await this.closed) as [number | null, NodeJS.Signals | null];
    return code ?? signal!;
  }

  /** As the engine stops a container. */
  async stops(): Promise<number | NodeJS.Signals> {
    this.child.kill('SIGTERM');
    return this.ends();
  }
}

/**
 * A folder with a program `docker` in it, which runs our commands outside containers: `docker compose -f FILE … run … SERVICE COMMAND…`.
 * It is what stands in for the engine when the scripts of `docker/` are run.
 */
export function engineStandIn(volumes: string): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'mingjing-engine-'));
  const script = `const { runInstead } = require(${JSON.stringify(__filename)});\nrunInstead(process.argv.slice(2), ${JSON.stringify(volumes)});\n`;
  writeFileSync(join(folder, 'engine.cjs'), script);
  const node = `exec ${process.execPath} -r ${SOURCES[1]} ${join(folder, 'engine.cjs')} "$@"\n`;
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\n${node}`, { mode: 0o755 });
  return { path: folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** What the stand-in does. */
export function runInstead(argv: string[], volumes: string): void {
  const [compose, , file] = argv;
  const at = argv.indexOf('run') + 1;
  const words = argv.slice(at).filter((word) => !['--rm', '--no-deps', '-T'].includes(word));
  if (compose !== 'compose' || at === 0) throw new Error(`the stand-in cannot ${argv.join(' ')}`);
  const { args, env } = outside(file, words[0], {
    docker: process.cwd(),
    volumes,
    ...(words.length > 1 && { command: words.slice(1) }),
  });
  const child = spawn(process.execPath, args, { env, stdio: 'inherit' });
  child.on('close', (code) => (process.exitCode = code ?? 1));
}
