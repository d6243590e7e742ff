import { COMMITMENT_KEY_BYTES, SUBJECT_KEY_BYTES, type KeyVault } from '../../src/ledger/commitment/key-vault';

export interface OpenedVault {
  readonly vault: KeyVault;
  /** Closes the vault and opens it again over the same data. */
  reopen(): Promise<KeyVault>;
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
