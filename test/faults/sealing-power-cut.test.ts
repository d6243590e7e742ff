import { basename } from 'node:path';
import { parseCheckpoint } from '../../src/verification/checkpoint';
import { verifyConsistency, verifyInclusion } from '../../src/verification/merkle-proof';
import { parseNote } from '../../src/verification/note';
import { LogDirectory } from '../../src/ledger/transparency/log-directory';
import { leafHash } from '../../src/ledger/transparency/merkle';
import { LogProver } from '../../src/ledger/transparency/prover';
import { Sealer } from '../../src/ledger/transparency/sealer';
import { pathOf } from '../../src/ledger/transparency/tile-path';
import { readTile, widthOf } from '../../src/ledger/transparency/tile-reader';
import { CrashingDisk, DiskError, PowerCut, type Loss } from '../transparency/crashing-disk';
import { FixedLedger, fixedEntry, sealing } from '../transparency/fixed-ledger';

const LOG = '/data/log';

/** Seals the ledger at each of these sizes, in one opening of the log. */
async function sealAt(disk: CrashingDisk, ledger: FixedLedger, sizes: readonly number[]): Promise<void> {
  const storage = await LogDirectory.open(LOG, { files: disk });
  try {
    const sealer = await Sealer.open(await sealing(ledger, storage));
    for (const size of sizes) {
      ledger.last = Math.max(ledger.last, size);
      await sealer.sealOnce();
    }
  } finally {
    await storage.close().catch(() => undefined);
  }
}

/** What readers, and a thief of the disk, have ever seen of a log. */
class Witnessed {
  readonly published: string[] = [];
  private readonly roots = new Map<number, string>();
  largest = 0;

  /** A note that has got its name, as the newest signed one or as the published one. */
  see(name: 'signed' | 'checkpoint', note: string): void {
    const [, size, root] = note.split('\n');
    expect([size, this.roots.get(Number(size)) ?? root]).toEqual([size, root]); // never two roots for a size
    this.roots.set(Number(size), root);
    if (name === 'signed') return;
    expect(Number(size)).toBeGreaterThanOrEqual(this.largest); // never backwards
    this.largest = Number(size);
    if (this.published.at(-1) !== note) this.published.push(note);
  }
}

const readerOf = (disk: CrashingDisk): Promise<LogDirectory> => LogDirectory.open(LOG, { readOnly: true, files: disk });

/** Every size that was ever published can be proven, and all of them are one history. */
async function assertProvable(disk: CrashingDisk, notes: readonly string[]): Promise<void> {
  const prover = new LogProver(await readerOf(disk));
  const checkpoints = notes.map((note) => parseCheckpoint(parseNote(note).text)).filter(({ size }) => size > 0);
  const { size: newSize, root: newRoot } = checkpoints.at(-1)!;
  for (const { size, root } of checkpoints) {
    for (const index of new Set([0, size >> 1, size - 1])) {
      const entry = await prover.entry(index, size);
      expect(entry).toEqual(fixedEntry(index + 1));
      const proof = await prover.inclusionProof(index, size);
      await verifyInclusion({ leafHash: leafHash(entry), index: BigInt(index), size: BigInt(size), proof, root });
    }
    const proof = await prover.consistencyProof(size, newSize);
    const sizes = { oldSize: BigInt(size), newSize: BigInt(newSize) };
    await verifyConsistency({ ...sizes, oldRoot: root, newRoot, proof });
  }
}

/** Every tile and bundle that a tree of `size` leaves has, as readers get it: no longer there, or its bytes. */
async function tilesOf(disk: CrashingDisk, size: number): Promise<Record<string, string | undefined>> {
  const storage = await readerOf(disk);
  const found: Record<string, string | undefined> = {};
  for (const level of ['entries', 0, 1] as const) {
    for (let n = 0; widthOf(level, n, size) > 0; n++) {
      const address = { level, n, width: widthOf(level, n, size) };
      found[pathOf(address)] = (await readTile(storage, address))?.toString('base64');
    }
  }
  return found;
}

interface Scenario {
  readonly name: string;
  /** Sizes sealed before anything fails. */
  readonly before: readonly number[];
  /** Sizes sealed while it fails, and again after. */
  readonly during: readonly number[];
}

const scenarios: Scenario[] = [
  { name: 'a new log', before: [], during: [0, 1, 3] },
  { name: 'a tile that gets full', before: [0, 254], during: [255, 257, 258] },
];

describe.each(scenarios)('$name', ({ before, during }) => {
  const prepared = new CrashingDisk();
  const undisturbed = new CrashingDisk();
  let operations = 0;

  beforeAll(async () => {
    await prepared.makeDirectory('/data');
    await prepared.sync('/');
    await sealAt(prepared, new FixedLedger(), before);
    await undisturbed.makeDirectory('/data');
    const seen = new Witnessed();
    await watched(undisturbed, seen, () => sealAt(undisturbed, new FixedLedger(), [...before, ...during]));
    await assertProvable(undisturbed, seen.published);
    const counting = prepared.copy();
    await sealAt(counting, new FixedLedger(before.at(-1)), during);
    operations = counting.operations;
    expect(operations).toBeGreaterThan(40);
  });

  const failures: Array<['power cut', Loss] | ['error', 'nothing']> = [
    ['power cut', 'all'],
    ['power cut', 'nothing'],
    ['power cut', 'some'],
    ['error', 'nothing'],
  ];

  it.each(failures)(
    '%s at any operation, of what was not synced %s is lost or kept: the log goes on',
    async (what, loss) => {
      for (let operation = 1; operation <= operations; operation++) {
        const disk = prepared.copy();
        const seen = new Witnessed();
        disk.at = { operation, what };
        const ledger = new FixedLedger(before.at(-1));
        const failed = await watched(disk, seen, () => sealAt(disk, ledger, during)).then(
          () => undefined,
          (error: unknown) => error,
        );
        expect(failed).toBeInstanceOf(what === 'error' ? DiskError : PowerCut);
        disk.restart(loss);
        // What readers or witnesses may have seen is remembered, also where the disk forgot that it was published.
        const signed = disk.files().get(`${LOG}/signed`)?.toString() ?? '\n0\n';
        expect(Number(signed.split('\n')[1])).toBeGreaterThanOrEqual(seen.largest);
        await watched(disk, seen, () => sealAt(disk, ledger, during));
        expect(seen.published.at(-1)).toBe(undisturbed.files().get(`${LOG}/checkpoint`)!.toString());
        for (const note of seen.published) {
          const size = Number(note.split('\n')[1]);
          expect(await tilesOf(disk, size)).toEqual(await tilesOf(undisturbed, size));
        }
      }
    },
  );
});

/** Runs, and shows every note that gets its name. */
async function watched(disk: CrashingDisk, seen: Witnessed, work: () => Promise<void>): Promise<void> {
  const rename = disk.rename.bind(disk);
  disk.rename = async (from, to) => {
    await rename(from, to);
    const name = basename(to);
    if (name === 'signed' || name === 'checkpoint') seen.see(name, disk.files().get(to)!.toString());
  };
  try {
    await work();
  } finally {
    disk.rename = rename;
  }
}
