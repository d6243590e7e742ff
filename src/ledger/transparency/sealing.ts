import { Worker } from 'node:worker_threads';
import { Failure, type Bilingual } from '../../kernel/errors';
import type { Clock, Instant } from '../../kernel/time';
import type { EventStore } from '../event-store';
import type { Logger } from '../projecting/logger';
import type { SealedMark } from '../commitment/key-vault';
import type { LedgerLocation, LogLocation } from '../location';
import type { Fence } from '../postgres/lease';
import type { LogKeys } from './log-keys';
import type { KnownMark } from './recovery';
import { SealingAge } from './sealing-age';
import type { Sealed, WitnessTrouble } from './sealer';
import type { SealingTask, SealingReport } from './sealing-thread';

export interface SealingOptions {
  /** The ledger, as this process has it: only to see how far behind the log is. */
  readonly store: Pick<EventStore, 'head'>;
  /** Where the thread opens it for reading. */
  readonly ledger: LedgerLocation;
  readonly log: LogLocation;
  /** The lease under which this node seals, where several could: asked with everything that is written. */
  readonly fence?: Fence;
  /** Another node holds the lease: this one has published nothing since, and seals no more. */
  readonly onLost?: () => void;
  readonly keys: LogKeys;
  readonly commitmentKey: Uint8Array;
  /** From an append to the published checkpoint that covers it, in ms. */
  readonly intervalMs: number;
  readonly witnesses?: SealingWitnesses;
  /** What the log is known to have signed, and where to keep what it publishes from now on. */
  readonly mark?: KnownMark;
  readonly raiseMark?: (mark: SealedMark) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface SealingWitnesses {
  /** Text of a policy (C2SP tlog-policy) whose witnesses have URLs. */
  readonly policy: string;
  /** Longest wait for a witness, in ms. */
  readonly timeoutMs: number;
  /** Directory for what a witness says against this log; on this node, wherever the log is. */
  readonly evidence: string;
}

/** Why the log does not move. */
export interface SealingTrouble extends Bilingual {
  /** That of the `Failure`, or the name of another error. */
  readonly code: string;
  readonly since: Instant;
}

/** How the sealing is at this moment. */
export interface SealingStatus {
  readonly at: Instant;
  /** The newest published checkpoint; undefined until the first one of this start. */
  readonly checkpoint: Sealed | undefined;
  /** How long the oldest event has waited that no published checkpoint covers, in ms; 0 when there is none. */
  readonly ageMs: number;
  /** Witnesses that have not cosigned the newest checkpoint. */
  readonly witnessTroubles: readonly WitnessTrouble[];
  /** Undefined while all is well; also set while the witnesses' quorum is not met. */
  readonly trouble: SealingTrouble | undefined;
}

/** A thread that seals beside this one. */
export interface Sealing {
  status(): SealingStatus;
  /**
   * Resolves when a published checkpoint covers the position.
   * @throws Failure `log.not_sealed_in_time`
   */
  sealed(position: number, timeoutMs: number): Promise<Sealed>;
  /** Calls back after each publication, until the function that it returns is called. */
  onPublished(listener: () => void): () => void;
  /** Seals what is there, within bounds, and ends the thread. `atOnce`: as it stands, which for the log is a crash like any other. */
  close(options?: { readonly atOnce?: boolean }): Promise<void>;
}

const MEASURE_MS = 250;
const MIN_RESTART_MS = 500;
const MAX_RESTART_MS = 60_000;
/** After this a thread that does not end is ended: for the log that is a crash like any other. */
const CLOSE_MS = 15_000;

/** The thread's file, with the extension that this one has. */
/** What dies young in the thread: a page of events at a time. A bound saves 30 MiB and costs nothing that is measured. */
const YOUNG_MIB = 4;
const THREAD_FILE = __filename.replace(/sealing(\.[a-z]+)$/, 'sealing-thread$1');

/**
 * Seals the ledger in a thread of its own, which reads it on its own connection, so that appends lose as little as possible.
 * When the thread fails it is started again, after a pause that grows; meanwhile the ledger goes on and the log's age tells.
 */
export function startSealing(options: SealingOptions): Sealing {
  return new SealingBeside(options);
}

class SealingBeside implements Sealing {
  private readonly age = new SealingAge();
  private readonly measuring: NodeJS.Timeout;
  private readonly waiting = new Set<() => void>();
  private thread: Worker | undefined;
  private ended: Promise<void> = Promise.resolve();
  private restarting: NodeJS.Timeout | undefined;
  private restartMs = MIN_RESTART_MS;
  private closing = false;
  private lost = false;
  private checkpoint: Sealed | undefined;
  private witnessTroubles: readonly WitnessTrouble[] = [];
  /** Codes of troubles that were logged, by witness. */
  private readonly said = new Map<string, Set<string>>();
  private trouble: SealingTrouble | undefined;
  private mark: KnownMark;

  constructor(private readonly options: SealingOptions) {
    this.mark = options.mark;
    this.start();
    this.measuring = setInterval(() => void this.measure(), MEASURE_MS).unref();
  }

  status(): SealingStatus {
    return {
      at: this.options.clock.now(),
      checkpoint: this.checkpoint,
      ageMs: this.age.oldestMs(performance.now()),
      witnessTroubles: this.witnessTroubles,
      trouble: this.trouble,
    };
  }

  sealed(position: number, timeoutMs: number): Promise<Sealed> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!this.checkpoint || this.checkpoint.size < position) return;
        done();
        resolve(this.checkpoint);
      };
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
      const timer = setTimeout(() => {
        done();
        reject(notSealedInTime());
      }, timeoutMs);
      this.waiting.add(look);
      look();
    });
  }

  onPublished(listener: () => void): () => void {
    this.waiting.add(listener);
    return () => this.waiting.delete(listener);
  }

  async close({ atOnce = false }: { readonly atOnce?: boolean } = {}): Promise<void> {
    this.closing = true;
    clearInterval(this.measuring);
    clearTimeout(this.restarting);
    this.thread?.postMessage('close');
    const giveUp = setTimeout(() => void this.thread?.terminate(), atOnce ? 0 : CLOSE_MS);
    await this.ended;
    clearTimeout(giveUp);
  }

  private start(): void {
    const { ledger, log, fence, keys, commitmentKey, intervalMs, witnesses } = this.options;
    const task: SealingTask = {
      ledger,
      log,
      fence,
      keys: keys.toText(),
      commitmentKey,
      intervalMs,
      witnesses,
      mark: this.mark,
    };
    const thread = new Worker(THREAD_FILE, {
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    this.thread = thread;
    thread.on('message', (report: SealingReport) => this.take(report));
    thread.on('error', (error) =>
      this.failed({ code: error.name, zh: '封存线程出错。', en: 'The sealing thread failed.' }),
    );
    this.ended = new Promise((resolve) => thread.once('exit', () => resolve(this.over())));
  }

  private take(report: SealingReport): void {
    if ('failed' in report) return this.ending(report);
    this.alarm(report.troubles);
    this.witnessTroubles = report.troubles;
    if ('held' in report) return this.failed(NO_QUORUM);
    this.checkpoint = report.sealed;
    this.raise(report.sealed);
    this.restartMs = MIN_RESTART_MS;
    this.age.covered(report.sealed.size);
    if (this.trouble) this.options.logger.info({ size: report.sealed.size }, 'the log moves again');
    this.trouble = undefined;
    for (const look of [...this.waiting]) look();
  }

  /** The thread will end: for good when another node seals from now on. */
  private ending({ failed, lost }: Extract<SealingReport, { failed: unknown }>): void {
    this.failed(failed);
    if (!lost || this.lost) return;
    this.lost = true;
    this.options.onLost?.();
  }

  /** What is wrong with a witness, each kind said once until it cosigns again; what it says against this log is an error. */
  private alarm(troubles: readonly WitnessTrouble[]): void {
    const { logger } = this.options;
    for (const { conflict, witness, code, en } of troubles) {
      const said = this.said.get(witness) ?? new Set();
      if (!said.has(code)) logger[conflict ? 'error' : 'warn']({ witness, code }, `sealing: ${en}`);
      this.said.set(witness, said.add(code));
    }
    for (const witness of [...this.said.keys()].filter((name) => !troubles.some((each) => each.witness === name))) {
      this.said.delete(witness);
      logger.info({ witness }, 'sealing: the witness cosigns again');
    }
  }

  /** Seconds behind at most, and the vault's file is not synced for it: that would hold up appends. */
  private raise({ size, root }: Sealed): void {
    if (this.mark && this.mark !== 'lost' && this.mark.size >= size) return;
    this.mark = { origin: this.options.keys.origin, size, root: Buffer.from(root, 'base64') };
    this.options.raiseMark?.(this.mark).catch((error: Error & { code?: string }) => {
      this.options.logger.error({ code: error.code ?? error.name }, 'the mark of what is sealed could not be raised');
    });
  }

  private failed(reason: Bilingual & { code: string }): void {
    if (this.trouble?.code === reason.code) return; // said once, until it is over
    const { code, zh, en } = reason;
    this.trouble = { code, zh, en, since: this.options.clock.now() };
    this.options.logger.error({ code }, `sealing: ${en}`);
  }

  /** The thread has ended. */
  private over(): void {
    this.thread = undefined;
    if (this.closing || this.lost) return;
    this.restarting = setTimeout(() => this.start(), this.restartMs);
    this.restartMs = Math.min(2 * this.restartMs, MAX_RESTART_MS);
  }

  private async measure(): Promise<void> {
    const head = await this.options.store.head().catch(() => undefined); // closed: there is nothing to measure
    if (head !== undefined) this.age.seen(head, performance.now());
  }
}

const NO_QUORUM = {
  code: 'log.quorum_not_met',
  zh: '见证人的签名未达到规定数目，检查点暂不发布。',
  en: 'Too few witnesses have cosigned: the checkpoint is not published until enough have.',
};

/** No checkpoint covered a position in the time that was given. */
export const notSealedInTime = (): Failure =>
  new Failure('unavailable', 'log.not_sealed_in_time', {
    zh: '该记录尚未进入已发布的检查点，请稍后再试。',
    en: 'No published checkpoint covers this record yet; try again shortly.',
    retryAfterS: 1,
  });
