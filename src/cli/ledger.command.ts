import { Command } from 'commander';
import { ledgerLocation, readConfig, vaultLocation } from '../config';
import { Failure } from '../kernel/errors';
import { backupVault, restoreVault, type CopiedVault } from '../ledger/commitment/vault-backup';
import { backupLedger, restoreLedger } from '../ledger/sqlite/backup';
import type { CheckedLedger, OnProgress } from '../ledger/sqlite/check-ledger';
import { steps } from './terminal';

/** @throws Failure `backup.of_server` where the settings name a server, whose own means make and restore its backups */
function directory(): string {
  const location = ledgerLocation(readConfig(process.env));
  if ('directory' in location) return location.directory;
  throw ofServer('MINGJING_EVENTSTORE', 'EventStoreDB');
}

function vaultDirectory(): string {
  const location = vaultLocation(readConfig(process.env));
  if ('directory' in location) return location.directory;
  throw ofServer('MINGJING_POSTGRES', 'PostgreSQL');
}

const ofServer = (field: string, server: string): Failure =>
  new Failure('invalid', 'backup.of_server', {
    zh: `设置 ${field} 指定了 ${server}：请用该服务器自身的手段备份和恢复，另行保存 vault.key 和 log.key；整个台账也可用 mingjing export --ledger 导出。`,
    en: `${field} names a server: back it up and restore it with the means of ${server}, and keep vault.key and log.key apart; mingjing export --ledger writes a whole ledger too.`,
    field,
  });

export function backupCommand(): Command {
  return new Command('backup')
    .description(
      '备份台账 Copy the ledger to one file, while the server runs; the copy is verified before it gets its name',
    )
    .argument('<file>', 'file to write; never overwritten')
    .option(
      '--vault <file>',
      '另将密钥库备份到此文件 also copy the key vault, to this file; keep it apart from the ledger',
    )
    .addHelpText(
      'after',
      '\n备份只含台账（事件），其中个人信息为密文；没有密钥库的备份，恢复后即无法读取。查询数据可由台账重建，账户另存于 accounts.db。\n' +
        'A backup holds the ledger alone, its personal data encrypted: without a backup of the key vault they are lost.\n' +
        'Rows are rebuilt from the ledger, accounts are in accounts.db.\n' +
        '透明日志：离线保存 log.key；日志目录可由台账和外界所见的最新检查点重建（mingjing log recover）。\n' +
        'Of the transparency log keep log.key, offline; its directory can be made anew from the ledger and the newest checkpoint\n' +
        'that is known outside, such as to a monitor (mingjing log recover).\n' +
        '删除个人信息后，须销毁此前的密钥库备份。After an erasure destroy all earlier backups of the vault.',
    )
    .action(async (file: string, { vault }: { vault?: string }) => {
      await report('已备份 backed up', (progress) => backupLedger(directory(), file, progress));
      if (vault) reportVault('密钥库已备份 vault backed up', backupVault(vaultDirectory(), vault)); // after the ledger: it has its keys
    });
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('恢复台账 Make a backup the ledger of an empty data directory, after verifying it whole')
    .argument('[file]', 'a file that backup has written')
    .option('--vault <file>', '密钥库的备份 the backup of the key vault that belongs to it; may be restored alone')
    .addHelpText(
      'after',
      '\n日志须另行恢复，否则不再封存：放回 log.key 和 log/，或者 mingjing log recover。\n' +
        'The transparency log is restored apart, or seals nothing: put back log.key and log/, or run mingjing log recover.',
    )
    .action(async (file: string | undefined, { vault }: { vault?: string }, command: Command) => {
      if (!file && !vault) command.error('请指明备份文件 say which file to restore');
      if (file) await report('已恢复 restored', (progress) => restoreLedger(file, directory(), progress));
      if (vault) reportVault('密钥库已恢复 vault restored', restoreVault(vault, vaultDirectory()));
    });
}

function reportVault(done: string, { keys, destroyed }: CopiedVault): void {
  process.stdout.write(`${done}: ${keys} 个密钥 keys, ${destroyed} 个已销毁 destroyed\n`);
}

async function report(done: string, work: (progress: OnProgress) => Promise<CheckedLedger>): Promise<void> {
  const bars = steps();
  try {
    const { events, streams } = await work(bars.at);
    bars.end();
    process.stdout.write(`${done}: ${events} 条事件 events, ${streams} 条记录 streams\n`);
  } finally {
    bars.end();
  }
}
