import { readFileSync, statSync } from 'node:fs';
import { logCommand } from '../../src/cli/log.command';
import { LogDirectory } from '../../src/ledger/transparency/log-directory';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { Sealer } from '../../src/ledger/transparency/sealer';
import { FixedLedger, ORIGIN, sealing } from './fixed-ledger';
import { temporaryDirectory } from './temporary-directory';

describe('mingjing log', () => {
  const directory = temporaryDirectory();
  const environment = process.env;
  beforeEach(() => (process.env = { ...environment, MINGJING_DATA: directory.path }));
  afterEach(() => (process.env = environment));

  /** What the command prints. */
  async function mingjingLog(...args: string[]): Promise<string> {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      await logCommand().parseAsync(args, { from: 'user' });
      return write.mock.calls.map(([text]) => String(text)).join('');
    } finally {
      write.mockRestore();
    }
  }

  /** A start of the server, as far as the log goes: reads the keys, seals, ends. */
  async function serverRuns(ledger: FixedLedger): Promise<number> {
    const keys = await LogKeys.open({ file: directory.join('log.key'), origin: ORIGIN });
    const storage = await LogDirectory.open(directory.join('log'));
    const sealed = await (await Sealer.open(await sealing(ledger, storage, { keys }))).sealOnce();
    await storage.close();
    return sealed!.note.match(/^— /gm)!.length;
  }

  it('replaces a key in steps, each of which says what comes next, and refuses the wrong order', async () => {
    await expect(mingjingLog('vkey')).rejects.toMatchObject({ code: 'log.no_key' });
    await expect(mingjingLog('rotate-key')).rejects.toMatchObject({ code: 'log.no_key' });
    expect(await serverRuns(new FixedLedger(3))).toBe(1);
    const first = await mingjingLog('vkey');
    expect(first).toMatch(/^ledger\.example\.cn\/log\+[0-9a-f]{8}\+\S+\n$/);

    expect(await mingjingLog('rotate-key')).toMatch(
      /重启服务后[^]*每个见证人[^]*every witness must add the new verifier key/,
    );
    expect(await mingjingLog('vkey')).toBe(first); // not published before it signs
    await expect(mingjingLog('retire-key')).rejects.toMatchObject({ code: 'log.new_key_unseen' });
    expect(await serverRuns(new FixedLedger(4))).toBe(2);
    const both = await mingjingLog('vkey');
    expect(both.split('\n')).toEqual([expect.any(String), first.trimEnd(), '']);

    const retired = await mingjingLog('retire-key');
    expect(retired).toContain(both);
    expect(retired).toContain('every witness must add the new verifier key');
    await expect(mingjingLog('retire-key')).rejects.toMatchObject({ code: 'log.new_key_unaccepted' });
    expect(await serverRuns(new FixedLedger(5))).toBe(1);
    expect(await mingjingLog('retire-key')).toContain('deleted');
    expect(await mingjingLog('vkey')).toBe(both);
    expect(statSync(directory.join('log.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(directory.join('log.key'), 'utf8').match(/^PRIVATE/gm)).toHaveLength(1);
    await expect(mingjingLog('retire-key')).rejects.toMatchObject({ code: 'log.nothing_to_retire' });
  });

  it('leaves keys from the environment alone', async () => {
    process.env.MINGJING_LOG_KEY = 'MC4CAQAwBQYDK2VwBCIEIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB';
    await expect(mingjingLog('rotate-key')).rejects.toMatchObject({ code: 'log.key_from_environment' });
  });
});
