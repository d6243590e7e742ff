import { readdirSync, readFileSync } from 'node:fs';
import type { PostgresServer } from './postgres/server';

/** Of the run in the environment of its processes: their children have it, and those whose parent has ended. */
export const RUN_MARK = 'MINGJING_TEST_RUN';

/** Ends what a whole run of the tests had, and what tests that failed have left running. */
export default async function end(): Promise<void> {
  try {
    await (globalThis as { postgresServer?: PostgresServer }).postgresServer?.remove();
  } finally {
    for (const pid of leftRunning()) attempted(() => process.kill(pid, 'SIGKILL'), false);
  }
}

function leftRunning(): number[] {
  const mark = `${RUN_MARK}=${process.env[RUN_MARK]}\0`;
  const marked = process.env[RUN_MARK] ? processes().filter(({ pid }) => bears(pid, mark)) : [];
  return [...descendants(process.pid), ...marked.map(({ pid }) => pid)].filter((pid) => pid !== process.pid);
}

const bears = (pid: number, mark: string): boolean =>
  attempted(() => readFileSync(`/proc/${pid}/environ`, 'utf8'), '').includes(mark);

/** Processes that this one has started, and that those have; none where there is no `/proc`. */
function descendants(parent: number): number[] {
  const children = processes().filter(({ ppid }) => ppid === parent);
  return children.flatMap(({ pid }) => [pid, ...descendants(pid)]);
}

function processes(): { pid: number; ppid: number }[] {
  const found: { pid: number; ppid: number }[] = [];
  for (const name of attempted(() => readdirSync('/proc'), [])) {
    const status = /^\d+$/.test(name) ? attempted(() => readFileSync(`/proc/${name}/status`, 'utf8'), '') : '';
    const ppid = /^PPid:\s+(\d+)$/m.exec(status);
    if (ppid) found.push({ pid: Number(name), ppid: Number(ppid[1]) });
  }
  return found;
}

function attempted<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
