#!/usr/bin/env node
import 'reflect-metadata';
import { Command } from 'commander';
import { accountsCommand } from './cli/accounts.command';
import { checkCommand } from './cli/check.command';
import { backupCommand, restoreCommand } from './cli/ledger.command';
import { demoCommand } from './cli/demo.command';
import { drawCommand } from './cli/draw.command';
import { eraseCommand } from './cli/erase.command';
import { exportCommand } from './cli/export.command';
import { importCommand } from './cli/import.command';
import { monitorCommand } from './cli/monitor.command';
import { logCommand } from './cli/log.command';
import { rebuildCommand } from './cli/rebuild.command';
import { serveCommand } from './cli/serve.command';
import { tellFailure } from './cli/terminal';
import { vaultCommand } from './cli/vault.command';
import { verifyCommand } from './cli/verify.command';
import { witnessCommand } from './cli/witness.command';
import { VERSION } from './version';

/** The command line `mingjing`. One command a file in `cli/`. */
export const program = new Command('mingjing')
  .description(
    'Mingjing 明镜 — 行政执法台账 the ledger of administrative enforcement\n\n' +
      '  mingjing demo                      a city with invented people, to look around in\n' +
      '  mingjing serve                     the ledger, its API and its public portal\n' +
      '  mingjing import FILE --profile P   historical acts from a CSV file\n' +
      '  mingjing export --ledger DIR       a whole ledger, to move it; import --ledger DIR takes it in\n' +
      '  mingjing check                     whether every event is what was recorded, signed and published\n' +
      '  mingjing verify FILE --policy P    whether a record is in the public log, offline, for anybody\n' +
      '  mingjing draw --verify NOTICE      whether a random draw was drawn as announced, for anybody\n' +
      '  mingjing witness                   cosigns the checkpoints of public logs, for everybody to rely on\n' +
      '  mingjing monitor URL               follows a public log from outside, and keeps evidence\n',
  )
  .version(VERSION)
  .showHelpAfterError('（mingjing --help 查看用法 for the usage）')
  .configureHelp({ showGlobalOptions: true })
  .addCommand(serveCommand())
  .addCommand(demoCommand())
  .addCommand(importCommand())
  .addCommand(exportCommand())
  .addCommand(rebuildCommand())
  .addCommand(eraseCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(checkCommand())
  .addCommand(logCommand())
  .addCommand(vaultCommand())
  .addCommand(verifyCommand())
  .addCommand(drawCommand())
  .addCommand(witnessCommand())
  .addCommand(monitorCommand())
  .addCommand(accountsCommand());

if (require.main === module) {
  process.umask(0o077); // ledger, rows, accounts, exports and rejects hold personal data: for the owner alone
  program.parseAsync().catch((error: unknown) => {
    tellFailure(error);
    process.exitCode = 1;
  });
}
