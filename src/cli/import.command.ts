import { Command } from 'commander';
import { readConfig } from '../config';
import { importFile } from '../importing/import-file';
import { openMingjing } from '../server';
import { importWhole, type ImportWholeOptions } from './moving';
import { interruption, progressBar } from './terminal';

interface ImportOptions extends Partial<ImportWholeOptions> {
  readonly profile?: string;
  readonly rejects?: string;
}

export function importCommand(): Command {
  return new Command('import')
    .description('导入历史执法数据 Import historical acts from a CSV file; or a whole ledger, which moves here')
    .argument('[file]', 'CSV file')
    .option('-p, --profile <profile>', 'a mapping profile: a name that comes with Mingjing, or a YAML file')
    .option(
      '--ledger <directory>',
      '整体导入（export --ledger 的归档）a whole ledger, from an archive of export --ledger',
    )
    .option('--vault <file>', '另行运送的密钥库 of --ledger: the vault.ndjson that was transported apart')
    .option('--events-only', '只导入事件 of --ledger: a copy ahead; the next import goes on where it ends')
    .option(
      '--rejects <file>',
      'where rows that cannot be imported go, with line and reason (default: FILE.rejects.csv)',
    )
    .addHelpText(
      'after',
      `
配置文件说明 Profiles are described in docs/import-profiles.md. Those that come with Mingjing:
  taipei-labour.cp950, taipei-labour.utf8, taoyuan-labour

台账在数据目录中的，先停止服务再导入 Where the ledger is in the data directory, stop the server first: one process at a time writes it.
重复导入不会重复记录 Importing again adds nothing twice; after an interruption it goes on where it was.

例 Example:
  mingjing import penalties.csv --profile taipei-labour.utf8

整体迁移 A whole ledger moves into empty stores, those of the settings: src/ledger/moving/README.md.
  mingjing import --ledger ARCHIVE`,
    )
    .action(async (file: string | undefined, options: ImportOptions, command: Command) => {
      const { ledger, profile } = options;
      if (ledger !== undefined) return importWhole({ ...options, ledger });
      if (file === undefined || profile === undefined) {
        command.error('请指明文件和 --profile，或 --ledger Say which file and --profile, or --ledger');
      }
      const signal = interruption();
      const mingjing = await openMingjing({ ...readConfig(process.env), logLevel: 'warn' });
      const bar = progressBar('导入 import');
      try {
        const summary = await importFile({
          file,
          profile,
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
