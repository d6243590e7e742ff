import { createHash, hash } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonical-json';
import type { RecordedEvent } from '../../kernel/event';
import { LedgerCorrupt } from '../event-store';
import type { SubjectKeys } from './key-vault';
import { isSealed, personalDisclosure, sealedFields, unseal } from './sealed-field';

/** What the log says of an event: its 32-byte entry, and the digests that the entry stands for. */
export interface Commitment {
  readonly entry: Buffer;
  /** base64url SHA-256, one for each field and a second one for each sealed field; sorted. */
  readonly digests: string[];
}

/** Ordinary salts of an event: SHAKE256(commitment key ‖ label ‖ event id), 16 bytes a field. README.md has it byte for byte. */
const SALTS_LABEL = 'mingjing/ordinary-salts/v1\0';
const SALT_BYTES = 16;
const ENVELOPE_FIELDS = 6;
const MAX_BYTES_PER_UTF16_UNIT = 3;

/** Commits to an event as it is stored: before upcast and decryption, so no subject's key is needed, now or ever. */
export function commitmentOf(stored: RecordedEvent, commitmentKey: Buffer): Commitment {
  const digests: string[] = [];
  eachOrdinary(stored, commitmentKey, (_path, encoded) => digests.push(hash('sha256', encoded, 'base64url')));
  for (const [, field] of sealedFields(stored)) digests.push(field.$digest);
  digests.sort();
  return { digests, entry: entryOf(digests) };
}

/**
 * The disclosure of every field by path (`data.fineYuan`, `metadata.occurredAt`, …); personal fields without a key are missing.
 * @throws LedgerCorrupt when a sealed field does not hide what its digest says
 */
export function disclosuresOf(
  stored: RecordedEvent,
  commitmentKey: Buffer,
  subjectKeys: SubjectKeys,
): Map<string, string> {
  const disclosures = new Map<string, string>();
  eachOrdinary(stored, commitmentKey, (path, encoded) => disclosures.set(path, encoded));
  for (const [path, field] of sealedFields(stored)) {
    const key = subjectKeys.get(field.$subject);
    if (!key) continue;
    const place = { eventId: stored.id, path, position: stored.position };
    const encoded = personalDisclosure(place, unseal(place, field, key), key);
    if (hash('sha256', encoded, 'base64url') !== field.$digest) {
      throw new LedgerCorrupt(stored.position, `${place.path} does not hide what its digest says`);
    }
    disclosures.set(place.path, encoded);
  }
  return disclosures;
}

/** The log's entry of sorted digests: SHA-256 of `{"_sd":[…],"_sd_alg":"sha-256"}` (RFC 8785, RFC 9901). */
export function entryOf(sortedDigests: readonly string[]): Buffer {
  const list = sortedDigests.length > 0 ? `"${sortedDigests.join('","')}"` : '';
  return hash('sha256', `{"_sd":[${list}],"_sd_alg":"sha-256"}`, 'buffer');
}

/** Every field that needs no subject's key, in the order in which they get their salts, with its disclosure. */
function eachOrdinary(
  stored: RecordedEvent,
  commitmentKey: Buffer,
  take: (path: string, encoded: string) => void,
): void {
  const { data, metadata } = stored;
  const [dataNames, metadataNames] = [memberNames(data), memberNames(metadata)];
  const salts = createHash('shake256', {
    outputLength: SALT_BYTES * (ENVELOPE_FIELDS + dataNames.length + metadataNames.length),
  })
    .update(commitmentKey)
    .update(SALTS_LABEL + stored.id)
    .digest();
  let at = 0;
  const disclose = (path: string, value: unknown): void => {
    const salt = salts.toString('base64url', at, (at += SALT_BYTES));
    take(path, base64Url(`["${salt}",${JSON.stringify(path)},${canonicalJson(value)}]`));
  };
  for (const name of dataNames) disclose(isSealed(data[name]) ? `data.${name}#sealed` : `data.${name}`, data[name]);
  disclose('id', stored.id);
  for (const name of metadataNames) {
    disclose(isSealed(metadata[name]) ? `metadata.${name}#sealed` : `metadata.${name}`, metadata[name]);
  }
  disclose('position', stored.position);
  disclose('revision', stored.revision);
  disclose('schemaVersion', stored.schemaVersion);
  disclose('stream', stored.stream);
  disclose('type', stored.type);
}

/** Sorted by UTF-16 code units. A member without a value is none: JSON has no word for it. */
const memberNames = <T extends object>(of: T): Array<keyof T & string> =>
  (Object.keys(of) as Array<keyof T & string>).filter((name) => of[name] !== undefined).sort();

/** Most disclosures fit in here, which saves making a buffer for each. */
const scratch = Buffer.allocUnsafeSlow(8192);

function base64Url(text: string): string {
  if (text.length * MAX_BYTES_PER_UTF16_UNIT > scratch.length) return Buffer.from(text).toString('base64url');
  return scratch.toString('base64url', 0, scratch.write(text));
}
