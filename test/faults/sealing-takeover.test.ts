import type { Failure } from '../../src/kernel/errors';
import { openLogStorage, openPublished } from '../../src/ledger/location';
import { LeaseLost, type Fence } from '../../src/ledger/postgres/lease';
import { Postgres, type PostgresSettings } from '../../src/ledger/postgres/postgres';
import type { LogStorage } from '../../src/ledger/transparency/log-storage';
import { keepingPublished } from '../../src/ledger/transparency/published-checkpoints';
import { Sealer } from '../../src/ledger/transparency/sealer';
import { naiveRoot } from '../verification/naive-tree';
import { parseCheckpoint } from '../../src/verification/checkpoint';
import { parseNote } from '../../src/verification/note';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { FixedLedger, fixedEntry, sealing } from '../transparency/fixed-ledger';
import { takeLease } from '../transparency/postgres-log';
import { Steps, type AtStep } from '../transparency/stopping-storage';

/** Sealed before anything happens, and what is sealed while it does: a tile that gets full, so partial ones are removed as well. */
const BEFORE = [0, 254];
const DURING = [255, 257, 258];

describe('nodes that seal one after the other in one PostgreSQL', () => {
  let postgres: PostgresSettings;
  let connected: Postgres;
  beforeAll(async () => {
    postgres = freshSchema();
    connected = await Postgres.open(postgres);
  });
  afterAll(async () => {
    await connected.close();
    await dropSchema(postgres);
  });

  /** One node: from when it leads until it has sealed all sizes, or something fails. */
  async function node(ledger: FixedLedger, sizes: readonly number[], fence: Fence, steps = new Steps()): Promise<void> {
    const storage = await openLogStorage({ postgres }, { fence });
    const published = await openPublished({ postgres }, { fence });
    try {
      const stopping = keepingPublished(steps.of(storage), steps.of(published));
      const sealer = await Sealer.open(await sealing(ledger, stopping));
      for (const size of sizes) {
        ledger.last = Math.max(ledger.last, size);
        await sealer.sealOnce();
      }
    } finally {
      await storage.close();
      await published.close();
    }
  }

  async function begun(): Promise<void> {
    await connected.query('DROP TABLE IF EXISTS log_object, log_text, log_published, room_version, lease');
    await node(new FixedLedger(), BEFORE, await takeLease(postgres));
  }

  /** Everything that is stored. */
  async function contents(): Promise<string> {
    const rows = [
      await connected.query(`SELECT path, md5(bytes) FROM log_object ORDER BY path`),
      await connected.query(`SELECT name, content FROM log_text ORDER BY name`),
      await connected.query(`SELECT id, note FROM log_published ORDER BY id`),
    ];
    return JSON.stringify(rows);
  }

  /** What was signed, shown and kept is one history, which ends where it should. */
  async function assertOneHistory(size: number): Promise<void> {
    const storage = await openLogStorage({ postgres }, { readOnly: true });
    const published = await openPublished({ postgres }, { readOnly: true });
    const notes = (await published.covering(0, 0, 100)).map(({ note }) => note);
    const sizes = notes.map((note) => parseCheckpoint(parseNote(note).text));
    expect(sizes.map((each) => each.size)).toEqual([...sizes.map((each) => each.size)].sort((a, b) => a - b));
    for (const each of sizes) {
      const entries = Array.from({ length: each.size }, (_, i) => fixedEntry(i + 1));
      expect(Buffer.from(each.root)).toEqual(naiveRoot(entries));
    }
    expect([await textOf(storage), await storage.signed()]).toEqual([notes.at(-1), notes.at(-1)]);
    expect(sizes.at(-1)?.size).toBe(size);
    await storage.close();
    await published.close();
  }

  const textOf = async (storage: LogStorage): Promise<string | undefined> =>
    (await storage.read('checkpoint'))?.toString();

  it('a leader that stood still at any step, and goes on after another has taken over, publishes nothing', async () => {
    await begun();
    const counting = new Steps();
    await node(new FixedLedger(254), DURING, await takeLease(postgres), counting);
    expect(counting.count).toBeGreaterThan(15);
    const outcomes = new Set<string>();
    for (let step = 1; step <= counting.count; step++) {
      await begun();
      let [stopped, goOn]: (() => void)[] = [() => undefined, () => undefined];
      const isStopped = new Promise<void>((resolve) => (stopped = resolve));
      const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
      const stop: AtStep = (at) => (at === step ? (stopped(), mayGoOn) : undefined);
      const ledger = new FixedLedger(254); // both nodes read the same one
      const fence = await takeLease(postgres);
      const former = node(ledger, DURING, fence, new Steps(stop));
      former.catch(() => undefined);
      await isStopped;
      await node(ledger, [258, 259], await takeLease(postgres));
      const before = await contents();
      goOn();
      const outcome = await former.then(
        () => 'it wrote',
        (error: Failure) => error.code,
      );
      outcomes.add(outcome);
      await expect(node(ledger, DURING, fence)).rejects.toThrow(LeaseLost); // as when its thread is started again
      expect(await contents()).toBe(before);
      await assertOneHistory(259);
    }
    // The one that is behind has read `signed` before and `checkpoint` after.
    expect(outcomes).toEqual(new Set(['lease.lost', 'log.behind_signed']));
  });

  it('an answer that is lost at any step leaves a log that the same node takes up again', async () => {
    await begun();
    const counting = new Steps();
    await node(new FixedLedger(254), DURING, await takeLease(postgres), counting);
    for (let step = 1; step <= counting.count; step++) {
      await begun();
      const fence = await takeLease(postgres);
      const lose: AtStep = (at) => {
        if (at === step) throw new Error('the answer is lost');
      };
      const ledger = new FixedLedger(254);
      await expect(node(ledger, DURING, fence, new Steps(lose))).rejects.toThrow('the answer is lost');
      await node(ledger, DURING, fence);
      await assertOneHistory(258);
    }
  });
});
