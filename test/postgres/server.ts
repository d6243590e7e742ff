import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { BOUNDED } from '../child';

const run = promisify(execFile);

export interface ServerOptions {
  /** False: what is lost in a power cut does not matter, and a test is faster. */
  readonly durable?: boolean;
  /** TCP on this address as well as the socket; none when left out. */
  readonly listen?: { readonly address: string; readonly port: number };
  readonly settings?: Readonly<Record<string, string>>;
  /** Where its folder is made; the system's for temporary files, when left out. */
  readonly parent?: string;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A real PostgreSQL in a folder of its own, made with `initdb`. PostgreSQL refuses to run as root, so root runs it as `postgres`. Its
 * collation is not the code points': what depends on the database's own order shows.
 */
export class PostgresServer {
  private process: ChildProcess | undefined;

  private constructor(
    readonly directory: string,
    private readonly options: ServerOptions,
  ) {}

  static async start(options: ServerOptions = {}): Promise<PostgresServer> {
    const directory = mkdtempSync(join(options.parent ?? tmpdir(), 'mingjing-pg-'));
    const server = new PostgresServer(directory, options);
    const { uid, gid } = owner();
    if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid);
    chmodSync(directory, 0o755);
    const made = ['-D', join(directory, 'data'), '-U', 'mingjing', '-A', 'trust', '-E', 'UTF8'];
    const order = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=zh-Hans-CN'];
    await run(binary('initdb'), [...made, ...order, '--no-instructions', '--no-sync'], {
      uid,
      gid,
      cwd: directory,
      ...BOUNDED,
    });
    await server.resume();
    return server;
  }

  /** By the socket, or by TCP where it listens. */
  get url(): string {
    const { listen } = this.options;
    return listen
      ? `postgres://mingjing@${listen.address}:${listen.port}/postgres`
      : `postgres://mingjing@localhost/postgres?host=${encodeURIComponent(this.directory)}`;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Starts it, again after `stop`, unless it runs; resolves when it answers. */
  async resume(): Promise<void> {
    if (this.process?.exitCode === null && this.process.signalCode === null) return;
    const { durable = false, listen, settings = {}, env } = this.options;
    const all: Record<string, string> = {
      listen_addresses: listen?.address ?? '',
      unix_socket_directories: this.directory,
      max_connections: '200',
      fsync: durable ? 'on' : 'off',
      log_min_messages: 'fatal',
      ...(listen && { port: String(listen.port) }),
      ...settings,
    };
    const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const { uid, gid } = owner();
    const started = spawn(binary('postgres'), ['-D', join(this.directory, 'data'), ...args], {
      uid,
      gid,
      cwd: this.directory,
      ...(env && { env: { ...process.env, ...env } }),
      stdio: 'ignore',
    });
    this.process = started;
    for (let attempt = 0; attempt < 1200; attempt++) {
      if (started.exitCode !== null) throw new Error(`postgres ended with ${started.exitCode}`);
      if (await this.answers()) return;
      await sleep(100);
    }
    throw new Error('postgres does not answer');
  }

  /** Whether it takes connections. */
  answers(): Promise<boolean> {
    return run(binary('pg_isready'), this.address(), BOUNDED).then(
      () => true,
      () => false,
    );
  }

  /** `fast` ends its sessions in good order, `immediate` is a crash. */
  async stop(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    const running = this.process;
    this.process = undefined;
    if (!running || running.exitCode !== null) return;
    const ended = once(running, 'exit');
    running.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop('immediate');
    rmSync(this.directory, { recursive: true, force: true });
  }

  private address(): string[] {
    const { listen } = this.options;
    return listen ? ['-h', listen.address, '-p', String(listen.port)] : ['-h', this.directory];
  }
}

/** Who runs it: nobody in particular, but not root. */
export function owner(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], BOUNDED).toString());
  return { uid: id('-u'), gid: id('-g') };
}

/** A program of PostgreSQL 15 or later. */
export function binary(name: string): string {
  const folders = ['/usr/lib/postgresql', '/usr/local/pgsql', '/opt/homebrew/opt'].filter(existsSync);
  const found = folders
    .flatMap((folder) => readdirSync(folder).map((version) => join(folder, version, 'bin', name)))
    .filter(existsSync)
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return found[0] ?? name;
}
