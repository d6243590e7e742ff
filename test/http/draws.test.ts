import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonLogger } from '../../src/api/logger';
import { program } from '../../src/cli';
import {
  AnnounceDraw,
  MAX_PARTIES,
  PublishInspectionResult,
  RecordDrawnInspection,
} from '../../src/draws/draw-commands';
import { uscc } from '../../src/demonstration/parties';
import { Random } from '../../src/demonstration/random';
import { DraftDrawItem, PublishDrawItem, ReviewDrawItem } from '../../src/draws/draw-item-commands';
import { Failure } from '../../src/kernel/errors';
import { definitionOf, type EventClass } from '../../src/kernel/event';
import { eventIds } from '../../src/ledger/event-id';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { parseCheckpoint } from '../../src/verification/checkpoint';
import { checkFirst, parseWitnessHistory } from '../../src/verification/draw-history';
import { parseDrawNotice, type DrawNotice } from '../../src/verification/draw-notice';
import { parseNote } from '../../src/verification/note';
import { parsePolicy } from '../../src/verification/policy';
import { verifyDraw } from '../../src/verification/verify-draw';
import { trustedLogs } from '../../src/witness/trusted-logs';
import { startWitness, type RunningWitness } from '../../src/witness/witness-server';
import { ORIGIN } from '../draws/signing';
import { Running } from '../end-to-end/running';
import { body, inspectionPower, itemTerms, officer, PARTIES, terms } from '../given-when-then/draws-story';
import { until } from '../until';

const directory = mkdtempSync(join(tmpdir(), 'mingjing-draws-'));
const policyFile = join(directory, 'witnesses.policy');
const settings = { logOrigin: ORIGIN, witnessPolicyFile: policyFile, logKeyFile: join(directory, 'log.key') };
const server = new Running({ seal: true, settings });
const witnesses: RunningWitness[] = [];
const nextId = eventIds();
let policy: string;

async function happened(stream: string, ...acts: object[]): Promise<void> {
  const at = server.now;
  const actor = { kind: 'person', account: 'account-1', roles: ['registrar'] } as const;
  await server.mingjing.store.append(
    stream,
    'no_stream',
    acts.map((act) => {
      const { name, version } = definitionOf(act.constructor as EventClass);
      const told = { command: 'Told', commandId: nextId(), commandDigest: '', correlationId: 'draws' };
      const metadata = { occurredAt: at, recordedAt: at, actor, ...told };
      return { id: nextId(), type: name, schemaVersion: version, data: { ...act }, metadata };
    }),
  );
}

/** The notice once the program has held the draw. */
async function heldNotice(id: string): Promise<DrawNotice> {
  return until(async () => {
    const { status, text } = await server.request('GET', `/api/draws/${id}`); // 404 until the rows have the announcement
    const notice = status === 200 ? parseDrawNotice(text) : undefined;
    return notice?.held && notice;
  }, `${id} is held`);
}

beforeAll(async () => {
  const keys = await LogKeys.open({ file: settings.logKeyFile, origin: ORIGIN });
  const logs = await trustedLogs(keys.verifierKeys);
  for (const name of ['notary.example', 'university.example']) {
    const home = join(directory, name);
    mkdirSync(home);
    const logger = new JsonLogger('silent').pino;
    witnesses.push(await startWitness({ name, host: '127.0.0.1', port: 0, directory: home, logs, logger }));
  }
  const lines = witnesses.map(({ vkey, url }, i) => `witness w${i} ${vkey.trim()} ${url}`);
  policy = [`log ${keys.verifierKeys[0]}`, ...lines, 'group both all w0 w1', 'quorum both', ''].join('\n');
  writeFileSync(policyFile, policy);

  server.now = '2026-03-10T02:00:00.000Z';
  await server.start();
  for (const id of ['body-1', 'body-2']) await happened(`body-${id}`, ...body);
  for (const n of [1, 2, 3]) {
    await happened(`officer-officer-${n}`, ...officer(n));
    await server.account(`officer-${n}`, { roles: ['officer'], bodyId: 'body-1', officerId: `officer-${n}` });
  }
  await happened('power-SCJ-JC-0001', inspectionPower);
  await server.account('head', { roles: ['head'], bodyId: 'body-1', officerId: 'head-1' });
  await server.account('reviewer', { roles: ['head'], bodyId: 'body-2', officerId: 'head-2' });
  await server.account('discloser', { roles: ['disclosure'], bodyId: 'body-1' });
});
afterAll(async () => {
  await server.stop();
  for (const witness of witnesses) await witness.close();
  server.erase();
  rmSync(directory, { recursive: true, force: true });
});

test('the list of random inspections: reviewed by the department it was submitted to, then public', async () => {
  await server.give('head', 'draw-items', 'item-1', DraftDrawItem, itemTerms);
  expect((await server.read('/api/draw-items')).items).toEqual([]);
  const path = '/api/draw-items/item-1';
  expect((await server.request('GET', path)).status).toBe(404);
  const approval = { approved: true, opinion: '同意' };
  const own = await server.request('POST', `${path}/review-draw-item`, { as: 'head', body: approval });
  expect([own.status, own.json.code]).toEqual([403, 'access.other_body']);
  expect(await server.read('/api/draw-item-drafts/item-1', 'reviewer')).toMatchObject({ draft: itemTerms });
  await server.give('reviewer', 'draw-items', 'item-1', ReviewDrawItem, approval);
  await server.give('discloser', 'draw-items', 'item-1', PublishDrawItem, {});
  const { items } = await server.read('/api/draw-items');
  expect(items).toEqual([
    expect.objectContaining({ ...itemTerms, id: 'item-1', version: 1, publishedOn: '2026-03-10' }),
  ]);
});

describe('a draw that two witnesses have seen', () => {
  let notice: DrawNotice;

  beforeAll(async () => {
    await server.give('head', 'draws', 'd-1', AnnounceDraw, terms);
    notice = await heldNotice('d-1');
  });

  const verified = (changed: Partial<DrawNotice> = {}, trusting = policy) =>
    parsePolicy(trusting).then((p) => verifyDraw({ ...notice, ...changed }, p));

  test('is held by the program from the first checkpoint that covers its announcement, and listed', async () => {
    const { items } = await server.read('/api/draws');
    expect(items).toEqual([
      expect.objectContaining({ id: 'd-1', status: 'held', drawnParties: 2, partiesListed: 3, title: terms.title }),
    ]);
    const { size } = parseCheckpoint(parseNote(notice.held!.checkpoint).text);
    expect(size).toBeGreaterThanOrEqual(notice.position);
    expect(size).toBeLessThanOrEqual((notice as unknown as { held: { position: number } }).held.position);
    expect(notice.witnesses).toHaveLength(2);
    expect(JSON.stringify(notice)).not.toContain(terms.exclusions[0].ground);
  });

  test('is repeated by anybody from its notice', async () => {
    const { steps, warnings } = await verified();
    expect(steps.map((s) => s.step)).toEqual(['announcement', 'signature', 'witnesses', 'seed', 'quotas', 'draw']);
    expect(warnings).toEqual([]);
    const weaker = await verifyDraw(notice);
    expect(weaker.warnings.map((w) => w.warning)).toEqual(['no_policy']);
  });

  const other = PARTIES[3];
  const turned = (d: DrawNotice['drawn'][number]) => ({ ...d, officers: [...d.officers].reverse() });
  test.each<[string, (n: DrawNotice) => Partial<DrawNotice>, string]>([
    ['a party more', (n) => ({ parties: [...n.parties, { ...n.parties[0], id: other }] }), 'differs: parties'],
    ['an officer less', (n) => ({ officers: n.officers.slice(1) }), 'differs: officers'],
    ['no exclusions', () => ({ exclusions: [] }), 'differs: exclusions'],
    ['other ratios', (n) => ({ quotas: n.quotas.map((q) => ({ ...q, ratioPercent: 1 })) }), 'differs: quotas'],
    ['a witness less', (n) => ({ witnesses: n.witnesses.slice(1) }), 'differs: witnesses'],
    ['another draw’s proof', () => ({ id: 'd-2' }), 'differs: id'],
    ['another position', (n) => ({ position: n.position + 1 }), 'differs: position'],
    ['no proof', () => ({ proof: undefined }), 'no_proof: proof'],
    ['another rule', () => ({ algorithm: 'mingjing-draw/v2' }), 'unknown_algorithm: algorithm'],
    ['not held', () => ({ held: undefined }), 'not_held: '],
    ['another outcome', (n) => ({ drawn: [...n.drawn].reverse() }), 'drawn_differs: drawn'],
    ['officers exchanged', (n) => ({ drawn: n.drawn.map(turned) }), 'drawn_differs: drawn'],
    ['another seed', (n) => ({ held: { ...n.held!, seed: '0'.repeat(64) } }), 'differs: seed'],
    ['another entry', (n) => ({ held: { ...n.held!, entry: Buffer.alloc(32).toString('base64') } }), 'differs: entry'],
  ])('%s is found out', async (_, change, what) => {
    const failure = await verified(change(notice)).catch((error: unknown) => error as Failure);
    expect(failure).toBeInstanceOf(Failure);
    const { code, detail } = failure as Failure;
    expect(`${code}: ${detail.field ?? ''}`).toBe(`draw_notice.${what}`);
  });

  test('a checkpoint of another size, of another key or with a forged cosignature is found out', async () => {
    const { held } = notice;
    const swapped = (from: string | RegExp, to: string) => ({
      held: { ...held!, checkpoint: held!.checkpoint.replace(from, to) },
      proof: notice.proof!.replace(from, to),
    });
    const { size } = parseCheckpoint(parseNote(held!.checkpoint).text);
    await expect(verified(swapped(`\n${size}\n`, `\n${size + 1}\n`))).rejects.toMatchObject({
      code: expect.stringMatching(/^proof\./) as unknown,
    });
    const [cosignature] = held!.checkpoint.match(/— notary\.example .*\n/)!;
    const forged = cosignature.replace(/.{8}==\n$/, (end) =>
      end.startsWith('A') ? `B${end.slice(1)}` : `A${end.slice(1)}`,
    );
    await expect(verified(swapped(cosignature, forged))).rejects.toMatchObject({ code: 'proof.signature_invalid' });
    await expect(verified(swapped(cosignature, ''))).rejects.toMatchObject({ code: 'draw_notice.quorum_not_met' });
    const loose = policy.replace('quorum both', 'quorum none');
    const before = { held: { ...held!, passedOver: [size] } };
    await expect(verified(before)).rejects.toMatchObject({ code: 'draw_notice.checkpoint_not_allowed' });
    await expect(verified(swapped(cosignature, ''), loose)).rejects.toMatchObject({
      code: 'draw_notice.checkpoint_not_allowed',
    });
    const stranger = await LogKeys.open({ file: join(directory, 'other.key'), origin: ORIGIN });
    await expect(verified({}, `log ${stranger.verifierKeys[0]}\n`)).rejects.toMatchObject({
      code: 'proof.checkpoint_unsigned',
    });
  });

  test('is inspected by whom it names, and the result is on the notice once it is published', async () => {
    const [first] = notice.drawn;
    const record = { party: first.party, result: 'rectification_ordered' };
    const outsider = ['officer-1', 'officer-2', 'officer-3'].find((o) => !first.officers.includes(o))!;
    const path = '/api/draws/d-1/record-drawn-inspection';
    expect((await server.request('POST', path, { as: outsider, body: record })).json.code).toBe('draw.not_on_the_team');
    await server.give(first.officers[0], 'draws', 'd-1', RecordDrawnInspection, record);
    const before = await server.read('/api/draws/d-1');
    expect(before.inspections).toEqual([expect.objectContaining({ party: first.party, officers: first.officers })]);
    expect(JSON.stringify(before.inspections)).not.toContain('rectification_ordered');
    await server.give('discloser', 'draws', 'd-1', PublishInspectionResult, { party: first.party });
    expect((await server.read('/api/draws/d-1')).inspections).toEqual([
      expect.objectContaining({ result: 'rectification_ordered', publishedOn: '2026-03-10' }),
    ]);
    const hold = await server.request('POST', '/api/draws/d-1/hold-draw', { as: 'head', body: {} });
    expect([hold.status, hold.json.code]).toEqual([403, 'access.role_required']);
    expect((await server.request('GET', '/api/draws/nowhere')).status).toBe(404);
  });

  test('has a page that says who was drawn, what was found, and of which text the seed is the digest', async () => {
    const html = (path: string) => server.request('GET', path).then(({ text }) => text);
    const page = await html('/draws/d-1');
    for (const d of notice.drawn) expect(page).toContain(d.party);
    expect(page).toContain('发现问题已责令改正');
    expect(await html('/draws/d-1?lang=en')).toContain('Problems found, rectification ordered');
    expect(await html('/draws')).toContain(terms.title);
    const [, text] = /<pre tabindex="0">(mingjing-draw\/v1[^<]*)<\/pre>/.exec(page)!;
    expect(createHash('sha256').update(text).digest('hex')).toBe(notice.held!.seed);
    expect((await server.request('GET', '/draws/nowhere')).status).toBe(404);
  });

  test('as large as it may be, it is still proven and repeated', async () => {
    const random = new Random('large');
    const name = '明镜市高新技术产业开发区云杉路餐饮管理连锁有限公司第一百二十三分公司';
    const parties = Array.from({ length: MAX_PARTIES }, () => ({ id: uscc(random, '91'), name, stratum: 'A' }));
    const body = { ...terms, parties, exclusions: [] };
    await server.give('head', 'draws', 'd-large', AnnounceDraw, body);
    const large = await heldNotice('d-large');
    const { steps } = await verifyDraw(large, await parsePolicy(policy));
    expect(steps).toHaveLength(6);
    expect(large.drawn).toHaveLength(MAX_PARTIES / 2);
    const longer = { ...body, parties: parties.map((p) => ({ ...p, name: name.padEnd(100, '店') })) };
    const { status, json } = await server.request('POST', '/api/draws/d-larger/announce-draw', {
      as: 'head',
      body: longer,
    });
    expect([status, json.code]).toEqual([400, 'draw.lists_too_large']);
  });

  describe('mingjing draw --verify', () => {
    let out: string;
    let err: string;

    async function run(...args: string[]): Promise<number> {
      [out, err] = ['', ''];
      const keep = (add: (text: string) => void) => (text: string | Uint8Array) => (add(String(text)), true);
      const spies = [
        jest.spyOn(process.stdout, 'write').mockImplementation(keep((text) => (out += text))),
        jest.spyOn(process.stderr, 'write').mockImplementation(keep((text) => (err += text))),
      ];
      const before = process.exitCode;
      process.exitCode = 0;
      try {
        await program.parseAsync(['draw', '--verify', ...args], { from: 'user' });
        return Number(process.exitCode);
      } finally {
        process.exitCode = before;
        spies.forEach((spy) => spy.mockRestore());
      }
    }

    const file = (name: string, content: unknown): string => {
      const path = join(directory, name);
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
      return path;
    };
    const history = (i: number): string => `${witnesses[i].url}/log/${encodeURIComponent(ORIGIN)}/history`;
    const histories = () => witnesses.map((_, i) => history(i));

    test('repeats it from a file or an address, in both languages, and says who was drawn', async () => {
      const path = file('draw.json', (await server.request('GET', '/api/draws/d-1')).text);
      expect(await run(path, '--policy', policyFile)).toBe(0);
      expect(out).toContain('核验成立 verified');
      expect(out).toContain('种子重新计算一致');
      expect(out).toContain('The seed was computed again');
      expect(out).toContain(
        `${notice.drawn[0].party} ${notice.parties.find((p) => p.id === notice.drawn[0].party)!.name}`,
      );
      expect(out).toContain('历史记录（--history）');
      expect(await run(`${server.url}/draws/d-1`, '--policy', policyFile)).toBe(0);
    });

    test('asks the witnesses whether an earlier checkpoint was eligible', async () => {
      const path = file('draw.json', notice);
      expect(await run(path, '--policy', policyFile, '--history', ...histories())).toBe(0);
      expect(out).toContain('最先由全部所指见证人见证');
      expect(out).not.toContain('! ');
      expect(await run(path, '--policy', policyFile, '--history', history(0))).toBe(0);
      expect(out).toContain('university.example');
    });

    test('says what does not hold, and fails', async () => {
      const drawn = [...notice.drawn].reverse();
      expect(await run(file('tampered.json', { ...notice, drawn }), '--policy', policyFile)).toBe(1);
      expect(out).toBe('');
      expect(err).toContain('核验不成立 not verified');
      expect(err).toContain('draw_notice.drawn_differs');
      expect(await run(file('none.json', '{"format":"mingjing-draw-notice/v1"}'))).toBe(1);
      expect(err).toContain('draw_notice.malformed');
      expect(await run(`${server.url}/draws/nowhere`)).toBe(1);
      expect(err).toContain('draw.not_fetched');
    });

    test('a draw taken from a later checkpoint than the first is found out by the witnesses’ histories', async () => {
      // Whoever runs the log passes the first eligible checkpoint over and draws from the next.
      const pages = await Promise.all(histories().map(async (url) => (await fetch(`${url}?after=0`)).json()));
      const earlier = parseCheckpoint(parseNote(notice.held!.checkpoint).text).size;
      const later = (pages as Array<{ checkpoints: Array<{ size: number; checkpoint: string }> }>).map(
        ({ checkpoints }) => checkpoints.find((c) => c.size > earlier)!,
      );
      const cosignature = later[1].checkpoint.trimEnd().split('\n').at(-1)!;
      const checkpoint = `${later[0].checkpoint}${cosignature}\n`;
      const told = pages.map((page) => parseWitnessHistory(JSON.stringify(page)));
      const moved = { ...notice, held: { ...notice.held!, checkpoint } };
      await expect(checkFirst(moved, told)).rejects.toMatchObject({ code: 'draw_notice.not_first' });
      const excused = { ...moved, held: { ...moved.held, passedOver: told[0].checkpoints.map((c) => c.size) } };
      const { warnings } = await checkFirst(excused, told);
      expect(warnings.map((w) => w.warning)).toContain('passed_over_though_cosigned');
    });
  });
});
