import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { SealedMark } from '../../src/ledger/commitment/key-vault';
import { LogDirectory } from '../../src/ledger/transparency/log-directory';
import { LogProver } from '../../src/ledger/transparency/prover';
import { rebuildLog } from '../../src/ledger/transparency/rebuild-log';
import { Sealer } from '../../src/ledger/transparency/sealer';
import { formatCheckpoint } from '../../src/verification/checkpoint';
import { formatNote, parseNote } from '../../src/verification/note';
import { witnessOf } from '../verification/signing';
import { COMMITMENT_KEY, FixedLedger, fixedKeys, ORIGIN, sealing } from './fixed-ledger';
import { temporaryDirectory } from './temporary-directory';

describe('a log made anew from a checkpoint', () => {
  const directory = temporaryDirectory();
  const opened: LogDirectory[] = [];
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
  });
  const storage = async (): Promise<LogDirectory> => {
    await opened.pop()?.close();
    opened.push(await LogDirectory.open(directory.join('log')));
    return opened[0];
  };
  const sealed = async (ledger: FixedLedger): Promise<string> =>
    (await (await Sealer.open(await sealing(ledger, await storage()))).sealOnce())!.note;
  const rebuilt = async (note: string, ledger: FixedLedger, mark?: SealedMark) =>
    rebuildLog(
      { store: ledger, storage: await storage(), keys: await fixedKeys(), commitmentKey: COMMITMENT_KEY, mark },
      note,
    );
  const tile = (name: string): Buffer => readFileSync(directory.join(`log/tile/${name}`));

  it('is the same log, goes on, and asks for cosignatures again', async () => {
    const note = await sealed(new FixedLedger(700));
    const tiles = ['0/000', '0/002.p/188', 'entries/001', '1/000.p/2'].map(tile);
    const witness = await witnessOf('w.example', 9);
    const { text, signatures } = parseNote(note);
    const cosigned = formatNote({ text, signatures: [...signatures, witness.cosign(text, 1_770_000_000)] });
    rmSync(directory.join('log'), { recursive: true });
    const done: Array<[number, number]> = [];
    const options = { store: new FixedLedger(900), storage: await storage(), keys: await fixedKeys() };
    await rebuildLog(
      { ...options, commitmentKey: COMMITMENT_KEY, onProgress: (at, total) => done.push([at, total]) },
      cosigned,
    );
    expect(done).toEqual([...done].sort(([a], [b]) => a - b));
    expect(done.at(-1)).toEqual([1400, 1400]);
    expect(readFileSync(directory.join('log/signed'), 'utf8')).toBe(note);
    expect(['0/000', '0/002.p/188', 'entries/001', '1/000.p/2'].map(tile)).toEqual(tiles);
    expect(await sealed(new FixedLedger(900))).toContain('\n900\n');
    expect(await new LogProver(opened[0]).consistencyProof(700, 900)).not.toHaveLength(0);
  });

  it('replaces tiles that are not what was signed, and files that are damaged', async () => {
    const note = await sealed(new FixedLedger(700));
    const sound = tile('0/001');
    writeFileSync(directory.join('log/tile/0/001'), Buffer.alloc(sound.length));
    writeFileSync(directory.join('log/signed'), 'nonsense');
    writeFileSync(directory.join('log/checkpoint'), 'nonsense');
    await rebuilt(note, new FixedLedger(700));
    expect(tile('0/001')).toEqual(sound);
    expect(await sealed(new FixedLedger(700))).toBe(note);
    expect(readFileSync(directory.join('log/checkpoint'), 'utf8')).toBe(note);
  });

  it('is refused, and nothing is written, where it would fork, go back, or have another name or key', async () => {
    const [five, ten] = [await sealed(new FixedLedger(5)), await sealed(new FixedLedger(10))];
    const keys = await fixedKeys();
    const root = Buffer.alloc(32, 3);
    const otherTen = keys.signedNote(formatCheckpoint({ origin: ORIGIN, size: 10, root }));
    const otherName = (await fixedKeys(1, 'b/log')).signedNote(formatCheckpoint({ origin: 'b/log', size: 10, root }));
    const stranger = (await fixedKeys(2)).signedNote(parseNote(ten).text);
    const ledger = new FixedLedger(20);
    await expect(rebuilt(five, ledger)).rejects.toMatchObject({ code: 'log.behind_signed' });
    await expect(rebuilt(otherTen, ledger)).rejects.toMatchObject({ code: 'log.forked' });
    await expect(rebuilt(otherName, ledger)).rejects.toMatchObject({ code: 'log.origin_changed' });
    await expect(rebuilt(stranger, ledger)).rejects.toMatchObject({ code: 'log.key_unknown' });
    await opened.pop()!.close();
    rmSync(directory.join('log'), { recursive: true });
    await expect(rebuilt(ten, new FixedLedger(9))).rejects.toMatchObject({ code: 'log.behind_signed' });
    await expect(rebuilt(ten, Object.assign(new FixedLedger(20), { divergesAt: 7 }))).rejects.toMatchObject({
      code: 'log.forked',
    });
    const mark = (size: number): SealedMark => ({ origin: ORIGIN, size, root });
    await expect(rebuilt(ten, ledger, mark(11))).rejects.toMatchObject({ code: 'log.behind_signed' });
    await expect(rebuilt(ten, ledger, mark(10))).rejects.toMatchObject({ code: 'log.forked' });
    await expect(rebuilt(ten, ledger, mark(8))).rejects.toMatchObject({ code: 'log.forked' });
    expect(readdirSync(directory.join('log'))).not.toEqual(expect.arrayContaining(['signed']));
    expect(readdirSync(directory.join('log'))).not.toEqual(expect.arrayContaining(['tile']));
    await rebuilt(ten, ledger);
  });
});
