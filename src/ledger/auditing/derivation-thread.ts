import { parentPort, workerData } from 'node:worker_threads';
import { SqliteKeyVault } from '../commitment/sqlite-key-vault';
import { ledgerFile, openForReading } from '../sqlite/schema';
import { StoredEvents, type DerivedPage } from './stored-events';

/** What a thread is given: plain data, so that it can be sent. */
export interface DerivationTask {
  readonly ledgerDirectory: string;
  /** Undefined: there is no vault. */
  readonly vaultDirectory: string | undefined;
  readonly commitmentKey: Uint8Array | undefined;
}

/** One page, in the order in which they were asked for; after `failed` nothing more comes. */
export type DerivationReport = DerivedPage | { readonly failed: string };

const { ledgerDirectory, vaultDirectory, commitmentKey } = workerData as DerivationTask;
const events = new StoredEvents(
  openForReading(ledgerFile(ledgerDirectory)),
  vaultDirectory === undefined ? undefined : SqliteKeyVault.open({ directory: vaultDirectory, readOnly: true }),
  commitmentKey && Buffer.from(commitmentKey),
);

/** One after the other, whatever is waited for within one. */
let turn: Promise<void> = Promise.resolve();
parentPort?.on('message', ([first, count]: [number, number]) => {
  turn = turn.then(async () => {
    try {
      const page = await events.derive(first, count);
      parentPort?.postMessage(
        page,
        [page.entries, page.known, page.recordedAtMs].map(({ buffer }) => buffer as ArrayBuffer),
      );
    } catch (error) {
      parentPort?.postMessage({ failed: (error as Error).message });
    }
  });
});
