/**
 * For a process that a test waits for without a turn of its own: no time limit of the test would end it, nor the run.
 * Longer than any of them takes on a busy machine.
 */
export const BOUNDED = { timeout: 600_000, killSignal: 'SIGKILL' } as const;
