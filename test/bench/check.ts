import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../../src/event-catalogue'; // whose marks say which fields are sealed
import { systemClock } from '../../src/kernel/time';
import { audit, type AuditReport } from '../../src/ledger/auditing/audit';
import { openLedger } from '../../src/ledger/commitment/open-ledger';
import { LogDirectory } from '../../src/ledger/transparency/log-directory';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { Sealer } from '../../src/ledger/transparency/sealer';
import { parseVerifierKey, type VerifierKey } from '../../src/verification/verifier-key';
import { atLeast, type Measured } from './measured';
import { fillCaseLedger } from './projecting-ledger';

const ORIGIN = 'bench.example/log';
const ROUNDS = 3;

/**
 * Events that `mingjing check` goes over a second, all of it: rows, personal fields, entries, tiles, roots, indexes, SQLite's own
 * check. Cases as they are recorded, sealed; the median of some rounds by the clock on the wall.
 */
export async function checkSpeed(events = 200_000): Promise<Measured> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-bench-check-'));
  try {
    await fillCaseLedger(directory, events);
    const logKeys = await sealed(directory);
    const took: number[] = [];
    let report: AuditReport | undefined;
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now();
      report = await audit({
        ledgerDirectory: directory,
        vaultDirectory: directory,
        logDirectory: join(directory, 'log'),
        trust: { logKeys },
      });
      took.push(performance.now() - started);
    }
    const checked = report!.log?.size ?? 0;
    if (!report!.sound || checked < events) throw new Error(`the check found ${JSON.stringify(report!.findings)}`);
    const medianMs = took.sort((a, b) => a - b)[ROUNDS >> 1];
    return atLeast(`check of ${checked} sealed events`, 'events/s', (checked * 1000) / medianMs, 20_000);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export async function sealed(
  directory: string,
): Promise<ReturnType<typeof parseVerifierKey> extends Promise<infer K> ? K[] : never> {
  const { stored, vault, store } = await openLedger({ ledger: directory, vault: directory });
  const keys = await LogKeys.open({ file: join(directory, 'log.key'), origin: ORIGIN });
  const storage = await LogDirectory.open(join(directory, 'log'));
  const commitmentKey = await vault.commitmentKey();
  const sealer = await Sealer.open({
    store: stored,
    storage,
    keys,
    commitmentKey,
    clock: systemClock,
    intervalMs: 1000,
  });
  await sealer.sealOnce();
  await storage.close();
  await store.close();
  return Promise.all(keys.verifierKeys.map(parseVerifierKey));
}
