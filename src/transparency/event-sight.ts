import { definitionNamed, type RecordedEvent } from '../kernel/event';

/** How much of an event somebody may see; each holds what stands before it. */
export type Sight = 'open' | 'internal' | 'personal';

const OPEN: readonly Sight[] = ['open', 'internal', 'personal'];
const INTERNAL: readonly Sight[] = ['internal', 'personal'];
const PERSONAL: readonly Sight[] = ['personal'];

/**
 * Who sees which member of the envelope: to everybody what was recorded and when; to whoever works with the record by which act
 * and from which file; who acted, and what belongs together, to the readers of the record itself. Nobody sees `commandId` and
 * `commandDigest`, which serve repetition alone: from a digest a guess at the whole command could be tested.
 */
const ENVELOPE: Readonly<Record<string, readonly Sight[]>> = {
  id: OPEN,
  type: OPEN,
  schemaVersion: OPEN,
  stream: OPEN,
  revision: OPEN,
  position: OPEN,
  'metadata.occurredAt': OPEN,
  'metadata.recordedAt': OPEN,
  'metadata.command': INTERNAL,
  'metadata.source': INTERNAL,
  'metadata.actor': PERSONAL,
  'metadata.correlationId': PERSONAL,
  'metadata.causationId': PERSONAL,
};

const SIGHTS: Readonly<Record<string, readonly Sight[]>> = { open: OPEN, internal: INTERNAL, personal: PERSONAL };

/** Whether a field of an event, by its path, may be disclosed to whoever sees that much of it. A field without a mark never is. */
export function showsPath(event: Pick<RecordedEvent, 'type'>, sight: Sight): (path: string) => boolean {
  const marks = new Map(definitionNamed(event.type)?.fields.map(({ name, mark }) => [`data.${name}`, mark.kind]));
  return (path) => {
    if (!path.startsWith('data.')) return Object.hasOwn(ENVELOPE, path) && ENVELOPE[path].includes(sight);
    const mark = marks.get(path);
    return mark !== undefined && SIGHTS[mark].includes(sight);
  };
}
