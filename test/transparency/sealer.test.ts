import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCheckpoint, parseCheckpoint } from '../../src/verification/checkpoint';
import { formatNote, parseNote } from '../../src/verification/note';
import { parsePolicy } from '../../src/verification/policy';
import { formatVerifierKey, parseVerifierKey, verifyNote } from '../../src/verification/verifier-key';
import { commitmentOf } from '../../src/ledger/commitment/commitment';
import type { SealedMark } from '../../src/ledger/commitment/key-vault';
import { disk } from '../../src/ledger/transparency/file-operations';
import { LogDirectory } from '../../src/ledger/transparency/log-directory';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { Fenced, LogLocked } from '../../src/ledger/transparency/log-storage';
import { LogProver } from '../../src/ledger/transparency/prover';
import { MAX_BATCH_LEAVES, Sealer, type Collected, type SealerOptions } from '../../src/ledger/transparency/sealer';
import { WitnessClient } from '../../src/ledger/transparency/witness-client';
import { naiveRoot } from '../verification/naive-tree';
import { witnessOf } from '../verification/signing';
import { COMMITMENT_KEY, FixedLedger, fixedEntry, fixedEvent, fixedKeys, ORIGIN, sealing } from './fixed-ledger';
import { temporaryDirectory } from './temporary-directory';

const directory = temporaryDirectory();
const file = (name: string): string => directory.join(`log/${name}`);
const read = (name: string): string => readFileSync(file(name), 'utf8');
const published = (): { size: number; origin: string; root: Uint8Array } =>
  parseCheckpoint(parseNote(read('checkpoint')).text);

const open: LogDirectory[] = [];
afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close();
});

async function opened(store: SealerOptions['store'], more: Partial<SealerOptions> = {}): Promise<Sealer> {
  const storage = await LogDirectory.open(directory.join('log'));
  open.push(storage);
  return Sealer.open(await sealing(store, storage, more));
}

/** Seals a ledger of these sizes, one after the other, and lets the log go. */
async function sealedAt(ledger: FixedLedger, ...sizes: number[]): Promise<void> {
  const sealer = await opened(ledger);
  for (const size of sizes) {
    ledger.last = size;
    await sealer.sealOnce();
  }
  await open.pop()!.close();
}

/** What the vault would hold of a log of `FixedLedger`, whose events are others from `divergesAt` on. */
function markOf(size: number, divergesAt = Infinity): SealedMark {
  const entries = Array.from({ length: size }, (_, i) =>
    i + 1 < divergesAt ? fixedEntry(i + 1) : commitmentOf(fixedEvent(i + 1, 1), COMMITMENT_KEY).entry,
  );
  return { origin: ORIGIN, size, root: naiveRoot(entries) };
}

/** Every file of the log with its bytes. */
const files = (): Array<[string, string]> =>
  readdirSync(directory.join('log'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(lock|fence)/.test(entry.name))
    .map((entry): [string, string] => {
      const path = join(entry.parentPath, entry.name);
      return [path, readFileSync(path, 'base64')];
    })
    .sort();

describe('a log', () => {
  it('without events publishes a checkpoint of size 0, signed, and its verifier key', async () => {
    const sealed = await (await opened(new FixedLedger())).sealOnce();
    expect(sealed).toMatchObject({ size: 0, note: read('checkpoint') });
    expect(published()).toMatchObject({ origin: ORIGIN, size: 0 });
    const key = await parseVerifierKey(read('vkey').trimEnd());
    expect(await verifyNote(parseNote(read('checkpoint')), [key])).toHaveLength(1);
  });

  it('covers every event, in order, by a root that anybody can compute', async () => {
    await sealedAt(new FixedLedger(), 0, 1, 300);
    const entries = Array.from({ length: 300 }, (_, i) => fixedEntry(i + 1));
    expect(published().size).toBe(300);
    expect(Buffer.from(published().root)).toEqual(naiveRoot(entries));
    const prover = new LogProver(await LogDirectory.open(directory.join('log'), { readOnly: true }));
    expect(await prover.entry(299, 300)).toEqual(entries[299]);
    expect(await prover.checkpoint()).toMatchObject({ origin: ORIGIN, size: 300, note: read('checkpoint') });
  });

  it('at rest stays as it is, also over a start, byte for byte', async () => {
    await sealedAt(new FixedLedger(), 300);
    const before = files();
    const sealer = await opened(new FixedLedger(300));
    await sealer.sealOnce();
    await sealer.sealOnce();
    expect(files()).toEqual(before);
  });

  it('with a backlog becomes visible in bounded batches', async () => {
    const ledger = new FixedLedger(2 * MAX_BATCH_LEAVES + 1);
    const sizes: number[] = [];
    const sealer = await opened(ledger);
    await sealer.sealOnce(undefined, ({ size }) => sizes.push(size));
    expect(sizes).toEqual([MAX_BATCH_LEAVES, 2 * MAX_BATCH_LEAVES, 2 * MAX_BATCH_LEAVES + 1]);
    expect(sealer.size).toBe(ledger.last);
  });

  it('keeps a partial tile until the publication after its full one', async () => {
    const ledger = new FixedLedger();
    const sealer = await opened(ledger);
    const partials = async (size: number): Promise<string[]> => {
      ledger.last = size;
      await sealer.sealOnce();
      return files()
        .map(([path]) => path.slice(directory.join('log').length + 1))
        .filter((path) => path.includes('.p/'));
    };
    const of = (tile: string, ...widths: number[]): string[] => widths.map((width) => `tile/${tile}.p/${width}`);
    expect(await partials(3)).toEqual([...of('0/000', 3), ...of('entries/000', 3)]);
    expect(await partials(200)).toEqual([...of('0/000', 200, 3), ...of('entries/000', 200, 3)]);
    expect(await partials(260)).toEqual([
      ...[...of('0/000', 200, 3), ...of('0/001', 4)],
      ...of('1/000', 1),
      ...[...of('entries/000', 200, 3), ...of('entries/001', 4)],
    ]);
    const after = [...of('0/001', 4, 5), ...of('1/000', 1), ...of('entries/001', 4, 5)];
    expect(await partials(261)).toEqual(after);
    await open.pop()!.close();
    await opened(ledger); // a start changes nothing
    expect(existsSync(file('tile/0/001.p/4'))).toBe(true);
  });

  it('goes on after a clean end, and its history is one', async () => {
    const ledger = new FixedLedger();
    for (const size of [10, 256, 257, 512, 700]) await sealedAt(ledger, size);
    expect(Buffer.from(published().root)).toEqual(naiveRoot(Array.from({ length: 700 }, (_, i) => fixedEntry(i + 1))));
  });

  it('publishes what was signed and not shown, first of all', async () => {
    const ledger = new FixedLedger();
    await sealedAt(ledger, 5);
    const five = read('checkpoint');
    await sealedAt(ledger, 9);
    const nine = read('checkpoint');
    writeFileSync(file('checkpoint'), five);
    ledger.last = 20;
    const seen: string[] = [];
    await (await opened(ledger)).sealOnce(undefined, ({ note }) => seen.push(note));
    expect(seen[0]).toBe(nine);
    expect(published().size).toBe(20);
  });

  it('does not care for a clock that goes backwards', async () => {
    let second = 59;
    const clock = { now: () => `2026-03-02T02:00:${String(second--).padStart(2, '0')}.000Z` };
    const ledger = new FixedLedger(3);
    const sealer = await opened(ledger, { clock });
    const first = (await sealer.sealOnce())!;
    ledger.last = 4;
    const second_ = (await sealer.sealOnce())!;
    expect(second_.size).toBe(4);
    expect(second_.sealedAt < first.sealedAt).toBe(true);
  });
});

describe('a log that was tampered with or restored is refused, and nothing is published', () => {
  const full = (): FixedLedger => new FixedLedger(600);
  const swap = (a: string, b: string): void => {
    renameSync(file(a), file('swap'));
    renameSync(file(b), file(a));
    renameSync(file('swap'), file(b));
  };
  const flip = (name: string): void => {
    const bytes = readFileSync(file(name));
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file(name), bytes);
  };
  const edit = (name: string, from: string, to: string): void =>
    writeFileSync(file(name), read(name).replace(from, to));
  const publishFork = async (): Promise<void> => {
    const other = formatCheckpoint({ origin: ORIGIN, size: 600, root: Buffer.alloc(32) });
    writeFileSync(file('checkpoint'), (await fixedKeys()).signedNote(other));
  };
  const diverging = (from: number): FixedLedger => Object.assign(full(), { divergesAt: from });
  const mark = (size: number, divergesAt = Infinity): SealedMark => markOf(size, divergesAt);

  it.each<
    [string, string, () => [FixedLedger, Partial<SealerOptions>?] | Promise<[FixedLedger, Partial<SealerOptions>?]>]
  >([
    ['events are missing at the end', 'log.behind_signed', () => [new FixedLedger(599)]],
    ['there are no events at all', 'log.behind_signed', () => [new FixedLedger(0)]],
    ['the newest event is another', 'log.forked', () => [diverging(600)]],
    ['an event since the last full tile is another', 'log.forked', () => [diverging(513)]],
    ['a hash above is another', 'log.forked', () => (flip('tile/1/000.p/2'), [full()])],
    ['a partial tile is another', 'log.corrupt', () => (flip('tile/0/002.p/88'), [full()])],
    ['entries are others', 'log.corrupt', () => (flip('tile/entries/002.p/88'), [full()])],
    ['the file of the signed note is gone', 'log.signed_lost', () => (rmSync(file('signed')), [full()])],
    ['the file of the signed note is an older one', 'log.behind_signed', () => (swap('signed', 'older'), [full()])],
    ['the signed note is changed', 'proof.signature_invalid', () => (edit('signed', '\n600\n', '\n599\n'), [full()])],
    ['another root is published', 'log.forked', async () => (await publishFork(), [full()])],
    ['the ledger and the log are both older than the mark', 'log.behind_signed', () => [full(), { mark: mark(601) }]],
    ['the history before the mark is another', 'log.forked', () => [full(), { mark: mark(550, 3) }]],
    ['the root of the mark is another', 'log.forked', () => [full(), { mark: mark(600, 600) }]],
    ['the key is another', 'log.key_unknown', async () => [full(), { keys: await fixedKeys(2) }]],
    ['the name is another', 'log.origin_changed', async () => [full(), { keys: await fixedKeys(1, 'b/log') }]],
  ])('because %s: %s', async (_, code, tamper) => {
    const honest = new FixedLedger();
    await sealedAt(honest, 5);
    writeFileSync(file('older'), read('signed'));
    await sealedAt(honest, 600);
    const [ledger, more] = await tamper();
    const before = files();
    await expect(opened(ledger, more)).rejects.toMatchObject({ code });
    ledger.last += 1000; // it is not enough that the ledger grows beyond what was signed
    if (code === 'log.behind_signed') ledger.divergesAt = 599;
    await expect(opened(ledger, more)).rejects.toMatchObject({ kind: expect.any(String) as string });
    expect(files()).toEqual(before);
  });

  it('because the whole log directory is gone, whatever the ledger says; a log that has only begun begins', async () => {
    const rewritten = diverging(3);
    for (const known of [mark(600), 'lost'] as const) {
      await expect(opened(rewritten, { mark: known })).rejects.toMatchObject({ code: 'log.signed_lost' });
      await open.pop()!.close();
    }
    expect(existsSync(file('signed'))).toBe(false);
    await (await opened(full(), { mark: mark(0) })).sealOnce();
    expect(published().size).toBe(600);
  });

  it('but not where the mark lags behind, and the tiles of its size are gone', async () => {
    await sealedAt(new FixedLedger(), 5, 600);
    for (const size of [0, 3, 5, 256, 300, 512, 600]) {
      await expect(opened(full(), { mark: mark(size) })).resolves.toBeDefined();
      await open.pop()!.close();
    }
  });

  it('but a published checkpoint that is damaged is published again, without what does not hold in it', async () => {
    const witness = await witnessOf('w.example', 9);
    const other = await witnessOf('v.example', 10);
    const vkeys = [witness, other].map(({ key }) => formatVerifierKey(key));
    const policy = `witness w ${vkeys[0]}\nwitness v ${vkeys[1]}\nquorum w\n`;
    await sealedAt(new FixedLedger(), 600);
    const note = parseNote(read('checkpoint'));
    const cosignature = witness.cosign(note.text, 1_770_000_000);
    const garbage = { ...other.cosign(note.text, 1_770_000_000), signature: new Uint8Array(72) };
    const good = formatNote({ ...note, signatures: [...note.signatures, cosignature] });
    const withGarbage = formatNote({ ...note, signatures: [...note.signatures, garbage, cosignature] });
    const forged = { ...note, signatures: note.signatures.map((each) => ({ ...each, signature: new Uint8Array(64) })) };
    for (const [damaged, after] of [
      [withGarbage, good],
      ['nonsense', undefined],
      [formatNote(forged), undefined],
      [good.replace('\n600\n', '\n900\n'), undefined],
    ] as const) {
      writeFileSync(file('checkpoint'), damaged);
      const client = new WitnessClient({ policy: await parsePolicy(policy), timeoutMs: 10, evidence: '' });
      await (await opened(full(), after ? { witnesses: client } : {})).sealOnce();
      expect(read('checkpoint')).toBe(after ?? formatNote(note));
      await open.pop()!.close();
    }
  });

  it('but a key that somebody has put into the list is taken off it', async () => {
    await sealedAt(new FixedLedger(), 5);
    const [own, injected] = [read('vkey'), (await fixedKeys(99)).verifierKeys[0]];
    writeFileSync(file('vkey'), `${own}${injected}\n`);
    await opened(new FixedLedger(5));
    expect(read('vkey')).toBe(own);
  });

  it('because the ledger shrinks while it runs', async () => {
    const ledger = new FixedLedger(10);
    const sealer = await opened(ledger);
    await sealer.sealOnce();
    ledger.last = 9;
    await expect(sealer.sealOnce()).rejects.toMatchObject({ code: 'log.behind_signed' });
  });

  it('but a tile that was lost at the edge is made again', async () => {
    await sealedAt(new FixedLedger(), 600);
    const before = files();
    for (const name of ['tile/0/002.p', 'tile/1', 'tile/entries/002.p', 'vkey'])
      rmSync(file(name), { recursive: true });
    await opened(full());
    expect(files()).toEqual(before);
  });

  it('and one whose whole folder of tiles was lost still knows that its events are those it signed', async () => {
    await sealedAt(new FixedLedger(), 600);
    rmSync(file('tile'), { recursive: true });
    await expect(opened(diverging(100))).rejects.toMatchObject({ code: 'log.forked' });
    await open.pop()!.close();
    await expect(opened(full())).resolves.toBeDefined();
  });
});

describe('two sealers', () => {
  it('cannot have one log at the same time, while readers can', async () => {
    await opened(new FixedLedger(1));
    await expect(LogDirectory.open(directory.join('log'))).rejects.toThrow(LogLocked);
    const reader = await LogDirectory.open(directory.join('log'), { readOnly: true });
    expect(await reader.read('checkpoint')).toBeUndefined();
    await expect(reader.publish('x')).rejects.toMatchObject({ code: 'log.read_only' });
  });

  it('that both believe to have it: one publishes, the other is fenced and publishes nothing', async () => {
    const files = {
      ...disk,
      lock: (path: string) => (path.endsWith('/lock') ? { release: () => {} } : disk.lock(path)),
    };
    const ledger = new FixedLedger(3);
    const sealer = async (): Promise<Sealer> => {
      const storage = await LogDirectory.open(directory.join('log'), { files });
      return Sealer.open(await sealing(ledger, storage, {}));
    };
    const [one, two] = [await sealer(), await sealer()];
    await one.sealOnce();
    await expect(two.sealOnce()).rejects.toThrow(Fenced);
    ledger.last = 7;
    const three = [await sealer(), await sealer(), await sealer()];
    const outcomes = await Promise.allSettled(three.map((each) => each.sealOnce()));
    const refused = outcomes.filter((each) => each.status === 'rejected').map((each): unknown => each.reason);
    expect(refused).toHaveLength(2);
    for (const reason of refused) expect(reason).toBeInstanceOf(Fenced);
    expect(published().size).toBe(7);
  });
});

describe('witnesses', () => {
  /** Witnesses that do as they are told. */
  async function told(answers: Array<{ cosign: number; met: boolean; conflict?: boolean; contested?: boolean }>) {
    const asked: string[] = [];
    const collect = async (note: string, consistency: (old: number) => Promise<Buffer[]>): Promise<Collected> => {
      asked.push(note);
      const { cosign, met, conflict, contested } = answers.shift() ?? { cosign: 2, met: true };
      const { text } = parseNote(note);
      await consistency(Math.min(1, Number(text.split('\n')[1])));
      const lines: string[] = [];
      for (let n = 0; n < cosign; n++) {
        const witness = await witnessOf(`w${n}.example`, n + 10);
        lines.push(
          formatNote({ text, signatures: [witness.cosign(text, 1_770_000_000)] })
            .split('\n')
            .at(-2)!,
        );
      }
      const trouble = { witness: 'w9.example', code: 'witness.test', zh: '试验', en: 'a test', conflict };
      return { cosignatures: lines, met, contested, troubles: cosign < 2 ? [trouble] : [] };
    };
    return { asked, collect, cosignaturesOn: async () => [] };
  }
  const signatures = (): number => parseNote(read('checkpoint')).signatures.length;

  it('cosign what is published, with a proof from the size they knew', async () => {
    const witnesses = await told([]);
    await (await opened(new FixedLedger(300), { witnesses })).sealOnce();
    expect(signatures()).toBe(3);
    expect(witnesses.asked).toHaveLength(1);
    expect(read('signed')).toBe(witnesses.asked[0]); // it was fenced before any of them saw it
  });

  it('that are too few hold the publication, and the next one; events wait, and then all is covered', async () => {
    const ledger = new FixedLedger(3);
    const witnesses = await told([
      { cosign: 0, met: false },
      { cosign: 1, met: false },
    ]);
    const sealer = await opened(ledger, { witnesses });
    expect(await sealer.sealOnce()).toBeUndefined();
    ledger.last = 9;
    expect(await sealer.sealOnce()).toBeUndefined();
    expect(existsSync(file('checkpoint'))).toBe(false);
    expect(sealer.size).toBe(3);
    expect(await sealer.sealOnce()).toMatchObject({ size: 9 });
    expect(signatures()).toBe(3);
  });

  it('that were away are asked again for a log at rest: the same checkpoint, more signatures', async () => {
    const controller = new AbortController();
    const sealed: string[] = [];
    const sealer = await opened(new FixedLedger(3), { witnesses: await told([{ cosign: 1, met: true }]) });
    const onSealed = ({ note, troubles }: { note: string; troubles: readonly unknown[] }): void => {
      sealed.push(note);
      if (troubles.length === 0) controller.abort();
    };
    await sealer.run(controller.signal, onSealed, () => undefined);
    expect(sealed.map((note) => parseNote(note).signatures.length)).toEqual([2, 3]);
    expect(new Set(sealed.map((note) => parseNote(note).text)).size).toBe(1);
    expect(signatures()).toBe(3);
  });

  it('are shown the newest note after a start, before another is signed: one that knows a later one stops the log', async () => {
    await sealedAt(new FixedLedger(), 5);
    const witnesses = await told([{ cosign: 0, met: false, conflict: true }]);
    const sealer = await opened(new FixedLedger(8), { witnesses });
    const before = files();
    await expect(sealer.sealOnce()).rejects.toMatchObject({ code: 'log.witness_conflict' });
    expect(files()).toEqual(before);
    expect(parseCheckpoint(parseNote(witnesses.asked[0]).text).size).toBe(5);
  });

  it('that contradict, while others are a quorum, hold nothing; after a start they do where they could have been one', async () => {
    const contradicted = { cosign: 1, met: true, conflict: true };
    const ledger = new FixedLedger(5);
    const sealer = await opened(ledger, {
      witnesses: await told([contradicted, { ...contradicted, contested: true }]),
    });
    expect(await sealer.sealOnce()).toMatchObject({ size: 5, troubles: [{ conflict: true }] });
    ledger.last = 8;
    expect(await sealer.sealOnce()).toMatchObject({ size: 8, troubles: [{ conflict: true }] });
    await open.pop()!.close();
    const again = await opened(ledger, { witnesses: await told([{ ...contradicted, contested: true }]) });
    await expect(again.sealOnce()).rejects.toMatchObject({ code: 'log.witness_conflict' });
  });

  it('are sent no proof that the tiles do not give: a damaged one would pass for another history', async () => {
    const ledger = new FixedLedger();
    await sealedAt(ledger, 200, 600);
    const bytes = readFileSync(file('tile/0/001'));
    bytes[0] ^= 1;
    writeFileSync(file('tile/0/001'), bytes);
    const errors: unknown[] = [];
    const collect = async (_: string, consistency: (old: number) => Promise<Buffer[]>): Promise<Collected> => {
      errors.push(await consistency(300).catch((error: unknown) => error));
      expect(await consistency(512)).not.toHaveLength(0); // this one does not need the tile
      return { cosignatures: [], met: false, troubles: [] };
    };
    const witnesses = { collect, cosignaturesOn: async () => [] };
    await (await opened(ledger, { witnesses })).sealOnce();
    expect(errors).toMatchObject([{ code: 'log.corrupt' }]);
  });
});

describe('a running sealer', () => {
  it('seals what comes, and ends when it is told', async () => {
    const ledger = new FixedLedger(2);
    const controller = new AbortController();
    const sizes: number[] = [];
    const sealer = await opened(ledger);
    await sealer.run(
      controller.signal,
      ({ size }) => {
        sizes.push(size);
        ledger.last = Math.min(size + 100, 400);
        if (size === 400) controller.abort();
      },
      () => undefined,
    );
    expect(sizes.at(-1)).toBe(400);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  });

  it('signs with every key that signs, and lists every key that it knows to be the log’s', async () => {
    const old = await fixedKeys(1);
    await sealedAt(new FixedLedger(), 3);
    const both = await old.rotated();
    const sealer = await opened(new FixedLedger(4), { keys: both });
    const { note } = (await sealer.sealOnce())!;
    expect(parseNote(note).signatures).toHaveLength(2);
    expect(read('vkey').trimEnd().split('\n')).toEqual(both.verifierKeys);
    await open.pop()!.close();
    // As the environment gives them once the old one is retired: its verifier key in the place of its secret.
    const secrets = both
      .toText()
      .split('\n')
      .filter((line) => line.startsWith('PRIVATE'));
    const fromEnvironment = await LogKeys.parse([secrets[0], ...old.verifierKeys].join('\n'));
    await opened(new FixedLedger(4), { keys: fromEnvironment });
    expect(read('vkey').trimEnd().split('\n')).toEqual(both.verifierKeys);
  });
});
