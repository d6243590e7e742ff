import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { SqliteKeyVault } from '../../src/ledger/commitment/sqlite-key-vault';
import { backupVault, restoreVault } from '../../src/ledger/commitment/vault-backup';
import { vaultFile } from '../../src/ledger/commitment/vault-schema';

const AT = '2026-03-02T01:02:03.004Z';

describe('vault.db', () => {
  let directory: string;
  const open = (): SqliteKeyVault => SqliteKeyVault.open({ directory });
  const path = (name: string): string => join(directory, name);
  /** The bytes of every file that the vault has. */
  const bytes = (): Buffer =>
    Buffer.concat(
      ['', '-wal', '-shm']
        .map((end) => vaultFile(directory) + end)
        .filter((f) => existsSync(f))
        .map((f) => readFileSync(f)),
    );

  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'mingjing-vault-'))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('is for its owner alone, its side files too', async () => {
    const vault = open();
    await vault.keysForWriting(['party:p-1']);
    for (const end of ['', '-wal', '-shm']) expect(statSync(vaultFile(directory) + end).mode & 0o777).toBe(0o600);
    await vault.close();
  });

  it('holds no byte of a destroyed key, nor does its write-ahead log; all the other keys are there', async () => {
    const vault = open();
    const subjects = Array.from({ length: 1500 }, (_, n) => `party:p-${(n * 7919) % 1500}`); // in no order
    const keys = new Map<string, Buffer>();
    for (let at = 0; at < subjects.length; at += 100) {
      for (const [subject, key] of await vault.keysForWriting(subjects.slice(at, at + 100))) keys.set(subject, key);
    }
    const destroyed = subjects.filter((_, n) => n % 25 === 3);
    for (const subject of destroyed) await vault.destroy(subject, AT);
    const left = bytes();
    for (const subject of destroyed) {
      // halves, and their halves: neither of the two keys, nor a part that would help to guess it
      for (const from of [0, 16, 32, 48])
        expect(left.includes(keys.get(subject)!.subarray(from, from + 16))).toBe(false);
    }
    await vault.close();
    const again = open();
    const kept = subjects.filter((subject) => !destroyed.includes(subject));
    expect((await again.keysForReading(subjects)).size).toBe(kept.length);
    for (const [subject, key] of await again.keysForReading(kept)) expect(key).toEqual(keys.get(subject));
    await again.close();
  });

  it('while another process reads, says that a trace may be left, and clears it when asked again', async () => {
    const vault = open();
    const key = (await vault.keysForWriting(['party:p-1'])).get('party:p-1')!;
    const reader = new Database(vaultFile(directory), { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM subject_key').get();
    await expect(vault.destroy('party:p-1', AT)).rejects.toMatchObject({ code: 'privacy.trace_left' });
    expect(await vault.keysForReading(['party:p-1'])).toEqual(new Map());
    reader.close();
    expect(await vault.destroy('party:p-1', AT)).toBe(false);
    expect(bytes().includes(key)).toBe(false);
    await vault.close();
  });

  it('after a crash between the destruction and the clearing, is clear when it is opened', async () => {
    const vault = open();
    const key = (await vault.keysForWriting(['party:p-1'])).get('party:p-1')!;
    await vault.close();
    const crashed = new Database(vaultFile(directory));
    crashed.pragma('secure_delete = ON');
    crashed.prepare('UPDATE subject_key SET key = zeroblob(64)').run();
    crashed.prepare('INSERT INTO destroyed VALUES (?, ?)').run('party:p-1', AT);
    const [file, log] = ['', '-wal'].map((end) => readFileSync(vaultFile(directory) + end));
    crashed.close();
    writeFileSync(vaultFile(directory), file);
    writeFileSync(`${vaultFile(directory)}-wal`, log);
    expect(bytes().includes(key)).toBe(true);
    const again = open();
    expect(bytes().includes(key)).toBe(false);
    expect(await again.keysForReading(['party:p-1'])).toEqual(new Map());
    await again.close();
  });

  it('what another process destroys is gone from this one’s memory', async () => {
    const vault = open();
    const other = SqliteKeyVault.open({ directory, readOnly: true });
    await vault.keysForWriting(['party:p-1', 'party:p-2']);
    expect((await other.keysForReading(['party:p-1', 'party:p-2'])).size).toBe(2);
    await vault.destroy('party:p-1', AT);
    expect([...(await other.keysForReading(['party:p-1', 'party:p-2'])).keys()]).toEqual(['party:p-2']);
    await expect(other.keysForWriting(['party:p-3'])).rejects.toMatchObject({ code: 'privacy.vault_write_failed' });
    await other.close();
    await vault.close();
  });

  it('does not let a destruction be taken back, nor the commitment key be changed', async () => {
    const vault = open();
    await vault.commitmentKey();
    await vault.destroy('party:p-1', AT);
    await vault.close();
    const db = new Database(vaultFile(directory));
    for (const statement of [
      'DELETE FROM destroyed',
      "UPDATE destroyed SET subject = 'party:p-2'",
      'DELETE FROM ledger_key',
      'UPDATE ledger_key SET key = zeroblob(32)',
    ]) {
      expect(() => db.exec(statement)).toThrow();
    }
    db.close();
  });

  it('holds the mark of each log, which is only raised, and goes with the backup', async () => {
    const mark = (size: number, origin = 'a/log') => ({ origin, size, root: Buffer.alloc(32, size) });
    const vault = open();
    expect(await vault.sealedMark('a/log')).toBeUndefined();
    for (const size of [0, 7, 300, 299, 300, 0]) await vault.raiseSealedMark(mark(size));
    await vault.raiseSealedMark({ ...mark(300), root: Buffer.alloc(32) });
    await vault.raiseSealedMark(mark(2, 'b/log'));
    expect(await vault.sealedMark('a/log')).toEqual(mark(300));
    await vault.close();
    backupVault(directory, path('marked.db'));
    restoreVault(path('marked.db'), path('restored'));
    const restored = SqliteKeyVault.open({ directory: path('restored') });
    expect([await restored.sealedMark('a/log'), await restored.sealedMark('b/log')]).toEqual([
      mark(300),
      mark(2, 'b/log'),
    ]);
    await restored.close();
    const db = new Database(vaultFile(directory));
    for (const lower of ['UPDATE sealed_mark SET size = 299', 'DELETE FROM sealed_mark']) {
      expect(() => db.exec(lower)).toThrow('only raised');
    }
    db.close();
  });

  it('of an earlier version is brought up to date, and its backup can be restored', async () => {
    const vault = open();
    const keys = await vault.keysForWriting(['party:p-1']);
    await vault.close();
    const db = new Database(vaultFile(directory));
    db.exec('DROP TABLE sealed_mark; PRAGMA user_version = 1');
    db.close();
    backupVault(directory, path('earlier.db'));
    restoreVault(path('earlier.db'), path('restored'));
    const restored = SqliteKeyVault.open({ directory: path('restored') });
    expect(await restored.sealedMark('a/log')).toBeUndefined();
    expect(await restored.keysForReading(['party:p-1'])).toEqual(keys);
    await restored.close();
  });

  it('refuses a file that is something else, or of a newer version', async () => {
    writeFileSync(vaultFile(directory), 'not a vault at all '.repeat(300));
    expect(open).toThrow();
    rmSync(vaultFile(directory));
    const db = new Database(vaultFile(directory));
    db.exec('CREATE TABLE other (a)');
    db.close();
    expect(open).toThrow('is not a key vault');
  });

  describe('its backup', () => {
    it('has the keys and the destructions of that moment, taken while it is written, for the owner alone', async () => {
      const vault = open();
      const keys = await vault.keysForWriting(['party:p-1', 'party:p-2']);
      const commitmentKey = await vault.commitmentKey();
      await vault.destroy('party:p-2', AT);
      expect(backupVault(directory, path('copy.db'))).toEqual({ keys: 1, destroyed: 1 });
      expect(statSync(path('copy.db')).mode & 0o777).toBe(0o600);
      expect(readFileSync(path('copy.db')).includes(keys.get('party:p-2')!)).toBe(false);
      await vault.keysForWriting(['party:p-3']);
      await vault.close();

      expect(restoreVault(path('copy.db'), path('restored'))).toEqual({ keys: 1, destroyed: 1 });
      expect(statSync(vaultFile(path('restored'))).mode & 0o777).toBe(0o600);
      const restored = SqliteKeyVault.open({ directory: path('restored') });
      expect(await restored.keysForReading(['party:p-1', 'party:p-2'])).toEqual(
        new Map([['party:p-1', keys.get('party:p-1')]]),
      );
      expect(await restored.commitmentKey()).toEqual(commitmentKey);
      await restored.close();
    });

    it('overwrites nothing, and is taken of nothing but a vault', async () => {
      await open().close();
      backupVault(directory, path('copy.db'));
      expect(() => backupVault(directory, path('copy.db'))).toThrow('privacy.vault_exists');
      expect(() => restoreVault(path('copy.db'), directory)).toThrow('privacy.vault_exists');
      expect(() => backupVault(path('nowhere'), path('other.db'))).toThrow('privacy.no_vault');
      writeFileSync(path('junk.db'), 'not a vault at all '.repeat(300));
      expect(() => restoreVault(path('junk.db'), path('restored'))).toThrow();
      expect(existsSync(vaultFile(path('restored')))).toBe(false);
    });
  });
});
