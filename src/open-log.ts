import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logOriginOf, paths, type Config } from './config';
import { Failure } from './kernel/errors';
import { systemClock } from './kernel/time';
import type { KeyVault } from './ledger/commitment/key-vault';
import type { EventStore } from './ledger/event-store';
import type { Logger } from './ledger/projecting/logger';
import { LogDirectory } from './ledger/transparency/log-directory';
import { LogKeys, originChanged } from './ledger/transparency/log-keys';
import type { LogStorage } from './ledger/transparency/log-storage';
import { startSealing } from './ledger/transparency/sealing';
import type { OpenLog } from './transparency/transparency.module';
import { parseCheckpoint } from './verification/checkpoint';
import { parseNote } from './verification/note';
import { parsePolicy } from './verification/policy';

/** The name of a log that nobody has named: good for looking around, and for nothing that others should trust. */
const UNNAMED = 'localhost/log';

export interface OpenLogOptions {
  readonly config: Config;
  readonly stored: EventStore;
  readonly vault: KeyVault;
  readonly logger: Logger;
  /** False: the log is served as it is, and nothing is sealed. */
  readonly seal: boolean;
}

/**
 * Opens the transparency log for reading and starts sealing beside this thread. What is wrong with the settings is told here,
 * before anything else is opened; what goes wrong later only `status()` tells, because it must not keep acts from being recorded.
 * @throws Failure `log.origin_changed`, `log.key_exposed`, `log.key_invalid`, `policy.invalid`, `config.witness_policy`
 */
export async function openLog({ config, stored, vault, logger, seal }: OpenLogOptions): Promise<OpenLog> {
  const { log, ledger } = paths(config);
  const storage = await LogDirectory.open(log, { readOnly: true });
  const witnessPolicy = await witnessPolicyOf(config);
  const sealing = seal
    ? startSealing({
        store: stored,
        ledgerDirectory: ledger,
        logDirectory: log,
        keys: await keysOf(config, storage),
        commitmentKey: await vault.commitmentKey(),
        intervalMs: config.sealIntervalMs,
        ...(witnessPolicy && {
          witnesses: { policy: witnessPolicy, timeoutMs: config.witnessTimeoutMs, evidence: join(log, 'evidence') },
        }),
        clock: systemClock, // whatever time the ledger has: what is sealed is seen by others
        logger,
      })
    : undefined;
  return { storage, sealing, witnessPolicy };
}

/** The log's keys under the name that is set; where none is, under the one that it has. */
async function keysOf(config: Config, storage: LogStorage): Promise<LogKeys> {
  const { logKey: file } = paths(config);
  const signed = await storage.signed();
  const before =
    signed === undefined ? (await LogKeys.read(file))?.origin : parseCheckpoint(parseNote(signed).text).origin;
  const origin = logOriginOf(config) ?? before ?? UNNAMED;
  if (before !== undefined && before !== origin) throw originChanged(before, origin);
  return LogKeys.open({ file, origin, ...(config.logKey && { secret: config.logKey }) });
}

async function witnessPolicyOf({ witnessPolicyFile: file }: Config): Promise<string> {
  if (!file) return '';
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, (error as NodeJS.ErrnoException).code ?? '');
  }
  await parsePolicy(text); // its mistakes are told now
  return text;
}

const unreadable = (file: string, reason: string): Failure =>
  new Failure('invalid', 'config.witness_policy', {
    zh: `无法读取见证策略文件 ${file}（${reason}）。`,
    en: `The witnesses’ policy ${file} cannot be read (${reason}).`,
    field: 'MINGJING_WITNESS_POLICY',
  });
