import { setTimeout as sleep } from 'node:timers/promises';
import type { Projection } from '../../../projections/projection';
import { whileHeld, type Fence } from '../postgres/lease';
import { code, isUnavailable, type Parameter, type Postgres, type Session } from '../postgres/postgres';
import { Generation, type Stall } from './generation';
import { fenced, SCAN_LOCK, scanLock, sharedRecords, type SharedRecord } from './postgres-rows-schema';
import { PostgresTable, type LoadedRow } from './postgres-table';
import {
  BEGINNING,
  CheckpointMoved,
  shapeOf,
  type Checkpoint,
  type GenerationRecord,
  type Move,
  type Pace,
  type RowStore,
} from './row-store';

const LOCK_TIMEOUT_MS = 1000;
/** Between two attempts to drop rows that are still read. */
const DROP_AGAIN_MS = 250;
/** SQLSTATE classes of a statement that is to blame itself: data, constraints, limits of the program. */
const OWN_FAULT = /^(22|23|54)/;
const UNDEFINED_TABLE = '42P01';
const LOCK_NOT_AVAILABLE = '55P03';

/** Generations in PostgreSQL, as the node that leads keeps them: whatever it writes carries its fence. */
export class PostgresRowStore implements RowStore {
  readonly cacheChars = 8 * 1024 * 1024;
  private readonly tables = new Map<number, readonly PostgresTable[]>();
  /** As the database has them. */
  private readonly stalls = new Map<number, Stall | undefined>();
  /** Generations of which erased rows may still stand in the tables' files. */
  private readonly traces = new Set<number>();
  /** An answer was lost: the batch of the last attempt may be there already. */
  private unsure = false;

  constructor(
    private readonly postgres: Postgres,
    private readonly fence: Fence,
    /** Called after every change that readers may see. */
    private readonly changed: () => void = () => undefined,
  ) {}

  generations(): Promise<SharedRecord[]> {
    return sharedRecords(this.postgres);
  }

  async open(projection: Projection, record: GenerationRecord): Promise<Generation> {
    const generation = this.generation(projection, record);
    const { announced, stalled } = record as SharedRecord;
    this.stalls.set(record.id, stalled);
    if (announced < record.position) this.traces.add(record.id); // the node that led before did not come to it
    await this.removeTraces();
    return generation;
  }

  async create(projection: Projection): Promise<Generation> {
    const shape = shapeOf(projection);
    return fenced(this.postgres, this.fence, async (session) => {
      const [{ id }] = await session.query<{ id: number }>(
        "INSERT INTO generation (projection, shape, state) VALUES ($1, $2, 'building') RETURNING id",
        [projection.name, shape],
      );
      const record = {
        id,
        projection: projection.name,
        shape,
        state: 'building',
        indexed: false,
        ...BEGINNING,
      } as const;
      const generation = this.generation(projection, record);
      for (const table of this.tablesOf(generation)) {
        for (const statement of table.creation()) await session.query(statement);
      }
      return generation;
    });
  }

  async load(generations: readonly Generation[]): Promise<void> {
    const sources = generations.flatMap((each) => this.tablesOf(each).map((table) => [each, table] as const));
    const parameters: Parameter[] = [];
    const queries = sources.flatMap(([, table], source) => table.loadQueries(source, parameters));
    const rows = sources.map((): LoadedRow[] => []);
    for (const row of await this.postgres.query<LoadedRow>(queries.join(' UNION ALL '), parameters)) {
      rows[row.source].push(row);
    }
    sources.forEach(([generation, table], source) =>
      table.loaded(rows[source], (key, json) => generation.loaded(table.name, key, json)),
    );
  }

  async write(generations: readonly Generation[], { forget }: { forget: boolean }): Promise<void> {
    const moves = new Map(generations.map((each) => [each, this.moveOf(each)] as const));
    const elsewhere = await this.commit(moves);
    for (const generation of generations) {
      const checkpoint = elsewhere.get(generation);
      if (checkpoint) generation.goBackTo(checkpoint);
      else if (moves.get(generation)) generation.committed({ forget });
      for (const table of this.tablesOf(generation)) table.begin();
      this.stalls.set(generation.id, generation.stalled);
    }
    await this.removeTraces();
    this.changed();
  }

  async index(generation: Generation, { wanted }: Pace): Promise<void> {
    for (const statement of this.tablesOf(generation).flatMap((table) => table.indexes())) {
      if (!wanted()) return;
      try {
        await this.longWork(statement);
      } catch (error) {
        if (code(error) === UNDEFINED_TABLE && !wanted()) return; // it was dropped meanwhile
        throw error;
      }
    }
    await this.update('UPDATE generation SET indexed = true WHERE id = $1', [generation.id]);
    generation.indexed = true;
  }

  async switchIn(projection: string, generation: number): Promise<void> {
    await fenced(this.postgres, this.fence, async (session) => {
      await session.query(
        "UPDATE generation SET state = 'retired' WHERE projection = $1 AND state = 'live' AND id <> $2",
        [projection, generation],
      );
      await session.query("UPDATE generation SET state = 'live' WHERE id = $1", [generation]);
    });
    this.changed();
  }

  async retire(generation: number): Promise<void> {
    await this.update("UPDATE generation SET state = 'retired' WHERE id = $1", [generation]);
    this.changed();
  }

  async remove(generation: number, { wanted }: Pace): Promise<void> {
    while (wanted() && !(await this.dropped(generation))) await sleep(DROP_AGAIN_MS);
    this.tables.delete(generation);
  }

  /** What a batch changes, computed before its transaction begins: a fault of a projection's functions stalls that one alone. */
  private moveOf(generation: Generation): Move | undefined {
    for (const table of this.tablesOf(generation)) table.begin();
    try {
      return generation.write();
    } catch (error) {
      this.takeBack(generation, error);
      return undefined;
    }
  }

  private takeBack(generation: Generation, error: unknown): void {
    for (const table of this.tablesOf(generation)) table.begin();
    generation.rollBack(error);
  }

  /**
   * Writes the batch, again without a generation whose statement is to blame. Answers which generations the database has at another
   * checkpoint than this node left them: it has lost what it had confirmed, as a standby that has taken over may.
   */
  private async commit(moves: Map<Generation, Move | undefined>): Promise<ReadonlyMap<Generation, Checkpoint>> {
    for (;;) {
      const elsewhere = new Map<Generation, Checkpoint>();
      try {
        const news = [...moves].filter(
          ([{ id, stalled }, move]) => move !== undefined || !isSameStall(this.stalls.get(id), stalled),
        );
        if (news.length > 0) {
          await fenced(this.postgres, this.fence, (session) => this.writeBatch(session, new Map(news), elsewhere));
        }
        this.unsure = false;
        return elsewhere;
      } catch (error) {
        if (!(error instanceof GenerationFault)) {
          this.unsure ||= isUnavailable(error);
          throw error;
        }
        this.takeBack(error.generation, error.cause);
        moves.set(error.generation, undefined);
      }
    }
  }

  private async writeBatch(
    session: Session,
    moves: ReadonlyMap<Generation, Move | undefined>,
    elsewhere: Map<Generation, Checkpoint>,
  ): Promise<void> {
    const ids = [...moves.keys()].map(({ id }) => id);
    const found = await session.query<Checkpoint & { id: number }>(
      'SELECT id, position, event_id AS "eventId" FROM generation WHERE id = ANY($1::integer[]) FOR UPDATE',
      [ids],
    );
    const stored = new Map(found.map(({ id, position, eventId }) => [id, { position, eventId }]));
    const written: { generation: Generation; to: Checkpoint }[] = [];
    for (const [generation, move] of moves) {
      const at = stored.get(generation.id);
      if (!at && move) throw new GenerationFault(generation, new CheckpointMoved(generation.id));
      if (!at) continue;
      if (move && !(this.unsure && isSame(at, move.to))) {
        if (!isSame(at, move.from)) {
          elsewhere.set(generation, at);
          continue;
        }
        await this.flush(session, generation);
      }
      if (move && generation.erased) this.traces.add(generation.id);
      written.push({ generation, to: move?.to ?? at });
    }
    const column = (value: (each: (typeof written)[number]) => Parameter): Parameter => written.map(value);
    await session.query(
      `UPDATE generation AS stored
       SET position = new.position, event_id = new.event_id,
           announced = CASE WHEN new.traces THEN stored.announced ELSE new.position END,
           stalled_position = new.stalled_position, stalled_reason = new.stalled_reason
       FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::boolean[], $5::bigint[], $6::text[])
         AS new (id, position, event_id, traces, stalled_position, stalled_reason)
       WHERE stored.id = new.id`,
      [
        column(({ generation }) => generation.id),
        column(({ to }) => to.position),
        column(({ to }) => to.eventId),
        column(({ generation }) => this.traces.has(generation.id)),
        column(({ generation }) => generation.stalled?.position ?? null),
        column(({ generation }) => generation.stalled?.reason ?? null),
      ],
    );
  }

  private async flush(session: Session, generation: Generation): Promise<void> {
    try {
      for (const table of this.tablesOf(generation)) await table.flush(session);
    } catch (error) {
      if (OWN_FAULT.test(code(error))) throw new GenerationFault(generation, error);
      throw error;
    }
  }

  /** The rows that were erased stand in the tables' files until these are vacuumed; only then is anybody told how far the rows reach. */
  private async removeTraces(): Promise<void> {
    for (const id of [...this.traces]) {
      for (const statement of (this.tables.get(id) ?? []).flatMap((table) => table.vacuum() ?? [])) {
        await this.longWork(statement);
      }
      await this.update('UPDATE generation SET announced = position WHERE id = $1', [id]);
      this.traces.delete(id);
    }
  }

  /** Drops a generation's rows unless somebody reads them. */
  private async dropped(generation: number): Promise<boolean> {
    try {
      return await fenced(this.postgres, this.fence, async (session) => {
        const [{ free }] = await session.query<{ free: boolean }>(
          `SELECT pg_try_advisory_xact_lock(${SCAN_LOCK}) AS free`,
          scanLock(this.postgres, generation),
        );
        if (!free) return false;
        await session.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
        const tables = await session.query<{ name: string }>(
          "SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename ~ ('^g' || $2 || '_')",
          [this.postgres.schema, String(generation)],
        );
        for (const { name } of tables) await session.query(`DROP TABLE "${name}"`);
        await session.query('DELETE FROM generation WHERE id = $1', [generation]);
        return true;
      });
    } catch (error) {
      if (code(error) === LOCK_NOT_AVAILABLE) return false;
      throw error;
    }
  }

  private async update(sql: string, parameters: Parameter[]): Promise<void> {
    await fenced(this.postgres, this.fence, (session) => session.query(sql, parameters));
  }

  /** A statement that changes nothing that anybody can see, and may take long: the next node that leads does not wait for it. */
  private async longWork(statement: string): Promise<void> {
    await this.postgres.session((session) => whileHeld(session, this.fence, statement), { longWork: true });
  }

  private generation(projection: Projection, record: GenerationRecord): Generation {
    const tables = Object.entries(projection.tables).map(([name, table]) => new PostgresTable(record.id, name, table));
    this.tables.set(record.id, tables);
    return new Generation(projection, record, new Map(tables.map((table) => [table.name, table])));
  }

  private tablesOf({ id }: Generation): readonly PostgresTable[] {
    return this.tables.get(id) ?? [];
  }
}

const isSame = (one: Checkpoint, other: Checkpoint): boolean =>
  one.position === other.position && one.eventId === other.eventId;

const isSameStall = (one: Stall | undefined, other: Stall | undefined): boolean =>
  one?.position === other?.position && one?.reason === other?.reason;

/** A statement of one generation's rows failed, and would again. */
class GenerationFault extends Error {
  constructor(
    readonly generation: Generation,
    override readonly cause: unknown,
  ) {
    super('a statement of one projection failed');
  }
}
