import { definitionNamed, type RecordedEvent } from '../kernel/event';

/** How much of an event somebody may see; each holds what stands before it. */
export type Sight = 'open' | 'internal' | 'personal';

/** Members of the envelope that say what was recorded and when, not by whom. */
const OPEN_ENVELOPE: ReadonlySet<string> = new Set([
  'id',
  'type',
  'schemaVersion',
  'stream',
  'revision',
  'position',
  'metadata.occurredAt',
  'metadata.recordedAt',
]);

const SIGHTS: Readonly<Record<string, readonly Sight[]>> = {
  open: ['open', 'internal', 'personal'],
  internal: ['internal', 'personal'],
  personal: ['personal'],
};

/** Whether a field of an event, by its path, may be disclosed to whoever sees that much of it. A field without a mark never is. */
export function showsPath(event: Pick<RecordedEvent, 'type'>, sight: Sight): (path: string) => boolean {
  const marks = new Map(definitionNamed(event.type)?.fields.map(({ name, mark }) => [`data.${name}`, mark.kind]));
  return (path) => {
    if (!path.startsWith('data.')) return sight !== 'open' || OPEN_ENVELOPE.has(path);
    const mark = marks.get(path);
    return mark !== undefined && SIGHTS[mark].includes(sight);
  };
}
