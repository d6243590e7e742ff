import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { ledgerLocation, logLocation, logOriginOf, paths, readConfig, vaultLocation, type Config } from '../config';
import { Failure } from '../kernel/errors';
import { audit, exitCodeOf, type AuditReport } from '../ledger/auditing/audit';
import type { Finding, Severity } from '../ledger/auditing/findings';
import type { AuditTrust } from '../ledger/auditing/held-checkpoints';
import { openLogStorage } from '../ledger/location';
import { LogKeys } from '../ledger/transparency/log-keys';
import type { LogStorage } from '../ledger/transparency/log-storage';
import { parseCheckpoint } from '../verification/checkpoint';
import { parseNote } from '../verification/note';
import { parsePolicy, type PolicyLog } from '../verification/policy';
import { parseVerifierKey, type VerifierKey } from '../verification/verifier-key';
import { interruption, printable, steps } from './terminal';
import { readText } from './verify.command';

interface CheckOptions {
  readonly checkpoint: readonly string[];
  readonly against?: string;
  readonly policy?: string;
  readonly tolerance: number;
  readonly resume?: boolean;
  readonly state?: string;
  readonly json?: boolean;
}

const MAX_FILE_BYTES = 1 << 20;
const DEFAULT_TOLERANCE_S = 60;

export function checkCommand(): Command {
  return new Command('check')
    .description(
      '核验台账 Audit the ledger: every stored byte, and that it gives the log, its tiles and every checkpoint; names the first event that differs',
    )
    .option(
      '--checkpoint <file>',
      '外部保存的检查点或证明，可多次 a checkpoint or .tlog-proof that others kept; may be repeated',
      (file: string, files: readonly string[]) => [...files, file],
      [],
    )
    .option('--against <directory>', '监督程序的镜像 what a monitor keeps (--data), or another copy of the log')
    .option('--policy <file>', '信任策略 the log’s keys and witnesses, from elsewhere (C2SP tlog-policy)')
    .option(
      '--tolerance <seconds>',
      '记录时间与见证时间的容差 how far recordedAt and the witnesses’ clocks may be apart',
      seconds,
      DEFAULT_TOLERANCE_S,
    )
    .option('--resume', '从上次中断处继续 go on where an interrupted check stopped')
    .option('--state <file>', '中断处的记录，默认在数据目录 where that is kept; check.state in the data directory')
    .option('--json', '以 JSON 输出 one JSON object')
    .addHelpText(
      'after',
      `
退出码 Exits with 0: 无误 sound; 1: 未能完成核验 something could not be checked; 3: 有改动或损坏的证据 evidence of tampering or damage.

只读，可在服务运行时进行，核验到开始时已签署的位置。Changes nothing; runs beside the server, up to what it has signed when the check begins.
持有日志密钥的人若将台账与日志一并改写，只有与外部保存的检查点、证明或镜像比较才能发现。
A rewrite of ledger and log together by whoever holds the key shows only beside what others kept: --checkpoint, --against.
--resume 信任上次写下的记录；对外出具结论时请从头核验。 --resume trusts what the last run wrote down; for a statement to others begin at the beginning.`,
    )
    .action(check);
}

async function check(options: CheckOptions): Promise<void> {
  const config = readConfig(process.env);
  const outside = await Promise.all(
    options.checkpoint.map(async (name) => ({ name, text: await readText(name, MAX_FILE_BYTES) })),
  );
  const bars = steps();
  let report: AuditReport;
  try {
    report = await audit({
      ledger: ledgerLocation(config),
      vault: vaultLocation(config),
      log: logLocation(config),
      trust: await trustOf(config, options.policy),
      keysUnconfirmed: options.policy === undefined,
      outside,
      against: options.against,
      toleranceMs: options.tolerance * 1000,
      stateFile: options.state ?? join(config.dataDirectory, 'check.state'),
      resume: options.resume,
      signal: interruption(),
      onProgress: bars.at,
    });
  } finally {
    bars.end();
  }
  process.stdout.write(`${printable(options.json ? JSON.stringify(report) : inWords(report))}\n`);
  process.exitCode = exitCodeOf(report);
}

/** Whose signatures count: the policy's keys; without one the log's own, as this machine has them. */
async function trustOf(config: Config, policyFile: string | undefined): Promise<AuditTrust> {
  const file = policyFile ?? config.witnessPolicyFile;
  const policy = file ? await parsePolicy(await readText(file, MAX_FILE_BYTES)) : undefined;
  const log = await openLogStorage(logLocation(config), { readOnly: true });
  try {
    const trusted =
      policyFile === undefined
        ? await ownKeys(config, log)
        : { logKeys: ofThisLog(policy?.logs ?? [], await log.signed()) };
    return { ...trusted, origin: logOriginOf(config), ...(policy && { policy }) };
  } finally {
    await log.close();
  }
}

/** Of a policy for several logs the keys of this one, if it knows this one. */
function ofThisLog(logs: readonly PolicyLog[], signed: string | undefined): readonly VerifierKey[] {
  const keys = logs.map(({ key }) => key);
  if (signed === undefined) return keys;
  let origin: string | undefined;
  try {
    ({ origin } = parseCheckpoint(parseNote(signed).text));
  } catch (error) {
    if (!(error instanceof Failure)) throw error; // the check itself will say that it is malformed
  }
  const own = keys.filter(({ name }) => name === origin);
  return own.length > 0 ? own : keys;
}

async function ownKeys(config: Config, log: LogStorage): Promise<Pick<AuditTrust, 'logKeys' | 'retired'>> {
  const stored = await LogKeys.read(paths(config).logKey);
  const published = (await log.read('vkey'))?.toString('utf8').split('\n').filter(Boolean) ?? [];
  // A key from the environment is in the published list.
  const lines = stored && !config.logKey ? stored.verifierKeys : [...published, ...(stored?.verifierKeys ?? [])];
  return { logKeys: await Promise.all([...new Set(lines)].map(parseVerifierKey)), retired: stored?.retired };
}

const MARKS: Readonly<Record<Severity, string>> = { evidence: '✗', failure: '✗', warning: '!', note: '·' };

function inWords(report: AuditReport): string {
  const { ledger, log, checkpoints, firstDifferentEvent, findings, furtherFindings, sound } = report;
  const held = checkpoints.filter(({ holds }) => holds);
  return [
    `${sound ? '核验无误 sound' : '核验不通过 NOT SOUND'}: ${ledger.events} 条事件 events, ${ledger.streams} 条记录 streams`,
    ...(log ? [`  日志 log: ${log.size} 条已签署 signed · ${log.root}`] : []),
    ...held.map(({ source, size }) => `✓ ${source} · ${size} 条 events`),
    ...findings.map(told),
    ...(furtherFindings > 0 ? [`  另有 ${furtherFindings} 处未列出 further findings are not listed`] : []),
    ...(firstDifferentEvent ? [`第一处不同 First difference: ${nameOf(firstDifferentEvent)}`] : []),
  ].join('\n');
}

const told = (found: Finding): string => {
  const about = [found.code, found.id, found.stream, found.type].filter(Boolean).join(' · ');
  return `${MARKS[found.severity]} ${found.zh}\n  ${found.en}\n  [${about}]`;
};

const nameOf = ({ code, position, through, id, stream, type }: Finding): string =>
  code === 'check.root_contradicted'
    ? `第 ${position} 至 ${through} 条之中 within events ${position} to ${through}`
    : [`第 ${position} 条 event ${position}`, id, stream, type].filter(Boolean).join(' · ');

function seconds(text: string): number {
  const value = Number(text);
  if (text !== '' && value >= 0 && value <= 31_536_000) return value;
  throw new InvalidArgumentError('应为秒数 It is a number of seconds.');
}
