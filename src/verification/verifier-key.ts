import { Failure } from '../kernel/errors';
import { concatBytes, equalBytes, fromBase64, sha256, toBase64, utf8, webCrypto } from './bytes';
import { cosignedMessage } from './checkpoint';
import { isKeyName, type Note, type NoteSignature } from './note';

/** How a key signs, with its byte in key ids and verifier keys (C2SP signed-note, "signature types"). */
const TYPE_BYTES = { ed25519: 0x01, 'cosignature/v1': 0x04 } as const;
export type SignatureAlgorithm = keyof typeof TYPE_BYTES;

const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TIME_BYTES = 8;
const MAX_LINE = 1024;
/** The last second that ECMAScript can name; a cosignature of a later one is refused. */
const MAX_TIME_S = 8_640_000_000_000n;

/** Whom to believe: a name, and the Ed25519 public key (32 bytes) that speaks for it. */
export interface VerifierKey {
  readonly name: string;
  /** uint32, the first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key) */
  readonly keyId: number;
  readonly algorithm: SignatureAlgorithm;
  readonly publicKey: Uint8Array;
}

/** A signature that holds. A cosignature says when it was given, in Unix seconds. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  readonly time?: number;
}

/**
 * Reads a verifier key, `name+hex key id+base64(type ‖ public key)`; base64 may itself contain `+`.
 * @throws Failure `verifier_key.malformed`, `verifier_key.unsupported` for other signature types
 */
export async function parseVerifierKey(line: string): Promise<VerifierKey> {
  const [, name, id, encoded] = (line.length <= MAX_LINE && /^([^+]*)\+([0-9a-f]{8})\+(.+)$/su.exec(line)) || [];
  if (!isKeyName(name)) throw malformed();
  const bytes = keyBytes(encoded);
  const algorithm = (Object.keys(TYPE_BYTES) as SignatureAlgorithm[]).find((each) => TYPE_BYTES[each] === bytes[0]);
  if (!algorithm) {
    throw new Failure('invalid', 'verifier_key.unsupported', {
      zh: '不支持该公钥的签名类型，只支持 Ed25519（0x01）和 cosignature/v1（0x04）。',
      en: 'The signature type of this key is not supported: only Ed25519 (0x01) and cosignature/v1 (0x04) are.',
    });
  }
  const key = await verifierKeyOf(name, algorithm, bytes.slice(1));
  if (hexKeyId(key) !== id) throw malformed();
  return key;
}

/** The verifier key as a line of text, without a line feed. */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${hexKeyId(key)}+${toBase64(typedKey(key))}`;
}

/**
 * The verifier key of a public key; its id is computed.
 * @throws Failure `verifier_key.malformed` for a name with spaces or `+`, or another length than 32 bytes
 */
export async function verifierKeyOf(
  name: string,
  algorithm: SignatureAlgorithm,
  publicKey: Uint8Array,
): Promise<VerifierKey> {
  if (!isKeyName(name) || publicKey.length !== PUBLIC_KEY_BYTES) throw malformed();
  const digest = await sha256(concatBytes(utf8(`${name}\n`), typedKey({ algorithm, publicKey })));
  return { name, algorithm, publicKey, keyId: new DataView(digest.buffer).getUint32(0) };
}

/** The key's id as verifier keys write it: 8 hexadecimal digits. */
export function hexKeyId({ keyId }: Pick<VerifierKey, 'keyId'>): string {
  return keyId.toString(16).padStart(8, '0');
}

/** Whether two keys are the same key of the same name. */
export function sameKey(a: VerifierKey, b: VerifierKey): boolean {
  return a.name === b.name && a.algorithm === b.algorithm && equalBytes(a.publicKey, b.publicKey);
}

/**
 * The signatures of a note that these keys gave, in the note's order, one a key. Signatures of other keys are ignored; a
 * note of which nothing is left was signed by nobody known and must be rejected.
 * @throws Failure `proof.signature_invalid` when a signature by one of the keys does not hold
 * @throws Failure `verification.ed25519_missing` where the platform cannot tell
 */
export async function verifyNote(note: Note, keys: readonly VerifierKey[]): Promise<VerifiedSignature[]> {
  const verified: VerifiedSignature[] = [];
  for (const signature of note.signatures) {
    const key = keys.find(({ name, keyId }) => name === signature.name && keyId === signature.keyId);
    if (!key) continue;
    const found = await verifySignature(note.text, signature, key);
    if (!verified.some((earlier) => earlier.key === key)) verified.push(found);
  }
  return verified;
}

/** What a witness signs into a note: the time in Unix seconds as uint64, and its Ed25519 signature (64 bytes). */
export function timestampedSignature(time: number, signature: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(TIME_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(time));
  return concatBytes(bytes, signature);
}

/** Whether the platform verifies Ed25519; some browsers in use do not. Then nothing can be said about a signature. */
export async function ed25519Available(): Promise<boolean> {
  try {
    // RFC 8032 §7.1, test 1: the signature of the empty message.
    const key = fromBase64('11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=');
    const signature = fromBase64(
      '5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw==',
    );
    return await verifyEd25519(key, signature, new Uint8Array());
  } catch {
    return false;
  }
}

async function verifySignature(text: string, line: NoteSignature, key: VerifierKey): Promise<VerifiedSignature> {
  const claim = key.algorithm === 'ed25519' ? plainClaim(text, line.signature) : timedClaim(text, line.signature);
  if (claim && (await verifyEd25519(key.publicKey, claim.signature, claim.message))) {
    return { key, ...(claim.time !== undefined && { time: claim.time }) };
  }
  throw new Failure('invalid', 'proof.signature_invalid', {
    zh: `“${key.name}”的签名不成立：文本在签名之后被改动，或签名系伪造。`,
    en: `The signature of “${key.name}” does not hold: the text was changed after signing, or the signature is forged.`,
  });
}

/** An Ed25519 signature and what it should be of; undefined where the bytes have not the shape of their type. */
type Claim = { readonly signature: Uint8Array; readonly message: Uint8Array; readonly time?: number } | undefined;

function plainClaim(text: string, signature: Uint8Array): Claim {
  return signature.length === SIGNATURE_BYTES ? { signature, message: utf8(text) } : undefined;
}

function timedClaim(text: string, bytes: Uint8Array): Claim {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  if (time > MAX_TIME_S) return undefined;
  return { signature: bytes.slice(TIME_BYTES), message: cosignedMessage(Number(time), text), time: Number(time) };
}

async function verifyEd25519(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean> {
  const subtle = webCrypto();
  try {
    const key = await subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
    return await subtle.verify('Ed25519', key, signature, message);
  } catch (error) {
    if ((error as Error).name === 'DataError') return false; // a key that is no point of the curve
    throw new Failure('unavailable', 'verification.ed25519_missing', {
      zh: '此浏览器不支持 Ed25519 签名，无法在此核验签名；这不表示记录有误。请换用较新的浏览器，或用 mingjing verify。',
      en: 'This browser does not know Ed25519 signatures, so they cannot be verified here. It does not mean that the record is wrong. Take a newer browser, or mingjing verify.',
    });
  }
}

function typedKey({ algorithm, publicKey }: Pick<VerifierKey, 'algorithm' | 'publicKey'>): Uint8Array {
  return concatBytes(Uint8Array.of(TYPE_BYTES[algorithm]), publicKey);
}

function keyBytes(encoded: string): Uint8Array {
  try {
    return fromBase64(encoded);
  } catch {
    throw malformed();
  }
}

function malformed(): Failure {
  return new Failure('invalid', 'verifier_key.malformed', {
    zh: '公钥格式不对，应为“名称+8 位十六进制编号+base64”。',
    en: 'The verifier key is malformed: it is name+8 hexadecimal digits+base64.',
  });
}
