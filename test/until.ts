import { setTimeout as sleep } from 'node:timers/promises';

/** How long tests wait for what comes about by itself, in ms: no busy machine needs as long, and the test's own limit is longer. */
export const WAIT_MS = 120_000;

/** Looks every few ms until something holds, and gives what was found. @throws after `WAIT_MS`, with what was waited for */
export async function until<T>(
  holds: () => T | Promise<T>,
  what = holds.toString(),
): Promise<Exclude<T, false | null | undefined>> {
  for (const end = performance.now() + WAIT_MS; performance.now() < end; await sleep(10)) {
    const found = await holds();
    if (found) return found as Exclude<T, false | null | undefined>;
  }
  throw new Error(`it does not come about: ${what}`);
}
