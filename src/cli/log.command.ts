import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { paths, readConfig, type Config } from '../config';
import { Failure } from '../kernel/errors';
import { LogDirectory } from '../ledger/transparency/log-directory';
import { LogKeys } from '../ledger/transparency/log-keys';
import { parseNote } from '../verification/note';

export function logCommand(): Command {
  return new Command('log')
    .description('透明日志的密钥 Keys of the transparency log')
    .addCommand(vkeyCommand())
    .addCommand(rotateCommand())
    .addCommand(retireCommand());
}

function vkeyCommand(): Command {
  return new Command('vkey')
    .description('列出历来所有公钥，最新的在前 Every verifier key that the log ever had, the newest first, one a line')
    .action(async () => {
      const config = readConfig(process.env);
      // The published list needs no secret; before the first start there is none, and then the key file tells.
      const storage = await LogDirectory.open(paths(config).log, { readOnly: true });
      const published = await storage.read('vkey');
      process.stdout.write(published?.toString('utf8') ?? listing(await keysOf(config)));
    });
}

function rotateCommand(): Command {
  return new Command('rotate-key')
    .description('新增签署密钥 Make a new key; old and new sign together from the next start of the server on')
    .addHelpText(
      'after',
      `
更换密钥分三步 Replacing a key takes three steps:
  1. mingjing log rotate-key     然后重启服务 then restart the server
  2. 公布新公钥 announce the new verifier key (mingjing log vkey)
  3. mingjing log retire-key     旧密钥不再签署 the old one signs no more; restart again
以前的证明始终有效 Old proofs stay valid.`,
    )
    .action(async () => {
      const config = readConfig(process.env);
      const keys = await (await keysOf(config)).rotated();
      keys.store(paths(config).logKey);
      process.stdout.write(
        `${listing(keys)}已新增，重启服务后生效 made; it signs from the next start of the server on\n`,
      );
    });
}

function retireCommand(): Command {
  return new Command('retire-key')
    .description('停用旧密钥 Let the newest key sign alone; the secrets of the others are deleted, they stay listed')
    .action(async () => {
      const config = readConfig(process.env);
      const storage = await LogDirectory.open(paths(config).log, { readOnly: true });
      const signed = await storage.signed();
      if (signed === undefined) throw nothingSigned();
      const keys = await (await keysOf(config)).withoutOld(parseNote(signed));
      keys.store(paths(config).logKey);
      process.stdout.write(
        `${listing(keys)}旧密钥已停用，重启服务后生效 retired; it is out of use from the next start of the server on\n`,
      );
    });
}

const listing = (keys: LogKeys): string => keys.verifierKeys.map((line) => `${line}\n`).join('');

async function keysOf(config: Config): Promise<LogKeys> {
  const { logKey: file } = paths(config);
  if (config.logKey) throw fromEnvironment();
  const keys = existsSync(file) ? await LogKeys.read(file) : undefined;
  if (!keys) throw noKeyYet(file);
  return keys;
}

const fromEnvironment = (): Failure =>
  new Failure('refused', 'log.key_from_environment', {
    zh: '密钥由环境变量 MINGJING_LOG_KEY 提供，请在那里更换：新密钥在前，旧密钥在后，以空格分隔；停用时删去旧密钥。',
    en: 'The keys come from MINGJING_LOG_KEY: change them there, the new key first and the old one after it, with a space between; to retire the old one, take it out.',
  });

const noKeyYet = (file: string): Failure =>
  new Failure('not_found', 'log.no_key', {
    zh: `没有日志密钥文件 ${file}；首次启动服务时生成。`,
    en: `There is no log key in ${file}; the first start of the server makes it.`,
  });

const nothingSigned = (): Failure =>
  new Failure('refused', 'log.nothing_signed', {
    zh: '日志尚未签署任何检查点。',
    en: 'The log has not signed a checkpoint yet.',
  });
