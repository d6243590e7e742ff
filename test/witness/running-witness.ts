import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/kernel/time';
import { formatAddCheckpoint } from '../../src/ledger/transparency/add-checkpoint';
import { trustedLogs } from '../../src/witness/trusted-logs';
import { startWitness, type RunningWitness, type WitnessOptions } from '../../src/witness/witness-server';
import type { SyntheticLog } from './synthetic-log';

/** What a witness has told its operator. */
export const told: { level: 'info' | 'warn' | 'error'; fields: object; message: string }[] = [];

const logger = {
  info: (fields: object, message: string) => void told.push({ level: 'info', fields, message }),
  warn: (fields: object, message: string) => void told.push({ level: 'warn', fields, message }),
  error: (fields: object, message: string) => void told.push({ level: 'error', fields, message }),
};

const ends: (() => Promise<void> | void)[] = [];

/** Closes what the test has opened, last first. */
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  told.splice(0);
});

export const atEnd = (end: () => Promise<void> | void): void => void ends.push(end);

export function newDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'mingjing-witness-'));
  atEnd(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export interface TestWitness extends RunningWitness {
  readonly directory: string;
  add(body: string | Uint8Array, headers?: Record<string, string>): Promise<Answered>;
  /** Asks for a cosignature as an honest client would that knows the witness's size. */
  submit(log: SyntheticLog, old: number, size: number): Promise<Answered>;
}

export interface Answered {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

/** A real witness with a real store behind a real port. */
export async function runningWitness(
  log: SyntheticLog,
  options: Partial<WitnessOptions> & { clock?: Clock } = {},
): Promise<TestWitness> {
  const directory = options.directory ?? newDirectory();
  const name = 'witness.example.edu.cn/mingjing';
  const logs = await trustedLogs([log.vkey]);
  const started = await startWitness({ name, host: '127.0.0.1', port: 0, logs, logger, ...options, directory });
  atEnd(() => started.close());
  const add: TestWitness['add'] = async (body, headers = {}) => {
    const response = await fetch(`${started.url}/add-checkpoint`, { method: 'POST', body, headers });
    return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
  };
  const submit: TestWitness['submit'] = (by, old, size) =>
    add(formatAddCheckpoint({ old, proof: by.proof(old, size), note: by.note(size) }));
  return { ...started, directory, add, submit };
}
