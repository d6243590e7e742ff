import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import type { Command } from 'commander';
import { exportCommand } from '../../src/cli/export.command';
import { importCommand } from '../../src/cli/import.command';
import { sharedEventStore, type SharedEventStore } from '../eventstoredb/scripted-process';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { SealedLedger } from '../transparency/sealed-ledger';
import { folder } from './moved-ledger';

describe('mingjing export --ledger and import --ledger', () => {
  const files = folder();
  const environment = process.env;
  let ledger: SealedLedger;
  let server: SharedEventStore;
  beforeAll(async () => {
    server = await sharedEventStore();
    ledger = await SealedLedger.make({ witnessed: false });
    await ledger.record(30);
    await ledger.seal({ witnessed: false });
  });
  afterEach(() => (process.env = environment));
  afterAll(async () => {
    await ledger.erase();
    await server.stop();
    files.remove();
  });

  /** What the command prints, typed with these settings. */
  async function run(command: Command, settings: Record<string, string>, ...args: string[]): Promise<string> {
    process.env = { ...environment, ...settings };
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      await command
        .exitOverride()
        .configureOutput({ writeErr: () => undefined })
        .parseAsync(args, { from: 'user' });
      return write.mock.calls.map(([text]) => String(text)).join('');
    } finally {
      write.mockRestore();
    }
  }

  it('move a ledger from the files of one node to the stores of a cluster, and say what is to be done and compared', async () => {
    const { url, schema } = freshSchema();
    const cluster = {
      MINGJING_DATA: files.join('node-1'),
      MINGJING_EVENTSTORE: server.eventStoreUrl,
      MINGJING_EVENTSTORE_PREFIX: server.eventStorePrefix,
      MINGJING_POSTGRES: url,
      MINGJING_POSTGRES_SCHEMA: schema,
    };
    const archive = files.join('archive');
    const out = await run(exportCommand(), { MINGJING_DATA: ledger.directory }, '--ledger', archive);
    expect(out).toMatch(
      /exported: 30 .*\n.*5 .*keys, 0 .*secret\n.*ledger\.example\.cn\/log, 30 .*\n.*not in it: .*log\.key\n$/,
    );

    const vkey = readFileSync(ledger.file('log/vkey'), 'utf8');
    const into = await run(importCommand(), cluster, '--ledger', archive);
    expect(into).toMatch(/imported: 30 .*now 30.*\n.*5 .*keys, 0 .*\n.*roots agree\n/);
    expect(into).toContain(vkey);
    expect(await run(importCommand(), cluster, '--ledger', archive)).toContain('now 0');

    const back = files.join('back');
    expect(await run(exportCommand(), cluster, '--ledger', back, '--without-vault')).toMatch(
      /keys of subjects are not in it/,
    );
    expect(readdirSync(back).sort()).toEqual(['events', 'log', 'manifest.json']);
    expect(readFileSync(files.join('back', 'events/000000000001.ndjson'))).toEqual(
      readFileSync(files.join('archive', 'events/000000000001.ndjson')),
    );
    rmSync(archive, { recursive: true });
    await dropSchema({ url, schema });
  });

  it('the keys of subjects go another way than the events', async () => {
    const [archive, apart] = [files.join('both'), files.join('carried.ndjson')];
    await run(exportCommand(), { MINGJING_DATA: ledger.directory }, '--ledger', archive);
    renameSync(files.join('both', 'vault.ndjson'), apart);
    const settings = { MINGJING_DATA: files.join('other') };
    expect(await run(importCommand(), settings, '--ledger', archive, '--vault', apart)).toMatch(/5 .*keys, 0 /);
  });

  it('refuse to write over what is there, whose name is told', async () => {
    const file = files.join('export.ndjson');
    await run(exportCommand(), { MINGJING_DATA: ledger.directory }, '-o', file);
    const written = readFileSync(file);
    await expect(run(exportCommand(), { MINGJING_DATA: ledger.directory }, '-o', file)).rejects.toMatchObject({
      code: 'export.file_exists',
      message: expect.stringContaining(file),
    });
    expect(readFileSync(file)).toEqual(written);
  });

  it('refuse without a ledger, and the import without a file or a ledger', async () => {
    const empty = { MINGJING_DATA: files.join('empty') };
    await expect(run(exportCommand(), empty, '--ledger', files.join('x'))).rejects.toMatchObject({
      code: 'ledger.none',
    });
    await expect(run(importCommand(), empty)).rejects.toThrow(/--ledger/);
    await expect(run(importCommand(), empty, '--ledger', files.join('x'))).rejects.toMatchObject({
      code: 'moving.not_an_archive',
    });
  });
});
