import { randomBytes } from 'node:crypto';
import { Fenced, LogCorrupt, type LogStorage } from '../../src/ledger/transparency/log-storage';
import type { PublishedCheckpoints } from '../../src/ledger/transparency/published-checkpoints';
import { formatCheckpoint } from '../../src/verification/checkpoint';

const bytes = (seed: number): Buffer => Buffer.alloc(8192, seed);
const note = (size: number, seed: number): string =>
  `${formatCheckpoint({ origin: 'ledger.example.cn/log', size, root: Buffer.alloc(32, seed) })}\n— ledger.example.cn/log AAAAAAA=\n`;

/** Where a log can be. `readOnly` opens what `open` has opened a second time; both are closed by the suite. */
export interface LogUnderTest {
  open(): Promise<LogStorage>;
  readOnly(): Promise<LogStorage>;
}

/** What every `LogStorage` promises. */
export function logStorageContract(name: string, under: LogUnderTest): void {
  describe(`the log in ${name}`, () => {
    let storage: LogStorage;
    const readers: LogStorage[] = [];
    const reader = async (): Promise<LogStorage> => {
      readers.push(await under.readOnly());
      return readers[readers.length - 1];
    };
    beforeEach(async () => {
      storage = await under.open();
    });
    afterEach(async () => {
      for (const each of [storage, ...readers.splice(0)]) await each.close();
    });

    it('has nothing before anything is written', async () => {
      for (const path of ['checkpoint', 'vkey', 'tile/0/000', 'tile/entries/x001/000.p/7']) {
        expect(await storage.read(path)).toBeUndefined();
      }
      expect([await storage.signed(), await storage.list('tile/0/000.p')]).toEqual([undefined, []]);
    });

    it('gives back the bytes of what was written, to the writer and to whoever reads beside it', async () => {
      const objects = Array.from({ length: 130 }, (_, n) => ({
        path: `tile/entries/${String(n).padStart(3, '0')}`,
        bytes: randomBytes(8704),
      }));
      await storage.write([...objects, { path: 'tile/0/x001/x234/067.p/1', bytes: new Uint8Array([0, 255, 92]) }]);
      const beside = await reader();
      for (const each of [storage, beside, beside]) {
        for (const { path, bytes: written } of objects) expect((await each.read(path))?.equals(written)).toBe(true);
        expect(await each.read('tile/0/x001/x234/067.p/1')).toEqual(Buffer.from([0, 255, 92]));
      }
      await storage.write([]);
      await storage.remove([]);
    });

    it('reads nothing but the log: what is beside it, and names that are none, are not there', async () => {
      await storage.fence(undefined, note(1, 1));
      for (const path of ['signed', '../log.key', 'tile/0/0', 'tile/0/000.p', 'tile/0/000.p/256', '', 'lock']) {
        expect(await storage.read(path)).toBeUndefined();
      }
    });

    it('takes the same bytes again, and refuses others, which change nothing', async () => {
      await storage.write([{ path: 'tile/0/000', bytes: bytes(1) }]);
      await storage.write([
        { path: 'tile/0/000', bytes: bytes(1) },
        { path: 'tile/0/001', bytes: bytes(2) },
      ]);
      const other = storage.write([
        { path: 'tile/0/000', bytes: bytes(1) },
        { path: 'tile/0/001', bytes: bytes(3) },
      ]);
      await expect(other).rejects.toThrow(LogCorrupt);
      await expect(other).rejects.toMatchObject({ path: 'tile/0/001' });
      expect(await storage.read('tile/0/001')).toEqual(bytes(2));
    });

    it('removes objects, and folders of partial tiles with all that is in them, and nothing else', async () => {
      const paths = ['tile/0/000.p/3', 'tile/0/000.p/200', 'tile/0/000', 'tile/0/001.p/3', 'tile/1/000.p/1'];
      await storage.write(paths.map((path) => ({ path, bytes: bytes(1) })));
      expect((await storage.list('tile/0/000.p')).sort()).toEqual(['200', '3']);
      await storage.remove(['tile/0/000.p', 'tile/0/002.p', 'tile/1/000.p/1']);
      const left = await Promise.all(paths.map(async (path) => (await storage.read(path)) !== undefined));
      expect(left).toEqual([false, false, true, true, false]);
      expect([await storage.list('tile/0/000.p'), await storage.list('tile/0/001.p')]).toEqual([[], ['3']]);
      await storage.write([{ path: 'tile/0/000.p/3', bytes: bytes(2) }]); // gone is gone: others may come
    });

    it('replaces the newest signed note only where it still is the one before', async () => {
      await expect(storage.fence(note(1, 1), note(2, 2))).rejects.toThrow(Fenced);
      expect(await storage.signed()).toBeUndefined();
      await storage.fence(undefined, note(1, 1));
      await expect(storage.fence(undefined, note(2, 2))).rejects.toThrow(Fenced);
      await expect(storage.fence(note(1, 9), note(2, 2))).rejects.toThrow(Fenced);
      await storage.fence(note(1, 1), note(2, 2));
      expect([await storage.signed(), await (await reader()).signed()]).toEqual([note(2, 2), note(2, 2)]);
    });

    it('lets one of those through who replace the same note at the same time', async () => {
      await storage.fence(undefined, note(1, 1));
      const asked = await Promise.allSettled([2, 3, 4, 5].map((n) => storage.fence(note(1, 1), note(n, n))));
      const won = asked.flatMap(({ status }, i) => (status === 'fulfilled' ? [i + 2] : []));
      expect(won).toHaveLength(1);
      expect(await storage.signed()).toBe(note(won[0], won[0]));
    });

    it('shows readers a note, or the keys: the last that was published, at once', async () => {
      const beside = await reader();
      for (const n of [1, 2]) {
        await storage.publish(note(n, n));
        expect((await beside.read('checkpoint'))?.toString()).toBe(note(n, n));
      }
      await storage.publish('a+00000000+AAAA\n', 'vkey');
      expect((await beside.read('vkey'))?.toString()).toBe('a+00000000+AAAA\n');
      expect((await beside.read('checkpoint'))?.toString()).toBe(note(2, 2));
    });

    it('opened for reading writes nothing', async () => {
      const beside = await reader();
      const refused = { code: 'log.read_only' };
      await expect(beside.write([{ path: 'tile/0/000', bytes: bytes(1) }])).rejects.toMatchObject(refused);
      await expect(beside.remove(['tile/0/000'])).rejects.toMatchObject(refused);
      await expect(beside.fence(undefined, note(1, 1))).rejects.toMatchObject(refused);
      await expect(beside.publish(note(1, 1))).rejects.toMatchObject(refused);
      expect([await storage.signed(), await storage.read('checkpoint')]).toEqual([undefined, undefined]);
    });
  });
}

/** Where the published checkpoints can be; `read` opens for reading, before anything was kept too. */
export interface PublishedUnderTest {
  open(): Promise<PublishedCheckpoints>;
  read(): Promise<PublishedCheckpoints>;
}

/** What every `PublishedCheckpoints` promises. */
export function publishedCheckpointsContract(name: string, under: PublishedUnderTest): void {
  it(`published notes in ${name} are kept in their order, each once in a row`, async () => {
    const reading = await under.read();
    expect(await reading.covering(0, 0, 10)).toEqual([]);
    const kept = await under.open();
    const notes = [note(4, 1), note(4, 2), note(7, 3)];
    for (const each of [notes[0], notes[0], notes[1], notes[2]]) await kept.keep(each);
    expect((await reading.covering(5, 0, 10)).map(({ size }) => size)).toEqual([7]);
    const all = await reading.covering(4, 0, 10);
    expect(all.map((each) => each.note)).toEqual(notes);
    expect(all.map(({ id }) => id)).toEqual([...all.map(({ id }) => id)].sort((a, b) => a - b));
    expect((await reading.covering(4, all[0].id, 1)).map((each) => each.note)).toEqual([notes[1]]);
    await kept.close();
    await reading.close();
  });
}
