import { existsSync } from 'node:fs';
import { Failure } from '../../kernel/errors';
import { MAX_PAGE_EVENTS, type EventStore } from '../event-store';
import { SqliteEventStore } from '../sqlite/sqlite-event-store';
import type { KeyVault } from './key-vault';
import { sealedFields } from './sealed-field';
import { SqliteKeyVault } from './sqlite-key-vault';
import { vaultFile } from './vault-schema';
import { VaultedEventStore } from './vaulted-event-store';

export interface OpenLedger {
  /** Personal fields sealed and opened. Closing it closes all three. */
  readonly store: VaultedEventStore;
  /** The events as they are stored. */
  readonly stored: SqliteEventStore;
  readonly vault: KeyVault;
}

/**
 * Opens the embedded ledger and its key vault: the ledger first, whose lock keeps a second writer off both. A vault is made for
 * a ledger that has sealed nothing yet; in the place of a lost one it would only hide the loss.
 * @throws LedgerLocked, LedgerCorrupt; Failure `privacy.vault_missing`
 */
export async function openLedger(
  directories: { readonly ledger: string; readonly vault: string },
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Promise<OpenLedger> {
  const stored = SqliteEventStore.open({ directory: directories.ledger, readOnly });
  try {
    if (!existsSync(vaultFile(directories.vault)) && (await hasSealed(stored))) throw vaultMissing(directories.vault);
    const vault = SqliteKeyVault.open({ directory: directories.vault, readOnly });
    return { store: new VaultedEventStore(stored, vault), stored, vault };
  } catch (error) {
    await stored.close();
    throw error;
  }
}

/** Read from the end: a ledger that seals at all has a sealed field among its newest events. */
async function hasSealed(stored: EventStore): Promise<boolean> {
  for (let from = await stored.head(); from > 0; from -= MAX_PAGE_EVENTS) {
    const page = await stored.readAll({ direction: 'backwards', from, limit: MAX_PAGE_EVENTS });
    if (page.some((event) => sealedFields(event).length > 0)) return true;
  }
  return false;
}

const vaultMissing = (directory: string): Failure =>
  new Failure('unavailable', 'privacy.vault_missing', {
    zh: `台账中有加密的个人信息，而 ${directory} 中没有 vault.db。请用 mingjing restore --vault 恢复密钥库的备份。`,
    en: `The ledger has encrypted personal data, but there is no vault.db in ${directory}. Restore it with mingjing restore --vault.`,
  });
