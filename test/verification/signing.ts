import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { concatBytes, utf8 } from '../../src/verification/bytes';
import { cosignedMessage, formatCheckpoint, type Checkpoint } from '../../src/verification/checkpoint';
import { formatNote, type NoteSignature } from '../../src/verification/note';
import { timestampedSignature, verifierKeyOf, type VerifierKey } from '../../src/verification/verifier-key';

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410, before the 32 bytes of the seed
const SPKI_BYTES = 12;

/** A key pair of which every byte is known: for tests alone. */
export interface Signer {
  readonly key: VerifierKey;
  readonly publicKey: KeyObject;
  sign(text: string): NoteSignature;
  cosign(text: string, time: number): NoteSignature;
}

export async function signerOf(
  name: string,
  seed: number,
  algorithm: VerifierKey['algorithm'] = 'ed25519',
): Promise<Signer> {
  const der = concatBytes(PKCS8_ED25519, new Uint8Array(32).fill(seed));
  const privateKey = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const raw = Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_BYTES));
  const key = await verifierKeyOf(name, algorithm, raw);
  const line = (signature: Uint8Array): NoteSignature => ({ name, keyId: key.keyId, signature });
  return {
    key,
    publicKey,
    sign: (text) => line(Uint8Array.from(sign(null, utf8(text), privateKey))),
    cosign: (text, time) => line(timestampedSignature(time, sign(null, cosignedMessage(time, text), privateKey))),
  };
}

export const witnessOf = (name: string, seed: number): Promise<Signer> => signerOf(name, seed, 'cosignature/v1');

/** A checkpoint signed by a log, and by witnesses at a time each. */
export function signedCheckpoint(
  checkpoint: Checkpoint,
  log: Signer,
  witnesses: readonly (readonly [Signer, time: number])[] = [],
): string {
  const text = formatCheckpoint(checkpoint);
  return formatNote({ text, signatures: [log.sign(text), ...witnesses.map(([w, time]) => w.cosign(text, time))] });
}
