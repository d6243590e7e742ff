import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { projections } from '../../projections/all';
import { locations, paths, readConfig, type Config } from '../../src/config';
import { systemClock } from '../../src/kernel/time';
import { openLedgerAt } from '../../src/ledger/commitment/open-ledger';
import type { EventStore } from '../../src/ledger/event-store';
import { Postgres } from '../../src/ledger/postgres/postgres';
import { digest } from '../../src/ledger/projecting/dump';
import { openReadModel, openSharedReadModel } from '../../src/ledger/projecting/open-read-model';
import type { ReadModel } from '../../src/ledger/projecting/read-model';
import type { Installation } from './installation';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Rows as the nodes left them, held against rows in SQLite built anew from the same ledger. No node may run. */
export async function differingRows({
  env,
  directory,
}: Installation): Promise<{ readonly differing: string[]; readonly projections: number }> {
  const config = readConfig(env);
  const { store } = await openLedgerAt(locations(config), { readOnly: true });
  try {
    const left = await (config.postgresUrl ? inPostgres(store, config) : inFile(store, paths(config).readModel));
    const built = await inFile(store, mkdtempSync(join(directory, 'rebuilt-')));
    const differing = projections.map(({ name }) => name).filter((name) => left.get(name) !== built.get(name));
    return { differing, projections: projections.length };
  } finally {
    await store.close();
  }
}

async function inFile(store: EventStore, directory: string): Promise<Map<string, string>> {
  const rows = await openReadModel({ directory, projections, store, clock: systemClock, logger: silent });
  try {
    await rows.runner.settled();
    return await digests(rows.readModel);
  } finally {
    await rows.close();
  }
}

async function inPostgres(store: EventStore, config: Config): Promise<Map<string, string>> {
  const postgres = await Postgres.open({ url: config.postgresUrl, schema: config.postgresSchema });
  try {
    const rows = await openSharedReadModel({ postgres, projections, store, clock: systemClock, logger: silent });
    try {
      return await digests(rows.readModel);
    } finally {
      await rows.close();
    }
  } finally {
    await postgres.close();
  }
}

/** By projection: how far it reaches, how many rows it has, and what is in them. */
async function digests(readModel: ReadModel): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const projection of projections) {
    const { sha256, rows } = await digest(readModel, projection);
    found.set(projection.name, `${await readModel.position(projection.name)} ${rows} ${sha256}`);
  }
  return found;
}
