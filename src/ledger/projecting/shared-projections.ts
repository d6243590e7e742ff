import { Failure } from '../../kernel/errors';
import type { Fence } from '../postgres/lease';
import type { Postgres } from '../postgres/postgres';
import type { GenerationWatch } from './generation-watch';
import { PostgresRowStore } from './postgres-row-store';
import { Progress } from './progress';
import { ProjectionRunner, type Projections, type RunnerOptions } from './projection-runner';
import { statusOf } from './projection-status';
import type { ProjectionStatus } from './read-model';
import { shapeOf } from './row-store';

/**
 * The projections of several nodes over one PostgreSQL. The node that leads runs them; every node tells how they are, as the database
 * says.
 */
export class SharedProjections implements Projections {
  private runner: ProjectionRunner | undefined;
  private closed = false;

  constructor(
    private readonly postgres: Postgres,
    private readonly watch: GenerationWatch,
    private readonly options: Omit<RunnerOptions, 'onLost'>,
  ) {}

  /** Begins to run them. @throws LeaseLost */
  async start(fence: Fence, onLost: () => void): Promise<void> {
    const rows = new PostgresRowStore(this.postgres, fence, () => void this.watch.refresh().catch(() => undefined));
    const names = this.options.projections.map(({ name }) => name);
    const runner = new ProjectionRunner(rows, new Progress(names), { ...this.options, onLost });
    try {
      await runner.start();
      this.runner = runner;
    } catch (error) {
      await runner.stop();
      throw error;
    }
  }

  /** Waits for the batch that is under way. */
  async stop(): Promise<void> {
    const { runner } = this;
    this.runner = undefined;
    await runner?.stop();
  }

  close(): void {
    this.closed = true;
  }

  /** @throws Failure `read_model.not_leading` */
  async rebuild(name: string): Promise<void> {
    await this.leading().rebuild(name);
  }

  /** @throws Failure `read_model.not_leading` */
  retry(name?: string): void {
    this.leading().retry(name);
  }

  /** On the node that leads, as its runner says; on another, once the rows have reached the ledger's head as it is now, or have stalled. */
  async settled(): Promise<void> {
    if (this.runner) {
      await this.runner.settled();
      return this.watch.refresh().catch(() => undefined); // the rows have settled, or this node leads no more
    }
    const head = await this.options.store.head();
    const { progress } = this.watch;
    const isBehind = ({ name }: { name: string }): boolean =>
      !this.watch.records.some(
        ({ projection, state, stalled }) => projection === name && state !== 'retired' && stalled,
      ) &&
      (progress.generationOrNone(name) === undefined || progress.position(name) < head);
    while (!this.closed && this.options.projections.some(isBehind)) await this.watch.change();
  }

  /** With the database away it is still given, as it was seen last. */
  async status(): Promise<ProjectionStatus[]> {
    await this.watch.refresh().catch(() => undefined);
    const { projections, store, clock } = this.options;
    const { records, progress, fault } = this.watch;
    const shapes = new Map(projections.map((projection) => [projection.name, shapeOf(projection)]));
    const running = records
      .filter(({ projection, state, shape }) => state !== 'retired' && shapes.get(projection) === shape)
      .map(({ id, projection, state, position, stalled }) => {
        return { id, projection, live: state === 'live', position, stalled };
      });
    const seen = Math.max(0, ...records.map(({ position }) => position));
    return statusOf({ projections, running, progress, store, clock, fault: fault ?? this.runner?.trouble, seen });
  }

  private leading(): ProjectionRunner {
    if (this.runner) return this.runner;
    throw new Failure('unavailable', 'read_model.not_leading', {
      zh: '查询数据由另一节点维护，请在该节点上操作。',
      en: 'Another node runs the projections; it is to be asked there.',
    });
  }
}
