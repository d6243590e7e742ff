import { createHash, hash } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonical-json';
import type { RecordedEvent } from '../../kernel/event';
import { LedgerCorrupt } from '../event-store';
import type { SubjectKeys } from './key-vault';
import { isSealed, personalDisclosure, unseal } from './sealed-field';

/** What the log says of an event: its 32-byte entry, and the digests that the entry stands for. */
export interface Commitment {
  readonly entry: Buffer;
  /** base64url SHA-256, one for each field and a second one for each sealed field; sorted. */
  readonly digests: string[];
}

/** Ordinary salts of an event: SHAKE256(commitment key ‖ label ‖ event id), 16 bytes a field. README.md has it byte for byte. */
const SALTS_LABEL = 'mingjing/ordinary-salts/v1\0';
const SALT_BYTES = 16;

/** Commits to an event as it is stored: before upcast and decryption, so no subject's key is needed, now or ever. */
export function commitmentOf(stored: RecordedEvent, commitmentKey: Buffer): Commitment {
  const digests: string[] = [];
  for (const encoded of ordinaryDisclosures(stored, commitmentKey).values())
    digests.push(hash('sha256', encoded, 'base64url'));
  for (const value of Object.values(stored.data)) if (isSealed(value)) digests.push(value.$digest);
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
  const disclosures = ordinaryDisclosures(stored, commitmentKey);
  for (const [name, field] of Object.entries(stored.data)) {
    const key = isSealed(field) ? subjectKeys.get(field.$subject) : undefined;
    if (!isSealed(field) || !key) continue;
    const place = { eventId: stored.id, path: `data.${name}`, position: stored.position };
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

function ordinaryDisclosures(stored: RecordedEvent, commitmentKey: Buffer): Map<string, string> {
  const fields = ordinaryFields(stored).sort(([a], [b]) => (a < b ? -1 : 1));
  const salts = createHash('shake256', { outputLength: fields.length * SALT_BYTES })
    .update(commitmentKey)
    .update(SALTS_LABEL + stored.id)
    .digest();
  return new Map(
    fields.map(([path, value], i) => {
      const salt = salts.toString('base64url', i * SALT_BYTES, (i + 1) * SALT_BYTES);
      return [path, Buffer.from(canonicalJson([salt, path, value])).toString('base64url')];
    }),
  );
}

function ordinaryFields({ data, metadata, ...envelope }: RecordedEvent): Array<[path: string, value: unknown]> {
  return [
    ...Object.entries(envelope),
    ...Object.entries(metadata).map(([name, value]): [string, unknown] => [`metadata.${name}`, value]),
    ...Object.entries(data).map(([name, value]): [string, unknown] => [
      isSealed(value) ? `data.${name}#sealed` : `data.${name}`,
      value,
    ]),
  ];
}
