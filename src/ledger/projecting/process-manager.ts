import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../kernel/errors';
import type { RecordedEvent } from '../../kernel/event';
import type { EventStore } from '../event-store';
import type { Logger } from './logger';
import { BEGINNING, type Checkpoint, type ReadModelFile } from './read-model-file';
import { reasonOf } from './reason-of';
import { sqliteCode } from './sqlite-code';

const PAGE_EVENTS = 256;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 30_000;

/**
 * Acts on events by giving commands. It sees every event at least once, in order, so a command's id must follow from the event
 * (and the name of the process), and repeating it be harmless. Rebuilding rows never makes it act again.
 */
export interface ProcessManager {
  readonly name: string;
  /** A Failure `unavailable` is tried again after a while; anything else that is thrown stalls this process at the event. */
  react(event: RecordedEvent): Promise<void>;
}

export interface ProcessStatus {
  readonly name: string;
  readonly position: number;
  readonly head: number;
  readonly lagEvents: number;
  readonly state: 'running' | 'waiting' | 'stalled';
  /** Without personal data. */
  readonly error?: { readonly position: number; readonly reason: string };
}

interface Running {
  readonly manager: ProcessManager;
  position: number;
  trouble?: { readonly position: number; readonly reason: string; readonly stalled: boolean };
}

/** Runs process managers, each from its own checkpoint; one that stalls does not hold up the others. */
export class ProcessRunner {
  private readonly running: Running[];
  private readonly stopping = new AbortController();
  private loops: Promise<void>[] = [];

  constructor(
    private readonly file: ReadModelFile,
    private readonly store: EventStore,
    private readonly logger: Logger,
    managers: readonly ProcessManager[],
  ) {
    this.running = managers.map((manager) => ({ manager, position: file.processCheckpoint(manager.name).position }));
  }

  start(): void {
    this.loops = this.running.map((each) => this.run(each));
  }

  /** Waits for the reaction that is under way, and notes how far it came. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops);
  }

  /** Lets stalled processes try again at the event where they stopped. */
  retry(): void {
    this.running.forEach((each, i) => {
      if (!each.trouble?.stalled) return;
      each.trouble = undefined;
      this.loops[i] = this.run(each);
    });
  }

  async status(): Promise<ProcessStatus[]> {
    const head = await this.store.head();
    return this.running.map(({ manager, position, trouble }) => ({
      name: manager.name,
      position,
      head,
      lagEvents: Math.max(0, head - position),
      state: trouble ? (trouble.stalled ? 'stalled' : 'waiting') : 'running',
      ...(trouble && { error: { position: trouble.position, reason: trouble.reason } }),
    }));
  }

  private async run(running: Running): Promise<void> {
    const { signal } = this.stopping;
    for (let wait = FIRST_RETRY_MS; !signal.aborted; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      const before = running.position;
      try {
        await this.follow(running);
        if (signal.aborted) return;
      } catch (error) {
        const passing = sqliteCode(error) !== undefined || (error instanceof Failure && error.kind === 'unavailable');
        const stalled = !passing;
        running.trouble = { position: running.position + 1, reason: reasonOf(error), stalled };
        const fields = { process: running.manager.name, ...running.trouble };
        if (stalled) {
          this.logger.error(fields, 'process stalled');
          return;
        }
        this.logger.warn(fields, 'process waits');
      }
      if (running.position > before) wait = FIRST_RETRY_MS;
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  private async follow(running: Running): Promise<void> {
    const { signal } = this.stopping;
    const { name } = running.manager;
    let reached = await this.checkpointOf(name);
    running.position = reached.position;
    for await (const page of this.store.subscribe({ after: reached.position, limit: PAGE_EVENTS, signal })) {
      try {
        for (const event of page) {
          if (signal.aborted) return;
          await running.manager.react(event);
          reached = { position: event.position, eventId: event.id };
          running.position = event.position;
          running.trouble = undefined;
        }
      } finally {
        this.file.saveProcessCheckpoint(name, reached); // a crash before this repeats at most a page
      }
    }
  }

  /** From the beginning when the ledger is not the one the checkpoint was made for; what was done already is repeated harmlessly. */
  private async checkpointOf(name: string): Promise<Checkpoint> {
    const checkpoint = this.file.processCheckpoint(name);
    if (checkpoint.position === 0) return checkpoint;
    const [event] = await this.store.readAll({ direction: 'forwards', from: checkpoint.position, limit: 1 });
    if (event?.id === checkpoint.eventId) return checkpoint;
    this.logger.warn({ process: name, position: checkpoint.position }, 'process of another ledger begins again');
    return BEGINNING;
  }
}
