import fc from 'fast-check';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../../src/kernel/time';
import { formatAddCheckpoint } from '../../src/ledger/transparency/add-checkpoint';
import { formatNote, parseNote, parseSignatureLine } from '../../src/verification/note';
import { parseVerifierKey, verifyNote } from '../../src/verification/verifier-key';
import { logLines, trustedLogs } from '../../src/witness/trusted-logs';
import { startWitness } from '../../src/witness/witness-server';
import { signedCheckpoint, signerOf, witnessOf } from '../verification/signing';
import { newDirectory, runningWitness, told, type TestWitness } from './running-witness';
import { ORIGIN, syntheticLog, type SyntheticLog } from './synthetic-log';
import { until } from '../until';

let log: SyntheticLog;
beforeAll(async () => {
  log = await syntheticLog();
});

/** The time of the cosignature in an answer, which must hold. */
async function verifiedTime(witness: TestWitness, note: string, answer: string): Promise<number> {
  const signatures = [parseSignatureLine(answer.trimEnd())];
  const key = await parseVerifierKey(witness.vkey);
  const [verified] = await verifyNote({ text: parseNote(note).text, signatures }, [key]);
  expect(verified.key).toBe(key);
  return verified.time!;
}

const evidenceOf = ({ directory }: TestWitness, kind: string): string[] =>
  readdirSync(join(directory, 'evidence', kind)).map((name) => join(directory, 'evidence', kind, name));

describe('add-checkpoint', () => {
  it('cosigns the first checkpoint of a log, one that continues it, and the same again', async () => {
    const witness = await runningWitness(log);
    for (const [old, size] of [
      [0, 3],
      [3, 8],
      [8, 8],
      [8, 9],
      [9, 40],
    ]) {
      const { status, body } = await witness.submit(log, old, size);
      expect(status).toBe(200);
      const time = await verifiedTime(witness, log.note(size), body);
      expect(Math.abs(time - Date.now() / 1000)).toBeLessThan(60);
    }
  });

  it('cosigns the empty tree, and what grows from it', async () => {
    const witness = await runningWitness(log);
    expect((await witness.submit(log, 0, 0)).status).toBe(200);
    expect((await witness.submit(log, 0, 0)).status).toBe(200);
    expect((await witness.submit(log, 0, 5)).status).toBe(200);
    expect(await witness.submit(log, 0, 6)).toMatchObject({ status: 409, body: '5\n' });
    const forged = signedCheckpoint({ origin: ORIGIN, size: 0, root: log.root(1) }, log.signer);
    const other = await runningWitness(log);
    expect((await other.add(formatAddCheckpoint({ old: 0, proof: [], note: forged }))).status).toBe(422);
  });

  it('tells the size it has when another is named, in the media type of the protocol', async () => {
    const witness = await runningWitness(log);
    await witness.submit(log, 0, 12);
    const answer = { status: 409, type: 'text/x.tlog.size', body: '12\n' };
    expect(await witness.submit(log, 0, 20)).toEqual(answer);
    expect(await witness.submit(log, 11, 20)).toEqual(answer);
    expect(await witness.submit(log, 15, 20)).toEqual(answer);
    expect(await witness.submit(log, 3, 5)).toEqual(answer);
  });

  it('refuses malformed requests, unknown logs, unknown and broken signatures, and an old size above the new one', async () => {
    const witness = await runningWitness(log);
    const other = await syntheticLog(4, 'other.example/log');
    const stranger = await signerOf(ORIGIN, 9);
    const strangers = signedCheckpoint({ origin: ORIGIN, size: 3, root: log.root(3) }, stranger);
    const broken = log.note(4).replace(/\n4\n/, '\n5\n');
    const status = async (note: string, old = 0): Promise<number> =>
      (await witness.add(formatAddCheckpoint({ old, proof: [], note }))).status;
    expect(await status(other.note(3))).toBe(404);
    expect(await status(strangers)).toBe(403);
    expect(await status(broken)).toBe(403);
    expect(await status(log.note(3), 4)).toBe(400);
    for (const body of [
      '',
      log.note(3),
      `old 0\n${log.note(3)}`,
      `old 00\n\n${log.note(3)}`,
      `old -1\n\n${log.note(3)}`,
      `old 0 \n\n${log.note(3)}`,
      `old 0\r\n\r\n${log.note(3)}`,
      `old 0\nAAAA\n\n${log.note(3)}`,
      `old 0\n${'A'.repeat(43)}B=\n\n${log.note(3)}`, // not canonical: the unused bits are not zero
      `old 1\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n${log.note(3)}`,
      `old 0\n\n${log.note(3).slice(0, -1)}`,
      `old 0\n\n${ORIGIN}\n3\n${log.root(3).toString('base64')}\n`,
      `old 0\n\n${log.note(3).replace('\n3\n', '\n03\n')}`,
      Buffer.from([...Buffer.from('old 0\n\n'), 0xff, 0xfe]),
    ]) {
      expect((await witness.add(body)).status).toBe(400);
    }
    expect(await (await fetch(`${witness.url}/health`)).json()).toMatchObject({ logs: [{ size: 0 }] });
  });

  it('takes 63 hashes and ignores signatures of keys it does not know', async () => {
    const witness = await runningWitness(log);
    await witness.submit(log, 0, 5);
    const note = log.note(9, [[await witnessOf('another.example/witness', 7), 1_700_000_000]]);
    const answer = await witness.add(formatAddCheckpoint({ old: 5, proof: log.proof(5, 9), note }));
    expect(answer.status).toBe(200);
    const proof = Array.from({ length: 63 }, () => log.root(1));
    expect((await witness.add(formatAddCheckpoint({ old: 9, proof, note: log.note(10) }))).status).toBe(422);
  });

  it('a log that changes its key is known by both', async () => {
    const next = await signerOf(ORIGIN, 2);
    const vkeys = [
      log.vkey,
      `# the new one, from 2027\n log ${(await syntheticLog(1, ORIGIN, 2)).vkey} https://example.cn`,
    ];
    const logs = await trustedLogs(logLines([...vkeys, 'quorum none'].join('\n')));
    const witness = await runningWitness(log, { logs });
    expect((await witness.submit(log, 0, 5)).status).toBe(200);
    const note = signedCheckpoint({ origin: ORIGIN, size: 7, root: log.root(7) }, next);
    expect((await witness.add(formatAddCheckpoint({ old: 5, proof: log.proof(5, 7), note }))).status).toBe(200);
  });
});

describe('a log with two histories', () => {
  it('gets 422 for another root of the same size, and both notes are kept and told', async () => {
    const witness = await runningWitness(log);
    const forked = log.rewritten(2);
    await witness.submit(log, 0, 10);
    expect((await witness.submit(forked, 10, 10)).status).toBe(422);
    expect((await witness.submit(forked, 10, 10)).status).toBe(422);
    const [folder, ...more] = evidenceOf(witness, 'two-roots');
    expect(more).toEqual([]);
    expect(readFileSync(join(folder, 'kept.checkpoint'), 'utf8')).toBe(log.note(10));
    expect(readFileSync(join(folder, 'received.checkpoint'), 'utf8')).toBe(forked.note(10));
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toMatchObject({
      kind: 'two-roots',
      size: 10,
    });
    expect(told.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      expect.stringContaining('TWO ROOTS'),
    ]);
    const page = await (await fetch(witness.url)).text();
    expect(page).toContain(`evidence/two-roots/`);
    const [, address] = /href="(evidence\/[^"]+)"/.exec(page)!;
    expect(await (await fetch(`${witness.url}/${address}`)).json()).toMatchObject({ keptSize: 10 });
    expect((await witness.submit(log, 10, 11)).status).toBe(200); // the history it has goes on
  });

  it('gets 422 when it grows from another history, and the exchange is kept', async () => {
    const witness = await runningWitness(log);
    const forked = log.rewritten(2);
    await witness.submit(log, 0, 10);
    expect((await witness.submit(forked, 10, 15)).status).toBe(422);
    const [folder] = evidenceOf(witness, 'bad-proof');
    const request = formatAddCheckpoint({ old: 10, proof: forked.proof(10, 15), note: forked.note(15) });
    expect(readFileSync(join(folder, 'request.txt'), 'utf8')).toBe(request);
    expect(await witness.submit(log, 0, 20)).toMatchObject({ status: 409, body: '10\n' });
  });

  it('is found out also where the protocol answers something else: an old size with another root', async () => {
    const witness = await runningWitness(log);
    await witness.submit(log, 0, 10);
    await witness.submit(log, 10, 20);
    expect((await witness.submit(log.rewritten(2), 0, 10)).status).toBe(409);
    expect(evidenceOf(witness, 'two-roots')).toHaveLength(1);
  });

  it('bad proofs, which anybody can send, cannot fill the disk or crowd out what counts', async () => {
    const big = await syntheticLog(260);
    const witness = await runningWitness(big);
    await witness.submit(big, 0, 1);
    for (let size = 2; size <= 230; size++) {
      const note = big.note(size);
      expect((await witness.add(formatAddCheckpoint({ old: 1, proof: [], note }))).status).toBe(422);
    }
    expect(evidenceOf(witness, 'bad-proof')).toHaveLength(200);
    expect((await witness.submit(big.rewritten(0), 1, 1)).status).toBe(422);
    expect(evidenceOf(witness, 'two-roots')).toHaveLength(1);
  });
});

describe('a witness', () => {
  it('cosigns one of many requests at once and tells the others what it has', async () => {
    const witness = await runningWitness(log);
    await witness.submit(log, 0, 4);
    const sizes = [5, 6, 7, 8, 9, 10, 11, 12];
    const answers = await Promise.all(sizes.map((size) => witness.submit(log, 4, size)));
    const winners = sizes.filter((_, at) => answers[at].status === 200);
    expect(winners).toHaveLength(1);
    for (const { status, body } of answers.filter(({ status }) => status !== 200)) {
      expect([status, body]).toEqual([409, `${winners[0]}\n`]);
    }
  });

  it('never signs an earlier time than before, whatever its clock says, also after a restart', async () => {
    let now = '2026-11-22T08:00:00.000Z';
    const clock: Clock = { now: () => now };
    const first = await runningWitness(log, { clock });
    const at = async (witness: TestWitness, old: number, size: number): Promise<number> =>
      verifiedTime(witness, log.note(size), (await witness.submit(log, old, size)).body);
    const before = await at(first, 0, 5);
    now = '2026-11-22T07:56:00.000Z';
    expect(await at(first, 5, 6)).toBe(before);
    await first.close();
    const again = await runningWitness(log, { clock, directory: first.directory });
    expect(again.vkey).toBe(first.vkey);
    expect(await at(again, 6, 6)).toBe(before);
    now = '2026-11-22T09:00:00.000Z';
    expect(await at(again, 6, 7)).toBe(before + 3600);
  });

  it('signs nothing while its clock is far behind what it has signed: one of the two times is wrong', async () => {
    let now = '2191-03-01T00:00:00.000Z'; // for a moment, after a reset
    const witness = await runningWitness(log, { clock: { now: () => now } });
    expect((await witness.submit(log, 0, 5)).status).toBe(200);
    now = '2026-11-22T08:00:00.000Z';
    for (const size of [5, 6]) expect((await witness.submit(log, 5, size)).status).toBe(503);
    expect(told.map(({ message }) => message)).toEqual(Array(2).fill(expect.stringContaining('CLOCK')));
    expect(await witness.submit(log, 0, 6)).toMatchObject({ status: 409, body: '5\n' }); // nothing was stored
  });

  it('that has lost its memory does not believe what it is shown, until it is told to begin anew', async () => {
    const first = await runningWitness(log);
    await first.submit(log, 0, 20);
    await first.close();
    const { directory } = first;
    for (const name of readdirSync(directory).filter((file) => file.startsWith('witness.db'))) {
      rmSync(join(directory, name));
    }
    await expect(runningWitness(log, { directory })).rejects.toMatchObject({ code: 'witness.store_lost' });
    await expect(runningWitness(log, { directory })).rejects.toMatchObject({ code: 'witness.store_lost' });
    const again = await runningWitness(log, { directory, beginAnew: true });
    expect([again.vkey, (await again.submit(log.rewritten(2), 0, 20)).status]).toEqual([first.vkey, 200]);
    await again.close();
    await runningWitness(log, { directory }); // told once

    const other = await runningWitness(log, { name: 'other.example/witness' });
    await other.close();
    writeFileSync(join(other.directory, 'witness.key'), readFileSync(join(directory, 'witness.key')));
    const foreign = runningWitness(log, { directory: other.directory, name: undefined });
    await expect(foreign).rejects.toMatchObject({ code: 'witness.store_of_another' });
  });

  it('has its directory to itself, and one name', async () => {
    const witness = await runningWitness(log);
    await expect(runningWitness(log, { directory: witness.directory })).rejects.toMatchObject({
      code: 'witness.locked',
    });
    await witness.close();
    const renamed = { directory: witness.directory, name: 'another.example/witness' };
    await expect(runningWitness(log, renamed)).rejects.toMatchObject({ code: 'witness.name_changed' });
    const key = join(witness.directory, 'witness.key');
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const secret = readFileSync(key, 'utf8');
    writeFileSync(key, secret.replace(/\+[0-9a-f]{8}\+/, '+00000000+'));
    const damaged = runningWitness(log, { directory: witness.directory, name: undefined });
    await expect(damaged).rejects.toMatchObject({ code: 'witness.key_unreadable' });
    await expect(runningWitness(log, { name: undefined })).rejects.toMatchObject({ code: 'witness.name_missing' });
    await expect(trustedLogs([])).rejects.toMatchObject({ code: 'witness.no_logs' });
    await expect(trustedLogs([witness.vkey])).rejects.toMatchObject({ code: 'witness.not_a_log_key' });
  });

  it('shows what it has cosigned, page by page, each checkpoint with both signatures', async () => {
    const witness = await runningWitness(log);
    const sizes = [3, 8, 9, 20, 40];
    const answers: string[] = [];
    for (const [at, size] of sizes.entries()) answers.push((await witness.submit(log, sizes[at - 1] ?? 0, size)).body);
    await witness.submit(log, 40, 40);
    interface Page {
      checkpoints: { size: number; root: string; time: number; checkpoint: string }[];
      next?: string;
    }
    const start = `${witness.url}/log/${encodeURIComponent(ORIGIN)}/history`;
    const shown: Page['checkpoints'] = [];
    for (let next: string | undefined = '?limit=2'; next;) {
      const page = (await (await fetch(start + next)).json()) as Page;
      shown.push(...page.checkpoints);
      next = page.next;
    }
    expect(shown.map(({ size }) => size)).toEqual(sizes);
    // The very lines it has answered with; it signs nothing for whoever only looks.
    expect(shown.map(({ checkpoint }) => checkpoint)).toEqual(sizes.map((size, at) => log.note(size) + answers[at]));
    const keys = [log.signer.key, await parseVerifierKey(witness.vkey)];
    for (const { size, root, time, checkpoint } of shown) {
      expect(root).toBe(log.root(size).toString('base64'));
      expect((await verifyNote(parseNote(checkpoint), keys)).map((v) => v.time)).toEqual([undefined, time]);
    }
    const page = await (await fetch(witness.url)).text();
    const [, byHash] = /href="(log\/[0-9a-f]{64}\/history)"/.exec(page)!;
    expect((await fetch(`${witness.url}/${byHash}`)).status).toBe(200);
    expect((await fetch(`${witness.url}/log/nobody/history`)).status).toBe(404);
    expect((await fetch(`${start}?limit=501`)).status).toBe(400);
    expect(page).toContain(witness.vkey.replaceAll('+', '+'));
    expect(await (await fetch(`${witness.url}/vkey`)).text()).toBe(`${witness.vkey}\n`);
  });

  it('answers 413 to a long body, 405 to another method, and gives nothing else away', async () => {
    const witness = await runningWitness(log);
    expect((await witness.add('a'.repeat(200_000))).status).toBe(413);
    const endless = new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(16_384)) });
    const chunked = fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body: endless, duplex: 'half' });
    expect((await chunked).status).toBe(413);
    expect((await fetch(`${witness.url}/add-checkpoint`)).status).toBe(405);
    for (const path of ['/witness.key', '/evidence/two-roots/../../witness.key', '/evidence/two-roots/a/witness.key']) {
      expect((await fetch(`${witness.url}${path}`)).status).toBe(404);
    }
    await witness.submit(log, 0, 9);
    await witness.submit(log.rewritten(2), 9, 9);
    const { pathname } = new URL(evidenceOf(witness, 'two-roots')[0], 'file://');
    const folder = `/evidence/two-roots/${pathname.split('/').at(-1)}`;
    const asked = async (path: string): Promise<number | undefined> => {
      const { hostname, port } = new URL(witness.url);
      const [response] = (await once(get({ hostname, port, path }), 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    expect(await asked(`${folder}/report.json`)).toBe(200);
    for (const file of ['..', '.', '...', '.json', 'report.', '../witness.key']) {
      expect([file, await asked(`${folder}/${file}`)]).toEqual([file, 404]);
    }
    expect((await fetch(witness.url, { method: 'HEAD' })).status).toBe(200);
  });

  it('is not silenced by many who do not finish their requests', async () => {
    const witness = await runningWitness(log, { requestTimeoutMs: 60_000 });
    const { port, hostname } = new URL(witness.url);
    const slow = Array.from({ length: 200 }, () => connect(Number(port), hostname));
    await Promise.all(slow.map((socket) => once(socket, 'connect')));
    for (const socket of slow) {
      socket.on('error', () => undefined);
      socket.write('POST /add-checkpoint HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nold');
    }
    // Sent after theirs, and so read after theirs.
    for (const [old, size] of [
      [0, 5],
      [5, 9],
    ]) {
      expect((await fetch(`${witness.url}/health`)).status).toBe(200);
      expect((await witness.submit(log, old, size)).status).toBe(200);
    }
    for (const socket of slow) socket.destroy();
  });

  it('tells those to come back whom it cannot serve at the same time, but not who asks for its health', async () => {
    const witness = await runningWitness(log);
    await witness.submit(log, 0, 4);
    const many = Array.from({ length: 300 }, () => witness.submit(log, 0, 9));
    const health = fetch(`${witness.url}/health`);
    for (const { status } of await Promise.all(many)) expect([409, 503]).toContain(status);
    expect((await health).status).toBe(200);
    expect((await witness.submit(log, 4, 9)).status).toBe(200);
  });

  it('takes so many connections of one address, and another when one ends', async () => {
    const witness = await runningWitness(log, { perAddress: 4 });
    const { port, hostname } = new URL(witness.url);
    const open = Array.from({ length: 4 }, () => connect(Number(port), hostname));
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    const further = connect(Number(port), hostname);
    further.on('error', () => undefined);
    await once(further, 'close');
    open[0].destroy();
    const served = async (): Promise<boolean> =>
      fetch(`${witness.url}/health`).then(
        ({ status }) => status === 200,
        () => false,
      );
    await until(served); // it has noticed
    for (const socket of open) socket.destroy();
  });

  it('cuts off who sends too slowly, and closes while somebody does', async () => {
    const witness = await runningWitness(log, { requestTimeoutMs: 200 });
    const { port, hostname } = new URL(witness.url);
    const slow = connect(Number(port), hostname);
    slow.write('POST /add-checkpoint HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nold');
    const answer = await new Promise<string>((resolve) => slow.once('data', (data) => resolve(String(data))));
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    const other = connect(Number(port), hostname);
    other.on('error', () => undefined);
    await new Promise((resolve) => other.once('connect', resolve));
    other.write('POST /add-checkpoint HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nold');
    await witness.close();
    expect(told.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('answers any bytes with a status of the protocol, never 500', async () => {
    const witness = await runningWitness(log);
    await witness.submit(log, 0, 7);
    const honest = formatAddCheckpoint({ old: 7, proof: log.proof(7, 9), note: log.note(9) });
    const mangled = fc
      .tuple(
        fc.nat(honest.length),
        fc.nat(20),
        fc.oneof(fc.string(), fc.constantFrom('\n', '\n\n', '— ', 'old 7', '=')),
      )
      .map(([at, cut, put]) => honest.slice(0, at) + put + honest.slice(at + cut));
    const lines = fc
      .array(fc.constantFrom(...honest.split('\n'), '', ORIGIN, '9007199254740993', 'old 9007199254740991'))
      .map((some) => some.join('\n'));
    const bodies = fc.oneof(fc.uint8Array({ maxLength: 300 }), mangled, lines, fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        expect([200, 400, 403, 404, 409, 422]).toContain((await witness.add(body)).status);
      }),
      { numRuns: 400 },
    );
    expect(told.filter(({ message }) => message.includes('failed'))).toEqual([]);
  });
});

it('an exchange is these bytes', async () => {
  const clock: Clock = { now: () => '2026-11-22T08:00:00.000Z' };
  const directory = newDirectory();
  const seed = Buffer.concat([Buffer.of(4), Buffer.alloc(32, 5)]).toString('base64');
  const { key } = await witnessOf('witness.example.edu.cn/mingjing', 5);
  const keyId = key.keyId.toString(16).padStart(8, '0');
  writeFileSync(join(directory, 'witness.key'), `PRIVATE+KEY+${key.name}+${keyId}+${seed}\n`, { mode: 0o600 });
  const witness = await runningWitness(log, { directory, clock, name: undefined, beginAnew: true });
  await witness.submit(log, 0, 7);
  const request = formatAddCheckpoint({ old: 7, proof: log.proof(7, 20), note: log.note(20) });
  const { status, body } = await witness.add(request);
  expect(status).toBe(200);
  const golden = join(__dirname, 'golden');
  const exchange = { 'add-checkpoint.request': request, 'add-checkpoint.response': body };
  for (const [name, bytes] of Object.entries(exchange)) {
    if (process.env.UPDATE) writeFileSync(join(golden, name), bytes);
    expect(bytes).toBe(readFileSync(join(golden, name), 'utf8'));
  }
  formatNote({ ...parseNote(log.note(20)), signatures: [parseSignatureLine(body.trimEnd())] });
});

it('what cannot listen leaves the directory free', async () => {
  const witness = await runningWitness(log);
  const directory = newDirectory();
  const logs = await trustedLogs([log.vkey]);
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const port = Number(new URL(witness.url).port);
  const taken = startWitness({ name: 'a.example/w', host: '127.0.0.1', port, directory, logs, logger });
  await expect(taken).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await runningWitness(log, { directory, name: undefined });
});
