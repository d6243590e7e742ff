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
  const opened = open(options, options);
  await opened.runner.start();
  opened.processes.start();
  return opened;
}

/**
 * Builds the named projections (all when none is named) from the ledger's beginning and switches them in; for the command line, with
 * no server running. Process managers do not act.
 * @throws Error when a projection stalls; the rows from before go on answering
 */
export async function rebuildOffline(
  options: Omit<ReadModelOptions, 'processManagers'> &
    Pick<RunnerOptions, 'onCatchUp'> & { readonly names?: readonly string[] },
): Promise<void> {
  const { runner, readModel, close } = open({ ...options, processManagers: [] }, options);
  try {
    await runner.start({ follow: false, rebuild: options.names ?? options.projections.map(({ name }) => name) });
    await runner.settled();
    for (const { name, error } of await readModel.status()) {
      if (error) throw new Error(`${name} stopped at position ${error.position}: ${error.reason}`);
    }
  } finally {
    await close();
  }
}

function open(options: ReadModelOptions, running: RunnerOptions): OpenReadModel {
  const { directory, projections, store, logger, processManagers = [] } = options;
  const file = ReadModelFile.open(directory);
  const reader = file.openReader();
  const progress = new Progress(projections.map(({ name }) => name));
  const runner = new ProjectionRunner(file, progress, running);
  const processes = new ProcessRunner(file, store, logger, processManagers);
  const readModel = new SqliteReadModel(projections, reader, progress, () => runner.status());
  return {
    readModel,
    runner,
    processes,
    close: async () => {
      await Promise.all([runner.stop(), processes.stop()]);
      reader.close();
      file.close();
    },
  };
}
