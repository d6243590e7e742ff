import 'reflect-metadata';
import type { Instant } from './time';
import type { Bilingual } from './errors';

/** Who may see a field of an event. Commitment, encryption, redaction and the catalogue all read these marks. */
export type Mark =
  | { readonly kind: 'open' } // may appear in a public notice
  | { readonly kind: 'internal' } // staff only
  | { readonly kind: 'personal'; readonly subject: string }; // encrypted under that subject's key

/** One marked field of an event class. `type` is the declared run-time type, for the catalogue. */
export interface MarkedField {
  readonly name: string;
  readonly mark: Mark;
  readonly type: string;
}

/** What is known of an event class: its stable name, schema version, Chinese title, article, and how old versions read. */
export interface EventDefinition<T extends object = object> {
  readonly name: string;
  readonly version: number;
  readonly title: Bilingual;
  readonly basis: string;
  readonly type: EventClass<T>;
  readonly fields: readonly MarkedField[];
  /** `upcasts[v]` turns the data of version v into that of v + 1. */
  readonly upcasts: Readonly<Record<number, (data: Record<string, unknown>) => Record<string, unknown>>>;
}

export type EventClass<T extends object = object> = new () => T;

const fieldsOf = new WeakMap<object, MarkedField[]>();
const byName = new Map<string, EventDefinition>();
const byClass = new Map<EventClass, EventDefinition>();

function marked(mark: Mark): PropertyDecorator {
  return (target, property) => {
    const type = Reflect.getMetadata('design:type', target, property) as { name: string } | undefined;
    const fields = fieldsOf.get(target) ?? [];
    fields.push({ name: String(property), mark, type: type?.name ?? 'Object' });
    fieldsOf.set(target, fields);
  };
}

/** A class's marked fields, those it inherits first: a mark on a shared base must not be lost, least of all a personal one. */
function markedFields(prototype: object | null): MarkedField[] {
  if (!prototype) return [];
  return [...markedFields(Object.getPrototypeOf(prototype) as object | null), ...(fieldsOf.get(prototype) ?? [])];
}

/** The field may appear in a public notice. */
export const Open = (): PropertyDecorator => marked({ kind: 'open' });

/** The field is for staff. */
export const Internal = (): PropertyDecorator => marked({ kind: 'internal' });

/** The field is personal data of a subject: `@Personal('party')` needs a sibling field `partyId` with the subject's opaque id. */
export const Personal = (subject: string): PropertyDecorator => marked({ kind: 'personal', subject });

/**
 * Declares an event class. Its name is the class name and never changes; a changed shape is a new version with an upcast
 * from the one before.
 */
export function EventType(definition: {
  zh: string;
  en: string;
  basis: string;
  version?: number;
  upcasts?: EventDefinition['upcasts'];
}): ClassDecorator {
  return (target) => {
    const type = target as unknown as EventClass;
    const version = definition.version ?? 1;
    const upcasts = definition.upcasts ?? {};
    for (let v = 1; v < version; v++) {
      if (!upcasts[v]) throw new Error(`${target.name}: no upcast from version ${v}`);
    }
    if (byName.has(target.name)) throw new Error(`${target.name}: two event classes have this name`);
    const entry: EventDefinition = {
      name: target.name,
      version,
      title: { zh: definition.zh, en: definition.en },
      basis: definition.basis,
      type,
      fields: markedFields(target.prototype as object),
      upcasts,
    };
    byName.set(entry.name, entry);
    byClass.set(type, entry);
  };
}

/** An event of a class, from its fields. */
export function event<T extends object>(type: EventClass<T>, fields: T): T {
  return Object.assign(new type(), fields);
}

/** The definition of an event class. Throws when it was never declared with `@EventType`. */
export function definitionOf(type: EventClass): EventDefinition {
  const found = byClass.get(type);
  if (!found) throw new Error(`${type.name} is not declared with @EventType`);
  return found;
}

/** The definition by stored name; undefined for a name this version of the program does not know. */
export function definitionNamed(name: string): EventDefinition | undefined {
  return byName.get(name);
}

/** Every declared event, by name: the event catalogue. */
export function allEventDefinitions(): EventDefinition[] {
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Who acted. Ids only: a name is looked up where it may be shown. */
export interface Actor {
  readonly kind: 'person' | 'system' | 'import' | 'public';
  readonly account: string;
  readonly officer?: string;
  readonly body?: string;
  readonly roles: readonly string[];
}

/** Whether a record is another body's than the person's. One that is of no body is open to all of them, as is all to a person of none. */
export function isOfOtherBody(owner: string | undefined, { kind, body }: Actor): boolean {
  return kind === 'person' && Boolean(body) && owner !== undefined && owner !== body;
}

/** Where a historical act came from (条目来源): a row of a file. */
export interface Source {
  readonly name: string;
  readonly fileSha256: string;
  readonly row: number;
}

/** What every event carries besides its own fields. The distance from `occurredAt` to `recordedAt` is itself shown. */
export interface EventMetadata {
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly actor: Actor;
  readonly command: string;
  /** The same for every event of one command; a repeated command is recognised by it. */
  readonly commandId: string;
  /** Digest of the command's content, so that one key cannot stand for two different commands. */
  readonly commandDigest: string;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly source?: Source;
}

/** An event on its way into the ledger. */
export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: EventMetadata;
}

/** An event of the ledger. `position` is global, gapless, from 1; `revision` is the stream's own, gapless, from 0. */
export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
}

/** The event's data in the current schema version. Unknown names are returned as they are. */
export function upcast(recorded: RecordedEvent): RecordedEvent {
  const definition = byName.get(recorded.type);
  if (!definition || recorded.schemaVersion >= definition.version) return recorded;
  let data = recorded.data as Record<string, unknown>;
  for (let v = recorded.schemaVersion; v < definition.version; v++) data = definition.upcasts[v](data);
  return { ...recorded, data, schemaVersion: definition.version };
}

/** Whether a recorded event is of a class; narrows its data. */
export function is<T extends object>(
  recorded: RecordedEvent,
  type: EventClass<T>,
): recorded is RecordedEvent & { readonly data: Readonly<T> } {
  return recorded.type === type.name;
}
