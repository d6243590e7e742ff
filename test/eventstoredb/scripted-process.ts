import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { leaveClean } from './real-server';
import { connectionString, freshPrefix } from './run';
import type { AppendFault, ReadFault } from './scripted-server';

const FAULTS = join(__dirname, '../faults');

export interface ScriptedProcessOptions {
  /** Where it listens; 127.0.0.1 unless given. `0.0.0.0` is no address to connect to. */
  readonly address?: string;
  /** A free one unless given. */
  readonly port?: number;
  /** A command line that starts it, such as `['ip', 'netns', 'exec', 'store']`; its loopback must be up. */
  readonly wrapper?: readonly string[];
}

/**
 * The scripted event store as a process of its own, for tests in which several nodes, each a process, share one store. It stands in
 * for a server only where a real one cannot be had: it has a server's rules, but its events are in memory and end with it. Every such
 * test takes the server that `EVENTSTORE_URL` names when it is set: `sharedEventStore`.
 */
export class ScriptedProcess {
  /** Commands are told one after the other. */
  private told: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly child: ChildProcessByStdio<Writable, Readable, null>,
    private readonly lines: Interface,
    private readonly ended: Promise<never>,
    /** `esdb://…` */
    readonly connectionString: string,
  ) {}

  static async start({
    address = '127.0.0.1',
    port = 0,
    wrapper = [],
  }: ScriptedProcessOptions = {}): Promise<ScriptedProcess> {
    const script = ['-r', join(FAULTS, 'run-ts.cjs'), join(__dirname, 'scripted-child.ts'), address, String(port)];
    const [command, ...args] = [...wrapper, process.execPath, ...script];
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    const end = ended(child);
    const [url] = (await Promise.race([once(lines, 'line'), end])) as [string];
    return new ScriptedProcess(child, lines, end, url);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The next calls of that kind meet a fault. */
  readonly appends = (fault: AppendFault, times = 1): Promise<string> => this.tell(`append ${fault} ${times}`);
  readonly reads = (fault: ReadFault, times = 1): Promise<string> => this.tell(`read ${fault} ${times}`);
  readonly subscriptions = (fault: ReadFault, times = 1): Promise<string> =>
    this.tell(`subscription ${fault} ${times}`);
  /** No faults are left. */
  readonly heal = (): Promise<string> => this.tell('heal');
  /** Everybody's connection breaks. */
  readonly cut = (): Promise<string> => this.tell('cut');
  /** All subscriptions end, without an error. */
  readonly endSubscriptions = (): Promise<string> => this.tell('end');
  /** Nobody listens any more; the process and its events stay. */
  readonly stopServing = ({ graceful = false } = {}): Promise<string> =>
    this.tell(graceful ? 'stop gracefully' : 'stop');
  /** Listens again, at the same port, with the same events. */
  readonly serve = (): Promise<string> => this.tell('start');
  /** How many events there are, of everybody. */
  readonly head = async (): Promise<number> => Number(await this.tell('head'));

  /** How many streams with something in them begin so. */
  readonly living = async (prefix: string): Promise<number> => Number(await this.tell(`living ${prefix}`));
  /** Each append takes so long; others write all the time. */
  readonly share = (latencyMs: number): Promise<string> => this.tell(`share ${latencyMs}`);

  /** It answers nothing until `thaw`, and its connections stay: a stalled machine. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  /** Ends the process; its events are gone. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  private tell(line: string): Promise<string> {
    const answer = this.told.then(async () => {
      const answered = once(this.lines, 'line') as Promise<[string]>;
      this.child.stdin.write(`${line}\n`);
      const [said] = await Promise.race([answered, this.ended]);
      return said.slice('done '.length);
    });
    this.told = answer.catch(() => undefined);
    return answer;
  }
}

async function ended(child: ChildProcessByStdio<Writable, Readable, null>): Promise<never> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  throw new Error(`the event store's process ended: ${signal ?? code}`);
}

export interface SharedEventStore {
  /** For `MINGJING_EVENTSTORE` (`config.eventStoreUrl`) and `MINGJING_EVENTSTORE_PREFIX` of every node. */
  readonly eventStoreUrl: string;
  readonly eventStorePrefix: string;
  /** To be disturbed; undefined with a real server. */
  readonly process?: ScriptedProcess;
  /** Ends the process, or deletes the streams that were made in the real server. */
  stop(): Promise<void>;
}

/** One event store for several nodes: the real server that `EVENTSTORE_URL` names, with a ledger of its own; else a scripted one. */
export async function sharedEventStore(options: ScriptedProcessOptions = {}): Promise<SharedEventStore> {
  const eventStorePrefix = freshPrefix();
  if (connectionString) {
    const stop = async (): Promise<void> => void (await leaveClean(eventStorePrefix));
    return { eventStoreUrl: connectionString, eventStorePrefix, stop };
  }
  const process = await ScriptedProcess.start(options);
  return { eventStoreUrl: process.connectionString, eventStorePrefix, process, stop: () => process.stop() };
}
