import type { JSONEventData, RecordedEvent as ServerEvent, Position } from '@eventstore/db-client';
import type { EventMetadata, NewEvent, RecordedEvent } from '../../kernel/event';
import { LedgerCorrupt } from '../event-store';

/** Where an event stands in `$all`. Both numbers: several events may share a commit. */
export type Place = Position;

/** Whether a place in `$all` comes after another; everything comes after none. */
export const isAfter = (place: Place, other: Place | undefined): boolean =>
  !other || place.commit > other.commit || (place.commit === other.commit && place.prepare > other.prepare);

/** Characters of a prefix: none that the server gives a meaning. */
export const PREFIX = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;

/** The stream that holds the order; no stream of the ledger may begin with `$`. */
export const orderStream = (prefix: string): string => `${prefix}$order`;

/** The stream that says which ledger this is. */
export const identityStream = (prefix: string): string => `${prefix}$identity`;

/** Whether it is counted: it stands in a stream of the ledger, and is neither the system's nor of the two beside the events. */
export const isOfLedger = ({ streamId, type }: ServerEvent, prefix: string): boolean =>
  streamId.startsWith(prefix) &&
  !type.startsWith('$') &&
  streamId !== orderStream(prefix) &&
  streamId !== identityStream(prefix);

/** An event as the server has it: everything but its position in the ledger. */
export type StoredEvent = Omit<RecordedEvent, 'position'> & {
  /** The last position that the appending node knew of: the event's own is greater. */
  readonly after: number;
};

/** How an event is sent. @param after the last position known here */
export function toServer({ id, type, schemaVersion, data, metadata }: NewEvent, after: number): JSONEventData {
  return {
    id,
    type,
    contentType: 'application/json',
    data: data as Record<string, unknown>,
    metadata: { ...metadata, $schemaVersion: schemaVersion, $after: after },
  };
}

/** @throws LedgerCorrupt when it is not of the form that `toServer` gives */
export function fromServer(event: ServerEvent, prefix: string): StoredEvent {
  const { $schemaVersion, $after, ...metadata } = (event.metadata ?? {}) as Record<string, unknown>;
  const { id, type, streamId, data } = event;
  if (!event.isJson || !isObject(data) || !isCount($schemaVersion) || !isCount($after)) {
    throw new LedgerCorrupt(0, `${streamId}@${event.revision} is not an event of the ledger`);
  }
  return {
    id,
    stream: streamId.slice(prefix.length),
    type,
    schemaVersion: $schemaVersion,
    data,
    metadata: metadata as unknown as EventMetadata,
    revision: Number(event.revision),
    after: $after,
  };
}

/** The event of the port. */
export function at(position: number, { after: _, ...event }: StoredEvent): RecordedEvent {
  return { ...event, position };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
