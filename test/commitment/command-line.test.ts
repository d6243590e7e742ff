import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { exportCommand } from '../../src/cli/export.command';
import { backupCommand, restoreCommand } from '../../src/cli/ledger.command';
import type { RecordedEvent } from '../../src/kernel/event';
import { openLedger } from '../../src/ledger/commitment/open-ledger';
import { heard } from './personal-events';

describe('the ledger and its vault on the command line', () => {
  let directory: string;
  let printed: string;
  const path = (name: string): string => join(directory, name);
  const open = (name: string) => openLedger({ ledger: path(name), vault: path(name) });

  /** One command as it would be typed, with the data in a directory. */
  async function run(command: Command, data: string, ...args: string[]): Promise<string> {
    process.env.MINGJING_DATA = path(data);
    printed = '';
    await command
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .parseAsync(args, { from: 'user' });
    return printed;
  }

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mingjing-vault-cli-'));
    const { store, vault } = await open('live');
    await store.append('case-1', 'no_stream', [heard(), heard({ partyId: 'p-18', partyName: '李小红' })]);
    await vault.destroy('party:p-18', '2026-03-02T01:02:03.004Z');
    await store.close();
  });
  beforeEach(() => {
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((printed += String(text)), true));
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => {
    delete process.env.MINGJING_DATA;
    rmSync(directory, { recursive: true });
  });

  it('backs up both, and restores both', async () => {
    expect(await run(backupCommand(), 'live', path('ledger.copy'), '--vault', path('vault.copy'))).toMatch(
      /backed up: 2 .*\n.*vault backed up: 1 .*keys, 1 .*destroyed/,
    );
    await run(restoreCommand(), 'restored', path('ledger.copy'), '--vault', path('vault.copy'));
    const { store } = await open('restored');
    const events = await store.readAll({ direction: 'forwards', limit: 10 });
    expect(events.map(({ data }) => data.partyName)).toEqual(['王晓明', '〔个人信息已删除〕']);
    await store.close();
  });

  it('the vault can be restored afterwards, and until then nothing starts on the ledger alone', async () => {
    await run(restoreCommand(), 'late', path('ledger.copy'));
    await expect(open('late')).rejects.toMatchObject({ code: 'privacy.vault_missing' });
    await run(restoreCommand(), 'late', '--vault', path('vault.copy'));
    await (await open('late')).store.close();
    await expect(run(restoreCommand(), 'late')).rejects.toThrow();
    await expect(run(restoreCommand(), 'late', '--vault', path('vault.copy'))).rejects.toMatchObject({
      code: 'privacy.vault_exists',
    });
  });

  it.each([
    ['MINGJING_EVENTSTORE', 'esdb://events.example:2113', ['ledger.refused']],
    ['MINGJING_POSTGRES', 'postgres://rows.example/mingjing', ['ledger.kept', '--vault', 'vault.refused']],
  ])('does not back up or restore what a server keeps (%s)', async (setting, url, args) => {
    process.env[setting] = url;
    const refused = { code: 'backup.of_server', detail: { field: setting } };
    const files = args.map((arg) => (arg.startsWith('--') ? arg : path(arg)));
    await expect(run(backupCommand(), 'live', ...files)).rejects.toMatchObject(refused);
    await expect(run(restoreCommand(), 'other', ...files.slice(-2))).rejects.toMatchObject(refused);
    delete process.env[setting];
  });

  it('exports what may be read, or with --sealed what is stored', async () => {
    const exported = async (name: string, ...options: string[]): Promise<RecordedEvent[]> => {
      await run(exportCommand(), 'live', '-o', path(name), ...options);
      const lines = readFileSync(path(name), 'utf8').trimEnd().split('\n');
      return lines.map((line) => JSON.parse(line) as RecordedEvent);
    };
    expect((await exported('open.jsonl')).map(({ data }) => data.partyName)).toEqual(['王晓明', '〔个人信息已删除〕']);
    const sealed = await exported('sealed.jsonl', '--sealed');
    const { store, stored } = await open('live');
    expect(sealed).toEqual(await stored.readAll({ direction: 'forwards', limit: 10 }));
    await store.close();
  });
});
