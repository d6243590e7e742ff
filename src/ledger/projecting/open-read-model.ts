import type { Projection } from '../../../projections/projection';
import type { Clock } from '../../kernel/time';
import type { EventStore } from '../event-store';
import type { Logger } from './logger';
import { ProcessRunner, type ProcessManager } from './process-manager';
import { Progress } from './progress';
import { ProjectionRunner, type Projections, type RunnerOptions } from './projection-runner';
import type { ReadModel } from './read-model';
import { ReadModelFile } from './read-model-file';
import type { RowStore } from './row-store';
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

/**
 * Builds the named projections (all when none is named) from the ledger's beginning and switches them in; for the command line, with
 * no server running. Process managers do not act.
 * @throws Error when a projection stalls; the rows from before go on answering
 */
export async function rebuildOffline(
  options: Omit<ReadModelOptions, 'processManagers'> & RunnerOptions & { readonly names?: readonly string[] },
): Promise<void> {
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
