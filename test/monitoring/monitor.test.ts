import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorCommand } from '../../src/cli/monitor.command';
import type { Clock } from '../../src/kernel/time';
import { LogDirectory } from '../../src/ledger/transparency/log-directory';
import { LogProver } from '../../src/ledger/transparency/prover';
import { Sealer } from '../../src/ledger/transparency/sealer';
import type { Look } from '../../src/monitoring/findings';
import { Monitor, type MonitorOptions } from '../../src/monitoring/monitor';
import { firstDifference, VerifiedTree, type TileSource } from '../../src/monitoring/verified-tree';
import { parseCheckpoint } from '../../src/verification/checkpoint';
import { verifyConsistency } from '../../src/verification/merkle-proof';
import { parseNote } from '../../src/verification/note';
import { parsePolicy } from '../../src/verification/policy';
import { formatVerifierKey } from '../../src/verification/verifier-key';
import { FixedLedger, fixedKeys, sealing } from '../transparency/fixed-ledger';
import { signedCheckpoint, signerOf, witnessOf } from '../verification/signing';
import { atEnd, newDirectory } from '../witness/running-witness';
import { ORIGIN, servedLog, treeFiles, type ServedLog } from './served-log';

let log: ServedLog;
beforeEach(async () => {
  log = await servedLog();
});

interface Opened {
  readonly monitor: Monitor;
  readonly directory: string;
  look(): Promise<Look>;
  /** The codes of a look. */
  found(): Promise<string[]>;
}

async function monitorOf(options: Partial<MonitorOptions> & { policyText?: string } = {}): Promise<Opened> {
  const directory = options.directory ?? newDirectory();
  const policy = await parsePolicy(options.policyText ?? `log ${log.vkey}\n`);
  const monitor = await Monitor.open({ url: log.url, policy, pauseMs: 1, ...options, directory });
  let open = true;
  const close = monitor.close.bind(monitor);
  monitor.close = async () => {
    if (open) await close();
    open = false;
  };
  atEnd(() => monitor.close());
  const look = (): Promise<Look> => monitor.look();
  return { monitor, directory, look, found: async () => (await look()).findings.map(({ code }) => code) };
}

const FINE = ['monitor.consistent'];

function evidenceOf({ directory }: Opened): string[] {
  const folder = join(directory, 'evidence');
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** Tiles in a folder, as a stranger reads them who was handed it. */
const folderSource = (folder: string): TileSource => ({
  whose: 'log',
  read: async (path) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path)) : undefined),
});

function treeIn(folder: string, which: 'kept' | 'received'): Promise<VerifiedTree> {
  const { size, root } = parseCheckpoint(parseNote(readFileSync(join(folder, `${which}.checkpoint`), 'utf8')).text);
  return VerifiedTree.open(folderSource(join(folder, which)), size, root);
}

describe('a log that only grows', () => {
  it('is followed, and mirrored tile by tile', async () => {
    const opened = await monitorOf();
    let note = '';
    for (const size of [0, 1, 2, 255, 256, 257, 600, 600, 70_000, 70_001]) {
      note = log.show(size);
      expect(await opened.look()).toMatchObject({
        severity: 'fine',
        origin: ORIGIN,
        size,
        findings: [{ code: FINE[0] }],
      });
    }
    await opened.monitor.close();
    const mirror = join(opened.directory, 'mirror');
    expect(readFileSync(join(mirror, 'checkpoint'), 'utf8')).toBe(note);
    const tiles = [...log.files].filter(([path]) => /^tile\/\d/.test(path));
    expect(tiles.length).toBeGreaterThan(275);
    for (const [path, bytes] of tiles) expect(readFileSync(join(mirror, path)).equals(bytes)).toBe(true);
    expect(existsSync(join(mirror, 'tile/entries'))).toBe(false);
    expect(existsSync(join(mirror, 'tile/0/000.p'))).toBe(false); // its full tile has come
    const prover = new LogProver(await LogDirectory.open(mirror, { readOnly: true }));
    await verifyConsistency({
      oldSize: 600n,
      oldRoot: treeFiles(600).root,
      newSize: 70_001n,
      newRoot: (await prover.checkpoint()).root,
      proof: await prover.consistencyProof(600, 70_001),
    });
  });

  it('costs a few tiles once it is mirrored, and nothing when it has not grown', async () => {
    const opened = await monitorOf();
    log.show(5000);
    await opened.look();
    log.requests.splice(0);
    await opened.look();
    expect(log.requests).toEqual(['checkpoint']);
    log.show(5100);
    await opened.look();
    expect(log.requests.length).toBeLessThan(8);
  });

  it('as the sealer writes it is read from what it publishes', async () => {
    const directory = newDirectory();
    const ledger = new FixedLedger();
    const storage = await LogDirectory.open(directory);
    atEnd(() => storage.close());
    const sealer = await Sealer.open(await sealing(ledger, storage));
    log.interfere = (path, response) => {
      void storage.read(path).then((bytes) => response.writeHead(bytes ? 200 : 404).end(bytes));
      return true;
    };
    const [vkey] = (await fixedKeys()).verifierKeys;
    const opened = await monitorOf({ policyText: `log ${vkey}\n` });
    for (ledger.last of [10, 300, 1000, 1001]) {
      await sealer.sealOnce();
      expect(await opened.look()).toMatchObject({ severity: 'fine', size: ledger.last });
    }
  });

  it('whose mirroring was interrupted is taken up where it was left', async () => {
    const opened = await monitorOf();
    log.show(4000);
    const [missing, bytes] = ['tile/0/012', log.files.get('tile/0/012')!];
    log.files.delete(missing);
    expect(await opened.look()).toMatchObject({ severity: 'trouble', findings: [{ code: 'monitor.tile_missing' }] });
    await opened.monitor.close();
    log.files.set(missing, bytes);
    log.requests.splice(0);
    const again = await monitorOf({ directory: opened.directory });
    expect(await again.found()).toEqual(FINE);
    expect(log.requests).toContain(missing);
    expect(log.requests).not.toContain('tile/0/003'); // there already, and checked
  });
});

describe('a log with another history', () => {
  it.each([
    [1000, 1000, 700], // the same size
    [1000, 1400, 700], // it has grown since
    [1000, 1400, 0],
    [1000, 1400, 999],
    [300, 70_000, 299],
    [1000, 400, 100], // and went back
  ])(
    'kept at %i, shown at %i: event %i + 1 is named, and the folder shows it to anybody',
    async (before, after, leaf) => {
      const opened = await monitorOf();
      const kept = log.show(before);
      await opened.look();
      const received = log.show(after, { divergesAt: leaf });
      const look = await opened.look();
      expect(look).toMatchObject({
        severity: 'misbehaviour',
        findings: [{ code: 'monitor.fork', firstDifferentPosition: leaf + 1 }],
      });
      const [folder] = evidenceOf(opened);
      expect(look.findings[0].evidence).toBe(folder);
      expect(readFileSync(join(folder, 'kept.checkpoint'), 'utf8')).toBe(kept);
      expect(readFileSync(join(folder, 'received.checkpoint'), 'utf8')).toBe(received);
      expect(await firstDifference(await treeIn(folder, 'kept'), await treeIn(folder, 'received'))).toBe(leaf);

      // What was first seen stays what is compared with, however often the other is shown.
      expect(await opened.found()).toEqual(['monitor.fork']);
      expect(evidenceOf(opened)).toHaveLength(1);
      log.show(before + 50);
      expect(await opened.found()).toEqual(FINE);
    },
  );

  it('that differs only in what is new is no other history', async () => {
    const opened = await monitorOf();
    log.show(500);
    await opened.look();
    log.show(800, { divergesAt: 500 });
    expect(await opened.found()).toEqual(FINE);
  });

  it('is found out by two notes alone, when it gives no tiles', async () => {
    const opened = await monitorOf();
    log.show(500);
    log.files.delete('tile/0/000');
    expect(await opened.found()).toEqual(['monitor.tile_missing']);
    log.show(500, { divergesAt: 3 });
    expect(await opened.found()).toEqual(['monitor.fork']);
  });

  it('is found out when a note whose tiles were never had does not fit what came later', async () => {
    const opened = await monitorOf();
    log.show(200);
    await opened.look();
    const other = log.show(500, { divergesAt: 300 });
    log.files.delete('tile/0/000');
    expect(await opened.found()).toEqual(['monitor.tile_missing']);
    const later = log.show(800);
    expect(await opened.found()).toEqual(['monitor.fork']);
    const [folder] = evidenceOf(opened);
    expect(readFileSync(join(folder, 'kept.checkpoint'), 'utf8')).toBe(other);
    expect(readFileSync(join(folder, 'received.checkpoint'), 'utf8')).toBe(later);
    log.show(900);
    expect(await opened.found()).toEqual(FINE); // told once, and kept
  });

  it('or set back to yesterday has signed more than it shows', async () => {
    const opened = await monitorOf();
    const larger = log.show(900);
    await opened.look();
    log.show(300);
    // Anybody on the way can show an old copy.
    expect(await opened.look()).toMatchObject({ severity: 'trouble', findings: [{ code: 'monitor.rollback' }] });
    const [folder] = evidenceOf(opened);
    expect(readFileSync(join(folder, 'kept.checkpoint'), 'utf8')).toBe(larger);
  });

  it('or tiles that do not give the signed root', async () => {
    const opened = await monitorOf();
    log.show(700);
    const tile = log.files.get('tile/0/001')!;
    tile[77] ^= 1;
    // Tiles are not signed: whoever is on the way may have changed them.
    expect(await opened.look()).toMatchObject({ severity: 'trouble', findings: [{ code: 'monitor.tiles_disagree' }] });
    const [folder] = evidenceOf(opened);
    expect(readFileSync(join(folder, 'received/tile/0/001')).equals(tile)).toBe(true);
    tile[77] ^= 1;
    log.files.set('tile/0/002.p/188', Buffer.alloc(31));
    expect(await opened.found()).toEqual(['monitor.tiles_disagree']);
    log.show(700);
    expect(await opened.found()).toEqual(FINE);
  });
});

describe('what is not the log’s doing, or cannot be told', () => {
  it('a file broken once on its way is asked for again', async () => {
    const opened = await monitorOf();
    log.show(700);
    let broken = false;
    log.interfere = (path, response) => {
      if (path !== 'tile/0/000' || broken) return false;
      broken = true;
      response.end(Buffer.alloc(8192));
      return true;
    };
    expect(await opened.found()).toEqual(FINE);
    expect(evidenceOf(opened)).toEqual([]);
  });

  it('a busy or failing server is asked again, a closed one is unreachable', async () => {
    const opened = await monitorOf({ timeoutMs: 2000 });
    log.show(10);
    let failures = 0;
    log.interfere = (_, response) => {
      if (failures++ % 3 === 2) return false;
      if (failures % 3 === 1) response.writeHead(503, { 'retry-after': '0' }).end();
      return true; // the second time it says nothing at all
    };
    expect(await opened.found()).toEqual(FINE);
    log.interfere = (_, response) => Boolean(response.writeHead(403).end());
    expect(await opened.found()).toEqual(['monitor.unreachable']);
    log.interfere = () => false;
    log.files.clear();
    expect(await opened.found()).toEqual(['monitor.unreachable']);
    await log.close();
    const { severity, findings } = await opened.look();
    expect([severity, findings.map(({ code }) => code)]).toEqual(['trouble', ['monitor.unreachable']]);
    expect(findings[0].zh).toMatch(/^无法读取日志：无法读取 \S+（ECONNREFUSED）。$/); // each language whole
    expect(findings[0].en).toMatch(/^The log cannot be read: \S+ cannot be read \(ECONNREFUSED\)\.$/);
  });

  it('a checkpoint of another key, of another log, changed, or none at all', async () => {
    const stranger = await signerOf(ORIGIN, 9);
    const other = await signerOf('other.example/log', 3);
    const opened = await monitorOf({ policyText: `log ${log.vkey}\nlog ${formatVerifierKey(other.key)}\n` });
    log.show(10);
    expect((await opened.look()).findings[0].en).toBe('First look: 10 entries mirrored.');
    expect((await opened.look()).findings[0].en).toBe('Consistent with what was seen before; 10 entries.');
    const found: string[][] = [];
    log.show(20, { signer: stranger });
    const { findings } = await opened.look();
    expect(findings[0].zh).toContain('请将 /log/vkey 与另一来源核对');
    found.push(findings.map(({ code }) => code));
    log.show(20, { signer: other, origin: 'other.example/log' });
    found.push(await opened.found());
    log.show(20, { signer: other });
    found.push(await opened.found());
    const genuine = log.show(20);
    log.files.set('checkpoint', Buffer.from(genuine.replace('\n20\n', '\n21\n')));
    found.push(await opened.found());
    log.files.set('checkpoint', Buffer.from('<html>not found</html>'));
    found.push(await opened.found());
    expect(found.flat()).toEqual([
      'monitor.wrong_key',
      'monitor.other_log',
      'monitor.wrong_key',
      'monitor.wrong_key',
      'monitor.malformed',
    ]);
    log.show(20);
    expect(await opened.found()).toEqual(FINE);
  });

  it('too few witnesses, and a log that stands still by their clocks or by ours', async () => {
    const [a, b] = [await witnessOf('a.example/witness', 4), await witnessOf('b.example/witness', 5)];
    const witnesses = [a, b].map(({ key }, at) => `witness w${at} ${formatVerifierKey(key)}`).join('\n');
    const policyText = `log ${log.vkey}\n${witnesses}\ngroup both all w0 w1\nquorum both\n`;
    let now = '2026-11-22T08:00:00.000Z';
    const clock: Clock = { now: () => now };
    const opened = await monitorOf({ policyText, clock });
    const time = Date.parse(now) / 1000;
    log.show(10, { cosigners: [[a, time]] });
    expect(await opened.found()).toEqual(['monitor.quorum_not_met', ...FINE]);
    log.show(12, {
      cosigners: [
        [a, time],
        [b, time],
      ],
    });
    expect(await opened.found()).toEqual(FINE);
    now = '2026-11-26T08:00:00.000Z';
    expect(await opened.found()).toEqual([...FINE, 'monitor.frozen']);
    log.show(12, {
      cosigners: [
        [a, time],
        [b, 6_979_262_400], // the year 2191
      ],
    });
    expect(await opened.found()).toEqual([...FINE, 'monitor.frozen']); // nothing new, whatever the time
    log.show(13, {
      cosigners: [
        [a, time],
        [b, 6_979_262_400],
      ],
    });
    expect(await opened.found()).toEqual([...FINE, 'monitor.frozen']); // new here, but the witness saw it days ago
    await opened.monitor.close();

    const alone = await monitorOf({ clock });
    log.show(10);
    expect(await alone.found()).toEqual(FINE);
    now = '2026-11-30T08:00:00.000Z';
    expect(await alone.look()).toMatchObject({ severity: 'trouble', findings: [{}, { code: 'monitor.frozen' }] });
    const patient = await monitorOf({
      directory: (await alone.monitor.close(), alone.directory),
      clock,
      frozenAfterHours: 0,
    });
    expect(await patient.found()).toEqual(FINE);
  });

  it('a size that no log can have ends at the first file that is missing', async () => {
    const size = 256 ** 5;
    const root = Buffer.alloc(32, 5);
    log.show(300);
    log.files.set('checkpoint', Buffer.from(signedCheckpoint({ origin: ORIGIN, size, root }, log.signer)));
    log.files.set('tile/5/000.p/1', root);
    const opened = await monitorOf();
    expect(await opened.found()).toEqual(['monitor.tile_missing']);
    expect(log.requests.length).toBeLessThan(100);
  });

  it('more than one look copies is copied by the next', async () => {
    const opened = await monitorOf({ tilesPerLook: 8 });
    log.show(5000); // 20 tiles of leaves, one above
    expect(await opened.look()).toMatchObject({
      severity: 'trouble',
      findings: [{ code: 'monitor.too_large', en: expect.stringContaining('0 → 5000') as unknown }],
    });
    expect([await opened.found(), await opened.found()]).toEqual([['monitor.too_large'], FINE]);
  });

  it('what anybody can make does not crowd out what only the log can sign', async () => {
    const opened = await monitorOf();
    const first = log.show(10);
    await opened.look();
    for (let n = 0; n < 30; n++) {
      log.files.set('checkpoint', Buffer.from(`no checkpoint ${n}`));
      expect(await opened.found()).toEqual(['monitor.malformed']);
      log.files.set('checkpoint', Buffer.from(first.replace('\n10\n', `\n${11 + n}\n`)));
      expect(await opened.found()).toEqual(['monitor.wrong_key']);
    }
    log.show(10, { divergesAt: 3 });
    expect((await opened.look()).findings[0]).toMatchObject({
      code: 'monitor.fork',
      evidence: expect.any(String) as unknown,
    });
    const kept = (kind: string): number => evidenceOf(opened).filter((path) => path.includes(`/${kind}-`)).length;
    expect(['malformed', 'wrong-key', 'fork'].map(kept)).toEqual([20, 20, 1]);
  });

  it('damage to the monitor’s own mirror is not held against the log', async () => {
    const opened = await monitorOf();
    log.show(700);
    await opened.look();
    const tile = join(opened.directory, 'mirror/tile/0/002.p/188');
    writeFileSync(tile, readFileSync(tile).fill(0, 0, 32));
    log.show(800);
    expect(await opened.look()).toMatchObject({ severity: 'trouble', findings: [{ code: 'monitor.mirror_damaged' }] });
    expect(evidenceOf(opened)).toEqual([]);
  });

  it('a second monitor on the directory', async () => {
    const { directory } = await monitorOf();
    await expect(monitorOf({ directory })).rejects.toMatchObject({ code: 'monitor.locked' });
  });
});

describe('mingjing monitor', () => {
  afterEach(() => (process.exitCode = undefined));

  it('ends with 0, 2 or 3, in both languages or in JSON', async () => {
    const data = newDirectory();
    const policy = join(data, 'policy.txt');
    writeFileSync(policy, `log ${log.vkey}\nquorum none\n`);
    const written: string[] = [];
    const stdout = jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const run = async (...more: string[]): Promise<[code: unknown, text: string]> => {
      await monitorCommand().parseAsync([log.url, '--policy', policy, '--data', data, '--once', ...more], {
        from: 'user',
      });
      return [process.exitCode, written.splice(0).join('')];
    };
    log.show(300);
    expect(await run('--json')).toEqual([0, expect.stringMatching(/^\{.*"severity":"fine".*\}\n$/)]);
    log.show(20, { divergesAt: 7 });
    expect(await run()).toEqual([
      3,
      expect.stringMatching(/历史被改写[^]*Another history[^]*event 8[^]*monitor\.fork/),
    ]);
    log.files.clear();
    expect(await run()).toEqual([2, expect.stringContaining('monitor.unreachable')]);
    stdout.mockRestore();
  });
});
