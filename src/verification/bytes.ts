import { Failure } from '../kernel/errors';

const CHUNK = 0x2000; // characters at a time: `fromCharCode` takes its arguments from the stack

/** Standard base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}

/**
 * The bytes of standard base64, in its one canonical form: padded, no white space, unused bits zero.
 * @throws Failure `encoding.not_canonical`
 */
export function fromBase64(text: string): Uint8Array {
  const bytes = decoded(text);
  if (!bytes || toBase64(bytes) !== text) {
    throw new Failure('invalid', 'encoding.not_canonical', {
      zh: '不是规范的 base64 编码。',
      en: 'This is not canonical base64.',
    });
  }
  return bytes;
}

/** base64url without padding (RFC 4648 §5, as in RFC 7515). */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * The bytes of base64url, in its one canonical form: not padded, no white space, unused bits zero.
 * @throws Failure `encoding.not_canonical`
 */
export function fromBase64Url(text: string): Uint8Array {
  const standard = text.replaceAll(/[-_+/=]/g, (char) => ({ '-': '+', _: '/' })[char] ?? ' ');
  return fromBase64(standard + '='.repeat((4 - (text.length % 4)) % 4));
}

/** Whether two byte strings are the same. Everything compared here is public, so time is no secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** All parts, one after the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * SHA-256 (FIPS 180-4), 32 bytes.
 * @throws Failure `verification.webcrypto_missing` in a browser that holds the page to be insecure (plain `http:`)
 */
export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await webCrypto().digest('SHA-256', bytes));
}

/** What is used of the platform's cryptography, as Node and browsers both have it. */
export interface WebCrypto {
  digest(algorithm: 'SHA-256', data: Uint8Array): Promise<ArrayBuffer>;
  importKey(
    format: 'raw',
    key: Uint8Array,
    algorithm: 'Ed25519',
    extractable: false,
    uses: ['verify'],
  ): Promise<object>;
  verify(algorithm: 'Ed25519', key: object, signature: Uint8Array, data: Uint8Array): Promise<boolean>;
}

/** The platform's cryptography. Browsers withhold it from pages that came over plain `http:`. */
export function webCrypto(): WebCrypto {
  const { crypto } = globalThis as { crypto?: { subtle?: unknown } };
  if (crypto?.subtle) return crypto.subtle as WebCrypto;
  throw new Failure('unavailable', 'verification.webcrypto_missing', {
    zh: '此环境没有提供 WebCrypto（浏览器只对 https 页面和下载到本机的页面提供），无法在此核验；这不表示记录有误。',
    en: 'WebCrypto is missing here (browsers offer it to https pages and to pages saved on this device), so nothing can be verified here. It does not mean that the record is wrong.',
  });
}

function decoded(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
