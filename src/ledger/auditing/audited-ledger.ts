import type { RecordedEvent } from '../../kernel/event';
import type { KeyVault } from '../commitment/key-vault';
import { existingLedger, type OnProgress } from '../sqlite/check-ledger';
import type { LedgerLocation } from '../location';
import { EmbeddedLedger } from './embedded-ledger';
import type { Finding } from './findings';
import type { DerivedPage } from './stored-events';

/** A ledger as the audit reads it, whatever store it is in: nothing that the store says of an event is taken on trust. */
export interface AuditedLedger {
  /** The last position, bounded by what there is. */
  readonly head: number;
  /** The position that the store itself says was reached, and where it says so. */
  readonly acknowledged: { readonly position: number; readonly source: string };
  /** What is derived of the events from a position to the last, `PAGE_EVENTS` at a time. */
  derived(first: number): AsyncGenerator<DerivedPage, void, void>;
  /** The event at a position; undefined when it is missing or damaged. */
  at(position: number): Promise<RecordedEvent | undefined>;
  /** Counts the streams and checks how all of it hangs together; of positions in `known` something was found before. */
  structure(
    known: ReadonlySet<number | undefined>,
    onProgress: OnProgress,
  ): Promise<{ readonly streams: number; readonly findings: readonly Finding[] }>;
  close(): Promise<void>;
}

/** What is needed to derive the log's entries. */
export interface DerivationKeys {
  /** Undefined: there is none, and encrypted fields are not looked into. */
  readonly vault: KeyVault | undefined;
  /** Holds `vault.db`, where the vault is one that a thread can open. */
  readonly vaultDirectory: string | undefined;
  /** Undefined: entries are not derived. */
  readonly commitmentKey: Buffer | undefined;
}

/** @throws Failure `ledger.none` where there is no ledger to open */
export function assertLedger(location: LedgerLocation): void {
  if ('directory' in location) existingLedger(location.directory);
}

/** @throws LedgerCorrupt when it cannot be read at all; Failure of the store */
export async function openAudited(
  location: LedgerLocation,
  keys: DerivationKeys,
  onProgress: OnProgress,
): Promise<AuditedLedger> {
  if ('directory' in location) return EmbeddedLedger.open(location.directory, keys);
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { RemoteLedger } = require('./remote-ledger') as typeof import('./remote-ledger'); // large, as in location.ts
  return RemoteLedger.open(location, keys, onProgress);
}
