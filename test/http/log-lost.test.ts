import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { logCommand } from '../../src/cli/log.command';
import { definitionOf, event } from '../../src/kernel/event';
import { eventIds } from '../../src/ledger/event-id';
import type { SealingStatus } from '../../src/ledger/transparency/sealing';
import { BodyAnnounced } from '../../src/registry/registry-events';
import { parseCheckpoint } from '../../src/verification/checkpoint';
import { parseNote } from '../../src/verification/note';
import { formatProofFile } from '../../src/verification/proof-file';
import { IN_FILES } from '../postgres/fresh-schema';
import { Running } from '../end-to-end/running';
import { fixedKeys } from '../transparency/fixed-ledger';
import { Outsider } from './log-outsider';
import { until } from '../until';

const ORIGIN = 'mingjing.example/log';
const nextId = eventIds();
const environment = process.env;
let server: Running;
let outsider: Outsider;
const path = (name: string): string => join(server.directory, name);

async function start(seal = true): Promise<void> {
  const { directory } = server;
  const next = new Running({ seal, settings: { ...IN_FILES, logOrigin: ORIGIN } });
  next.erase(); // the directory it would have
  server = Object.assign(next, { directory });
  await server.start();
  outsider = new Outsider(server.url);
}

async function record(count: number): Promise<number> {
  const { name, version } = definitionOf(BodyAnnounced);
  const events = Array.from({ length: count }, (_, i) => ({
    ...{ id: nextId(), type: name, schemaVersion: version },
    data: { ...event(BodyAnnounced, { announcedOn: '2026-01-05', medium: `第${i}号公报` }) },
    metadata: {
      occurredAt: server.now,
      recordedAt: server.now,
      actor: { kind: 'system' as const, account: 'test', roles: ['system'] },
      command: 'AnnounceBody',
      commandId: nextId(),
      commandDigest: '',
      correlationId: 'log-test',
    },
  }));
  const head = await server.mingjing.store.head();
  return (await server.mingjing.store.append(`body-${head}`, 'no_stream', events)).position;
}

async function trouble(code: string): Promise<SealingStatus> {
  return until(() => {
    const status = server.mingjing.log.sealing!.status();
    return status?.trouble?.code === code && status;
  }, code);
}

async function mingjingLog(...args: string[]): Promise<void> {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  process.env = { ...environment, MINGJING_DATA: server.directory, MINGJING_LOG_ORIGIN: ORIGIN };
  try {
    await logCommand().parseAsync(args, { from: 'user' });
  } finally {
    process.env = environment;
    write.mockRestore();
  }
}

beforeEach(async () => {
  server = new Running({ settings: IN_FILES });
  await start(false); // a ledger from before there was a log
  await record(20);
  await server.stop();
});
afterEach(async () => {
  await server.stop().catch(() => undefined);
  server.erase();
});

it('a log begins beside a ledger that has none; once its directory is gone it does not begin again, and is made anew from outside', async () => {
  await start();
  await outsider.sealed(await record(300));
  const kept = await outsider.text('/log/checkpoint');
  await server.stop();

  rmSync(path('log'), { recursive: true });
  await start();
  await record(1); // recording goes on
  await trouble('log.signed_lost');
  expect(existsSync(path('log/signed'))).toBe(false);
  expect((await outsider.get('/log/checkpoint')).status).toBe(503);
  await server.stop();

  const file = path('kept.txt');
  writeFileSync(file, kept.replace(/\n320\n/, '\n319\n'));
  await expect(mingjingLog('recover', '--checkpoint', file)).rejects.toMatchObject({ code: 'proof.signature_invalid' });
  writeFileSync(file, formatProofFile({ index: 0, hashes: [], checkpoint: kept })); // a proof has one too
  await mingjingLog('recover', '--checkpoint', file);
  expect(readFileSync(path('log/signed'), 'utf8')).toBe(kept);
  await start();
  await outsider.sealed(await record(10));
  expect(await outsider.recomputedRoot(320)).toBe(
    Buffer.from(parseCheckpoint(parseNote(kept).text).root).toString('base64'),
  );
});

it('nor without its mark: a key beside a ledger tells that there was a log', async () => {
  await start();
  await outsider.sealed(20);
  await server.stop();
  rmSync(path('log'), { recursive: true });
  const vault = new Database(path('vault.db'));
  vault.exec('DROP TABLE sealed_mark; CREATE TABLE sealed_mark (origin TEXT PRIMARY KEY, size INTEGER, root BLOB)');
  vault.close();
  await start();
  await trouble('log.signed_lost');
});

it('whose directory is an older one than its mark is stopped', async () => {
  await start();
  await outsider.sealed(20);
  const before = readFileSync(path('log/signed'));
  const shown = readFileSync(path('log/checkpoint'));
  await outsider.sealed(await record(5));
  await server.stop();
  writeFileSync(path('log/signed'), before);
  writeFileSync(path('log/checkpoint'), shown);
  await start();
  await trouble('log.behind_signed');
});

it('whose list of keys was added to serves its own alone', async () => {
  await start();
  await outsider.sealed(20);
  const own = await outsider.text('/log/vkey');
  const [injected] = (await fixedKeys(99, ORIGIN)).verifierKeys;
  appendFileSync(path('log/vkey'), `${injected}\n`);
  for (const startAgain of [false, true]) {
    if (startAgain) await server.stop();
    if (startAgain) await start();
    expect(await outsider.text('/log/vkey')).toBe(own);
    expect(await outsider.text('/log/policy')).not.toContain(injected);
    expect((await server.mingjing.log.storage.read('vkey'))!.toString()).toBe(own);
  }
});
