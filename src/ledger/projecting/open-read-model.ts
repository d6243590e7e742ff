import type { Projection } from '../../../projections/projection';
import type { Clock } from '../../kernel/time';
import type { EventStore } from '../event-store';
import type { Fence } from '../postgres/lease';
import type { Postgres } from '../postgres/postgres';
import { GenerationWatch } from './generation-watch';
import type { Logger } from './logger';
import { OneAtATime } from './one-at-a-time';
import { PostgresProcessRecords } from './postgres-process-records';
import { PostgresReadModel } from './postgres-read-model';
import { PostgresRowStore } from './postgres-row-store';
import { migrateRows } from './postgres-rows-schema';
import { ProcessRunner, type ProcessManager } from './process-manager';
import { Progress } from './progress';
import { ProjectionRunner, type Projections, type RunnerOptions } from './projection-runner';
import type { ReadModel } from './read-model';
import { ReadModelFile } from './read-model-file';
import type { RowStore } from './row-store';
import { ScanLocks } from './scan-locks';
import { SharedProjections } from './shared-projections';
import { SqliteProcessRecords } from './sqlite-process-records';
import { SqliteReadModel } from './sqlite-read-model';
import { SqliteRowStore } from './sqlite-row-store';

export interface ReadModelOptions {
  /** Holds `read-model.db`; made when it is missing. */
  readonly directory: string;
  readonly projections: readonly Projection[];
  readonly store: EventStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly processManagers?: readonly ProcessManager[];
}

export interface OpenReadModel {
  readonly readModel: ReadModel;
  readonly runner: Projections;
  readonly processes: ProcessRunner;
  /** Stops both runners, then closes the file. To be called before the store is closed. */
  close(): Promise<void>;
}

/**
 * Opens the embedded read model and runs projections and process managers. Returns at once: what has to be built is built in the
 * background (`runner.settled()` waits for it).
 */
export async function openReadModel(options: ReadModelOptions): Promise<OpenReadModel> {
  const { directory, projections, store, clock, logger, processManagers = [] } = options;
  const file = ReadModelFile.open(directory);
  const reader = file.openReader();
  const progress = new Progress(projections.map(({ name }) => name));
  const runner = new ProjectionRunner(new SqliteRowStore(file), progress, options);
  const processes = new ProcessRunner(new SqliteProcessRecords(file.db), store, clock, logger, processManagers);
  const readModel = new SqliteReadModel(projections, reader, progress, () => runner.status());
  const close = async (): Promise<void> => {
    await Promise.all([runner.stop(), processes.stop()]);
    reader.close();
    file.close();
  };
  try {
    await runner.start();
    await processes.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { readModel, runner, processes, close };
}

export interface SharedReadModelOptions extends Omit<ReadModelOptions, 'directory'> {
  readonly postgres: Postgres;
  /** Another node leads now; this one has written nothing since and runs nothing any more. Queries go on. */
  readonly onLost?: () => void;
}

/** A read model that several nodes share. Every node answers from it; the one that leads keeps it up to date. */
export interface SharedReadModel extends OpenReadModel {
  /** Runs projections and process managers on this node. @throws LeaseLost, Failure `postgres.unavailable`: then it runs nothing */
  lead(fence: Fence): Promise<void>;
  /** Stops them when what is under way is done; queries go on. It may lead again later. */
  standDown(): Promise<void>;
}

/**
 * Opens the read model in PostgreSQL for queries, and for leading when the node is told to. `close` leaves the database to whoever opened it.
 * @throws Failure `postgres.unavailable`
 */
export async function openSharedReadModel(options: SharedReadModelOptions): Promise<SharedReadModel> {
  const { postgres, projections, store, clock, logger, processManagers = [], onLost } = options;
  await migrateRows(postgres);
  const watch = await GenerationWatch.open(postgres, projections);
  const scans = new ScanLocks(postgres);
  const records = new PostgresProcessRecords(postgres);
  const runner = new SharedProjections(postgres, watch, options);
  const inTurn = new OneAtATime();
  let leads: Fence | undefined;
  const processes = new ProcessRunner(records, store, clock, logger, processManagers, () => lose(records.fence));

  const stop = async (): Promise<void> => {
    leads = undefined;
    await Promise.all([runner.stop(), processes.stop()]);
  };
  const lose = (fence: Fence | undefined): void => {
    if (!fence || leads !== fence) return; // both runners find out
    leads = undefined;
    void inTurn.run(stop);
    onLost?.();
  };
  const lead = async (fence: Fence): Promise<void> => {
    await stop();
    leads = fence;
    records.fence = fence;
    try {
      await runner.start(fence, () => lose(fence));
      await processes.start();
    } catch (error) {
      await stop();
      throw error;
    }
  };
  return {
    readModel: new PostgresReadModel(projections, postgres, watch, scans, () => runner.status()),
    runner,
    processes,
    lead: (fence) => inTurn.run(() => lead(fence)),
    standDown: () => inTurn.run(stop),
    async close() {
      await inTurn.run(stop);
      runner.close();
      await watch.close();
      await scans.close();
    },
  };
}

/** Which projections are built anew; all when none is named. */
export interface NamedRunnerOptions extends RunnerOptions {
  readonly names?: readonly string[];
}

/** Where the rows are: a file that no server has open, or a database whose lease is held. */
export type RebuildOptions = NamedRunnerOptions &
  ({ readonly directory: string } | { readonly postgres: Postgres; readonly fence: Fence });

/**
 * Builds the named projections (all when none is named) from the ledger's beginning and switches them in; for the command line, with
 * no server running. Process managers do not act.
 * @throws Error when a projection stalls; the rows from before go on answering
 */
export async function rebuildOffline(options: RebuildOptions): Promise<void> {
  if ('postgres' in options) {
    await migrateRows(options.postgres);
    await rebuildIn(new PostgresRowStore(options.postgres, options.fence), options);
    return;
  }
  const file = ReadModelFile.open(options.directory, { alone: true });
  try {
    await rebuildIn(new SqliteRowStore(file), options);
  } finally {
    file.close();
  }
}

async function rebuildIn(
  rows: RowStore,
  options: RunnerOptions & { readonly names?: readonly string[] },
): Promise<void> {
  const all = options.projections.map(({ name }) => name);
  const runner = new ProjectionRunner(rows, new Progress(all), options);
  try {
    await runner.start({ follow: false, rebuild: options.names ?? all });
    await runner.settled();
    for (const { name, error } of await runner.status()) {
      if (error) throw new Error(`${name} stopped at position ${error.position}: ${error.reason}`);
    }
  } finally {
    await runner.stop();
  }
}
