import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ERASED as ERASED_TEXT } from '../../src/kernel/erased';
import { openLedgerAt } from '../../src/ledger/commitment/open-ledger';
import { exportLedger, type ExportOptions, type Place } from '../../src/ledger/moving/export-ledger';
import { importLedger, type ImportOptions, type Imported } from '../../src/ledger/moving/import-ledger';
import { parsePolicy } from '../../src/verification/policy';
import { verifyProof } from '../../src/verification/verify-proof';
import { sampleEvent } from '../contract/sample-events';
import { sharedEventStore, type SharedEventStore } from '../eventstoredb/scripted-process';
import { freshPrefix } from '../eventstoredb/run';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { SealedLedger } from '../transparency/sealed-ledger';
import { ERASED, filesBelow, folder, ledgerToMove, ofOthers, placeOf } from './moved-ledger';

const PART_BYTES = 100_000;
const EVENTS = 933;
const SEALED = 913;

let source: SealedLedger;
let server: SharedEventStore;
/** Checkpoints of the archive: those it has published, the one that readers see, and the one signed last. */
let compared: number;
const files = folder();
/** The archive of the source, with the log's key. */
const archive = files.join('archive');

beforeAll(async () => {
  source = await ledgerToMove();
  server = await sharedEventStore();
  const { log } = await exported({ directory: archive, withLogKey: true });
  compared = log!.published + 2;
});
afterAll(async () => {
  await server.stop();
  await source.erase();
  files.remove();
});

const exported = (options: Partial<ExportOptions> & { directory: string }) =>
  exportLedger({ from: placeOf(source.directory), partBytes: PART_BYTES, ...options });

/** An empty place whose events are on the server. */
const onServer = (name: string): Place => ({
  ...placeOf(files.join(name)),
  ledger: { eventStore: server.eventStoreUrl, prefix: freshPrefix() },
});

const imported = (to: Place, options: Partial<ImportOptions> = {}): Promise<Imported> =>
  importLedger({ directory: archive, to, ...options });

/** The archive once more, to do something to. */
function copied(name: string): string {
  const copy = files.join(name);
  cpSync(archive, copy, { recursive: true });
  return copy;
}

async function eventsIn(place: Place): Promise<number> {
  const { stored, store } = await openLedgerAt(place, { readOnly: true }).catch(() => ({
    stored: undefined,
    store: undefined,
  }));
  const head = (await stored?.head()) ?? 0;
  await store?.close();
  return head;
}

describe('a ledger that moves from files to an event store and back', () => {
  it('is the same ledger: archives, tiles, roots, proofs; and goes on as the same log', async () => {
    const there = onServer('there');
    expect(await imported(there)).toMatchObject({
      ...{ events: EVENTS, appended: EVENTS, destroyed: 1 },
      log: { origin: 'ledger.example.cn/log', size: SEALED, compared, vkeys: [expect.stringMatching(/^ledger/)] },
    });
    const second = files.join('second');
    await exportLedger({ directory: second, from: there, withLogKey: true, partBytes: PART_BYTES });
    const [before, after] = [filesBelow(archive), filesBelow(second)];
    expect([...after.keys()]).toEqual([...before.keys()]);
    expect(before.size).toBeGreaterThan(10);
    for (const [file, bytes] of before)
      if (file !== 'manifest.json') expect([file, after.get(file)]).toEqual([file, bytes]);

    const back = source.copy();
    rmSync(back.directory, { recursive: true });
    await importLedger({ directory: second, to: placeOf(back.directory) });
    const tiles = filesBelow(back.file('log/tile'));
    for (const [file, bytes] of tiles) expect(readFileSync(source.file(`log/tile/${file}`), 'latin1')).toBe(bytes);
    expect([...tiles.keys()].filter((file) => !file.includes('.p'))).toEqual(
      [...filesBelow(source.file('log/tile')).keys()].filter((file) => !file.includes('.p')),
    );
    for (const name of ['checkpoint', 'signed', 'vkey']) {
      expect(readFileSync(back.file(`log/${name}`))).toEqual(readFileSync(source.file(`log/${name}`)));
    }

    const policy = await parsePolicy(back.policy);
    const proofs = readdirSync(join(back.root, 'outside')).filter((name) => name.endsWith('.tlog-proof'));
    expect(proofs).toHaveLength(2);
    for (const name of proofs) await verifyProof(readFileSync(back.outside(name), 'utf8'), policy);

    const { store } = await openLedgerAt(placeOf(back.directory), { readOnly: true });
    const page = await store.readAll({ direction: 'forwards', limit: 5 });
    expect(page.map(({ data }) => data.facts === ERASED_TEXT)).toEqual(
      page.map(({ data }) => `party:${String(data.partyId)}` === ERASED),
    );
    await store.close();
    const { vault, store: writing } = await openLedgerAt(placeOf(back.directory), {});
    await expect(vault.keysForWriting([ERASED])).rejects.toMatchObject({ code: 'privacy.subject_erased' });
    await writing.close();

    expect(await back.seal()).toMatchObject({ size: EVENTS });
    expect(
      await verifyProof(readFileSync(await back.keepProof(920), 'utf8'), await parsePolicy(`log ${vkeyOf(back)}`)),
    ).toBeDefined();
    expect((await back.check({ checkpoint: ['300.checkpoint', '700.checkpoint', '913.checkpoint'] })).findings).toEqual(
      [],
    );
    expect(await back.monitor()).toBeDefined(); // from the place of before, with what it has seen there
    rmSync(back.root, { recursive: true });
  });

  it('with the vault and the log in PostgreSQL', async () => {
    const settings = freshSchema();
    const wrapping = files.join('wrapping.key');
    const there: Place = {
      ...onServer('cluster'),
      vault: { postgres: settings, wrappingKeys: { file: wrapping } },
      log: { postgres: settings },
      logKey: files.join('cluster.key'),
    };
    await imported(there);
    const second = files.join('from-cluster');
    await exportLedger({ directory: second, from: there, withLogKey: true, partBytes: PART_BYTES });
    const after = filesBelow(second);
    for (const [file, bytes] of filesBelow(archive)) {
      if (file !== 'manifest.json') expect([file, after.get(file)]).toEqual([file, bytes]);
    }
    expect((await imported(there)).appended).toBe(0);
    await dropSchema(settings);
  });
});

const vkeyOf = (ledger: SealedLedger): string => readFileSync(ledger.file('log/vkey'), 'utf8').trim();

describe('an import that is killed', () => {
  const places: ReadonlyArray<[string, number, (name: string) => Place]> = [
    ['files', 4, (name) => placeOf(files.join(name))],
    ['an event store', 250, onServer],
  ];
  it.each(places)(
    'again and again, into %s, goes on where it was, and ends as if it never had been',
    async (what, steps, place) => {
      const to = place(`killed ${what}`);
      const options = files.join(`${what}.json`);
      writeFileSync(options, JSON.stringify({ directory: archive, to }));
      let done: Imported | undefined;
      const seen = new Set<string>();
      for (let lines = 4; !done; lines += 1 + Math.floor(Math.random() * steps)) {
        done = await killedAfter(lines, options, seen);
      }
      expect(done).toMatchObject({ events: EVENTS, log: { compared } });
      expect([...seen]).toEqual(expect.arrayContaining(['files', 'roots', 'append', 'compare', 'verify']));
      const again = files.join(`again ${what}`);
      await exportLedger({ directory: again, from: to, withLogKey: true, partBytes: PART_BYTES });
      const after = filesBelow(again);
      for (const [file, bytes] of filesBelow(archive)) {
        if (file !== 'manifest.json') expect([file, after.get(file)]).toEqual([file, bytes]);
      }
    },
    240_000,
  );
});

/** Runs the import in a process of its own, which is killed after so many steps of its progress; what it has done when it was faster. */
async function killedAfter(steps: number, options: string, seen: Set<string>): Promise<Imported | undefined> {
  const script = [join(__dirname, '../faults/run-ts.cjs'), join(__dirname, 'moving-child.ts'), options];
  const child = spawn(process.execPath, ['-r', ...script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [step, rest] = line.split(/ (.*)/);
    if (step === 'imported') return JSON.parse(rest) as Imported;
    seen.add(step);
    if (++told === steps) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  if (child.signalCode !== 'SIGKILL') throw new Error(`the import failed: ${child.exitCode}`);
  return undefined;
}

/** Changes a file of a copied archive, and what the manifest says of it, as somebody does who knows how it is made. */
function forged(directory: string, file: string, change: (text: string) => string): void {
  const path = join(directory, file);
  const [before, after] = [readFileSync(path), Buffer.from(change(readFileSync(path, 'utf8')))];
  const sum = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  writeFileSync(path, after);
  const manifest = readFileSync(join(directory, 'manifest.json'), 'utf8');
  writeFileSync(
    join(directory, 'manifest.json'),
    manifest.replace(sum(before), sum(after)).replace(`"bytes": ${before.length},`, `"bytes": ${after.length},`),
  );
}

describe('an archive that is not what was exported is refused, and nothing is written', () => {
  const first = 'events/000000000001.ndjson';
  const swapped = (text: string): string => {
    const lines = text.split('\n');
    [lines[3], lines[4]] = [lines[4], lines[3]];
    return lines.join('\n');
  };
  type Damage = (directory: string) => unknown;
  const edited =
    (file: string, change: (text: string) => string): Damage =>
    (directory) =>
      writeFileSync(join(directory, file), change(readFileSync(join(directory, file), 'utf8')));
  const damages: ReadonlyArray<[what: string, where: RegExp, code: string, Damage]> = [
    [
      'a changed event',
      /events\/000000000001/,
      'moving.damaged',
      edited(first, (text) => text.replace('"amountFen":50003', '"amountFen":50004')),
    ],
    ['swapped lines', /events\/000000000001/, 'moving.damaged', edited(first, swapped)],
    ['a cut part', /events\/000000000001/, 'moving.damaged', edited(first, (text) => text.slice(0, -100))],
    ['a missing part', /events\/000000000001/, 'moving.damaged', (directory) => rmSync(join(directory, first))],
    [
      'no manifest',
      /no manifest\.json/,
      'moving.not_an_archive',
      (directory) => rmSync(join(directory, 'manifest.json')),
    ],
    [
      'another checkpoint',
      /log\/published/,
      'moving.damaged',
      edited('log/published.ndjson', (text) => text.replace('\\n300\\n', '\\n301\\n')),
    ],
    [
      'a changed event, and a manifest that says so',
      /first 300 events .* log\/published\.ndjson:1/,
      'moving.root_differs',
      (directory) => forged(directory, first, (text) => text.replace('"amountFen":50003', '"amountFen":50004')),
    ],
    [
      'swapped lines, and a manifest that says so',
      /000000000001\.ndjson:4: position 5 stands where 4/,
      'moving.damaged',
      (directory) => forged(directory, first, swapped),
    ],
    [
      'a checkpoint signed by nobody, and a manifest that says so',
      /published\.ndjson:\d: .*signed/,
      'moving.damaged',
      (directory) => forged(directory, 'log/published.ndjson', (text) => text.replace('\\n700\\n', '\\n701\\n')),
    ],
    [
      'another vault, and a manifest that says so',
      /first 300 events/,
      'moving.root_differs',
      (directory) => forged(directory, 'vault.ndjson', (text) => text.replace(/"key":"[^"]{4}/, '"key":"AAAA')),
    ],
  ];
  it.each(damages)('%s', async (what, where, code, damage) => {
    const directory = copied(what);
    await damage(directory);
    const to = placeOf(files.join(`of ${what}`));
    const refused = importLedger({ directory, to });
    await expect(refused).rejects.toMatchObject({ code });
    await expect(refused).rejects.toThrow(where);
    expect(await eventsIn(to)).toBe(0);
  });

  it('another key of a subject: found when what is stored is read back', async () => {
    const directory = copied('other key');
    forged(directory, 'vault.ndjson', (text) =>
      text.replace(/("subject-key","subject":"party:p-3","key":")..../, '$1AAAA'),
    );
    await expect(importLedger({ directory, to: placeOf(files.join('of other key')) })).rejects.toThrow(/party:p-3/);
  });
});

describe('a place that is not empty is left as it is', () => {
  it('another ledger, or another beginning', async () => {
    const to = placeOf(files.join('taken'));
    await imported(to, { eventsOnly: true });
    const other = files.join('other archive');
    const directory = copied('other archive');
    expect(directory).toBe(other);
    forged(other, 'events/000000000001.ndjson', (text) => text.replace('"amountFen":50003', '"amountFen":50004'));
    const refusal = { code: 'moving.target_not_empty' };
    await expect(importLedger({ directory: other, to, eventsOnly: true })).rejects.toMatchObject({
      code: 'moving.root_differs',
    });
    const { store } = await openLedgerAt({ ...to, vault: { directory: source.directory } }, {});
    await store.append('case-more', 'no_stream', [sampleEvent(1, { data: { n: 1 } })]);
    await store.close();
    await expect(imported(to)).rejects.toMatchObject(refusal);
  });

  it('a vault, a log, or keys of a log that are others', async () => {
    const stranger = await SealedLedger.make({ witnessed: false });
    await stranger.record(3);
    await stranger.seal({ witnessed: false });
    const theirs = placeOf(stranger.directory);
    const refusal = { code: 'moving.target_not_empty' };
    await expect(imported(theirs)).rejects.toMatchObject(refusal);
    await expect(imported({ ...placeOf(files.join('v')), vault: theirs.vault })).rejects.toMatchObject(refusal);
    await expect(imported({ ...placeOf(files.join('l')), log: theirs.log })).rejects.toMatchObject(refusal);
    await expect(imported({ ...placeOf(files.join('k')), logKey: theirs.logKey })).rejects.toMatchObject(refusal);
    await stranger.erase();
  });
});

describe('an archive', () => {
  it('goes without its vault, which travels apart', async () => {
    const directory = files.join('without');
    expect(await exported({ directory, withoutVault: true })).not.toHaveProperty('vault');
    const to = placeOf(files.join('apart'));
    await expect(importLedger({ directory, to })).rejects.toMatchObject({ code: 'moving.vault_needed' });
    expect(await importLedger({ directory, to, vaultFile: join(archive, 'vault.ndjson') })).toMatchObject({
      destroyed: 1,
    });
  });

  it('is for its owner alone, and has no key of the log unless it is asked for', async () => {
    for (const file of readdirSync(archive, { recursive: true, encoding: 'utf8' })) {
      expect([file, statSync(join(archive, file)).mode & 0o077]).toEqual([
        file,
        statSync(join(archive, file)).isDirectory() ? expect.any(Number) : 0,
      ]);
    }
    const directory = files.join('keyless');
    await exported({ directory });
    expect(readdirSync(directory)).not.toContain('log.key');
    await expect(exported({ directory })).rejects.toMatchObject({ code: 'moving.directory_not_empty' });
  });

  it('is refused of a ledger in use, unless it is a copy ahead, which the import after the move goes on with', async () => {
    const ledger = source.copy();
    const from = placeOf(ledger.directory);
    const { store } = await openLedgerAt(from, {});
    await expect(exportLedger({ directory: files.join('in use'), from })).rejects.toThrow(/another process is using/);
    await exportLedger({ directory: files.join('ahead'), from, running: true });
    const to = onServer('ahead place');
    expect(await importLedger({ directory: files.join('ahead'), to, eventsOnly: true })).toEqual({
      events: EVENTS,
      appended: EVENTS,
    });
    await store.close();
    await ledger.record(4, ofOthers);
    await exportLedger({ directory: files.join('after'), from });
    expect(await importLedger({ directory: files.join('after'), to })).toMatchObject({
      events: EVENTS + 4,
      appended: 4,
    });
    rmSync(ledger.root, { recursive: true });
  });
});
