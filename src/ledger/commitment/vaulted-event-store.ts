import { ERASED, ERASED_LIST, isErased } from '../../kernel/erased';
import { definitionNamed, upcast, type NewEvent, type RecordedEvent } from '../../kernel/event';
import { EventStore, type Appended, type ExpectedRevision, type PageRequest } from '../event-store';
import { assertCommittable } from './committable';
import type { KeyVault, SubjectId, SubjectKeys } from './key-vault';
import { COMMAND_DIGEST, hidesList, seal, sealedFields, unseal, type SealedField } from './sealed-field';

/**
 * The ledger as the program reads and writes it: personal fields are encrypted on their way in and decrypted on their way out,
 * those of an erased subject read as erased, and old events read in the current schema version. `inner` gives what is stored.
 */
export class VaultedEventStore extends EventStore {
  /** Resolves when every append before has been handed on, so that they are judged in the order in which they were asked. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly inner: EventStore,
    private readonly vault: KeyVault,
  ) {
    super();
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const sealed = this.sealed(events);
    sealed.catch(() => undefined); // it is awaited in its turn
    const handedOn = this.turn.then(async () => {
      const ready = await sealed;
      return { appended: this.inner.append(stream, expected, ready) }; // not awaited: the next one is for the same batch
    });
    this.turn = handedOn.catch(() => undefined);
    return (await handedOn).appended;
  }

  async readStream(stream: string, page: PageRequest): Promise<RecordedEvent[]> {
    return this.opened(await this.inner.readStream(stream, page));
  }

  async readAll(page: PageRequest): Promise<RecordedEvent[]> {
    return this.opened(await this.inner.readAll(page));
  }

  head(): Promise<number> {
    return this.inner.head();
  }

  override present(): Promise<number> {
    return this.inner.present();
  }

  async *subscribe(options: {
    after: number;
    limit?: number;
    signal?: AbortSignal;
  }): AsyncGenerator<RecordedEvent[], void, void> {
    for await (const page of this.inner.subscribe(options)) yield await this.opened(page);
  }

  /** Hands on what waits, then closes the store and the vault. */
  async close(): Promise<void> {
    await this.turn;
    await this.inner.close();
    await this.vault.close();
  }

  private async sealed(events: readonly NewEvent[]): Promise<readonly NewEvent[]> {
    events.forEach(assertCommittable);
    const personal = events.map(personalFields);
    const subjects = new Set(personal.flatMap((fields) => fields.map((field) => field.subject)));
    if (subjects.size === 0) return events;
    const keys = await this.vault.keysForWriting(subjects);
    const [owner] = subjects;
    return events.map((event, i) => sealDigest(sealFields(event, personal[i], keys), owner, keys));
  }

  private async opened(page: RecordedEvent[]): Promise<RecordedEvent[]> {
    const subjects = new Set<SubjectId>();
    const sealed = page.map(sealedFields);
    for (const fields of sealed) for (const [, field] of fields) subjects.add(field.$subject);
    const keys: SubjectKeys = subjects.size > 0 ? await this.vault.keysForReading(subjects) : new Map();
    return page.map((stored, i) => upcast(openFields(stored, sealed[i], keys)));
  }
}

interface PersonalField {
  readonly name: string;
  readonly subject: SubjectId;
}

/** The fields to encrypt: those marked `@Personal` that have a value. One that was erased already is copied as it is. */
function personalFields({ type, data }: NewEvent): PersonalField[] {
  const found: PersonalField[] = [];
  for (const { name, mark } of definitionNamed(type)?.fields ?? []) {
    if (mark.kind !== 'personal' || data[name] === undefined || isErased(data[name])) continue;
    const id = data[`${mark.subject}Id`];
    if (typeof id !== 'string' || id === '') throw new Error(`${type}.${name}: no ${mark.subject}Id says whose it is`);
    found.push({ name, subject: `${mark.subject}:${id}` });
  }
  return found;
}

function sealFields(event: NewEvent, personal: readonly PersonalField[], keys: SubjectKeys): NewEvent {
  if (personal.length === 0) return event;
  const data = { ...event.data };
  for (const { name, subject } of personal) {
    data[name] = seal({ eventId: event.id, path: `data.${name}` }, data[name], subject, keys.get(subject)!);
  }
  return { ...event, data };
}

/**
 * The digest of a command that held personal data, sealed for the subject of the first of them: whoever has the ledger and what
 * is left of the vault cannot try guesses at what an erased command said.
 */
function sealDigest(event: NewEvent, subject: SubjectId, keys: SubjectKeys): NewEvent {
  const { commandDigest } = event.metadata;
  if (commandDigest === '') return event;
  const sealed: unknown = seal({ eventId: event.id, path: COMMAND_DIGEST }, commandDigest, subject, keys.get(subject)!);
  return { ...event, metadata: { ...event.metadata, commandDigest: sealed as string } };
}

function openFields(
  stored: RecordedEvent,
  sealed: ReadonlyArray<readonly [path: string, field: SealedField]>,
  keys: SubjectKeys,
): RecordedEvent {
  if (sealed.length === 0) return stored;
  const data = { ...stored.data };
  let { metadata } = stored;
  for (const [path, field] of sealed) {
    const value = openField(stored, path, field, keys);
    if (path === COMMAND_DIGEST) metadata = { ...metadata, commandDigest: value as string };
    else data[path.slice('data.'.length)] = value;
  }
  return { ...stored, data, metadata };
}

function openField({ id, position }: RecordedEvent, path: string, field: SealedField, keys: SubjectKeys): unknown {
  const key = keys.get(field.$subject);
  if (!key) return hidesList(field) ? ERASED_LIST : ERASED;
  return JSON.parse(unseal({ eventId: id, path, position }, field, key));
}
