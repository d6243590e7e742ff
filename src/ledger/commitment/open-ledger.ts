import { existsSync, mkdirSync } from 'node:fs';
import { Failure } from '../../kernel/errors';
import { MAX_PAGE_EVENTS, type EventStore } from '../event-store';
import { openEvents, type LedgerLocation } from '../location';
import { Postgres, type PostgresSettings } from '../postgres/postgres';
import type { KeyVault } from './key-vault';
import { PostgresKeyVault } from './postgres-key-vault';
import { sealedFields } from './sealed-field';
import { SqliteKeyVault } from './sqlite-key-vault';
import { vaultFile } from './vault-schema';
import { VaultedEventStore } from './vaulted-event-store';
import { WrappingKeys, type WrappingKeysOptions } from './wrapping-keys';
import { assertBelongTogether } from './belonging';

/** Where the keys of subjects are: a directory with `vault.db`, or PostgreSQL, and under which keys they are kept there. Never logged. */
export type VaultLocation =
  { readonly directory: string } | { readonly postgres: PostgresSettings; readonly wrappingKeys: WrappingKeysOptions };

export interface OpenLedger {
  /** Personal fields sealed and opened. Closing it closes all three. */
  readonly store: VaultedEventStore;
  /** The events as they are stored. */
  readonly stored: EventStore;
  readonly vault: KeyVault;
}

interface OpenOptions {
  readonly readOnly?: boolean;
  /** The database of the vault's location, when it is open already; it stays open. */
  readonly postgres?: Postgres;
  /** Told of every attempt to reach an event store that failed. */
  readonly failed?: (error: unknown) => void;
}

/** The embedded ledger and its key vault: `openLedgerAt` for two directories. */
export const openLedger = (
  { ledger, vault }: { readonly ledger: string; readonly vault: string },
  options?: OpenOptions,
): Promise<OpenLedger> => openLedgerAt({ ledger: { directory: ledger }, vault: { directory: vault } }, options);

/**
 * Opens the ledger and its key vault: the ledger first, whose lock, where it is embedded, keeps a second writer off both. A vault is made for
 * a ledger that has sealed nothing yet; in the place of a lost one it would only hide the loss. For writing, the two must be each other's.
 * @throws LedgerLocked, LedgerCorrupt; Failure `privacy.vault_missing`, `ledger.other_events`, `ledger.other_vault`, and those of the stores
 */
export async function openLedgerAt(
  { ledger, vault: keys }: { readonly ledger: LedgerLocation; readonly vault: VaultLocation },
  { readOnly = false, postgres, failed }: OpenOptions = {},
): Promise<OpenLedger> {
  const stored = await openEvents(ledger, { readOnly, failed });
  try {
    const mayBegin = async (): Promise<boolean> => !(await hasSealed(stored));
    const { vault, closing } = await openVaultAt(keys, { readOnly, postgres, mayBegin });
    try {
      if (!readOnly) await assertBelongTogether(stored, vault);
    } catch (error) {
      await closing.close();
      throw error;
    }
    return { store: new VaultedEventStore(stored, closing), stored, vault };
  } catch (error) {
    await stored.close();
    throw error;
  }
}

/**
 * The key vault alone. `mayBegin`: whether one may be made where there is none; `closing` is the same vault, to be closed with what
 * was opened for it.
 * @throws Failure `privacy.vault_missing`, and those of the stores
 */
export async function openVaultAt(
  location: VaultLocation,
  { readOnly = false, postgres, mayBegin }: OpenOptions & { readonly mayBegin: () => Promise<boolean> },
): Promise<{ readonly vault: KeyVault; readonly closing: KeyVault }> {
  if ('directory' in location) {
    const { directory } = location;
    if (!existsSync(vaultFile(directory)) && !(await mayBegin())) throw vaultMissing(directory);
    if (!readOnly) mkdirSync(directory, { recursive: true }); // with the events elsewhere nobody else has made it
    const vault = SqliteKeyVault.open({ directory, readOnly });
    return { vault, closing: vault };
  }
  const opened = postgres
    ? undefined
    : await Postgres.open({ ...location.postgres, applicationName: 'mingjing vault' });
  try {
    const database = postgres ?? opened!;
    if (!(await PostgresKeyVault.exists(database)) && !(await mayBegin())) throw vaultMissing(database.schema);
    const wrappingKeys = WrappingKeys.open(location.wrappingKeys);
    const vault = await PostgresKeyVault.open({ postgres: database, wrappingKeys, readOnly });
    return { vault, closing: opened ? closingWith(vault, opened) : vault };
  } catch (error) {
    await opened?.close();
    throw error;
  }
}

/** The vault, whose connections nobody else closes. */
function closingWith(vault: KeyVault, postgres: Postgres): KeyVault {
  const close = async (): Promise<void> => {
    await vault.close();
    await postgres.close();
  };
  return Object.assign(Object.create(vault) as KeyVault, { close });
}

/** Read from the end: a ledger that seals at all has a sealed field among its newest events. */
async function hasSealed(stored: EventStore): Promise<boolean> {
  for (let from = await stored.head(); from > 0; from -= MAX_PAGE_EVENTS) {
    const page = await stored.readAll({ direction: 'backwards', from, limit: MAX_PAGE_EVENTS });
    if (page.some((event) => sealedFields(event).length > 0)) return true;
  }
  return false;
}

const vaultMissing = (where: string): Failure =>
  new Failure('unavailable', 'privacy.vault_missing', {
    zh: `台账中有加密的个人信息，而 ${where} 中没有密钥库。请恢复密钥库的备份（vault.db 用 mingjing restore --vault）；由多个节点共用的台账，请核对 MINGJING_POSTGRES 与 MINGJING_POSTGRES_SCHEMA。`,
    en: `The ledger has encrypted personal data, but there is no vault in ${where}. Restore its backup (a vault.db with mingjing restore --vault); of a ledger that several nodes share, look at MINGJING_POSTGRES and MINGJING_POSTGRES_SCHEMA.`,
  });
