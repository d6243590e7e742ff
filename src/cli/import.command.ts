import { Command } from 'commander';
import { readConfig } from '../config';
import { importFile } from '../importing/import-file';
import { openMingjing } from '../server';
import { interruption, progressBar } from './terminal';

export function importCommand(): Command {
  return new Command('import')
    .description('导入历史执法数据 Import historical acts from a CSV file')
    .argument('<file>', 'CSV file')
    .requiredOption('-p, --profile <profile>', 'a mapping profile: a name that comes with Mingjing, or a YAML file')
    .option(
      '--rejects <file>',
      'where rows that cannot be imported go, with line and reason (default: FILE.rejects.csv)',
    )
    .addHelpText(
      'after',
      `
配置文件说明 Profiles are described in docs/import-profiles.md. Those that come with Mingjing:
  taipei-labour.cp950, taipei-labour.utf8, taoyuan-labour

先停止服务再导入 Stop the server first: one process at a time writes the ledger.
重复导入不会重复记录 Importing again adds nothing twice; after an interruption it goes on where it was.

例 Example:
  mingjing import penalties.csv --profile taipei-labour.utf8`,
    )
    .action(async (file: string, options: { profile: string; rejects?: string }) => {
      const signal = interruption();
      const mingjing = await openMingjing({ ...readConfig(process.env), logLevel: 'warn' });
      const bar = progressBar('导入 import');
      try {
        const summary = await importFile({
          file,
          profile: options.profile,
          commands: mingjing.commands,
          rejects: options.rejects,
          signal,
          onProgress: ({ bytesRead, bytesTotal }) => bar.at(bytesRead, bytesTotal),
        });
        bar.end();
        await mingjing.rows.readModel.waitFor('public-notices', await mingjing.store.head(), 600_000);
        process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
        if (signal.aborted) process.exitCode = 130;
      } finally {
        bar.end();
        await mingjing.close();
      }
    });
}
