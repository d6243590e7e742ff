import {
  COMMITMENT_KEY_BYTES,
  SUBJECT_KEY_BYTES,
  type KeyVault,
  type VaultEntry,
} from '../../src/ledger/commitment/key-vault';

export interface OpenedVault {
  readonly vault: KeyVault;
  /** Closes the vault and opens it again over the same data. */
  reopen(): Promise<KeyVault>;
  /** The same data opened for reading only, beside the vault; closed with it. */
  forReading(): Promise<KeyVault>;
  close(): Promise<void>;
}

const AT = '2026-03-02T01:02:03.004Z';

/** Everything the port promises. Every vault passes it, each test on an empty one that `open` makes. */
export function keyVaultContract(name: string, open: () => Promise<OpenedVault>): void {
  describe(`${name} as a key vault`, () => {
    let opened: OpenedVault;
    let vault: KeyVault;
    beforeEach(async () => {
      opened = await open();
      vault = opened.vault;
    });
    afterEach(() => opened.close());

    it('makes a key for each subject, once: the same after it is opened again', async () => {
      const first = await vault.keysForWriting(['party:p-1', 'party:p-2']);
      expect([...first.keys()]).toEqual(['party:p-1', 'party:p-2']);
      for (const key of first.values()) expect(key).toHaveLength(SUBJECT_KEY_BYTES);
      expect(first.get('party:p-1')).not.toEqual(first.get('party:p-2'));
      expect(await vault.keysForWriting(['party:p-2', 'party:p-1'])).toEqual(first);
      vault = await opened.reopen();
      expect(await vault.keysForReading(['party:p-1', 'party:p-2'])).toEqual(first);
      expect(await vault.keysForWriting(['party:p-2', 'party:p-1'])).toEqual(first);
    });

    it('asked for the same subject by many at once, makes one key', async () => {
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, n) => vault.keysForWriting([`party:p-${n % 7}`, 'party:all'])),
      );
      const distinct = new Set(answers.map((keys) => keys.get('party:all')!.toString('hex')));
      expect(distinct.size).toBe(1);
      for (const [n, keys] of answers.entries())
        expect(keys.get(`party:p-${n % 7}`)).toEqual(answers[n % 7].get(`party:p-${n % 7}`));
    });

    it('takes any opaque id, and thousands of subjects at once', async () => {
      const subjects = ['党:"\\\'', 'a:b:c', ...Array.from({ length: 5000 }, (_, n) => `party:p-${n}`)];
      const made = await vault.keysForWriting(subjects);
      vault = await opened.reopen();
      expect(await vault.keysForReading(subjects)).toEqual(made);
    });

    it('a destroyed key is never given again, nor is another made in its place', async () => {
      const keys = await vault.keysForWriting(['party:p-1', 'party:p-2']);
      expect(await vault.destroy('party:p-1', AT)).toBe(true);
      for (let again = 0; again < 2; again++) {
        expect(await vault.keysForReading(['party:p-1', 'party:p-2'])).toEqual(
          new Map([['party:p-2', keys.get('party:p-2')]]),
        );
        await expect(vault.keysForWriting(['party:p-2', 'party:p-1'])).rejects.toMatchObject({
          kind: 'refused',
          code: 'privacy.subject_erased',
        });
        expect(await vault.destroy('party:p-1', AT)).toBe(false);
        vault = await opened.reopen();
      }
      expect(await vault.keysForWriting(['party:p-2'])).toEqual(new Map([['party:p-2', keys.get('party:p-2')]]));
    });

    it('a subject can be destroyed before anything of it was recorded', async () => {
      expect(await vault.destroy('party:p-9', AT)).toBe(true);
      await expect(vault.keysForWriting(['party:p-9'])).rejects.toMatchObject({ code: 'privacy.subject_erased' });
      expect(await vault.keysForReading(['party:p-9'])).toEqual(new Map());
    });

    it('an erased subject stands in nobody else’s way', async () => {
      await vault.destroy('party:p-1', AT);
      const [refused, made] = await Promise.allSettled([
        vault.keysForWriting(['party:p-1', 'party:p-3']),
        vault.keysForWriting(['party:p-2']),
      ]);
      expect([refused.status, made.status]).toEqual(['rejected', 'fulfilled']);
    });

    it('names the subject whose key it should have and has not: that is not an erasure', async () => {
      await vault.keysForWriting(['party:p-1']);
      await expect(vault.keysForReading(['party:p-1', 'party:p-404'])).rejects.toMatchObject({
        kind: 'unavailable',
        code: 'privacy.key_missing',
        message: expect.stringContaining('party:p-404') as string,
      });
    });

    it('has one commitment key, for good', async () => {
      const [key, same] = await Promise.all([vault.commitmentKey(), vault.commitmentKey()]);
      expect(key).toHaveLength(COMMITMENT_KEY_BYTES);
      expect(same).toEqual(key);
      vault = await opened.reopen();
      expect(await vault.commitmentKey()).toEqual(key);
    });

    it('holds the mark of each log, which is only raised', async () => {
      const mark = (size: number, origin = 'a/log') => ({ origin, size, root: Buffer.alloc(32, size) });
      expect(await vault.sealedMark('a/log')).toBeUndefined();
      for (const size of [0, 7, 300, 299, 300, 0]) await vault.raiseSealedMark(mark(size));
      await vault.raiseSealedMark({ ...mark(300), root: Buffer.alloc(32) });
      await vault.raiseSealedMark({ ...mark(2 ** 40, 'b/log'), root: new Uint8Array(32).fill(7) });
      vault = await opened.reopen();
      expect(await vault.sealedMark('a/log')).toEqual(mark(300));
      expect(await vault.sealedMark('b/log')).toMatchObject({ size: 2 ** 40 });
    });

    it('tells of each destruction, until nobody wants to know', async () => {
      let told = 0;
      const stop = vault.onDestroyed(() => told++);
      await vault.destroy('party:p-1', AT);
      expect(told).toBeGreaterThan(0);
      stop();
      const before = told;
      await vault.destroy('party:p-2', AT);
      expect(told).toBe(before);
    });

    it('what moves to another vault: every key, every destruction, every mark, and none that has been destroyed', async () => {
      const subjects = Array.from({ length: 1200 }, (_, n) => `party:明-${n}`);
      const keys = await vault.keysForWriting(subjects);
      const commitmentKey = await vault.commitmentKey();
      const destroyed = [...subjects.filter((_, n) => n % 100 === 5), 'party:never-was'];
      for (const subject of destroyed) await vault.destroy(subject, AT);
      await vault.raiseSealedMark({ origin: 'a/log', size: 7, root: Buffer.alloc(32, 1) });
      const entries: VaultEntry[] = [];
      for await (const entry of vault.contents()) entries.push(entry);
      const of = <K extends VaultEntry['kind']>(kind: K) =>
        entries.filter((entry): entry is Extract<VaultEntry, { kind: K }> => entry.kind === kind);
      expect(of('commitment-key').map(({ key }) => key)).toEqual([commitmentKey]);
      expect(new Map(of('subject-key').map(({ subject, key }) => [subject, key]))).toEqual(
        new Map([...keys].filter(([subject]) => !destroyed.includes(subject))),
      );
      expect(new Map(of('destroyed').map(({ subject, at }) => [subject, at]))).toEqual(
        new Map(destroyed.map((subject) => [subject, AT])),
      );
      expect(of('sealed-mark')).toEqual([{ kind: 'sealed-mark', origin: 'a/log', size: 7, root: Buffer.alloc(32, 1) }]);
    });

    it('takes what another vault held, all or nothing, and only while it holds nothing itself', async () => {
      const entries: VaultEntry[] = [
        { kind: 'commitment-key', key: new Uint8Array(COMMITMENT_KEY_BYTES).fill(1), at: AT },
        { kind: 'subject-key', subject: 'party:p-1', key: new Uint8Array(SUBJECT_KEY_BYTES).fill(2), at: AT },
        { kind: 'destroyed', subject: 'party:p-2', at: AT },
        { kind: 'sealed-mark', origin: 'a/log', size: 9, root: new Uint8Array(32).fill(3) },
      ];
      const breaking = async function* (): AsyncGenerator<VaultEntry> {
        yield* entries;
        throw new Error('the source broke');
      };
      await expect(vault.restore(breaking())).rejects.toThrow('the source broke');
      expect(await vault.restore(entries)).toEqual({ keys: 1, destroyed: 1 });
      await expect(vault.restore([])).rejects.toMatchObject({ code: 'privacy.vault_not_empty' });
      vault = await opened.reopen();
      expect(await vault.commitmentKey()).toEqual(Buffer.alloc(COMMITMENT_KEY_BYTES, 1));
      expect(await vault.keysForReading(['party:p-1', 'party:p-2'])).toEqual(
        new Map([['party:p-1', Buffer.alloc(SUBJECT_KEY_BYTES, 2)]]),
      );
      await expect(vault.keysForWriting(['party:p-2'])).rejects.toMatchObject({ code: 'privacy.subject_erased' });
      const again: VaultEntry[] = [];
      for await (const entry of vault.contents()) again.push(entry);
      const plain = (entry: VaultEntry) => JSON.parse(JSON.stringify(entry, bytesAsHex)) as unknown;
      expect(again.map(plain)).toEqual(expect.arrayContaining(entries.map(plain)));
      expect(again).toHaveLength(entries.length);
    });

    it('opened for reading, gives what there is and changes nothing', async () => {
      const keys = await vault.keysForWriting(['party:p-1']);
      const commitmentKey = await vault.commitmentKey();
      const reader = await opened.forReading();
      expect(await reader.keysForReading(['party:p-1'])).toEqual(keys);
      expect(await reader.commitmentKey()).toEqual(commitmentKey);
      const mark = { origin: 'a/log', size: 1, root: Buffer.alloc(32) };
      for (const change of [
        () => reader.keysForWriting(['party:p-2']),
        () => reader.destroy('party:p-1', AT),
        () => reader.raiseSealedMark(mark),
      ]) {
        await expect(change()).rejects.toMatchObject({ code: 'privacy.vault_write_failed' });
      }
      await vault.destroy('party:p-1', AT).catch(() => undefined); // SQLite says that another reads
      expect(await vault.keysForReading(['party:p-1'])).toEqual(new Map());
    });

    it('once closed, refuses', async () => {
      const asked = vault.keysForWriting(['party:p-1']);
      await vault.close();
      expect([...(await asked).keys()]).toEqual(['party:p-1']); // what was asked before is made
      await expect(vault.keysForWriting(['party:p-1'])).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(vault.keysForReading(['party:p-1'])).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(vault.destroy('party:p-1', AT)).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(vault.commitmentKey()).rejects.toMatchObject({ kind: 'unavailable' });
      await vault.close();
    });
  });
}

/** Buffers and plain byte arrays alike. */
function bytesAsHex(this: Record<string, unknown>, name: string, value: unknown): unknown {
  const original = this[name];
  return original instanceof Uint8Array ? Buffer.from(original).toString('hex') : value;
}
