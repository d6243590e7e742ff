import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bound, MIB, type Measured } from './measured';
import { fillCaseLedger } from './projecting-ledger';

/** What a rebuild is given: it must do with it, however long the ledger is. */
const HEAP_MIB = 160;

interface ChildReport {
  readonly startMs: number;
  readonly peakRssBytes: number;
}

/** The whole server on a ledger of a million events: how long it takes to answer, and how much memory it needs. */
export async function serverOnAMillion(events = 1_000_000): Promise<Measured[]> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-bench-server-'));
  try {
    await fillCaseLedger(directory, events);
    const rebuilt = await inChild('rebuild', directory);
    await inChild('seal', directory);
    const served = await inChild('serve', directory);
    return [
      bound(`start of the server with ${events} events`, 'ms', served.startMs, 3000),
      bound(`memory of the server with ${events} events`, 'MiB', served.peakRssBytes / MIB, 300),
      bound(
        `memory of a rebuild from ${events} events, heap of ${HEAP_MIB} MiB`,
        'MiB',
        rebuilt.peakRssBytes / MIB,
        300,
      ),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function inChild(task: 'rebuild' | 'seal' | 'serve', directory: string): Promise<ChildReport> {
  return new Promise((resolve, reject) => {
    // A heap without a bound grows as long as the machine has memory, whatever is needed.
    const execArgv = task === 'rebuild' ? [`--max-old-space-size=${HEAP_MIB}`] : [];
    const child = fork(join(__dirname, 'server-child'), [task, directory], { execArgv });
    child.once('message', (report) => resolve(report as ChildReport));
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? undefined : reject(new Error(`the child ended with ${code}`))));
  });
}
