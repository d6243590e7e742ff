import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { JsonLogger } from '../api/logger';
import { Failure } from '../kernel/errors';
import { logLines, trustedLogs } from '../witness/trusted-logs';
import { openWitness } from '../witness/open-witness';
import { hasWitnessKey, witnessKey } from '../witness/witness-key';
import { startWitness } from '../witness/witness-server';
import { interruption } from './terminal';

interface WitnessCommandOptions {
  name?: string;
  listen: string;
  data: string;
  log: string[];
  logs?: string;
  beginAnew?: boolean;
}

export function witnessCommand(): Command {
  return new Command('witness')
    .description(
      '运行见证人 Run a witness: cosigns the checkpoints of public logs, when they continue what it has seen',
    )
    .addOption(
      new Option('--name <name>', 'its name, such as witness.example.edu.cn/mingjing; needed the first time').env(
        'MINGJING_WITNESS_NAME',
      ),
    )
    .addOption(
      new Option('--data <directory>', 'its key, and what it has cosigned')
        .env('MINGJING_WITNESS_DATA')
        .default('witness'),
    )
    .addOption(
      new Option('--listen <host:port>', 'address to listen on; port 0 picks a free one')
        .env('MINGJING_WITNESS_LISTEN')
        .default('127.0.0.1:7380'),
    )
    .addOption(
      new Option('--log <vkey>', 'verifier key of a log to witness; may be repeated')
        .env('MINGJING_WITNESS_LOG')
        .argParser((vkey: string, before: string[] = []) => [...before, vkey])
        .default([], 'none'),
    )
    .addOption(
      new Option('--logs <file>', 'file of verifier keys, one a line, or a tlog-policy').env('MINGJING_WITNESS_LOGS'),
    )
    .option(
      '--begin-anew',
      'once, with a key whose witness.db is lost: it will believe the first history that it is shown',
    )
    .action(runWitness)
    .addCommand(vkeyCommand());
}

function vkeyCommand(): Command {
  return new Command('vkey')
    .description(
      '显示本见证人的公钥（首次时生成） Print the verifier key of this witness; makes the key the first time',
    )
    .action(async (_, command: Command) => {
      const { name, data } = command.optsWithGlobals<WitnessCommandOptions>();
      if (!hasWitnessKey(data)) (await openWitness(data, { name })).store.close(); // a key is never made without its memory
      process.stdout.write(`${(await witnessKey(data, name)).vkey}\n`);
    });
}

async function runWitness(options: WitnessCommandOptions): Promise<void> {
  const stop = interruption();
  const { pino } = new JsonLogger('info');
  const file = options.logs === undefined ? [] : logLines(readFileSync(options.logs, 'utf8'));
  const witness = await startWitness({
    ...(options.name && { name: options.name }),
    ...address(options.listen),
    directory: options.data,
    beginAnew: options.beginAnew,
    logs: await trustedLogs([...options.log, ...file]),
    logger: pino,
  });
  process.stdout.write(`见证人 witness  ${witness.url}\n${witness.vkey}\n`);
  if (!stop.aborted) await once(stop, 'abort');
  await witness.close();
}

/** `host:port`, `[::1]:port`. */
function address(listen: string): { host: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(listen) ?? [];
  const port = Number(digits);
  if (digits !== undefined && port <= 65535) return { host: bracketed ?? plain, port };
  throw new Failure('invalid', 'witness.listen_invalid', {
    zh: '--listen 应为“主机:端口”，如 127.0.0.1:7380。',
    en: '--listen is host:port, such as 127.0.0.1:7380.',
    field: '--listen',
  });
}
