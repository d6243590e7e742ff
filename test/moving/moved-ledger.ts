import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { NewEvent } from '../../src/kernel/event';
import { VAULT_FILE } from '../../src/ledger/moving/archive';
import type { Place } from '../../src/ledger/moving/export-ledger';
import { openLedgerAt } from '../../src/ledger/commitment/open-ledger';
import { recordedNow, SealedLedger } from '../transparency/sealed-ledger';

export const ERASED = 'party:p-1';

/** Sealed three times, with a witness; one subject erased; its last events are in no checkpoint yet; somebody outside keeps proofs. */
export async function ledgerToMove(): Promise<SealedLedger> {
  const ledger = await SealedLedger.make();
  for (const more of [300, 400, 213]) {
    await ledger.record(more);
    await ledger.seal();
    ledger.keepCheckpoint();
  }
  await ledger.keepProof(7);
  await ledger.keepProof(700);
  await ledger.monitor();
  const { vault, store } = await openLedgerAt(placeOf(ledger.directory), {});
  await vault.destroy(ERASED, '2026-03-02T01:02:03.004Z');
  await store.close();
  await ledger.record(20, ofOthers);
  return ledger;
}

/** An event of another subject than the erased one, of whom nothing more can be recorded. */
export const ofOthers = (n: number): NewEvent => recordedNow(n - (n % 5));

/** The embedded ledger of a data directory. */
export const placeOf = (directory: string): Place => ({
  ledger: { directory },
  vault: { directory },
  log: { directory: join(directory, 'log') },
  logKey: join(directory, 'log.key'),
});

/** A folder for archives and new places, and its removal. */
export function folder(): { readonly path: string; join(...names: string[]): string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'mingjing-moving-'));
  return {
    path,
    join: (...names) => join(path, ...names),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Every file below a directory by its path in it. The entries of a vault stand in no order, and are sorted. */
export function filesBelow(directory: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = join(directory, name);
    if (!statSync(file).isFile()) continue;
    const text = readFileSync(file, 'latin1');
    files.set(relative(directory, file), name === VAULT_FILE ? text.split('\n').sort().join('\n') : text);
  }
  return files;
}
