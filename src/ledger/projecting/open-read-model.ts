import type { Projection } from '../../../projections/projection';
import type { Clock } from '../../kernel/time';
import type { EventStore } from '../event-store';
import type { Logger } from './logger';
import { ProcessRunner, type ProcessManager } from './process-manager';
import { Progress } from './progress';
import { ProjectionRunner, type RunnerOptions } from './projection-runner';
import type { ReadModel } from './read-model';
import { ReadModelFile } from './read-model-file';
import { SqliteReadModel } from './sqlite-read-model';

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
  readonly runner: ProjectionRunner;
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
  const runner = new ProjectionRunner(file, progress, options);
  const processes = new ProcessRunner(file, store, clock, logger, processManagers);
  const readModel = new SqliteReadModel(projections, reader, progress, () => runner.status());
  const close = async (): Promise<void> => {
    await Promise.all([runner.stop(), processes.stop()]);
    reader.close();
    file.close();
  };
  try {
    await runner.start();
  } catch (error) {
    await close();
    throw error;
  }
  processes.start();
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
  const { directory, projections, names = projections.map(({ name }) => name) } = options;
  const file = ReadModelFile.open(directory, { alone: true });
  const runner = new ProjectionRunner(file, new Progress(projections.map(({ name }) => name)), options);
  try {
    await runner.start({ follow: false, rebuild: names });
    await runner.settled();
    for (const { name, error } of await runner.status()) {
      if (error) throw new Error(`${name} stopped at position ${error.position}: ${error.reason}`);
    }
  } finally {
    await runner.stop();
    file.close();
  }
}
