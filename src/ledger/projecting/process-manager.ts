import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, isRefusal } from '../../kernel/errors';
import type { RecordedEvent } from '../../kernel/event';
import type { Clock } from '../../kernel/time';
import type { EventStore } from '../event-store';
import type { Logger } from './logger';
import { LeaseLost } from '../postgres/lease';
import type { ProcessRecord, ProcessRecords, ProcessRefusal, ProcessTrouble } from './process-records';
import { reasonOf } from './reason-of';
import { BEGINNING, type Checkpoint } from './row-store';
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
  /**
   * A Failure `unavailable` is tried again after a while. One that is `refused` or `invalid` is put on record, and the process
   * goes on: the rule will say the same tomorrow, and what comes after has a right to be acted on. Anything else that is thrown
   * stalls this process at the event.
   */
  react(event: RecordedEvent): Promise<void>;
}

/** How far a process manager is, and what it was refused (流程状态). */
export interface ProcessStatus {
  readonly name: string;
  readonly position: number;
  readonly head: number;
  readonly lagEvents: number;
  readonly state: 'running' | 'waiting' | 'stalled';
  /** How many events it could not act on, because a rule refused it. */
  readonly refusals: number;
  /** Without personal data. */
  readonly error?: { readonly position: number; readonly reason: string };
}

interface Running {
  readonly manager: ProcessManager;
  position: number;
  trouble?: ProcessTrouble;
}

/**
 * Runs process managers, each from its own checkpoint; one that stalls does not hold up the others. On a node where it is not started it
 * tells from the records what the node says that runs them.
 */
export class ProcessRunner {
  private running: Running[] = [];
  private stopping = new AbortController();
  private loops: Promise<void>[] = [];

  constructor(
    private readonly records: ProcessRecords,
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly managers: readonly ProcessManager[],
    private readonly onLost: () => void = () => undefined,
  ) {}

  /** Begins, or begins again after `stop`. */
  async start(): Promise<void> {
    const known = await this.positions();
    this.stopping = new AbortController();
    this.running = this.managers.map((manager) => ({ manager, position: known.get(manager.name)?.position ?? 0 }));
    this.loops = this.running.map((each) => this.run(each));
  }

  /** Waits for the reaction that is under way, and notes how far it came. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops);
    this.running = [];
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
    const known = await this.positions();
    return this.managers.map(({ name }) => {
      const record = known.get(name);
      const { position, trouble } = this.running.find(({ manager }) => manager.name === name) ?? {
        position: record?.position ?? 0,
        trouble: record?.trouble,
      };
      return {
        name,
        position,
        head,
        lagEvents: Math.max(0, head - position),
        state: trouble ? (trouble.stalled ? 'stalled' : 'waiting') : 'running',
        refusals: record?.refusals ?? 0,
        ...(trouble && { error: { position: trouble.position, reason: trouble.reason } }),
      };
    });
  }

  /** The latest refusals of all processes. */
  refusals(): Promise<ProcessRefusal[]> {
    return this.records.refusals();
  }

  private async positions(): Promise<ReadonlyMap<string, ProcessRecord>> {
    return new Map((await this.records.all()).map((record) => [record.name, record]));
  }

  private async run(running: Running): Promise<void> {
    const { signal } = this.stopping;
    await this.note(running, undefined);
    for (let wait = FIRST_RETRY_MS; !signal.aborted; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      const before = running.position;
      try {
        await this.follow(running);
        if (signal.aborted) return;
      } catch (error) {
        if (error instanceof LeaseLost) {
          this.stopping.abort();
          this.onLost();
          return;
        }
        const passing = sqliteCode(error) !== undefined || (error instanceof Failure && error.kind === 'unavailable');
        const stalled = !passing;
        const trouble = { position: running.position + 1, reason: reasonOf(error), stalled };
        const fields = { process: running.manager.name, ...trouble };
        if (stalled) this.logger.error(fields, 'process stalled');
        else this.logger.warn(fields, 'process waits');
        await this.note(running, trouble);
        if (stalled) return;
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
          await this.react(running.manager, event);
          reached = { position: event.position, eventId: event.id };
          running.position = event.position;
          if (running.trouble) await this.note(running, undefined);
        }
      } finally {
        await this.records.save(name, reached); // a crash before this repeats at most a page
      }
    }
  }

  /** A crash between the record of a refusal and the checkpoint meets the same refusal again, and keeps one row of it. */
  private async react(manager: ProcessManager, event: RecordedEvent): Promise<void> {
    try {
      await manager.react(event);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const { position, id: eventId } = event;
      const refusal = { process: manager.name, position, eventId, code: error.code, at: this.clock.now() };
      await this.records.addRefusal(refusal);
      this.logger.error({ ...refusal, correlationId: event.metadata.correlationId }, 'process refused');
    }
  }

  /** From the beginning when the ledger is not the one the checkpoint was made for; what was done already is repeated harmlessly. */
  private async checkpointOf(name: string): Promise<Checkpoint> {
    const checkpoint = await this.records.checkpoint(name);
    if (checkpoint.position === 0) return checkpoint;
    const [event] = await this.store.readAll({ direction: 'forwards', from: checkpoint.position, limit: 1 });
    if (event?.id === checkpoint.eventId) return checkpoint;
    this.logger.warn({ process: name, position: checkpoint.position }, 'process of another ledger begins again');
    await this.records.forgetRefusals(name);
    return BEGINNING;
  }

  /** What troubles a process, here and for other nodes. */
  private async note(running: Running, trouble: ProcessTrouble | undefined): Promise<void> {
    running.trouble = trouble;
    await this.records.noteTrouble(running.manager.name, trouble).catch(() => undefined); // it is told here at least
  }
}
