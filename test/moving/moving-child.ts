import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { importLedger, type ImportOptions } from '../../src/ledger/moving/import-ledger';

/**
 * The process that the tests of a move kill: `moving-child.ts <file>` imports what the file, JSON, tells, and prints each step of its progress, and
 * at the end what it has done.
 */
async function run(file: string): Promise<void> {
  const options = JSON.parse(readFileSync(file, 'utf8')) as ImportOptions;
  const imported = await importLedger({
    ...options,
    onProgress: ({ step, done }) => process.stdout.write(`${step} ${done}\n`),
  });
  process.stdout.write(`imported ${JSON.stringify(imported)}\n`, () => process.exit());
}

void run(process.argv[2]);
