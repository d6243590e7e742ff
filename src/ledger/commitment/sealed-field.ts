import { createCipheriv, createDecipheriv, createHmac, hash } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonical-json';
import type { RecordedEvent } from '../../kernel/event';
import { LedgerCorrupt } from '../event-store';
import { SUBJECT_KEY_BYTES, type SubjectId } from './key-vault';

/** A personal field as the ledger stores it. The whole object is committed to, and so is what it hides, by `$digest`. */
export interface SealedField {
  /** Digest of the plaintext's disclosure: base64url, SHA-256. */
  readonly $digest: string;
  /** base64url of: 1 byte form, AES-256-GCM ciphertext of the value's canonical JSON, 16 bytes tag. */
  readonly $sealed: string;
  readonly $subject: SubjectId;
}

/**
 * The sealed fields of a stored event, by path: the personal ones of its data, and the digest of its command where the command
 * held such.
 */
export function sealedFields({
  data,
  metadata,
}: Pick<RecordedEvent, 'data' | 'metadata'>): Array<[string, SealedField]> {
  const found: Array<[string, SealedField]> = [];
  for (const name in data) if (isSealed(data[name])) found.push([`data.${name}`, data[name]]);
  const digest: unknown = metadata.commandDigest;
  if (isSealed(digest)) found.push([COMMAND_DIGEST, digest]);
  return found;
}

/** Where a sealed field stands; its bytes are worthless anywhere else. */
export interface SealedPlace {
  readonly eventId: string;
  /** `data.<field>` or `COMMAND_DIGEST` */
  readonly path: string;
}

/** The form byte: what an erased field has to read as, once nothing else is known of it. */
const FORM = { value: 1, list: 2 } as const;
export const COMMAND_DIGEST = 'metadata.commandDigest';
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const SALT_BYTES = 16;
const HALF = SUBJECT_KEY_BYTES / 2;
const SALT_LABEL = 'mingjing/personal-salt/v1';

/** By its shape, so that a field stays readable when its class has changed. No other value of that shape is ever recorded. */
export function isSealed(value: unknown): value is SealedField {
  if (typeof value !== 'object' || value === null) return false;
  const { $digest, $sealed, $subject } = value as Partial<Record<keyof SealedField, unknown>>;
  return typeof $sealed === 'string' && typeof $digest === 'string' && typeof $subject === 'string';
}

/** The disclosure `[salt, path, value]` of a personal field, in SD-JWT's encoding (RFC 9901, 4.2). */
export function personalDisclosure({ eventId, path }: SealedPlace, plaintext: string, key: Buffer): string {
  const salt = createHmac('sha256', key.subarray(HALF)).update(`${SALT_LABEL}\0${eventId}\0${path}`).digest();
  const json = `["${salt.toString('base64url', 0, SALT_BYTES)}",${JSON.stringify(path)},${plaintext}]`;
  return Buffer.from(json).toString('base64url');
}

/**
 * Encrypts a value under its subject's key. The nonce is the beginning of the digest, which is another for every place and
 * value: the same event sealed again gives the same bytes, and no nonce is ever used for two plaintexts.
 * @throws TypeError for a value that JSON cannot hold
 */
export function seal(place: SealedPlace, value: unknown, subject: SubjectId, key: Buffer): SealedField {
  const plaintext = canonicalJson(value);
  const digest = hash('sha256', personalDisclosure(place, plaintext, key), 'base64url');
  const form = Array.isArray(value) ? FORM.list : FORM.value;
  const cipher = createCipheriv('aes-256-gcm', key.subarray(0, HALF), nonceOf(digest));
  cipher.setAAD(boundTo(form, place, digest));
  const ciphertext = cipher.update(plaintext, 'utf8');
  cipher.final();
  const sealed = Buffer.concat([Buffer.of(form), ciphertext, cipher.getAuthTag()]);
  return { $digest: digest, $sealed: sealed.toString('base64url'), $subject: subject };
}

/** The plaintext as canonical JSON. @throws LedgerCorrupt when the field is not what was sealed in this place under this key */
export function unseal(place: SealedPlace & { position: number }, field: SealedField, key: Buffer): string {
  try {
    const sealed = Buffer.from(field.$sealed, 'base64url');
    const tagAt = sealed.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', key.subarray(0, HALF), nonceOf(field.$digest), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(boundTo(sealed[0], place, field.$digest));
    decipher.setAuthTag(sealed.subarray(tagAt));
    return decipher.update(sealed.subarray(1, tagAt), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    throw new LedgerCorrupt(place.position, `${place.path} is not what was sealed under the key of ${field.$subject}`);
  }
}

/** Whether the field hides a list. Known without the key. */
export const hidesList = (field: SealedField): boolean =>
  Buffer.from(field.$sealed.slice(0, 2), 'base64url')[0] === FORM.list;

const nonceOf = (digest: string): Buffer => Buffer.from(digest, 'base64url').subarray(0, NONCE_BYTES);

const boundTo = (form: number, { eventId, path }: SealedPlace, digest: string): Buffer =>
  Buffer.from(`${form}\0${eventId}\0${path}\0${digest}`);
