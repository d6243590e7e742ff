import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { DerivationReport, DerivationTask } from './derivation-thread';
import type { DerivedPage, StoredEvents } from './stored-events';

/** Below this the threads cost more than they save. */
const MIN_EVENTS_FOR_THREADS = 20_000;
/** Threads that derive entries at the same time, at most. */
export const MAX_THREADS = 4;
/** Pages asked for before the first of them is needed, for each thread. */
const AHEAD = 2;

/** The thread's file, with the extension that this one has. */
const THREAD_FILE = __filename.replace(/derivation(\.[a-z]+)$/, 'derivation-thread$1');

export interface DerivationOptions extends DerivationTask {
  /** What derives in this thread. */
  readonly here: StoredEvents;
  readonly pageEvents: number;
  /** How many threads; as many as are worth it, unless a test says so. */
  readonly threads?: number;
}

/**
 * The pages from one position to another, in order, each derived from the events alone: so most of a check's work needs nothing
 * of its order, and is done by threads ahead of it.
 */
export async function* derivedPages(
  first: number,
  last: number,
  { here, pageEvents, threads: count = threadsFor(last - first + 1), ...task }: DerivationOptions,
): AsyncGenerator<DerivedPage, void, void> {
  const threads = Array.from({ length: count }, () => new DerivationThread(task));
  const derive = (from: number, page: number): Promise<DerivedPage> => {
    const thread = threads[page % Math.max(1, count)];
    const size = Math.min(pageEvents, last - from + 1);
    return thread ? thread.derive(from, size) : here.derive(from, size);
  };
  try {
    const asked: Promise<DerivedPage>[] = [];
    for (let [from, page] = [first, 0]; from <= last || asked.length > 0;) {
      for (; from <= last && asked.length < Math.max(1, AHEAD * count); from += pageEvents, page++) {
        asked.push(derive(from, page));
        asked[asked.length - 1].catch(() => undefined); // it is awaited in its turn
      }
      yield await asked.shift()!;
    }
  } finally {
    await Promise.all(threads.map((thread) => thread.end()));
  }
}

const threadsFor = (events: number): number =>
  events < MIN_EVENTS_FOR_THREADS ? 0 : Math.min(MAX_THREADS, availableParallelism());

class DerivationThread {
  private readonly worker: Worker;
  /** What is asked for and not answered, in order. */
  private readonly waiting: Array<Waiting> = [];
  private failed: Error | undefined;

  constructor(task: DerivationTask) {
    this.worker = new Worker(THREAD_FILE, { workerData: task });
    this.worker.on('message', (report: DerivationReport) => {
      if ('failed' in report) this.fail(new Error(report.failed));
      else this.waiting.shift()?.resolve(report);
    });
    this.worker.on('error', (error) => this.fail(error));
  }

  derive(first: number, count: number): Promise<DerivedPage> {
    return new Promise((resolve, reject) => {
      if (this.failed) return reject(this.failed);
      this.waiting.push({ resolve, reject });
      this.worker.postMessage([first, count]);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failed = error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

interface Waiting {
  resolve(page: DerivedPage): void;
  reject(error: unknown): void;
}
