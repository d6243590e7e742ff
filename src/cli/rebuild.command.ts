import { Command } from 'commander';
import { projections } from '../../projections/all';
import { JsonLogger } from '../api/logger';
import { paths, readConfig } from '../config';
import { systemClock } from '../kernel/time';
import { openLedger } from '../ledger/commitment/open-ledger';
import { rebuildOffline } from '../ledger/projecting/open-read-model';
import { reapplyErasures } from '../privacy/erasure.manager';
import { progressBar } from './terminal';

export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description(
      '重建查询数据 Build projections anew from the ledger; the old rows answer until the new ones are complete',
    )
    .argument('[projection...]', `which (default: all): ${projections.map((p) => p.name).join(', ')}`)
    .action(async (names: string[]) => {
      const config = readConfig(process.env);
      // The ledger's lock says that no server is writing the same rows meanwhile.
      const { store, stored, vault } = await openLedger(paths(config));
      const bar = progressBar('重建 rebuild');
      try {
        await reapplyErasures(stored, vault);
        await rebuildOffline({
          directory: paths(config).readModel,
          projections,
          store,
          clock: systemClock,
          logger: new JsonLogger('warn').pino,
          ...(names.length > 0 && { names }),
          onCatchUp: (position, head) => bar.at(position, head),
        });
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
