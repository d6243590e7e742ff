import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonLogger } from '../../src/api/logger';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { trustedLogs } from '../../src/witness/trusted-logs';
import { startWitness, type RunningWitness } from '../../src/witness/witness-server';
import { startPortalCity, type PortalCity } from './portal-city';

export const LOG_ORIGIN = 'mingjing.example/log';
const WITNESSES = ['procuratorate', 'university'] as const;

/** 明镜市 with a log that two witnesses cosign, each a server of its own; both must. */
export interface WitnessedCity extends PortalCity {
  /** Verifier key of the log, which the test knows without asking it. */
  readonly vkey: string;
  /** Verifier keys of the witnesses. */
  readonly witnesses: readonly string[];
}

export async function startWitnessedCity(): Promise<WitnessedCity> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-witnessed-'));
  const logKeyFile = join(directory, 'log.key');
  const [vkey] = (await LogKeys.open({ file: logKeyFile, origin: LOG_ORIGIN })).verifierKeys;
  const logs = await trustedLogs([vkey]);
  const logger = new JsonLogger('error').pino;
  const running: RunningWitness[] = [];
  for (const name of WITNESSES) {
    const address = { name: `${name}.example/witness`, host: '127.0.0.1', port: 0 };
    running.push(await startWitness({ ...address, directory: join(directory, name), logs, logger }));
  }
  const policy = [
    ...running.map(({ vkey: key, url }, i) => `witness ${WITNESSES[i]} ${key} ${url}`),
    `group both all ${WITNESSES.join(' ')}`,
    'quorum both',
    '',
  ].join('\n');
  const witnessPolicyFile = join(directory, 'witness.policy');
  writeFileSync(witnessPolicyFile, policy);
  const city = await startPortalCity({ logOrigin: LOG_ORIGIN, logKeyFile, witnessPolicyFile });
  return {
    ...city,
    vkey,
    witnesses: running.map(({ vkey: key }) => key),
    close: async () => {
      await city.close();
      for (const witness of running) await witness.close();
      rmSync(directory, { recursive: true });
    },
  };
}
