import { importFile } from '../../src/importing/import-file';
import { openLedger } from './import-ledger';

/** Imports a file into a ledger and tells how far it is: for a parent that kills it midway. */
async function main([directory, file]: string[]): Promise<void> {
  const { commands } = await openLedger(directory);
  const onProgress = ({ rows }: { rows: number }): void => void process.stdout.write(`${rows}\n`);
  await importFile({ file, profile: 'taipei-labour.cp950', commands, onProgress });
}

void main(process.argv.slice(2));
