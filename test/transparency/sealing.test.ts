import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { systemClock } from '../../src/kernel/time';
import type { SealedMark } from '../../src/ledger/commitment/key-vault';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { LogDirectory } from '../../src/ledger/transparency/log-directory';
import { LogLocked } from '../../src/ledger/transparency/log-storage';
import { LogProver } from '../../src/ledger/transparency/prover';
import {
  startSealing,
  type Sealing,
  type SealingOptions,
  type SealingStatus,
} from '../../src/ledger/transparency/sealing';
import { SealingAge } from '../../src/ledger/transparency/sealing-age';
import { formatVerifierKey, verifierKeyOf } from '../../src/verification/verifier-key';
import { sampleEvents } from '../contract/sample-events';
import { silent } from '../contract/projection-ledger';
import { COMMITMENT_KEY, fixedKeys, ORIGIN } from './fixed-ledger';
import { temporaryDirectory } from './temporary-directory';
import { until, WAIT_MS } from '../until';

describe('sealing beside the server', () => {
  const directory = temporaryDirectory();
  const opened: Array<{ close(): Promise<unknown> }> = [];
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  const ledger = (): SqliteEventStore => {
    const store = SqliteEventStore.open({ directory: directory.path });
    opened.push(store);
    return store;
  };
  const start = async (store: SqliteEventStore, more: Partial<SealingOptions> = {}): Promise<Sealing> => {
    const sealing = startSealing({
      store,
      ledger: { directory: directory.path },
      log: { directory: directory.join('log') },
      keys: await fixedKeys(),
      commitmentKey: COMMITMENT_KEY,
      intervalMs: 50,
      clock: systemClock,
      logger: silent,
      ...more,
    });
    opened.unshift(sealing);
    return sealing;
  };
  const status = (sealing: Sealing, holds: (status: SealingStatus) => boolean): Promise<SealingStatus> =>
    until(() => {
      const now = sealing.status();
      return holds(now) && now;
    });

  it('publishes what is appended, tells of it, and stops when it is closed', async () => {
    const store = ledger();
    const sealing = await start(store);
    await sealing.sealed(0, WAIT_MS);
    for (let n = 0; n < 5; n++) {
      const { position } = await store.append(`case-${n}`, 'no_stream', sampleEvents(40));
      const { size, note } = await sealing.sealed(position, WAIT_MS);
      expect(size).toBeGreaterThanOrEqual(position);
      expect(note).toContain(`\n${size}\n`);
    }
    const { checkpoint, trouble, witnessTroubles } = sealing.status();
    expect({ trouble, witnessTroubles }).toEqual({ trouble: undefined, witnessTroubles: [] });
    const prover = new LogProver(await LogDirectory.open(directory.join('log'), { readOnly: true }));
    expect(await prover.checkpoint()).toMatchObject({ size: 200, note: checkpoint!.note });
    expect(await prover.inclusionProof(7, 200)).toHaveLength(8);
    await expect(LogDirectory.open(directory.join('log'))).rejects.toThrow(LogLocked);
    await sealing.close();
    await (await LogDirectory.open(directory.join('log'))).close();
    await expect(sealing.sealed(201, 10)).rejects.toMatchObject({ code: 'log.not_sealed_in_time' });
  });

  it('raises the mark with what it publishes, and begins no log anew: not while it runs, not at the next start', async () => {
    const store = ledger();
    const raised: SealedMark[] = [];
    const raiseMark = async (mark: SealedMark): Promise<void> => void raised.push(mark);
    const sealing = await start(store, { raiseMark });
    await store.append('case-1', 'no_stream', sampleEvents(10));
    const { size, root } = await sealing.sealed(10, WAIT_MS);
    expect(raised.at(-1)).toEqual({ origin: ORIGIN, size, root: Buffer.from(root, 'base64') });
    rmSync(directory.join('log'), { recursive: true });
    await store.append('case-2', 'no_stream', sampleEvents(5));
    await status(sealing, ({ trouble }) => trouble?.code === 'log.signed_lost');
    await sealing.close();
    const next = await start(store, { mark: raised.at(-1) });
    await status(next, ({ trouble }) => trouble?.code === 'log.signed_lost');
  });

  it('logs by name a witness that does not cosign, each trouble once', async () => {
    const store = ledger();
    const witness = await verifierKeyOf('w.example', 'cosignature/v1', new Uint8Array(32).fill(7));
    const policy = `witness w ${formatVerifierKey(witness)} http://127.0.0.1:1\nquorum none\n`;
    const warn = jest.fn();
    const witnesses = { policy, timeoutMs: 5000, evidence: directory.join('evidence') };
    const sealing = await start(store, { witnesses, logger: { ...silent, warn } });
    for (let n = 0; n < 3; n++) {
      const { position } = await store.append(`case-${n}`, 'no_stream', sampleEvents(2));
      await sealing.sealed(position, WAIT_MS);
    }
    expect(warn.mock.calls).toEqual([[{ witness: 'w', code: 'witness.unreachable' }, expect.any(String)]]);
  });

  it('seals at its end what was appended just before', async () => {
    const store = ledger();
    const sealing = await start(store, { intervalMs: 60_000 });
    await store.append('case-1', 'no_stream', sampleEvents(10));
    await sealing.sealed(10, WAIT_MS);
    await store.append('case-2', 'no_stream', sampleEvents(10)); // not due for half a minute
    await sealing.close();
    expect(readFileSync(directory.join('log/checkpoint'), 'utf8')).toContain('\n20\n');
  });

  it('that fails says why, is tried again, and goes on when the reason is gone; the age of the log tells meanwhile', async () => {
    const store = ledger();
    const first = await start(store);
    await store.append('case-1', 'no_stream', sampleEvents(10));
    await first.sealed(10, WAIT_MS);
    await first.close();
    const signed = readFileSync(directory.join('log/signed'));
    rmSync(directory.join('log/signed'));

    const sealing = await start(store);
    await store.append('case-2', 'no_stream', sampleEvents(5));
    const { trouble, checkpoint } = await status(sealing, (status) => status.ageMs > 0 && status.trouble !== undefined);
    expect(trouble).toMatchObject({ code: 'log.signed_lost', zh: expect.stringContaining('signed') as string });
    expect(checkpoint).toBeUndefined();
    writeFileSync(directory.join('log/signed'), signed);
    await sealing.sealed(15, WAIT_MS);
    expect(sealing.status()).toMatchObject({ trouble: undefined, ageMs: 0 });
  });
});

describe('the age of the log', () => {
  it('is that of the oldest event which is not covered, and bounded however long that lasts', () => {
    const age = new SealingAge();
    age.seen(10, 1000);
    age.seen(15, 1500);
    expect(age.oldestMs(2000)).toBe(1000);
    age.covered(12); // 13 to 15 were first seen at 1500
    expect(age.oldestMs(2000)).toBe(500);
    age.covered(15);
    age.seen(15, 2100);
    expect(age.oldestMs(2200)).toBe(0);
    for (let n = 0; n < 10_000; n++) age.seen(16 + n, 3000 + n);
    expect(age.oldestMs(20_000)).toBe(17_000);
  });
});
