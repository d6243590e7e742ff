import fc from 'fast-check';
import { fromBase64, fromBase64Url, sha256, toBase64, toBase64Url, utf8 } from '../../src/verification/bytes';

const ENCODINGS = [
  ['base64', toBase64, fromBase64],
  ['base64url', toBase64Url, fromBase64Url],
] as const;

describe.each(ENCODINGS)('%s', (name, encode, decode) => {
  it('is what Node writes, and is read back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(encode(bytes)).toBe(Buffer.from(bytes).toString(name));
        expect(decode(encode(bytes))).toEqual(Uint8Array.from(bytes));
      }),
    );
    const long = new Uint8Array(100_000).fill(7);
    expect(decode(encode(long))).toEqual(long);
  });

  it('is read in its one canonical form alone', () => {
    const forms: Record<string, readonly string[]> = {
      base64: ['AA=', 'AA', 'AB==', 'AA== ', ' AA==', 'A A==', 'AA==\n', '-_8=', 'AA==AA==', '=', 'é==='],
      base64url: ['AA==', 'AA=', 'AB', 'A', 'A A', '+/8', ' AA', 'AA\n', 'é'],
    };
    for (const form of forms[name]) {
      expect([form, attempt(() => decode(form))]).toEqual([form, 'encoding.not_canonical']);
    }
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const bytes = attempt(() => decode(text));
        if (bytes instanceof Uint8Array) expect(encode(bytes)).toBe(text);
        else expect(bytes).toBe('encoding.not_canonical');
      }),
    );
  });
});

function attempt<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    return (error as { code: string }).code;
  }
}

it('hashes with SHA-256, and says so where the platform has no WebCrypto', async () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'; // FIPS 180-4, example 1
  expect(Buffer.from(await sha256(utf8('abc'))).toString('hex')).toBe(abc);
  const whole = Object.getOwnPropertyDescriptor(globalThis, 'crypto')!;
  Object.defineProperty(globalThis, 'crypto', { value: {}, configurable: true }); // as on a page over plain http
  try {
    await expect(sha256(utf8('abc'))).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'verification.webcrypto_missing',
    });
  } finally {
    Object.defineProperty(globalThis, 'crypto', whole);
  }
});
