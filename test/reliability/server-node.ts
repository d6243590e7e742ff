import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RUN_MARK } from '../end-of-run';

const ROOT = join(__dirname, '../..');
const START_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** The program from its sources: slower to start, and never out of date. */
const sources = ['-r', './test/set-up-threads.js', '-r', './test/faults/run-ts.cjs', 'src/cli.ts'];
let program = sources;

/** From now on the program as `npm run build` has made it. */
export function useBuild(): void {
  program = ['dist/src/cli.js'];
}

/** Settings of the program, and what else its process finds in its environment. */
export type Environment = Readonly<Record<string, string>>;

export interface NodeOptions {
  readonly name: string;
  readonly host?: string;
  readonly port: number;
  readonly env: Environment;
  /** What of the program is run; the node itself, when left out. */
  readonly command?: string;
  /** A command line that starts it, such as one that enters a network namespace. It must become the process, not its parent. */
  readonly wrapper?: readonly string[];
  /** Where what it says is kept. */
  readonly directory: string;
}

/** One application node, or a witness: the program as built, in a process of its own, under one address for all its lives. */
export class ServerNode {
  private process: ChildProcess | undefined;
  private ended: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: NodeOptions) {}

  get name(): string {
    return this.options.name;
  }

  get url(): string {
    const { host = '127.0.0.1', port } = this.options;
    return `http://${host}:${port}`;
  }

  get pid(): number {
    if (this.process?.pid === undefined) throw new Error(`${this.name} does not run`);
    return this.process.pid;
  }

  get runs(): boolean {
    return this.process !== undefined && this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Whether it runs, or how it ended, and the last of what it said. */
  get state(): string {
    const { exitCode, signalCode } = this.process ?? { exitCode: null, signalCode: null };
    return `${this.name} ${this.runs ? 'runs' : `ended (${signalCode ?? exitCode})`}: ${this.said().slice(-1000)}`;
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const { name, host = '127.0.0.1', port, env, command: serves = 'serve', wrapper = [] } = this.options;
    const [command, ...args] = [...wrapper, process.execPath, ...program, serves];
    const log = createWriteStream(this.logFile, { flags: 'a' });
    const own = { PORT: String(port), MINGJING_HOST: host, MINGJING_NODE: name };
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...environment(), ...env, ...own },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    this.ended = once(child, 'exit');
    child.stderr.pipe(log, { end: false });
    child.stdout.pipe(log, { end: false });
    await new Promise<void>((resolve, reject) => {
      const fail = (what: string): void => reject(new Error(`${name} ${what}: ${this.said().slice(-2000)}`));
      const timer = setTimeout(() => fail('does not start'), START_TIMEOUT_MS);
      child.stdout.on('data', (chunk: Buffer) => chunk.includes(this.url) && resolve());
      child.once('error', reject);
      child.once('exit', (code) => fail(`ended with ${code}`));
      child.once('exit', () => clearTimeout(timer));
      child.stdout.once('data', () => clearTimeout(timer));
    });
  }

  /** As when the power fails: nothing of it runs on. */
  async kill(): Promise<void> {
    this.process?.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to end in good order. @returns its exit code */
  async stop(): Promise<number | null> {
    const { process: child } = this;
    if (!child || !this.runs) return child?.exitCode ?? 0;
    child.kill('SIGTERM');
    await this.ended;
    return child.exitCode;
  }

  /** Holds it where it is, whatever it is doing; `resume` lets it go on, none the wiser. */
  pause(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  resume(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  /** What it said in all its lives. */
  said(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  private get logFile(): string {
    return join(this.options.directory, `${this.name}.log`);
  }
}

/** Runs a command of the command line to its end. */
export async function mingjing(
  args: readonly string[],
  env: Environment,
  { input, wrapper = [] }: { readonly input?: string; readonly wrapper?: readonly string[] } = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const [command, ...rest] = [...wrapper, process.execPath, ...program, ...args];
  const running = promisify(execFile)(command, rest, {
    cwd: ROOT,
    env: { ...environment(), ...env },
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  running.child.stdin?.end(input);
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code?: unknown; stdout?: string; stderr?: string }) => ({
      code: typeof error.code === 'number' ? error.code : -1,
      stdout: error.stdout ?? '',
      stderr: error.stderr ?? '',
    }),
  );
}

/** Of this process's environment what any process needs: no setting of the program is inherited. */
const environment = (): Environment =>
  Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'LANG', RUN_MARK].flatMap((name) =>
      process.env[name] ? [[name, process.env[name]]] : [],
    ),
  );
