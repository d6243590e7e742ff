import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { appraisalsResource, officerFilesResource } from '../appraisal/appraisal.controller';
import { CONFIG, type ApiConfig } from '../api/api-config';
import type { Resource } from '../api/resource.controller';
import { GetRow } from '../api/row-queries';
import { noticesResource } from '../disclosure/notices.controller';
import { drawItemsResource, drawsResource } from '../draws/draws.controller';
import { casesResource } from '../enforcement/cases.controller';
import { Failure } from '../kernel/errors';
import type { Actor, RecordedEvent } from '../kernel/event';
import { ReadModel } from '../ledger/projecting/read-model';
import { complaintsResource, mattersResource, mayKnowComplainant } from '../oversight/oversight.controller';
import { erasuresResource } from '../privacy/erasures.controller';
import { benchmarksResource, bodiesResource, powersResource } from '../registry/registry.controller';
import type { Sight } from './event-sight';

/** Who may see a stream's events: whoever the API shows the record itself, and no more of them than it shows there. */
interface Readership {
  /** Of the streams whose names begin so. */
  readonly category: string;
  readonly record: Resource;
  readonly sees: Sight | ((row: never, actor: Actor) => Sight);
}

/** One row a category; of any other stream the API shows no record, so nobody sees its events. */
const readerships: readonly Readership[] = [
  // A case's readers have its events with all they hold (`GET /api/cases/:id/events`).
  { category: 'case', record: casesResource, sees: 'personal' },
  { category: 'historical', record: casesResource, sees: 'personal' },
  { category: 'notice', record: noticesResource, sees: 'internal' },
  {
    category: 'complaint',
    record: complaintsResource,
    sees: (row, actor) => (mayKnowComplainant(row, actor) ? 'personal' : 'internal'),
  },
  { category: 'matter', record: mattersResource, sees: 'internal' },
  { category: 'appraisal', record: appraisalsResource, sees: 'internal' },
  { category: 'officer', record: officerFilesResource, sees: 'internal' },
  {
    category: 'body',
    record: bodiesResource,
    sees: ({ id }: { id: string }, { body }) => (body === undefined || body === id ? 'internal' : 'open'),
  },
  { category: 'power', record: powersResource, sees: 'open' },
  { category: 'benchmark', record: benchmarksResource, sees: 'open' },
  { category: 'drawitem', record: drawItemsResource, sees: 'open' },
  { category: 'draw', record: drawsResource, sees: 'open' },
  { category: 'subject', record: erasuresResource, sees: 'internal' },
];
const byCategory = new Map(readerships.map((readership) => [readership.category, readership]));

/** What a reader sees of an event, and of which record it is. */
export interface SeenEvent {
  readonly sight: Sight;
  /** As the record of who read what names it; undefined where the API keeps no such record. */
  readonly reading?: { readonly collection: string; readonly id: string };
}

/** Asks for one of the staff whether an event's record is theirs to read. */
@Injectable()
export class EventReaders {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModel: ReadModel,
    @Inject(CONFIG) private readonly config: Pick<ApiConfig, 'readYourWritesTimeoutMs'>,
  ) {}

  /**
   * @throws Failure `record.not_found`, also for what this person may not see: that it exists is not said either;
   *   `read_model.behind` while the rows do not know the event yet
   */
  async seen({ stream, position }: RecordedEvent, actor: Actor): Promise<SeenEvent> {
    const readership = byCategory.get(stream.slice(0, stream.indexOf('-')));
    if (!readership) throw notFound();
    const { record, sees } = readership;
    if (record.readers !== 'public' && !record.readers.some((role) => actor.roles.includes(role))) throw notFound();
    await this.readModel.waitFor(record.projection, position, this.config.readYourWritesTimeoutMs);
    const id = keyOf(stream);
    const row = await this.queries.execute<GetRow, object>(new GetRow(record, id, actor));
    const sight = typeof sees === 'string' ? sees : sees(row as never, actor);
    return { sight, ...(record.listed && { reading: { collection: record.path, id } }) };
  }
}

export const notFound = (): Failure =>
  new Failure('not_found', 'record.not_found', { zh: '没有这条记录。', en: 'There is no such record.' });

/** The key of a stream's row: its id, but of an act from before the ledger the whole name. */
const keyOf = (stream: string): string =>
  stream.startsWith('historical-') ? stream : stream.slice(stream.indexOf('-') + 1);
