import fc from 'fast-check';
import { MAX_POLICY_LINES, parsePolicy, quorumMet } from '../../src/verification/policy';
import { formatNote, MAX_SIGNATURES } from '../../src/verification/note';
import { formatVerifierKey, verifierKeyOf } from '../../src/verification/verifier-key';
import { signerOf, witnessOf, type Signer } from './signing';

const line = ({ key }: Signer): string => formatVerifierKey(key);
const logLine = async (seed: number): Promise<string> => line(await signerOf(`log${seed}.example`, seed));
const witnessLine = async (seed: number): Promise<string> => line(await witnessOf(`w${seed}.example`, 100 + seed));

/** Numbers of two keys named `log.example` that have the same key id of 32 bits; found in a second, by trying. */
const COLLIDING = [16257, 70899];

async function numberedKey(n: number): Promise<string> {
  const publicKey = Buffer.alloc(32);
  publicKey.writeUInt32BE(n);
  return formatVerifierKey(await verifierKeyOf('log.example', 'ed25519', publicKey));
}

/** A policy in which `L1` and `W1` … stand for the keys of logs and witnesses. */
async function policyText(template: string): Promise<string> {
  let text = template;
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    text = text.replaceAll(`$L${seed}`, await logLine(seed)).replaceAll(`$W${seed}`, await witnessLine(seed));
  }
  text = text.replaceAll('$O1', line(await witnessOf('witness.example', 1))); // the key of $L1
  for (const [at, n] of COLLIDING.entries()) text = text.replaceAll(`$C${at + 1}`, await numberedKey(n));
  return text;
}

const SPECIFIED = `
# Two organisations 两家
log $L1 https://log1.example/
\tlog  $L2

witness X1 $W1
witness X2 $W2 https://w2.example/witness
witness X3 $W3
group X-witnesses 2 X1 X2 X3

witness Y1 $W4
witness Y2 $W5
witness 院 $W6
  # indented
group Y-witnesses any Y1 Y2 院

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`;

describe('a trust policy', () => {
  it('is read as the specification’s example', async () => {
    const policy = await parsePolicy(await policyText(SPECIFIED));
    expect(policy.logs.map(({ key, url }) => [key.name, url])).toEqual([
      ['log1.example', 'https://log1.example/'],
      ['log2.example', undefined],
    ]);
    expect(policy.witnesses.map(({ name, key, url }) => [name, key.name, url])).toEqual([
      ['X1', 'w1.example', undefined],
      ['X2', 'w2.example', 'https://w2.example/witness'],
      ['X3', 'w3.example', undefined],
      ['Y1', 'w4.example', undefined],
      ['Y2', 'w5.example', undefined],
      ['院', 'w6.example', undefined],
    ]);
    expect(policy.groups).toEqual([
      { name: 'X-witnesses', threshold: 2, members: ['X1', 'X2', 'X3'] },
      { name: 'Y-witnesses', threshold: 1, members: ['Y1', 'Y2', '院'] },
      { name: 'X-and-Y', threshold: 2, members: ['X-witnesses', 'Y-witnesses'] },
    ]);
    expect(policy.quorum).toBe('X-and-Y');
  });

  it('is met by two of the one and one of the other', async () => {
    const policy = await parsePolicy(await policyText(SPECIFIED));
    const names = policy.witnesses.map(({ name }) => name);
    fc.assert(
      fc.property(fc.subarray(names), (cosigners) => {
        const of = (prefix: RegExp): number => cosigners.filter((name) => prefix.test(name)).length;
        expect(quorumMet(policy, new Set(cosigners))).toBe(of(/^X/) >= 2 && of(/^[Y院]/) >= 1);
      }),
    );
    expect(quorumMet(policy, new Set(['X-and-Y', 'X-witnesses', 'Y-witnesses']))).toBe(false); // names of groups sign nothing
  });

  it('may ask for one witness, or for none', async () => {
    const one = await parsePolicy(await policyText('log $L1\nwitness w $W1\nquorum w'));
    expect([quorumMet(one, new Set(['w'])), quorumMet(one, new Set())]).toEqual([true, false]);
    for (const template of ['log $L1\nwitness w $W1\nquorum none\n', 'log $L1\n', 'log $L1\nquorum none', '']) {
      const none = await parsePolicy(await policyText(template));
      expect([none.quorum, quorumMet(none, new Set())]).toEqual(['none', true]);
    }
  });

  it.each<[line: number, en: RegExp, template: string]>([
    [1, /not known/, 'logs $L1'],
    [1, /not known/, 'constructor'],
    [1, /log <vkey>/, 'log'],
    [1, /log <vkey>/, 'log $L1 https://a.example more'],
    [1, /malformed/, 'log $L1x'],
    [1, /cosignature\/v1, not ed25519/, 'log $W1'],
    [2, /ed25519, not cosignature\/v1/, '\nwitness w $L1'],
    [2, /listed before/, 'log $L1\nlog $L1'],
    [2, /listed before/, 'log $L1\nwitness w $O1\nquorum w'], // a log is no witness of itself
    [2, /listed before/, 'witness w $O1\nlog $L1\nquorum w'],
    [2, /name and key id/, 'log $C1\nlog $C2'],
    [1, /witness <name>/, 'witness $W1'],
    [2, /defined already/, 'witness w $W1\nwitness w $W2\nquorum none'],
    [2, /listed before/, 'witness a $W1\nwitness b $W1\nquorum none'],
    [1, /reserved/, 'witness none $W1'],
    [2, /reserved/, 'witness w $W1\ngroup none any w'],
    [2, /defined already/, 'witness w $W1\ngroup w any w'],
    [1, /group <name>/, 'group g any'],
    [1, /not defined before/, 'group g any w\nwitness w $W1'],
    [1, /not defined before/, 'group g any g'],
    [2, /not defined before/, 'witness w $W1\ngroup g any none'],
    [2, /a member already/, 'witness w $W1\ngroup g 2 w w'],
    [3, /a member already/, 'witness w $W1\ngroup g any w\ngroup h any w'],
    [2, /1 to 1/, 'witness w $W1\ngroup g 2 w'],
    [2, /1 to 1/, 'witness w $W1\ngroup g 0 w'],
    [2, /1 to 1/, 'witness w $W1\ngroup g 01 w'],
    [2, /1 to 1/, 'witness w $W1\ngroup g most w'],
    [1, /quorum <name>/, 'quorum'],
    [1, /not defined before/, 'quorum w\nwitness w $W1'],
    [2, /already/, 'quorum none\nquorum none'],
    [3, /no quorum line/, 'log $L1\nwitness w $W1\n'],
    [1, /control character/, 'log $L1\r\nquorum none\r\n'],
    [2, /control character/, 'log $L1\n# \u007f'],
    [1, /not known/, 'log\u00a0$L1'], // a space that is not ASCII separates nothing
  ])('says that line %i is wrong: %s', async (number, en, template) => {
    const error = (await parsePolicy(await policyText(template)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )) as { code: string; detail: { field: string; en: string; zh: string } };
    expect(error).toMatchObject({ kind: 'invalid', code: 'policy.invalid', detail: { field: String(number) } });
    expect(error.detail.en).toMatch(en);
    expect(error.detail.zh).toContain(`第 ${number} 行`);
    expect(error.detail.zh + error.detail.en).not.toMatch(/。。|\.\.$/); // of a text within a text
  });

  it('is never so long that its logs and witnesses could not all sign one note', () => {
    const signatures = Array.from({ length: 2 * MAX_POLICY_LINES }, (_, at) => ({
      name: `key${at}.example`,
      keyId: at,
      signature: new Uint8Array(72),
    }));
    expect(signatures.length).toBe(MAX_SIGNATURES);
    expect(formatNote({ text: 'text\n', signatures }).split('\n')).toHaveLength(MAX_SIGNATURES + 3);
  });

  it('holds up to the bound, and is refused beyond', async () => {
    const lines = await Promise.all(Array.from({ length: MAX_POLICY_LINES + 1 }, (_, at) => logLine(at)));
    const logs = lines.map((each) => `log ${each}\n`);
    expect((await parsePolicy(logs.slice(1).join(''))).logs).toHaveLength(MAX_POLICY_LINES);
    await expect(parsePolicy(logs.join(''))).rejects.toMatchObject({ code: 'policy.invalid' });
    await expect(parsePolicy('#'.repeat(1 << 20))).rejects.toMatchObject({ code: 'policy.invalid' });
  });
});
