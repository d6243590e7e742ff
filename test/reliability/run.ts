import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faults } from './faults';
import { rowOf, writeDocument } from './report';
import { runFault, type FaultResult } from './run-fault';
import { useBuild } from './server-node';

const RESULT = join(__dirname, '../../dist/reliability.json');
const usage = 'npm run test:faults -- [--commands 10000] [--clients 32] [fault …]';

/** `npm run test:faults`: every fault, or those that are named; the document is written when all were run. */
async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg, i) => !arg.startsWith('--') && !args[i - 1]?.startsWith('--'));
  const option = (name: string, otherwise: number): number => {
    const at = args.indexOf(`--${name}`);
    const value = at < 0 ? otherwise : Number(args[at + 1]);
    if (!Number.isInteger(value) || value < 1) throw new Error(usage);
    return value;
  };
  const unknown = names.find((name) => !faults.some((fault) => `${fault.composition}/${fault.name}`.includes(name)));
  if (unknown) throw new Error(`no fault is named ${unknown}; there are: ${faults.map((f) => f.name).join(', ')}`);
  const chosen = faults.filter(
    (f) => names.length === 0 || names.some((n) => `${f.composition}/${f.name}`.includes(n)),
  );
  const options = { commands: option('commands', 10_000), clients: option('clients', 32) };
  useBuild();
  const results: FaultResult[] = [];
  for (const fault of chosen) {
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
  writeFileSync(RESULT, `${JSON.stringify({ ...options, results }, null, 2)}\n`);
  if (chosen.length === faults.length) writeDocument(results, options);
  if (results.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
