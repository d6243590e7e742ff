import { importFile } from '../../src/importing/import-file';
import { openLedger } from './import-ledger';

/** Imports a file into a ledger, and is killed after the first of its chunks. */
async function main([directory, file]: string[]): Promise<void> {
  const { commands } = await openLedger(directory);
  const onProgress = ({ rows }: { rows: number }): void => void (rows > 0 && process.kill(process.pid, 'SIGKILL'));
  await importFile({ file, profile: 'taipei-labour.cp950', commands, onProgress });
}

void main(process.argv.slice(2));
