import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { interruption } from '../../src/cli/terminal';
import { faults } from './faults';
import { rowOf, writeDocument } from './report';
import { runFault, type FaultResult } from './run-fault';
import { useBuild } from './server-node';

const RESULT = join(__dirname, '../../dist/reliability.json');
const CLIENTS = 32;
const usage = 'npm run test:faults -- [--commands <n>] [--clients <n>] [fault …]';

/** `npm run test:faults`: every fault, or those that are named; the document is written when all were run. */
async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg, i) => !arg.startsWith('--') && !args[i - 1]?.startsWith('--'));
  const option = (name: string): number | undefined => {
    const at = args.indexOf(`--${name}`);
    if (at < 0) return undefined;
    const value = Number(args[at + 1]);
    if (!Number.isInteger(value) || value < 1) throw new Error(usage);
    return value;
  };
  const unknown = names.find((name) => !faults.some((fault) => `${fault.composition}/${fault.name}`.includes(name)));
  if (unknown) throw new Error(`no fault is named ${unknown}; there are: ${faults.map((f) => f.name).join(', ')}`);
  const chosen = faults.filter(
    (f) => names.length === 0 || names.some((n) => `${f.composition}/${f.name}`.includes(n)),
  );
  const options = { commands: option('commands'), clients: option('clients') ?? CLIENTS, signal: interruption() };
  useBuild();
  const results: FaultResult[] = [];
  for (const fault of chosen) {
    if (options.signal.aborted) return;
    const { name, composition, what } = fault;
    const result = await runFault(fault, options).catch((error: Error): FaultResult => ({
      name,
      composition,
      what,
      problems: [error.stack ?? error.message],
    }));
    results.push(result);
    process.stdout.write(`${rowOf(result)}\n`);
    for (const problem of result.problems) process.stdout.write(`    ✗ ${problem}\n`);
  }
  writeFileSync(RESULT, `${JSON.stringify({ clients: options.clients, results }, null, 2)}\n`);
  if (chosen.length === faults.length && !options.commands) writeDocument(results, options);
  if (results.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
