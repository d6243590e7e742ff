import { SqliteEventStore } from '../sqlite/sqlite-event-store';
import type { KeyVault } from './key-vault';
import { SqliteKeyVault } from './sqlite-key-vault';
import { VaultedEventStore } from './vaulted-event-store';

export interface OpenLedger {
  /** Personal fields sealed and opened. Closing it closes all three. */
  readonly store: VaultedEventStore;
  /** The events as they are stored. */
  readonly stored: SqliteEventStore;
  readonly vault: KeyVault;
}

/**
 * Opens the embedded ledger and its key vault: the ledger first, whose lock keeps a second writer off both.
 * @throws LedgerLocked, LedgerCorrupt
 */
export async function openLedger(
  directories: { readonly ledger: string; readonly vault: string },
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Promise<OpenLedger> {
  const stored = SqliteEventStore.open({ directory: directories.ledger, readOnly });
  try {
    const vault = SqliteKeyVault.open({ directory: directories.vault, readOnly });
    return { store: new VaultedEventStore(stored, vault), stored, vault };
  } catch (error) {
    await stored.close();
    throw error;
  }
}
