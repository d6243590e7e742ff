import { projections } from '../../projections/all';
import { systemClock } from '../../src/kernel/time';
import type { EventStore } from '../../src/ledger/event-store';
import { Postgres } from '../../src/ledger/postgres/postgres';
import { openSharedReadModel, type SharedReadModel } from '../../src/ledger/projecting/open-read-model';
import { nextFence, silent } from '../contract/projection-ledger';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { WAIT_MS } from '../until';

/** The rows of a ledger in PostgreSQL, beside those that the program keeps in its file. */
export class RowsInPostgres {
  private constructor(
    private readonly settings: ReturnType<typeof freshSchema>,
    private readonly store: EventStore,
    readonly postgres: Postgres,
    readonly shared: SharedReadModel,
  ) {}

  static async open(store: EventStore): Promise<RowsInPostgres> {
    const settings = freshSchema();
    const postgres = await Postgres.open(settings);
    const shared = await openSharedReadModel({ postgres, projections, store, clock: systemClock, logger: silent });
    await shared.lead(await nextFence(postgres));
    return new RowsInPostgres(settings, store, postgres, shared);
  }

  /** Waits until every projection has seen the whole ledger. */
  async settled(): Promise<void> {
    await this.shared.runner.settled();
    const head = await this.store.head();
    for (const { name } of projections) await this.shared.readModel.waitFor(name, head, WAIT_MS);
  }

  async rebuilt(): Promise<void> {
    for (const { name } of projections) await this.shared.runner.rebuild(name);
    await this.settled();
  }

  async close(): Promise<void> {
    await this.shared.close();
    await this.postgres.close();
    await dropSchema(this.settings);
  }
}
