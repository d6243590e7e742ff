import { sha256 } from '../../verification/bytes';
import { hexKeyId, parseVerifierKey } from '../../verification/verifier-key';

/** A key as people compare it over the telephone. */
export interface KeyFingerprint {
  readonly name: string;
  /** 8 hexadecimal digits. */
  readonly id: string;
  /** SHA-256 of the 32 bytes of the public key, in groups of four hexadecimal digits. */
  readonly sha256: string;
}

/** @throws Failure `verifier_key.malformed`, `verifier_key.unsupported` */
export async function fingerprintOf(verifierKey: string): Promise<KeyFingerprint> {
  const key = await parseVerifierKey(verifierKey);
  const digits = [...(await sha256(key.publicKey))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { name: key.name, id: hexKeyId(key), sha256: digits.replace(/(.{4})(?=.)/g, '$1 ') };
}
