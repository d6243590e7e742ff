import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { cosignedMessage, formatCheckpoint } from '../../src/verification/checkpoint';
import { formatNote, type NoteSignature } from '../../src/verification/note';
import { timestampedSignature } from '../../src/verification/verifier-key';

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410: an Ed25519 private key follows

/** An Ed25519 key that is the same each time for a name: for tests alone. */
export class TestKey {
  private readonly secret: KeyObject;
  private readonly typed: Buffer;

  constructor(
    readonly name: string,
    private readonly type: 0x01 | 0x04,
    /** Whose secret it is: one holder may appear under several names. */
    holder = name,
  ) {
    const seed = createHash('sha256').update(`test key of ${holder}`).digest();
    this.secret = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(this.secret).export({ format: 'der', type: 'spki' });
    this.typed = Buffer.concat([Buffer.from([type]), spki.subarray(-32)]);
  }

  /** The verifier key as a line. */
  get line(): string {
    return `${this.name}+${this.id.toString('hex')}+${this.typed.toString('base64')}`;
  }

  /** Signs a checkpoint's body; a witness says when, in Unix seconds. */
  signs(body: string, time = 1_773_108_000): NoteSignature {
    const { name, secret } = this;
    const keyId = this.id.readUInt32BE();
    if (this.type === 0x01) return { name, keyId, signature: sign(null, Buffer.from(body), secret) };
    return { name, keyId, signature: timestampedSignature(time, sign(null, cosignedMessage(time, body), secret)) };
  }

  private get id(): Buffer {
    return createHash('sha256').update(`${this.name}\n`).update(this.typed).digest().subarray(0, 4);
  }
}

export const ORIGIN = 'mingjing.example/log';
export const logKey = new TestKey(ORIGIN, 0x01);
export const notary = new TestKey('notary.example', 0x04);
export const university = new TestKey('university.example', 0x04);

/** A checkpoint as the log publishes it; without a root, one that only its size and a word decide. */
export function published(
  size: number,
  by: readonly TestKey[] = [logKey, notary, university],
  { root, origin = ORIGIN, time, word = '' }: { root?: Uint8Array; origin?: string; time?: number; word?: string } = {},
): string {
  const anyRoot = createHash('sha256').update(`root of ${size}${word}`).digest();
  const text = formatCheckpoint({ origin, size, root: root ?? anyRoot });
  return formatNote({ text, signatures: by.map((key) => key.signs(text, time)) });
}
