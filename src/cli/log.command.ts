import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { locations, logLocation, logOriginOf, paths, readConfig, type Config } from '../config';
import { Failure } from '../kernel/errors';
import { openLedgerAt } from '../ledger/commitment/open-ledger';
import { noteIn } from '../ledger/auditing/held-checkpoints';
import { openLogStorage } from '../ledger/location';
import { whileNobodyLeads, type Fence } from '../ledger/postgres/lease';
import { LogKeys } from '../ledger/transparency/log-keys';
import type { LogStorage } from '../ledger/transparency/log-storage';
import { rebuildLog } from '../ledger/transparency/rebuild-log';
import type { Checkpoint } from '../verification/checkpoint';
import { parseNote } from '../verification/note';
import { MAX_PROOF_LENGTH } from '../verification/proof-file';
import { progressBar } from './terminal';
import { readText } from './verify.command';

export function logCommand(): Command {
  return new Command('log')
    .description('透明日志的密钥与重建 Keys of the transparency log, and how it is made anew')
    .addCommand(vkeyCommand())
    .addCommand(makeKeyCommand())
    .addCommand(rotateCommand())
    .addCommand(retireCommand())
    .addCommand(recoverCommand());
}

function vkeyCommand(): Command {
  return new Command('vkey')
    .description('列出历来所有公钥，最新的在前 Every verifier key that the log ever had, the newest first, one a line')
    .action(async () => {
      const config = readConfig(process.env);
      // The published list needs no secret; before the first start there is none, and then the key file tells.
      const published = await reading(config, async (storage) => (await storage.read('vkey'))?.toString('utf8'));
      const own = config.logKey ? undefined : (await LogKeys.read(paths(config).logKey))?.verifierKeys;
      const lines = published?.split('\n').filter((line) => line && (!own || own.includes(line)));
      process.stdout.write(lines?.map((line) => `${line}\n`).join('') ?? listing(await keysOf(config)));
    });
}

function makeKeyCommand(): Command {
  return new Command('make-key')
    .description(
      '不启动服务，生成首个签署密钥 Make the first key without a server, for nodes that share it; one that is there stays',
    )
    .action(async () => {
      const config = readConfig(process.env);
      const origin = logOriginOf(config);
      if (origin === undefined) throw noOrigin();
      process.stdout.write(listing(await LogKeys.open({ file: paths(config).logKey, origin })));
    });
}

function rotateCommand(): Command {
  return new Command('rotate-key')
    .description('新增签署密钥 Make a new key; old and new sign together from the next start of the server on')
    .addHelpText(
      'after',
      `
更换密钥分四步 Replacing a key takes four steps:
  1. mingjing log rotate-key     然后重启服务 then restart the server
  2. 公布新公钥（mingjing log vkey）；每个见证人都须将新公钥一行加入其 --logs 文件并重启
     announce the new verifier key (mingjing log vkey); every witness adds its line to the file of --logs, and restarts
  3. mingjing log retire-key     须在第 2 步全部完成之后，否则见证人不足，检查点不能发布；旧密钥不再签署，再次重启服务
                                 only when all of step 2 is done, or the witnesses’ quorum is not met and nothing is published;
                                 the old one signs no more; restart again
  4. mingjing log retire-key     新密钥的检查点发布后，删除旧密钥 once a checkpoint by the new key alone is published, delete the old secret
重启后没有新事件，就没有新的检查点：第 3、4 步都要等下一条事件发布之后。
A checkpoint is signed when there is a new event: steps 3 and 4 wait until the next event after the restart is published.
密钥泄露的，须另立日志：更换不能使已泄露的密钥失效。A key that others have is not cured by this: begin another log under a new name.
以前的证明始终有效 Old proofs stay valid.`,
    )
    .action(async () => {
      const config = readConfig(process.env);
      const keys = await (await keysOf(config)).rotated();
      keys.store(paths(config).logKey);
      process.stdout.write(
        `${listing(keys)}已新增，重启服务后，自下一条事件起签署 made; it signs from the next start of the server on, with the next event\n${WITNESSES_FIRST}`,
      );
    });
}

function retireCommand(): Command {
  return new Command('retire-key')
    .description(
      '停用旧密钥 Let the newest key sign alone; given again, delete the secrets of the others: they stay listed',
    )
    .action(async () => {
      const config = readConfig(process.env);
      const before = await keysOf(config);
      const note = await reading(config, async (storage) =>
        before.hasInactive ? (await storage.read('checkpoint'))?.toString('utf8') : storage.signed(),
      );
      if (note === undefined) throw nothingSigned();
      const keys = await (before.hasInactive
        ? before.withoutInactive(parseNote(note))
        : before.withoutOld(parseNote(note)));
      keys.store(paths(config).logKey);
      const done = before.hasInactive
        ? '旧密钥已删除 the old secret is deleted'
        : '旧密钥已停用，重启服务后生效；其密钥仍予保留 retired from the next start of the server on; its secret is kept until then';
      process.stdout.write(`${listing(keys)}${done}\n${before.hasInactive ? '' : WITNESSES_FIRST}`);
    });
}

/** What must be done between the steps of a change of key. */
const WITNESSES_FIRST = `注意：旧密钥停用后的服务重启之前，每个见证人都须将新公钥（第一行）加入其 --logs 文件并重启，否则见证人不足，检查点不能发布。
Note: before the server is restarted without the old key, every witness must add the new verifier key (the first line) to the file of
its --logs and restart; otherwise the quorum is not met and no checkpoint is published.
`;

function recoverCommand(): Command {
  return new Command('recover')
    .description(
      '由外界所见的最新检查点重建日志 Make a lost log anew, from the newest checkpoint that is known outside',
    )
    .requiredOption(
      '--checkpoint <file>',
      'a signed checkpoint of this log, or a .tlog-proof with one; the newest that anybody has',
    )
    .addHelpText(
      'after',
      `
须先停止服务。检查点取自监督程序（mingjing monitor）、见证人或者留存的证明，必须是其中最新的一份：用较旧的检查点重建，日志即告分叉。
Stop the server first. Take the checkpoint from a monitor, a witness or a kept proof, the newest of them: a log made anew from
an older one forks, and whoever has the newer one can prove it.
台账须包含检查点所覆盖的全部事件；已有缺失的，只能以新名称另立日志。
The ledger must have every event that the checkpoint covers; if it has not, only another log under a new name can go on.`,
    )
    .action(async ({ checkpoint: file }: { checkpoint: string }) => {
      const { size } = await recoverLog(readConfig(process.env), noteIn(await readText(file, MAX_PROOF_LENGTH)));
      process.stdout.write(
        `已重建至第 ${size} 条，启动服务后发布 made anew up to ${size}; the next start publishes it\n`,
      );
    });
}

async function recoverLog(config: Config, source: string): Promise<Checkpoint> {
  const keys = await signingKeys(config);
  const { store, stored, vault } = await openLedgerAt(locations(config), { readOnly: true });
  const bar = progressBar('事件 events');
  try {
    return await writing(config, async (storage) => {
      const commitmentKey = await vault.commitmentKey();
      const mark = await vault.sealedMark(keys.origin);
      return rebuildLog({ store: stored, storage, keys, commitmentKey, mark, onProgress: bar.at }, source);
    });
  } finally {
    bar.end();
    await store.close();
  }
}

async function reading<T>(config: Config, work: (storage: LogStorage) => Promise<T>): Promise<T> {
  const storage = await openLogStorage(logLocation(config), { readOnly: true });
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

/** As the only one that writes: the directory has a lock, PostgreSQL a lease, which no running node may hold. */
async function writing<T>(config: Config, work: (storage: LogStorage) => Promise<T>): Promise<T> {
  const location = logLocation(config);
  const write = async (fence?: Fence): Promise<T> => {
    const storage = await openLogStorage(location, { fence });
    try {
      return await work(storage);
    } finally {
      await storage.close();
    }
  };
  return 'directory' in location ? write() : whileNobodyLeads(location.postgres, 'mingjing log recover', write);
}

/** Those of the file, and of the environment where it has some. */
async function signingKeys(config: Config): Promise<LogKeys> {
  const { logKey: file } = paths(config);
  if (!config.logKey) return keysOf(config);
  const origin = logOriginOf(config) ?? (await LogKeys.read(file))?.origin;
  if (origin === undefined) throw noOrigin();
  return LogKeys.open({ file, origin, secret: config.logKey });
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
    zh: '密钥由环境变量 MINGJING_LOG_KEY 提供，请在那里更换：新密钥在前，旧密钥在后，以空格分隔；停用时将旧密钥换成它的公钥。',
    en: 'The keys come from MINGJING_LOG_KEY: change them there, the new key first and the old one after it, with a space between; to retire the old one, put its verifier key in its place.',
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

const noOrigin = (): Failure =>
  new Failure('refused', 'log.no_origin', {
    zh: '请用 MINGJING_LOG_ORIGIN 或 MINGJING_PUBLIC_URL 指明日志的名称。',
    en: 'Say the log’s name with MINGJING_LOG_ORIGIN or MINGJING_PUBLIC_URL.',
  });
