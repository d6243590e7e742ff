import { hash } from 'node:crypto';
import { Failure } from '../../kernel/errors';
import type { RecordedEvent } from '../../kernel/event';
import { commitmentOf } from '../commitment/commitment';
import type { KeyVault, SubjectId, SubjectKeys } from '../commitment/key-vault';
import { personalDisclosure, sealedFields, unseal, type SealedField } from '../commitment/sealed-field';
import { LedgerCorrupt } from '../event-store';
import { CheckedRows, type CheckedRow } from '../sqlite/checked-rows';
import type { Sqlite } from '../sqlite/schema';
import { HASH_BYTES } from '../transparency/merkle';
import { finding, type Facts, type Finding } from './findings';

/** What was derived of a run of events; plain data, so that a thread can send it. */
export interface DerivedPage {
  /** The log's entries, 32 bytes each. */
  readonly entries: Uint8Array;
  /** 1 for each entry that there is; 0 where the event is damaged, or where none are asked for. */
  readonly known: Uint8Array;
  /** `recordedAt` in ms since 1970; NaN where there is none. */
  readonly recordedAtMs: Float64Array;
  readonly findings: readonly Finding[];
}

/** Reads events as they are stored, each row checked, and derives what the log must have of them. */
export class StoredEvents {
  private readonly rows: CheckedRows;

  constructor(
    db: Sqlite,
    private readonly vault: KeyVault | undefined,
    /** Undefined: entries are not derived. */
    private readonly commitmentKey: Buffer | undefined,
  ) {
    this.rows = new CheckedRows(db);
  }

  async derive(first: number, count: number): Promise<DerivedPage> {
    return derive(first, this.rows.read(first, count), this.vault, this.commitmentKey);
  }

  /** The event at a position; undefined when it is missing or damaged. */
  at(position: number): RecordedEvent | undefined {
    const row = this.rows.at(position);
    return row instanceof LedgerCorrupt ? undefined : row;
  }
}

/**
 * What follows from a run of events, the first of which stands at position `first`; without a vault its encrypted fields are not looked
 * into, without a commitment key there are no entries.
 */
export async function derive(
  first: number,
  rows: readonly CheckedRow[],
  vault: KeyVault | undefined,
  commitmentKey: Buffer | undefined,
): Promise<DerivedPage> {
  const findings: Finding[] = [];
  const [entries, known] = [new Uint8Array(rows.length * HASH_BYTES), new Uint8Array(rows.length)];
  const recordedAtMs = new Float64Array(rows.length).fill(NaN);
  rows.forEach((row, i) => {
    try {
      if (row instanceof LedgerCorrupt) throw row;
      recordedAtMs[i] = Date.parse(row.metadata.recordedAt);
      if (!commitmentKey) return;
      entries.set(commitmentOf(row, commitmentKey).entry, i * HASH_BYTES);
      known[i] = 1;
    } catch (error) {
      const reason = error instanceof LedgerCorrupt ? error.reason : 'the body is no event';
      findings.push(finding('ledger_damaged', { position: first + i, reason }));
    }
  });
  if (vault) findings.push(...(await unfitting(sealedIn(rows), vault)));
  return { entries, known, recordedAtMs, findings };
}

/** What says which event it is, as far as the ledger still tells. */
export const identityOf = (event: RecordedEvent | undefined): Facts =>
  event ? { id: event.id, stream: event.stream, type: event.type } : {};

/** An encrypted field in its place. */
interface SealedPlace {
  readonly event: RecordedEvent;
  readonly path: string;
  readonly field: SealedField;
}

const sealedIn = (rows: readonly CheckedRow[]): SealedPlace[] =>
  rows.flatMap((event) =>
    event instanceof LedgerCorrupt ? [] : sealedFields(event).map(([path, field]) => ({ event, path, field })),
  );

/** Encrypted fields that do not hold what they should under the keys that the vault has; those of the erased cannot be told. */
async function unfitting(sealed: readonly SealedPlace[], vault: KeyVault): Promise<Finding[]> {
  if (sealed.length === 0) return [];
  const { keys, missing } = await keysOf(new Set(sealed.map(({ field }) => field.$subject)), vault);
  return sealed.flatMap((place) => {
    const { event, path, field } = place;
    const facts = { position: event.position, ...identityOf(event), fields: [path] };
    if (missing.has(field.$subject)) return [finding('key_missing', facts)];
    const key = keys.get(field.$subject);
    return key && !fits(place, key) ? [finding('personal_unreadable', facts)] : [];
  });
}

function fits({ event, path, field }: SealedPlace, key: Buffer): boolean {
  const place = { eventId: event.id, path, position: event.position };
  try {
    return hash('sha256', personalDisclosure(place, unseal(place, field, key), key), 'base64url') === field.$digest;
  } catch (error) {
    if (error instanceof LedgerCorrupt) return false;
    throw error;
  }
}

/** The keys there are, and the subjects of whom the vault knows nothing. */
async function keysOf(
  subjects: ReadonlySet<SubjectId>,
  vault: KeyVault,
): Promise<{ keys: SubjectKeys; missing: ReadonlySet<SubjectId> }> {
  try {
    return { keys: await vault.keysForReading(subjects), missing: new Set() };
  } catch (error) {
    if (!isKeyMissing(error)) throw error;
  }
  const keys = new Map<SubjectId, Buffer>();
  const missing = new Set<SubjectId>();
  for (const subject of subjects) {
    try {
      for (const [known, key] of await vault.keysForReading([subject])) keys.set(known, key);
    } catch (error) {
      if (!isKeyMissing(error)) throw error;
      missing.add(subject);
    }
  }
  return { keys, missing };
}

const isKeyMissing = (error: unknown): boolean => error instanceof Failure && error.code === 'privacy.key_missing';
