import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Projection } from '../../../projections/projection';
import { Generation } from './generation';
import type { ReadModelFile } from './read-model-file';
import { shapeOf, type GenerationRecord, type Pace, type RowStore } from './row-store';
import { sqliteCode } from './sqlite-code';
import { SqliteTable } from './sqlite-table';

/** Generations in `read-model.db`. Whatever is asked for is read at once, so nothing is ever missing and nothing to be loaded. */
export class SqliteRowStore implements RowStore {
  readonly cacheChars = 3 * 1024 * 1024;
  /** Erased rows may still stand in the write-ahead log. */
  private traceLeft = false;

  constructor(private readonly file: ReadModelFile) {}

  async generations(): Promise<GenerationRecord[]> {
    return this.file.generations();
  }

  async open(projection: Projection, record: GenerationRecord): Promise<Generation> {
    return this.generation(projection, record);
  }

  async create(projection: Projection): Promise<Generation> {
    return this.file.db.transaction(() =>
      this.generation(projection, this.file.createGeneration(projection.name, shapeOf(projection))),
    )();
  }

  async load(): Promise<void> {
    // nothing is missing
  }

  async write(generations: readonly Generation[], { forget }: { forget: boolean }): Promise<void> {
    this.traceLeft ||= generations.some(({ erased }) => erased);
    const faults = new Map<Generation, unknown>();
    const writeOne = this.file.db.transaction((generation: Generation) => {
      const move = generation.write();
      if (move) this.file.moveCheckpoint(generation.id, move.from.position, move.to);
    }); // a savepoint within the other
    this.file.db.transaction(() => {
      for (const generation of generations) {
        try {
          writeOne(generation);
        } catch (error) {
          if (sqliteCode(error)) throw error;
          faults.set(generation, error);
        }
      }
    })();
    for (const generation of generations) {
      if (faults.has(generation)) generation.rollBack(faults.get(generation));
      else generation.committed({ forget });
    }
    // Another process that reads may prevent it: the next writing tries again.
    if (this.traceLeft) this.traceLeft = !this.file.emptyLog();
  }

  async index(generation: Generation, pace: Pace): Promise<void> {
    const { file } = this;
    await this.inTurns(steps(), pace);

    function* steps(): Generator<void> {
      for (const table of generation.tables.values()) yield* (table as SqliteTable).index();
      file.markIndexed(generation.id);
      generation.indexed = true;
    }
  }

  async switchIn(projection: string, generation: number): Promise<void> {
    this.file.switchIn(projection, generation);
  }

  async retire(generation: number): Promise<void> {
    this.file.retire(generation);
  }

  async remove(generation: number, pace: Pace): Promise<void> {
    await this.inTurns(this.file.removal(generation), pace);
  }

  /** Takes steps on the file in short transactions, giving way between them, until they are done or no longer wanted. */
  private async inTurns(steps: Generator<void>, { turnMs, wanted }: Pace): Promise<void> {
    let done = false;
    const turn = this.file.db.transaction(() => {
      const end = performance.now() + turnMs();
      while (!done && performance.now() < end) done = steps.next().done ?? false;
    });
    while (!done && wanted()) {
      turn();
      await nextTurn();
    }
  }

  private generation(projection: Projection, record: GenerationRecord): Generation {
    const tables = Object.entries(projection.tables).map(
      ([name, table]) => new SqliteTable(this.file.db, record.id, name, table, record.indexed),
    );
    return new Generation(projection, record, new Map(tables.map((table) => [table.name, table])));
  }
}
