import { columnsOf, type Projection } from '../../../projections/projection';
import type { Generation } from './generation';

/** One set of a projection's tables. At most one is `live`, the one that answers. */
export interface GenerationRecord {
  readonly id: number;
  readonly projection: string;
  /** Version and columns, by which a generation is known to fit the program. */
  readonly shape: string;
  readonly state: 'building' | 'live' | 'retired';
  readonly indexed: boolean;
  readonly position: number;
  /** Of the event at `position`: the generation belongs to the ledger that holds it. */
  readonly eventId: string | null;
}

/** A place in the ledger, and the event that is there. Position 0: before the first. */
export interface Checkpoint {
  readonly position: number;
  readonly eventId: string | null;
}

/** Before the first event. */
export const BEGINNING: Checkpoint = { position: 0, eventId: null };

/** How a generation's checkpoint moves with a batch of its rows. */
export interface Move {
  readonly from: Checkpoint;
  readonly to: Checkpoint;
}

/** How much of long work on tables may be done before others have their turn, and whether it is still wanted. */
export interface Pace {
  turnMs(): number;
  wanted(): boolean;
}

/**
 * Where generations are kept: `read-model.db` (`sqlite-row-store.ts`) or PostgreSQL (`postgres-row-store.ts`). The runner calls it, one call
 * at a time except for `index` and `remove`, which work on tables that nothing else writes.
 */
export interface RowStore {
  /** Rows in memory, as JSON, of all generations together, in UTF-16 units: what is over it is written and then forgotten. */
  readonly cacheChars: number;
  generations(): Promise<GenerationRecord[]>;
  /** A generation that is there, to be taken up where it is. */
  open(projection: Projection, record: GenerationRecord): Promise<Generation>;
  /** A new one, empty. */
  create(projection: Projection): Promise<Generation>;
  /** Reads what the folds asked for that was not in memory. */
  load(generations: readonly Generation[]): Promise<void>;
  /**
   * Writes what the generations have applied, in one transaction, each with its checkpoint; what was erased has left no trace that the
   * store can reach. A fault of one projection's functions takes back and stalls that one alone. `forget`: rows that were not used
   * lately leave memory.
   * @throws anything else: then all is still in memory, to be tried again
   */
  write(generations: readonly Generation[], options: { forget: boolean }): Promise<void>;
  /** Makes the indexes. Gives up when it is no longer wanted. */
  index(generation: Generation, pace: Pace): Promise<void>;
  /** From here on this generation answers, and the one before it is retired. */
  switchIn(projection: string, generation: number): Promise<void>;
  /** From here on it does not answer; its tables wait for `remove`. */
  retire(generation: number): Promise<void>;
  /** Drops the tables of one that is retired, once no scan reads them. What an end of the program leaves of them, the next start removes. */
  remove(generation: number, pace: Pace): Promise<void>;
}

/** A generation's checkpoint is not where this process left it: another one writes the same rows. */
export class CheckpointMoved extends Error {
  constructor(generation: number) {
    super(`another process has written generation ${generation}`);
    this.name = 'CheckpointMoved';
  }
}

/** What has to be equal for rows to be kept: the version, the tables, their columns, which of them hold numbers, whether they are searched, their lists. */
export function shapeOf({ version, tables }: Projection): string {
  const shapes = Object.entries(tables).map(([name, table]) => [
    name,
    Object.keys(columnsOf(table)).sort(),
    table.search !== undefined,
    [...(table.numbers ?? [])].sort(),
    ...(table.lists ? [[...table.lists].map(String).sort()] : []),
  ]);
  return JSON.stringify([version, shapes.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))]);
}
