import { toBase64 } from '../../src/verification/bytes';
import {
  ed25519Available,
  formatVerifierKey,
  parseVerifierKey,
  sameKey,
  verifierKeyOf,
  verifyNote,
} from '../../src/verification/verifier-key';
import { signerOf, witnessOf } from './signing';

const LINE = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8'; // with a plus in its base64

describe('a verifier key', () => {
  it('is read and written byte for byte', async () => {
    const key = await parseVerifierKey(LINE);
    expect(key).toMatchObject({ name: 'sum.golang.org', keyId: 0x033de0ae, algorithm: 'ed25519' });
    expect(key.publicKey).toHaveLength(32);
    expect(formatVerifierKey(key)).toBe(LINE);
  });

  it('of one public key has another id as a log and as a witness, and under another name', async () => {
    const log = await signerOf('one.example', 1);
    const witness = await witnessOf('one.example', 1);
    const other = await signerOf('two.example', 1);
    expect(new Set([log, witness, other].map(({ key }) => key.keyId)).size).toBe(3);
    expect(sameKey(log.key, await parseVerifierKey(formatVerifierKey(log.key)))).toBe(true);
    expect(sameKey(log.key, witness.key)).toBe(false);
    expect(await parseVerifierKey(formatVerifierKey(witness.key))).toEqual(witness.key);
  });

  it.each([
    ['another key id', LINE.replace('033de0ae', '033de0af')],
    ['another name', LINE.replace('sum.', 'som.')],
    ['another public key', LINE.replace('Ac4z', 'Ac4y')],
    ['no name', LINE.replace('sum.golang.org', '')],
    ['a name with a space', LINE.replace('sum.', 'sum. ')],
    ['a short key id', LINE.replace('033de0ae', '33de0ae')],
    ['a key id in capitals', LINE.replace('033de0ae', '033DE0AE')],
    ['base64 that is not canonical', `${LINE}=`],
    ['a line feed', `${LINE}\n`],
    ['a truncated public key', `sum.golang.org+033de0ae+${toBase64(new Uint8Array(32).fill(1))}`],
    ['two parts', 'sum.golang.org+033de0ae'],
    ['nothing', ''],
    ['a page of text', 'x'.repeat(5000)],
  ])('is refused with %s', async (_, line) => {
    await expect(parseVerifierKey(line)).rejects.toMatchObject({ kind: 'invalid', code: 'verifier_key.malformed' });
  });

  it('of a signature type that is not supported says so', async () => {
    const line = `log.example+00000000+${toBase64(Uint8Array.of(0x06, ...new Uint8Array(32)))}`;
    await expect(parseVerifierKey(line)).rejects.toMatchObject({ code: 'verifier_key.unsupported' });
  });

  it('cannot be made with a name that notes cannot hold', async () => {
    for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u009b2J', 'a\u202eb', 'a\u200db']) {
      await expect(verifierKeyOf(name, 'ed25519', new Uint8Array(32))).rejects.toMatchObject({
        code: 'verifier_key.malformed',
      });
    }
  });
});

describe('where the platform does not know Ed25519', () => {
  const subtle = globalThis.crypto.subtle;
  const whole = Object.getOwnPropertyDescriptor(globalThis, 'crypto')!;
  const without = {
    digest: subtle.digest.bind(subtle),
    importKey: () => Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError')),
  };
  beforeEach(() => Object.defineProperty(globalThis, 'crypto', { value: { subtle: without }, configurable: true }));
  afterEach(() => Object.defineProperty(globalThis, 'crypto', whole));

  it('a good signature is not called bad: it cannot be told', async () => {
    const signer = await signerOf('log.example', 1);
    expect(await ed25519Available()).toBe(false);
    await expect(verifyNote({ text: 'a\n', signatures: [signer.sign('a\n')] }, [signer.key])).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'verification.ed25519_missing',
    });
  });
});

it('Node knows Ed25519', async () => expect(await ed25519Available()).toBe(true));
