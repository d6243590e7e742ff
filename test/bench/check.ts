import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import '../../src/event-catalogue'; // whose marks say which fields are sealed
import { systemClock } from '../../src/kernel/time';
import { audit } from '../../src/ledger/auditing/audit';
import { MAX_THREADS } from '../../src/ledger/auditing/derivation';
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
 * check. Cases as they are recorded, sealed. By the processor time of all its threads, which share the cores evenly, so
 * that what else the machine does is not measured; the median of some rounds.
 */
export async function checkSpeed(events = 200_000): Promise<Measured> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-bench-check-'));
  const cores = Math.min(MAX_THREADS, availableParallelism());
  try {
    await fillCaseLedger(directory, events);
    const logKeys = await sealed(directory);
    const tookUs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const started = process.cpuUsage();
      const locations = {
        ledger: { directory },
        vault: { directory },
        log: { directory: join(directory, 'log') },
      };
      const report = await audit({ ...locations, trust: { logKeys } });
      const { user, system } = process.cpuUsage(started);
      tookUs.push((user + system) / cores);
      if (!report.sound || report.log?.size !== events) throw new Error(JSON.stringify(report.findings));
    }
    const medianUs = tookUs.sort((a, b) => a - b)[ROUNDS >> 1];
    const name = `check of ${events} sealed events, ${cores} cores`;
    return atLeast(name, 'events/s', (events * 1e6) / medianUs, 20_000);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Seals all that a ledger holds, beside it. */
export async function sealed(directory: string): Promise<VerifierKey[]> {
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
