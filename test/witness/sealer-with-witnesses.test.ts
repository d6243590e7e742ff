import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LogDirectory } from '../../src/ledger/transparency/log-directory';
import { Sealer } from '../../src/ledger/transparency/sealer';
import { WitnessClient } from '../../src/ledger/transparency/witness-client';
import { parsePolicy, type Policy } from '../../src/verification/policy';
import { verifyCheckpoint } from '../../src/verification/verify-proof';
import { trustedLogs } from '../../src/witness/trusted-logs';
import { FixedLedger, fixedKeys, sealing } from '../transparency/fixed-ledger';
import { atEnd, newDirectory, runningWitness, type TestWitness } from './running-witness';
import { scriptedServer } from './scripted-server';
import { syntheticLog } from './synthetic-log';

/** A real witness of the sealer's log. */
async function witnessOfSealer(name: string, at: { directory?: string; port?: number } = {}): Promise<TestWitness> {
  const logs = await trustedLogs((await fixedKeys()).verifierKeys);
  return runningWitness(await syntheticLog(1), { name: `${name}.example/witness`, logs, ...at });
}

async function policyOf(rule: string, witnesses: Readonly<Record<string, TestWitness>>): Promise<Policy> {
  const lines = Object.entries(witnesses).map(([name, { vkey, url }]) => `witness ${name} ${vkey} ${url}`);
  const members = Object.keys(witnesses).join(' ');
  const logs = (await fixedKeys()).verifierKeys.map((key) => `log ${key}`);
  return parsePolicy([...logs, ...lines, `group enough ${rule} ${members}`, 'quorum enough', ''].join('\n'));
}

/** A sealer on a real directory that asks real witnesses. */
async function sealerIn(directory: string, ledger: FixedLedger, policy: Policy, now?: () => number) {
  const storage = await LogDirectory.open(directory);
  atEnd(() => storage.close());
  const evidence = join(directory, 'evidence');
  const witnesses = new WitnessClient({ policy, timeoutMs: 5000, evidence, ...(now && { now }) });
  const sealer = await Sealer.open(await sealing(ledger, storage, { witnesses }));
  const shown = async (): Promise<string | undefined> => (await storage.read('checkpoint'))?.toString();
  return { sealer, shown, storage };
}

it('publishes what enough witnesses have cosigned, for anybody with the policy to verify', async () => {
  const [a, b, c] = [await witnessOfSealer('a'), await witnessOfSealer('b'), await witnessOfSealer('c')];
  const policy = await policyOf('2', { a, b, c });
  const ledger = new FixedLedger(300);
  const { sealer, shown } = await sealerIn(newDirectory(), ledger, policy);
  await sealer.sealOnce();
  await c.close();
  ledger.last = 700;
  const sealed = await sealer.sealOnce();
  expect(sealed).toMatchObject({ size: 700, troubles: [{ witness: 'c', code: 'witness.unreachable' }] });
  const verified = await verifyCheckpoint((await shown())!, policy);
  expect(verified).toMatchObject({ met: true, checkpoint: { size: 700 } });
  expect(verified.cosigners.map(({ name }) => name)).toEqual(['a', 'b']);
});

it('shows nothing without its quorum, and catches up when the witness is back', async () => {
  const [a, b] = [await witnessOfSealer('a'), await witnessOfSealer('b')];
  const policy = await policyOf('all', { a, b });
  const ledger = new FixedLedger(10);
  let now = Date.now();
  const { sealer, shown } = await sealerIn(newDirectory(), ledger, policy, () => now);
  await sealer.sealOnce();
  const before = await shown();
  await b.close();
  ledger.last = 600;
  await sealer.sealOnce();
  expect(await shown()).toBe(before);
  await witnessOfSealer('b', { directory: b.directory, port: Number(new URL(b.url).port) });
  now += 60_000;
  await sealer.sealOnce();
  expect((await verifyCheckpoint((await shown())!, policy)).met).toBe(true);
  expect((await verifyCheckpoint((await shown())!, policy)).checkpoint.size).toBe(600);
});

it('goes on, and raises the alarm, when one of three lies about what it has seen', async () => {
  const [a, b, c] = [await witnessOfSealer('a'), await witnessOfSealer('b'), await witnessOfSealer('c')];
  const lying = await scriptedServer((_, response) => void response.writeHead(409).end('999999999\n'));
  const policy = await policyOf('2', { a, b, c: { ...c, url: lying.url } });
  const directory = newDirectory();
  const { sealer } = await sealerIn(directory, new FixedLedger(5), policy);
  const sealed = await sealer.sealOnce();
  expect(sealed).toMatchObject({ size: 5, troubles: [{ witness: 'c', code: 'witness.ahead', conflict: true }] });
  expect(readdirSync(join(directory, 'evidence'))).toHaveLength(1);
});

it.each([
  ['goes on from there', 25, Infinity],
  ['grows beyond what was signed, with other events', 60, 21],
])(
  'a log set back to yesterday that %s is stopped by its witness before anybody sees it',
  async (_, last, divergesAt) => {
    const a = await witnessOfSealer('a');
    const policy = await policyOf('all', { a });
    const directory = newDirectory();
    const yesterday = join(newDirectory(), 'log');
    const first = await sealerIn(directory, new FixedLedger(20), policy);
    await first.sealer.sealOnce();
    await first.storage.close();
    cpSync(directory, yesterday, { recursive: true });
    const second = await sealerIn(directory, new FixedLedger(40), policy);
    await second.sealer.sealOnce();

    const ledger = new FixedLedger(last);
    ledger.divergesAt = divergesAt;
    const restored = await sealerIn(yesterday, ledger, policy);
    const before = await restored.shown();
    await expect(restored.sealer.sealOnce()).rejects.toMatchObject({ code: 'log.witness_conflict' });
    expect(await restored.shown()).toBe(before);
    expect(readdirSync(join(yesterday, 'evidence'))).toHaveLength(1);
  },
);
