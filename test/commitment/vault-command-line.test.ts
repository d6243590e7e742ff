import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vaultCommand } from '../../src/cli/vault.command';
import { PostgresKeyVault } from '../../src/ledger/commitment/postgres-key-vault';
import { WrappingKeys } from '../../src/ledger/commitment/wrapping-keys';
import { Postgres, type PostgresSettings } from '../../src/ledger/postgres/postgres';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';

describe('mingjing vault rotate-key', () => {
  let directory: string;
  let settings: PostgresSettings;
  const ENVIRONMENT = ['MINGJING_DATA', 'MINGJING_POSTGRES', 'MINGJING_POSTGRES_SCHEMA', 'MINGJING_VAULT_KEY'];
  const before = ENVIRONMENT.map((name) => [name, process.env[name]] as const);

  async function run(...args: string[]): Promise<string> {
    let printed = '';
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((printed += String(text)), true));
    try {
      await vaultCommand()
        .exitOverride()
        .parseAsync(['rotate-key', ...args], { from: 'user' });
    } finally {
      write.mockRestore();
    }
    return printed;
  }

  /** Work on the vault as the server has it. */
  async function withVault<T>(work: (vault: PostgresKeyVault) => Promise<T>): Promise<T> {
    const postgres = await Postgres.open(settings);
    const wrappingKeys = WrappingKeys.open({
      file: join(directory, 'vault.key'),
      secret: process.env.MINGJING_VAULT_KEY,
    });
    const vault = await PostgresKeyVault.open({ postgres, wrappingKeys });
    try {
      return await work(vault);
    } finally {
      await vault.close();
      await postgres.close();
    }
  }

  const keysInFile = (): string[] =>
    readFileSync(join(directory, 'vault.key'), 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'mingjing-vault-key-'));
    settings = freshSchema();
    process.env.MINGJING_DATA = directory;
    process.env.MINGJING_POSTGRES = settings.url;
    process.env.MINGJING_POSTGRES_SCHEMA = settings.schema;
    delete process.env.MINGJING_VAULT_KEY;
  });
  afterEach(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await dropSchema(settings);
    rmSync(directory, { recursive: true });
  });

  it('replaces the key in one step or two, and every key of a subject stays what it was', async () => {
    const keys = await withVault((vault) => vault.keysForWriting(['party:p-1', 'party:p-2']));
    const [first] = keysInFile();
    expect(await run('--prepare')).toMatch(/added, not used yet/);
    expect(keysInFile()).toEqual([expect.any(String), first]);
    const [second] = keysInFile();
    expect(await run()).toMatch(/replaced: 2 .*\n.*\n.*destroy it on the other nodes/);
    expect(keysInFile()).toEqual([second]);
    expect(await run()).toMatch(/replaced: 2 /);
    expect(keysInFile()).not.toContain(second);
    expect(await withVault((vault) => vault.keysForReading(['party:p-1', 'party:p-2']))).toEqual(keys);
  });

  it('with keys from the environment says what the operator has to do', async () => {
    const [old, next] = [5, 6].map((byte) => Buffer.alloc(32, byte).toString('base64'));
    process.env.MINGJING_VAULT_KEY = old;
    await withVault((vault) => vault.keysForWriting(['party:p-1']));
    await expect(run()).rejects.toMatchObject({ code: 'privacy.vault_key_from_environment' });
    process.env.MINGJING_VAULT_KEY = `${next} ${old}`;
    expect(await run()).toMatch(/replaced: 1 .*\n.*\nDelete the old key from MINGJING_VAULT_KEY/);
  });

  it('makes no vault, and has nothing to replace in vault.db', async () => {
    await expect(run()).rejects.toMatchObject({ code: 'privacy.no_vault_yet' });
    delete process.env.MINGJING_POSTGRES;
    await expect(run()).rejects.toMatchObject({ code: 'privacy.vault_in_file' });
    process.env.MINGJING_POSTGRES = settings.url;
  });
});
