import { readdirSync, readFileSync } from 'node:fs';
import type { PostgresServer } from './postgres/server';

/** Ends what a whole run of the tests had, and what tests that failed have left running. */
export default async function end(): Promise<void> {
  await (globalThis as { postgresServer?: PostgresServer }).postgresServer?.remove();
  for (const pid of descendants(process.pid)) attempted(() => process.kill(pid, 'SIGKILL'), false);
}

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
