import { canonicalJson } from '../kernel/canonical-json';
import type { Failure } from '../kernel/errors';
import { fromBase64Url, sha256, toBase64Url, utf8 } from './bytes';
import { malformedProof } from './proof-file';

/** Digests an entry may have, and so fields an event may have. */
export const MAX_DIGESTS = 1024;

const SHA256_BYTES = 32;
const RESERVED_PATHS = ['_sd', '...']; // RFC 9901 §4.2.1
const HALF_CHARACTER = /\p{Cs}/u;
const PATH = /^[^\p{Cc}\p{Cf}\p{Cs}]{1,256}$/u; // paths are shown to people, also those of forged files

/** One field of an event, opened: with the salt, nobody can guess it from its digest (RFC 9901 §4.2.1). */
export interface Disclosure {
  readonly salt: string;
  readonly path: string;
  readonly value: unknown;
}

/** What a proof file's `extra` holds, as JSON: all digests of the entry, and the fields that are opened. */
export interface Disclosed {
  /** Sorted, each once. */
  readonly _sd: readonly string[];
  readonly _sd_alg: 'sha-256';
  /** Encoded disclosures. */
  readonly disclosures: readonly string[];
}

/** The disclosure as it is hashed and handed on: base64url of the canonical JSON `[salt, path, value]`. */
export function encodeDisclosure({ salt, path, value }: Disclosure): string {
  return toBase64Url(utf8(canonicalJson([salt, path, value])));
}

/**
 * Opens an encoded disclosure. Only canonical JSON is taken, so that every reader reads the same value: no member twice,
 * no number beyond what JSON readers agree on, no half of a character.
 * @throws Failure `proof.malformed`
 */
export function decodeDisclosure(encoded: string): Disclosure {
  const parts = disclosedParts(encoded);
  const [salt, path, value] = parts ?? [];
  const isWellFormed = parts?.length === 3 && typeof salt === 'string' && typeof path === 'string';
  if (!isWellFormed || !PATH.test(path) || RESERVED_PATHS.includes(path)) throw malformed();
  return { salt, path, value };
}

/** The digest that stands in the entry: base64url of SHA-256 of the encoded disclosure's ASCII (RFC 9901 §4.2.3). */
export async function disclosureDigest(encoded: string): Promise<string> {
  return toBase64Url(await sha256(utf8(encoded)));
}

/** The 32 bytes that are the log's entry: SHA-256 of the canonical `{"_sd":[…],"_sd_alg":"sha-256"}`. */
export function entryOf(sortedDigests: readonly string[]): Promise<Uint8Array> {
  return sha256(utf8(canonicalJson({ _sd: sortedDigests, _sd_alg: 'sha-256' })));
}

/** The bytes of a proof file's `extra`. */
export function encodeDisclosed({ _sd, _sd_alg, disclosures }: Disclosed): Uint8Array {
  return utf8(canonicalJson({ _sd, _sd_alg, disclosures }));
}

/**
 * Reads a proof file's `extra`: digests sorted and each once, nothing besides what is known. Whether the disclosures belong
 * to the digests is not checked here.
 * @throws Failure `proof.malformed`
 */
export function decodeDisclosed(extra: Uint8Array): Disclosed {
  const read = parsed(extra) as Partial<Record<keyof Disclosed, unknown>> | null | undefined;
  if (typeof read !== 'object' || read === null || Object.keys(read).sort().join() !== '_sd,_sd_alg,disclosures') {
    throw malformed();
  }
  const { _sd, _sd_alg, disclosures } = read;
  if (_sd_alg !== 'sha-256' || !isTexts(_sd) || !isTexts(disclosures) || disclosures.length > _sd.length)
    throw malformed();
  if (!_sd.every(isDigest) || !_sd.every((digest, at) => at === 0 || _sd[at - 1] < digest)) throw malformed();
  return { _sd, _sd_alg, disclosures };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= MAX_DIGESTS && value.every((each) => typeof each === 'string');
}

function isDigest(text: string): boolean {
  try {
    return fromBase64Url(text).length === SHA256_BYTES;
  } catch {
    return false;
  }
}

function disclosedParts(encoded: string): unknown[] | undefined {
  try {
    const parts = JSON.parse(decodeUtf8(fromBase64Url(encoded)), wellFormed) as unknown;
    return Array.isArray(parts) && toBase64Url(utf8(canonicalJson(parts))) === encoded
      ? (parts as unknown[])
      : undefined;
  } catch {
    return undefined; // not base64url, not UTF-8, not JSON, half a character, or nested too deeply to be read
  }
}

/** Refuses half a character (an unpaired surrogate) in a name or a text: readers show it in different ways (RFC 8785 §3.2.2.2). */
function wellFormed(name: string, value: unknown): unknown {
  if (HALF_CHARACTER.test(name) || (typeof value === 'string' && HALF_CHARACTER.test(value))) throw malformed();
  return value;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

const malformed = (): Failure => malformedProof('公开内容的部分无法读取', 'the part that discloses cannot be read');
