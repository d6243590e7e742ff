import { Argument, Command } from 'commander';
import { projections } from '../../projections/all';
import { JsonLogger } from '../api/logger';
import { locations, paths, readConfig, type Config } from '../config';
import { systemClock } from '../kernel/time';
import { openLedgerAt } from '../ledger/commitment/open-ledger';
import { whileNobodyLeads } from '../ledger/postgres/lease';
import { rebuildOffline, type NamedRunnerOptions } from '../ledger/projecting/open-read-model';
import { reapplyErasures } from '../privacy/erasure.manager';
import { progressBar } from './terminal';

export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description('重建查询数据 Build projections anew from the ledger')
    .addArgument(new Argument('[projection...]', 'which (default: all)').choices(projections.map((p) => p.name)))
    .addHelpText(
      'after',
      `
先停止全部节点 Stop the server first, or all nodes. A start rebuilds by itself what has changed its form, while the old rows answer.`,
    )
    .action(async (names: string[]) => {
      const config = readConfig(process.env);
      // The ledger's lock, or the lease, says that no server is writing the same rows meanwhile.
      const { store, stored, vault } = await openLedgerAt(locations(config));
      const bar = progressBar('重建 rebuild');
      try {
        await reapplyErasures(stored, vault);
        const options = {
          projections,
          store,
          clock: systemClock,
          logger: new JsonLogger('warn').pino,
          ...(names.length > 0 && { names }),
          onCatchUp: (position: number, head: number) => bar.at(position, head),
        };
        if (config.postgresUrl) await rebuildShared(config, options);
        else await rebuildOffline({ ...options, directory: paths(config).readModel });
        bar.end();
        process.stdout.write(
          `已重建 rebuilt: ${(names.length > 0 ? names : projections.map((p) => p.name)).join(', ')}\n`,
        );
      } finally {
        bar.end();
        await store.close();
      }
    });
}

/** The rows of all nodes, none of which may run meanwhile. @throws Failure `lease.held` */
const rebuildShared = (
  { postgresUrl: url, postgresSchema: schema }: Config,
  options: NamedRunnerOptions,
): Promise<void> =>
  whileNobodyLeads({ url, schema }, 'mingjing rebuild', (fence, postgres) =>
    rebuildOffline({ ...options, postgres, fence }),
  );
