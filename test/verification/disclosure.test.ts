import { createHash } from 'node:crypto';
import { pack, SDJwtInstance } from '@sd-jwt/core';
import fc from 'fast-check';
import { fromBase64Url, toBase64Url, utf8 } from '../../src/verification/bytes';
import {
  decodeDisclosed,
  decodeDisclosure,
  disclosureDigest,
  encodeDisclosed,
  encodeDisclosure,
  entryOf,
  MAX_DIGESTS,
  type Disclosed,
} from '../../src/verification/disclosure';

const malformed = expect.objectContaining({ code: 'proof.malformed' }) as Error;
const hasher = (data: string | ArrayBuffer): Uint8Array =>
  Uint8Array.from(
    createHash('sha256')
      .update(typeof data === 'string' ? data : Buffer.from(data))
      .digest(),
  );

/** Invented. */
const FIELDS: Readonly<Record<string, unknown>> = {
  id: '019aa0f0-7d2c-7b1e-9a53-3f1f7f2f0a11',
  type: 'PenaltyDecided',
  position: 6,
  'metadata.recordedAt': '2026-11-22T01:02:03.004Z',
  'metadata.actor': { account: 'a-7', kind: 'person', roles: ['officer'] },
  'data.kind': '罚款',
  'data.amount': 2000,
  'data.note': null,
  'data.party#sealed': 'AQ',
};
const salt = (path: string): string => toBase64Url(hasher(path).slice(0, 16));
const disclosures = Object.entries(FIELDS).map(([path, value]) => encodeDisclosure({ salt: salt(path), path, value }));

describe('a disclosure', () => {
  it('has the digest of RFC 9901 §4.2.3', async () => {
    const encoded = 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0';
    expect(await disclosureDigest(encoded)).toBe('X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0');
  });

  it('is the canonical JSON of salt, path and value', () => {
    const encoded = encodeDisclosure({ salt: 'c2FsdA', path: 'data.x', value: { b: 1, a: '明镜', c: undefined } });
    expect(Buffer.from(encoded, 'base64url').toString()).toBe('["c2FsdA","data.x",{"a":"明镜","b":1}]');
  });

  it('is opened as it was closed', () => {
    fc.assert(
      fc.property(
        fc.base64String(),
        fc.stringMatching(/^[a-z][A-Za-z.#]{0,30}$/),
        fc.jsonValue({ stringUnit: 'grapheme' }),
        (s, path, json) => {
          const value: unknown = JSON.parse(JSON.stringify(json)); // without −0, which JSON cannot hold
          expect(decodeDisclosure(encodeDisclosure({ salt: s, path, value }))).toEqual({ salt: s, path, value });
        },
      ),
    );
  });

  it('may hold what only looks like half a character', () => {
    const disclosure = { salt: 's', path: 'p', value: '\\ud800 and 😀' };
    expect(decodeDisclosure(encodeDisclosure(disclosure))).toEqual(disclosure);
  });

  it.each([
    ['white space', '["s", "p",1]'],
    ['members out of order', '["s","p",{"b":1,"a":2}]'],
    ['a member twice', '["s","p",{"a":1,"a":2}]'],
    ['a number that readers round differently', '["s","p",12345678901234567890]'],
    ['a number beyond all', '["s","p",1e999]'],
    ['two elements', '["s",1]'],
    ['four elements', '["s","p",1,2]'],
    ['a salt that is no text', '[1,"p",1]'],
    ['a path that is no text', '["s",1,1]'],
    ['an empty path', '["s","",1]'],
    ['a reserved path', '["s","_sd",1]'],
    ['a path that steers a terminal', '["s","\u009b2J",1]'],
    ['half a character', '["s","p","\\ud800"]'],
    ['half a character in a name', '["s","p",{"\\udc00":1}]'],
    ['half a character within', '["s","p",{"a":["b\\udfffc"]}]'],
    ['an object', '{"salt":"s"}'],
    ['a byte order mark', '\ufeff["s","p",1]'],
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['nesting without end', '["s","p",' + '['.repeat(200_000) + ']'.repeat(200_000) + ']'],
  ])('is refused with %s', (_, json) => {
    expect(() => decodeDisclosure(toBase64Url(utf8(json)))).toThrow(malformed);
  });

  it('is refused in base64 that is not canonical, and as bytes that are not UTF-8', () => {
    expect(() => decodeDisclosure(`${disclosures[0]}=`)).toThrow(malformed);
    expect(() => decodeDisclosure(toBase64Url(Uint8Array.of(0x5b, 0xff, 0x5d)))).toThrow(malformed);
  });
});

describe('the reference library for SD-JWT', () => {
  const ours = async (): Promise<{ _sd: string[]; _sd_alg: 'sha-256' }> => ({
    _sd: (await Promise.all(disclosures.map(disclosureDigest))).sort(),
    _sd_alg: 'sha-256',
  });

  it('packs the same fields under the same salts into the same disclosures and digests', async () => {
    const salts = Object.keys(FIELDS).map(salt);
    const frame = { _sd: Object.keys(FIELDS) } as never; // its type wants the members known when compiled
    const packed = await pack({ ...FIELDS }, frame, { hasher, alg: 'sha-256' }, () => salts.shift()!);
    expect(packed.disclosures.map((each) => each.encode())).toEqual(disclosures);
    expect([...((packed.packedClaims as { _sd: string[] })._sd ?? [])].sort()).toEqual((await ours())._sd);
    for (const each of packed.disclosures) {
      expect(await disclosureDigest(each.encode())).toBe(await each.digest({ hasher, alg: 'sha-256' }));
      expect(decodeDisclosure(each.encode())).toEqual({ salt: each.salt, path: each.key, value: each.value });
    }
  });

  it('opens what we have closed: all of it, and the two fields that are shown', async () => {
    const json = async (): Promise<string> => toBase64Url(utf8(JSON.stringify(await ours())));
    const jwt = [toBase64Url(utf8('{"alg":"none"}')), await json(), toBase64Url(utf8('x'))].join('.');
    const reader = new SDJwtInstance({ hasher, verifier: () => true, hashAlg: 'sha-256' });
    const opened = (shown: readonly string[]) => reader.getClaims([jwt, ...shown, ''].join('~'));
    expect(await opened(disclosures)).toEqual(FIELDS);
    expect(await opened([disclosures[1], disclosures[6]])).toEqual({ type: 'PenaltyDecided', 'data.amount': 2000 });
  });
});

describe('what a proof discloses', () => {
  const digests = [toBase64Url(new Uint8Array(32).fill(1)), toBase64Url(new Uint8Array(32).fill(2))];
  const disclosed: Disclosed = { _sd: digests, _sd_alg: 'sha-256', disclosures: [disclosures[0]] };

  it('is written as it is read', () => {
    expect(decodeDisclosed(encodeDisclosed(disclosed))).toEqual(disclosed);
  });

  it('commits by SHA-256 over the canonical JSON of its digests', async () => {
    const json = `{"_sd":["${digests[0]}","${digests[1]}"],"_sd_alg":"sha-256"}`;
    expect(await entryOf(digests)).toEqual(hasher(json));
  });

  it.each<[string, unknown]>([
    ['digests out of order', { ...disclosed, _sd: [...digests].reverse() }],
    ['a digest twice', { ...disclosed, _sd: [digests[0], digests[0]] }],
    ['a short digest', { ...disclosed, _sd: ['AAAA', digests[1]] }],
    ['a digest that is not canonical', { ...disclosed, _sd: [digests[0], `${digests[1].slice(0, -1)}J`] }],
    ['a number among the digests', { ...disclosed, _sd: [1] }],
    ['too many digests', { ...disclosed, _sd: manyDigests(MAX_DIGESTS + 1) }],
    ['more disclosures than digests', { ...disclosed, disclosures: ['a', 'b', 'c'] }],
    ['another algorithm', { ...disclosed, _sd_alg: 'sha-512' }],
    ['no algorithm', { _sd: digests, disclosures: [] }],
    ['something more', { ...disclosed, claims: {} }],
    ['a list', [disclosed]],
    ['nothing', null],
  ])('is refused with %s', (_, value) => {
    expect(() => decodeDisclosed(utf8(JSON.stringify(value)))).toThrow(malformed);
  });

  it('is refused when it is no JSON', () => {
    expect(() => decodeDisclosed(utf8('{'))).toThrow(malformed);
    expect(() => decodeDisclosed(fromBase64Url('_w'))).toThrow(malformed);
  });
});

function manyDigests(count: number): string[] {
  return Array.from({ length: count }, (_, at) => toBase64Url(hasher(String(at)))).sort();
}
