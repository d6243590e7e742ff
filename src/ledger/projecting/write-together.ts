import type { Generation } from './generation';
import type { Sqlite } from './row-table';
import { sqliteCode } from './sqlite-code';

/**
 * Writes what the generations have applied, in one transaction, each with its checkpoint. A fault of one projection's functions
 * takes back and stalls that one alone. `forget`: rows that were not used lately leave memory.
 * @throws what SQLite throws: then nothing is written and all is still in memory, to be tried again
 */
export function writeTogether(db: Sqlite, generations: readonly Generation[], { forget }: { forget: boolean }): void {
  const faults = new Map<Generation, unknown>();
  const writeOne = db.transaction((generation: Generation) => generation.write()); // a savepoint within the other
  db.transaction(() => {
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
}
