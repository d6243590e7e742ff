import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyVault } from '../../src/ledger/commitment/key-vault';
import { PostgresKeyVault } from '../../src/ledger/commitment/postgres-key-vault';
import { SqliteKeyVault } from '../../src/ledger/commitment/sqlite-key-vault';
import { WrappingKeys } from '../../src/ledger/commitment/wrapping-keys';
import { Postgres, type PostgresSettings } from '../../src/ledger/postgres/postgres';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { until } from '../until';

const AT = '2026-03-02T01:02:03.004Z';

let directory: string;
let settings: PostgresSettings;
let postgres: Postgres;
let opened: Array<{ close(): Promise<void> }>;
const path = (name: string): string => join(directory, name);

/** A node: connections of its own, and a vault on them. */
async function node(
  keyFile = 'vault.key',
  more: { secret?: string; readOnly?: boolean } = {},
): Promise<PostgresKeyVault> {
  const own = await Postgres.open(settings);
  opened.push(own);
  const { secret, readOnly } = more;
  const wrappingKeys = WrappingKeys.open({ file: path(keyFile), secret });
  const vault = await PostgresKeyVault.open({ postgres: own, wrappingKeys, readOnly });
  opened.unshift(vault);
  return vault;
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mingjing-pg-vault-'));
  settings = freshSchema();
  postgres = await Postgres.open(settings);
  opened = [postgres];
});
afterEach(async () => {
  for (const each of opened) await each.close();
  await dropSchema(settings);
  rmSync(directory, { recursive: true });
});

const linesOf = (file: string): string[] =>
  readFileSync(path(file), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));

/** Until the vault answers `subject` from memory: it has heard that nothing was destroyed. */
async function remembers(vault: PostgresKeyVault, subject: string): Promise<void> {
  const query = jest.spyOn(Postgres.prototype, 'query');
  try {
    for (let asked = Infinity; asked > 0;) {
      query.mockClear();
      await vault.keysForReading([subject]);
      asked = query.mock.calls.length;
    }
  } finally {
    query.mockRestore();
  }
}

const told = (vault: KeyVault): Promise<void> =>
  new Promise((resolve) => {
    const stop = vault.onDestroyed(() => {
      stop();
      resolve();
    });
  });

describe('several nodes on one vault', () => {
  it('asked for the same new subjects at the same time, give the same keys', async () => {
    const nodes = [await node(), await node(), await node()];
    const subjects = Array.from({ length: 300 }, (_, n) => `party:p-${n}`);
    const answers = await Promise.all(
      nodes.flatMap((vault, i) => [
        vault.keysForWriting(i % 2 ? subjects : [...subjects].reverse()),
        ...subjects.slice(0, 50).map((subject) => vault.keysForWriting([subject])),
      ]),
    );
    const keys = await nodes[0].keysForReading(subjects);
    for (const answer of answers) for (const [subject, key] of answer) expect(key).toEqual(keys.get(subject));
    const commitmentKeys = await Promise.all(nodes.map((vault) => vault.commitmentKey()));
    expect(new Set(commitmentKeys.map((key) => key.toString('hex'))).size).toBe(1);
  });

  it('a subject that one destroys while the others make its key is destroyed for all', async () => {
    const [a, b] = [await node(), await node()];
    for (let n = 0; n < 20; n++) {
      await Promise.allSettled([a.keysForWriting([`party:p-${n}`]), b.destroy(`party:p-${n}`, AT)]);
    }
    for (const vault of [await node(), b]) {
      const keys = await vault.keysForReading(Array.from({ length: 20 }, (_, n) => `party:p-${n}`));
      expect(keys).toEqual(new Map());
    }
  });

  it('what one destroys is gone from the memory of the others, who are told', async () => {
    const [a, b] = [await node(), await node()];
    await a.keysForWriting(['party:p-1']);
    await remembers(b, 'party:p-1');
    const heard = told(b);
    await a.destroy('party:p-1', AT);
    await heard;
    expect(await b.keysForReading(['party:p-1'])).toEqual(new Map());
    await expect(b.keysForWriting(['party:p-1'])).rejects.toMatchObject({ code: 'privacy.subject_erased' });
  });

  it('one that cannot hear of destructions answers nothing from memory, and is told when it can again', async () => {
    const [a, b] = [await node(), await node()];
    await a.keysForWriting(['party:p-1', 'party:p-2']);
    await remembers(b, 'party:p-1');
    const cut = (): Promise<unknown> =>
      postgres.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
        `${settings.schema} vault`,
      ]);
    const heard = told(b);
    await cut();
    await a.destroy('party:p-1', AT);
    await heard; // by the notification, or by listening anew: what was missed cannot be known
    expect(await b.keysForReading(['party:p-1', 'party:p-2'])).toEqual(await a.keysForReading(['party:p-2']));
    await remembers(b, 'party:p-2');
  });

  it('one whose connection hangs without a word soon answers nothing from memory', async () => {
    const [a, b] = [await node(), await node()];
    await a.keysForWriting(['party:p-1']);
    await remembers(b, 'party:p-1');
    const listening = await postgres.query<{ pid: number }>(
      'SELECT pid FROM pg_stat_activity WHERE application_name = $1',
      [`${settings.schema} vault`],
    );
    expect(listening).toHaveLength(2);
    for (const { pid } of listening) process.kill(pid, 'SIGSTOP');
    try {
      await a.destroy('party:p-1', AT);
      await until(async () => (await b.keysForReading(['party:p-1'])).size === 0); // it has not heard of it, and knows that only after 3 s
    } finally {
      for (const { pid } of listening) process.kill(pid, 'SIGCONT');
    }
    await remembers(b, 'party:p-1');
  });

  it('an id that PostgreSQL cannot hold fails alone', async () => {
    const vault = await node();
    const [refused, made] = await Promise.allSettled([
      vault.keysForWriting(['party:\0']),
      vault.keysForWriting(['party:p-1']),
    ]);
    expect(refused).toMatchObject({ reason: { code: 'privacy.bad_subject' } });
    expect(made.status).toBe('fulfilled');
  });
});

describe('the wrapping key', () => {
  it('is made on the first start of the first node, for its owner alone, and never afterwards', async () => {
    const attempts = await Promise.allSettled([node('a.key'), node('b.key')]);
    expect(attempts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(attempts.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'privacy.vault_key_missing', kind: 'unavailable' },
    });
    const made = ['a.key', 'b.key'].filter((file) => existsSync(path(file)));
    expect(made).toHaveLength(1);
    expect(statSync(path(made[0])).mode & 0o777).toBe(0o600);
    const other = Buffer.alloc(32, 9).toString('base64');
    writeFileSync(path('other.key'), other, { mode: 0o600 });
    await expect(node('other.key')).rejects.toMatchObject({ code: 'privacy.vault_key_missing' });
    await expect(node('none.key', { readOnly: true })).rejects.toMatchObject({ code: 'privacy.vault_key_missing' });
    expect(existsSync(path('none.key'))).toBe(false);
    await node('none.key', { secret: `${other} ${linesOf(made[0])[0]}` });
    chmodSync(path(made[0]), 0o640);
    await expect(node(made[0])).rejects.toMatchObject({ code: 'privacy.vault_key_exposed' });
    writeFileSync(path('bad.key'), 'not a key', { mode: 0o600 });
    await expect(node('bad.key')).rejects.toMatchObject({ code: 'privacy.vault_key_invalid' });
  });

  it('for reading only, there must be a vault', async () => {
    await expect(node('vault.key', { readOnly: true })).rejects.toMatchObject({ code: 'privacy.no_vault_tables' });
    expect(await PostgresKeyVault.exists(postgres)).toBe(false);
    expect(existsSync(path('vault.key'))).toBe(false);
    await node();
    expect(await PostgresKeyVault.exists(postgres)).toBe(true);
  });

  it('is all that opens what the database holds: no byte of a key is in it, and no row passes for another', async () => {
    const vault = await node();
    const keys = await vault.keysForWriting(['party:p-1', 'party:p-2']);
    const commitmentKey = await vault.commitmentKey();
    const rows = await postgres.query<{ all: string }>(
      `SELECT encode(wrapped, 'hex') AS all FROM subject_key UNION ALL SELECT encode(wrapped, 'hex') FROM ledger_key`,
    );
    const stored = rows.map((row) => row.all).join();
    for (const key of [...keys.values(), commitmentKey]) expect(stored).not.toContain(key.toString('hex', 0, 16));
    await postgres.query(
      `UPDATE subject_key SET wrapped = (SELECT wrapped FROM subject_key WHERE subject = 'party:p-2') WHERE subject = 'party:p-1'`,
    );
    const again = await node();
    const [damaged, sound] = await Promise.allSettled([
      again.keysForReading(['party:p-1']),
      again.keysForReading(['party:p-2']),
    ]);
    expect(damaged).toMatchObject({ reason: { kind: 'damaged', code: 'privacy.vault_damaged' } });
    expect(sound).toMatchObject({ value: new Map([['party:p-2', keys.get('party:p-2')]]) });
  });

  it('is replaced while nodes work; afterwards the old one opens nothing, so that what was destroyed is lost to everybody', async () => {
    const [vault, beside] = [await node(), await node()];
    const subjects = Array.from({ length: 1300 }, (_, n) => `party:p-${n}`);
    const keys = new Map(await vault.keysForWriting(subjects));
    const commitmentKey = await vault.commitmentKey();
    const [old] = linesOf('vault.key');
    const [{ wrapped }] = await postgres.query<{ wrapped: Buffer }>(
      `SELECT wrapped FROM subject_key WHERE subject = 'party:p-7'`,
    );
    await vault.destroy('party:p-7', AT);

    let made = 0;
    const writing = (async () => {
      for (; made < 60; made++) await beside.keysForWriting([`officer:o-${made}`]);
    })();
    const { id, rewrapped, oldDeleted } = await vault.rotateWrappingKey();
    await writing;
    expect(rewrapped).toBeGreaterThanOrEqual(1299);
    expect(oldDeleted).toBe(true);
    expect(linesOf('vault.key')).toHaveLength(1);
    expect(linesOf('vault.key')).not.toContain(old);
    const under = await postgres.query(
      'SELECT DISTINCT wrapped_under AS id FROM subject_key WHERE wrapped IS NOT NULL UNION SELECT id FROM wrapping_key UNION SELECT wrapped_under FROM ledger_key',
    );
    expect(under).toEqual([{ id }]);

    keys.delete('party:p-7');
    for (const each of [vault, beside, await node()]) {
      expect(await each.keysForReading(subjects)).toEqual(keys);
      expect(await each.commitmentKey()).toEqual(commitmentKey);
      expect((await each.keysForReading(Array.from({ length: made }, (_, n) => `officer:o-${n}`))).size).toBe(made);
    }
    // Whoever kept the bytes from before the destruction: with the new key they are nothing, with the old one they were the key.
    const kept = WrappingKeys.open({ file: path('vault.key') });
    for (const each of kept.ids) expect(() => kept.unwrap(each, 'subject party:p-7', wrapped)).toThrow('not as it was');
    const [oldKeys] = [WrappingKeys.open({ file: path('none'), secret: old })];
    expect(oldKeys.unwrap(oldKeys.ids[0], 'subject party:p-7', wrapped)).toHaveLength(64);
  });

  it('a change that was interrupted is taken up where it was', async () => {
    const vault = await node();
    const subjects = Array.from({ length: 1300 }, (_, n) => `party:p-${n}`);
    const keys = await vault.keysForWriting(subjects);
    const [old] = linesOf('vault.key');
    const killed = vault.rotateWrappingKey(() => {
      throw new Error('killed');
    });
    await expect(killed).rejects.toThrow('killed');
    expect(linesOf('vault.key')).toEqual([expect.any(String), old]);
    const again = await node();
    expect(await again.keysForReading(subjects)).toEqual(keys); // under both meanwhile
    const { rewrapped } = await again.rotateWrappingKey();
    expect(rewrapped).toBe(800);
    expect(linesOf('vault.key')).toHaveLength(1);
    const file = readFileSync(path('vault.key'), 'utf8');
    writeFileSync(path('vault.key'), `${file}${old}\n`); // killed before the last step
    expect(await (await node()).rotateWrappingKey()).toMatchObject({ rewrapped: 0, oldDeleted: true });
    expect(readFileSync(path('vault.key'), 'utf8')).toBe(file);
    expect(await (await node()).keysForReading(subjects)).toEqual(keys);
  });

  it('can be copied to the other nodes before it is used; one without it says so, and goes on when it has it', async () => {
    const vault = await node('a.key');
    const copy = (): void => writeFileSync(path('b.key'), readFileSync(path('a.key')), { mode: 0o600 });
    copy();
    const other = await node('b.key');
    await vault.keysForWriting(['party:p-1']);
    const prepared = await vault.prepareRotation();
    expect(await vault.prepareRotation()).toBe(prepared);
    expect(linesOf('a.key')).toHaveLength(2);
    expect((await vault.rotateWrappingKey()).id).toBe(prepared);
    for (const making of ['party:p-2', 'party:p-1']) {
      await expect(other.keysForWriting([making])).rejects.toMatchObject({ code: 'privacy.vault_key_missing' });
    }
    copy();
    expect(await other.keysForWriting(['party:p-1', 'party:p-2'])).toEqual(
      await vault.keysForWriting(['party:p-1', 'party:p-2']),
    );
  });

  it('from the environment is replaced there, and this says what is left to do', async () => {
    const [old, next] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64'));
    const vault = await node('none.key', { secret: old });
    await vault.keysForWriting(['party:p-1']);
    await expect(vault.rotateWrappingKey()).rejects.toMatchObject({ code: 'privacy.vault_key_from_environment' });
    const both = await node('none.key', { secret: `${next}\n${old}` });
    expect(await both.rotateWrappingKey()).toMatchObject({ rewrapped: 1, oldDeleted: false });
    expect((await (await node('none.key', { secret: next })).keysForReading(['party:p-1'])).size).toBe(1);
    expect(existsSync(path('none.key'))).toBe(false);
  });
});

it('what the tables hold cannot be taken back by a statement', async () => {
  const vault = await node();
  await vault.keysForWriting(['party:p-1']);
  await vault.commitmentKey();
  await vault.destroy('party:p-2', AT);
  await vault.raiseSealedMark({ origin: 'a/log', size: 5, root: Buffer.alloc(32) });
  for (const statement of [
    'DELETE FROM subject_key',
    `UPDATE subject_key SET destroyed_at = '' WHERE destroyed_at IS NOT NULL`,
    'DELETE FROM ledger_key',
    'DELETE FROM wrapping_key',
    'DELETE FROM sealed_mark',
    'UPDATE sealed_mark SET size = 4',
  ]) {
    await expect(postgres.query(statement)).rejects.toThrow();
  }
});

it('a vault that moves from vault.db to PostgreSQL and back gives the same keys and destructions', async () => {
  const first = SqliteKeyVault.open({ directory: path('') });
  const subjects = Array.from({ length: 1100 }, (_, n) => `party:p-${(n * 7919) % 1100}`);
  const keys = new Map(await first.keysForWriting(subjects));
  const commitmentKey = await first.commitmentKey();
  await first.raiseSealedMark({ origin: 'a/log', size: 12, root: Buffer.alloc(32, 4) });
  for (const subject of ['party:p-3', 'party:p-4', 'party:unknown']) {
    await first.destroy(subject, AT);
    keys.delete(subject);
  }
  const second = await node();
  expect(await second.restore(first.contents())).toEqual({ keys: 1098, destroyed: 3 });
  const third = SqliteKeyVault.open({ directory: mkdtempSync(path('third-')) });
  expect(await third.restore(second.contents())).toEqual({ keys: 1098, destroyed: 3 });
  for (const vault of [second, third]) {
    expect(await vault.keysForReading([...subjects, 'party:unknown'])).toEqual(keys);
    expect(await vault.commitmentKey()).toEqual(commitmentKey);
    expect(await vault.sealedMark('a/log')).toEqual({ origin: 'a/log', size: 12, root: Buffer.alloc(32, 4) });
    await expect(vault.restore(first.contents())).rejects.toMatchObject({ code: 'privacy.vault_not_empty' });
  }
  await first.close();
  await third.close();
});
