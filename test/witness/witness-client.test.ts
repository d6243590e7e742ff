import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAddCheckpoint } from '../../src/ledger/transparency/add-checkpoint';
import type { Collected } from '../../src/ledger/transparency/sealer';
import { WitnessClient, type WitnessClientOptions } from '../../src/ledger/transparency/witness-client';
import { formatSignatureLine, parseNote, parseSignatureLine } from '../../src/verification/note';
import { parsePolicy } from '../../src/verification/policy';
import { formatVerifierKey, parseVerifierKey, verifyNote } from '../../src/verification/verifier-key';
import { witnessOf, type Signer } from '../verification/signing';
import { atEnd, newDirectory, runningWitness, type TestWitness } from './running-witness';
import { DEAD, scriptedServer } from './scripted-server';
import { syntheticLog, type SyntheticLog } from './synthetic-log';
import { until } from '../until';

let log: SyntheticLog;
let imposter: Signer;
beforeAll(async () => {
  log = await syntheticLog();
  imposter = await witnessOf('scripted.example/witness', 8);
});

interface Party {
  readonly name: string;
  readonly vkey: string;
  readonly url?: string;
}

interface TestClient {
  collect(size: number, of?: SyntheticLog): Promise<Collected>;
  readonly evidence: string;
  /** Advances the client's clock. */
  pass(ms: number): void;
}

async function clientOf(
  parties: readonly Party[],
  threshold: number | 'all' | 'any' | 'none',
  options: Partial<WitnessClientOptions> = {},
): Promise<TestClient> {
  const group = `group enough ${threshold} ${parties.map(({ name }) => name).join(' ')}\nquorum enough\n`;
  const lines = parties.map(({ name, vkey, url = '' }) => `witness ${name} ${vkey} ${url}\n`).join('');
  const policy = await parsePolicy(`log ${log.vkey}\n${lines}${threshold === 'none' ? 'quorum none\n' : group}`);
  const evidence = join(newDirectory(), 'evidence');
  let now = Date.now();
  const client = new WitnessClient({ policy, timeoutMs: 5000, evidence, now: () => now, random: () => 1, ...options });
  atEnd(() => client.close());
  return {
    evidence,
    collect: (size, of = log) => client.collect(of.note(size), async (old) => of.proof(old, size)),
    pass: (ms) => (now += ms),
  };
}

const scripted = (url: string, name = 'scripted'): Party => ({ name, url, vkey: formatVerifierKey(imposter.key) });

const honest = async (name: string): Promise<TestWitness & Party> => ({
  ...(await runningWitness(log, { name: `${name}.example/witness` })),
  name,
});

const codes = ({ troubles }: Collected): Record<string, string> =>
  Object.fromEntries(troubles.map(({ witness, code }) => [witness, code]));

async function expectValid({ cosignatures }: Collected, size: number, by: readonly Party[]): Promise<void> {
  const keys = await Promise.all(by.map(({ vkey }) => parseVerifierKey(vkey)));
  const note = { text: parseNote(log.note(size)).text, signatures: cosignatures.map(parseSignatureLine) };
  expect((await verifyNote(note, keys)).map(({ key }) => key.name)).toEqual(keys.map(({ name }) => name));
  expect(cosignatures).toHaveLength(by.length);
}

const nowInSeconds = (): number => Math.floor(Date.now() / 1000);

/** The line by which the scripted witness cosigns what it was sent. */
const cosigned = (body: string, by = imposter, time = nowInSeconds()): string =>
  formatSignatureLine(by.cosign(parseNote(parseAddCheckpoint(body).note).text, time));

describe('collecting cosignatures', () => {
  it('two of seven are enough when the others are dead, slow, lying, full, busy and confused', async () => {
    const [a, b] = [await honest('a'), await honest('b')];
    const silent = await scriptedServer(() => undefined);
    const lying = await scriptedServer((body, response) => {
      const genuine = imposter.cosign(parseNote(parseAddCheckpoint(body).note).text, nowInSeconds());
      response.end(
        formatSignatureLine({ ...genuine, signature: genuine.signature.with(20, genuine.signature[20] ^ 1) }),
      );
    });
    const confused = await scriptedServer((_, response) => void response.writeHead(409).end());
    const busy = await scriptedServer((_, response) => void response.writeHead(429, { 'retry-after': '5' }).end());
    const keyed = async (name: string, seed: number, url: string): Promise<Party> => {
      const { key } = await witnessOf(`${name}.example/witness`, seed);
      return { name, url, vkey: formatVerifierKey(key) };
    };
    const parties = [
      a,
      b,
      await keyed('dead', 11, DEAD),
      await keyed('slow', 12, silent.url),
      scripted(lying.url, 'lying'),
      await keyed('confused', 13, confused.url),
      await keyed('busy', 14, busy.url),
    ];
    const client = await clientOf(parties, 2);
    const collected = await client.collect(5);
    await expectValid(collected, 5, [a, b]);
    expect(collected.met).toBe(true);
    expect(codes(collected)).toEqual({
      dead: 'witness.unreachable',
      slow: 'witness.slow',
      lying: 'witness.signature_invalid',
      confused: 'witness.refused',
      busy: 'witness.busy',
    });
    expect(collected.troubles.filter(({ conflict }) => conflict)).toEqual([]);

    // In the next round none of them is asked again, and what is wrong with them is still told.
    const asked = (): number[] => [silent, lying, confused, busy].map(({ requests }) => requests.length);
    const before = asked();
    const next = await client.collect(7);
    await expectValid(next, 7, [a, b]);
    expect([codes(next), asked()]).toEqual([codes(collected), before]);
    client.pass(4000); // above the first pause of the others, below what the busy one wants
    await client.collect(8);
    expect(asked().map((count, at) => count - before[at])).toEqual([0, 1, 1, 0]); // the silent one is still being waited for
    client.pass(2000);
    await client.collect(9);
    expect(busy.requests).toHaveLength(2);
    expect((await clientOf(parties, 3, { timeoutMs: 300 }).then((strict) => strict.collect(9))).met).toBe(false);
  });

  it('learns from a 409 what a witness has, once, and then needs no second request', async () => {
    const witness = await honest('a');
    await witness.submit(log, 0, 5);
    const client = await clientOf([witness], 'all');
    await expectValid(await client.collect(9), 9, [witness]);
    await expectValid(await client.collect(20), 20, [witness]);
    await expectValid(await client.collect(20), 20, [witness]);
    const restarted = await clientOf([witness], 'all');
    await expectValid(await restarted.collect(20), 20, [witness]);
  });

  it('a witness that was away catches up', async () => {
    const away = await honest('a');
    const port = Number(new URL(away.url).port);
    const client = await clientOf([away], 'any');
    expect((await client.collect(5)).met).toBe(true);
    await away.close();
    const missed = await client.collect(12);
    expect([missed.met, codes(missed)]).toEqual([false, { a: 'witness.unreachable' }]);
    const back = await runningWitness(log, { directory: away.directory, port, name: undefined });
    client.pass(60_000);
    await expectValid(await client.collect(30), 30, [{ ...back, name: 'a' }]);
  });

  it('a witness set back to an older backup is brought forward from where it is', async () => {
    let stored = 7;
    const behind = await scriptedServer((body, response) => {
      const { old } = parseAddCheckpoint(body);
      if (old !== stored)
        return void response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end(`${stored}\n`);
      response.end(cosigned(body));
    });
    const client = await clientOf([scripted(behind.url)], 'all');
    expect((await client.collect(9)).met).toBe(true);
    stored = 3;
    expect((await client.collect(12)).met).toBe(true);
    expect(behind.requests.map((body) => parseAddCheckpoint(body).old)).toEqual([0, 7, 9, 3]);
  });

  it('shows no witness what another has signed: a draw takes its seed from both', async () => {
    const asked = await scriptedServer((body, response) => void response.end(cosigned(body)));
    const policy = await parsePolicy(`log ${log.vkey}\nwitness a ${scripted('').vkey} ${asked.url}\nquorum a\n`);
    const client = new WitnessClient({ policy, timeoutMs: 5000, evidence: newDirectory() });
    atEnd(() => client.close());
    const other = await witnessOf('other.example/witness', 9);
    const before = log.note(5) + formatSignatureLine(other.cosign(parseNote(log.note(5)).text, 1_773_108_000));
    await client.collect(before, async (old) => log.proof(old, 5));
    expect(parseAddCheckpoint(asked.requests[0]).note).toBe(log.note(5));
  });

  it('keeps an answer that comes after its round for the next one, if that is about the same checkpoint', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const late = await scriptedServer(async (body, response) => {
      await gate;
      response.end(cosigned(body));
    });
    const client = await clientOf([scripted(late.url)], 'all', { timeoutMs: 30 });
    expect(codes(await client.collect(5))).toEqual({ scripted: 'witness.slow' });
    expect(codes(await client.collect(5))).toEqual({ scripted: 'witness.slow' });
    open();
    const collected = await until(async () => {
      const found = await client.collect(5);
      return found.met && found;
    });
    await expectValid(collected, 5, [scripted(late.url)]);
    expect([collected.troubles, late.requests.length]).toEqual([[], 1]);
    expect(codes(await client.collect(6))).toEqual({ scripted: 'witness.slow' }); // late ones are asked less often
    client.pass(60_000);
    expect(late.requests).toHaveLength(1);
  });

  it('counts cosignatures that the note has already, and is content without witnesses when the policy is', async () => {
    const earlier = await witnessOf('earlier.example/witness', 21);
    const [a, b] = [await honest('a'), { name: 'b', vkey: formatVerifierKey(earlier.key) }];
    const policy = await parsePolicy(
      `witness a ${a.vkey} ${a.url}\nwitness b ${b.vkey}\ngroup both all a b\nquorum both\n`,
    );
    const client = new WitnessClient({ policy, timeoutMs: 5000, evidence: newDirectory() });
    const proof = async (): Promise<Buffer[]> => [];
    expect(await client.collect(log.note(5), proof)).toMatchObject({ met: false, troubles: [] });
    const collected = await client.collect(log.note(5, [[earlier, 1_700_000_000]]), proof);
    expect(collected).toMatchObject({ met: true, troubles: [] });
    expect((await (await clientOf([scripted(DEAD)], 'none')).collect(5)).met).toBe(true);
  });

  it('takes the line by the key it knows, whatever else comes, and nothing where there is none', async () => {
    const stranger = await witnessOf('stranger.example/witness', 31);
    const answers: ((body: string) => string)[] = [
      (body) => `${cosigned(body, stranger)}${cosigned(body)}not a line\n`,
      (body) => cosigned(body, stranger),
      () => '',
      () => 'x'.repeat(100_000),
    ];
    const server = await scriptedServer((body, response) => void response.end(answers.shift()!(body)));
    const client = await clientOf([scripted(server.url)], 'all');
    const found: unknown[] = [];
    for (const size of [5, 6, 7, 8]) {
      const { met, troubles } = await client.collect(size);
      found.push(met ? 'met' : troubles[0].code);
      client.pass(60_000);
    }
    expect(found).toEqual(['met', 'witness.no_cosignature', 'witness.no_cosignature', 'witness.unreachable']);
  });

  it('takes no cosignature whose time is more than five minutes off', async () => {
    let seconds = 0;
    const server = await scriptedServer(
      (body, response) => void response.end(cosigned(body, imposter, nowInSeconds() + seconds)),
    );
    const found: unknown[] = [];
    for (seconds of [-290, 290, -310, 310, 5e9]) {
      const { met, troubles } = await (await clientOf([scripted(server.url)], 'all')).collect(5);
      found.push(met ? 'met' : troubles[0].code);
    }
    const wrong = 'witness.time_wrong';
    expect(found).toEqual(['met', 'met', wrong, wrong, wrong]);
  });

  it('a proof that cannot be made, and a redirection, are troubles and no more', async () => {
    const witness = await honest('a');
    await witness.submit(log, 0, 5);
    const policy = await parsePolicy(`witness a ${witness.vkey} ${witness.url}/\nquorum a\n`);
    const client = new WitnessClient({ policy, timeoutMs: 5000, evidence: newDirectory() });
    const failing = client.collect(log.note(9), async (old) => {
      if (old > 0) throw new Error('the disk is away');
      return [];
    });
    expect((await failing).met).toBe(false);
    const redirecting = await scriptedServer((_, response) => void response.writeHead(307, { location: DEAD }).end());
    expect(codes(await (await clientOf([scripted(redirecting.url)], 'all')).collect(5))).toEqual({
      scripted: 'witness.refused',
    });
    const bad = await parsePolicy(`witness a ${witness.vkey} ftp://a.example\nquorum a\n`);
    expect(() => new WitnessClient({ policy: bad, timeoutMs: 1, evidence: '' })).toThrow('witness.url_invalid');
  });
});

describe('a witness that has seen another history', () => {
  it('of the same size or a smaller one: the exchange is kept, and the log is told to stop', async () => {
    const witness = await honest('a');
    await witness.submit(log, 0, 10);
    const client = await clientOf([witness], 'all');
    const forked = log.rewritten(3);
    for (const size of [10, 15]) {
      const collected = await client.collect(size, forked);
      expect(collected).toMatchObject({ met: false, troubles: [{ code: 'witness.contradicts', conflict: true }] });
      expect(collected.troubles[0].en).toContain(client.evidence);
      client.pass(60_000);
    }
    const [first, second] = readdirSync(client.evidence).sort();
    expect(readFileSync(join(client.evidence, second, 'request.txt'), 'utf8')).toContain(forked.note(15));
    const report: unknown = JSON.parse(readFileSync(join(client.evidence, first, 'report.json'), 'utf8'));
    expect(report).toMatchObject({ witness: 'a', status: 422, old: 10, size: 10 });
  });

  it('of a larger size: this log runs on an old backup, or somebody else signs for it', async () => {
    const witness = await honest('a');
    await witness.submit(log, 0, 20);
    const client = await clientOf([witness], 'all');
    const collected = await client.collect(12);
    expect(collected).toMatchObject({ met: false, troubles: [{ code: 'witness.ahead', conflict: true }] });
    expect(readdirSync(client.evidence)).toHaveLength(1);
    const boasting = await scriptedServer(
      (_, response) => void response.writeHead(409).end('9223372036854775807\n'), // above 2^53: compared as it is written
    );
    expect(codes(await (await clientOf([scripted(boasting.url)], 'all')).collect(12))).toEqual({
      scripted: 'witness.ahead',
    });
  });

  it('is no reason to hold the log while others are a quorum, unless it could be one by itself', async () => {
    const [a, b] = [await honest('a'), await honest('b')];
    const lying = await scriptedServer((_, response) => void response.writeHead(409).end('999999999\n'));
    const parties = [a, b, scripted(lying.url)];
    const claims = async (threshold: number | 'none'): Promise<[boolean, boolean | undefined]> => {
      const { met, contested } = await (await clientOf(parties, threshold)).collect(5);
      return [met, contested];
    };
    expect([await claims(2), await claims(1), await claims('none')]).toEqual([
      [true, false],
      [true, true],
      [true, true],
    ]);
    const dead = await clientOf([a, scripted(DEAD)], 'none');
    expect(await dead.collect(5)).toMatchObject({ met: true, contested: false });
  });

  it('is waited for within the time, also when others were quick', async () => {
    const a = await honest('a');
    const slow = await scriptedServer((_, response) => {
      setTimeout(() => response.writeHead(409).end('999999999\n'), 300);
    });
    const client = await clientOf([a, scripted(slow.url)], 1);
    expect(codes(await client.collect(5))).toEqual({ scripted: 'witness.ahead' });
  });

  it('told by a 409 without a size, as the specification has it, twice: once may be a race', async () => {
    const other = await scriptedServer((body, response) => {
      if (parseAddCheckpoint(body).old === 0) return void response.writeHead(409).end('9\n');
      response.writeHead(409).end();
    });
    const client = await clientOf([scripted(other.url)], 'all');
    expect(codes(await client.collect(9))).toEqual({ scripted: 'witness.refused' });
    client.pass(60_000);
    expect(await client.collect(9)).toMatchObject({ troubles: [{ code: 'witness.contradicts', conflict: true }] });
  });
});
