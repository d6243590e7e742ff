import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const golden = (name: string): string => join(__dirname, 'golden', name);
const [LOG_KEY] = readFileSync(golden('verifier-keys.txt'), 'utf8').split('\n');
const PROOF = golden('decision.tlog-proof');
const POLICY = golden('policy.txt');
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mingjing-verify-'));
  const proof = readFileSync(PROOF, 'utf8');
  writeFileSync(join(directory, 'forged.tlog-proof'), proof.replace('index 5', 'index 4'));
  const steering = proof.replace('\n\nledger', '\n\n\u009b2Jledger').replaceAll(/\u2014 \S+/g, '\u2014 stranger');
  writeFileSync(join(directory, 'steering.tlog-proof'), steering);
  writeFileSync(join(directory, 'big.tlog-proof'), '\n'.repeat((1 << 20) + 1));
  writeFileSync(join(directory, 'latin.tlog-proof'), Buffer.from([0xe9, 0x0a]));
  writeFileSync(join(directory, 'broken-policy.txt'), `log ${LOG_KEY}\nwitnes\n`);
});
afterAll(() => rmSync(directory, { recursive: true }));

async function verify(args: readonly string[], input = '') {
  const child = spawn(process.execPath, ['-r', './test/faults/run-ts.cjs', 'src/cli.ts', 'verify', ...args], {
    cwd: ROOT,
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += String(text)));
  child.stderr.on('data', (text) => (err += String(text)));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

test('a proof that holds: says in both languages what was checked, and what it discloses', async () => {
  const { code, out, err } = await verify([PROOF, '--policy', POLICY]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const said of [
    '核验成立 verified',
    '台账第 6 条事件 event 6',
    'ledger.mingjing.example/log',
    '✓ 检查点由日志“ledger.mingjing.example/log”签名，签名成立。',
    'The witness “university” cosigned the same checkpoint at 2026-11-22T01:02:04Z',
    'data.documentNumber = "明市监罚〔2026〕17号"',
  ]) {
    expect(out).toContain(said);
  }
  expect(out).not.toContain('!');
});

test('several files, each said for itself; one that does not hold makes the whole fail', async () => {
  const files = ['forged', 'steering', 'big', 'latin', 'missing'].map((name) => join(directory, `${name}.tlog-proof`));
  const { code, out, err } = await verify([PROOF, ...files, '--policy', POLICY]);
  expect(code).toBe(1);
  expect(out.match(/核验成立/g)).toHaveLength(1);
  expect(err.match(/核验不成立 not verified/g)).toHaveLength(5);
  expect(err).toContain('[proof.position_mismatch]');
  expect(err).toContain('its origin has invisible characters');
  expect(err).toContain('ENOENT');
  expect(err.match(/\[verify\.file_unreadable\]/g)).toHaveLength(3);
  expect(err).not.toContain('\u009b'); // what a file says does not steer the terminal
});

test('as JSON, a line for each file; a proof from standard input; one key is told to be weaker', async () => {
  const forged = join(directory, 'forged.tlog-proof');
  const { code, out } = await verify(['-', forged, '--json', '--vkey', LOG_KEY], readFileSync(PROOF, 'utf8'));
  expect(code).toBe(1);
  const [good, bad] = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(good).toMatchObject({
    file: '-',
    verified: true,
    report: { position: 6, withheld: 7, warnings: [{ warning: 'no_witnesses' }], cosigners: [] },
  });
  expect(bad).toMatchObject({ file: forged, verified: false, code: 'proof.position_mismatch' });
});

test('nobody is trusted by default, and a broken policy is refused by its line', async () => {
  const [none, broken] = await Promise.all([
    verify([PROOF]),
    verify([PROOF, '--policy', join(directory, 'broken-policy.txt')]),
  ]);
  expect([none.code, none.out]).toEqual([1, '']);
  expect(none.err).toContain('[verify.trust_required]');
  expect([broken.code, broken.out]).toEqual([1, '']);
  expect(broken.err).toMatch(/line 2: “witnes” is not known[\s\S]*\[policy\.invalid\]/);
});
