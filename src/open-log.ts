import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ledgerLocation, logLocation, logOriginOf, paths, type Config } from './config';
import { Failure } from './kernel/errors';
import { systemClock } from './kernel/time';
import type { Begin } from './leading';
import type { KeyVault } from './ledger/commitment/key-vault';
import type { EventStore } from './ledger/event-store';
import { openLogStorage } from './ledger/location';
import { LeaseLost } from './ledger/postgres/lease';
import type { Postgres } from './ledger/postgres/postgres';
import type { Logger } from './ledger/projecting/logger';
import { firstKeyIn } from './ledger/transparency/first-key';
import { LogKeys, originChanged } from './ledger/transparency/log-keys';
import { EMPTY_ROOT } from './ledger/transparency/merkle';
import { verifierKeyList, type KnownMark } from './ledger/transparency/recovery';
import type { LogStorage } from './ledger/transparency/log-storage';
import { NodeSealing } from './ledger/transparency/node-sealing';
import { startSealing } from './ledger/transparency/sealing';
import { ToldSealing } from './ledger/transparency/told-sealing';
import { retiredKeyLines } from './transparency/log-policy';
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
  /** The database that the log is in, where several nodes share it. */
  readonly postgres: Postgres | undefined;
  readonly logger: Logger;
  /** False: the log is served as it is, and nothing is sealed. */
  readonly seal: boolean;
}

/** The transparency log as the server has it, and how to seal it. */
export interface OpenedLog extends OpenLog {
  /** Work of the node that leads; undefined where nothing is sealed. */
  readonly seal: Begin | undefined;
}

/**
 * Opens the transparency log for reading. What is wrong with the settings is told here, before anything else is opened; what goes wrong
 * later only `status()` tells, because it must not keep acts from being recorded. Sealing begins when this node leads, beside this thread.
 * @throws Failure `log.origin_changed`, `log.key_exposed`, `log.key_invalid`, `log.key_missing`, `log.key_unknown`, `log.other_key`,
 *   `policy.invalid`, `config.witness_policy`
 */
export async function openLog({ config, stored, vault, postgres, logger, seal }: OpenLogOptions): Promise<OpenedLog> {
  const log = logLocation(config);
  const storage = await openLogStorage(log, { readOnly: true });
  const witnessPolicy = await witnessPolicyOf(config);
  if (!seal) return { storage, sealing: undefined, witnessPolicy, seal: undefined };
  const origin = await originOf(config, storage);
  await markOf(origin, config, storage, stored, vault); // before the keys: they tell that there is a log
  const keys = await LogKeys.open({
    file: paths(config).logKey,
    origin,
    ...(config.logKey && { secret: config.logKey }),
    ...(postgres && { signed: await storage.signed(), first: firstKeyIn(postgres, origin) }),
  });
  await warnOfUnknownKeys(storage, keys, logger);
  const others = postgres && new ToldSealing(postgres);
  const sealing = new NodeSealing(storage, others);
  const begin: Begin = async ({ fence, over, lost }) => {
    const own = startSealing({
      store: stored,
      ledger: ledgerLocation(config),
      log,
      ...(fence && { fence }),
      onLost: lost,
      keys,
      commitmentKey: await vault.commitmentKey(),
      intervalMs: config.sealIntervalMs,
      ...(witnessPolicy && {
        witnesses: {
          policy: witnessPolicy,
          timeoutMs: config.witnessTimeoutMs,
          evidence: join(paths(config).log, 'evidence'),
        },
      }),
      mark: await markOf(origin, config, storage, stored, vault),
      raiseMark: (raised) => vault.raiseSealedMark(raised),
      clock: systemClock, // whatever time the ledger has: what is sealed is seen by others
      logger,
    });
    sealing.begin(own);
    const silence = fence && others?.tell(own, fence);
    return async () => {
      silence?.();
      await own.close({ atOnce: over.reason instanceof LeaseLost });
      sealing.end();
    };
  };
  const known = [witnessPolicy, ...retiredKeyLines(keys.retired)].filter(Boolean).join('\n');
  return { storage: listing(keys, storage), sealing, witnessPolicy: known, seal: begin };
}

/** The name that is set; where none is, the one that the log has. */
async function originOf(config: Config, storage: LogStorage): Promise<string> {
  const signed = await storage.signed();
  const before =
    signed === undefined
      ? (await LogKeys.read(paths(config).logKey))?.origin
      : parseCheckpoint(parseNote(signed).text).origin;
  const origin = logOriginOf(config) ?? before ?? UNNAMED;
  if (before !== undefined && before !== origin) throw originChanged(before, origin);
  return origin;
}

/**
 * What the log is known to have signed. A log begins where there is no mark of it and no key yet, or nothing recorded: then its
 * mark is made first, so that a crash between the two still leaves a log that may begin. A key beside a ledger whose log
 * and mark are gone signs nothing: it would begin the history again.
 */
async function markOf(
  origin: string,
  config: Config,
  storage: LogStorage,
  stored: EventStore,
  vault: KeyVault,
): Promise<KnownMark> {
  const mark = await vault.sealedMark(origin);
  if (mark || (await storage.signed()) !== undefined) return mark; // a log from before there were marks gets one
  if (existsSync(paths(config).logKey) && (await stored.head()) > 0) return 'lost';
  const first = { origin, size: 0, root: EMPTY_ROOT };
  await vault.raiseSealedMark(first);
  return first;
}

/** The log as it is stored, but for its keys: those are ours, whatever stands in the file. */
function listing(keys: LogKeys, storage: LogStorage): LogStorage {
  const text = Buffer.from(verifierKeyList(keys));
  const read = async (path: string): Promise<Buffer | undefined> => (path === 'vkey' ? text : storage.read(path));
  return Object.assign(Object.create(storage) as LogStorage, { read });
}

async function warnOfUnknownKeys(storage: LogStorage, keys: LogKeys, logger: Logger): Promise<void> {
  const listed = (await storage.read('vkey'))?.toString('utf8').split('\n').filter(Boolean) ?? [];
  const unknown = listed.filter((line) => !keys.verifierKeys.includes(line)).length;
  if (unknown === 0) return;
  logger.error({ unknown }, 'log/vkey lists keys that are not among this log’s: they are taken off the list');
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
