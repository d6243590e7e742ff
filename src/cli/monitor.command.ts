import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { EXIT_CODES, type Finding, type Look } from '../monitoring/findings';
import { Monitor } from '../monitoring/monitor';
import { parsePolicy } from '../verification/policy';
import { interruption, printable, progressBar } from './terminal';

interface MonitorCommandOptions {
  policy: string;
  data: string;
  interval: number;
  frozenAfter: number;
  once?: boolean;
  json?: boolean;
}

export function monitorCommand(): Command {
  return new Command('monitor')
    .description(
      '监督公开日志 Follow a public log from outside: keeps its checkpoints and tree, tells when it shows another history',
    )
    .argument('<url>', 'what stands before /checkpoint, such as https://jc.example.gov.cn/log')
    .requiredOption('--policy <file>', 'trust policy (c2sp.org/tlog-policy): the log’s key, its witnesses, the quorum')
    .requiredOption('--data <directory>', 'what was seen before, and evidence')
    .option('--interval <seconds>', 'between two looks', number(1, 86_400), 60)
    .option('--frozen-after <hours>', 'without a newer checkpoint for so long, warn; 0 never', number(0, 87_600), 72)
    .option('--once', 'look once; ends with 0: all is well, 2: trouble, 3: evidence of misbehaviour')
    .option('--json', 'one JSON object a look')
    .action(runMonitor);
}

async function runMonitor(url: string, options: MonitorCommandOptions): Promise<void> {
  const signal = interruption();
  let bar = progressBar('镜像 mirror');
  const monitor = await Monitor.open({
    url,
    policy: await parsePolicy(readFileSync(options.policy, 'utf8')),
    directory: options.data,
    frozenAfterHours: options.frozenAfter,
    signal,
    onTiles: (done, total) => bar.at(done, total),
  });
  try {
    while (!signal.aborted) {
      const look = await monitor.look();
      bar.end();
      bar = progressBar('镜像 mirror');
      process.stdout.write(printable(options.json ? `${JSON.stringify(look)}\n` : told(look)));
      if (options.once) {
        process.exitCode = EXIT_CODES[look.severity];
        return;
      }
      await sleep(options.interval * 1000, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error; // stopping in the middle of a look leaves nothing to clean up
  } finally {
    bar.end();
    await monitor.close();
  }
}

const MARKS = { fine: '✓', trouble: '⚠', misbehaviour: '✗' } as const;

const told = ({ at, findings }: Look): string => findings.map((found) => `${at} ${line(found)}\n`).join('');

const line = ({ severity, zh, en, code, evidence }: Finding): string =>
  `${MARKS[severity]} ${zh}\n    ${en}\n    [${code}]${evidence ? ` 证据 evidence: ${evidence}` : ''}`;

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isFinite(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`应为 ${least} 至 ${most} 之间的数 It is a number from ${least} to ${most}.`);
  };
}
