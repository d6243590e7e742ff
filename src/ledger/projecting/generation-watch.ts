import type { Projection } from '../../../projections/projection';
import { Listener } from '../postgres/listener';
import type { Postgres } from '../postgres/postgres';
import { rowsChannel, sharedRecords, type SharedRecord } from './postgres-rows-schema';
import { Progress } from './progress';
import { faultOf, type Fault } from './reason-of';

/** Between two looks at the database when nothing is notified. */
const POLL_MS = 300;

/**
 * What the database says of generations, on every node alike: which ones answer and how far they reach. It looks when it is notified,
 * and in any case again and again. Looks follow one another, so that none brings back what an earlier one saw.
 */
export class GenerationWatch {
  readonly progress: Progress;
  /** As they were at the last look. */
  records: readonly SharedRecord[] = [];
  /** Why the last look failed. */
  fault: Fault | undefined;
  private looking: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private readonly listener: Listener;
  private readonly timer: NodeJS.Timeout;
  private closed = false;
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly postgres: Postgres,
    private readonly projections: readonly Projection[],
  ) {
    this.progress = new Progress(projections.map(({ name }) => name));
    const look = (): void => void this.refresh().catch(() => undefined);
    this.listener = Listener.start({
      postgres,
      channel: rowsChannel(postgres),
      applicationName: 'mingjing rows',
      heard: look,
      resumed: look,
    });
    this.timer = setInterval(look, POLL_MS);
  }

  /** @throws Failure `postgres.unavailable` */
  static async open(postgres: Postgres, projections: readonly Projection[]): Promise<GenerationWatch> {
    const watch = new GenerationWatch(postgres, projections);
    try {
      await watch.refresh();
      return watch;
    } catch (error) {
      await watch.close();
      throw error;
    }
  }

  /** A look that begins after this call. @throws Failure `postgres.unavailable` */
  refresh(): Promise<void> {
    this.next ??= (this.looking ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.looking = this.next;
        this.next = undefined;
        return this.look();
      });
    return this.next;
  }

  /** Resolves after the next look that found something changed, or at the end. */
  async change(): Promise<void> {
    if (this.closed) return;
    await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.listener.close();
    await Promise.allSettled([this.looking, this.next]);
    this.tell();
  }

  private async look(): Promise<void> {
    if (this.closed) return;
    try {
      this.records = await sharedRecords(this.postgres);
      this.fault = undefined;
    } catch (error) {
      this.fault = faultOf('reading rows', error);
      throw error;
    } finally {
      this.tell();
    }
    for (const { name } of this.projections) {
      const live = this.records.find(({ projection, state }) => projection === name && state === 'live');
      if (live) this.progress.reached(name, live.id, live.announced);
      else this.progress.gone(name);
    }
  }

  private tell(): void {
    for (const waiting of [...this.waiting]) waiting();
    this.waiting.clear();
  }
}
