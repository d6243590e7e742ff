import { parentPort, workerData } from 'node:worker_threads';
import { Failure, type Bilingual } from '../../kernel/errors';
import { systemClock } from '../../kernel/time';
import { parsePolicy } from '../../verification/policy';
import { openEvents, openLogStorage, openPublished, type LedgerLocation, type LogLocation } from '../location';
import { LeaseLost, type Fence } from '../postgres/lease';
import { LogKeys } from './log-keys';
import { keepingPublished } from './published-checkpoints';
import type { KnownMark } from './recovery';
import { Sealer, type Sealed, type WitnessTrouble } from './sealer';
import type { SealingWitnesses } from './sealing';
import { WitnessClient } from './witness-client';

/** What the thread is given: plain data, so that it can be sent. */
export interface SealingTask {
  readonly ledger: LedgerLocation;
  readonly log: LogLocation;
  readonly fence: Fence | undefined;
  /** Text of the key file, secrets and all. */
  readonly keys: string;
  readonly commitmentKey: Uint8Array;
  readonly intervalMs: number;
  readonly witnesses: SealingWitnesses | undefined;
  readonly mark: KnownMark;
}

/** What it tells. After `failed` it ends; `lost`: another node holds the lease. */
export type SealingReport =
  | { readonly sealed: Sealed; readonly troubles: readonly WitnessTrouble[] }
  | { readonly held: true; readonly troubles: readonly WitnessTrouble[] }
  | { readonly failed: Bilingual & { readonly code: string }; readonly lost: boolean };

/** What is sealed at the end at most takes this long; the next start seals the rest. */
const LAST_SEALING_MS = 5000;

const tell = (report: SealingReport): void => parentPort?.postMessage(report);

/** Seals until it is told to close, or fails. */
async function seal(task: SealingTask, closing: AbortSignal): Promise<void> {
  const { ledger, log, fence } = task;
  const opened: Array<{ close(): unknown }> = [];
  const open = <T extends { close(): unknown }>(resource: T): T => (opened.unshift(resource), resource);
  try {
    const sealer = await Sealer.open({
      store: open(await openEvents(ledger, { readOnly: true })),
      storage: keepingPublished(open(await openLogStorage(log, { fence })), open(await openPublished(log, { fence }))),
      keys: await LogKeys.parse(task.keys),
      commitmentKey: Buffer.from(task.commitmentKey),
      clock: systemClock,
      intervalMs: task.intervalMs,
      mark: task.mark,
      witnesses: task.witnesses && open(await witnessClient(task.witnesses)),
    });
    const onSealed = (sealed: Sealed): void => tell({ sealed, troubles: sealed.troubles });
    await sealer.run(closing, onSealed, (troubles) => tell({ held: true, troubles }));
    await sealer.sealOnce(AbortSignal.timeout(LAST_SEALING_MS), onSealed);
  } finally {
    for (const resource of opened) await resource.close();
  }
}

async function witnessClient({ policy, timeoutMs, evidence }: SealingWitnesses): Promise<WitnessClient> {
  return new WitnessClient({ policy: await parsePolicy(policy), timeoutMs, evidence });
}

function reasonOf(error: unknown): Bilingual & { code: string } {
  if (error instanceof Failure) return { code: error.code, zh: error.detail.zh, en: error.detail.en };
  const { name, code } = error as NodeJS.ErrnoException;
  return { code: code ?? name, zh: '封存失败。', en: 'Sealing failed.' };
}

const closing = new AbortController();
parentPort?.once('message', () => closing.abort());
void seal(workerData as SealingTask, closing.signal)
  .catch((error: unknown) => tell({ failed: reasonOf(error), lost: error instanceof LeaseLost }))
  .finally(() => parentPort?.close());
