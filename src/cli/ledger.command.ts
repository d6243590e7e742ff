import { Command } from 'commander';
import { paths, readConfig } from '../config';
import { backupLedger, restoreLedger } from '../ledger/sqlite/backup';
import { checkLedger, type CheckedLedger, type OnProgress } from '../ledger/sqlite/check-ledger';
import { progressBar } from './terminal';

const STEPS = { events: '事件 events', streams: '记录 streams', file: '文件 file', copy: '复制 copy' } as const;

const directory = (): string => paths(readConfig(process.env)).ledger;

export function backupCommand(): Command {
  return new Command('backup')
    .description(
      '备份台账 Copy the ledger to one file, while the server runs; the copy is verified before it gets its name',
    )
    .argument('<file>', 'file to write; never overwritten')
    .addHelpText(
      'after',
      '\n备份只含台账（事件）。查询数据可由台账重建，账户另存于 accounts.db。\n' +
        'A backup holds the ledger alone: rows are rebuilt from it, accounts are in accounts.db.',
    )
    .action((file: string) => report('已备份 backed up', (progress) => backupLedger(directory(), file, progress)));
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('恢复台账 Make a backup the ledger of an empty data directory, after verifying it whole')
    .argument('<file>', 'a file that backup has written')
    .action((file: string) => report('已恢复 restored', (progress) => restoreLedger(file, directory(), progress)));
}

export function checkCommand(): Command {
  return new Command('check')
    .description(
      '核验台账 Verify every stored byte: checksums, gaps, indexes, ids; names the first event that is damaged',
    )
    .action(() => report('核验无误 sound', (progress) => checkLedger(directory(), progress)));
}

async function report(done: string, work: (progress: OnProgress) => Promise<CheckedLedger>): Promise<void> {
  const bars = new Map(Object.entries(STEPS).map(([step, label]) => [step, progressBar(label)]));
  let current: string | undefined;
  try {
    const { events, streams } = await work(({ step, done: reached, total }) => {
      if (current !== undefined && current !== step) bars.get(current)?.end();
      current = step;
      bars.get(step)?.at(reached, total);
    });
    if (current !== undefined) bars.get(current)?.end();
    process.stdout.write(`${done}: ${events} 条事件 events, ${streams} 条记录 streams\n`);
  } finally {
    if (current !== undefined) bars.get(current)?.end();
  }
}
