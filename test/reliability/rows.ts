import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { projections } from '../../projections/all';
import type { Projection } from '../../projections/projection';
import { paths, readConfig } from '../../src/config';
import { systemClock } from '../../src/kernel/time';
import { openLedger } from '../../src/ledger/commitment/open-ledger';
import type { EventStore } from '../../src/ledger/event-store';
import { digest } from '../../src/ledger/projecting/dump';
import { openReadModel, type OpenReadModel } from '../../src/ledger/projecting/open-read-model';
import type { Installation } from './installation';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Rows as the nodes left them, held against rows built anew from the same ledger. No node may run. */
export async function differingRows({
  env,
  directory,
}: Installation): Promise<{ readonly differing: string[]; readonly projections: number }> {
  const config = readConfig(env);
  const { store } = await openLedger(paths(config), { readOnly: true });
  try {
    const left = await digests(store, paths(config).readModel);
    const built = await digests(store, mkdtempSync(join(directory, 'rebuilt-')));
    const differing = projections.map(({ name }) => name).filter((name) => left.get(name) !== built.get(name));
    return { differing, projections: projections.length };
  } finally {
    await store.close();
  }
}

async function digests(store: EventStore, directory: string): Promise<Map<string, string>> {
  const rows = await openReadModel({ directory, projections, store, clock: systemClock, logger: silent });
  try {
    await rows.runner.settled();
    return new Map(await Promise.all(projections.map((p) => digestOf(rows, p))));
  } finally {
    await rows.close();
  }
}

async function digestOf({ readModel }: OpenReadModel, projection: Projection): Promise<[string, string]> {
  const { sha256, rows } = await digest(readModel, projection);
  return [projection.name, `${await readModel.position(projection.name)} ${rows} ${sha256}`];
}
