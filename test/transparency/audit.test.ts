import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { openLedger } from '../../src/ledger/commitment/open-ledger';
import { SqliteKeyVault } from '../../src/ledger/commitment/sqlite-key-vault';
import { parsePolicy } from '../../src/verification/policy';
import { signerOf, witnessOf } from '../verification/signing';
import { formatNote, parseNote } from '../../src/verification/note';
import { PAGE_EVENTS } from '../../src/ledger/auditing/event-pass';
import { recordedNow, SealedLedger } from './sealed-ledger';

const codes = (report: { findings: readonly { code: string }[] }): string[] =>
  report.findings.map(({ code }) => code.slice('check.'.length));

const ledgers: SealedLedger[] = [];
async function sealedLedger(...counts: number[]): Promise<SealedLedger> {
  const ledger = await SealedLedger.make();
  ledgers.push(ledger);
  for (const count of counts) {
    await ledger.record(count);
    await ledger.seal();
    ledger.keepCheckpoint();
  }
  return ledger;
}
afterEach(async () => {
  for (const ledger of ledgers.splice(0)) await ledger.erase();
});

describe('a ledger that nobody has touched', () => {
  it('is sound, and so is everything that others kept of it', async () => {
    const ledger = await sealedLedger(100, 200);
    await ledger.keepProof(17);
    await ledger.monitor();
    await ledger.record(5);
    const report = await ledger.check({ checkpoint: ['100.checkpoint', 'event-17.tlog-proof'], against: 'monitor' });
    expect(report).toMatchObject({
      sound: true,
      ledger: { events: 305, streams: 7 },
      log: { size: 300 },
      firstDifferentEvent: null,
      findings: [{ code: 'check.unsealed', severity: 'note', count: 5 }],
      furtherFindings: 0,
    });
    const sources = report.checkpoints.map(({ source, size, holds }) => [source.replace(/.*outside/, ''), size, holds]);
    expect(sources).toEqual([
      ['100.checkpoint', 100, true],
      ...['event-17.tlog-proof', '/monitor', 'vault.db', 'log/checkpoint', 'log/signed'].map((name) => [
        name,
        300,
        true,
      ]),
    ]);
  });

  it('is read and never written', async () => {
    const ledger = await sealedLedger(300);
    const before = ['ledger.db', 'ledger.head', 'vault.db', 'log.key', 'log/signed', 'log/tile/0/000'].map(
      (name) => [name, readFileSync(ledger.file(name), 'base64')] as const,
    );
    await ledger.check({ stateFile: ledger.file('check.state') });
    for (const [name, bytes] of before)
      expect([name, readFileSync(ledger.file(name), 'base64')]).toEqual([name, bytes]);
    expect(existsSync(ledger.file('check.state'))).toBe(false);
  });

  it('is sound after every size, also where tiles and levels begin', async () => {
    const ledger = await sealedLedger();
    for (const size of [0, 1, 255, 256, 257, 511, 512, 1023, 1024, 1025]) {
      await ledger.record(size - (await headOf(ledger)));
      await ledger.seal();
      expect([size, codes(await ledger.check())]).toEqual([size, ['nothing_outside']]);
    }
  });

  it('whose subject has been erased is sound: what was destroyed is only the key', async () => {
    const ledger = await sealedLedger(300);
    const { vault, store } = await openLedger({ ledger: ledger.directory, vault: ledger.directory });
    await vault.destroy('party:p-3', '2026-11-22T00:00:00.000Z');
    await store.close();
    expect((await ledger.check({ checkpoint: ['300.checkpoint'] })).sound).toBe(true);
  });

  it('without a log, before the first sealing, is checked for itself, and the check says so', async () => {
    const ledger = await sealedLedger();
    await ledger.record(30);
    const report = await ledger.check();
    expect(report).toMatchObject({ sound: true, log: null, ledger: { events: 30 } });
    expect(codes(report)).toEqual(['no_log']);
    const replace = (a: string, b: string): void =>
      ledger.editFile('ledger.db', (bytes) => Buffer.from(bytes.toString('latin1').replaceAll(a, b), 'latin1'));
    replace('"c-11"', '"c,11"');
    expect(await ledger.check()).toMatchObject({
      sound: false,
      firstDifferentEvent: { code: 'check.ledger_damaged', position: 12 },
    });
    replace('"c,11"', '"c-11"');
    ledger.edit((db) => db.exec(`UPDATE event SET body = replace(body, '未按规定', '未曾按照') WHERE position = 7`));
    expect((await ledger.check()).sound).toBe(true); // the checksums find accidents
  });

  it('is held against every checkpoint that the log has published', async () => {
    const ledger = await sealedLedger(1, 1, 1, 1, 1);
    const { log } = await ledger.check();
    expect(log?.published).toBeGreaterThanOrEqual(5);
  });
});

const headOf = async (ledger: SealedLedger): Promise<number> => {
  const { store } = await openLedger({ ledger: ledger.directory, vault: ledger.directory });
  const head = await store.head();
  await store.close();
  return head;
};

describe('beside a running server', () => {
  it('a check goes as far as the log had signed when it began, and is not disturbed by what comes', async () => {
    const ledger = await sealedLedger(3 * PAGE_EVENTS);
    let more = Promise.resolve<unknown>(undefined);
    let pages = 0;
    const report = await ledger.check({
      onProgress: ({ step }) => {
        if (step === 'events' && pages++ === 0) more = ledger.record(300).then(() => ledger.seal());
      },
    });
    await more;
    expect(report).toMatchObject({ sound: true, log: { size: 3 * PAGE_EVENTS } });
    expect(await ledger.check()).toMatchObject({ sound: true, log: { size: 3 * PAGE_EVENTS + 300 } });
  });
});

describe('an interrupted check', () => {
  const EVENTS = 3 * PAGE_EVENTS + 10;
  let long: SealedLedger;
  beforeAll(async () => {
    long = await SealedLedger.make({ witnessed: false });
    for (const count of [2 * PAGE_EVENTS, PAGE_EVENTS + 10]) {
      await long.record(count);
      await long.seal();
      long.keepCheckpoint();
    }
  });
  afterAll(() => long.erase());
  const copied = (): SealedLedger => {
    ledgers.push(long.copy());
    return ledgers[ledgers.length - 1];
  };

  /** Interrupted after this many pages. */
  async function interrupted(ledger: SealedLedger, pages: number, more = {}): Promise<unknown> {
    const controller = new AbortController();
    let seen = 0;
    const onProgress = (): void => void (++seen === pages && controller.abort());
    const stateFile = ledger.file('check.state');
    return ledger.check({ signal: controller.signal, onProgress, stateFile, ...more }).catch((error: unknown) => error);
  }

  it('goes on where it was, to the same end', async () => {
    const ledger = copied();
    expect(await interrupted(ledger, 2)).toMatchObject({ code: 'check.interrupted' });
    const positions: number[] = [];
    const onProgress = ({ step, done }: { step: string; done: number }): void =>
      void (step === 'events' && positions.push(done));
    const report = await ledger.check({ stateFile: ledger.file('check.state'), resume: true, onProgress });
    expect(report).toMatchObject({ sound: true, log: { size: EVENTS } });
    expect(codes(report)).toEqual(['resumed', 'nothing_outside']);
    expect(positions).toEqual([3 * PAGE_EVENTS, EVENTS]);
    expect(existsSync(ledger.file('check.state'))).toBe(false);
  });

  it('begins at the beginning unless it is told otherwise, or when it is asked something else', async () => {
    const ledger = copied();
    const stateFile = ledger.file('check.state');
    await interrupted(ledger, 1);
    const state = readFileSync(stateFile);
    expect(codes(await ledger.check({ stateFile }))).not.toContain('resumed');
    writeFileSync(stateFile, state);
    const checkpoint = [`${2 * PAGE_EVENTS}.checkpoint`];
    expect(codes(await ledger.check({ stateFile, resume: true, checkpoint }))).not.toContain('resumed');
    writeFileSync(stateFile, state.subarray(0, 100)); // torn
    expect(codes(await ledger.check({ stateFile, resume: true }))).not.toContain('resumed');
  });

  it('finds in the rest what it would have found, and keeps nothing of what it has found', async () => {
    const ledger = copied();
    await interrupted(ledger, 1);
    ledger.edit((db) =>
      db.exec(`UPDATE event SET body = replace(body, '"n":2000,', '"n":2001,') WHERE position = 2001`),
    );
    expect(await interrupted(ledger, 2, { resume: true })).toMatchObject({ code: 'check.interrupted' });
    const report = await ledger.check({ stateFile: ledger.file('check.state'), resume: true });
    expect(report.firstDifferentEvent).toMatchObject({ code: 'check.event_changed', position: 2001 });
  });

  it('whose state was moved on by somebody does not make another tree fit', async () => {
    const ledger = copied();
    await interrupted(ledger, 1);
    const state = JSON.parse(readFileSync(ledger.file('check.state'), 'utf8')) as { tree: { subtrees: string[] } };
    state.tree.subtrees[0] = Buffer.alloc(32, 1).toString('base64');
    writeFileSync(ledger.file('check.state'), JSON.stringify(state));
    const report = await ledger.check({ stateFile: ledger.file('check.state'), resume: true });
    expect(report.sound).toBe(false);
    expect(codes(report)).toContain('root_contradicted');
  });
});

describe('keys', () => {
  it('without the vault nothing can be derived: that is said, not guessed', async () => {
    const ledger = await sealedLedger(10);
    for (const name of ['vault.db', 'vault.db-wal', 'vault.db-shm']) rmSync(ledger.file(name), { force: true });
    await expect(ledger.check()).rejects.toMatchObject({ code: 'check.vault_missing' });
  });

  it('a vault that lacks a subject’s key, or has another, is named with the event', async () => {
    const ledger = await sealedLedger(10);
    const stranger = await sealedLedger(10);
    const own = SqliteKeyVault.open({ directory: ledger.directory, readOnly: true });
    const key = await own.commitmentKey();
    await own.close();
    cpSync(stranger.file('vault.db'), ledger.file('vault.db'));
    ledger.editVault((db) => db.prepare('UPDATE ledger_key SET key = ?').run(key));
    expect((await ledger.check()).findings).toContainEqual(
      expect.objectContaining({ code: 'check.personal_unreadable', position: 1, fields: ['data.facts'] }),
    );
    ledger.editVault((db) => db.exec(`DELETE FROM subject_key WHERE subject = 'party:p-2'`));
    expect((await ledger.check()).findings).toContainEqual(
      expect.objectContaining({ code: 'check.key_missing', position: 3, fields: ['data.facts'] }),
    );
  });

  it('a log whose key was replaced, and signed anew with another, shows by the key that was handed out', async () => {
    const ledger = await sealedLedger(10);
    rmSync(ledger.file('log.key'));
    rmSync(ledger.file('log'), { recursive: true });
    ledger.editVault((db) => db.exec('DELETE FROM sealed_mark'));
    await ledger.seal({ witnessed: false });
    expect(codes(await ledger.check())).toEqual(
      expect.arrayContaining(['checkpoint_key_unknown', 'quorum_not_met']) as string[],
    );
  });

  it('a cosignature that does not hold is told with the witness’s name', async () => {
    const ledger = await sealedLedger(10);
    ledger.editFile('log/checkpoint', (bytes) => {
      const note = parseNote(bytes.toString());
      const [log, witness] = note.signatures;
      const signature = Uint8Array.from(witness.signature, (byte, i) => (i === 70 ? byte ^ 1 : byte));
      return formatNote({ ...note, signatures: [log, { ...witness, signature }] });
    });
    expect((await ledger.check()).findings).toContainEqual(
      expect.objectContaining({ code: 'check.cosignature_forged', source: 'log/checkpoint', witness: 'university' }),
    );
  });
});

describe('what is handed in', () => {
  it('and cannot be used makes the check fail without accusing anybody', async () => {
    const ledger = await sealedLedger(10);
    const stranger = await signerOf('other.example/log', 9);
    const note = parseNote(readFileSync(ledger.outside('10.checkpoint'), 'utf8'));
    const text = note.text.replace('ledger.example.cn/log', 'other.example/log');
    writeFileSync(ledger.outside('other'), formatNote({ text, signatures: [stranger.sign(text)] }));
    writeFileSync(ledger.outside('letter'), 'Dear auditor,\n');
    const report = await ledger.check({ checkpoint: ['other', 'letter'] });
    expect(report.findings.map(({ code, severity, source }) => [code, severity, source])).toEqual([
      ['check.checkpoint_of_other_log', 'failure', 'other'],
      ['check.checkpoint_unconfirmed', 'failure', 'letter'],
    ]);
    expect(report).toMatchObject({ sound: false, firstDifferentEvent: null });
    await expect(ledger.check({ against: '.' })).rejects.toMatchObject({ code: 'check.not_a_mirror' });
  });

  it('a mirror that is damaged accuses nobody', async () => {
    const ledger = await sealedLedger(300);
    await ledger.monitor();
    const tile = ledger.outside('monitor/mirror/tile/0/000');
    const bytes = readFileSync(tile);
    bytes[32 * 100] ^= 1;
    writeFileSync(tile, bytes);
    const report = await ledger.check({ against: 'monitor' });
    expect(codes(report)).toEqual(['mirror_damaged']);
    rmSync(tile);
    expect(codes(await ledger.check({ against: 'monitor' }))).toEqual(['mirror_damaged']);
  });

  it('an older copy of the log itself serves as a mirror', async () => {
    const ledger = await sealedLedger(300);
    cpSync(ledger.file('log'), ledger.outside('copy'), { recursive: true });
    await ledger.record(100);
    await ledger.seal();
    expect(codes(await ledger.check({ against: 'copy' }))).toEqual([]);
  });
});

describe('recordedAt beside the witnesses’ clocks', () => {
  it('an event that says it is older than a tree that did not have it yet is pointed out, and one from the future', async () => {
    const ledger = await sealedLedger(10);
    const hour = 3_600_000;
    const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
    const said = [at(0), at(-2 * hour), at(0), at(-2 * hour), at(2 * hour)];
    await ledger.record(5, (n) => {
      const event = recordedNow(n);
      return { ...event, metadata: { ...event.metadata, recordedAt: said[n - 10] } };
    });
    await ledger.seal();
    const report = await ledger.check({ checkpoint: ['10.checkpoint'] });
    expect(report.sound).toBe(true); // for a person to look at
    expect(
      report.findings.map(({ code, position, size, count, witness }) => [code, position, size, count, witness]),
    ).toEqual([
      ['check.recorded_before_witnessed', 12, 10, 2, 'university'],
      ['check.recorded_after_witnessed', 15, 15, 1, 'university'],
    ]);
    expect(codes(await ledger.check({ checkpoint: ['10.checkpoint'], toleranceMs: 3 * hour }))).toEqual([]);
  });

  it('a forged time accuses no event', async () => {
    const ledger = await sealedLedger(10);
    await ledger.record(5);
    await ledger.seal();
    const policy = await parsePolicy(ledger.policy);
    const forger = await witnessOf(policy.witnesses[0].key.name, 99);
    const note = parseNote(readFileSync(ledger.outside('10.checkpoint'), 'utf8'));
    const line = forger.cosign(note.text, Math.floor(Date.now() / 1000) + 86_400);
    const signatures = [note.signatures[0], { ...line, keyId: policy.witnesses[0].key.keyId }];
    ledger.editPublished(10, formatNote({ ...note, signatures }));
    expect(codes(await ledger.check({ checkpoint: ['10.checkpoint'] }))).toEqual([]); // the earlier time of that size counts
    const later = await ledger.check();
    expect(codes(later)).not.toContain('recorded_before_witnessed');
  });
});

describe('what the log has published', () => {
  it('and was altered in its own list is named by its number', async () => {
    const ledger = await sealedLedger(10, 10);
    ledger.editPublished(10, readFileSync(ledger.outside('20.checkpoint'), 'utf8').replace('\n20\n', '\n10\n'));
    expect((await ledger.check()).findings).toContainEqual(
      expect.objectContaining({
        code: 'check.file_changed',
        path: expect.stringMatching(/^published\.db #\d/) as string,
      }),
    );
  });

  it('and lies in partial tiles that are superfluous by now must still be right', async () => {
    const ledger = await sealedLedger(10, 10, 10);
    ledger.editFile('log/tile/0/000.p/10', (bytes) => void (bytes[5] ^= 1));
    expect((await ledger.check()).findings[0]).toMatchObject({ code: 'check.file_changed', path: 'tile/0/000.p/10' });
  });
});
