import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkCommand } from '../../src/cli/check.command';
import type { AuditReport } from '../../src/ledger/auditing/audit';
import { SealedLedger } from './sealed-ledger';

const ROOT = join(__dirname, '../..');
let ledger: SealedLedger;
beforeAll(async () => {
  ledger = await SealedLedger.make();
  for (const count of [300, 100]) {
    await ledger.record(count);
    await ledger.seal();
    ledger.keepCheckpoint();
  }
  await ledger.keepProof(17);
  await ledger.monitor();
});
afterAll(() => ledger.erase());

/** The real command on a data directory, in a process of its own. */
async function check(of: SealedLedger, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['-r', './test/faults/run-ts.cjs', 'src/cli.ts', 'check', ...args], {
    cwd: ROOT,
    env: { ...process.env, MINGJING_DATA: of.directory },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += String(text)));
  child.stderr.on('data', (text) => (err += String(text)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

/** The command in this process, which is quicker; rejects with what the command line would tell and exit with 1. */
async function checkHere(of: SealedLedger, ...args: readonly string[]) {
  const [environment, exitCode] = [process.env, process.exitCode];
  const said = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  process.env = { ...environment, MINGJING_DATA: of.directory };
  try {
    await checkCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .parseAsync(args, { from: 'user' });
    return { code: process.exitCode, out: said.mock.calls.map(([text]) => String(text)).join('') };
  } finally {
    said.mockRestore();
    process.env = environment;
    process.exitCode = exitCode;
  }
}

it('says in both languages that all is sound, and what it was held against', async () => {
  const outside = ['300.checkpoint', 'event-17.tlog-proof'].flatMap((name) => ['--checkpoint', ledger.outside(name)]);
  const monitor = ['--against', ledger.outside('monitor'), '--policy', ledger.outside('policy')];
  const { code, out, err } = await check(ledger, ...outside, ...monitor);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('核验无误 sound: 400 条事件 events, 7 条记录 streams');
  expect(out).toContain('日志 log: 400 条已签署 signed');
  for (const [name, size] of [
    ['300.checkpoint', 300],
    ['event-17.tlog-proof', 400],
    ['monitor', 400],
  ] as const) {
    expect(out).toContain(`✓ ${ledger.outside(name)} · ${size} 条 events`);
  }
  expect(out).not.toMatch(/[✗!]/);
});

it('tells whose keys it used, and that nothing from outside was compared, where that is so', async () => {
  const { code, out } = await checkHere(ledger);
  expect(code).toBe(0);
  expect(out).toContain('[check.nothing_outside]');
  expect(out).toContain('[check.keys_unconfirmed]');
});

describe('of a ledger that was tampered with', () => {
  let tampered: SealedLedger;
  beforeAll(() => {
    tampered = ledger.copy();
    tampered.edit((db) => db.exec(`UPDATE event SET body = replace(body, '"n":16,', '"n":61,') WHERE position = 17`));
  });
  afterAll(() => tampered.erase());

  it('exits with 3 and names the event, with its id, stream and type', async () => {
    const { code, out } = await check(tampered);
    expect(code).toBe(3);
    expect(out).toContain('核验不通过 NOT SOUND');
    expect(out).toContain('✗ 第 17 条事件被改动');
    expect(out).toMatch(
      /Event 17 was changed: .*\n {2}\[check\.event_changed · [0-9a-f-]{36} · case-2 · SampleRecorded\]/,
    );
    expect(out).toMatch(/第一处不同 First difference: 第 17 条 event 17 · [0-9a-f-]{36}/);
    expect(out).not.toContain('经查'); // and says nothing of what is in it
  });

  it('as JSON, for another program to read', async () => {
    const { code, out } = await checkHere(tampered, '--json', '--checkpoint', tampered.outside('event-17.tlog-proof'));
    expect(code).toBe(3);
    const report = JSON.parse(out) as AuditReport;
    expect(report).toMatchObject({ sound: false, ledger: { events: 400, streams: 7 }, log: { size: 400 } });
    expect(report.firstDifferentEvent).toMatchObject({ position: 17, stream: 'case-2', type: 'SampleRecorded' });
    expect(report.findings).toContainEqual(
      expect.objectContaining({ code: 'check.proof_contradicted', position: 17, fields: ['data.n'] }),
    );
    const [{ expected, found }] = report.findings;
    for (const hash of [expected, found]) expect(Buffer.from(hash!, 'base64')).toHaveLength(32);
    expect(expected).not.toBe(found);
  });
});

it('exits with 1 when it cannot be done: no ledger, a file that is none, a number that is none', async () => {
  const empty = await SealedLedger.make({ witnessed: false });
  await expect(checkHere(empty)).rejects.toMatchObject({ code: 'ledger.none' });
  await empty.erase();
  await expect(checkHere(ledger, '--checkpoint', '/nowhere')).rejects.toThrow('/nowhere');
  await expect(checkHere(ledger, '--tolerance', 'long')).rejects.toMatchObject({ exitCode: 1 });
  expect(await checkHere(ledger, '--checkpoint', ledger.outside('policy'))).toMatchObject({
    code: 1,
    out: expect.stringContaining('[check.checkpoint_unconfirmed]') as string,
  });
});

it('interrupted by Ctrl-C says so, and goes on from there with --resume', async () => {
  const long = await SealedLedger.make({ witnessed: false });
  try {
    await long.record(2100);
    await long.seal();
    const listening = process.listenerCount('SIGINT');
    const running = checkHere(long);
    while (process.listenerCount('SIGINT') === listening) await new Promise(setImmediate);
    process.emit('SIGINT');
    await expect(running).rejects.toMatchObject({ code: 'check.interrupted' });
    expect(existsSync(long.file('check.state'))).toBe(true);
    const { out } = await checkHere(long, '--resume', '--json');
    const report = JSON.parse(out) as AuditReport;
    expect(report).toMatchObject({ sound: true, ledger: { events: 2100 } });
    expect(report.findings).toContainEqual(expect.objectContaining({ code: 'check.resumed', through: 1024 }));
    expect(existsSync(long.file('check.state'))).toBe(false);
  } finally {
    await long.erase();
  }
});
